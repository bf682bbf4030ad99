#![allow(clippy::unwrap_used)]

use super::*;

/// A desk whose auditor and loops have just looked, changed; whether it is well so much later.
fn well_after(wait: Duration, change: impl FnOnce(&Health)) -> Result<(), Unwell> {
    let health = Health::default();
    let now = monotonic();
    health.audited(Timestamp::UNIX_EPOCH, Findings::default());
    for name in ["cards", "outbox", "polls", "timers"] {
        health.turned(name, now);
    }
    change(&health);
    health.is_well(now + wait)
}

const MINUTE: Duration = Duration::from_mins(1);

#[test]
fn a_desk_that_turns_and_is_clean_is_well() {
    assert_eq!(well_after(MINUTE, |_| {}), Ok(()));
}

#[test]
fn nobody_is_well_before_the_auditor_has_looked() {
    let health = Health::default();
    health.turned("timers", monotonic());
    assert_eq!(health.is_well(monotonic()), Err(Unwell::NotAudited));
}

#[test]
fn what_the_auditor_found_is_not_well() {
    let findings = Findings {
        overdue_outbox: vec!["Q-1".to_owned()],
        ..Findings::default()
    };
    let found = |health: &Health| health.audited(Timestamp::UNIX_EPOCH, findings);
    assert_eq!(well_after(MINUTE, found), Err(Unwell::Findings));
}

#[test]
fn an_old_verdict_counts_for_nothing() {
    let turn = |health: &Health| {
        for name in ["cards", "outbox", "polls", "timers"] {
            health.turned(name, monotonic() + STUCK);
        }
    };
    assert_eq!(well_after(STUCK + MINUTE, turn), Err(Unwell::Unaudited));
}

#[test]
fn one_loop_that_hangs_is_enough() {
    let later = monotonic() + STUCK + MINUTE;
    let health = Health::default();
    health.audited(Timestamp::UNIX_EPOCH, Findings::default());
    health.turned("outbox", later - STUCK - MINUTE);
    health.turned("timers", later);
    let last = health
        .last
        .write()
        .unwrap()
        .as_mut()
        .map(|it| it.heard = later);
    assert!(last.is_some());
    assert_eq!(health.is_well(later), Err(Unwell::Stuck("outbox")));
    health.turned("outbox", later);
    assert_eq!(health.is_well(later), Ok(()));
}

fn gap(line: &str) -> Findings {
    Findings {
        ledger_gaps: vec![line.to_owned()],
        ..Findings::default()
    }
}

fn page(n: i64) -> Option<Sweep> {
    Some(Sweep {
        after_pos: n,
        ..Sweep::default()
    })
}

#[test]
fn pages_follow_each_other_and_begin_anew() {
    let health = Health::default();
    assert_eq!(health.page(), Sweep::default());
    health.swept(Findings::default(), page(1));
    assert_eq!(Some(health.page()), page(1));
    health.swept(Findings::default(), None);
    assert_eq!(health.page(), Sweep::default());
}

#[test]
fn what_was_found_stands_until_its_page_was_looked_at_again() {
    let health = Health::default();
    assert_eq!(health.swept(gap("Q-1"), page(1)), gap("Q-1"));
    // The second page of the round.
    assert_eq!(health.swept(Findings::default(), None), gap("Q-1"));
    // Mended, but the round that shows it is not at its end.
    assert_eq!(health.swept(Findings::default(), page(1)), gap("Q-1"));
    assert!(health.swept(Findings::default(), None).is_clean());
    assert!(health.swept(Findings::default(), page(1)).is_clean());
}

#[test]
fn a_finding_that_stays_is_one_finding() {
    let health = Health::default();
    for _ in 0..3 {
        assert_eq!(health.swept(gap("Q-1"), page(1)), gap("Q-1"));
        assert_eq!(health.swept(Findings::default(), None), gap("Q-1"));
    }
}
