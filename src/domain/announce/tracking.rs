//! What issues of development make us say in the thread of an inquiry.
//!
//! Who waits for an issue hears of it once, when it is done: the owner, else the duty. Of an inquiry that has ended the
//! duty hears, once for all inquiries of the issue. Everything else is a line that calls nobody.

use super::{thread, told};
use crate::domain::ids::TrackerId;
use crate::domain::inquiry::{Entry, Event, Inquiry, Stage, shown_issue};
use crate::domain::notice::{Arg, Message, Notice, Offer};
use crate::domain::sla::Audience;

/// What is said in the thread.
pub(super) fn announce(before: Option<&Inquiry>, entry: &Entry, after: &Inquiry) -> Vec<Notice> {
    let by = Arg::Actor(entry.actor.clone());
    match &entry.event {
        Event::IssueAsked { tracker, title, .. } => vec![thread(
            Message::new("notice-issue-asked")
                .with("by", by)
                .with("tracker", Arg::Plain(tracker.to_string()))
                .with("title", Arg::Title(title.clone())),
        )],
        Event::IssueLinked {
            tracker,
            issue,
            url,
            of,
            workaround,
        } => {
            let message = match (of, url) {
                (Some(_), Some(_)) => Message::new("notice-issue-filed-url"),
                (Some(_), None) => Message::new("notice-issue-filed"),
                (None, Some(_)) => Message::new("notice-issue-linked-url").with("by", by),
                (None, None) => Message::new("notice-issue-linked").with("by", by),
            };
            let message = match url {
                Some(url) => message.with("url", Arg::Plain(url.clone())),
                None => message,
            };
            let mut said = vec![thread(about(message, tracker, issue))];
            said.extend(workaround.iter().map(|text| {
                let message = Message::new("notice-issue-workaround");
                thread(about(message, tracker, issue).with("text", Arg::Text(text.clone())))
            }));
            said
        }
        Event::IssueFailed {
            of,
            why,
            is_unknown,
            issue,
            url,
        } => {
            let found = issue.as_deref().map(|issue| (issue, url.as_deref()));
            vec![failed(before, *of, why, *is_unknown, found)]
        }
        Event::IssueChanged {
            tracker,
            issue,
            state,
            is_done,
            fixed_in,
            is_quiet,
        } => {
            let known = before.and_then(|before| before.tracked_as(tracker, issue));
            let was_done = known.is_some_and(|known| known.is_done);
            match (*is_done && !was_done, after.is_open()) {
                (true, _) => vec![done(
                    (tracker, issue),
                    fixed_in.as_deref(),
                    *is_quiet,
                    after,
                )],
                // That an issue is open which was just linked is no news, and of what has ended only its end is.
                (false, true) if known.is_some_and(|known| known.state.is_some()) => {
                    let message = about(Message::new("notice-issue-changed"), tracker, issue);
                    vec![thread(message.with("state", Arg::Plain(state.clone())))]
                }
                (false, _) => Vec::new(),
            }
        }
        Event::IssueUnlinked { tracker, issue } => vec![thread(
            about(Message::new("notice-issue-unlinked"), tracker, issue).with("by", by),
        )],
        _ => unreachable!("asked only of what happens to issues"),
    }
}

fn about(message: Message, tracker: &TrackerId, issue: &str) -> Message {
    message
        .with("tracker", Arg::Plain(tracker.to_string()))
        .with("issue", Arg::Plain(shown_issue(issue)))
}

/// Whoever has it is called, for the issue is nowhere; what may stand there is looked for by a person.
fn failed(
    before: Option<&Inquiry>,
    of: u64,
    why: &str,
    is_unknown: bool,
    found: Option<(&str, Option<&str>)>,
) -> Notice {
    let filings = before.map_or(&[][..], |before| &before.filings);
    let filing = filings.iter().find(|filing| filing.of == of);
    let tracker = filing.map_or_else(String::new, |filing| filing.tracker.to_string());
    let (message, offers) = match (found, is_unknown) {
        (Some((issue, url)), _) => {
            let message = match url {
                Some(url) => Message::new("notice-issue-unrecorded-url")
                    .with("url", Arg::Plain(url.to_owned())),
                None => Message::new("notice-issue-unrecorded"),
            };
            let issue = Arg::Plain(shown_issue(issue));
            (message.with("issue", issue), vec![Offer::Link])
        }
        (None, true) => (
            Message::new("notice-issue-unknown"),
            vec![Offer::Link, Offer::File],
        ),
        (None, false) => (Message::new("notice-issue-failed"), vec![Offer::File]),
    };
    let message = message
        .with("tracker", Arg::Plain(tracker))
        .with("why", Arg::Plain(why.to_owned()));
    Notice {
        offers,
        ..told(&[Audience::Owner], message)
    }
}

fn done(
    (tracker, issue): (&TrackerId, &str),
    fixed_in: Option<&str>,
    is_quiet: bool,
    after: &Inquiry,
) -> Notice {
    let message = match (fixed_in, after.is_open()) {
        (Some(_), true) => Message::new("notice-issue-done-in"),
        (None, true) => Message::new("notice-issue-done"),
        (Some(_), false) => Message::new("notice-issue-done-in-after-end"),
        (None, false) => Message::new("notice-issue-done-after-end"),
    };
    let message = about(message, tracker, issue);
    let message = match fixed_in {
        Some(version) => message.with("version", Arg::Plain(version.to_owned())),
        None => message,
    };
    let (audience, offers) = match &after.stage {
        Stage::Active { .. } => (Audience::Owner, Vec::new()),
        Stage::Waiting { .. } => (Audience::Owner, vec![Offer::Resume]),
        Stage::Resolved { .. } | Stage::Closed { .. } => (Audience::Duty, vec![Offer::Reopen]),
    };
    let called: &[Audience] = if is_quiet { &[] } else { &[audience] };
    Notice {
        offers,
        ..told(called, message)
    }
}
