//! Where a notice reaches whom it means: in the thread, in the queue's channel, as a letter; and which one nothing holds
//! back.
//!
//! Leaves out who is meant and what is said (`announce.rs`), and who fills a role.

use crate::domain::inquiry::{Clock, Event, Inquiry};
use crate::domain::notice::{Arg, Message, Notice, NoticePlace};
use crate::domain::sla::{Audience, Policy, StepAt};

/// Says a rung where its audience hears it: people in the thread, the queue in its channel, where nobody is called.
///
/// A rung that is also mailed says so in the thread.
pub(super) fn where_said(notice: Notice, after: &Inquiry) -> Vec<Notice> {
    let (to_queue, people): (Vec<Audience>, Vec<Audience>) = notice
        .audience
        .iter()
        .cloned()
        .partition(|audience| *audience == Audience::Queue);
    let mut said = Vec::new();
    if !people.is_empty() {
        said.push(Notice {
            message: mailed(&notice.message, &people),
            audience: people,
            ..notice.clone()
        });
    }
    if !to_queue.is_empty() {
        said.push(Notice {
            place: NoticePlace::Channel,
            audience: Vec::new(),
            message: Message::new("notice-in-channel")
                .with("title", Arg::Title(after.facts.title.clone()))
                .with("said", Arg::Lines(vec![notice.message.clone()])),
            ..notice
        });
    }
    said
}

fn mailed(message: &Message, people: &[Audience]) -> Message {
    let addresses: Vec<&str> = people.iter().filter_map(Audience::address).collect();
    if addresses.is_empty() {
        return message.clone();
    }
    Message::new("notice-mailed")
        .with("said", Arg::Lines(vec![message.clone()]))
        .with("to", Arg::Plain(addresses.join(", ")))
}

/// What a letter says: who reads it sees neither card nor thread, so it names the inquiry and who has it.
pub fn letter(notice: &Notice, after: &Inquiry) -> Message {
    let said = match notice.message.args.get("said") {
        Some(said) if notice.message.id == "notice-mailed" => said.clone(),
        Some(_) | None => Arg::Lines(vec![notice.message.clone()]),
    };
    let owner = match after.holder() {
        Some(member) => Arg::Member(member.clone()),
        None => Arg::Word("owner-nobody".to_owned()),
    };
    Message::new("mail-letter")
        .with("said", said)
        .with("title", Arg::Title(after.facts.title.clone()))
        .with("severity", Arg::Severity(after.severity))
        .with("owner", owner)
}

/// Tells whether a notice reaches whoever it means, whatever they have muted and however often they were called
/// (issue 3): what is urgent, and that the claim or an answer is late. Who is asked by name is reached in any case.
pub fn must_reach(notice: &Notice, event: &Event, after: &Inquiry, policy: &Policy) -> bool {
    if notice.is_urgent {
        return true;
    }
    let Event::StepReached {
        clock, step, rung, ..
    } = event
    else {
        return false;
    };
    let ladder = policy.ladder_for(after.severity, *clock);
    let reached = rung.or(ladder.get(*step as usize).map(|rung| rung.at));
    let is_broken = matches!(reached, Some(StepAt::Breach | StepAt::After(_)));
    is_broken && (clock.is_response() || *clock == Clock::Claim)
}
