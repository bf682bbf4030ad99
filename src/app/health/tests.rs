use super::*;

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
