### The English sentences. Ids and arguments are the same as in ja.ftl (a test sees to it).
### So is the order of the sections. Times and amounts come in already written out.

## Words

yes = yes
no = no

severity-1 = S1 critical
severity-2 = S2 major
severity-3 = S3 minor
severity-4 = S4 question

## Dates and times

weekday-monday = Mon
weekday-tuesday = Tue
weekday-wednesday = Wed
weekday-thursday = Thu
weekday-friday = Fri
weekday-saturday = Sat
weekday-sunday = Sun

# The year is left out when it is this year.
date-this-year = { $weekday } { $day } { $month }
date-other-year = { $weekday } { $day } { $month } { $year }

## Amounts of time (rounded down to minutes)

amount-under-a-minute = less than a minute
amount-minutes = { $minutes } min
amount-hours = { $hours } h
amount-hours-minutes = { $hours } h { $minutes } min
amount-late = { $amount } late
amount-late-under-a-minute = less than a minute late
amount-left = { $amount } left

## Names and lists

name-polite = { $name }
list-comma = { $first }, { $next }
list-and = { $first } and { $next }

## Answers that go back to a source

answer-cause = Cause: { $cause }
answer-workaround = Workaround: { $workaround }
answer-no-workaround = No workaround: { $reason }

## Words of the desk

text-erased = (erased)
this-inquiry = this inquiry
actor-requester = the requester
actor-system = toban
clock-first-response = First response
clock-next-response = Next response
clock-claim = Claim
clock-resolution = Resolution
clock-needed-by = Needed by
clock-urgent = Urgent alarm
waiting-requester = the requester
waiting-vendor = the vendor
waiting-development = development
close-agreed = agreed
close-silence = nobody wrote any more
close-duplicate = duplicate
close-refused = refused
close-spam = spam
close-out-of-scope = out of scope
close-at-source = closed at the source
kind-investigation = Investigation
kind-specification = Specification

## Cards

tone-urgent = URGENT
tone-late = Late
tone-at-risk = At risk
tone-waiting = Waiting
tone-unclaimed = Unclaimed
tone-calm = In progress
tone-done = Done
field-severity = Severity
field-owner = Owner
field-stage = Stage
field-customer = Customer
field-requester = Requester
field-product = Product
field-plan = Plan
field-kind = Kind
field-region = Region
field-duty = On duty
field-escalated-at = Escalated
field-received-at = Received
field-round-trips = Round trips
field-cause = Cause
field-workaround = Workaround
field-no-workaround = No workaround, because
field-answer = Answer
field-category = Category
owner-none = nobody yet
owner-nobody = nobody
owner-assigned = { $member } (assigned, not yet accepted)
owner-owned = { $member } (since { $since })
stage-unclaimed = Waiting for an owner
stage-assigned = Waiting for acceptance
stage-active = In progress
stage-waiting = Waiting for { $on }, chase on { $chase }
stage-resolved = Resolved by { $by }, { $at }
stage-closed = Closed ({ $reason }), { $at }
due-running = by { $at }
due-at-risk = by { $at } – at risk
due-late = was due { $at } – late
due-paused = stands still
due-met = done { $at }
due-met-late = done { $at }, late
flag-source-says = The source says { $severity }
flag-unknown = { $field }: “{ $given }” is not known (the default was taken)
button-claim = Claim
button-accept = Accept
button-release = Release
button-replied = I answered there
button-resolve = Resolve
button-resume = Resume
button-reopen = Reopen
button-just-thanks = Just thanks
button-close = Close
button-not-urgent = Not urgent
button-open = Open in the desk

## What the requester reads

requester-unclaimed = Finding an owner
requester-active = In progress
requester-waiting-for-you = Waiting for your answer
requester-waiting = Waiting for { $on }
requester-resolved = Answered
requester-closed = Closed ({ $reason })
requester-next-answer = Next answer
requester-late = was due { $at }; we are late and on it
requester-replied = { $by } replied: { $text }
requester-asked = { $by } asks: { $text }
requester-wrote = You wrote: { $text }

## Notices

notice-received = New inquiry
notice-claimed = { $member } has claimed it.
notice-accepted = { $member } has accepted it.
notice-assigned = { $by } has assigned it to { $member }. Please accept it.
notice-released = { $by } has released it. Nobody has it now.
notice-released-because = { $by } has released it: { $reason }
notice-taken-over = { $member } has taken it over: { $reason }
notice-noted = Note by { $by }: { $text }
notice-replied = { $by } has replied: { $text }
notice-asked = { $by } has asked the requester: { $text }
notice-replied-elsewhere = { $by } answered in the source, { $at }.
notice-reply-retracted = { $by } has taken the last answer back. Its clock runs again from its start.
notice-reply-failed = The answer did not reach the source ({ $why }). Its clock runs again from its start.
notice-reply-lost = The answer did not reach the source: { $why }. Please send it again or answer there.
notice-heard = { $by } heard from the requester: { $text }
notice-requester-replied = The requester writes: { $text }
notice-requester-after-end = The requester writes after the end: { $text }
notice-no-answer-needed = { $by } says that no answer is needed.
notice-waiting = { $by } waits for { $on }. To be chased on { $chase }.
notice-resumed = { $by } has resumed the work.
notice-severity = { $by } has set the severity from { $from } to { $to }.
notice-severity-because = { $by } has set the severity from { $from } to { $to }: { $reason }
notice-urgent = URGENT: nobody has claimed this yet. Who takes it?
notice-urgent-still = STILL URGENT: nobody has claimed this yet.
notice-urgent-owned = This has become URGENT.
notice-urgency-ended = It is not urgent any more.
notice-not-urgent = { $by } says that it is not urgent: { $reason }
notice-transferred = { $by } has moved it from { $from } to { $to }: { $reason }
notice-snoozed = { $by } wants no reminders until { $until }.
notice-muted = { $by } is not mentioned about this any more, except for what is urgent or when a response or the claim is late.
notice-muted-until = { $by } is not mentioned about this until { $until }, except for what is urgent or when a response or the claim is late.
notice-unmuted = { $by } is mentioned about this again.
notice-in-channel = { $title }: { $said }
notice-mailed = { $said }
    (Also by e-mail to { $to })
mail-subject = [{ $reference }] { $title }
mail-subject-many = Notices about inquiries
mail-letter = { $said }

    Title: { $title }
    Severity: { $severity }
    Owner: { $owner }
mail-foot = Sent by toban, the escalation desk. Answers to this mail are not read.
notice-held = There was a lot within the hour, so { $count ->
        [one] one mention was
       *[other] { $count } mentions were
    } held back:
    { $lines }
notice-resolved = { $by } has resolved it. Category: { $category }
notice-closed = Closed: { $reason }.
notice-closed-note = Closed: { $reason }. { $note }
notice-reopened = { $by } has reopened it.
notice-reopened-because = { $by } has reopened it: { $reason }
notice-at-risk = { $clock } is due { $due }.
notice-at-risk-left = { $clock } is due { $due } ({ $left } of working time left).
notice-breach = { $clock } was due { $due }. The promise is broken.
notice-still-late = { $clock } is still late: it was due { $due }.
notice-quiet = Nobody has touched this since { $since }. What is the next step?
notice-chase = Time to ask { $on } how it stands.
notice-updated = Changed at the source:
    { $lines }
notice-policy-changed = The policy has changed:
    { $lines }
notice-opening = Good morning. { $count ->
        [one] One inquiry came in
       *[other] { $count } inquiries came in
    } while we were closed:
    { $lines }
notice-override = { $by } has put { $member } on duty from { $from } until { $until }.
notice-rota-edited = Rota “{ $rota }” was edited: from { $from } on it holds as it is configured now, beginning with { $member }.
notice-rota-goes-on = Rota “{ $rota }” goes on as it is: a change that had not begun yet is taken back.
notice-rota-stands-in = { $member } has the duty of rota “{ $rota }” from now on: whoever had it is no longer a member.
notice-unreadable = A document of source { $source } could not be read: { $why }
    It begins: { $first }
    It is kept as { $id } and can be replayed.
notice-delivery-dead = { $reference } could not be delivered to { $platform } { $channel }: { $why }
    Once the cause is gone, send it again with toban outbox retry { $id }
notice-delivery-dead-general = A message could not be delivered to { $platform } { $channel }: { $why }
    Once the cause is gone, send it again with toban outbox retry { $id }
notice-audit = The auditor has found something wrong:
    { $lines }
notice-backlog = First contact with source { $source }: { $count } older items were taken in without reminders.
change-title = Title
change-body = Description
change-requester = Requester
change-customer = Customer
change-product = Product
change-plan = Plan
change-region = Region
change-language = Language
change-kind = Kind
change-stopped = the customer's business has stopped
change-running = the customer's business runs again
change-needed-by = needed by { $at }
change-needed-by-gone = no needed-by any more
change-severity = severity from { $from } to { $to }
change-severity-said = the source now says { $to } (before: { $from }); ours stays
moved-from-to = { $clock }: { $old } → { $new }
moved-to = { $clock }: now due { $new }
moved-away = { $clock }: nothing is promised any more
digest = { $count } reminders at once:
    { $lines }
digest-line = { $reference } { $title }: { $what }

## The board

board = Deadlines in { $queue }
board-line = { $standing } { $reference } { $severity } { $title } – { $owner } – { $clock } due { $due }
board-line-without-due = { $standing } { $reference } { $severity } { $title } – { $owner } – no deadline
board-clear = Nothing is close to its deadline or past it. All is well.
board-moved = This board is not kept up here any more.

## The daily post

daily-post = Duty of { $queue }
    { $lines }
daily-duty = On duty: { $member }, until { $until }
daily-held = { $member } keeps { $count ->
        [one] one open inquiry
       *[other] { $count } open inquiries
    } from the last duty.
daily-nothing-open = Nothing is open. A good day to you.
daily-open = Open: { $count }, in order of the time left
line-due = { $reference } { $severity } { $title } – { $owner } – { $clock } by { $due } ({ $left } of working time left)
line-late = { $reference } { $severity } { $title } – { $owner } – { $clock } was due { $due }: LATE
line-nothing-due = { $reference } { $severity } { $title } – { $owner } – nothing is due
held = Mentions held back in the last 24 hours: { $count }
    { $lines }
held-nothing = No mention was held back in the last 24 hours.
held-line = { $at } { $reference } { $title }: { $what }
line-more = … and { $count } more

## Answers to who asked

done = Done: { $reference }
done-claim = { $reference } is yours.
done-accept = You have accepted { $reference }.
done-release = You have released { $reference }.
done-assign = { $reference } is assigned; it waits for the acceptance.
done-take-over = You have taken over { $reference }.
done-note = Noted on { $reference }.
done-reply = Your reply to { $reference } is on its way.
done-resolve = { $reference } is resolved.
done-mute = You are not mentioned about { $reference } any more, except for what is urgent or when a response or the claim is late.
done-unmute = You are mentioned about { $reference } again.
done-close = { $reference } is closed.
done-reopen = { $reference } is open again.
done-before = That was done before: { $reference }
done-nothing = Nothing to do: { $reference } stands so already.
done-override = { $member } is on duty from { $from } until { $until }.
done-language = Your language is set.
list = Inquiries: { $count }
    { $lines }
list-nothing = There is nothing to show.
show = { $lines }
timeline-line = { $at } { $what }
timeline-received = Received from { $source }.
timeline-missed = { $clock } was missed at { $at }.
timeline-urgent = It became urgent.
timeline-policy = The policy changed; no deadline moved.
duty = { $lines }
duty-line = { $rota }: { $member } until { $until }, then { $next }
duty-rota = { $rota }
duty-shift = { $member }: { $from } – { $until }
help = Verbs, in English or Japanese:
    { $lines }
help-line = { $name } ({ $name_ja }) – { $what }

## Refusals

refused-stranger = I do not know you yet. Please ask the operator to add you as a member.
refused-role = Your account lacks the role that may do this. Please ask the operator.
refused-unavailable = The desk cannot answer just now. Nothing was changed; please try again in a minute.
refused-unknown = The database broke off, so it is not known whether this was done. Please look at the inquiry in a minute before you try again.
refused-which-inquiry = Which inquiry? Name it like Q-12.
refused-not-found = There is no inquiry { $reference }.
refused-missing-param = { $verb } ({ $verb_ja }) needs { $name } ({ $name_ja }).
refused-odd-param = { $verb } takes no “{ $given }”. It takes: { $known }
refused-odd-choice = “{ $given }” is not possible for { $name }. Possible are: { $known }
refused-too-long = { $name } is too long: { $limit } characters at most.
refused-nul = The text holds a NUL character. Please remove it.
refused-no-moment = “{ $given }” is no moment. Write it like 15:00, 11/24 15:00, 2026-11-24 or 30m.
refused-no-member = “{ $given }” is no member. Members: { $known }
refused-no-queue = “{ $given }” is no queue. Queues: { $known }
refused-no-rota = “{ $given }” is no rota. Rotas: { $known }
refused-empty-span = From { $from } until { $until } is no time that is still to come.
refused-already-owned = { $reference } belongs to { $member } since { $since }.
refused-already-yours = { $reference } is yours already, since { $since }.
refused-already-assigned = { $reference } is assigned to { $member } already, since { $since }.
refused-not-assigned = { $reference } is assigned to nobody. You can claim it.
refused-assigned-to-other = { $reference } is assigned to { $member }, who alone can accept it. You can claim it.
refused-unclaimed = Nobody has { $reference }.
refused-resolved = { $reference } was resolved by { $by }, { $at }. Reopen it first.
refused-closed = { $reference } was closed by { $by }, { $at }.
refused-not-ended = { $reference } is still open.
refused-reply-first = { $reference }: { $clock } is still owed. Reply or ask first, then wait.
refused-reply-first-due = { $reference }: { $clock } is owed by { $due }. Reply or ask first, then wait.
refused-no-way-back = Replies cannot go back to the source of { $reference }. Answer there, then say “replied”.
refused-no-way-back-url = Replies cannot go back to the source of { $reference }. Answer there, then say “replied”: { $url }
refused-nothing-to-retract = { $reference } has no answer that could be taken back.
refused-in-the-future = { $at } is still to come. When was it?
refused-not-in-the-future = { $at } has passed already.
refused-before-receipt = { $at } lies before the receipt of { $reference }, { $received }.
refused-nothing-to-answer = Nothing from the requester waits for an answer in { $reference }.
refused-not-waiting = { $reference } is not waiting.
refused-same-severity = { $reference } has severity { $severity } already.
refused-not-urgent = { $reference } is not urgent.
refused-same-queue = { $reference } is in { $queue } already.
refused-category-missing = { $reference } needs a category: { $known }
refused-category-unknown = “{ $given }” is no category. Possible are: { $known }
refused-cause-missing = An investigation ends with its cause. What was it in { $reference }?
refused-workaround-missing = An investigation ends with a workaround, or with the reason why there is none.
refused-workaround-twice = Give a workaround or the reason why there is none, not both.
refused-answer-missing = A specification inquiry ends with an answer. What is it for { $reference }?
refused-too-late = { $reference } was closed { $at }, more than { $days } days ago. Please file a new inquiry.
refused-members-only = Only a member can do that.
refused-resolve-first = { $reference } is still open: resolve it, or close it as duplicate, refused, spam or out of scope.

## Why a deadline is what it is

why = { $reference }
    { $lines }
why-nothing = { $reference }: no promise runs.
why-clock = [{ $clock }]
why-promise = { $amount } by policy { $policy } ({ $severity }, plan { $plan }), in calendar { $calendar }
why-needed-by = The requester needs it by then; wall clock, no calendar
why-started = started { $at }
why-counted = + { $amount }: { $from } – { $until }
why-night = not counted (closed): { $from } – { $until }
why-break = not counted (break): { $from } – { $until }
why-day-off = not counted (day off): { $from } – { $until }
why-closed = not counted (closed day): { $from } – { $until }
why-holiday = not counted (holiday { $name }): { $from } – { $until }
why-paused = not counted (the policy pauses while waiting): { $from } – { $until }
why-due = due { $at }
why-standing-still = stands still while waiting
why-missed = missed { $at }
why-no-promise = nothing is promised for this

## Verbs

verb-list = lists inquiries
verb-show = shows one inquiry
verb-why = explains its deadlines line by line
verb-claim = takes it
verb-accept = accepts what was assigned to you
verb-release = gives it back
verb-assign = gives it to a member, who has yet to accept
verb-take-over = takes it from its owner, with a reason
verb-note = adds a note that stays with us
verb-reply = replies to the requester
verb-ask = asks the requester something
verb-replied = says that you answered in the source
verb-retract-reply = takes the last “answered” back
verb-heard = records what the requester said by phone or chat
verb-no-answer-needed = says that the requester's message needs no answer
verb-wait = waits for the requester, the vendor or development
verb-resume = goes on after a wait
verb-severity = sets the severity
verb-not-urgent = stops the alarm, with a reason
verb-transfer = moves it to another queue
verb-snooze = silences your reminders for a while
verb-mute = leaves your mentions out of notices about an inquiry
verb-unmute = ends a mute
verb-resolve = resolves it with what its kind demands
verb-close = closes it
verb-reopen = reopens it
verb-duty-today = tells who is on duty
verb-duty-week = lists the duty of the next seven days
verb-held = lists the mentions that were held back because there were too many
verb-duty-override = puts somebody on duty for once
verb-language = sets your language
verb-help = lists the verbs

## Check

check-fine = { $file } has no problems.
check-problems = { $file } has { $count ->
    [one] { $count } problem
   *[other] { $count } problems
}.
check-further-good = ✓ { $subject }: { $said }
check-further-bad = ✗ { $subject }: { $said }

check-ledger-differs = { $inquiry }: { $field } is { $kept }, its ledger says { $folded }
check-ledger-unreadable = { $inquiry }: event { $seq } (kind "{ $kind }", v { $v }) cannot be read: { $why }
check-ledger-gap = { $inquiry }: event { $expected } is missing, { $seq } follows
check-ledger-document = { $inquiry }: its document cannot be read: { $why }
check-ledger-no-inquiry = { $inquiry }: events, a timer or cards without an inquiry
check-ledger-no-ledger = { $inquiry }: an inquiry without events
check-ledger-no-policy = { $inquiry }: its policy { $policy } cannot be had, so its timer was not compared: { $why }
check-ledger-total = { $inquiries ->
    [one] { $inquiries_written } inquiry
   *[other] { $inquiries_written } inquiries
}, { $events ->
    [one] { $events_written } event
   *[other] { $events_written } events
}, { $differences ->
    [one] { $differences_written } difference
   *[other] { $differences_written } differences
} ({ $seconds } s)

check-members = Members ({ $count }): { $names }
check-leads = Leads: { $names }

check-queue = Queue "{ $name }" ({ $id })
check-queue-default = Takes every inquiry that no route takes.
check-queue-route = Takes inquiries where { $when }.
check-queue-places = Posts to { $places }.
check-queue-claim = Tells the duty of rota "{ $rota }"; anyone may claim.
check-queue-duty = Assigns to the duty of rota "{ $rota }", who accepts.
check-queue-policy = Promises of policy "{ $policy }" (working hours: calendar "{ $calendar }")
check-row = { $severity }, { $plan }: { $promises }
check-promise = { $clock } { $amount } ({ $calendar })
check-promise-none = no promise
check-any-severity = any severity
check-any-plan = any plan
check-clock-first-response = first response
check-clock-next-response = next response
check-clock-claim = claim
check-clock-resolution = resolution
check-wakes = Calls at any hour for { $severities }, or when business stands still and it is needed within { $within }.
check-wakes-needed-by = Calls at any hour when business stands still and it is needed within { $within }.

check-rota = Rota "{ $rota }", counted from this file alone: { $member } is on duty now
rota-differs = The file differs from the rota in force. If the desk started now: { $news }
check-rota-turns = From { $starts } it turns over { $cadence } at { $handoff } ({ $zone }), in this order: { $names }
check-rota-called = { $when }: { $who }
check-rota-handoff = { $at }: { $from } → { $to }
check-cadence-hours = every { $count ->
    [one] hour
   *[other] { $count } hours
}
check-cadence-days = every { $count ->
    [one] worked day
   *[other] { $count } worked days
}
check-cadence-weeks = every { $count ->
    [one] week
   *[other] { $count } weeks
}
check-cadence-months = every { $count ->
    [one] month
   *[other] { $count } months
}
check-when-always = At any time
check-when-working-hours = In working hours
check-when-nights = At night
check-when-days-off = On days off ({ $days })
check-when-holidays = On holidays ({ $count } are listed)
check-who-duty = whoever is on duty
check-who-last-duty = the duty of the last worked day
check-who-rota = whoever rota "{ $rota }" calls

check-heartbeat = While all is well, a heartbeat goes to { $host } every { $every }.
check-no-sources = There are no sources: inquiries come by the API and from chat only.
check-source-webhook = Source "{ $name }" is delivered to POST /hooks/{ $id }.
check-source-portal = Source "{ $name }" is the portal's form.
check-source-poll-every = Source "{ $name }" is asked every { $every }.
check-source-poll-cron = Source "{ $name }" is asked by cron "{ $cron }" ({ $zone }).

## Web

web-title = toban
web-skip = Skip to content
web-language = Language
web-back = Back
web-ahead = in { $amount }
web-ago = { $amount } ago
web-for-you = for you
web-you = you
web-urgent = Urgent

web-sign-in = Sign in
web-sign-in-how = Ask your operator to run “toban login NAME” and open the one-time link that it prints.
web-sign-in-once = This link works once. Going on signs you in with this browser.
web-sign-in-continue = Sign in and go on
web-sign-out = Sign out
web-demo-who = Choose which member you are in the demo
web-demo-only = Only for a demo on this machine.
web-link-spent = This link does not work
web-link-spent-advice = It has been used already, or it is too old. Ask for a new one.

web-channels = Channels
web-channel-operators = Operators
web-channel-fallback = Fallback
web-on-duty = On duty
web-duty-until = handoff
web-duty-next = next
web-live = live
web-reconnecting = reconnecting…
web-signed-out = You are signed out. Please sign in again.
web-unreachable = The server could not be reached. Please try again.
web-posts = Posts
web-nothing-yet = Nothing has been posted yet.
web-to-latest = To the latest
web-new-posts = new posts
web-thread = Thread
web-open-thread = Open the thread
web-thread-none = Choose the number of a card to see its thread and history here.
web-thread-empty = Nothing in this thread yet.
web-timeline = History
web-more = More actions
web-close-thread = Close the thread
web-source-link = Open the original ticket
web-dismiss = Dismiss

web-line-label = Command
web-line-hint = e.g. claim Q-12 / wait Q-12 requester 2d / help
web-line-send = Do it
web-line-empty = Say what to do. “help” lists everything.
web-line-unknown = There is no “{ $given }”. “help” lists everything.
web-line-unknown-nearest = There is no “{ $given }”. Did you mean “{ $nearest }”?
web-line-no-reference = “{ $given }” is no inquiry: write it like Q-12.

web-form-send = Do it
web-form-cancel = Cancel
web-form-choose = Please choose
web-form-needed = required
web-form-one-of-two = one of the two
web-form-optional = optional
web-form-time-hint = e.g. 15:00, 2d, 2026-11-24 15:00
web-param-member = Member
web-param-queue = Queue
web-param-severity = Severity
web-param-category = Category
web-param-reason = Reason
web-param-at = When
web-param-until = Until
web-param-on = Waiting for
web-param-as = Closed as
web-param-note = Note
web-param-cause = Cause
web-param-workaround = Workaround
web-param-no-workaround = Why there is no workaround
web-param-answer = Answer
web-param-text = Text

web-portal-title = File an escalation
web-portal-intro = Hand an inquiry up to engineering. The page after this one shows who has it, where it stands, when an answer is due, and the answer.
web-portal-key = Portal key
web-portal-key-intro = Enter the portal key that your support team was given.
web-portal-key-wrong = That is not the portal key.
web-portal-open = Open
web-portal-what = What it is about
web-portal-who = Requester and customer
web-portal-when = How bad, and until when
web-portal-subject = Title
web-portal-subject-hint = What is happening, in one line
web-portal-body = Details
web-portal-body-hint = When, where, error messages, steps to reproduce
web-portal-tried = What was tried
web-portal-tried-hint = What you checked, and what came of it
web-portal-requester = Requester (you)
web-portal-requester-hint = Name and team
web-portal-customer = Customer
web-portal-product = Product
web-portal-plan = Contract plan
web-portal-severity = Severity
web-portal-s1 = Production is down and there is no way around it
web-portal-s2 = A main function is unusable, or much too slow
web-portal-s3 = Something is impaired, but work goes on
web-portal-s4 = A question about behaviour; nothing is impaired
web-portal-kind = Kind
web-portal-kind-investigation = Investigation: wants cause and workaround
web-portal-kind-specification = Specification: wants an answer
web-portal-stopped = The customer’s business has stopped
web-portal-stopped-hint = With a deadline within four hours this calls the duty at any hour.
web-portal-needed-by = Answer needed by
web-portal-needed-by-hint = If the customer was promised a time
web-portal-file = File it
web-portal-filed = Filed
web-portal-keep-link = Keep the address of this page: it is the only way to follow this inquiry.
web-portal-filed-at = Filed
web-portal-answer = Answer
web-portal-no-answer-yet = No answer yet.
web-portal-talk = Messages
web-portal-your-words = What you filed
web-portal-write = Add a message
web-portal-write-hint = News, or the answer to a question of ours
web-portal-write-send = Send
web-portal-another = File another one
web-portal-wrong-form = The form was too old. Please send it again.
web-portal-wrong-title = Please enter a title.
web-portal-wrong-title-long = A title has at most 200 characters.
web-portal-wrong-long = This is too long (at most 20,000 characters).
web-portal-wrong-severity = Please choose a severity.
web-portal-wrong-kind = Please choose a kind.
web-portal-wrong-needed-by = This date and time cannot be read.
web-portal-wrong-past = The time must lie in the future.
web-portal-no-link = This page does not exist
web-portal-no-link-advice = Check that the link is complete.
web-portal-too-late = This inquiry has ended
web-portal-too-late-advice = It was closed too long ago for another message. Please file a new one.

web-error-not-found = Not found
web-error-not-found-advice = Please check the address.
web-error-not-allowed = Not allowed
web-error-not-allowed-advice = Sign in again, then try once more.
web-error-too-many = Too many wrong tries
web-error-too-many-advice = Wait a minute, then try again.
web-error-unavailable = The desk cannot answer now
web-error-unavailable-advice = Wait a moment, then try again.
web-error-inside = Something went wrong inside
web-error-inside-advice = It has been logged. If it goes on, tell your operator.
web-error-request = This could not be taken
web-error-request-advice = Please check what was entered.

## Discord

discord-command-toban = The escalation desk
discord-command-duty = See or change who is on duty
discord-command-pings = chooses what calls you
discord-option-inquiry = The inquiry's number (not needed inside its thread)
discord-choose = { $what }: choose one. A form for the rest opens next.
discord-open-form = Open the form
discord-form-is-ready = { $what }: thank you for waiting. The button opens the form.
discord-hint-time = like 15:00, 2026-11-24 15:00, 30m, 2d
discord-hint-workaround = Leave empty if there is none, and say why below
discord-hint-no-workaround = Leave empty if there is a workaround
discord-read-on = read on
discord-your-words = What you had written:
discord-no-such-reference = There is no inquiry “{ $given }”. Write it like Q-12.
discord-elsewhere = The desk cannot be used on this server.
discord-outdated = This button is no longer of use. Please use the newest card.
discord-unreadable = This could not be read. Please try again, and tell the operators if it goes on.
