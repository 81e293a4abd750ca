"""Which error does Twilio answer with, and in which words?

Must not decide when: `rest_*` and `parameters` refuse, this module only names.
Codes and sentences: https://www.twilio.com/docs/api/errors (checked November 2026).
"""

WORDS: dict[int, tuple[int, str]] = {
    20001: (400, "Unknown parameters: {0}"),
    20003: (401, "Authenticate"),
    20004: (405, "Method not allowed"),
    20006: (403, "Access Denied"),
    20007: (400, "Page size too large or not a number: {0}"),
    20009: (409, "{0} is still in progress and cannot be changed"),
    20404: (404, "The requested resource {0} was not found"),
    20429: (429, "Too Many Requests"),
    20500: (500, "Internal Server Error"),
    20503: (503, "Service Unavailable"),
    21201: (400, "No 'To' number is specified"),
    21205: (400, "Url is not a valid URL: {0}"),
    21206: (400, "Invalid SendDigits: {0}"),
    21208: (400, "Timeout must be a number between 1 and 600: {0}"),
    21209: (400, "{0} must be GET or POST"),
    21210: (400, "Source phone number provided, {0}, is not yet verified for your account"),
    21211: (400, "The 'To' number {0} is not a valid phone number"),
    21212: (400, "The 'From' number {0} is not a valid phone number, shortcode, or alphanumeric sender ID"),
    21213: (400, "No 'From' number is specified"),
    21214: (400, "'To' phone number cannot be reached: {0}"),
    21215: (400, "Account not authorized to call {0}. Perhaps you need to enable some international permissions"),
    21217: (400, "Phone number does not appear to be valid: {0}"),
    21218: (400, "Invalid ApplicationSid: {0}"),
    21220: (400, "Call is not in-progress. Cannot redirect or end it. Call status: {0}"),
    21266: (400, "'To' and 'From' number cannot be the same: {0}"),
    21402: (400, "{0} is not a valid URL"),
    21403: (400, "{0} must be GET or POST"),
    21408: (403, "Permission to send an SMS has not been enabled for the region indicated by the 'To' number: {0}"),
    21602: (400, "Message body is required."),
    21603: (400, "A 'From' phone number is required."),
    21604: (400, "A 'To' phone number is required."),
    21606: (400, "The 'From' phone number {0} is not a valid, SMS-capable inbound phone number for your account"),
    21609: (400, "Invalid 'StatusCallback' URL: {0}"),
    21610: (400, "Attempt to send to unsubscribed recipient"),
    21614: (400, "'To' number is not a valid mobile number: {0}"),
    21617: (400, "The concatenated message body exceeds the 1600 character limit"),
    21620: (400, "Invalid media URL(s): {0}"),
    21623: (400, "Number of media files exceeds allowed limit"),
    21624: (400, "Invalid ValidityPeriod: {0}; it must be between 1 and 36000"),
    21626: (400, "Invalid Status Callback Event(s): {0}"),
    21703: (400, "The Messaging Service {0} does not contain a phone number"),
    30409: (409, "Message is not in a cancelable state: {0}"),
}

# What a faultless program meets too (races, the other side's wishes, faults): not violations.
BUSINESS = frozenset({20003, 20009, 20404, 20429, 20500, 20503, 21214, 21215, 21217, 21220, 21408, 21610, 21614, 30409})

CALLBACK_ERRORS: dict[int, str] = {
    30001: "Queue overflow",
    30003: "Unreachable destination handset",
    30004: "Message blocked",
    30005: "Unknown destination handset",
    30006: "Landline or unreachable carrier",
    30007: "Message filtered",
    30008: "Unknown error",
    30036: "Validity Period Expired",
    21610: "Attempt to send to unsubscribed recipient",
    21614: "'To' number is not a valid mobile number",
    21617: "The concatenated message body exceeds the 1600 character limit",
}


class Refused(Exception):
    """A request that Twilio answers with its error envelope."""

    def __init__(self, code: int, about: str = "") -> None:
        super().__init__(code, about)
        self.code, self.about = code, about

    @property
    def status(self) -> int:
        return WORDS[self.code][0]

    @property
    def is_violation(self) -> bool:
        return self.code not in BUSINESS

    def envelope(self) -> dict[str, object]:
        return envelope(self.code, WORDS[self.code][1].format(self.about), self.status)


def envelope(code: int, message: str, status: int) -> dict[str, object]:
    return {
        "code": code,
        "message": message,
        "more_info": f"https://www.twilio.com/docs/errors/{code}",
        "status": status,
    }
