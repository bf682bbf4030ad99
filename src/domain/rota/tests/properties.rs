//! What must hold for every rota, zone and window.

use super::super::lists::is_idle;
use super::*;
use proptest::prelude::*;
use std::collections::BTreeMap;

const ZONES: [&str; 6] = [
    "Asia/Tokyo",
    "America/New_York",
    "Europe/Berlin",
    "Australia/Lord_Howe",
    "America/Sao_Paulo",
    "Pacific/Apia",
];

/// From 2009-12-19 to 2020, with the day that Apia skipped and changes of clocks more often than chance has it.
fn any_instant() -> impl Strategy<Value = Timestamp> {
    prop_oneof![
        (1_261_180_800..1_600_000_000_i64),
        (1_325_000_000..1_325_400_000_i64),
        (1_520_650_000..1_520_900_000_i64),
        (1_541_000_000..1_541_350_000_i64),
    ]
    .prop_map(|seconds| Timestamp::from_second(seconds).unwrap())
}

fn any_date() -> impl Strategy<Value = Date> {
    any_instant().prop_map(|at| zone("UTC").unwrap().to_datetime(at).date())
}

prop_compose! {
    fn any_works()(
        worked in prop::array::uniform7(prop::bool::weighted(0.7)),
        first in 0..7_usize,
        // Whole stretches off, so that weeks and months without a worked day occur.
        off in prop::collection::vec((any_date(), 1..70_i64), 0..5),
        extra in prop::collection::btree_set(any_date(), 0..5),
    ) -> Calendar {
        let days: Vec<Weekday> = Weekday::Monday.cycle_forward().take(7).enumerate()
            .filter(|(index, _)| worked[*index] || *index == first)
            .map(|(_, day)| day)
            .collect();
        let period = ["09:00-17:00".parse().unwrap()];
        let mut exceptions: BTreeMap<Date, _> = extra.into_iter().map(|day| (day, period.to_vec())).collect();
        for (start, length) in off {
            exceptions.extend(dates(start, length).map(|day| (day, vec![])));
        }
        Calendar::business(Business {
            zone: "UTC".to_owned(),
            week: Week::on(&days, &period),
            exceptions,
            ..Business::default()
        }).unwrap()
    }
}

/// Lists consecutive dates.
fn dates(start: Date, count: i64) -> impl Iterator<Item = Date> {
    std::iter::successors(Some(start), |day| day.tomorrow().ok())
        .zip(0..count)
        .map(|(day, _)| day)
}

fn any_cadence() -> impl Strategy<Value = Cadence> {
    prop_oneof![
        Just(Cadence::DAILY),
        (1..40_u16).prop_map(Cadence::Days),
        (1..5_u16).prop_map(Cadence::Weeks),
        (1..4_u16).prop_map(Cadence::Months),
        (1..30_u16).prop_map(Cadence::Hours),
    ]
}

/// Every version, daily ones with lists for some weekdays now and then.
fn any_version() -> impl Strategy<Value = Version> {
    let list_of_day = prop::collection::vec(0..6_usize, 7);
    (any_plain_version(), list_of_day, 1..5_usize).prop_map(|(mut version, list_of_day, people)| {
        if version.cadence != Cadence::DAILY {
            return version;
        }
        for place in 1..=2 {
            let days = Weekday::Monday.cycle_forward().zip(&list_of_day);
            let days = days.filter(|(_, list)| **list == place).map(|(day, _)| day);
            let mut participants = members(&["doi", "aoki", "endo", "chiba"][..people]);
            participants.rotate_left(place % people);
            let list = DayList {
                days: days.collect(),
                participants,
            };
            let is_idle = version
                .works
                .as_ref()
                .is_some_and(|works| is_idle(&list, works));
            if !list.days.is_empty() && !is_idle {
                version.on.push(list);
            }
        }
        version
    })
}

/// One version, or two of which the later has a date.
fn any_configured() -> impl Strategy<Value = Rota> {
    let later = (any_version(), any_date(), any::<bool>(), any::<bool>());
    (any_version(), prop::option::of(later)).prop_map(|(first, later)| {
        let plan = |versions| Plan {
            name: "any".to_owned(),
            versions,
        };
        let one = rota(vec![first.clone()]);
        let Some((next, from, goes_on, is_small)) = later else {
            return Rota::new(plan(vec![first])).unwrap();
        };
        // What a file does not say stays as before.
        let next = if is_small {
            Version {
                participants: next.participants,
                ..first.clone()
            }
        } else {
            next
        };
        let next = Version {
            dated: Some(Dated { from, goes_on }),
            ..next
        };
        Rota::new(plan(vec![first, next])).unwrap_or(one)
    })
}

prop_compose! {
    fn any_plain_version()(
        starts in any_date(),
        zone in prop::sample::select(&ZONES[..]),
        minutes in 0..96_i8,
        cadence in any_cadence(),
        works in prop::option::of(any_works()),
        people in 1..6_usize,
    ) -> Version {
        Version {
            starts,
            zone: zone.to_owned(),
            handoff: Time::constant(minutes / 4, minutes % 4 * 15, 0, 0),
            cadence,
            works: works.filter(|_| !matches!(cadence, Cadence::Hours(_))),
            participants: members(&["aoki", "baba", "chiba", "doi", "endo"][..people]),
            off_hours: OffHours::Duty,
            on: vec![],
            dated: None,
            begins: None,
        }
    }
}

fn any_rota() -> impl Strategy<Value = Rota> {
    prop::collection::vec(any_version(), 1..4).prop_filter_map(
        "versions out of order",
        |mut versions| {
            versions.sort_by_key(|version| version.starts);
            Rota::new(Plan {
                name: "any".to_owned(),
                versions,
            })
            .ok()
        },
    )
}

prop_compose! {
    /// Edits of a rota, each with who is no member (never anybody whom it names) and how long it is left alone.
    fn any_edits()(
        now in any_instant(),
        edits in prop::collection::vec((any_configured(), 0..5_usize, 0..6_usize, 1..100_000_i64), 1..6),
    ) -> (Timestamp, Vec<(Rota, Vec<&'static str>, SignedDuration)>) {
        const ALL: [&str; 5] = ["aoki", "baba", "chiba", "doi", "endo"];
        let edits = edits.into_iter().map(|(configured, first, gone, minutes)| {
            let mut plan = configured.plan().clone();
            for version in &mut plan.versions {
                let people = version.participants.len();
                version.participants.rotate_left(first % people);
            }
            let orders = plan.versions.iter().flat_map(Version::orders);
            let named: Vec<MemberId> = orders.flatten().cloned().collect();
            let is_named = |who: &&str| named.contains(&MemberId::from(*who));
            let gone = ALL.into_iter().filter(|who| !is_named(who)).take(gone).collect();
            (Rota::new(plan).unwrap_or(configured), gone, SignedDuration::from_mins(minutes))
        });
        (now, edits.collect())
    }
}

fn any_overrides(from: Timestamp) -> impl Strategy<Value = Vec<Override>> {
    let hours = |count: i64| SignedDuration::from_hours(count);
    let one = (
        -50..400_i64,
        0..80_i64,
        prop::sample::select(vec!["fuji", "goto", "aoki"]),
    );
    prop::collection::vec(one, 0..6).prop_map(move |list| {
        list.into_iter()
            .map(|(start, length, member)| Override {
                member: member.into(),
                starts_at: from + hours(start),
                ends_at: from + hours(start + length),
            })
            .collect()
    })
}

fn any_window() -> impl Strategy<Value = (Timestamp, Timestamp, Vec<Override>)> {
    (any_instant(), 1..30_000_i64).prop_flat_map(|(from, minutes)| {
        (
            Just(from),
            Just(from + SignedDuration::from_mins(minutes)),
            any_overrides(from),
        )
    })
}

/// Lists the turns of a version by walking the worked days of its zone one by one.
fn turns_day_by_day(version: &Version, days: i64) -> Vec<(Timestamp, usize)> {
    let zone = zone(&version.zone).unwrap();
    let works = version.works.as_ref().unwrap();
    dates(version.starts, days)
        .filter(|day| works.is_worked_day(*day))
        .enumerate()
        .map(|(turn, day)| {
            (
                crate::time::resolve(day.to_datetime(version.handoff), &zone),
                turn,
            )
        })
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn shifts_tile_every_window(rota in any_rota(), (from, to, overrides) in any_window()) {
        let shifts = rota.shifts(from, to, &overrides);
        prop_assert_eq!(shifts.first().unwrap().starts_at, from);
        prop_assert_eq!(shifts.last().unwrap().ends_at, to);
        for shift in &shifts {
            prop_assert!(shift.starts_at < shift.ends_at);
        }
        for pair in shifts.windows(2) {
            prop_assert_eq!(pair[0].ends_at, pair[1].starts_at);
        }
    }

    #[test]
    fn whoever_is_on_duty_has_the_shift(rota in any_rota(), (from, to, overrides) in any_window()) {
        for shift in rota.shifts(from, to, &overrides) {
            let last = shift.ends_at - SignedDuration::from_nanos(1);
            for instant in [shift.starts_at, last] {
                let duty = rota.on_duty(instant, &overrides);
                let cut = Shift {
                    starts_at: duty.shift.starts_at.max(from),
                    ends_at: duty.shift.ends_at.min(to),
                    ..duty.shift
                };
                prop_assert_eq!(&cut, &shift);
                prop_assert_eq!(&duty.turn_of, &rota.planned(instant).member);
                let next = rota.next_after(&duty.turn_of, instant);
                prop_assert!(next.is_none_or(|next| *next != duty.turn_of));
            }
        }
    }

    #[test]
    fn handoffs_only_move_forward_and_take_place_on_worked_days(rota in any_rota(), from in any_instant()) {
        let mut instant = from;
        for _ in 0..20 {
            let shift = rota.planned(instant);
            prop_assert!(shift.starts_at <= instant && instant < shift.ends_at);
            prop_assert_eq!(rota.next_handoff(instant), shift.ends_at);
            let version = rota.version(shift.ends_at);
            let date = zone(&version.zone).unwrap().to_datetime(shift.ends_at).date();
            // A handoff on the day that Apia skipped takes place as the next one begins.
            let skipped = version.zone == "Pacific/Apia" && date.to_string() == "2011-12-31";
            if let Some(works) = &version.works {
                prop_assert!(works.is_worked_day(date) || skipped, "{}", shift.ends_at);
            }
            instant = shift.ends_at;
        }
    }

    #[test]
    fn each_member_has_every_nth_worked_day(version in any_version(), works in any_works(), days in 1..900_i64) {
        let version = Version { cadence: Cadence::DAILY, works: Some(works), on: vec![], ..version };
        let people = version.participants.len();
        let turns = turns_day_by_day(&version, days);
        let rota = rota(vec![version]);
        let mut count: BTreeMap<MemberId, usize> = BTreeMap::new();
        let whole = turns.len() / people * people;
        for (index, (starts_at, turn)) in turns.iter().enumerate() {
            // A turn whose whole day a zone skipped has no instant of its own.
            if turns.get(index + 1).is_some_and(|next| next.0 == *starts_at) {
                continue;
            }
            let shift = rota.planned(*starts_at);
            prop_assert_eq!(shift.starts_at, *starts_at);
            prop_assert_eq!(&shift.member, &rota.plan().versions[0].participants[turn % people]);
            *count.entry(shift.member).or_default() += usize::from(index < whole);
        }
        let apia = rota.plan().versions[0].zone == "Pacific/Apia";
        prop_assert!(apia || count.values().all(|turns| *turns == whole / people));
    }

    #[test]
    fn each_list_turns_over_its_own_worked_days(version in any_version(), works in any_works(), days in 1..900_i64) {
        let mut version = Version { cadence: Cadence::DAILY, ..version };
        version.works = Some(works.clone()).filter(|works| !version.on.iter().any(|list| is_idle(list, works)));
        let is_worked = |day: &Date| version.works.as_ref().is_none_or(|works| works.is_worked_day(*day));
        let whole = rota(vec![version.clone()]);
        for (place, order) in version.orders().enumerate() {
            let own = dates(version.starts, days).filter(is_worked);
            let own = own.filter(|day| version.order_of(day.weekday()) == place);
            for (turn, day) in own.enumerate() {
                let starts_at = crate::time::resolve(day.to_datetime(version.handoff), whole.turns[0].zone());
                let tomorrow = crate::time::resolve(day.tomorrow().unwrap().to_datetime(version.handoff), whole.turns[0].zone());
                // A turn whose whole day a zone skipped has no instant of its own.
                if starts_at < tomorrow {
                    prop_assert_eq!(&whole.planned(starts_at).member, &order[turn % order.len()]);
                }
            }
        }
    }

    #[test]
    fn a_version_added_to_a_file_changes_nothing_before_its_date(configured in any_configured(), from in any_instant()) {
        let one = rota(vec![configured.plan().versions[0].clone()]);
        let effect = configured.turns.get(1).map_or(Timestamp::MAX, |turns| turns.takes_effect());
        let until = effect.min(from + SignedDuration::from_hours(24 * 20));
        prop_assert_eq!(configured.shifts(from, until, &[]), one.shifts(from, until, &[]));
        if let Some(dated) = configured.plan().versions.get(1).and_then(|version| version.dated.clone()) {
            let zone = configured.turns[1].zone();
            // Samoa had no 30 December 2011.
            prop_assert!(zone.to_datetime(effect).date() >= dated.from);
            prop_assert_eq!(configured.planned(effect).starts_at, effect);
        }
    }

    #[test]
    fn an_idle_week_or_month_skips_nobody(version in any_version(), works in any_works(), weekly in any::<bool>(), from in any_instant()) {
        let cadence = if weekly { Cadence::WEEKLY } else { Cadence::MONTHLY };
        let rota = rota(vec![Version { cadence, works: Some(works), on: vec![], ..version }]);
        let order = &rota.plan().versions[0].participants;
        let mut shift = rota.planned(from);
        for _ in 0..30 {
            let next = rota.planned(shift.ends_at);
            let place = order.iter().position(|member| *member == shift.member).unwrap();
            prop_assert_eq!(&next.member, &order[(place + 1) % order.len()]);
            let length = next.ends_at.duration_since(next.starts_at);
            prop_assert!(length > SignedDuration::ZERO);
            shift = next;
        }
    }

    #[test]
    fn a_later_version_changes_nothing_before_it(rota_of_one in any_version(), later in any_version(), from in any_instant()) {
        let Ok(two) = Rota::new(Plan { name: "any".to_owned(), versions: vec![rota_of_one.clone(), later] }) else {
            return Ok(());
        };
        let one = rota(vec![rota_of_one]);
        let effect = two.turns[1].takes_effect();
        let to = from + SignedDuration::from_hours(24 * 20);
        let until = to.min(effect);
        prop_assert_eq!(two.shifts(from, until, &[]), one.shifts(from, until, &[]));
    }

    #[test]
    fn an_amended_rota_keeps_the_past_and_begins_after_now(old in any_rota(), next in any_version(), now in any_instant()) {
        let new = old.amended(&next, now).unwrap();
        let effect = new.turns.last().unwrap().takes_effect();
        prop_assert!(effect > now);
        let from = now - SignedDuration::from_hours(24 * 20);
        let until = effect.min(now + SignedDuration::from_hours(24 * 40));
        let begun = Rota::new(Plan {
            versions: old.plan().versions[..new.plan().versions.len() - 1].to_vec(),
            ..old.plan().clone()
        }).unwrap();
        prop_assert_eq!(new.shifts(from, until, &[]), begun.shifts(from, until, &[]));
        prop_assert_eq!(new.shifts(from, now, &[]), old.shifts(from, now, &[]));
        prop_assert_eq!(new.planned(effect).starts_at, effect);
        // It begins at a handoff of its own, by its own count.
        let alone = Rota::new(Plan { versions: vec![Version { begins: None, ..new.version(effect).clone() }], ..new.plan().clone() }).unwrap();
        prop_assert_eq!(alone.planned(effect).starts_at, effect);
    }

    #[test]
    fn whatever_is_edited_no_shift_before_now_changes((mut now, edits) in any_edits()) {
        let mut history: Vec<Change> = Vec::new();
        for (configured, gone, wait) in edits {
            let is_member = |who: &MemberId| !gone.contains(&who.as_str());
            let before = in_force(&history).unwrap();
            let change = adopt(&history, &configured, &is_member, now).unwrap();
            history.extend(change);
            let after = in_force(&history).unwrap().unwrap();
            if let Some(before) = before {
                let from = now - SignedDuration::from_hours(24 * 60);
                prop_assert_eq!(after.shifts(from, now, &[]), before.shifts(from, now, &[]));
            }
            // From now on everybody called exists, or the configuration itself names nobody else.
            for shift in after.shifts(now, now + SignedDuration::from_hours(24 * 60), &[]) {
                prop_assert!(is_member(&shift.member), "{:?}", shift);
            }
            // The same configuration again changes nothing, whenever the desk starts again.
            for later in [now, now + wait] {
                prop_assert_eq!(adopt(&history, &configured, &is_member, later).unwrap(), None);
            }
            now += wait;
        }
    }

    #[test]
    fn an_edit_that_is_taken_back_before_it_begins_leaves_no_trace(one in any_version(), other in any_version(), now in any_instant()) {
        prop_assume!(one != other);
        let (one, other) = (rota(vec![one]), rota(vec![other]));
        let mut history = Vec::new();
        for configured in [&one, &other, &one] {
            history.extend(adopt(&history, configured, &|_| true, now).unwrap());
        }
        prop_assert_eq!(history.len(), 3);
        prop_assert_eq!(in_force(&history).unwrap().unwrap(), one);
    }

    #[test]
    fn a_rota_survives_being_written_and_read(rota in any_rota()) {
        let json = serde_json::to_string(&rota).unwrap();
        let again: Rota = serde_json::from_str(&json).unwrap();
        prop_assert_eq!(serde_json::to_string(&again).unwrap(), json);
        prop_assert_eq!(again, rota);
    }
}
