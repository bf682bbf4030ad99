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
web-nothing-yet = Nothing here yet. Inquiries appear as they arrive.
web-to-latest = To the latest
web-new-posts = new posts
web-thread = Thread
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
web-param-no-workaround = Why there is no workaround (if there is none)
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
web-error-unavailable = The desk cannot answer now
web-error-unavailable-advice = Wait a moment, then try again.
web-error-inside = Something went wrong inside
web-error-inside-advice = It has been logged. If it goes on, tell your operator.
web-error-request = This could not be taken
web-error-request-advice = Please check what was entered.
