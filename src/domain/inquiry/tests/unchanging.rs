//! What must hold for every history.

use super::*;
use crate::domain::sla::{deadline, next_after};
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
        Just(ask()),
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
            chase_at: None
        }),
        Just(Command::Wait {
            on: WaitingOn::Vendor,
            chase_at: None
        }),
        Just(Command::Resume),
        prop::sample::select(Severity::ALL.to_vec())
            .prop_map(|to| Command::SetSeverity { to, reason: None }),
        Just(Command::NotUrgent { reason: text() }),
        Just(Command::Transfer {
            to: "billing".into(),
            policy: PolicyHash("p2".to_owned()),
            reason: text()
        }),
        Just(resolution()),
        Just(Command::Close {
            reason: CloseReason::Spam,
            note: None
        }),
        Just(Command::Reopen { reason: None }),
        prop::sample::select(vec!["aoki", "inoue"]).prop_map(|from| Command::AskAtHandoff {
            from: from.into(),
            to: "ueda".into(),
            answer_by: at("04 12:00"),
            otherwise: Otherwise::HandOver,
        }),
        Just(Command::Keep),
        Just(Command::HandOver {
            duty: Some("ueda".into())
        }),
        Just(Command::SetNext {
            text: text(),
            who: NextBy::Us,
            until: None
        }),
        Just(Command::Tick),
    ];
    // Anything from the same minute to a long weekend later.
    (0usize..3, command, prop_oneof![0i64..90, 90i64..5_000])
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn any_history_keeps_the_promises_of_the_core(
        steps in prop::collection::vec(commands(), 1..25),
        severity in prop::sample::select(Severity::ALL.to_vec()),
        stopped in any::<bool>(),
    ) {
        let members = ["aoki", "inoue", "ueda"];
        let mut case = Case::with("02 10:00", |receive| {
            receive.facts.severity = severity;
            receive.facts.business_stopped = stopped;
            receive.facts.needed_by = stopped.then(|| at("02 17:00"));
        });
        let mut now = at("02 10:00");
        for (who, command, minutes) in steps {
            now = crate::time::plus(now, crate::time::SignedDuration::from_mins(minutes));
            let state = case.state();
            let is_tick = command == Command::Tick;
            let by = if is_tick { Actor::System } else { Actor::Member(members[who].into()) };
            let Ok(events) = decide(&state, &case.policy, &by, command, now) else { continue };
            case.record(&by, events, now);
            let state = case.state();

            // Nothing open is without a next instant.
            let next = deadline(&state, &case.policy);
            prop_assert!(!state.is_open() || next.is_some());

            // After a tick nothing is due any more, and a second one decides nothing.
            let events = decide(&state, &case.policy, &Actor::System, Command::Tick, now).unwrap();
            case.record(&Actor::System, events, now);
            let state = case.state();
            let next = next_after(&state, &case.policy, now);
            prop_assert!(next.is_none_or(|next| next > now), "due at {next:?}, now {now}");
            prop_assert_eq!(decide(&state, &case.policy, &Actor::System, Command::Tick, now).unwrap(), vec![]);

            // Applying what was applied changes nothing.
            for entry in &case.ledger {
                prop_assert_eq!(&evolve(Some(state.clone()), entry), &state);
            }
            // No clock runs twice, and no step is said twice in a run.
            for run in &state.runs {
                prop_assert_eq!(state.runs.iter().filter(|other| other.clock == run.clock).count(), 1);
                let mut said: Vec<_> = run.said.iter().map(|said| (said.step, said.repeat)).collect();
                said.sort();
                said.dedup();
                prop_assert_eq!(said.len(), run.said.len());
            }
            // An ended inquiry keeps no promise but the answer to a late message.
            if !state.is_open() {
                prop_assert!(state.runs.iter().all(|run| run.clock.is_response()));
            }
            // The state survives being written down.
            let json = serde_json::to_string(&state).unwrap();
            prop_assert_eq!(&serde_json::from_str::<Inquiry>(&json).unwrap(), &state);
        }
    }
}
