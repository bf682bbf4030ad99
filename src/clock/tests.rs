#![allow(clippy::unwrap_used)]

use super::*;

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn scaled(start: &str, speed: u32) -> ScaledClock {
    ScaledClock::new(at(start), NonZeroU32::new(speed).unwrap())
}

#[test]
fn the_system_clock_shows_whole_milliseconds() {
    let now = SystemClock.now();
    assert_eq!(now.subsec_nanosecond() % 1_000_000, 0, "{now}");
    assert!(now > at("2026-01-01T00:00:00Z"), "{now}");
}

#[test]
fn nobody_waits_for_what_has_passed() {
    let clock = SystemClock;
    assert_eq!(clock.wait_for(clock.now()), Duration::ZERO);
    assert_eq!(clock.wait_for(at("1999-12-31T23:59:59Z")), Duration::ZERO);
    let hour = SignedDuration::from_hours(1);
    let wait = clock.wait_for(clock.now() + hour);
    assert!(wait <= Duration::from_secs(3600), "{wait:?}");
    assert!(wait > Duration::from_secs(3500), "{wait:?}");
}

#[test]
fn a_millisecond_is_cut_downwards_on_both_sides_of_1970() {
    #[track_caller]
    fn check(instant: &str, cut: &str) {
        assert_eq!(whole_milliseconds(at(instant)), at(cut));
    }
    check("2026-11-21T09:00:00.123999999Z", "2026-11-21T09:00:00.123Z");
    check("2026-11-21T09:00:00.123Z", "2026-11-21T09:00:00.123Z");
    check("1969-12-31T23:59:59.9995Z", "1969-12-31T23:59:59.999Z");
    assert_eq!(whole_milliseconds(Timestamp::MIN), Timestamp::MIN);
    assert!(whole_milliseconds(Timestamp::MAX) <= Timestamp::MAX);
}

#[tokio::test(start_paused = true)]
async fn a_clock_sixty_times_faster_shows_a_minute_for_each_second() {
    let clock = scaled("2026-11-20T17:00:00Z", 60);
    assert_eq!(clock.now(), at("2026-11-20T17:00:00Z"));
    tokio::time::advance(Duration::from_secs(1)).await;
    assert_eq!(clock.now(), at("2026-11-20T17:01:00Z"));
    tokio::time::advance(Duration::from_millis(1_500)).await;
    assert_eq!(clock.now(), at("2026-11-20T17:02:30Z"));
    assert_eq!(clock.speed().get(), 60);
}

#[tokio::test(start_paused = true)]
async fn waiting_on_a_fast_clock_is_shorter_and_never_too_short() {
    let clock = scaled("2026-11-20T17:00:00Z", 7);
    assert_eq!(
        clock.wait_for(at("2026-11-20T17:00:07Z")),
        Duration::from_secs(1)
    );
    assert_eq!(clock.wait_for(at("2026-11-20T16:59:00Z")), Duration::ZERO);
    for ms in [1, 2, 6, 7, 8, 13, 999, 1_000, 86_400_001] {
        let due = clock.now() + SignedDuration::from_millis(ms);
        let wait = clock.wait_for(due);
        tokio::time::advance(wait).await;
        assert!(
            clock.now() >= due,
            "{ms} ms: waited {wait:?}, shows {}",
            clock.now()
        );
        assert_eq!(clock.wait_for(due), Duration::ZERO);
    }
}

#[tokio::test(start_paused = true)]
async fn a_clock_that_ran_off_the_calendar_stands_still() {
    let clock = scaled("9999-12-30T00:00:00Z", u32::MAX);
    tokio::time::advance(Duration::from_secs(86_400)).await;
    assert_eq!(clock.now(), whole_milliseconds(Timestamp::MAX));
}

#[tokio::test(start_paused = true)]
async fn a_time_out_says_how_long_it_waited() {
    let after = Duration::from_secs(3);
    let never = timeout(after, std::future::pending::<()>()).await;
    assert_eq!(never, Err(TimedOut { after }));
    assert_eq!(never.unwrap_err().to_string(), "no answer within 3s");
    assert_eq!(timeout(after, async { 7 }).await, Ok(7));
}

#[tokio::test(start_paused = true)]
async fn sleeping_moves_monotonic_time() {
    let start = monotonic();
    sleep(Duration::from_secs(5)).await;
    assert_eq!(monotonic() - start, Duration::from_secs(5));
    sleep_until(start + Duration::from_secs(8)).await;
    assert_eq!(monotonic() - start, Duration::from_secs(8));
}

#[test]
fn ids_are_uuid_text_and_sort_as_they_were_made() {
    let ids: Vec<String> = (0..2_000).map(|_| SystemIds.id()).collect();
    assert!(
        ids.is_sorted_by(|a, b| a < b),
        "an id did not sort after the one before"
    );
    assert!(
        ids.iter()
            .all(|id| uuid::Uuid::parse_str(id).unwrap().get_version_num() == 7)
    );
}

#[test]
fn tokens_are_random_and_may_stand_in_a_url() {
    let tokens: std::collections::BTreeSet<String> = (0..500).map(|_| SystemIds.token()).collect();
    assert_eq!(tokens.len(), 500);
    for token in &tokens {
        assert_eq!(token.len(), 43, "{token}");
        assert!(
            token
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_'),
            "{token}"
        );
    }
    assert_eq!(
        URL_SAFE_NO_PAD.decode(SystemIds.token_of(9)).unwrap().len(),
        9
    );
}
