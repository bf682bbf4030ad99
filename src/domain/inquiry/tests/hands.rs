//! Taking and giving.

use super::*;

#[test]
fn a_second_claim_names_the_first() {
    let mut case = Case::received("24 10:00");
    case.act("aoki", "24 10:32", Command::Claim);
    assert_eq!(
        case.try_act("inoue", "24 10:33", Command::Claim),
        Err(Refusal::AlreadyOwned {
            by: "aoki".into(),
            since: at("24 10:32")
        })
    );
    assert_eq!(
        case.try_act("aoki", "24 10:34", Command::Claim),
        Err(Refusal::AlreadyYours {
            since: at("24 10:32")
        })
    );
}

#[test]
fn anyone_may_claim_what_nobody_has_accepted() {
    let mut case = Case::with("24 10:00", |receive| {
        receive.assign_to = Some("aoki".into())
    });
    assert_eq!(
        case.try_act("inoue", "24 10:05", Command::Accept),
        Err(Refusal::AssignedToOther { to: "aoki".into() })
    );
    case.act("inoue", "24 10:05", Command::Claim);
    assert_eq!(case.state().holder(), Some(&"inoue".into()));
}

#[test]
fn giving_to_oneself_is_a_claim_and_giving_away_needs_the_owner() {
    let mut case = Case::received("24 10:00");
    let events = case.act("aoki", "24 10:05", Command::Assign { to: "aoki".into() });
    assert_eq!(events, vec![Event::Claimed { by: "aoki".into() }]);
    assert_eq!(
        case.try_act("inoue", "24 10:06", Command::Assign { to: "ueda".into() }),
        Err(Refusal::AlreadyOwned {
            by: "aoki".into(),
            since: at("24 10:05")
        })
    );
    case.act("aoki", "24 10:07", Command::Assign { to: "ueda".into() });
    assert!(
        case.clocks().ends_with("Claim due 24 11:07"),
        "{}",
        case.clocks()
    );
    assert_eq!(
        case.try_act("aoki", "24 10:08", Command::Assign { to: "ueda".into() }),
        Err(Refusal::AlreadyAssigned {
            to: "ueda".into(),
            since: at("24 10:07")
        })
    );
}

#[test]
fn taking_over_names_whom_it_was_taken_from() {
    let mut case = Case::received("24 10:00");
    case.act("aoki", "24 10:05", Command::Claim);
    let events = case.act(
        "inoue",
        "24 10:30",
        Command::TakeOver { reason: "t".into() },
    );
    assert_eq!(
        events,
        vec![Event::TakenOver {
            by: "inoue".into(),
            from: Some("aoki".into()),
            reason: "t".into()
        }]
    );
}

#[test]
fn what_is_held_by_nobody_cannot_be_released() {
    let mut case = Case::received("24 10:00");
    assert_eq!(
        case.try_act("aoki", "24 10:05", Command::Release { reason: None }),
        Err(Refusal::Unclaimed)
    );
}

#[test]
fn only_members_own() {
    let case = Case::received("24 10:00");
    let by = Actor::Token("script".to_owned());
    let outcome = decide(
        &case.state(),
        &case.policy,
        &by,
        Command::Claim,
        at("24 10:05"),
    );
    assert_eq!(outcome, Err(Refusal::MembersOnly));
}

#[test]
fn the_end_refuses_what_belongs_to_the_work() {
    let mut case = Case::received("24 10:00");
    case.act("aoki", "24 10:30", resolution());
    let refused = Refusal::Resolved {
        by: Actor::Member("aoki".into()),
        at: at("24 10:30"),
    };
    for command in [
        Command::Claim,
        Command::Release { reason: None },
        Command::Assign { to: "ueda".into() },
        Command::TakeOver { reason: "t".into() },
        Command::Resume { answer: None },
        resolution(),
    ] {
        assert_eq!(
            case.try_act("inoue", "24 10:40", command.clone()),
            Err(refused.clone()),
            "{command:?}"
        );
    }
}

#[test]
fn the_source_can_name_an_owner_and_close() {
    let mut case = Case::received("24 10:00");
    let update = |revision: &str, is_closed, owner: Option<&str>| Command::Update {
        revision: Some(Revision::Ordered(revision.to_owned())),
        facts: Box::new(facts()),
        body: None,
        there: Some(if is_closed {
            There::Closed
        } else {
            There::Open
        }),
        owner: owner.map(MemberId::from),
    };
    assert_eq!(
        case.act("source", "24 10:05", update("2", false, None)),
        vec![]
    );
    case.act("source", "24 10:06", update("2", false, Some("aoki")));
    assert_eq!(case.state().holder(), Some(&"aoki".into()));
    assert_eq!(
        case.act("source", "24 10:07", update("2", false, Some("aoki"))),
        vec![]
    );
    case.act("source", "24 10:08", update("3", true, None));
    assert!(matches!(
        case.state().stage,
        Stage::Closed {
            reason: CloseReason::AtSource,
            ..
        }
    ));
    assert_eq!(
        case.act("source", "24 10:09", update("3", true, None)),
        vec![]
    );
}

#[test]
fn an_older_revision_changes_nothing() {
    let mut case = Case::with("24 10:00", |receive| {
        receive.origin.revision = Some(Revision::Ordered("10".to_owned()));
    });
    let mut newer = facts();
    newer.product = "other".to_owned();
    let update = |revision: &str, facts: Facts| Command::Update {
        revision: Some(Revision::Ordered(revision.to_owned())),
        facts: Box::new(facts),
        body: None,
        there: None,
        owner: None,
    };
    assert_eq!(
        case.act("source", "24 10:05", update("9", newer.clone())),
        vec![]
    );
    assert_eq!(case.act("source", "24 10:06", update("11", newer)).len(), 1);
}

#[test]
fn a_severity_that_a_person_set_is_not_changed_by_the_source() {
    let mut case = Case::received("24 10:00");
    case.act(
        "aoki",
        "24 10:05",
        Command::SetSeverity {
            to: Severity::S2,
            reason: None,
        },
    );
    let mut worse = facts();
    worse.severity = Severity::S1;
    let revision = Some(Revision::Ordered("2".to_owned()));
    case.act(
        "source",
        "24 10:06",
        Command::Update {
            revision,
            facts: Box::new(worse),
            body: None,
            there: None,
            owner: None,
        },
    );
    let state = case.state();
    assert_eq!(
        (state.severity, state.facts.severity),
        (Severity::S2, Severity::S1)
    );
    assert_eq!(state.urgency, Urgency::Calm);
}

#[test]
fn what_is_transferred_is_as_urgent_as_it_is_there() {
    let moved = |wakes: Vec<Severity>| {
        let mut case = Case::with("24 20:00", |receive| receive.facts.severity = Severity::S1);
        let rules = Policy {
            wake_up: wakes,
            ..policy()
        };
        let to = Command::Transfer {
            to: "billing".into(),
            policy: PolicyHash("p2".to_owned()),
            rules: Some(rules.into()),
            reason: "t".into(),
            moving: Moving::Misrouted,
        };
        case.act("aoki", "24 20:10", to);
        case.state()
    };
    let calm = moved(Vec::new());
    assert_eq!(calm.urgency, Urgency::Calm);
    assert!(calm.run(Clock::Urgent).is_none());
    let urgent = moved(vec![Severity::S1]);
    assert!(urgent.run(Clock::Urgent).is_some());
}
