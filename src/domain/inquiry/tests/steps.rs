//! Histories as proptest makes them: whatever people, sources and the desk can do, in any order, at any time.
//!
//! The rules of the desk (`unchanging.rs`) and the simulator's replay are both held against them.

use crate::domain::ids::TextId;
use crate::domain::inquiry::{
    Actor, CloseReason, Command, Inquiry, Moving, NextBy, Otherwise, PolicyHash, ReferredTo,
    Resolution, Revision, Severity, There, WaitingOn,
};
use crate::time::{SignedDuration, Timestamp, plus};
use proptest::prelude::*;

/// Who acts in a history.
pub(in crate::domain) const MEMBERS: [&str; 3] = ["aoki", "inoue", "ueda"];

/// One step of a history.
#[derive(Clone, Debug)]
pub(in crate::domain) enum Step {
    /// Somebody does this.
    Does(Actor, Command),
    /// Reminders are held back, or an act is dated, so many minutes from now.
    Snoozes(Actor, i64),
    Answered(Actor, i64),
    /// What the requester wrote so many minutes ago comes.
    Wrote(i64),
    /// The delivery of an answer dies: of those that stand, counted from the last.
    AnswerLost(usize),
    /// The source changes its item: how, whether it closes it, and whose it is there.
    Source(Change, Option<There>, Option<&'static str>),
    /// The outgoing duty is asked, and has so many minutes to answer.
    Asked(&'static str, i64, Otherwise),
    /// Another policy holds, of those that a test has.
    Edited(usize),
}

/// What a source changes of its item.
#[derive(Clone, Copy, Debug)]
pub(in crate::domain) enum Change {
    Nothing,
    Severity(Severity),
    /// The business stands still until so many minutes from now.
    Stopped(i64),
    Product,
    /// What was asked for when it was sent back is there now.
    Tried,
}

impl Step {
    /// The command that it is at a moment; nothing where there is nothing to do it to.
    pub(in crate::domain) fn command(
        &self,
        inquiry: &Inquiry,
        now: Timestamp,
    ) -> Option<(Actor, Command)> {
        let minutes = |minutes: i64| plus(now, SignedDuration::from_mins(minutes));
        Some(match self {
            Step::Does(actor, command) => (actor.clone(), command.clone()),
            Step::Snoozes(actor, until) => (
                actor.clone(),
                Command::Snooze {
                    until: minutes(*until),
                },
            ),
            Step::Answered(actor, ago) => {
                let (at, text) = (Some(minutes(-ago)), None);
                (
                    actor.clone(),
                    Command::Replied {
                        at,
                        text,
                        was_sent: false,
                    },
                )
            }
            Step::Wrote(ago) => {
                let (text, at) = ("t".into(), minutes(-ago));
                (Actor::Requester, Command::RequesterReplied { text, at })
            }
            Step::AnswerLost(place) => {
                let answer = inquiry.answers.iter().rev().nth(*place)?;
                let (of, why) = (answer.seq, "550".to_owned());
                (Actor::System, Command::ReplyFailed { of, why })
            }
            Step::Source(change, there, owner) => {
                let mut facts = Box::new(inquiry.facts.clone());
                match change {
                    Change::Nothing => {}
                    Change::Severity(severity) => facts.severity = *severity,
                    Change::Stopped(until) => {
                        facts.business_stopped = true;
                        facts.needed_by = Some(minutes(*until));
                    }
                    Change::Product => facts.product += "'",
                    Change::Tried => {
                        let text = format!("t{}", now.as_millisecond());
                        facts.intake.tried = Some(text.as_str().into());
                    }
                }
                let revision = Some(Revision::Content(facts.product.clone()));
                let (there, owner) = (*there, owner.map(Into::into));
                let update = Command::Update {
                    revision,
                    facts,
                    body: None,
                    there,
                    owner,
                };
                (Actor::Source("crm".into()), update)
            }
            Step::Asked(from, within, otherwise) => {
                let ask = Command::AskAtHandoff {
                    from: (*from).into(),
                    to: "ueda".into(),
                    answer_by: minutes(*within),
                    otherwise: *otherwise,
                };
                (Actor::System, ask)
            }
            Step::Edited(_) => return None,
        })
    }
}

/// Any step, and after how many minutes: from the same moment to a long weekend later.
pub(in crate::domain) fn steps(most: i64) -> impl Strategy<Value = (i64, Step)> {
    let severity = || prop::sample::select(Severity::ALL.to_vec());
    let actor = || prop::sample::select(MEMBERS.to_vec()).prop_map(|who| Actor::Member(who.into()));
    let does = (actor(), commands()).prop_map(|(actor, command)| Step::Does(actor, command));
    let otherwise = || {
        prop::sample::select(vec![
            Otherwise::Keep,
            Otherwise::HandOver,
            Otherwise::Release,
        ])
    };
    let change = prop_oneof![
        2 => Just(Change::Nothing),
        2 => severity().prop_map(Change::Severity),
        2 => (1i64..1_500).prop_map(Change::Stopped),
        1 => Just(Change::Product),
        2 => Just(Change::Tried),
    ];
    let owner = prop::option::of(prop::sample::select(MEMBERS.to_vec()));
    let there = prop_oneof![
        2 => Just(None),
        3 => Just(Some(There::Open)),
        2 => Just(Some(There::Closed)),
        1 => Just(Some(There::Gone)),
    ];
    let outside = prop_oneof![Just(Actor::Requester), Just(Actor::Token("script".into()))];
    let step = prop_oneof![
        24 => does,
        1 => (outside, commands()).prop_map(|(actor, command)| Step::Does(actor, command)),
        1 => (actor(), 1i64..4_000).prop_map(|(actor, until)| Step::Snoozes(actor, until)),
        2 => (actor(), prop_oneof![0i64..200, 200i64..6_000])
            .prop_map(|(actor, ago)| Step::Answered(actor, ago)),
        2 => prop_oneof![0i64..200, 200i64..6_000].prop_map(Step::Wrote),
        2 => (0usize..3).prop_map(Step::AnswerLost),
        3 => (change, there, owner)
            .prop_map(|(change, there, owner)| Step::Source(change, there, owner)),
        2 => (prop::sample::select(MEMBERS.to_vec()), 1i64..600, otherwise())
            .prop_map(|(from, within, otherwise)| Step::Asked(from, within, otherwise)),
        1 => (0usize..3).prop_map(Step::Edited),
    ];
    (prop_oneof![Just(0), 0i64..90, 90i64..most], step).prop_map(|(minutes, step)| match step {
        // How an item stands at the instant of the receipt came with it, and is no step of its own; nobody ends it then.
        Step::Source(_, Some(_), _)
        | Step::Does(_, Command::Close { .. } | Command::Refer { .. }) => (minutes.max(1), step),
        _ => (minutes, step),
    })
}

fn commands() -> impl Strategy<Value = Command> {
    let text = || TextId::from("t");
    let severity = || prop::sample::select(Severity::ALL.to_vec());
    let ours = prop_oneof![
        Just(Command::Claim),
        Just(Command::Accept),
        Just(Command::Release { reason: None }),
        prop::sample::select(MEMBERS.to_vec()).prop_map(|to| Command::Assign { to: to.into() }),
        Just(Command::TakeOver { reason: text() }),
        Just(Command::HandOver {
            duty: Some("ueda".into())
        }),
        Just(Command::Keep),
        Just(Command::Transfer {
            to: "billing".into(),
            policy: PolicyHash("p2".to_owned()),
            rules: None,
            reason: text(),
            moving: Moving::Misrouted,
        }),
        any::<bool>().prop_map(move |is_elsewhere| Command::Bounce {
            reason: text(),
            has_way_back: true,
            is_elsewhere,
        }),
        prop::sample::select(vec![
            WaitingOn::Requester,
            WaitingOn::Vendor,
            WaitingOn::Development,
            WaitingOn::NextTier,
        ])
        .prop_map(|on| Command::Wait {
            on,
            chase_at: None,
            asked: None,
            case: None,
        }),
        Just(Command::Resume { answer: None }),
        Just(Command::SetNext {
            text: text(),
            who: NextBy::Us,
            until: None
        }),
        Just(Command::SnoozeUntilReply),
        Just(Command::Unsnooze),
        Just(Command::Mute { until: None }),
        Just(Command::Unmute),
    ];
    let said = prop_oneof![
        Just(Command::Note { text: text() }),
        any::<bool>().prop_map(move |is_question| Command::Reply {
            text: text(),
            is_question,
            has_way_back: true,
        }),
        Just(Command::RetractReply),
        Just(Command::Heard {
            text: text(),
            at: None
        }),
        Just(Command::NoAnswerNeeded),
        severity().prop_map(|to| Command::SetSeverity { to, reason: None }),
        severity().prop_map(move |to| Command::ProposeSeverity { to, reason: text() }),
        Just(Command::AgreeSeverity {
            to: None,
            note: None
        }),
        Just(Command::DeclineSeverity {
            to: None,
            reason: None
        }),
        Just(Command::NotUrgent { reason: text() }),
    ];
    let ends = prop_oneof![
        Just(Command::Resolve(Resolution {
            category: Some("bug".to_owned()),
            cause: Some("c".into()),
            workaround: Some("w".into()),
            ..Resolution::empty()
        })),
        prop::sample::select(vec![CloseReason::Spam, CloseReason::Silence])
            .prop_map(|reason| { Command::Close { reason, note: None } }),
        prop::option::of(Just(text())).prop_map(move |reply| Command::Refer {
            to: ReferredTo::Sales,
            note: None,
            reply,
            has_way_back: true,
        }),
        Just(Command::Reopen { reason: None }),
    ];
    prop_oneof![10 => ours, 8 => said, 2 => ends]
}
