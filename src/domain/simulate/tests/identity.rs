//! Whatever happened: replayed under its own rules it is what it was.

use super::*;
use crate::domain::inquiry::{CloseReason, WaitingOn};
use crate::time::SignedDuration;
use proptest::prelude::*;

fn commands() -> impl Strategy<Value = (usize, Command, i64)> {
    let text = || crate::domain::ids::TextId::from("t");
    let command = prop_oneof![
        Just(Command::Claim),
        Just(Command::Accept),
        Just(Command::Release { reason: None }),
        Just(Command::Assign { to: "ueda".into() }),
        Just(Command::TakeOver { reason: text() }),
        Just(Command::Note { text: text() }),
        Just(reply()),
        Just(Command::Replied {
            at: None,
            text: None
        }),
        Just(Command::RetractReply),
        Just(Command::Heard {
            text: text(),
            at: None
        }),
        Just(Command::NoAnswerNeeded),
        Just(Command::Wait {
            on: WaitingOn::Requester,
            chase_at: None,
            asked: None,
            case: None,
        }),
        Just(Command::Wait {
            on: WaitingOn::Vendor,
            chase_at: None,
            asked: None,
            case: None,
        }),
        Just(Command::Resume { answer: None }),
        prop::sample::select(Severity::ALL.to_vec())
            .prop_map(|to| Command::SetSeverity { to, reason: None }),
        Just(Command::NotUrgent { reason: text() }),
        Just(Command::Transfer {
            to: "billing".into(),
            policy: hash("p2"),
            reason: text()
        }),
        Just(resolution()),
        Just(Command::Close {
            reason: CloseReason::Spam,
            note: None
        }),
        Just(Command::Reopen { reason: None }),
        // Stands for an edited policy that the desk adopts.
        Just(Command::Tick),
    ];
    // Anything from the same minute to a long weekend later.
    (0usize..3, command, prop_oneof![0i64..90, 90i64..3_000])
}

/// A history of a desk that runs all the time, and when it ends.
fn history(
    steps: Vec<(usize, Command, i64)>,
    severity: Severity,
    stopped: bool,
) -> (Live, Timestamp) {
    let members = ["aoki", "inoue", "ueda"];
    let mut live = Live::received("02 10:00", |receive| {
        receive.facts.severity = severity;
        receive.facts.business_stopped = stopped;
        receive.facts.needed_by = stopped.then(|| at("02 17:00"));
    });
    for (who, command, minutes) in steps {
        live.pass(plus(live.now, SignedDuration::from_mins(minutes)));
        if command == Command::Tick {
            let state = live.state();
            let to = hash(["strict", "lax", "p2"][who]);
            if state.is_open() && state.policy != to {
                let (from, new) = (&state.policy, live.side.policy(&to).unwrap());
                let from = live.side.policy(from).unwrap();
                let events = adopt(&state, from, (&to, new), &Actor::System, live.now);
                live.record(&Actor::System, events);
            }
            continue;
        }
        live.does(&Actor::Member(members[who].into()), command);
    }
    let end = plus(live.now, SignedDuration::from_hours(30));
    live.pass(end);
    (live, end)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn the_past_under_its_own_rules_is_what_it_was(
        steps in prop::collection::vec(commands(), 1..12),
        severity in prop::sample::select(Severity::ALL.to_vec()),
        stopped in any::<bool>(),
    ) {
        let (live, end) = history(steps, severity, stopped);
        let replayed = replay(&live.ledger, &live.side, end).unwrap();
        prop_assert_eq!(&replayed.refused, &vec![]);
        // Not only the counts: the whole state, every run and every rung of it.
        prop_assert_eq!(&replayed.inquiry, &live.state());
        let policy = live.side.policy(&live.state().policy).unwrap();
        let recorded = recorded(&live.ledger, &live.state(), policy, end);
        prop_assert_eq!(replayed.figures.mismatches(&recorded), vec![]);
        prop_assert_eq!(&replayed.figures.promises, &recorded.promises);
    }

    #[test]
    fn whatever_is_tried_every_act_is_done_or_refused_and_nothing_is_counted_twice(
        steps in prop::collection::vec(commands(), 1..12),
        severity in prop::sample::select(Severity::ALL.to_vec()),
    ) {
        let (live, end) = history(steps, severity, false);
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
