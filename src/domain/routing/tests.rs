#![allow(clippy::unwrap_used)]
//! The figures of the routing, from ledgers as they are kept.

use super::*;
use crate::domain::inquiry::tests::{at, facts, policy};
use crate::domain::inquiry::{Actor, PolicyHash, Receive, open};
use crate::domain::inquiry::{Flag, Origin};

fn rule(number: u32, when: &str) -> Option<Routed> {
    Some(Routed::Rule {
        name: None,
        number,
        when: when.to_owned(),
    })
}

/// A ledger that begins in `support`, with what happened after.
fn ledger(routed: Option<Routed>, change: impl FnOnce(&mut Facts), then: &[Event]) -> Vec<Entry> {
    let mut facts = facts();
    change(&mut facts);
    let receive = Receive {
        id: "i1".into(),
        origin: Origin {
            source: "crm".into(),
            external_id: "A-1".to_owned(),
            url: None,
            revision: None,
        },
        facts,
        queue: "support".into(),
        policy: PolicyHash("p1".to_owned()),
        escalated_at: None,
        assign_to: None,
        owner: None,
        follows: None,
        link: Default::default(),
        is_backlog: false,
        there: crate::domain::inquiry::There::Open,
        contract: None,
        routed,
    };
    let by = Actor::Source("crm".into());
    let events = open(receive, &policy(), &by, at("24 10:00")).unwrap();
    let events = events.into_iter().chain(then.iter().cloned());
    let lines = events.zip(1..).map(|(event, seq)| Entry {
        inquiry: "i1".into(),
        seq,
        at: at(&format!("24 10:{seq:02}")),
        actor: Actor::Member("aoki".into()),
        via: "test".to_owned(),
        event,
    });
    lines.collect()
}

fn moved(from: &str, to: &str, moving: Moving) -> Event {
    Event::Transferred {
        from: from.into(),
        to: to.into(),
        policy: PolicyHash("p2".to_owned()),
        reason: "t-why".into(),
        moving,
    }
}

/// What one ledger adds: mistakes and where they belonged, what was handed on.
#[track_caller]
fn check(then: &[Event], misrouted: &[(&str, u64)], handed_on: u64) {
    let mut routes = Routes::default();
    routes.add(7, &ledger(rule(1, "product == 'x'"), |_| {}, then));
    let row = routes.rows.values().next().unwrap();
    let to: Vec<(&str, u64)> = row.to.iter().map(|(to, n)| (to.as_str(), *n)).collect();
    assert_eq!((to.as_slice(), row.handed_on), (misrouted, handed_on));
    assert_eq!(row.misrouted, misrouted.iter().map(|(_, n)| n).sum::<u64>());
}

#[test]
fn a_transfer_is_a_mistake_of_the_rule_unless_the_work_moved_on() {
    let (wrong, on) = (Moving::Misrouted, Moving::HandedOn);
    check(&[], &[], 0);
    check(&[moved("support", "billing", wrong)], &[("billing", 1)], 0);
    check(&[moved("support", "billing", on)], &[], 1);
    check(
        &[
            moved("support", "billing", on),
            moved("billing", "pay", wrong),
        ],
        &[],
        1,
    );
}

#[test]
fn where_it_belonged_is_where_it_ended() {
    let wrong = Moving::Misrouted;
    check(
        &[
            moved("support", "billing", wrong),
            moved("billing", "pay", wrong),
        ],
        &[("pay", 1)],
        0,
    );
    check(
        &[
            moved("support", "billing", wrong),
            moved("billing", "support", wrong),
        ],
        &[],
        0,
    );
}

#[test]
fn a_rule_that_changes_places_is_the_same_rule() {
    let mut routes = Routes::default();
    for number in [1, 3] {
        routes.add(1, &ledger(rule(number, "product == 'x'"), |_| {}, &[]));
    }
    routes.add(1, &ledger(rule(1, "region == 'jp'"), |_| {}, &[]));
    let received: Vec<u64> = routes.rows.values().map(|row| row.received).collect();
    assert_eq!(received, [2, 1]);
}

#[test]
fn what_to_mend_first_comes_first() {
    let mut routes = Routes::default();
    let wrong = [moved("support", "billing", Moving::Misrouted)];
    for (when, good, bad) in [("a", 10, 1), ("b", 0, 3), ("c", 0, 0), ("d", 5, 3)] {
        for _ in 0..good {
            routes.add(1, &ledger(rule(1, when), |_| {}, &[]));
        }
        for _ in 0..bad {
            routes.add(1, &ledger(rule(1, when), |_| {}, &wrong));
        }
    }
    let order: Vec<String> = routes
        .by_need()
        .iter()
        .map(|row| match &row.routed {
            Some(Routed::Rule { when, .. }) => when.clone(),
            other => format!("{other:?}"),
        })
        .collect();
    assert_eq!(order, ["b", "d", "a"]);
}

#[test]
fn what_fell_through_tells_its_products_and_regions() {
    let mut routes = Routes::default();
    routes.add(
        1,
        &ledger(
            Some(Routed::Default),
            |facts| facts.region = Some("jp".into()),
            &[],
        ),
    );
    let flagged = |facts: &mut Facts| {
        facts.flags.push(Flag {
            field: "product".to_owned(),
            given: "t-given".into(),
        });
    };
    routes.add(1, &ledger(Some(Routed::Triage), flagged, &[]));
    let fell = &routes.rows[&(RuleKey::Default, "support".into())];
    assert_eq!(fell.products, BTreeMap::from([("core".to_owned(), 1)]));
    assert_eq!(fell.regions, BTreeMap::from([("jp".to_owned(), 1)]));
    let unknown = &routes.rows[&(RuleKey::Triage, "support".into())];
    assert_eq!(unknown.unknown, [("product".to_owned(), "t-given".into())]);
    assert!(unknown.products.is_empty());
}

#[test]
fn the_latest_mistakes_are_told_newest_first() {
    let mut routes = Routes::default();
    let wrong = |n: usize| {
        let mut then = vec![Event::Noted { text: "t".into() }; n];
        then.push(moved("support", "billing", Moving::Misrouted));
        then
    };
    for n in [2, 7, 1, 5, 3, 6, 4] {
        let number = i64::try_from(n).unwrap();
        routes.add(number, &ledger(rule(1, "x"), |_| {}, &wrong(n)));
    }
    let row = routes.rows.values().next().unwrap();
    let recent: Vec<i64> = row.recent.iter().map(|mistake| mistake.inquiry).collect();
    assert_eq!(recent, [7, 6, 5, 4, 3]);
    assert_eq!(row.misrouted, 7);
}

#[test]
fn what_was_sent_back_and_handed_on_is_counted() {
    let mut routes = Routes::default();
    let bounced = Event::Bounced {
        reason: "t".into(),
        missing: Vec::new(),
        chase_at: at("26 10:00"),
        pauses: false,
        is_elsewhere: false,
    };
    let sales = Event::Referred {
        to: ReferredTo::Sales,
        note: None,
    };
    routes.add(1, &ledger(None, |_| {}, &[bounced.clone(), bounced, sales]));
    routes.add(2, &ledger(None, |_| {}, &[]));
    assert_eq!(
        (routes.received, routes.sent_back, routes.bounces),
        (2, 1, 2)
    );
    assert_eq!(routes.out_of_scope.sales, 1);
    assert!(
        routes
            .rows
            .contains_key(&(RuleKey::NotKept, "support".into()))
    );
}

#[test]
fn what_was_split_off_is_counted_apart_from_the_rules() {
    let mut routes = Routes::default();
    routes.add(1, &ledger(Some(Routed::Split), |_| {}, &[]));
    routes.add(2, &ledger(Some(Routed::Default), |_| {}, &[]));
    assert_eq!(routes.received, 2);
    let rows = routes.by_need();
    let split = rows.iter().find(|row| row.routed == Some(Routed::Split));
    let split = split.unwrap();
    // What fell through is for whoever mends the rules.
    assert_eq!((split.received, split.products.len()), (1, 0));
}

#[test]
fn what_follows_by_words_is_counted_apart_and_is_no_record_of_before() {
    let mut routes = Routes::default();
    routes.add(1, &ledger(Some(Routed::Follows), |_| {}, &[]));
    let key = (RuleKey::Follows, "support".into());
    assert_eq!(routes.rows[&key].received, 1);
    assert_eq!(routes.rows.len(), 1);
}

#[test]
fn what_was_taken_back_is_no_referral_and_what_nobody_heard_was_not_sent_back() {
    let sales = || Event::Referred {
        to: ReferredTo::Sales,
        note: None,
    };
    let reopened = || Event::Reopened {
        reason: None,
        one_owed: false,
    };
    let mut routes = Routes::default();
    routes.add(1, &ledger(None, |_| {}, &[sales(), reopened()]));
    assert_eq!(routes.out_of_scope.sales, 0);
    routes.add(2, &ledger(None, |_| {}, &[sales(), reopened(), sales()]));
    assert_eq!(routes.out_of_scope.sales, 1);
    let bounced = Event::Bounced {
        reason: "t".into(),
        missing: Vec::new(),
        chase_at: at("26 10:00"),
        pauses: false,
        is_elsewhere: false,
    };
    let lost = Event::ReplyFailed {
        of: 2,
        why: "550".to_owned(),
        settled: Vec::new(),
        one_owed: false,
    };
    routes.add(3, &ledger(None, |_| {}, &[bounced, lost]));
    assert_eq!((routes.sent_back, routes.bounces), (0, 0));
}
