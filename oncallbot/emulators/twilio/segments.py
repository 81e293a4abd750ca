"""Into how many segments does a text fall, and in which alphabet?

Must not shorten or replace anything: one curly quote does turn the whole text into UCS-2.
"""

GSM_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
GSM_EXTENDED = frozenset("\f^{}\\[~]|€")


def is_gsm(text: str) -> bool:
    return all(char in GSM_BASIC or char in GSM_EXTENDED for char in text)


def segments(text: str) -> int:
    """160/153 in GSM-7 (extended characters count twice and are never split), 70/67 UTF-16 units in UCS-2."""
    if is_gsm(text):
        sizes, single, part = [2 if char in GSM_EXTENDED else 1 for char in text], 160, 153
    else:
        sizes, single, part = [len(char.encode("utf-16-be")) // 2 for char in text], 70, 67
    if sum(sizes) <= single:
        return 1
    count, room = 1, part
    for size in sizes:
        if size > room:
            count, room = count + 1, part
        room -= size
    return count
