//! What support gathered, what of it is missing, and where an inquiry was sent, in a card's words.

use super::message::word;
use super::{Markup, Words, sentence};
use crate::app::ports::{BodyInChat, PostContext};
use crate::domain::announce::referred_to;
use crate::domain::card::Card;
use crate::domain::notice::{Arg, Message};
use crate::msg;

/// How much of a field of the intake a card shows where it shows no whole body, in characters.
const SHORT: usize = 120;

/// What support gathered: on a card in a line each, whole where the body is.
pub(super) fn gathered(
    card: &Card,
    context: &PostContext,
    words: &Words<'_>,
    markup: &dyn Markup,
    add: &mut impl FnMut(&'static str, String, bool),
) {
    let intake = &card.facts.intake;
    if let Some(channel) = &intake.channel {
        add(msg!("field-channel"), markup.outside(channel), true);
    }
    if let Some(is_checked) = intake.settings_checked {
        let said = match is_checked {
            true => msg!("settings-checked-yes"),
            false => msg!("settings-checked-no"),
        };
        add(msg!("field-settings-checked"), word(said, words), true);
    }
    let long = [
        (msg!("field-tried"), &intake.tried),
        (msg!("field-environment"), &intake.environment),
        (msg!("field-error-text"), &intake.error_text),
    ];
    for (label, id) in long {
        let Some(text) = id.as_ref().map(|id| words.text(id)) else {
            continue;
        };
        match context.body {
            BodyInChat::None => {}
            BodyInChat::Full => add(label, markup.outside(&text), false),
            BodyInChat::Excerpt => {
                let line: Vec<&str> = text.split_whitespace().collect();
                let line = line.join(" ");
                let cut: String = line.chars().take(SHORT).collect();
                let is_cut = cut.len() < line.len();
                let shown = match is_cut {
                    true => format!("{}…", cut.trim_end()),
                    false => cut,
                };
                add(label, markup.outside(&shown), false);
            }
        }
    }
}

/// How often it was sent back, and whom it was handed on to.
pub(super) fn sent(
    card: &Card,
    words: &Words<'_>,
    markup: &dyn Markup,
    add: &mut impl FnMut(&'static str, String, bool),
) {
    if let Some(bounce) = &card.bounce {
        add(msg!("field-bounces"), bounce.count.to_string(), true);
    }
    if let Some(referral) = &card.referral {
        let message = Message::new(match &referral.note {
            Some(_) => msg!("referred-to-note"),
            None => msg!("referred-to"),
        });
        let message = message.with("to", referred_to(&referral.to));
        let message = match &referral.note {
            Some(note) => message.with("note", Arg::Text(note.clone())),
            None => message,
        };
        add(
            msg!("field-referred"),
            sentence(&message, words, markup),
            false,
        );
    }
}

/// What is missing, and how much of what is wanted that is.
pub(super) fn gaps(card: &Card, words: &Words<'_>, markup: &dyn Markup) -> Option<String> {
    if card.gaps.is_empty() {
        return None;
    }
    let gaps = card
        .gaps
        .iter()
        .map(|gap| Message::new(gap.word()))
        .collect();
    let missing = i64::try_from(card.gaps.len()).unwrap_or(i64::MAX);
    let message = Message::new("flag-gaps")
        .with("gaps", Arg::Parts(gaps))
        .with("missing", Arg::Number(missing))
        .with("needs", Arg::Number(i64::from(card.needs)));
    Some(sentence(&message, words, markup))
}
