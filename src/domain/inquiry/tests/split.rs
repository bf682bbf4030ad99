//! A second problem leaves for an inquiry of its own: what the parent keeps, what the child is.

use super::*;
use crate::domain::card::card;
use crate::domain::gate::{Gate, Need};
use crate::domain::inquiry::{LinkKind, Origin, Relation, is_split_id, item_of, split_id};

fn split(child: &str) -> Command {
    Command::SplitOff {
        child: child.into(),
        title: "t9".into(),
    }
}

/// An inquiry that was split off another.
fn child(wall: &str) -> Case {
    Case::with(wall, |receive| {
        receive.follows = Some("parent".into());
        receive.link = LinkKind::SplitFrom;
    })
}

/// The id of what is split off, and the item that it means.
fn check_id(external_id: &str, item: &str) {
    let id = split_id(external_id, &"0199d3a1-7c1e-7b52-9f0e-1f2d3c4b5a69".into());
    assert_eq!(item_of(&id), item);
    assert_ne!(id, external_id);
    assert!(is_split_id(&id));
}

#[test]
fn what_is_split_off_has_an_id_of_its_own_that_tells_the_item() {
    check_id("A-1", "A-1");
    check_id("A-1~2", "A-1~2");
    check_id("<mail~split:er@example.com>", "<mail~split:er@example.com>");
    // What is split off a child is of the same item.
    let first = split_id("A-1", &"c1".into());
    let second = split_id(&first, &"c2".into());
    assert_eq!((item_of(&first), item_of(&second)), ("A-1", "A-1"));
    assert_ne!(first, second);
}

#[test]
fn an_item_of_the_source_is_never_taken_for_a_split() {
    for id in [
        "A-1",
        "A-1~2",
        "~split:x",
        "a~split:",
        "a~split:b c",
        "a~split:b~2",
    ] {
        assert!(!is_split_id(id), "{id}");
        assert_eq!(item_of(id), id);
    }
}

#[test]
fn splitting_off_is_an_act_that_answers_nothing() {
    let mut case = Case::received("24 09:00");
    let before = case.state();
    case.act("aoki", "24 09:30", split("c1"));
    let after = case.state();
    assert_eq!(after.runs, before.runs, "no clock moves");
    assert_eq!(after.last_act_at, at("24 09:30"));
    let links: Vec<_> = after.links().into_iter().collect();
    assert_eq!(
        (links[0].relation, links[0].inquiry.as_str()),
        (Relation::SplitInto, "c1")
    );
    // Several problems may be in one inquiry.
    case.act("aoki", "24 09:31", split("c2"));
    assert_eq!(case.state().split_off.len(), 2);
}

#[test]
fn an_assignee_who_splits_accepts() {
    let mut case = Case::received("24 09:00");
    case.act("aoki", "24 09:10", Command::Assign { to: "inoue".into() });
    let events = case.act("inoue", "24 09:20", split("c1"));
    let kinds: Vec<_> = events.iter().map(Event::kind).collect();
    assert_eq!(kinds, ["accepted", "split_off"]);
}

#[test]
fn what_has_just_ended_can_be_split_and_what_ended_long_ago_cannot() {
    let mut case = Case::received("10 09:00");
    let close = Command::Close {
        reason: CloseReason::Duplicate,
        note: None,
    };
    case.act("aoki", "10 10:00", close);
    case.act("aoki", "11 10:00", split("c1"));
    let late = case.try_act("aoki", "24 10:01", split("c2"));
    assert!(
        matches!(late, Err(Refusal::LongClosed { days: 14, .. })),
        "{late:?}"
    );
}

#[test]
fn the_child_has_clocks_of_its_own_from_its_own_receipt() {
    let case = child("24 11:00");
    let state = case.state();
    assert!(state.is_split());
    assert_eq!(state.received_at, at("24 11:00"));
    let started = state.runs.iter().map(|run| run.started_at);
    assert!(started.into_iter().all(|started| started == at("24 11:00")));
    assert_eq!(state.links()[0].relation, Relation::SplitFrom);
}

#[test]
fn nobody_was_asked_for_what_the_gate_wants_of_escalations() {
    let mut case = child("24 11:00");
    case.policy.gate = Gate {
        investigation: vec![Need::Tried],
        ..Gate::default()
    };
    let shown = card(&case.state(), &case.policy);
    assert_eq!((shown.gaps, shown.needs), (Vec::new(), 0));
    let mut other = Case::received("24 11:00");
    other.policy.gate.clone_from(&case.policy.gate);
    let shown = card(&other.state(), &other.policy);
    assert_eq!(shown.gaps, [Need::Tried]);
}

#[test]
fn a_ledger_of_before_there_were_splits_follows() {
    let old = r#"{"kind": "received", "origin": {"source": "crm", "external_id": "A-1~2", "url": null, "revision": null},
        "facts": {"title": "t", "body": null, "requester": null, "customer": null, "plan": "", "product": "", "region": null,
        "language": "ja", "kind": "investigation", "severity": "S3", "business_stopped": false, "flags": []},
        "queue": "support", "policy": "p", "follows": "i0", "is_backlog": false}"#;
    let event: Event = serde_json::from_str(old).unwrap();
    let Event::Received { link, origin, .. } = event else {
        panic!("a receipt");
    };
    let _: Origin = origin;
    assert_eq!(link, LinkKind::Follows);
}
