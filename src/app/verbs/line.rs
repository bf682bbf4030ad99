//! One typed line as a request: `claim Q-12`, `wait Q-12 vendor 2d`, `解決 Q-12 原因=… 回避策=…`.
//!
//! Parameters are taken in the order of the table, the last free text takes the rest; any parameter may be
//! given as `name=words` instead, in either language, and then takes the words up to the next such name.

use super::{Param, ParamKind, Request, Verb};
use crate::app::ports::Reference;

/// Why a line is not a request.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LineProblem {
    #[error("an empty line asks for nothing")]
    Empty,
    #[error("unknown verb {given:?}{}", nearest.map(|verb| format!(": did you mean {:?}?", verb.name())).unwrap_or_default())]
    UnknownVerb {
        given: String,
        nearest: Option<Verb>,
    },
    #[error("{given:?} is no inquiry: write it like Q-12")]
    NotAReference { verb: Verb, given: String },
}

/// Reads a line. Missing parameters are not noticed here: whoever performs says what is missing.
///
/// # Errors
/// [`LineProblem`] for a line whose verb or inquiry cannot be made out.
pub fn parse_line(line: &str) -> Result<Request, LineProblem> {
    let line = line.trim().trim_start_matches('/');
    let line = line.strip_prefix("toban ").unwrap_or(line).trim_start();
    let (verb, rest) = verb(line)?;
    let (reference, rest) = reference(verb, rest)?;
    let mut request = Request::new(verb, reference);
    let (positional, named) = named(verb.params(), rest);
    for (param, value) in named {
        request = request.with(param.name, value);
    }
    take_in_order(&mut request, positional);
    Ok(request)
}

/// The verb is the first word, or the first two (`duty today`, `take over`, `not urgent`).
fn verb(line: &str) -> Result<(Verb, &str), LineProblem> {
    let (first, rest) = word(line);
    if first.is_empty() {
        return Err(LineProblem::Empty);
    }
    let (second, after) = word(rest);
    if !second.is_empty()
        && let Some(verb) = Verb::find(&format!("{first}-{second}"))
    {
        return Ok((verb, after));
    }
    match Verb::find(first) {
        Some(verb) => Ok((verb, rest)),
        None => Err(LineProblem::UnknownVerb {
            given: first.to_owned(),
            nearest: nearest(first),
        }),
    }
}

fn nearest(given: &str) -> Option<Verb> {
    Verb::ALL
        .into_iter()
        .map(|verb| {
            let given = given.to_lowercase();
            let likeness =
                [verb.name(), verb.name_ja()].map(|name| strsim::jaro_winkler(name, &given));
            (likeness[0].max(likeness[1]), verb)
        })
        .filter(|(likeness, _)| *likeness > 0.8)
        .max_by(|(a, _), (b, _)| a.total_cmp(b))
        .map(|(_, verb)| verb)
}

fn reference(verb: Verb, rest: &str) -> Result<(Option<Reference>, &str), LineProblem> {
    if !verb.needs_inquiry() {
        return Ok((None, rest));
    }
    let (first, after) = word(rest);
    match first.parse() {
        Ok(reference) => Ok((Some(reference), after)),
        // In a thread the place names the inquiry, and the words begin at once.
        Err(()) if first.to_lowercase().starts_with("q-") => Err(LineProblem::NotAReference {
            verb,
            given: first.to_owned(),
        }),
        Err(()) => Ok((None, rest)),
    }
}

/// Splits off the first word; white space is Unicode's, so a full-width space parts words too.
fn word(text: &str) -> (&str, &str) {
    let text = text.trim_start();
    match text.find(char::is_whitespace) {
        Some(end) => (&text[..end], text[end..].trim_start()),
        None => (text, ""),
    }
}

/// Parts `words name=value words…` into what stands before the first name, and the named values.
fn named<'a>(params: &'static [Param], rest: &'a str) -> (&'a str, Vec<(&'static Param, String)>) {
    let mut starts: Vec<(usize, usize, &Param)> = Vec::new();
    let mut at = 0;
    for piece in rest.split_inclusive(char::is_whitespace) {
        for param in params {
            let cut = [param.name, param.name_ja].into_iter().find_map(|name| {
                let after = piece.strip_prefix(name)?;
                let sign = after.chars().next().filter(|c| matches!(c, '=' | '＝'))?;
                Some(name.len() + sign.len_utf8())
            });
            if let Some(cut) = cut {
                starts.push((at, at + cut, param));
                break;
            }
        }
        at += piece.len();
    }
    let first = starts.first().map_or(rest.len(), |(start, ..)| *start);
    let ends = starts
        .iter()
        .skip(1)
        .map(|(start, ..)| *start)
        .chain([rest.len()]);
    let values = starts
        .iter()
        .zip(ends)
        .map(|((_, from, param), until)| (*param, rest[*from..until].trim().to_owned()))
        .collect();
    (rest[..first].trim(), values)
}

fn take_in_order(request: &mut Request, words: &str) {
    let mut rest = words;
    for param in request.verb.params() {
        if rest.is_empty() {
            break;
        }
        if request.params.contains_key(param.name) {
            continue;
        }
        let value = match param.kind {
            ParamKind::Text => std::mem::take(&mut rest),
            ParamKind::Time => {
                let (value, after) = moment(rest);
                rest = after;
                value
            }
            ParamKind::Member
            | ParamKind::Queue
            | ParamKind::Severity
            | ParamKind::Category
            | ParamKind::Day
            | ParamKind::Choice(_) => {
                let (value, after) = word(rest);
                // A free choice that these words do not make is left to the next parameter.
                if !param.is_required && !fits(param.kind, value) {
                    continue;
                }
                rest = after;
                value
            }
        };
        request
            .params
            .insert(param.name.to_owned(), value.to_owned());
    }
    if !rest.is_empty()
        && let Some(last) = request.verb.params().last()
    {
        // Nothing that was typed is dropped: the last parameter says what is odd about it.
        let value = request.params.entry(last.name.to_owned()).or_default();
        if !value.is_empty() {
            value.push(' ');
        }
        value.push_str(rest);
    }
}

fn fits(kind: ParamKind, value: &str) -> bool {
    match kind {
        ParamKind::Choice(choices) => choices
            .iter()
            .any(|(en, ja)| en.eq_ignore_ascii_case(value) || *ja == value),
        ParamKind::Day => crate::app::moment::is_day(value),
        ParamKind::Severity => value.parse::<crate::domain::inquiry::Severity>().is_ok(),
        ParamKind::Text
        | ParamKind::Member
        | ParamKind::Queue
        | ParamKind::Category
        | ParamKind::Time => true,
    }
}

/// A moment is one word, or a date and a time of day; words that begin otherwise are none.
fn moment(words: &str) -> (&str, &str) {
    let (first, after) = word(words);
    if !first.starts_with(|c: char| c.is_ascii_digit() || c == '+') {
        return ("", words);
    }
    let (second, rest) = word(after);
    let is_date = first.contains(['-', '/']) && !first.contains('T');
    let is_clock = second.starts_with(|c: char| c.is_ascii_digit()) && second.contains(':');
    if is_date && is_clock {
        let end = words.len() - words.trim_start().len();
        let span = after.len() - rest.len();
        let until = words.len() - after.len() + span;
        return (words[end..until].trim_end(), rest);
    }
    (first, after)
}
