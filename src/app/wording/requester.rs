//! An inquiry as its requester sees it: where it stands in their words, who has it, when the next answer is due,
//! the answer.
//!
//! Leaves out what is our own business: the claim promise, the duty, moods like *at risk*, categories, and
//! fields that nobody filled.

use super::card::{Field, answer, closing_word, waiting_word};
use super::message::{clock_word, word};
use super::{Markup, Words, sentence};
use crate::app::ports::PostContext;
use crate::domain::card::{Card, Standing, Tone};
use crate::domain::inquiry::{Clock, Ownership, Stage, WaitingOn};
use crate::domain::notice::{Arg, Message};
use crate::i18n;
use crate::msg;

/// What the requester reads, part by part. Every part is marked up already.
#[derive(Clone, Debug, PartialEq)]
pub struct RequesterText {
    /// The colour that goes with the stage.
    pub tone: Tone,
    pub stage: String,
    pub title: String,
    pub body: Option<String>,
    /// Who and when.
    pub fields: Vec<Field>,
    /// What they said of their own checks when they filed.
    pub filed: Vec<Field>,
    /// Cause and workaround, or the answer.
    pub answer: Vec<Field>,
}

/// Puts an inquiry into words for its requester.
pub fn requester_text(card: &Card, context: &PostContext, markup: &dyn Markup) -> RequesterText {
    let words = Words::of(context);
    let outside = |id| markup.outside(&words.text(id));
    let mut said = Vec::new();
    answer(card, &words, markup, &mut |label, value| {
        said.push(Field {
            label: word(label, &words),
            value,
            is_short: false,
        });
    });
    RequesterText {
        tone: tone(card),
        stage: stage(card, &words, markup),
        title: outside(&card.facts.title),
        body: card.facts.body.as_ref().map(outside),
        fields: fields(card, &words, markup),
        filed: filed(card, &words, markup),
        answer: said,
    }
}

fn filed(card: &Card, words: &Words<'_>, markup: &dyn Markup) -> Vec<Field> {
    let intake = &card.facts.intake;
    let texts = [
        (msg!("field-tried"), &intake.tried),
        (msg!("field-environment"), &intake.environment),
        (msg!("field-error-text"), &intake.error_text),
    ];
    let said = texts.into_iter().filter_map(|(label, id)| {
        Some(Field {
            label: word(label, words),
            value: markup.outside(&words.text(id.as_ref()?)),
            is_short: false,
        })
    });
    said.collect()
}

fn tone(card: &Card) -> Tone {
    match (&card.stage, &card.ownership) {
        (Stage::Resolved { .. } | Stage::Closed { .. }, _) => Tone::Done,
        (Stage::Waiting { .. }, _) => Tone::Waiting,
        (Stage::Active { .. }, Ownership::Owned { .. }) => Tone::Calm,
        (Stage::Active { .. }, Ownership::Unclaimed { .. } | Ownership::Assigned { .. }) => {
            Tone::Unclaimed
        }
    }
}

fn stage(card: &Card, words: &Words<'_>, markup: &dyn Markup) -> String {
    let message = match (&card.stage, &card.ownership) {
        (Stage::Active { .. }, Ownership::Owned { .. }) => Message::new("requester-active"),
        (Stage::Active { .. }, Ownership::Unclaimed { .. } | Ownership::Assigned { .. }) => {
            Message::new("requester-unclaimed")
        }
        (Stage::Waiting { .. }, _) if card.is_sent_back() => Message::new("requester-sent-back"),
        (
            Stage::Waiting {
                on: WaitingOn::Requester,
                ..
            },
            _,
        ) => Message::new("requester-waiting-for-you"),
        (Stage::Waiting { on, .. }, _) => {
            Message::new("requester-waiting").with("on", Arg::Word(waiting_word(*on).to_owned()))
        }
        (Stage::Resolved { .. }, _) => Message::new("requester-resolved"),
        (Stage::Closed { reason, .. }, _) => Message::new("requester-closed")
            .with("reason", Arg::Word(closing_word(*reason).to_owned())),
    };
    sentence(&message, words, markup)
}

fn fields(card: &Card, words: &Words<'_>, markup: &dyn Markup) -> Vec<Field> {
    let mut fields = Vec::new();
    if let Some(bounce) = card.bounce.as_ref().filter(|_| card.is_sent_back()) {
        fields.push(Field {
            label: word(msg!("requester-please-add"), words),
            value: markup.outside(&words.text(&bounce.reason)),
            is_short: false,
        });
    }
    let mut add = |label: &str, value: String| {
        fields.push(Field {
            label: word(label, words),
            value,
            is_short: true,
        });
    };
    if let Ownership::Owned { by, .. } = &card.ownership {
        let owner = i18n::names(words.lang, &[markup.member(by, words)]);
        add(msg!("field-owner"), owner);
    }
    if let Some(next) = next_answer(card) {
        add(
            msg!("requester-next-answer"),
            sentence(&next, words, markup),
        );
    }
    if let Some(at) = card.facts.needed_by {
        let needed = Message::new("due-running").with("at", Arg::Instant(at));
        add(
            clock_word(Clock::NeededBy),
            sentence(&needed, words, markup),
        );
    }
    let filed = [
        (msg!("field-customer"), &card.facts.customer),
        (msg!("field-requester"), &card.facts.requester),
    ];
    for (label, given) in filed {
        let given = given.as_ref().map(|id| words.text(id));
        if let Some(given) = given.filter(|given| !given.trim().is_empty()) {
            add(label, markup.outside(&given));
        }
    }
    fields
}

/// When they hear from us next: the response that runs, and nothing while we wait for them.
fn next_answer(card: &Card) -> Option<Message> {
    let responses = card.dues.iter().filter(|due| due.clock.is_response());
    let (at, standing) = responses
        .filter_map(|due| Some((due.at?, due.standing)))
        .min_by_key(|(at, _)| *at)?;
    let message = match standing {
        Standing::Running | Standing::AtRisk => Message::new("due-running"),
        Standing::Late => Message::new("requester-late"),
        Standing::Paused | Standing::Met | Standing::MetLate => return None,
    };
    Some(message.with("at", Arg::Instant(at)))
}
