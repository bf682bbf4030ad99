//! What must hold for every calendar, zone and instant.

use super::*;
use proptest::prelude::*;

const ZONES: [&str; 6] = [
    "Asia/Tokyo",
    "America/New_York",
    "Europe/Berlin",
    "Australia/Lord_Howe",
    "America/Sao_Paulo",
    "Pacific/Apia",
];

/// From 2009-12-19 to 2020: Apia skips a day, Sao Paulo's clocks change at midnight, Lord Howe's by half an hour.
fn any_instant() -> impl Strategy<Value = Timestamp> {
    prop_oneof![
        (1_261_180_800..1_600_000_000_i64),
        // Around the day that Apia skipped.
        (1_325_000_000..1_325_400_000_i64),
        // Around changes of the clocks in New York, Berlin and Sao Paulo.
        (1_520_650_000..1_520_900_000_i64),
        (1_541_000_000..1_541_350_000_i64),
    ]
    .prop_map(|seconds| Timestamp::from_second(seconds).unwrap())
}

fn any_periods() -> impl Strategy<Value = Vec<Period>> {
    let quarter = 900;
    prop::collection::btree_set(0..192_u32, 0..5).prop_map(move |quarters| {
        let edges: Vec<u32> = quarters.into_iter().map(|q| q * quarter).collect();
        edges
            .chunks_exact(2)
            .filter_map(|pair| Period::new(pair[0], pair[1]).ok())
            .collect()
    })
}

fn any_date() -> impl Strategy<Value = Date> {
    any_instant().prop_map(|at| TimeZone::UTC.to_datetime(at).date())
}

/// Business hours, or several offices that share the work.
fn any_calendar() -> impl Strategy<Value = Calendar> {
    prop_oneof![
        2 => any_hours().prop_map(made),
        1 => prop::collection::vec(any_hours(), 1..4).prop_map(|offices| union(&offices)),
    ]
}

prop_compose! {
    fn any_hours()(
        zone in prop::sample::select(&ZONES[..]),
        days in prop::array::uniform7(any_periods()),
        exceptions in prop::collection::btree_map(any_date(), any_periods(), 0..6),
        breaks in prop::collection::btree_map(any_date(), any_periods(), 0..6),
        holidays in prop::collection::btree_map(any_date(), Just("holiday".to_owned()), 0..12),
    ) -> Business {
        let mut week = Week::default();
        for (day, periods) in WEEKDAYS.into_iter().zip(days) {
            *week.day_mut(day) = periods;
        }
        week.wed = periods(&["09:00-12:00", "13:00-18:00"]);
        Business { zone: zone.to_owned(), week, exceptions, breaks, holidays, ..Business::default() }
    }
}

fn any_amount() -> impl Strategy<Value = SignedDuration> {
    prop_oneof![
        Just(0),
        0..400_000_i64,
        (0..100_i64).prop_map(|quarters| quarters * 900)
    ]
    .prop_map(SignedDuration::from_secs)
}

fn minutes(count: i64) -> SignedDuration {
    SignedDuration::from_mins(count)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_deadline_has_exactly_its_amount_of_open_time_before_it(calendar in any_calendar(), start in any_instant(), amount in any_amount()) {
        let due = calendar.due_after(start, amount);
        prop_assert!(due >= start);
        prop_assert_eq!(calendar.worked_between(start, due), amount);
        prop_assert_eq!(calendar.worked_between(calendar.before(due, amount), due), amount);
        prop_assert!(amount.is_zero() || calendar.before(due, amount) >= start);
    }

    #[test]
    fn deadlines_never_move_backwards(calendar in any_calendar(), start in any_instant(), amount in any_amount(), later in 0..200_000_i64, more in any_amount()) {
        let due = calendar.due_after(start, amount);
        prop_assert!(calendar.due_after(start + SignedDuration::from_secs(later), amount) >= due);
        prop_assert!(calendar.due_after(start, amount + more) >= due);
        prop_assert!(amount.is_zero() || calendar.due_after(due, more) >= calendar.due_after(start, amount + more));
    }

    #[test]
    fn it_is_open_exactly_inside_its_segments(calendar in any_calendar(), start in any_instant()) {
        let end = start + minutes(3 * 24 * 60);
        let segments = calendar.segments(start, end);
        prop_assert!(segments.iter().all(|s| s.opens_at < s.closes_at && start <= s.opens_at && s.closes_at <= end));
        prop_assert!(segments.windows(2).all(|pair| pair[0].closes_at < pair[1].opens_at));
        let inside = |at: Timestamp| segments.iter().any(|s| s.opens_at <= at && at < s.closes_at);
        let mut at = start;
        while at < end {
            prop_assert_eq!(calendar.is_open(at), inside(at), "{}", at);
            prop_assert_eq!(calendar.why_closed(at).is_none(), inside(at), "{}", at);
            at += minutes(13);
        }
        let total: SignedDuration = segments.iter().map(|s| s.closes_at.duration_since(s.opens_at)).fold(SignedDuration::ZERO, |a, b| a + b);
        prop_assert_eq!(calendar.worked_between(start, end), total);
    }

    #[test]
    fn openings_and_closings_are_where_it_opens_and_closes(calendar in any_calendar(), at in any_instant()) {
        let nano = SignedDuration::from_nanos(1);
        let open = calendar.next_open(at).unwrap();
        prop_assert!(open >= at && calendar.is_open(open));
        prop_assert_eq!(open == at, calendar.is_open(at));
        prop_assert!(open == at || !calendar.is_open(open - nano));
        let close = calendar.last_close_before(at).unwrap();
        prop_assert!(close <= at && !calendar.is_open(close) && calendar.is_open(close - nano));
        let span = calendar.open_span(at).unwrap();
        prop_assert!(span.opens_at <= open && open < span.closes_at);
        prop_assert!(!calendar.is_open(span.opens_at - nano) && !calendar.is_open(span.closes_at));
        prop_assert_eq!(calendar.segments(span.opens_at, span.closes_at), vec![span]);
    }

    #[test]
    fn the_account_covers_the_whole_way(calendar in any_calendar(), start in any_instant(), amount in any_amount()) {
        let pieces = calendar.pieces(start, amount);
        let mut at = start;
        for piece in &pieces {
            prop_assert_eq!(piece.starts_at, at);
            prop_assert!(piece.ends_at > at);
            prop_assert_eq!(calendar.is_open(piece.starts_at), piece.part == Part::Counted);
            at = piece.ends_at;
        }
        prop_assert_eq!(at, calendar.due_after(start, amount));
        let counted = pieces.iter().filter(|p| p.part == Part::Counted).map(Piece::length);
        prop_assert_eq!(counted.fold(SignedDuration::ZERO, |a, b| a + b), amount);
    }

    #[test]
    fn a_union_is_open_exactly_when_an_office_is(offices in prop::collection::vec(any_hours(), 1..4), start in any_instant()) {
        let all = union(&offices);
        let each: Vec<Calendar> = offices.into_iter().map(made).collect();
        let mut at = start;
        for _ in 0..200 {
            prop_assert_eq!(all.is_open(at), each.iter().any(|own| own.is_open(at)), "{}", at);
            prop_assert_eq!(all.awake_offices(at).len(), each.iter().filter(|own| own.is_open(at)).count());
            at += minutes(23);
        }
        let next = each.iter().filter_map(|own| own.next_open(start)).min();
        prop_assert_eq!(all.next_open(start), next);
        // What is shared is as long as what is worked, and every piece of it has somebody awake.
        let end = start + minutes(4 * 24 * 60);
        for segment in all.segments(start, end) {
            let shared = all.shared(segment.opens_at, segment.closes_at);
            prop_assert_eq!(shared.first().map(|(piece, _)| piece.opens_at), Some(segment.opens_at));
            prop_assert_eq!(shared.last().map(|(piece, _)| piece.closes_at), Some(segment.closes_at));
            prop_assert!(shared.windows(2).all(|pair| pair[0].0.closes_at == pair[1].0.opens_at && pair[0].1 != pair[1].1));
            prop_assert!(shared.iter().all(|(_, awake)| !awake.is_empty()));
        }
    }

    #[test]
    fn a_union_of_one_counts_like_its_office(hours in any_hours(), start in any_instant(), amount in any_amount()) {
        let (one, own) = (union(std::slice::from_ref(&hours)), made(hours));
        prop_assert_eq!(one.due_after(start, amount), own.due_after(start, amount));
        prop_assert_eq!(one.before(start, amount), own.before(start, amount));
        prop_assert_eq!(one.last_close_before(start), own.last_close_before(start));
        prop_assert_eq!(one.open_span(start), own.open_span(start));
        prop_assert_eq!(one.pieces(start, amount), own.pieces(start, amount));
        prop_assert_eq!(one.add_working_days(start, 3), own.add_working_days(start, 3));
    }

    #[test]
    fn worked_days_are_counted_as_if_one_by_one(calendar in any_calendar(), from in any_date(), days in 0..800_i64) {
        let mut one_by_one = 0;
        let mut day = from;
        for _ in 0..days {
            one_by_one += i64::from(calendar.is_worked_day(day));
            day = day.tomorrow().unwrap();
        }
        prop_assert_eq!(calendar.worked_days_between(from, day), one_by_one);
        prop_assert_eq!(calendar.worked_days_between(day, from), -one_by_one);
    }

    #[test]
    fn a_calendar_survives_being_written_and_read(calendar in any_calendar()) {
        let json = serde_json::to_string(&calendar).unwrap();
        let again: Calendar = serde_json::from_str(&json).unwrap();
        prop_assert_eq!(&again, &calendar);
        prop_assert_eq!(serde_json::to_string(&again).unwrap(), json);
    }
}
