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
weekdays-both = { $first }, { $next }
weekdays-run = { $first }–{ $next }

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
aside-heading = [About { $reference }, a separate problem: “{ $title }”]
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
clock-vendor = Vendor (internal target)
clock-development = Development (internal target)
clock-next-tier = Next tier (internal target)
waiting-requester = the requester
waiting-vendor = the vendor
waiting-development = development
waiting-next-tier = the next tier
close-agreed = agreed
close-silence = nobody wrote any more
close-duplicate = duplicate
close-refused = refused
close-spam = spam
close-out-of-scope = out of scope
close-at-source = closed at the source
close-gone = gone at the source
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
field-next = Next step
field-issue = Development issue
field-link = Linked inquiry
issue-standing = { $issue } ({ $tracker })
issue-standing-state = { $issue } ({ $tracker }): { $state }
issue-standing-done = { $issue } ({ $tracker }): done
issue-standing-done-in = { $issue } ({ $tracker }): done, fixed in { $version }
issue-filing = Being filed in { $tracker }
issue-filing-failed = Not filed in { $tracker } yet
field-customer = Customer
field-requester = Requester
field-product = Product
field-plan = Plan
field-kind = Kind
field-region = Region
field-duty = On duty
field-offices = Offices at receipt
field-escalated-at = Escalated
field-received-at = Received
field-round-trips = Round trips
field-asked = Asked
field-case = Their case number
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
link-follows = Follows { $reference } “{ $title }” ({ $standing })
link-followed-by = Followed by { $reference } “{ $title }” ({ $standing })
link-split-from = Split off from { $reference } “{ $title }” ({ $standing })
link-split-into = { $reference } “{ $title }” was split off ({ $standing })
link-unclaimed = unclaimed
link-active = in progress
link-waiting = waiting
link-resolved = resolved
link-closed = closed
stage-resolved = Resolved by { $by }, { $at }
stage-closed = Closed ({ $reason }), { $at }
next-step = { $text } ({ $who })
next-step-until = { $text } ({ $who }, by { $until })
next-us = us
due-running = by { $at }
due-at-risk = by { $at } – at risk
due-late = was due { $at } – late
due-paused = stands still
due-met = done { $at }
due-met-late = done { $at }, late
flag-source-says = The source says { $severity }
flag-gone = Gone at the source
flag-proposed = { $by } proposes { $severity }: { $reason }
flag-snoozed = Reminders are off until { $until }
flag-snoozed-until-reply = Reminders are off until the requester replies, { $until } at the latest
flag-unknown = { $field }: “{ $given }” is not known (the default was taken)
button-claim = Claim
button-accept = Accept
button-release = Release
button-keep = Keep it
button-hand-over = Hand it over
button-replied = I answered there
button-resolve = Resolve
button-resume = Resume
button-reopen = Reopen
button-just-thanks = Just thanks
button-close = Close
button-not-urgent = Not urgent
button-open = Open in the desk
button-accept-swap = Accept the swap
button-decline-swap = Decline
button-decline-cover = I cannot cover (no. { $number })
button-read-guide = I have read it
button-file = File an issue
button-link = Link an issue
button-agree-severity = Agree to { $severity }
button-decline-severity = Decline the proposal

## What the requester reads

requester-unclaimed = Finding an owner
requester-active = In progress
requester-waiting-for-you = Waiting for your answer
requester-waiting = Waiting for { $on }
requester-resolved = Answered
requester-closed = Closed ({ $reason })
requester-link-waiting = Waiting
requester-link-closed = Closed
requester-split-from = Original inquiry
requester-split-into = Taken as an inquiry of its own
requester-next-answer = Next answer
requester-late = was due { $at }; we are late and on it
requester-replied = { $by } replied: { $text }
requester-asked = { $by } asks: { $text }
requester-wrote = You wrote: { $text }
requester-severity-agreed = It was agreed to treat this as { $to }.

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
notice-reply-retracted-kept = { $by } has taken the last answer back.
notice-reply-failed = The answer did not reach the source ({ $why }). Its clock runs again from its start.
notice-reply-lost = The answer did not reach the source: { $why }. Please send it again or answer there.
notice-back-lost = { $what } did not reach the source: { $why }. Please put it right there.
notice-reply-unknown = It is not known whether the answer reached the source ({ $why }). Please look there: if it is there, say “replied”; if not, send it again. Its clock runs again from its start.
notice-reply-unknown-lost = It is not known whether the answer reached the source ({ $why }). Please look there, and send it again if it is not there.
notice-back-unknown = { $what } may or may not have reached the source ({ $why }). Please look there.
notice-back-late = { $what } has not reached the source yet ({ $why }). It is still being tried; if it is given up, you are told.
back-late-reply = The reply
back-late-answer = The answer
notice-mail-copy-lost = The answer was mailed, but did not reach everybody. Write to them yourself if they need it: { $who }
notice-mail-delayed = The answer has not arrived yet ({ $why }). A mail server on the way keeps trying; if it gives up and says so to this mailbox, you are told.
back-owner = Who has the inquiry
back-closed = The closing
back-reopened = The reopening
back-severity = The severity
back-rest-of-reply = The reply is there, but what belongs to it
back-rest-of-answer = The answer is there, but what belongs to it (such as the status)
notice-heard = { $by } heard from the requester: { $text }
notice-requester-replied = The requester writes: { $text }
notice-requester-after-end = The requester writes after the end: { $text }
notice-no-answer-needed = { $by } says that no answer is needed.
notice-waiting = { $by } waits for { $on }. To be chased on { $chase }.
wait-asked = Asked: { $text }
wait-case = Their case number: { $case }
wait-expected = Expected by (internal): { $due } ({ $left })
notice-resumed = { $by } has resumed the work.
notice-resumed-answer = { $by } has resumed the work. Their answer: { $text }
notice-severity = { $by } has set the severity from { $from } to { $to }.
notice-severity-because = { $by } has set the severity from { $from } to { $to }: { $reason }
notice-severity-proposed = { $by } proposes to change the severity from { $from } to { $to }: { $reason }
notice-severity-agreed = Agreed: the severity changes from { $from } to { $to } (proposed by { $proposer }, recorded by { $by }). Reason: { $reason }
notice-severity-agreed-note = Agreed: the severity changes from { $from } to { $to } (agreed: { $note }; proposed by { $proposer }, recorded by { $by }). Reason: { $reason }
notice-severity-declined = { $by }: the severity stays; { $to } was not agreed.
notice-severity-declined-because = { $by }: the severity stays; { $to } was not agreed: { $reason }
severity-means = { $severity } means: { $means }
severity-would-move = No deadline moves until it is agreed. If agreed:
severity-would-move-nothing = No deadline would move.
severity-answer = The buttons on the card answer it.
notice-urgent = URGENT: nobody has claimed this yet. Who takes it?
notice-urgent-still = STILL URGENT: nobody has claimed this yet.
notice-urgent-owned = This has become URGENT.
notice-urgency-ended = It is not urgent any more.
notice-not-urgent = { $by } says that it is not urgent: { $reason }
notice-transferred = { $by } has moved it from { $from } to { $to }: { $reason }
notice-snoozed = { $by } wants no reminders until { $until }.
notice-snoozed-until-reply = { $by } wants no reminders until the requester replies, { $until } at the latest.
notice-unsnoozed = { $by } wants reminders again.
notice-muted = { $by } is not mentioned about this any more, except for what is urgent or when a response or the claim is late.
notice-muted-until = { $by } is not mentioned about this until { $until }, except for what is urgent or when a response or the claim is late.
notice-unmuted = { $by } is mentioned about this again.
notice-in-channel = { $title }: { $said }
notice-mailed = { $said }
    (Also by e-mail to { $to })
mail-attached = Attached: { $name } ({ $type }, { $size })
mail-cut = (A large mail: only the first { $read } of { $whole } were taken in. The rest is in the mailbox.)
mail-cut-short = (It did not come in full: only the first { $read } of { $whole } were taken in. The rest is in the mailbox.)
mail-cut-somewhere = (Only the first { $read } were taken in. The rest is in the mailbox.)
mail-omitted = (Lines of the quoted mail left out: { $lines }. Anything written between them stands in the original.)
mail-no-words = (no text)
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
reopened-owed = { $clock } is still owed, due { $due } ({ $left }).
notice-reopened-because = { $by } has reopened it: { $reason }
notice-at-risk = { $clock } is due { $due } ({ $left }).
notice-breach = { $clock } was due { $due }. The promise is broken.
notice-breach-late = { $clock } was due { $due }: { $left }. The promise is broken.
notice-still-late = { $clock } is still late: it was due { $due } ({ $left }).
notice-internal-near = An answer of { $on } is expected by { $due } (internal target, { $left }). Ask how it stands.
notice-internal-now = No answer of { $on } by { $due } (internal target). Press them, or decide what to do instead.
notice-internal-over = Still no answer of { $on }: it was expected by { $due } (internal target, { $left }). Press them, or decide what to do instead.
left-business = { $amount } of working time left
left-clock = { $amount } left
left-none = no working time left
over-business = { $amount } of working time over
over-clock = { $amount } over
next-promise = Next promise: { $clock } { $due } ({ $left })
notice-quiet = Nobody has touched this since { $since } ({ $silent } of working time). What is the next step?
notice-quiet-duty = { $owner } has this, but nobody has touched it since { $since } ({ $silent } of working time). Duty, please find out how it stands, and take it over if need be.
quiet-hand-over = If nothing happens, the desk gives it to the duty { $at }.
notice-handed-to-duty = Nothing was heard from { $from } for { $silent } of working time, so the desk has given this to { $to }, who is on duty. Please accept.
notice-handed-to-duty-again = Nothing was heard from { $from } for { $silent } of working time. { $to } is on duty as well, so it was assigned anew: please accept it, or assign it to somebody else.
notice-chase = Time to ask { $on } how it stands.
notice-updated = Changed at the source:
    { $lines }
notice-gone = It is gone at the source (deleted, or no longer in the list). Please close it if it is not needed any more. To go on with it, nothing needs to be done.
notice-gone-waiting = It is gone at the source (deleted, or no longer in the list). Nobody owns it, but work has begun, so it stays open. Please have a look.
notice-gone-after-end = It is gone at the source.
notice-there-again = It is at the source again.
notice-open-again = It is open again at the source. Please reopen it here, or say that no answer is needed.
notice-id-reused = The source seems to use the number { $id } for something else: “{ $title }” (requester: { $requester }, customer: { $customer }). Nothing of it was taken over here. Please look at the source; if it is another matter, ask for it to be filed under a new number.
notice-policy-changed = The policy has changed:
    { $lines }
notice-opening = Good morning. { $count ->
        [one] One inquiry came in
       *[other] { $count } inquiries came in
    } while we were closed:
    { $lines }
notice-override = { $by } has put { $member } on duty from { $from } until { $until }.
notice-handoff = { $member }, the duty has passed to { $to }. What becomes of { $count ->
        [one] the one you hold
       *[other] the { $count } you hold
    }?
    { $lines }
    Choose “Keep it”, “Hand it over” or “Release” in each thread. Without an answer by { $until } { $otherwise }.
notice-handoff-asked = The duty has passed to { $to }. { $member }, what becomes of this one? Without an answer by { $until } { $otherwise }.
handoff-otherwise-keep = it stays with you
handoff-otherwise-hand-over = it goes to the new duty
handoff-otherwise-release = nobody will have it
notice-handoff-kept = { $member } keeps it.
notice-handoff-kept-silently = There was no answer, so { $member } keeps it.
notice-handed-over = { $member } hands it over to { $to }. Please accept it.
notice-handed-over-silently = { $member } did not answer, so it goes to { $to }. Please accept it.
notice-handoff-released = { $member } let go of it at the handoff. Nobody has it.
notice-handoff-released-silently = { $member } did not answer, so nobody has it now.
notice-handoff-answers = What becomes of the inquiries of { $member }:
    { $lines }
answer-kept = Kept: { $references }
answer-kept-silently = No answer, kept: { $references }
answer-handed-over = Handed over: { $references }
answer-handed-over-silently = No answer, handed over: { $references }
answer-released = Released: { $references }
answer-released-silently = No answer, released: { $references }
answer-taken = Taken by somebody else: { $references }
notice-next = { $by }: next comes “{ $text }” ({ $who }).
notice-next-until = { $by }: next comes “{ $text }” ({ $who }, by { $until }).
notice-issue-asked = { $by } files an issue in { $tracker }: “{ $title }”
notice-issue-filed = Filed in { $tracker } as { $issue }.
notice-issue-filed-url = Filed in { $tracker } as { $issue }: { $url }
notice-issue-linked = { $by } linked it to { $issue } ({ $tracker }).
notice-issue-linked-url = { $by } linked it to { $issue } ({ $tracker }): { $url }
notice-issue-workaround = Workaround of { $issue }: { $text }
notice-issue-failed = No issue could be filed in { $tracker }: { $why }
    What was written is kept: “File an issue” sends it again.
notice-issue-unknown = { $tracker } gave no answer, so the issue may or may not have been filed.
    Please look in { $tracker }. If it is there, give its number with “Link an issue”; if not, “File an issue” sends it again.
notice-issue-unrecorded = Filed in { $tracker } as { $issue }, but it could not be linked here. Please link { $issue } with “Link an issue”.
notice-issue-unrecorded-url = Filed in { $tracker } as { $issue }, but it could not be linked here. Please link { $issue } with “Link an issue”: { $url }
notice-note-failed = { $issue } of { $tracker } could not be told how many customers are affected ({ $customers }): { $why }
    Once the cause is gone, send it again with toban outbox retry { $id }
notice-note-unknown = { $tracker } gave no answer, so the comment on { $issue } (customers affected: { $customers }) may or may not be there.
    Please look at { $issue }. If it is not there, send it again with toban outbox retry { $id }
notice-tracker-out = Tracker { $tracker } is out: { $count } requests in a row failed, since { $since }. { $why }
    What could not be handed over is tried again, and you will hear when it is back; what is refused, or whose answer is lost, is told on its own. More: toban source status
notice-tracker-back = Tracker { $tracker } is back after { $span }. What waited is sent now; what was refused, or whose answer was lost, is not: that was told on its own.
notice-issue-changed = { $issue } ({ $tracker }): { $state }
notice-issue-done = { $issue } ({ $tracker }) is done.
notice-issue-done-in = { $issue } ({ $tracker }) is done, fixed in { $version }.
notice-issue-done-after-end = { $issue } ({ $tracker }) is done. If the requester should know, please reply or reopen.
notice-issue-done-in-after-end = { $issue } ({ $tracker }) is done, fixed in { $version }. If the requester should know, please reply or reopen.
notice-issue-unlinked = { $by } took the link to { $issue } ({ $tracker }) away.
notice-split-off = { $by } split off another problem: { $child } “{ $title }”
notice-issue-unseen = { $issue } of { $tracker } could not be looked at several times in a row: { $why }
    Please check its address and our permissions. It is looked at again, less often.
notice-issue-unseen-url = { $issue } of { $tracker } could not be looked at several times in a row ({ $url }): { $why }
    Please check its address and the permissions. It is tried on, less often.
issue-affected = Customers affected: { $customers } ({ $references })
issue-draft =
    What happens:

    How to reproduce:

    What is expected:

    Inquiry: { $reference } / severity: { $severity } / product: { $product }
known = Development issues: { $count }
    { $lines }
known-nothing = No inquiry is linked to an issue of development.
known-line = { $standing } – inquiries: { $count }, customers: { $customers } ({ $references })
known-workaround = – workaround: { $text }
known-problem = – could not be looked at: { $why }
notice-overflow = { $queue } has { $count } open ones now, more than { $limit }. { $member }, please join { $duty }.
notice-overflow-eased = { $queue } has eased to { $count }. { $member } need not help any longer. Thank you.
notice-override-removed = { $by } took the duty change back: { $member }, { $from } until { $until }
notice-swap-offered = { $from } asks { $with } to swap duty (no. { $number }): { $with } would take the one from { $mine }, { $from } the one from { $theirs }.
notice-swap-reminder = A duty swap (no. { $number }) waits for an answer: { $with } would take the one from { $mine }, { $from } the one from { $theirs }. Without an answer by { $until } it is off.
notice-swap-agreed = The duty swap is agreed (no. { $number }): { $with } has the duty from { $mine }, { $from } the one from { $theirs }.
notice-swap-arranged = { $by } swapped two duties (no. { $number }): { $with } has the one from { $mine }, { $from } the one from { $theirs }.
notice-swap-declined = { $with } cannot take the duty swap (no. { $number }). { $from } keeps the duty from { $mine }, { $with } the one from { $theirs }.
notice-swap-withdrawn = { $from } withdrew the duty swap (no. { $number }). { $from } keeps the duty from { $mine }, { $with } the one from { $theirs }.
notice-swap-called-off = { $by } called the duty swap off (no. { $number }). The duty from { $mine } is { $from }’s again, the one from { $theirs } { $with }’s.
notice-swap-lapsed = Nobody answered and the duty begins, so the swap (no. { $number }) is off. { $from } keeps the duty from { $mine }, { $with } the one from { $theirs }.
notice-swap-foretold = The next duty was swapped: { $member } has it in place of { $of }, { $from } until { $until }.
notice-absent = { $member } is away: { $days }
notice-absence-cancelled = { $member } is not away after all ({ $days }).
notice-absences-failing = The absences of { $member } cannot be fetched from { $host }: { $why }
    Those that are noted stay as they are; it is tried again every hour.
notice-absences-followed = Absences now follow { $member }’s calendar:
    { $lines }
absence-line-new = • added (no. { $number }): { $days }
absence-line-moved = • changed (no. { $number }): { $before } → { $days }
absence-line-gone = • cancelled (no. { $number }): { $days }
absence-line-back = • ended (no. { $number }): back from { $from } (was { $days })
absence-lines-more = • and { $count } more
notice-back = { $member } is back from { $from }.
notice-cover-found = { $member }, please cover for { $of }, who is away.
    { $lines }
notice-cover-taken = { $member } takes the duty in place of { $of }: { $from } until { $until }
notice-cover-declined = { $member } cannot cover for { $of }: { $from } until { $until }
notice-cover-back = { $member } need not cover for { $of } any more.
    { $lines }
notice-cover-missing = { $of } is away and nobody is left to cover. The duty stays with { $of }; anybody can take it with “cover”.
    { $lines }
notice-guide = { $member } has their first duty from { $from }. Please read the guide before.
    { $lines }
notice-guide-again = The first duty of { $member } has begun. If you have not read the guide yet, please do so now.
    { $lines }
cover-line = • { $from } until { $until } (no. { $number })
cover-line-missing = • { $from } until { $until }
guide-link = { $url }
guide-line = • { $line }
days-one = { $first }
days-span = { $first } to { $last }
days-open = from { $first } until further notice
days-weekly = every { $weekday } from { $first }
days-weekly-until = every { $weekday } from { $first } to { $last }
theirs-by-override = {" "}(override)
theirs-by-swap = {" "}(swapped with { $with })
theirs-by-absence = {" "}(for { $of }, who is away)
theirs-by-cover = {" "}(for { $of })
notice-rota-edited = Rota “{ $rota }” was edited: from { $from } on it holds as it is configured now, beginning with { $member }.
notice-feed-changed = The calendar at { $host } that { $calendars } takes days from has changed; this counts from the next start:
    { $lines }
notice-feed-failing = The days of calendar { $calendars } cannot be fetched from { $host }: { $why }
    What was there { $at } goes on counting.
feed-day-came = added: { $date } { $name }
feed-day-went = removed: { $date } { $name }
feed-days-more = and { $count } more days
notice-rota-goes-on = Rota “{ $rota }” goes on as it is: a change that had not begun yet is taken back.
notice-rota-stands-in = { $member } has the duty of rota “{ $rota }” from now on: whoever had it is no longer a member.
unread-blank = { $field } is blank
unread-not-mapped = [source.mapping] does not say where { $field } is
unread-too-long = { $field } is longer than { $limit } characters
unread-lacking = the document has no { $what }, which { $field } is made of
unread-not-found = { $what }, which { $field } is made of, finds no “{ $name }”
unread-not-found-among = { $what }, which { $field } is made of, finds no “{ $name }” (there is: { $there })
unread-nothing = { $what }, which { $field } is made of, gives nothing
unread-nothing-among = { $what }, which { $field } is made of, gives nothing (there is: { $there })
unread-unfetched = could not be fetched from the mailbox and was passed: { $why }
unread-control = { $field } holds a control character, such as a line end
unread-failed = { $field }: { $why }
unread-malformed = the body is not a document: { $why }
unread-too-large = it is larger than { $limit } bytes
unread-unknown-source = no source of this name is configured
unread-unauthorized = the signature does not match: { $why }
unfit-blank = it is blank
unfit-not-mapped = [source.mapping] does not say where it is
unfit-lacking = the document has no { $what }
unfit-not-found = { $what } finds no “{ $name }”
unfit-not-found-among = { $what } finds no “{ $name }” (there is: { $there })
unfit-nothing = { $what } gives nothing
unfit-nothing-among = { $what } gives nothing (there is: { $there })
unfit-control = it holds a control character, such as a line end
unfit-too-long = it is longer than { $limit } characters
notice-unreadable = A document of source { $source } could not be read: { $why }
    It begins: { $first }
    It is kept as { $id } and can be replayed.
notice-unreadables = { $count } documents of source { $source } could not be read, the first because: { $why }
    It begins: { $first }
    All are kept. List them with toban source unreadable { $source } and, once the cause is gone, read them again with toban source replay { $source } --all
notice-delivery-dead = { $reference } could not be delivered to { $platform } { $channel }: { $why }
    Once the cause is gone, send it again with toban outbox retry { $id }
notice-delivery-dead-general = A message could not be delivered to { $platform } { $channel }: { $why }
    Once the cause is gone, send it again with toban outbox retry { $id }
notice-audit = The auditor has found something wrong:
    { $lines }
audit-line = { $line }
audit-duty-gap = Line { $missing } of the duty book is missing; { $follows } follows. Compare it with your backup.
audit-duty-unreadable = Line { $seq } of the duty book cannot be read. `toban check --ledger` says why.
audit-duty-unreadable-book = The duty book cannot be read: { $why }. Until it can be, nobody can change the duty. Compare it with your backup, or run the newer toban that wrote it.
audit-duty-no-timer = Nothing looks at { $what } any more. Restart toban: it sets the timer anew.
audit-duty-overdue = { $what }: was to be looked at { $at } and has not been. See the log, and restart toban.
audit-duty-too-late = { $what }: will only be looked at { $at }, which is too late. Restart toban: it looks at once.
audit-duty-still-open = Swap { $number } should have lapsed { $at } and still waits for an answer. See the log, and restart toban.
audit-duty-not-asked-again = Swap { $number } waits for an answer, and nobody was reminded of it { $at }. Ask them yourself.
audit-duty-not-foretold = Swap { $number }: nobody was reminded { $at } of the shift that begins { $starts }. Tell the two yourself.
audit-look-handoff = the handoff of rota { $rota }
audit-look-absences = the absence calendar of { $member }
audit-look-book = the duty book
notice-source-out = Source { $source } is out: { $count } polls in a row brought nothing, since { $since }. { $why }
    It is tried next at { $next }; you will hear when it is back. More: toban source status { $id }
notice-source-back = Source { $source } is back after { $span }; { $count ->
        [one] one item is
       *[other] { $count } items are
    } new or changed.
notice-source-held = Source { $source } has been in trouble for { $count } polls in a row, since { $since }: { $why }
    New items may be late, or not come at all. You will hear when it is over. More: toban source status { $id }
notice-source-unfiled = The mails of source { $source } could not be marked or moved for { $count } polls in a row, since { $since }: { $why }
    They go on being taken in. To see more: toban source status { $id }
notice-source-moves = Source { $source } is well again. Its trouble lasted { $span }.
notice-source-ahead = The clock of source { $source } is { $span } ahead. It is hard to tell what came first; please check the time there and on this server.
notice-source-behind = The clock of source { $source } is { $span } behind. It is hard to tell what came first; please check the time there and on this server.
notice-backlog = First contact with source { $source }: { $count } older items were taken in without reminders.
notice-much-missing = { $missing } of the { $open } open items are missing from the list of { $source }. Please check whether its filter or the rights on it have changed. What is still missing at { $at } counts as gone at the source.
change-title = Title: { $from } → { $to }
change-body = Description
change-body-lines = Description: { $added ->
        [one] 1 line
       *[other] { $added } lines
    } added, { $removed } removed
change-none = none
change-requester = Requester: { $from } → { $to }
change-customer = Customer: { $from } → { $to }
change-product = Product: { $from } → { $to }
change-plan = Plan: { $from } → { $to }
change-region = Region: { $from } → { $to }
change-calendar = The customer's calendar: { $from } → { $to }
change-language = Language: { $from } → { $to }
change-kind = Kind: { $from } → { $to }
change-stopped = The customer's business has stopped
change-running = The customer's business runs again
change-needed-by = Needed by: { $at }
change-needed-by-moved = Needed by: { $from } → { $to }
change-needed-by-gone = No needed-by any more
change-severity = Severity: { $from } → { $to }
change-all = Title, requester and customer are all different now. Please check that the number was not given to another item.
change-severity-said = The source now says { $to } (before: { $from }); ours stays
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
daily-duty = On duty: { $member }{ $why }, until { $until }
daily-floor = For now only { $severity } and worse are told; the rest waits for the next working time.
daily-held = { $member } keeps { $count ->
        [one] one open inquiry
       *[other] { $count } open inquiries
    } from their duty: { $references }.
daily-asked = { $member }, who had the duty before, is being asked until { $until } what becomes of { $count ->
        [one] the one they hold
       *[other] the { $count } they hold
    }: { $references }.
daily-second = Second: { $member }
daily-to-accept = Waiting for your yes: { $count }
summary-detail = {"  "}· { $what }
summary-and = { $first } / { $next }
summary-unanswered = no answer yet to what came { $at }
summary-waiting = waiting for { $on }, to be asked { $chase }
summary-next = next: { $text } ({ $who })
summary-next-until = next: { $text } ({ $who }, by { $until })
summary-needed-by = needed by { $at }
daily-nothing-open = Nothing is open. A good day to you.
daily-open = Open: { $count }, in order of the time left
line-due = { $reference } { $severity } { $title } – { $owner } – { $clock } by { $due } ({ $left })
line-late = { $reference } { $severity } { $title } – { $owner } – { $clock } was due { $due }: LATE ({ $left })
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
done-keep = You keep { $reference }.
done-next = The next step of { $reference } is set.
done-file = The issue for { $reference } is on its way. Its number comes to the thread.
done-link = { $reference } is linked to the issue.
done-unlink = The link of { $reference } is gone.
done-split-held = { $child } “{ $title }” was split off from { $reference }. Without a contract no deadline runs.
done-split = { $child } “{ $title }” was split off from { $reference }. Its deadlines count from now.
done-known-workaround = The workaround of { $issue } ({ $tracker }) is noted. The next inquiry that is linked shows it.
done-known-workaround-gone = { $issue } ({ $tracker }) has no workaround any more.
done-assign = { $reference } is assigned; it waits for the acceptance.
done-take-over = You have taken over { $reference }.
done-region-elsewhere = It is from region { $region }, which rota { $rota } looks after.
done-note = Noted on { $reference }.
done-reply = Your reply to { $reference } is on its way.
done-resolve = { $reference } is resolved.
done-mute = You are not mentioned about { $reference } any more, except for what is urgent or when a response or the claim is late.
done-unmute = You are mentioned about { $reference } again.
done-close = { $reference } is closed.
done-reopen = { $reference } is open again.
done-severity = The severity of { $reference } is { $to } now.
done-propose-severity = Proposed { $to } for { $reference }. It is answered with the buttons on the card, or with agree-severity and decline-severity.
done-agree-severity = By agreement the severity of { $reference } is { $to } now.
done-decline-severity = { $reference } keeps its severity; { $to } was not agreed.
done-wait = { $reference } waits for { $on }. To be chased on { $chase }.
done-snooze = No reminders about { $reference } until { $until }. No deadline moves.
done-snooze-until-reply = No reminders about { $reference } until the requester replies, { $until } at the latest. No deadline moves.
done-unsnooze = Reminders about { $reference } are on again.
done-before = That was done before: { $reference }
done-nothing = Nothing to do: { $reference } stands so already.
done-override = { $member } is on duty from { $from } until { $until }.
done-feed = Addresses for your calendar. Keep them to yourself; “feed stop” ends them.
    { $lines }
done-feed-paths = Addresses for your calendar: put the address of this desk (https://…) before them. Keep them to yourself; “feed stop” ends them.
    { $lines }
done-feed-stop = { $count } of your calendar addresses have ended.
feed-line-mine = Your duty: { $url }
feed-line-rota = Duty of { $rota }: { $url }
feed-line-team = Everybody’s duty: { $url }
feed-name = Duty ({ $name })
feed-team = everybody
feed-summary = Duty: { $member }
feed-summary-of = Duty: { $member } ({ $rota })
feed-description = { $member } has the duty of { $rota }.
feed-description-instead = { $member } has the duty of { $rota }, in place of { $turn }.
done-swap-offered = { $member } is asked to swap (no. { $number }).
done-swap-arranged = The duties of { $from } and { $with } are swapped (no. { $number }).
done-swap-accepted = You took the swap.
done-swap-declined = You declined the swap.
done-absent = { $member } is noted as away (no. { $number }): { $days }
done-back = The absence is over. Covers that had not begun are taken back.
done-cover = You have the duty. To undo it, use its number in the duty book.
done-cover-declined = You declined to cover.
done-cover-found = • { $member } takes the duty from { $from }
done-cover-missing = • nobody can take the duty from { $from }; the lead was told
done-taken-back = Taken back.
done-guide = Thank you. It is noted that you read the guide.
done-duty-before = This was done before.
done-duty-nothing = There was nothing to change.
done-language = Your language is set.
list = Inquiries: { $count }
    { $lines }
list-nothing = There is nothing to show.
show = { $lines }
lines = { $lines }
timeline-line = { $at } { $what }
timeline-received = Received from { $source }.
timeline-split-from = { $by } split it off from { $parent }.
timeline-missed = { $clock } was missed at { $at }.
timeline-urgent = It became urgent.
timeline-policy = The policy changed; no deadline moved.
timeline-snooze-over = The reminders are no longer held back.
duty = { $lines }
duty-line = { $rota }: { $member }{ $why } until { $until }, then { $next }
duty-second = {"  "}Second: { $member } ({ $queue }, since { $since })
duty-rota = { $rota }
duty-shift = { $member }{ $why }: { $from } – { $until }
duty-who-at = On duty at { $at }
duty-who-line = { $rota }: { $member }{ $why }, until { $until }
duty-who-called = { $rota }: { $member }{ $why }, until { $until }; at that time { $called } is called
duty-guide-unread = { $member } has not read the duty guide yet
book-absence = no. { $number }  away: { $member }, { $days }
book-swap-open = no. { $number }  swap, waits for an answer: { $from }’s duty from { $mine } and { $with }’s from { $theirs }
book-swap = no. { $number }  swap: { $with } from { $mine }, { $from } from { $theirs }
book-laid = no. { $number }  duty: { $member }{ $why }, { $from } until { $until }
book-empty = Nothing in the duty book lies ahead.
book-hint = “take-back NUMBER” undoes one of them.
fair-rota = { $rota }: { $from } until { $until }
fair-share = { $member }: turns { $turns }, working days { $worked }, weekend days { $weekends }, holidays { $holidays }, { $amount } in all
fair-joined = {"  "}joined on { $since }
fair-left = {"  "}not in the rota any more
fair-by-cover = {"  "}of it as cover: { $amount }
fair-by-override = {"  "}of it by override: { $amount }
fair-by-swap = {"  "}of it by swap: { $amount }
fair-debt = { $owes } owes { $to } turns: { $turns }
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
refused-no-template = “{ $given }” is no template. Templates: { $known }
refused-no-rota = “{ $given }” is no rota. Rotas: { $known }
refused-no-day = I cannot tell which day “{ $given }” is. Write it like “2026-12-01”, “12/1”, “tomorrow” or “fri”.
refused-no-number = “{ $given }” is no number. The duty book shows the numbers.
refused-past-days = Those days are over, or they end before they begin.
refused-absent-then = { $member } is away for the duty from { $at }.
refused-theirs-anyway = The duty from { $at } is { $member }’s anyway.
refused-swap-with-self = A swap takes two people.
refused-leads-only = Only a lead can arrange a swap between others.
refused-not-their-shift = The duty from { $at } is not { $member }’s but { $whose }’s.
refused-shift-has-begun = The duty from { $at } has begun. From now on use “duty-override” or “cover”.
refused-already-swapped = The duty from { $at } is in a swap already (no. { $number }). Take that back first.
refused-no-such-number = Nothing under number { $number } of the duty book can be undone or answered.
refused-not-asked = Only { $member } can answer swap no. { $number }.
refused-swap-agreed = Swap no. { $number } was agreed at { $at }.
refused-swap-declined = Swap no. { $number } was declined at { $at }.
refused-swap-is-off = Swap no. { $number } is off since { $at }.
refused-not-yours = Only { $member } or a lead can take number { $number } back.
refused-already-absent = { $member } is noted as away then already (no. { $number }).
refused-not-absent = { $member } has no absence to end.
refused-which-absence = { $member } has several absences (no. { $numbers }). Name one: “back NUMBER”.
refused-no-guide = No guide is configured.
refused-no-window = From { $from } until { $until } cannot be counted: name a beginning before the end, at most ten years apart.
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
refused-long-closed = { $reference } was closed { $at }, more than { $days } days ago: nothing can be split off from it. Please ask for a new inquiry.
refused-members-only = Only a member can do that.
refused-no-handoff = You were not asked about { $reference } at a handoff.
refused-nobody-else = There is nobody else on the rota to take { $reference }. Name somebody with “assign”.
refused-resolve-first = { $reference } is still open: resolve it, or close it as duplicate, refused, spam or out of scope.
refused-no-trackers = No tracker is configured. Please ask the administrator for a [[tracker]].
refused-which-tracker = There are several trackers; please say which: { $known }
refused-which-issue = Several issues are linked. Which of them: { $known }?
refused-tracker-files-nothing = { $tracker } takes no issues from here. File it there, and give its number with “link”.
refused-no-issue = “{ $given }” is neither the number nor the address of an issue. Write 123, APP-12 or the issue’s address.
refused-issue-elsewhere = “{ $given }” is no address of an issue of { $tracker }. They look like this: { $like }
refused-nothing-linked = There is no issue linked.
refused-unknown-issue = No inquiry is linked to { $issue } ({ $tracker }). Link one first.
refused-already-filing = An issue for { $reference } is being filed in { $tracker }. Its number comes to the thread.
refused-already-tracked = { $reference } is already linked to { $issue } ({ $tracker }).
refused-not-tracked = { $reference } is not linked to { $issue } ({ $tracker }).
refused-no-proposal = No severity is proposed for { $reference }. Propose one first with propose-severity.
refused-other-proposal = By now { $to } is proposed for { $reference }. Look at the card as it is and answer that.
refused-not-snoozed = Reminders about { $reference } are not held back.

## Why a deadline is what it is

awake-now = Awake: { $offices } (until { $until })
awake-now-and-next = Awake: { $offices } (until { $until }), then { $next } (from { $at })
awake-next = No office is awake; next is { $next } (from { $at })
awake-nobody = No office opens
card-awake = { $offices } (until { $until })
card-awake-and-next = { $offices } (until { $until }) → { $next } (from { $at })
card-awake-next = closed → { $next } (from { $at })
why = { $reference }
    { $lines }
why-nothing = { $reference }: no promise runs.
why-clock = [{ $clock }]
why-promise = { $amount } by policy { $policy } ({ $severity }, plan { $plan }), in calendar { $calendar }
why-promise-because = { $amount } by policy { $policy } ({ $severity }, plan { $plan }), in calendar { $calendar } ({ $because })
why-promise-region = { $amount } by policy { $policy } ({ $severity }, plan { $plan }, region { $region }), in calendar { $calendar }
why-promise-region-because = { $amount } by policy { $policy } ({ $severity }, plan { $plan }, region { $region }), in calendar { $calendar } ({ $because })
because-row = named by this row of the policy
because-customer = the customer's own
why-needed-by = The requester needs it by then; wall clock, no calendar
why-started = started { $at }
why-counted = + { $amount }: { $from } – { $until }
why-counted-offices = + { $amount } ({ $offices }): { $from } – { $until }
why-worked = { $date } is { $name }, but it is worked and counts
office-night = { $office } closed
office-break = { $office } on a break
office-day-off = { $office } off
office-closed = { $office } closed that day
office-holiday = { $office }: { $name }
why-night = not counted (closed): { $from } – { $until }
why-break = not counted (break): { $from } – { $until }
why-day-off = not counted (day off): { $from } – { $until }
why-closed = not counted (closed day): { $from } – { $until }
why-holiday = not counted ({ $name }): { $from } – { $until }
why-offices = not counted ({ $reasons }): { $from } – { $until }
why-paused = not counted (the policy pauses while waiting): { $from } – { $until }
why-due = due { $at }
why-standing-still = stands still while waiting
why-missed = missed { $at }
why-no-promise = nothing is promised for this
why-internal = internal target, no SLA
why-moved = · { $at } { $cause }: due { $old } → { $new }
why-moved-to = · { $at } { $cause }: due { $new } from then on
why-moved-away = · { $at } { $cause }: nothing promised from then on
moved-by-severity = severity changed from { $from } to { $to }
moved-by-policy = policy { $policy } edited
moved-by-queue = transferred to { $queue }
moved-by-source = changed at the source
why-owed-again = · { $at } opened again: still owed, counted from its start
why-ran-again = · { $at } the reply was taken back or not delivered: counted again from its start
why-met = → done { $at }: in time ({ $left })
why-ended-late = → ended { $at }: late ({ $left })
why-cancelled = → cancelled { $at }: neither met nor missed

## Verbs

verb-list = lists inquiries, or finds them by words
verb-show = shows one inquiry
verb-why = explains its deadlines line by line
verb-claim = takes it
verb-accept = accepts what was assigned to you
verb-release = gives it back
verb-keep = goes on with it, when asked at the handoff
verb-hand-over = hands it over to the duty, or to the next one if that is you
verb-assign = gives it to a member, who has yet to accept
verb-take-over = takes it from its owner, with a reason
verb-note = adds a note that stays with us
verb-next = says what comes next, and whose turn it is
verb-reply = replies to the requester
verb-ask = asks the requester something
verb-replied = says that you answered in the source
verb-retract-reply = takes the last “answered” back
verb-heard = records what the requester said by phone or chat
verb-no-answer-needed = says that the requester's message needs no answer
verb-wait = waits for the requester, the vendor, development or the next tier
verb-resume = goes on after a wait
verb-severity = sets the severity
verb-propose-severity = proposes another severity, with a reason; no deadline moves until it is agreed
verb-agree-severity = records that the proposed severity was agreed
verb-decline-severity = ends the proposal; the severity stays
verb-not-urgent = stops the alarm, with a reason
verb-transfer = moves it to another queue
verb-snooze = silences your reminders until a time, or until “reply”: the requester's
verb-unsnooze = lets your reminders come again
verb-mute = leaves your mentions out of notices about an inquiry
verb-unmute = ends a mute
verb-resolve = resolves it with what its kind demands
verb-close = closes it
verb-reopen = reopens it
verb-file = files an issue with development
verb-link = links an issue of development by its number or address
verb-unlink = takes the link to an issue away
verb-split = splits a second problem off into an inquiry of its own
verb-known = lists the issues of development with their inquiries and workarounds
verb-known-workaround = notes the workaround of an issue (- takes it away)
verb-duty-today = tells who is on duty
verb-duty-week = lists the duty of the next seven days
verb-held = lists the mentions that were held back because there were too many
verb-duty-override = puts somebody on duty for once
verb-feed = gives or ends addresses of the duty for your calendar
verb-duty-who = tells who is on duty at a time
verb-duty-book = lists coming overrides, swaps and absences with their numbers
verb-swap = asks somebody to swap duty
verb-accept-swap = accepts a duty swap
verb-decline-swap = declines a duty swap
verb-cover = takes the duty of a day in somebody’s place
verb-decline-cover = declines to cover
verb-absent = notes days away and finds cover for the duty
verb-back = ends an absence
verb-take-back = undoes what has a number in the duty book
verb-fairness = tells how the duty was shared and who owes whom
verb-read-guide = notes that you have read the duty guide
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
check-book-gap = Duty book: line { $expected } is missing, { $seq } follows; what follows was not looked at. Compare the table duty_book with your backup.
check-book-unreadable = Duty book: line { $seq } (kind "{ $kind }", v { $v }) cannot be read: { $why }. What follows was not looked at. If a newer toban wrote it, use that one; otherwise compare it with your backup.
check-book-refused = Duty book: line { $seq } ({ $kind }) could not have been written: { $why }. The desk goes by it all the same; compare it with your backup, and arrange anew what should hold.
check-book-differs = Duty book: { $what } is not what its lines say. Restart toban: it reads the book anew.
check-book-no-timer = Duty book: nothing looks at it any more. Restart toban: it sets the timer anew.
check-book-late-timer = Duty book: it will be looked at { $kept }, but something is due { $folded }. Restart toban: it looks at once.
check-book-undone = Duty book: { $kind } is due and has not been written. See the log, and restart toban.
check-book-undone-swap = Duty book: for swap { $number }, { $kind } is due and has not been written. See the log, and restart toban.
check-book-undone-cover = Duty book: { $of } is away (absence { $number }), and nobody was found or missed for the shift of { $at }. See the log, and restart toban.
check-book-member-gone = Duty book: number { $number } lies ahead and names { $member }, who is no longer a member, so it does not hold. Undo it with `take-back { $number }`.
check-book-rota-gone = Duty book: number { $number } lies ahead and is of rota { $rota }, which is no longer configured. Undo it with `take-back { $number }`, or bring the rota back.
check-book-cover-loose = Duty book: number { $number } covers for { $of }, who is not away then. Undo it with `take-back { $number }`.
check-book-no-offer = swap { $number } was not waiting for an answer
check-book-no-agreed = swap { $number } was not agreed
check-book-not-asked = only { $who } could answer swap { $number }
check-book-twice = that was done for swap { $number } already
check-book-had-begun = the shift had begun { $at }
check-book-not-begun = the shift was only to begin { $at }
check-book-not-its-shift = swap { $number } has no shift that begins { $at }
check-book-no-absence = there was no absence { $number }
check-book-not-of-calendar = absence { $number } did not come from a calendar
check-book-no-override = there was no override { $number }
check-book-no-cover = there was no cover { $number }
check-book-with-themself = it names { $member } on both sides
check-book-empty = it lasts no time, or was over already
check-book-no-guide = { $member } had been sent no guide
check-ledger-total = { $inquiries ->
    [one] { $inquiries_written } inquiry
   *[other] { $inquiries_written } inquiries
}, { $events ->
    [one] { $events_written } event
   *[other] { $events_written } events
}, { $lines ->
    [one] { $lines_written } line of the duty book
   *[other] { $lines_written } lines of the duty book
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
check-queue-handoff-hand-over = At the handoff, what the outgoing duty does not answer within { $within } of working time goes to the new duty.
check-queue-handoff-release = At the handoff, what the outgoing duty does not answer within { $within } of working time is released.
check-queue-overflow = With more than { $limit } open ones the next on the rota joins as second duty.
check-lines = Which rota has the duty depends on the time:
check-line-during = In the hours of calendar "{ $calendar }" ({ $hours }) the duty of rota "{ $rota }"
check-line-rest = At all other times the duty of rota "{ $rota }"
check-line-region = ; inquiries of region "{ $region }" come here first
check-line-floor = ; only { $severity } and worse are told, the rest waits for the next ordinary working time
check-line-wakes = ; { $severities } call at any hour then
check-line-wakes-nobody = ; no severity calls at any hour then
check-line-gaps = No region is awake { $hours } ({ $zone }, in the coming week): then the duty of rota "{ $rota }" is called.
check-span = { $days } { $from }–{ $to }
check-span-night = { $days } { $from }–{ $to } the next day
check-span-long = { $days } { $from } – { $until } { $to }
check-queue-lines = Tells the duty; anyone may claim.
check-queue-lines-duty = Assigns to the duty, who accepts.
check-queue-policy = Promises of policy "{ $policy }" (working hours: calendar "{ $calendar }")
check-row = { $severity }, { $plan }: { $promises }
check-row-region = { $severity }, { $plan }, region { $region }: { $promises }
check-customer-calendar = Customers called { $names }: their promises pass in calendar "{ $calendar }", unless a row names another.
check-customer-plan = Customers called { $names }: plan "{ $plan }", unless the source names another.
check-customer-both = Customers called { $names }: plan "{ $plan }" and calendar "{ $calendar }", unless the source or a row names another.
check-feed = Calendar { $calendars } takes days from { $host } when the desk starts. Without an answer and without an earlier copy it does not start; --connect tries it.
check-absences = The days off of { $member } are taken from { $host } at the start and then every hour.
check-absences-file = The days off of { $member } are taken from a file when the desk starts.
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
check-rota-list = { $days } has an order of its own: { $names }
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
check-when-holidays = On holidays and closures ({ $count } listed)
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
web-duty-second = second:
web-feed-link = Calendar
web-feed-title = The duty in your calendar
web-feed-intro = Your own calendar (Google, Outlook, iPhone and others) can show who has the duty, changes included. The addresses are yours alone: give them to nobody.
web-feed-make = Make addresses
web-feed-stop = End every address made so far
web-feed-once = These are shown this once. Paste one where your calendar adds a calendar “from URL”.
web-feed-open = Open in the calendar
web-feed-mine = Your duty
web-feed-rota = Duty of { $rota }
web-feed-team = Everybody’s duty
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
web-reasons = Why the deadlines are what they are
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
web-param-asked = What is asked of them
web-param-case = Their case number
web-param-text = Text
web-menu = What you can do
web-menu-look = See the duty
web-menu-arrange = Change the duty
web-menu-away = Away and ready
web-menu-else = Other
web-form-any = not given
web-form-myself = myself
web-form-own = my own
web-form-automatic = chosen for you
web-form-all = all
web-form-nothing-there = There is nothing to choose from now.
web-form-today = today if empty
web-form-one-day = if empty one day, or every week without end
web-form-ninety-days = ninety days back if empty
web-form-until-today = until now if empty
web-form-zone = required, time in { $zone }
web-param-assign-to = Give it to
web-param-agreed-by = Who agreed
web-param-heard = What they said
web-param-next = What comes next
web-param-next-who = Whose turn it is
web-param-title = Title
web-param-split-title = Title of the other problem
web-param-split-text = What it is about
web-param-template = Template
web-param-issue-text = Text of the issue (sent exactly as it stands here)
web-param-issue = Number or address of the issue
web-form-tracker = Tracker: { $tracker }
web-form-unlink = The issue itself stays with development.
web-param-linked = Issue to unlink
web-param-tracker = Tracker
web-param-cover-member = Who takes the duty
web-param-from = From
web-param-end = Until
web-param-rota = Rota
web-param-when = Date and time
web-param-swap-with = Swap with
web-param-swap-mine = Day given
web-param-swap-theirs = Day taken from them
web-param-swap-for = Whose duty
web-param-which-swap = Which swap
web-param-which-cover = Which duty
web-param-which-entry = What to undo
web-param-which-absence = Which absence
web-param-cover-day = Day to cover
web-param-first-day = First day
web-param-last-day = Last day
web-param-every = Every week on
web-param-who-away = Who is away
web-param-words = Words in title, error text or conversation
web-param-list = Which
web-param-feed = What to do
web-param-language = Language

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
web-portal-linked = Related inquiries
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
discord-command-severity = Set, propose or agree on a severity
discord-command-pings = chooses what calls you
discord-command-issue = issues of development: filed, linked, known
discord-option-inquiry = The inquiry's number (not needed inside its thread)
discord-choose = { $what }: choose one. A form for the rest opens next.
discord-choose-only = { $what }: choose one.
discord-open-form = Open the form
discord-form-is-ready = { $what }: thank you for waiting. The button opens the form.
discord-hint-time = like 15:00, 2026-11-24 15:00, 30m, 2d
discord-hint-workaround = Leave empty if there is none, and say why below
discord-hint-no-workaround = Leave empty if there is a workaround
discord-read-on = read on
discord-your-words = What you had written, to copy and send again
discord-your-words-file = What you had written is in the file below.
discord-no-such-reference = There is no inquiry “{ $given }”. Write it like Q-12.
discord-elsewhere = The desk cannot be used on this server.
discord-outdated-form = This form is out of date and was not taken. Please begin again from the newest card.
discord-outdated = This button is no longer of use. Please use the newest card.
discord-unreadable = This could not be read. Please try again, and tell the operators if it goes on.

## simulate

simulate-window = { $from } – { $to }, { $queue }: { $count ->
    [one] 1 inquiry
   *[other] { $count } inquiries
}
simulate-all-queues = all queues
simulate-tried = Tried: policy { $policy }, rota { $rota }
simulate-unchanged = (as it was)
simulate-nothing = Nothing was received in these days, so there is nothing to replay. Choose other days or another queue.
simulate-was = as it was
simulate-would-be = as it would be
simulate-difference = difference
simulate-missed = Promises missed / made
simulate-notices = Notices that mention them
simulate-nights = Nights with a notice
simulate-days-off = Weekend days and holidays with a notice
simulate-turns = On duty, working days
simulate-turns-off = On duty, weekend days and holidays
simulate-reminders = Reminders
simulate-agrees = The replay of the past agrees with the record ({ $missed ->
    [one] 1 promise
   *[other] { $missed } promises
} missed, { $reminders ->
    [one] 1 reminder
   *[other] { $reminders } reminders
}).
simulate-differs = The replay of the past differs from the record. Perhaps the desk was down for a while, or settings besides the policy have changed since.
simulate-mismatch = { $name }: recorded { $recorded }, replayed { $replayed }
simulate-differs-in = in { $inquiries }
simulate-refused = { $count ->
    [one] 1 act does not fit the tried rules and was left out:
   *[other] { $count } acts do not fit the tried rules and were left out:
}
simulate-refused-act = { $act }: { $count } ({ $inquiries })
simulate-not-laid = { $count ->
    [one] One arrangement of the past has no place in the tried roster and was left out:
   *[other] { $count } arrangements of the past have no place in the tried roster and were left out:
}
simulate-not-laid-override = override, { $who }, { $days }: { $why }
simulate-not-laid-swap = swap of { $who } and { $with }, { $days }: { $why }
simulate-not-laid-cover = { $who } for { $with }, { $days }: { $why }
simulate-not-laid-gone = { $member } is not in this roster
simulate-not-laid-turns = those turns are not theirs here
simulate-not-laid-absent = { $member } is away then
simulate-not-laid-refused = the duty book does not allow it here
simulate-left-out = { $inquiry } could not be replayed and is in no figure: { $why }
simulate-act-updated = update by the source
simulate-act-claimed = claim
simulate-act-assigned = assign
simulate-act-released = release
simulate-act-taken-over = take over
simulate-act-noted = note
simulate-act-replied = reply
simulate-act-reply-retracted = take a reply back
simulate-act-reply-failed = reply that was lost
simulate-act-requester-replied = message of the requester
simulate-act-no-answer-needed = no answer needed
simulate-act-waited = wait
simulate-act-resumed = resume
simulate-act-severity-set = severity
simulate-act-not-urgent = not urgent
simulate-act-transferred = transfer
simulate-act-severity-agreed = agreeing on the severity
simulate-act-handoff = asking at the handoff
simulate-act-next = next step
simulate-act-snoozed = snooze
simulate-act-resolved = resolve
simulate-act-closed = close
simulate-act-reopened = reopen
simulate-act-other = another act

## toban source

source-unknown = There is no source "{ $name }" in the configuration. There are: { $known }
source-none = none
source-trackers = Trackers:
tracker-state-never-asked = not used yet
tracker-state-ok = ok (last answer: { $at })
tracker-state-failing = failing { $count }× since { $since }
tracker-state-out = out: failed { $count }× since { $since }
tracker-waiting = to be sent: { $count }
tracker-dead = could not be sent: { $count } (see toban outbox)
source-none-at-all = No source is configured.
source-is-off = Source "{ $name }" is switched off (enabled = false); switch it on in the configuration.
source-is-portal = This is the portal's form, which maps no documents.
source-not-polled = Source "{ $id }" is not polled (it has no [source.poll]). What it delivers can be tried with "toban source test".
source-no-database = There is no database yet; "toban serve" makes it at its first start.
source-file-unreadable = This cannot be read: { $why }
source-no-items = It holds no items.
source-item-good = { $number }. { $id } "{ $title }"
source-item-passed = { $number }. Left alone: take says no.
source-item-unreadable = { $number }. Unreadable — { $field }: { $why }
source-item-bad = { $number }. Unreadable: { $why }
source-queue = queue
source-by-team = team
source-by-own = toban's own account
source-message = { $at } { $by }: { $text }
source-messages = { $count ->
        [one] one message
       *[other] { $count } messages
    }
source-lines = { $text } ({ $count } lines)
source-why-given = { $text }
source-why-blank = blank: { $text }
source-why-lacks = blank: { $text } (the document has no { $why })
source-why-odd = left out, for this is no value ("{ $given }"): { $text }
source-why-take = take says no: { $text }
source-why-routing = by the routing rules
source-why-join = {" → "}
source-made-default = default { $value }
source-made-customer = { $value }, as the customer has
source-made-unknown = "{ $given }" is unknown here: default { $value }, shown on the card
source-made-unknown-none = "{ $given }" is unknown here: none, shown on the card
source-made-member = known as member { $member }
source-made-stranger = nobody here has this name: nobody owns it ([source.owners] can say who it is)
source-try-headers = {"  "}headers: { $names }
source-try-body = {"  "}body: { $body }
source-try-answer = {"  "}answered { $status } in { $ms } ms, { $bytes } bytes, { $kind }
source-try-no-answer = {"  "}no answer ({ $ms } ms): { $why }
source-try-failed = Nothing could be fetched: { $why }
source-try-page = { $count ->
        [one] One item
       *[other] { $count } items
    }. Cursor: { $before } → { $after }
source-try-more = Another page waits (--pages fetches on).
source-try-held = The cursor does not move: { $why }
source-try-empty = There are no items. The answer holds: { $names }. If you expected some, look at the expression items in [source.poll], at the conditions of the search, or try --cursor.
source-try-kept-nothing = Nothing was stored, and the cursor has not moved.
source-hint-401 = The key is not accepted. Look at the secret (variable or file) and at how the header is written (Bearer, Basic …).
source-hint-403 = The key arrives, but may not do this. Look over there at its rights and at the addresses it may come from.
source-hint-404 = There is nothing at this address. Look at base_url, url and the numbers in [source.setting].
source-hint-405 = This is not asked like that. Look at method (GET, POST).
source-hint-429 = This is asked too often. Make every longer; toban waits as long as it is told to.
source-hint-redirect = It points to another address ({ $to }), and toban follows no redirects. Write the right one as base_url. If it points to a sign-in page, the key does not arrive.
source-hint-5xx = Something is broken over there. Try again later.
source-hint-html = A page for people (HTML) came instead of data: a sign-in page, or an address that is not the API's. Look at url and at the key.
source-hint-private = { $host } is at a private address. If that is meant, add to the configuration: [net] allow_private = ["{ $range }"]
source-hint-invalid = This request cannot be sent. Look at how url and headers are written.
source-hint-name = The host's name is not known. Look at the spelling of base_url and at the DNS of this machine.
source-hint-connect = Nobody listens there. Look whether it runs, at the port, and at firewalls.
source-hint-connect-timeout = Connecting took too long. Look whether a firewall is in the way.
source-hint-tls = There is no secure connection. Look at the certificate's end and name, and whether http and https are mixed up.
source-hint-timeout = The answer did not come in time. Ask for fewer items at once, or look at the load over there.
source-hint-broken = The connection broke off within the answer. Try again; if it goes on, look at the server and at what is in between.
source-hint-large = The answer is too large. Ask for fewer items at once.
source-state-off = off
source-state-filed = the portal's form
source-state-never-delivered = nothing was delivered yet
source-state-delivered = ok (last delivery { $at })
source-state-never-polled = never polled yet
source-state-ok = ok
source-state-held = held up: items come, but the same ones are read again and again and nothing behind them
source-state-unfiled = taking mails in, but not marking or moving them
source-state-late = late (it was due { $at }; is toban running?)
source-state-failing = failing { $count }× since { $since }
source-state-out = out: failed { $count }× since { $since }
source-line-why = Why: { $why }
source-line-do-held = What to do: if the reason is an expression of the configuration (cursor, has_more), mend it in [source.poll]; if it is an answer of the other side, wait or mend it there. Until then nothing behind that place is taken in; nothing is lost and nothing comes twice. To see it: toban source try { $id }
source-line-do-unfiled = What to do: see whether the folder to move to exists and whether this user may write. Mails go on being taken in, and are filed once it works again.
source-line-last-ok = Last good answer: { $at }
source-line-next = Next poll: { $at }
source-line-delivered = Last delivery: { $at }
source-line-refused = Refused delivery: { $at } ({ $why })
source-line-last-item = Last new or changed item: { $at }
source-line-since = Taken from: { $at } (what was last changed before becomes no new inquiry; `since` and `backlog` change that)
source-line-since-quiet = Taken from: { $at } (what was last changed before comes in without pings and deadlines)
source-item-before = last changed before { $since }: it becomes no new inquiry (`since` and `backlog` change that)
source-item-before-quiet = last changed before { $since }: it comes in without pings and deadlines
source-line-received = Inquiries in 24 hours: { $count }
source-line-cursor = Cursor: { $cursor }
source-line-cursor-at = Cursor: { $cursor } ({ $age } ago)
source-line-ahead = Clock: { $span } ahead of ours
source-line-behind = Clock: { $span } behind ours
source-line-unreadable = Unreadable documents: { $count } (toban source unreadable { $id })
source-line-backs = Write-backs: { $waiting } waiting ({ $late } late), { $dead } dead
source-line-backs-why = Write-backs: { $waiting } waiting ({ $late } late), { $dead } dead ({ $why })
source-remark-unreadable = { $count ->
        [one] one document
       *[other] { $count } documents
    } could not be read
source-remark-dead = { $count ->
        [one] one write-back is
       *[other] { $count } write-backs are
    } dead (toban outbox)
source-remark-late = { $count ->
        [one] one write-back is
       *[other] { $count } write-backs are
    } late (toban outbox)
source-comes-filed = form
source-comes-delivered = webhook
source-comes-both = webhook and poll
source-comes-fetched = poll
source-comes-mailed = mailbox
source-head = { $id } "{ $name }" — { $comes }: { $state }
source-polled = { $id } is polled now; see: toban source status { $id }
source-unreadable-none = { $id } has no documents that could not be read.
source-unreadable-unknown = { $source } has no document { $id }; see: toban source unreadable { $source }
source-unreadable-line = { $id }  { $at }  { $why }
source-unreadable-replayed = { $id }  { $at }  { $why } (replayed { $replayed })
source-replayed = { $id } → { $reference }
source-replayed-nothing = { $id } → nothing to take in
source-replay-failed = { $id } is still unreadable: { $why }

## toban check --connect

connect-answers = answers
connect-no-database = there is none yet; { $path } will be made at the first start
connect-no-database-unwritable = there is none yet, and { $path } cannot be made: { $folder } cannot be written to ({ $why })
connect-empty-database = answers; it is empty, and its tables will be made at the first start
connect-older-database = answers; its schema { $found } will be brought up to { $needed } at the next start
connect-calendar = answers; { $count ->
        [one] one day
       *[other] { $count } days
    }
connect-calendar-span = answers; { $count ->
        [one] one day, { $first }
       *[other] { $count } days from { $first } to { $last }
    }
connect-calendar-copy = { $why }; a start would use the copy of { $at }
connect-calendar-none = { $why }; there is no earlier copy, so a server would not start
connect-item = source "{ $source }": an item is no inquiry: { $why }
connect-cursor = source "{ $source }": { $why }
span-seconds = { $count } s
span-minutes = { $count } min
span-hours = { $count } h
span-hours-minutes = { $hours } h { $minutes } min
span-minutes-seconds = { $minutes } min { $seconds } s
## Contracts

field-contract = Contract
tone-no-contract = No contract
contract-covered = { $contract }
contract-covered-until = { $contract }, until { $on }
contract-ended = { $contract } ended on { $on }
contract-not-yet = { $contract } begins on { $from }
contract-other-products = { $contract } covers { $products } only
contract-none = Not in the contract register
contract-unknown = Nobody said who the customer is, so it could not be checked
contract-ends-soon = { $days ->
    [0] ends on the day of receipt
    [one] ends one day after the receipt
   *[other] ends { $days } days after the receipt
 }
contract-products = Products: { $products }
contract-hours = Hours: { $calendar }
contract-counts-from-receipt = Deadlines count from the receipt ({ $at }).
flag-contract-held = No contract was found, so no deadline runs. Refuse it, or take it as an exception.
flag-contract-apart = Without a contract: not counted among the promises
flag-contract-excepted = Taken without a contract ({ $by }): { $reason }
button-refuse = Refuse
button-except = Take as exception
button-check-contract = Check again
verb-check-contract = asks the contract register again
verb-refuse = sends the canned refusal for want of a contract, and closes
verb-except = takes it without a contract; deadlines count from the receipt
notice-contract-checked = Contract checked ({ $by }): { $what }
notice-contract-excepted = { $by } took it as an exception: { $reason }
timeline-contract = Contract: { $what }
done-refuse = The refusal of { $reference } is on its way, and it is closed.
done-except = { $reference } is taken as an exception. Deadlines count from the receipt.
line-no-contract = { $reference } { $severity } { $title } – { $owner } – no contract (nothing is due)
why-contract = Contract { $contract }: { $promise }
why-no-contract = No contract was found for { $reference }, so no deadline runs.
because-contract = the contract's hours
moved-by-contract = the contract was checked again
refused-contract-covers = Contract { $contract } covers { $reference }. To turn it down all the same, reply with your reason and close it.
refused-contract-unchecked = No contract was looked for yet for { $reference }. Say check-contract first.
refused-contract-excepted = { $by } took { $reference } as an exception at { $at }.
refused-not-held = { $reference } is not held back for want of a contract, so it needs no exception.
refused-no-register = The contract register is empty. Fill it with toban contract import.
discord-command-contract = Contract checks, refusals and exceptions
web-param-refusal = Words of the refusal
web-param-exception = Why it is taken all the same
web-form-refusal-elsewhere = This source takes no replies. Say this over there, record it as replied, and close the inquiry with the reason refused.
web-form-refusal = This goes to the requester as it stands, and the inquiry is closed as refused. Change it if need be.
check-queue-contract-shown = Checks the contract and shows it on the card.
check-queue-contract-required = Checks the contract; without one no deadline runs and a refusal is offered.
simulate-no-contract = No contract (counted apart)
contract-all-products = all products
contract-line = { $contract }  { $customer }  { $plan }  { $products }  { $days }
contract-plan = plan { $plan }
contract-any-plan = any plan
contract-days = { $from } to { $until }
contract-from = from { $from }
contract-until = until { $until }
contract-always = without an end
contract-list-nothing = There is no such contract.
contract-detail = { $column }: { $value }
contract-log-added = { $at } added by { $by }
contract-log-changed = { $at } changed by { $by }
contract-log-removed = { $at } removed by { $by }
contract-column-customer = customer
contract-column-aliases = aliases
contract-column-plan = plan
contract-column-products = products
contract-column-calendar = hours
contract-column-region = region
contract-column-language = language
contract-column-starts = starts on
contract-column-ends = ends on
contract-column-note = note
import-added = added: { $contract }
import-changed = changed: { $contract }
import-removed = removed: { $contract }
import-difference = {"    "}{ $column }: { $old } → { $new }
import-done = Done: { $added } added, { $changed } changed, { $removed } removed, { $same } as they were
import-would = Nothing is done yet. It would be: { $added } added, { $changed } changed, { $removed } removed, { $same } as they were
import-undone = Nothing was changed, because of these mistakes.
import-fault = line { $line }: { $what }
import-fault-at = line { $line }, "{ $column }": { $what }
import-no-table = this is no CSV ({ $why })
import-damaged = { $count } characters cannot be read: save the file in UTF-8 or CP932 (Shift_JIS)
import-no-customer = there is no column "customer"; the first line names the columns ({ $known })
import-column-twice = this column is there twice; keep one
import-column-unknown = The column "{ $column }" is not used.
import-nothing = there is no contract in it
import-twice = contract { $contract } is on line { $line } too; if it is another, give it a number of its own
import-bad-number = the number of the contract is blank or holds a character that cannot be used
import-customer-missing = the customer is missing
import-no-date = "{ $given }" is no date: write it like 2027-03-31
import-ends-before = it ends ({ $ends }) before it starts ({ $starts })
import-no-calendar = there is no calendar "{ $given }" in the configuration (there are: { $known })
import-no-language = "{ $given }" is no language of ours: write ja or en
import-no-plan = no policy knows the plan "{ $given }" (there are: { $known })
import-too-long = this is too long (up to { $limit } characters)
import-unclosed = a quote (") opens here and is never closed: close it or drop it
import-line-break = there is a line break in it: see whether a quote (") is closed
import-beyond = "{ $given }" stands to the right of the headings: see whether there is a comma too many, and put a value with commas into "…"
import-nul = there is a character in it that cannot be kept (NUL)
import-too-many = there are { $count } of them, and at most { $limit } are taken: look at the separators and quotes
import-held = Inquiries that are held for want of a contract: { $count }. Nothing moves by itself: press “Check again” on their cards.
import-nobody-looks = No queue looks at contracts: write contract = "shown" or "required" in a [[queue]].
# ── The gate of escalations: what is missing, sent back, out of scope, routing ──

need-body = what happens
need-customer = the customer
need-tried = what was tried
need-settings-checked = settings checked by support
need-environment = the environment
need-error-text = the error message
field-channel = Came by
field-tried = Tried
field-settings-checked = Settings
settings-checked-yes = checked
settings-checked-no = not checked
field-environment = Environment
field-error-text = Error message
field-bounces = Sent back
field-referred = Handed on to
flag-gaps = Missing ({ $missing } of { $needs }): { $gaps }
stage-sent-back = sent back (to be chased { $chase })
button-bounce = Send back
verb-bounce = sends it back to the requester for what is missing (without a reason: a text that lists it)
verb-out-of-scope = hands it on as out of scope (to sales, for example) and closes it
done-bounce = { $reference } has been sent back. You will hear when they answer.
done-out-of-scope = { $reference } has been handed on as out of scope, and is closed.
notice-bounced = { $by } sent it back (to be chased { $chase }): { $text }
notice-bounced-again = { $by } sent it back, { $count } times by now (to be chased { $chase }): { $text }
notice-bounce-filled = What it was sent back for has been added in the source. Work goes on.
notice-referred = { $by } handed it on to { $to } as out of scope.
notice-referred-note = { $by } handed it on to { $to } as out of scope: { $note }
notice-handed-on = { $by } handed the work on from { $from } to { $to }: { $reason }
referred-sales = sales
referred-professional-services = professional services
referred-to = { $to }
referred-to-note = { $to } ({ $note })
change-channel = Entrance changed
change-tried = What was tried changed
change-settings-checked = Settings checked or not: changed
change-environment = Environment changed
change-error-text = Error message changed
refused-no-way-to-bounce = Nothing can be sent back to the source of { $reference }. Tell the requester there, then say "bounce told=elsewhere".
refused-no-way-to-bounce-url = Nothing can be sent back to the source of { $reference }. Tell the requester there, then say "bounce told=elsewhere": { $url }
template-missing = - { $what }
template-bounce =
    Thank you for contacting us. To look into this we need the following:
    { $lines }
    Please add it and reply. We will go on as soon as we have it.
template-out-of-scope =
    Thank you for contacting us. What you ask for is outside the scope of this support desk, so we have handed it on to { $to }.
    You will hear from { $to } from here on.
template-place-of-team = [team]
requester-sent-back = We are waiting for more information from you (sent back)
requester-please-add = Please add
requester-bounced = We asked you for more information: { $text }
discord-command-intake = Intake: sending back, out of scope, splitting off
web-param-moving = Why it moves
web-param-bounce = What to tell the requester
web-param-told = Telling the requester
web-param-refer-to = Handed on to
web-param-refer-who = Who that is
web-param-refer-reply = Reply to the requester
web-form-seen-by-requester = needed; the requester sees it too
web-form-sent-to-requester = is sent to the requester
web-form-template = fills the text, which you can change
web-form-no-template = None
web-form-if-other = needed for "Other"
web-form-misrouted = Wrong queue (counts for mending the rules)
web-form-told-here = Send it from here
web-portal-done = What you have checked
web-portal-settings-checked = Have you made sure that no setting is wrong?
web-portal-settings-yes = Yes, checked
web-portal-settings-no = Not yet
web-portal-environment = Environment
web-portal-environment-hint = Version, browser, operating system, the customer's set-up
web-portal-error-text = Error message
web-portal-error-text-hint = Word for word, as it was shown
web-portal-needed-investigation = needed for an investigation
web-portal-needed-specification = needed for a question of specification
web-portal-wrong-gate = Something is still missing. What you have written is kept.
web-portal-wrong-body = Please describe what happens.
web-portal-wrong-customer = Please name the customer.
web-portal-wrong-tried = Please write what you have tried, and what came of it.
web-portal-wrong-settings-checked = Please check the settings first, then choose "Yes, checked".
web-portal-wrong-environment = Please describe the environment in which it happens.
web-portal-wrong-error-text = Please give the error message that is shown.
route-test-unreadable = { $number }: cannot be read as an inquiry: { $why }
route-test-not-taken = { $number }: the source lets this document pass (take)
route-test-ruled = { $number }: "{ $title }" ({ $id }) → { $queue }, by rule { $rule }
route-test-default = { $number }: "{ $title }" ({ $id }) → { $queue }, the default: no rule matches
route-test-matched = matches
route-test-not-matched = no match
route-test-too-late = matches (an earlier rule rules)
route-test-error = cannot be evaluated ({ $why })
routing-received = Received from { $from } until { $until }: { $count }
routing-rule = Rule { $number } ({ $rule })
routing-rule-gone = A rule that is gone ({ $rule })
routing-default = No rule matched
routing-triage = No rule matched (unknown product or region)
routing-split = Split off (chosen by a person)
routing-follows = Words long after the end (stays where the case was)
routing-not-kept = Received before routing was recorded
routing-line-right = { $rule } → { $queue }: { $count } received, none in the wrong queue
routing-line-wrong = { $rule } → { $queue }: { $moved } of { $count } ({ $percent } %) were in the wrong queue; they belonged to { $to }
routing-to = { $queue } ({ $count })
routing-word = { $word } ({ $count })
routing-mistake = {"    "}{ $inquiry }, { $at }, to { $to }: { $reason }
routing-mistake-erased = {"    "}{ $inquiry }, { $at }, to { $to } (the reason was erased)
routing-unknown-products = {"    "}unknown products: { $words }
routing-unknown-regions = {"    "}unknown regions: { $words }
routing-products = {"    "}products: { $words }
routing-regions = {"    "}regions: { $words }
routing-bounces = Sent back: { $inquiries ->
        [one] { $inquiries } inquiry
       *[other] { $inquiries } inquiries
    }, { $count ->
        [one] once
       *[other] { $count } times
    }
routing-out-of-scope = Out of scope, handed on: sales { $sales }, professional services { $services }, other { $other }
routing-left-out = { $count } ledgers cannot be read and are not counted
