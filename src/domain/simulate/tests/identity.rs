//! Whatever happened: replayed under its own rules it is what it was.

use super::*;
use crate::domain::inquiry::There;
use crate::domain::inquiry::tests::steps::{Change, Step, steps};
use crate::domain::rota::book::overrides;
use crate::time::SignedDuration;
use proptest::prelude::*;

/// A desk with whatever there is: it gives out or not, and takes from an owner what is left lying.
fn rich(gives_out: bool, releases: bool) -> Side {
    let mut side = side();
    for desk in side.desks.values_mut() {
        desk.gives_out = gives_out;
    }
    for policy in side.policies.values_mut().filter(|_| releases) {
        Arc::make_mut(policy).release_after_ms = Some(20 * HOUR);
    }
    side
}

/// A history of a desk that runs all the time, and when it ends.
fn history(
    side: Side,
    begins: &str,
    steps: Vec<(i64, Step)>,
    (severity, stopped): (Severity, bool),
) -> (Live, Timestamp) {
    let mut live = Live::on(side, begins, |receive| {
        receive.facts.severity = severity;
        receive.facts.business_stopped = stopped;
        receive.facts.needed_by = stopped.then(|| plus(at(begins), SignedDuration::from_hours(7)));
    });
    for (minutes, step) in steps {
        live.pass(plus(live.now, SignedDuration::from_mins(minutes)));
        let state = live.state();
        match step.command(&state, live.now) {
            Some((by, command)) => {
                live.does(&by, command);
            }
            None => {
                if let Step::Edited(policy) = step {
                    live.adopts(["strict", "lax", "p2"][policy]);
                }
            }
        }
    }
    let end = plus(live.now, SignedDuration::from_hours(30));
    live.pass(end);
    (live, end)
}

impl Live {
    /// The policy was edited, and the desk adopts it.
    fn adopts(&mut self, policy: &str) {
        let (state, to) = (self.state(), hash(policy));
        if state.is_open() && state.policy != to {
            let new = self.side.policy(&to).unwrap();
            let from = self.side.policy(&state.policy).unwrap();
            let events = adopt(&state, from, (&to, new), &Actor::System, self.now);
            self.record(&Actor::System, events);
        }
    }
}

/// The ledger in brief, for whoever looks for what went wrong.
fn kinds(live: &Live) -> Vec<String> {
    let line = |entry: &Entry| format!("{} {} {:?}", entry.at, entry.event.kind(), entry.actor);
    live.ledger.iter().map(line).collect()
}

#[test]
fn an_owner_that_the_source_names_at_the_moment_of_the_receipt_is_an_act_of_its_own() {
    let names = Step::Source(Change::Nothing, None, Some("inoue"));
    let side = rich(true, false);
    let (live, end) = history(side, "24 10:00", vec![(0, names)], (Severity::S2, false));
    let began: Vec<&str> = live
        .ledger
        .iter()
        .take(3)
        .map(|entry| entry.event.kind())
        .collect();
    assert_eq!(began, ["received", "assigned", "claimed"]);
    let replayed = replay(&live.ledger, &live.side, end).unwrap();
    assert_eq!(replayed.inquiry, live.state());
}

#[test]
fn a_delivery_that_would_make_it_urgent_and_closes_it_is_one_act() {
    let closes = Step::Source(Change::Stopped(1), Some(There::Closed), None);
    let steps = vec![(30, closes)];
    let (live, end) = history(rich(false, false), "24 10:00", steps, (Severity::S2, false));
    let replayed = replay(&live.ledger, &live.side, end).unwrap();
    assert_eq!(replayed.refused, vec![]);
    assert_eq!(replayed.inquiry, live.state(), "{:#?}", kinds(&live));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 20, ..ProptestConfig::default() })]

    #[test]
    fn the_past_under_its_own_rules_is_what_it_was(
        steps in prop::collection::vec(steps(3_000), 1..12),
        severity in prop::sample::select(Severity::ALL.to_vec()),
        stopped in any::<bool>(),
        gives_out in any::<bool>(),
        releases in any::<bool>(),
        arranged in prop::collection::vec(super::roster::any(), 0..8),
        begins in prop::sample::select(vec!["24 10:00", "24 20:00"]),
    ) {
        let mut side = rich(gives_out, releases);
        let book = super::roster::kept(arranged).book;
        side.overrides.insert("support".to_owned(), overrides(&book, "support"));
        side.book = Arc::new(book);
        let (live, end) = history(side, begins, steps, (severity, stopped));
        let replayed = replay(&live.ledger, &live.side, end).unwrap();
        prop_assert_eq!(&replayed.refused, &vec![]);
        // Not only the counts: the whole state, every run and every rung of it.
        prop_assert_eq!(&replayed.inquiry, &live.state(), "{:#?}", kinds(&live));
        let policy = live.side.policy(&live.state().policy).unwrap();
        let recorded = recorded(&live.ledger, &live.state(), policy, end);
        prop_assert_eq!(replayed.figures.mismatches(&recorded), vec![]);
        prop_assert_eq!(&replayed.figures.promises, &recorded.promises);
    }

    #[test]
    fn whatever_is_tried_every_act_is_done_or_refused_and_nothing_is_counted_twice(
        steps in prop::collection::vec(steps(3_000), 1..12),
        severity in prop::sample::select(Severity::ALL.to_vec()),
    ) {
        let (live, end) = history(side(), "24 10:00", steps, (severity, false));
        let tried = replay(&live.ledger, &under("strict"), end).unwrap();
        let acts = live.ledger.iter().filter(|entry| !by_desk(entry)).count();
        prop_assert!(tried.refused.len() < acts);
        let runs = tried.inquiry.runs.iter().chain(tried.inquiry.ended.iter().map(|ended| &ended.run));
        let promises = runs.filter(|run| run.clock != Clock::Urgent).count() as u64;
        let counted: u64 = tried.figures.promises.values()
            .map(|kept| kept.met + kept.missed + kept.cancelled + kept.running)
            .sum();
        prop_assert!(counted <= promises);
        // Twice is the same.
        prop_assert_eq!(&replay(&live.ledger, &under("strict"), end).unwrap().figures, &tried.figures);
    }
}
