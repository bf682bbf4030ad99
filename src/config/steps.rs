//! The little language of ladders: `60%`, `-30m -> owner`, `breach -> owner, duty, lead`,
//! `+1h repeat 1h times 3 -> owner, duty`.
//!
//! Left of the arrow is when, right of it who is told; without an arrow only the card changes its colour.

use super::mail::is_address;
use super::near::instead;
use crate::domain::ids::MemberId;
use crate::domain::sla::{Audience, Repeat, Step, StepAt};
use crate::time::{SignedDuration, SpanError, parse_span};

/// Says why a text is no step.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum StepError {
    #[error(
        "{0:?} does not say when: write a share (\"60%\"), a time before (\"-30m\"), \"breach\" or a time after (\"+1h\")"
    )]
    When(String),
    #[error("{0:?} is not a share of the promised time: write 1% to 99%")]
    Percent(String),
    #[error(transparent)]
    Span(#[from] SpanError),
    #[error("{0:?} does not fit behind the time: write \"repeat 1h\" or \"repeat 1h times 3\"")]
    Repeat(String),
    #[error("a repeat of {0:?} is too short: at least one minute")]
    TooOften(String),
    #[error("{0:?} is not how often something is said: write a number from 1 to 1000")]
    Times(String),
    #[error("a step that repeats must tell somebody: add \"-> owner\"")]
    RepeatNobody,
    #[error("there is nobody behind the arrow: write who is told, such as \"-> owner, duty\"")]
    Nobody,
    #[error("nobody is called {name:?} here; {help}")]
    Audience { name: String, help: String },
    #[error("there is no role {name:?}; {help}")]
    Role { name: String, help: String },
    #[error("{0:?} is no mail address: write it plainly, as in \"mail:desk@example.com\"")]
    Address(String),
    #[error("{0:?} is told by mail, but there is no [mail]: say there by which server it goes")]
    NoMail(String),
    #[error(
        "the alarm of urgent inquiries counts from its start: write \"+0m\", \"+5m\" …, not {0:?}"
    )]
    UrgentAt(String),
}

/// Whom a step can tell beside the roles that every desk has.
pub(super) struct Reach<'a> {
    pub is_member: &'a dyn Fn(&str) -> bool,
    /// The names of the configured groups.
    pub roles: Vec<&'a str>,
    /// Whether mail can be sent at all.
    pub has_mail: bool,
}

/// The words for those who are told; any other is a member, as `@aoki`, a group, as `role:database`, or an address, as
/// `mail:desk@example.com`.
const AUDIENCES: [(&str, Audience); 6] = [
    ("owner", Audience::Owner),
    ("duty", Audience::Duty),
    ("next", Audience::NextDuty),
    ("lead", Audience::Lead),
    ("team", Audience::Team),
    ("queue", Audience::Queue),
];

/// Reads one step.
pub(super) fn step(text: &str, reach: &Reach<'_>) -> Result<Step, StepError> {
    let (when, tell) = match text.split_once("->").or_else(|| text.split_once('→')) {
        Some((when, tell)) => (when, Some(tell)),
        None => (text, None),
    };
    let mut words = when.split_whitespace();
    let at = at(words.next().unwrap_or_default(), text)?;
    let repeat = repeat(&words.collect::<Vec<_>>())?;
    let tell = match tell {
        Some(tell) => audiences(tell, reach)?,
        None => Vec::new(),
    };
    if repeat.is_some() && tell.is_empty() {
        return Err(StepError::RepeatNobody);
    }
    Ok(Step { at, tell, repeat })
}

/// Reads one step of the urgent alarm, which counts from its start.
pub(super) fn urgent_step(text: &str, reach: &Reach<'_>) -> Result<Step, StepError> {
    let step = step(text, reach)?;
    match step.at {
        StepAt::After(_) => Ok(step),
        StepAt::Percent(_) | StepAt::Before(_) | StepAt::Breach => {
            Err(StepError::UrgentAt(text.trim().to_owned()))
        }
    }
}

fn at(word: &str, text: &str) -> Result<StepAt, StepError> {
    if word == "breach" {
        return Ok(StepAt::Breach);
    }
    if let Some(share) = word.strip_suffix('%') {
        return match share.parse() {
            Ok(share @ 1..=99) => Ok(StepAt::Percent(share)),
            Ok(_) | Err(_) => Err(StepError::Percent(word.to_owned())),
        };
    }
    if word.starts_with('-') {
        return Ok(StepAt::Before(-millis(parse_span(word)?)));
    }
    if word.starts_with('+') {
        return Ok(StepAt::After(millis(parse_span(word)?)));
    }
    Err(StepError::When(text.trim().to_owned()))
}

fn repeat(words: &[&str]) -> Result<Option<Repeat>, StepError> {
    let (every, times) = match words {
        [] => return Ok(None),
        ["repeat", every] => (every, None),
        ["repeat", every, "times", times] => (every, Some(times)),
        other => return Err(StepError::Repeat(other.join(" "))),
    };
    let every_ms = millis(parse_span(every)?);
    if every_ms < 60_000 {
        return Err(StepError::TooOften((*every).to_owned()));
    }
    let count = |times: &&str| match times.parse() {
        Ok(count @ 1..=1000) => Ok(count),
        Ok(_) | Err(_) => Err(StepError::Times((*times).to_owned())),
    };
    let times = times.map(count).transpose()?;
    Ok(Some(Repeat { every_ms, times }))
}

fn audiences(text: &str, reach: &Reach<'_>) -> Result<Vec<Audience>, StepError> {
    if text.trim().is_empty() {
        return Err(StepError::Nobody);
    }
    let mut told: Vec<Audience> = Vec::new();
    for word in text.split(',').map(str::trim) {
        let audience = audience(word, reach)?;
        if !told.contains(&audience) {
            told.push(audience);
        }
    }
    Ok(told)
}

fn audience(word: &str, reach: &Reach<'_>) -> Result<Audience, StepError> {
    if let Some((_, known)) = AUDIENCES.iter().find(|(name, _)| *name == word) {
        return Ok(known.clone());
    }
    if let Some(name) = word.strip_prefix("role:").map(str::trim) {
        return match reach.roles.contains(&name) {
            true => Ok(Audience::Role(name.to_owned())),
            false => Err(StepError::Role {
                name: name.to_owned(),
                help: match reach.roles.is_empty() {
                    true => "no [[role]] is configured".to_owned(),
                    false => instead(name, reach.roles.iter().copied()),
                },
            }),
        };
    }
    if let Some(address) = word.strip_prefix("mail:").map(str::trim) {
        return match (is_address(address), reach.has_mail) {
            (false, _) => Err(StepError::Address(address.to_owned())),
            (true, false) => Err(StepError::NoMail(address.to_owned())),
            (true, true) => Ok(Audience::Mail(address.to_owned())),
        };
    }
    if let Some(id) = word.strip_prefix('@').filter(|id| (reach.is_member)(id)) {
        return Ok(Audience::Member(MemberId::from(id)));
    }
    let names = AUDIENCES.iter().map(|(name, _)| *name);
    Err(StepError::Audience {
        name: word.to_owned(),
        help: format!(
            "{}; a member is written with an @, a group as role:NAME, an address as mail:ADDRESS",
            instead(word, names)
        ),
    })
}

fn millis(span: SignedDuration) -> i64 {
    i64::try_from(span.as_millis()).expect("a span was read from milliseconds in 64 bits")
}

/// Writes a step as it is read.
#[cfg(test)]
pub(super) fn show(step: &Step) -> String {
    use crate::time::show_span;
    let span = |ms: i64| show_span(SignedDuration::from_millis(ms));
    let mut text = match step.at {
        StepAt::Percent(share) => format!("{share}%"),
        StepAt::Before(ms) => format!("-{}", span(ms)),
        StepAt::Breach => "breach".to_owned(),
        StepAt::After(ms) => format!("+{}", span(ms)),
    };
    if let Some(repeat) = step.repeat {
        text += &format!(" repeat {}", span(repeat.every_ms));
        if let Some(times) = repeat.times {
            text += &format!(" times {times}");
        }
    }
    let told: Vec<String> = step
        .tell
        .iter()
        .map(|audience| match audience {
            Audience::Member(id) => format!("@{id}"),
            Audience::Role(name) => format!("role:{name}"),
            Audience::Mail(address) => format!("mail:{address}"),
            role => AUDIENCES
                .iter()
                .find(|(_, known)| known == role)
                .map_or_else(String::new, |(name, _)| (*name).to_owned()),
        })
        .collect();
    if !told.is_empty() {
        text += &format!(" -> {}", told.join(", "));
    }
    text
}
