//! What must hold for every history.

use super::steps::{Step as History, steps};
use super::weekend::weekend;
use super::*;
use crate::domain::announce::announce;
use crate::domain::sla::{Audience, Case as Told, Step, StepAt, deadline, due_at, next_after};
use proptest::prelude::*;
use proptest::test_runner::TestCaseError;

/// A policy that uses whatever there is: other ladders for a severity, and handing over what is left lying.
fn rich(mut policy: Policy) -> Policy {
    let ladder = vec![
        Step {
            at: StepAt::Percent(50),
            tell: vec![Audience::Owner],
            repeat: None,
        },
        Step {
            at: StepAt::Breach,
            tell: vec![Audience::Duty],
            repeat: None,
        },
    ];
    let all = Clock::ALL
        .into_iter()
        .filter(|clock| *clock != Clock::Urgent);
    let ladders = all.map(|clock| (clock, ladder.clone())).collect();
    policy.severity_ladders = BTreeMap::from([(Severity::S2, ladders)]);
    policy.release_after_ms = Some(20 * HOUR);
    policy.categories.push("bug".to_owned());
    policy
}

/// What a severity does at the weekend: there is no line for it, it has the policy's wake-up rule, or one of its own.
fn at_weekends(lines: Lines) -> Policy {
    match lines {
        Lines::None => policy(),
        Lines::ByPolicy => weekend(None),
        Lines::Wakes(severities) => weekend(Some(severities.to_vec())),
    }
}

#[derive(Clone, Copy, Debug)]
enum Lines {
    None,
    ByPolicy,
    Wakes(&'static [Severity]),
}

const LINES: [Lines; 4] = [
    Lines::None,
    Lines::ByPolicy,
    Lines::Wakes(&[]),
    Lines::Wakes(&[Severity::S1, Severity::S2]),
];

/// What runs and ran of our promises, without what was said of it.
fn promises(inquiry: &Inquiry, policy: &Policy) -> Vec<String> {
    let verdicts = crate::domain::sla::verdicts(inquiry, policy, inquiry.last_act_at);
    verdicts
        .iter()
        .map(|verdict| format!("{verdict:?}"))
        .collect()
}

/// A ledger as it would be if no other team were timed.
fn untimed(ledger: &[Entry]) -> Inquiry {
    let entries: Vec<Entry> = ledger
        .iter()
        .cloned()
        .map(|mut entry| {
            if let Event::WaitStarted { is_timed, .. } = &mut entry.event {
                *is_timed = false;
            }
            entry
        })
        .collect();
    refold(&entries).unwrap()
}

fn dues(inquiry: &Inquiry, policy: &Policy) -> Vec<(Clock, u64, Option<Timestamp>)> {
    let due = |run: &Run| (run.clock, run.run, due_at(inquiry, run, policy));
    let promised = |run: &&Run| run.clock != Clock::Urgent;
    inquiry.runs.iter().filter(promised).map(due).collect()
}

/// Whether a first answer is owed, said once more by the ledger alone: nothing that answers stands, and nobody has said
/// that none is needed.
fn is_owed_a_first_answer(ledger: &[Entry]) -> bool {
    let mut standing = Vec::new();
    for entry in ledger {
        match &entry.event {
            Event::Replied { .. }
            | Event::RepliedElsewhere { .. }
            | Event::Bounced { .. }
            | Event::Resolved { .. }
            | Event::NoAnswerNeeded {} => standing.push(entry.seq),
            Event::ReplyFailed { of, .. } | Event::ReplyRetracted { of, .. } => {
                standing.retain(|seq| seq != of);
            }
            _ => {}
        }
    }
    standing.is_empty()
}

/// The instant that an event of time is about.
fn own_instant(event: &Event) -> Option<Timestamp> {
    match event {
        Event::Missed { at, .. }
        | Event::StepReached { at, .. }
        | Event::QuietReached { at, .. }
        | Event::ChaseReached { at, .. }
        | Event::HandedToDuty { at, .. } => Some(*at),
        Event::UrgencyRaised { since } => Some(*since),
        _ => None,
    }
}

/// Lives a history minute by minute of its steps, and holds it against every rule at each.
fn keeps(
    steps: Vec<(i64, History)>,
    severity: Severity,
    stopped: bool,
    lines: Lines,
) -> Result<(), TestCaseError> {
    let mut case = Case::with("02 10:00", |receive| {
        receive.facts.severity = severity;
        receive.facts.business_stopped = stopped;
        receive.facts.needed_by = stopped.then(|| at("02 17:00"));
    });
    case.policy = rich(at_weekends(lines));
    let mut now = at("02 10:00");
    for (minutes, step) in steps {
        now = crate::time::plus(now, crate::time::SignedDuration::from_mins(minutes));
        let state = case.state();
        // No policy is edited here: only time passes.
        let (by, command) = step
            .command(&state, now)
            .unwrap_or((Actor::System, Command::Tick));
        let is_snooze = matches!(
            command,
            Command::Snooze { .. } | Command::SnoozeUntilReply | Command::Unsnooze
        );
        let is_proposal = matches!(command, Command::ProposeSeverity { .. });
        let Ok(events) = decide(&state, &case.policy, &by, command, now) else {
            continue;
        };
        let dues_before = dues(&state, &case.policy);
        let accepts = events
            .iter()
            .any(|event| matches!(event, Event::Accepted { .. }));
        case.record(&by, events, now);
        let state = case.state();
        // A snooze moves no deadline, and neither does a proposal.
        if (is_snooze || is_proposal) && !accepts {
            prop_assert_eq!(dues(&state, &case.policy), dues_before);
        }

        // Whoever was never answered is owed a first answer, however often it was closed and opened.
        if state.is_open() && is_owed_a_first_answer(&case.ledger) {
            let run = state.run(Clock::FirstResponse);
            prop_assert!(
                run.is_some_and(|run| run.started_at == state.received_at),
                "{:#?}",
                case.ledger
            );
        }
        // A promise breaks once.
        let broken = case.ledger.iter().filter_map(|entry| match entry.event {
            Event::Missed { clock, run, .. } => Some((clock, run)),
            _ => None,
        });
        let broken: Vec<_> = broken.collect();
        let once: std::collections::BTreeSet<_> = broken.iter().collect();
        prop_assert_eq!(once.len(), broken.len());

        // At most one answer is owed at a time.
        let responses = state.runs.iter().filter(|run| run.clock.is_response());
        prop_assert!(responses.count() <= 1, "{:#?}", case.ledger);

        // Nothing open is without a next instant.
        let next = deadline(&state, &case.policy);
        prop_assert!(!state.is_open() || next.is_some());

        // After a tick nothing is due any more, and a second one decides nothing.
        let to_duty = Command::HandToDuty { to: "ueda".into() };
        for command in [Command::Tick, to_duty, Command::Tick] {
            let before = case.state();
            let events = decide(&before, &case.policy, &Actor::System, command, now).unwrap();
            let first = case.ledger.len();
            case.record(&Actor::System, events, now);
            let after = case.state();
            let is_awake = case.policy.is_awake(Told::of(&after), now)
                || matches!(after.urgency, Urgency::Urgent { .. });
            for entry in &case.ledger[first..] {
                // Nothing of time is told before its own instant, nor outside the hours unless urgent.
                prop_assert!(own_instant(&entry.event).is_none_or(|at| at <= now));
                for notice in announce(Some(&before), entry, &after, &case.policy) {
                    prop_assert!(
                        notice.audience.is_empty() || notice.is_urgent || is_awake,
                        "{:?} at {}",
                        notice,
                        wall(now)
                    );
                }
            }
        }
        let state = case.state();
        // What other teams owe us changes no promise of ours.
        prop_assert_eq!(
            promises(&state, &case.policy),
            promises(&untimed(&case.ledger), &case.policy)
        );
        let next = next_after(&state, &case.policy, now);
        prop_assert!(
            next.is_none_or(|next| next > now),
            "due at {next:?}, now {now}"
        );
        prop_assert_eq!(
            decide(&state, &case.policy, &Actor::System, Command::Tick, now).unwrap(),
            vec![]
        );

        // Applying what was applied changes nothing.
        for entry in &case.ledger {
            prop_assert_eq!(&evolve(Some(state.clone()), entry), &state);
        }
        // No clock runs twice, and no step is said twice in a run.
        for run in &state.runs {
            prop_assert_eq!(
                state
                    .runs
                    .iter()
                    .filter(|other| other.clock == run.clock)
                    .count(),
                1
            );
            let mut said: Vec<_> = run
                .said
                .iter()
                .map(|said| (format!("{:?}", said.rung), said.repeat))
                .collect();
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
    Ok(())
}

#[test]
fn what_is_handed_to_the_duty_at_the_moment_it_is_due_leaves_nothing_due() {
    let does = |command| History::Does(Actor::Member("aoki".into()), command);
    let reopen = Command::Reopen { reason: None };
    let steps = vec![
        (0, does(Command::Claim)),
        (3_631, does(resolution())),
        (1_983, does(reopen)),
        (1_183, History::Edited(0)),
        (4_963, History::Edited(0)),
    ];
    keeps(steps, Severity::S1, false, Lines::None).unwrap();
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn any_history_keeps_the_promises_of_the_core(
        steps in prop::collection::vec(steps(5_000), 1..25),
        severity in prop::sample::select(Severity::ALL.to_vec()),
        stopped in any::<bool>(),
        lines in prop::sample::select(LINES.to_vec()),
    ) {
        keeps(steps, severity, stopped, lines)?;
    }

    #[test]
    fn deadlines_are_monotone_in_start_and_amount(
        start in 0i64..20_000,
        later in 0i64..3_000,
        hours in 1i64..60,
        more in 0i64..30,
    ) {
        let minutes = |n: i64| crate::time::plus(at("02 00:00"), crate::time::SignedDuration::from_mins(n));
        let due = |start: i64, hours: i64| {
            let mut case = Case::received("02 00:00");
            case.policy.targets[1].first_response = Some(Amount { ms: hours * HOUR, calendar: "office".to_owned() });
            let mut state = case.state();
            state.runs[0].started_at = minutes(start);
            due_at(&state, &state.runs[0], &case.policy).unwrap()
        };
        prop_assert!(due(start, hours) <= due(start + later, hours));
        prop_assert!(due(start, hours) <= due(start, hours + more));
        prop_assert!(due(start, hours) > minutes(start));
    }
}
