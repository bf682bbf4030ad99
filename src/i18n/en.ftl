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

## Discord

discord-command-toban = The escalation desk
discord-command-duty = See or change who is on duty
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
