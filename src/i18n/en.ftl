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

## Check

check-fine = { $file } has no problems.
check-problems = { $file } has { $count ->
    [one] { $count } problem
   *[other] { $count } problems
}.
check-further-good = ✓ { $subject }: { $said }
check-further-bad = ✗ { $subject }: { $said }

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

check-rota = Rota "{ $rota }": { $member } is on duty now
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

check-no-sources = There are no sources: inquiries come by the API and from chat only.
check-source-webhook = Source "{ $name }" is delivered to POST /hooks/{ $id }.
check-source-portal = Source "{ $name }" is the portal's form.
check-source-poll-every = Source "{ $name }" is asked every { $every }.
check-source-poll-cron = Source "{ $name }" is asked by cron "{ $cron }" ({ $zone }).
