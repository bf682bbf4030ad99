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
