//! A message with its arguments as a sentence.

use super::{Markup, Words};
use crate::domain::inquiry::{Actor, Clock, Severity};
use crate::domain::notice::{Arg, Message};
use crate::i18n::{self, Args, Lang, Value};
use crate::msg;
use crate::time::SignedDuration;

/// Says a message.
pub fn sentence(message: &Message, words: &Words<'_>, markup: &dyn Markup) -> String {
    let args = message.args.iter().fold(Args::new(), |args, (name, arg)| {
        args.with(name, value(arg, words, markup))
    });
    i18n::say(words.lang, &message.id, &args)
}

/// Says a word of the catalogue that takes no arguments.
pub fn word(id: &str, words: &Words<'_>) -> String {
    i18n::say(words.lang, id, &Args::new())
}

fn value(arg: &Arg, words: &Words<'_>, markup: &dyn Markup) -> Value {
    Value::Text(match arg {
        Arg::Number(number) => return Value::Number(*number),
        Arg::Text(id) => markup.outside(&words.text(id)),
        Arg::Title(id) => markup.outside(&short(&words.text(id))),
        Arg::Plain(text) => markup.plain(text),
        Arg::Member(id) => polite(markup.member(id, words), words),
        Arg::Mention(id) => markup.mention(id, words),
        Arg::Members(ids) => {
            let names: Vec<String> = ids.iter().map(|id| markup.member(id, words)).collect();
            i18n::names(words.lang, &names)
        }
        Arg::Actor(actor) => self::actor(actor, words, markup),
        Arg::Queue(id) => markup.plain(
            words
                .people
                .queues
                .get(id.as_str())
                .map_or(id.as_str(), String::as_str),
        ),
        Arg::Severity(severity) => self::severity(*severity, words),
        Arg::Clock(clock) => word(clock_word(*clock), words),
        Arg::Word(id) => word(id, words),
        Arg::Instant(at) => markup.instant(*at, words),
        Arg::Day(day) => {
            let today = words.now.to_zoned(words.zone.clone()).date();
            i18n::date(words.lang, *day, today)
        }
        Arg::Span(ms) => i18n::amount(words.lang, SignedDuration::from_millis(*ms)),
        Arg::Reference(number) => markup.reference(*number),
        // Looked up before by whoever speaks; an inquiry that is gone has no number.
        Arg::Inquiry(_) => "Q-?".to_owned(),
        Arg::InLanguage { ja, en } => markup.plain(match words.lang {
            Lang::Ja => ja,
            Lang::En => en,
        }),
        Arg::Lines(lines) => {
            let lines: Vec<String> = lines
                .iter()
                .map(|line| sentence(line, words, markup))
                .collect();
            lines.join("\n")
        }
        Arg::Parts(parts) => {
            let parts: Vec<String> = parts
                .iter()
                .map(|part| sentence(part, words, markup))
                .collect();
            i18n::list(words.lang, &parts)
        }
    })
}

/// How much of a title a line of a list shows, in characters.
const SHORT: usize = 60;

fn short(title: &str) -> String {
    let words: Vec<&str> = title.split_whitespace().collect();
    let title = words.join(" ");
    match title.char_indices().nth(SHORT) {
        Some((end, _)) => format!("{}…", title[..end].trim_end()),
        None => title,
    }
}

/// A name as one speaks of a person: 青木さん.
fn polite(name: String, words: &Words<'_>) -> String {
    i18n::names(words.lang, &[name])
}

/// A severity with its word: `S1 critical`.
pub(super) fn severity(severity: Severity, words: &Words<'_>) -> String {
    let level = match severity {
        Severity::S1 => 1,
        Severity::S2 => 2,
        Severity::S3 => 3,
        Severity::S4 => 4,
    };
    i18n::severity(words.lang, level)
}

pub(super) fn clock_word(clock: Clock) -> &'static str {
    match clock {
        Clock::FirstResponse => msg!("clock-first-response"),
        Clock::NextResponse => msg!("clock-next-response"),
        Clock::Claim => msg!("clock-claim"),
        Clock::Resolution => msg!("clock-resolution"),
        Clock::NeededBy => msg!("clock-needed-by"),
        Clock::Urgent => msg!("clock-urgent"),
        Clock::Vendor => msg!("clock-vendor"),
        Clock::Development => msg!("clock-development"),
        Clock::NextTier => msg!("clock-next-tier"),
    }
}

pub(super) fn actor(actor: &Actor, words: &Words<'_>, markup: &dyn Markup) -> String {
    match actor {
        Actor::Member(id) => polite(markup.member(id, words), words),
        Actor::Requester => word(msg!("actor-requester"), words),
        Actor::Source(id) => markup.plain(id.as_str()),
        Actor::Token(name) => markup.plain(name),
        Actor::System => word(msg!("actor-system"), words),
    }
}

#[cfg(test)]
mod tests;
