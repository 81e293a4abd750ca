"""What do customers read and hear in English? Sentences by name, with gaps; `customers` fills them.

No sentence may promise what nobody has decided, nor tell a caller to call again later.
"""

# Texts: at most 160 septets each once filled; a name that ends in _by also has a time.
TOLD = {
    "somebody": "Somebody",
    "received": "{hotline}: we have your report {ref} and are paging the person on call.",
    "received_by": "{hotline}: we have your report {ref} and are paging the person on call. "
    "You hear from us by {time}.",
    "unreached": "{hotline}: we have your report {ref}. We could not reach the person on call yet and keep trying.",
    "held": "{hotline}: we have your report {ref}. We are closed now; it will be seen when we open.",
    "held_by": "{hotline}: we have your report {ref}. We are closed now. You hear from us by {time}.",
    "with_team": "{hotline}: we have your report {ref}. The team will see to it.",
    "with_team_by": "{hotline}: we have your report {ref}. You hear from us by {time}.",
    "joined_resolved": "{hotline}: we have added this to your issue {ref}. If it is not fixed, please call us.",
    "joined": "{hotline}: we have added this to your issue {ref}.",
    "acknowledged": "{who} has your issue {ref} and is looking into it.",
    "acknowledged_by": "{who} has your issue {ref} and will call you by {time}.",
    "still_trying": "{hotline}: we have not reached anybody for {ref} yet. We keep trying and will tell you.",
    "missed": "{hotline}: we are sorry, we did not keep our time for {ref}. It is not forgotten.",
    "missed_by": "{hotline}: we are sorry, we did not keep our time for {ref}. Our new time is {time}.",
    "resolved": "{who} says that {ref} is fixed. If it is not, call us again.",
    "resolved_words": "{ref} is fixed, says {who}: {words} If it is not, call us again.",
}

# Spoken by the hotline.
SPOKEN = {
    "paging": "{hotline}. We are closed now, and we are paging the person on call.",
    "will_page": "{hotline}. We are closed now, and we will page the person on call as soon as we know what happened.",
    "unreached": "{hotline}. We are closed now. We could not reach the person on call yet, and we keep trying.",
    "closed": "{hotline}. We are closed now.",
    "open": "{hotline}.",
    "existing": "{hotline}. We know your issue {ref}.",
    "existing_unnumbered": "{hotline}. We know your issue.",
    "connecting": "{hotline}. One moment, we are connecting you.",
    "unanswered": "We are sorry, nobody could take your call.",
    "ask_number": "We cannot see your number. Please key in a number where we can call you back, "
    "then press the hash key.",
    "ask_message": "Your message will be recorded. Please tell us after the tone what happened. "
    "Press the hash key when you are done.",
    "ask_name_and_message": "Your message will be recorded. Please tell us after the tone your name, "
    "a number to call you back, and what happened. Press the hash key when you are done.",
    "nothing_heard": "We did not hear a message.",
    "thanks": "Thank you.",
    "number": "Your issue has the number {ref}.",
    "goodbye": "Goodbye.",
    "now_paging": "We are paging the person on call.",
    "now_unreached": "We could not reach the person on call yet, and we keep trying.",
    "now_taken": "{who} has your issue.",
    "now_taken_since": "{who} has had your issue since {time}.",
    "now_held": "Your message will be heard when we open again.",
    "now_held_until": "Your message will be heard when we open again, {time}.",
    "now_with_team": "Our team will see to it.",
    "promised": "You will hear from us by {time}.",
}
