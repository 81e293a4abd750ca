"""What do customers read and hear in German? The same sentences as in `english`, by the same names.

No sentence may promise what nobody has decided, nor tell a caller to call again later.
"""

TOLD = {
    "somebody": "Jemand",
    "received": "{hotline}: Ihre Meldung {ref} ist da. Wir rufen gerade die Bereitschaft.",
    "received_by": "{hotline}: Ihre Meldung {ref} ist da. Wir rufen die Bereitschaft; Sie hören bis {time} von uns.",
    "unreached": "{hotline}: Ihre Meldung {ref} ist da. Wir haben die Bereitschaft noch nicht erreicht, "
    "versuchen es aber weiter.",
    "held": "{hotline}: Ihre Meldung {ref} ist da. Wir haben geschlossen und sehen sie bei Öffnung.",
    "held_by": "{hotline}: Ihre Meldung {ref} ist da. Wir haben geschlossen; Sie hören bis {time} von uns.",
    "with_team": "{hotline}: Ihre Meldung {ref} ist da. Das Team kümmert sich darum.",
    "with_team_by": "{hotline}: Ihre Meldung {ref} ist da. Sie hören bis {time} von uns.",
    "joined_resolved": "{hotline}: Wir haben das zu {ref} genommen. Wenn es nicht behoben ist, rufen Sie bitte an.",
    "joined": "{hotline}: Wir haben das zu Ihrer Meldung {ref} genommen.",
    "acknowledged": "{who} hat Ihre Meldung {ref} und kümmert sich darum.",
    "acknowledged_by": "{who} hat Ihre Meldung {ref} und ruft Sie bis {time} an.",
    "still_trying": "{hotline}: Wir haben für {ref} noch niemanden erreicht. Wir versuchen es weiter und melden uns.",
    "missed": "{hotline}: Es tut uns leid, die Zeit für {ref} haben wir nicht gehalten. Sie ist nicht vergessen.",
    "missed_by": "{hotline}: Es tut uns leid, die Zeit für {ref} haben wir nicht gehalten. Neue Zeit: {time}.",
    "resolved": "{who} sagt, dass {ref} behoben ist. Wenn nicht, rufen Sie bitte wieder an.",
    "resolved_words": "{ref} ist behoben, sagt {who}: {words} Wenn nicht, rufen Sie bitte wieder an.",
}

SPOKEN = {
    "paging": "{hotline}. Wir haben jetzt geschlossen und rufen gerade die Bereitschaft.",
    "will_page": "{hotline}. Wir haben jetzt geschlossen und rufen die Bereitschaft, sobald wir wissen, "
    "was passiert ist.",
    "unreached": "{hotline}. Wir haben jetzt geschlossen. Wir haben die Bereitschaft noch nicht erreicht "
    "und versuchen es weiter.",
    "closed": "{hotline}. Wir haben jetzt geschlossen.",
    "open": "{hotline}.",
    "existing": "{hotline}. Wir kennen Ihre Meldung {ref}.",
    "existing_unnumbered": "{hotline}. Wir kennen Ihre Meldung.",
    "connecting": "{hotline}. Einen Moment, wir verbinden Sie.",
    "unanswered": "Es tut uns leid, gerade konnte niemand Ihren Anruf annehmen.",
    "ask_number": "Wir sehen Ihre Nummer nicht. Bitte geben Sie eine Nummer ein, unter der wir Sie zurückrufen "
    "können, und drücken Sie die Raute-Taste.",
    "ask_message": "Ihre Nachricht wird aufgezeichnet. Bitte sagen Sie nach dem Ton, was passiert ist. "
    "Drücken Sie die Raute-Taste, wenn Sie fertig sind.",
    "ask_name_and_message": "Ihre Nachricht wird aufgezeichnet. Bitte sagen Sie nach dem Ton Ihren Namen, "
    "eine Nummer für den Rückruf, und was passiert ist. Drücken Sie die Raute-Taste, wenn Sie fertig sind.",
    "nothing_heard": "Wir haben keine Nachricht gehört.",
    "thanks": "Vielen Dank.",
    "number": "Ihre Meldung hat die Nummer {ref}.",
    "goodbye": "Auf Wiederhören.",
    "now_paging": "Wir rufen die Bereitschaft.",
    "now_unreached": "Wir haben die Bereitschaft noch nicht erreicht und versuchen es weiter.",
    "now_taken": "{who} hat Ihre Meldung.",
    "now_taken_since": "{who} hat Ihre Meldung seit {time}.",
    "now_held": "Wir hören Ihre Nachricht, sobald wir wieder öffnen.",
    "now_held_until": "Wir hören Ihre Nachricht, sobald wir wieder öffnen: {time}.",
    "now_with_team": "Unser Team kümmert sich darum.",
    "promised": "Sie hören von uns bis {time}.",
}
