"""Emulated Twilio, telephones and Slack, outside the product: it talks to them over HTTP exactly as to the vendors.

Must import nothing of oncallbot outside this package, and no vendor's library.

Start: `python -m oncallbot.emulators [--port 0] [--time-scale 1] [--speech-rate 0.02] …`, which prints
`Listening on http://127.0.0.1:PORT/`; or in a test `with server.running(Settings(...)) as emulator: emulator.url`.
`--time-scale` is real seconds per simulated second: it scales whatever the telephone network waits for (ringing,
Gather, Record, Pause, Dial, behaviours' `after`), never the 15 s in which webhooks must be answered.

Vendors: Twilio's REST interface below `/2010-04-01`, Slack's Web API below `/api/` (`SLACK_API_URL=URL/api/`) and its
response URLs below `/hooks/`; Sign in with Slack (`ONCALLBOT_OIDC_ISSUER=URL`) on a page where one chooses who one is.
Control: JSON below `/sim` (OpenAPI: `/sim/docs`).

Numbers and the account
  PUT    /sim/numbers/{e164}       own it: voice_url voice_method voice_fallback_url sms_url sms_method
                                   sms_fallback_url status_callback … capabilities {voice, sms, mms};
                                   voice_application_sid sms_application_sid trunk_sid: then the URLs count for nothing
  GET    /sim/numbers              DELETE /sim/numbers/{e164}
  GET    /sim/account              PUT: auth_token secondary_token calls_per_second concurrent_calls
                                   no_calls_to no_texts_to (lists of prefixes) transcription_after
                                   status (active, suspended, closed) type (Full, Trial) clock_skew (of `Date`, seconds)

Telephones: every number is one; the default is `manual`
  PUT    /sim/handsets/{e164}      behaviour: manual answer decline busy ring_out mailbox screen unreachable landline
                                   after (seconds until it answers or declines), hang_up_after,
                                   keys ["4", {"after": 2, "digits": "4"}], one a Gather; repeat: anew in each call
                                   speech ["…", {"text", "seconds", "after", "transcription"}], one a Record or Gather
                                   texts: delivered undelivered failed carrier_silent scheduled; error_code, text_after
                                   auto_reply ["4"], one a text; reply_after; landline; unroutable
  GET    /sim/handsets/{e164}      {number, behaviour, call: null or {sid, direction (incoming, outgoing),
                                   state (dialling, ringing, in-call, ended), other, heard, pressed, said,
                                   talk ([{kind, text}]: all three in order), waiting_for (gather, record, dial, none),
                                   prompts, bridged, bridged_to, ended, …},
                                   calls: the ended ones,
                                   texts: [{direction (in, out), from, to, body, sid, media, at}]}
  POST   …/call {to, from?}        {call_sid}; `from` "anonymous", "+266696687" or "" withholds the number
  POST   …/answer …/decline …/hang_up
  POST   …/press {digits}  …/speak {text, seconds?, transcription?}      with `listened_to`
  POST   …/text {to, body, media?} {message_sid}
  `speak` without text and seconds is a breath: a recording does not end in silence yet

The demo page: `GET /`, its files below `/page/`; it shows what `/sim` shows
  PUT    /sim/stage                {cast: {hotline, customer, responders: [..], channel}, carries_out: [kill …]}
  GET    /sim/stage                {cast, night, story, product, carries_out, event}
  PUT    /sim/story                what the strip says: {words, seconds, of, steps, detail}
  PUT    /sim/product              {state: running killed ended starting, seconds?, words?}
  POST   /sim/kill, /sim/another_night   orders from the page, 409 where nobody carries them out

Slack: `--slack-request-url --slack-token --slack-signing-secret --slack-team-id --slack-bot-id --slack-bot-user-id
       --slack-client-id --slack-client-secret`,
and `--slack-data DIR` for a second opinion by Slack's own files (violations `schema`, never a refusal)
  GET    /sim/slack                how much there is, events_waiting; PUT {settings, users: {id: …}, channels,
                                   usergroups}: all of the following at once
  PUT    /sim/slack/settings       request_url (blank: nothing is sent) signing_secret token scopes [..] team_id bot_id
                                   bot_user_id events (None: all) is_paid may_edit_groups is_inactive trigger_seconds
                                   response_seconds response_url_seconds clock_skew (of `Date`, seconds)
                                   rate_limits {on, burst, posts_a_second, a_minute {tier or method: n}}
  PUT    /sim/slack/users/{id}     name real_name email tz team_id (another: a stranger) is_restricted is_bot deleted …
  PUT    /sim/slack/channels/{id}  name is_private members topic is_ext_shared is_archived; bot: false keeps the app out
  PUT    /sim/slack/usergroups/{id}  name handle users channels is_disabled
  GET    …/users …/channels …/usergroups …/settings …/rates …/deliveries[?kind=&event_id=] …/calls[?method=]
  GET    /sim/slack/channels/{id}/messages   oldest first: newest version with words, buttons, thread, versions
  GET    /sim/slack/users/{id}     {user, ephemerals, modal (on top), modals, direct, home}
  POST   /sim/slack/users/{id}/VERB: 409 where Slack's client would not let that user do it
         post {channel, text, thread_ts?, bot_id?}  edit {channel, ts, text}  delete  react  join  leave {channel}
                                   {ts, event_id}; channel "dm" is the conversation with the app; `text` as Slack
                                   stores it (`<@U…>`, `&amp;`), or `typed` as people type it
         command {text: "/oncall who", channel?}  click {channel, ts, text | action_id, value?}: in a message or an
                                   ephemeral; without ts in the open modal, with `home: true` in the home tab
         shortcut {callback_id, channel, ts}: without ts a global one;  open_home
         submit {values: {action_id or block_id: value}}  suggest {action_id, value}  close {clear?}
                                   these wait for the product's answer: {status, shown, …}; not with `wait: false`
  POST   /sim/slack/replay {kind?, user?, event_id?}   the last such request again, to the letter: body and signature
  POST   /sim/slack/verify_url     the challenge of a new request URL

Waiting, instead of sleeping: 200 {met: true, found} or 408 {met: false, there_is}
  GET    /sim/wait?for=KIND&timeout=10&…
         handset  number; state (idle, dialling, ringing, in-call), waiting_for, bridged, heard (a part), calls, prompts
         text     number; contains, direction, from, to, sid, after, count
         call, message, recording, transcription   fields of the REST resource; contains (message), count
         webhook  purpose (voice action screening fallback sms status recording transcription), resource,
                  subject, status, url_contains, try, any parameter; count
         request  method, path, path_contains, status (blank while held), any parameter; count
         fault    id or kind; fired, holding (at least)      violation  code, kind, count
         order    the first one after the id `after`
         quiet    no call lives, no text travels, no webhook is under way (an event may wait for its next try)
         slack_message    channel or direct (a user), ts, thread_ts, user, bot_id, version (at least), after (a ts)
         slack_ephemeral  user, channel, via (postEphemeral, response_url, command, error), after
         slack_modal      user, callback_id, version, open=false      slack_home  user
                          all four: contains, lacks, button, no_button, buttons (how many), count
         slack_delivery   purpose (event command block_actions message_action shortcut view_submission view_closed
                          block_suggestion url_verification), status, error, done, retry (0–3), any parameter; count
         slack_channel    channel, topic, topic_contains       slack_usergroup  id, users, updates

Faults: POST /sim/faults {kind, count = 1, match?, seconds?, status?, code?}; GET (with `fired`, `holding`); DELETE;
         POST /sim/faults/{id}/release; DELETE /sim/faults/{id}. The oldest that matches fires.
  requests  http_429 http_500 hold_before_accept hold_after_accept accept_and_timeout (seconds = 30)
            down (until deleted; status 0 breaks the connection instead of answering 503)
  webhooks  duplicate_callback delay_callback (seconds = 1) hold_callback (until released) reorder_callbacks (after the
            next one about that call or message, at the latest after seconds = 1) drop_callback: status callbacks,
            unless match.purpose says others;
            bad_signature: any webhook. With match.vendor=slack: events, unless match.purpose says others
  match     vendor (twilio, slack), path (a part), to, resource (Calls, Messages …), purpose, any parameter's value,
            method (at Slack the Web API's, such as chat.update)
  at Slack  http_429 takes `seconds` for Retry-After, http_500 an `error` to answer with instead, at 200

What happened: GET /sim/requests, /sim/webhooks, /sim/violations[?kind=conduct] (or unreachable; rate: too fast for
Slack), /sim/state, /sim/events (server-sent); DELETE /sim/violations; POST /sim/reset.
"""

from oncallbot.emulators.settings import Settings

__all__ = ["Settings"]
