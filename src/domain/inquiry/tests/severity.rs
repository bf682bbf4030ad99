//! Which severity holds, and what it moves.

use super::*;
use crate::domain::sla::{Repeat, Step, StepAt, due_at};

fn propose(to: Severity) -> Command {
    Command::ProposeSeverity {
        to,
        reason: "t-reason".into(),
    }
}

fn dues(case: &Case) -> Vec<(Clock, Option<Timestamp>)> {
    let state = case.state();
    let due = |run: &Run| (run.clock, due_at(&state, run, &case.policy));
    state.runs.iter().map(due).collect()
}

fn moved(event: &Event) -> Vec<String> {
    let moved = match event {
        Event::SeveritySet { moved, .. }
        | Event::SeverityProposed { moved, .. }
        | Event::SeverityAgreed { moved, .. } => moved,
        other => panic!("{other:?}"),
    };
    let show = |due: Option<Timestamp>| due.map_or("-".to_owned(), wall);
    moved
        .iter()
        .map(|moved| {
            let (old, new) = (show(moved.old_due), show(moved.new_due));
            format!("{:?} {old} → {new}", moved.clock)
        })
        .collect()
}

#[test]
fn a_proposal_changes_no_clock_and_says_what_would_move() {
    let mut case = Case::received("24 11:30");
    let before = dues(&case);
    let events = case.act("aoki", "24 11:35", propose(Severity::S1));
    assert_eq!(dues(&case), before);
    assert_eq!(case.state().severity, Severity::S3);
    assert_eq!(
        moved(events.last().unwrap()),
        [
            "FirstResponse 24 14:30 → 24 13:30",
            "Claim 24 13:30 → 24 12:30",
            "Resolution 26 11:30 → 25 03:30",
        ]
    );
}

#[test]
fn an_agreed_severity_holds_and_keeps_old_and_new_in_the_ledger() {
    let mut case = Case::with("24 09:00", |receive| receive.facts.severity = Severity::S1);
    case.act("aoki", "24 09:10", Command::Claim);
    case.act("aoki", "24 09:20", propose(Severity::S3));
    let agree = Command::AgreeSeverity {
        to: None,
        note: Some("t-who".into()),
    };
    let events = case.act("inoue", "24 09:40", agree);
    let Event::SeverityAgreed {
        proposed_by, note, ..
    } = &events[0]
    else {
        panic!("{events:?}")
    };
    assert_eq!(proposed_by, &Actor::Member("aoki".into()));
    assert_eq!(note, &Some("t-who".into()));
    assert_eq!(moved(&events[0]), ["Resolution 25 01:00 → 25 18:00"]);
    // Nobody is woken for what is not that bad.
    assert!(matches!(events[1], Event::UrgencyEnded {}));
    let state = case.state();
    assert_eq!((state.severity, state.proposal), (Severity::S3, None));
    // The source's own word stands beside it and changes nothing any more.
    assert_eq!(state.facts.severity, Severity::S1);
    assert_eq!(state.severity_set_by, Some("inoue".into()));
}

#[test]
fn what_was_missed_stays_where_it_was_missed() {
    let mut case = Case::with("24 09:00", |receive| receive.facts.severity = Severity::S1);
    case.pass("24 10:30");
    let events = case.act("aoki", "24 10:40", propose(Severity::S3));
    assert_eq!(moved(&events[0]), ["Resolution 25 01:00 → 25 18:00"]);
}

#[test]
fn a_proposal_ends_by_an_answer_another_one_or_the_end() {
    let decline = Command::DeclineSeverity {
        to: None,
        reason: None,
    };
    let set = Command::SetSeverity {
        to: Severity::S2,
        reason: None,
    };
    for end in [decline, set, resolution()] {
        let mut case = Case::received("24 09:00");
        case.act("aoki", "24 09:10", propose(Severity::S2));
        case.act("aoki", "24 09:20", end);
        assert_eq!(case.state().proposal, None);
        let late = case.try_act(
            "aoki",
            "24 09:30",
            Command::AgreeSeverity {
                to: None,
                note: None,
            },
        );
        assert!(late.is_err(), "{late:?}");
    }
    let mut case = Case::received("24 09:00");
    case.act("aoki", "24 09:10", propose(Severity::S2));
    case.act("inoue", "24 09:20", propose(Severity::S4));
    assert_eq!(case.state().proposal.unwrap().to, Severity::S4);
}

#[test]
fn agreeing_or_declining_needs_a_proposal_and_proposing_a_difference() {
    let mut case = Case::received("24 09:00");
    let mut check = |command: Command, refusal: Refusal| {
        assert_eq!(case.try_act("aoki", "24 09:10", command), Err(refusal));
    };
    check(
        Command::AgreeSeverity {
            to: None,
            note: None,
        },
        Refusal::NoProposal,
    );
    check(
        Command::DeclineSeverity {
            to: None,
            reason: None,
        },
        Refusal::NoProposal,
    );
    check(
        propose(Severity::S3),
        Refusal::SameSeverity {
            severity: Severity::S3,
        },
    );
}

#[test]
fn nobody_answers_a_proposal_that_they_did_not_see() {
    let mut case = Case::received("24 09:00");
    case.act("aoki", "24 09:10", propose(Severity::S2));
    case.act("inoue", "24 09:20", propose(Severity::S1));
    let to = Some(Severity::S2);
    let other = Refusal::OtherProposal { to: Severity::S1 };
    for late in [
        Command::AgreeSeverity { to, note: None },
        Command::DeclineSeverity { to, reason: None },
    ] {
        assert_eq!(case.try_act("eguchi", "24 09:21", late), Err(other.clone()));
    }
    let seen = Command::AgreeSeverity {
        to: Some(Severity::S1),
        note: None,
    };
    case.act("eguchi", "24 09:22", seen);
    assert_eq!(case.state().severity, Severity::S1);
}

#[test]
fn the_card_offers_to_answer_a_proposal_as_long_as_there_is_one() {
    use crate::domain::notice::Offer;
    let shown = |case: &Case| {
        let card = crate::domain::card::card(&case.state(), &case.policy);
        let answers = card
            .offers
            .into_iter()
            .filter(|offer| matches!(offer, Offer::AgreeSeverity(_) | Offer::DeclineSeverity(_)));
        let means = card.definitions.into_iter().map(|(severity, _)| severity);
        (answers.collect::<Vec<_>>(), means.collect::<Vec<_>>())
    };
    let nothing = (Vec::new(), Vec::new());
    let means = |words: &str| crate::domain::sla::Definition {
        ja: words.to_owned(),
        en: words.to_owned(),
    };
    let mut case = Case::received("24 09:00");
    case.policy.definitions = Severity::ALL
        .into_iter()
        .map(|severity| (severity, means(&severity.to_string())))
        .collect();
    assert_eq!(shown(&case), nothing);
    case.act("aoki", "24 09:10", propose(Severity::S1));
    let both = vec![
        Offer::AgreeSeverity(Severity::S1),
        Offer::DeclineSeverity(Severity::S1),
    ];
    assert_eq!(shown(&case), (both, vec![Severity::S3, Severity::S1]));
    let decline = Command::DeclineSeverity {
        to: None,
        reason: None,
    };
    case.act("inoue", "24 09:20", decline);
    assert_eq!(shown(&case), nothing);
}

#[test]
fn what_the_source_comes_to_say_itself_needs_no_agreement() {
    let mut case = Case::received("24 09:00");
    case.act("aoki", "24 09:10", propose(Severity::S4));
    let mut facts = facts();
    facts.severity = Severity::S4;
    let update = Command::Update {
        revision: Some(Revision::Ordered("2".to_owned())),
        facts: Box::new(facts),
        body: None,
        there: None,
        owner: None,
    };
    case.act("source", "24 09:20", update);
    assert_eq!(case.state().proposal, None);
    assert_eq!(case.state().severity, Severity::S4);
}

/// Rungs by severity: S2 is told at half time and every quarter of an hour after the end.
fn with_ladder(mut case: Case) -> Case {
    let rung = |at, repeat| Step {
        at,
        tell: vec![crate::domain::sla::Audience::Duty],
        repeat,
    };
    let again = Repeat {
        every_ms: HOUR / 4,
        times: Some(2),
    };
    let ladder = vec![
        rung(StepAt::Percent(50), None),
        rung(StepAt::Breach, None),
        rung(StepAt::After(HOUR / 4), Some(again)),
    ];
    let ladders = BTreeMap::from([(Clock::FirstResponse, ladder)]);
    case.policy.severity_ladders = BTreeMap::from([(Severity::S2, ladders)]);
    case.policy.targets[1].claim = None;
    case.policy.targets[1].resolution = None;
    case
}

#[test]
fn a_severity_has_ladders_of_its_own() {
    let case = Case::with("24 09:00", |receive| receive.facts.severity = Severity::S2);
    assert_eq!(
        with_ladder(case).pass("24 12:00"),
        [
            "24 10:00 FirstResponse step 0.0 of 24 10:00",
            "24 11:00 FirstResponse missed at 24 11:00",
            "24 11:00 FirstResponse step 1.0 of 24 11:00",
            "24 11:15 FirstResponse step 2.0 of 24 11:15",
            "24 11:30 FirstResponse step 2.1 of 24 11:30",
        ]
    );
}

#[test]
fn rungs_that_were_said_on_another_ladder_are_known_by_what_they_were() {
    // S3 says 60 % and half an hour before; then it becomes S2, whose first two rungs are others.
    let mut case = with_ladder(Case::received("24 09:00"));
    assert_eq!(
        case.pass("24 10:35"),
        [
            "24 10:12 FirstResponse step 0.0 of 24 10:12",
            "24 10:30 FirstResponse step 1.0 of 24 10:30",
        ]
    );
    let set = Command::SetSeverity {
        to: Severity::S2,
        reason: None,
    };
    case.act("aoki", "24 10:40", set);
    assert_eq!(
        case.pass("24 11:00"),
        [
            // Half time has passed and was not said on this ladder.
            "24 10:40 FirstResponse step 0.0 of 24 10:00",
            "24 11:00 FirstResponse missed at 24 11:00",
            // Not taken for said because the other ladder's second rung was.
            "24 11:00 FirstResponse step 1.0 of 24 11:00",
        ]
    );
    // Back again: the breach was said already, and is not said twice.
    let set = Command::SetSeverity {
        to: Severity::S3,
        reason: None,
    };
    case.act("aoki", "24 11:05", set);
    assert_eq!(
        case.pass("24 13:30")[..1],
        ["24 13:00 FirstResponse step 3.0 of 24 12:00"]
    );
}

#[test]
fn a_severity_that_a_script_set_is_not_changed_by_the_source() {
    let mut case = Case::received("24 09:00");
    let by = Actor::Token("script".into());
    let set = |to| Command::SetSeverity { to, reason: None };
    let by_script = |case: &mut Case, wall: &str| {
        let command = set(Severity::S2);
        let events = decide(&case.state(), &case.policy, &by, command, at(wall)).unwrap();
        case.record(&by, events, at(wall));
    };
    // A person had set it before, and is named no more.
    case.act("aoki", "24 09:05", set(Severity::S4));
    by_script(&mut case, "24 09:10");
    assert_eq!(case.state().severity_set_by, None);
    let mut facts = facts();
    facts.severity = Severity::S1;
    let edit = Command::Update {
        revision: None,
        facts: Box::new(facts),
        body: None,
        there: None,
        owner: None,
    };
    case.act("source", "24 09:20", edit);
    assert_eq!(case.state().severity, Severity::S2);
    // A line of before that was kept is folded as it was.
    for entry in &mut case.ledger {
        if let Event::SeveritySet { is_ours, .. } = &mut entry.event {
            *is_ours = false;
        }
    }
    assert_eq!(case.state().severity, Severity::S1);
}
