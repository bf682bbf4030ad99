//! What of a mail is its writer's own: without the mail that it answers, and without the signature.
//!
//! Promises: where one's own words stand between or below lines that are marked as quoted, where a mail is forwarded, and where
//! nothing would be left, the text stays whole. A quoted mail of which only a head tells (Outlook's) is cut together with
//! whatever was written into it, and how many lines that are is said. Leaves out signatures that nothing tells from words
//! (lines of ━ or ＊).

use std::borrow::Cow;

/// The words of an answer, and what was cut of it that nothing marks as quoted, line by line.
#[derive(Debug, PartialEq)]
pub(super) struct Answer {
    pub words: String,
    /// How many lines were taken for a quoted mail by what stands above them: there may be words of one's own in them.
    pub omitted: usize,
}

/// The words of an answer, without the mail before it.
pub(super) fn own_words(text: &str) -> String {
    answer(text).words
}

/// The words of an answer, without the mail before it, and how much of that is not marked.
pub(super) fn answer(text: &str) -> Answer {
    let lines: Vec<&str> = text.lines().collect();
    let end = (0..lines.len()).find(|at| begins_quote(&lines, *at));
    let own = match end {
        Some(end) => without_rule(&lines[..end]),
        None => &lines[..],
    };
    let own = without_signature(without_quoted_end(own));
    let own = own.join("\n").trim().to_owned();
    if own.is_empty() {
        return Answer {
            words: without_signature(&lines).join("\n").trim().to_owned(),
            omitted: 0,
        };
    }
    let cut = end.map_or(&[][..], |end| &lines[end..]);
    let is_marked = cut.iter().any(|line| line.trim_start().starts_with('>'));
    let said = cut.iter().filter(|line| !line.trim().is_empty()).count();
    Answer {
        words: own,
        omitted: if is_marked { 0 } else { said },
    }
}

/// Without the line that Outlook draws above a quoted mail.
fn without_rule<'a, 'b>(lines: &'b [&'a str]) -> &'b [&'a str] {
    let is_rule = |line: &str| {
        let line = line.trim().trim_start_matches('\\');
        line.len() >= 3 && (line.chars().all(|c| c == '_') || line.chars().all(|c| c == '-'))
    };
    let last = lines.iter().rposition(|line| !line.trim().is_empty());
    match last {
        Some(last) if is_rule(lines[last]) => &lines[..last],
        Some(_) | None => lines,
    }
}

/// The words of a mail that answers none.
pub(super) fn whole_words(text: &str) -> String {
    let lines: Vec<&str> = text.lines().collect();
    let own = without_signature(&lines).join("\n").trim().to_owned();
    match own.is_empty() {
        true => text.trim().to_owned(),
        false => own,
    }
}

/// The longest word in brackets that a list or a person puts before a subject.
const TAG: usize = 40;

/// A subject cut behind the words in brackets that stand before it: `[escal:12] `, `【至急】`.
fn tagged(subject: &str) -> (&str, &str) {
    let mut rest = subject.trim_start();
    loop {
        let after = match rest.chars().next() {
            Some('[') => rest.split_once(']'),
            Some('【') => rest.split_once('】'),
            _ => None,
        };
        match after {
            Some((tag, after)) if tag.chars().count() <= TAG => rest = after.trim_start(),
            Some(_) | None => return subject.split_at(subject.len() - rest.len()),
        }
    }
}

/// Whether a subject says that a mail is handed on: then what it quotes is what it is about.
pub(super) fn is_forwarded(subject: &str) -> bool {
    let subject = narrowed(tagged(subject).1).to_lowercase();
    let starts = ["fw:", "fwd:", "転送:"];
    starts.iter().any(|start| subject.starts_with(start))
}

/// A subject without the marks of answering and handing on; words in brackets before them stay.
pub(super) fn plain_subject(subject: &str) -> Cow<'_, str> {
    let subject = unmarked(subject.trim());
    let (tags, rest) = tagged(subject);
    let plain = unmarked(rest);
    match plain.len() == rest.len() {
        true => Cow::Borrowed(subject),
        false => Cow::Owned(format!("{}{plain}", tags)),
    }
}

fn unmarked(subject: &str) -> &str {
    let mut rest = subject;
    loop {
        let lower = rest.chars().take(12).collect::<String>();
        let lower = narrowed(&lower).to_lowercase();
        let marks = ["re", "fw", "fwd", "返信", "転送", "aw", "sv"];
        if !marks.iter().any(|mark| is_marked(&lower, mark)) {
            return rest;
        }
        let Some((_, after)) = rest.split_once([':', '：']) else {
            return rest;
        };
        rest = after.trim_start();
    }
}

/// Whether a text begins with a mark and its colon: `re:`, `re[2]:`, `re :`.
fn is_marked(text: &str, mark: &str) -> bool {
    let Some(after) = text.strip_prefix(mark) else {
        return false;
    };
    let after = match after
        .strip_prefix('[')
        .and_then(|counted| counted.split_once(']'))
    {
        Some((count, rest)) if count.chars().all(|c| c.is_ascii_digit()) => rest,
        _ => after,
    };
    after.trim_start().starts_with(':')
}

/// Full-width letters of a mark as half-width ones.
fn narrowed(text: &str) -> String {
    let narrow = |c: char| match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
        other => other,
    };
    text.chars().map(narrow).collect()
}

/// Whether the quoted mail begins at a line.
fn begins_quote(lines: &[&str], at: usize) -> bool {
    // Words below the quoted lines are an answer that stands between them.
    announces(lines, at) && !answers_below(&lines[at..])
}

/// Whether a line says that another's mail follows.
fn announces(lines: &[&str], at: usize) -> bool {
    is_divider(lines[at])
        || is_head(lines, at)
        || (1..=3).any(|length| is_attribution(lines, at, length))
}

/// Whether words stand below quoted lines that are marked line by line.
fn answers_below(lines: &[&str]) -> bool {
    let is_quoted = |line: &&&str| line.trim_start().starts_with('>');
    let Some(first) = lines.iter().position(|line| is_quoted(&line)) else {
        return false;
    };
    if first > 5 {
        return false;
    }
    let after = lines[first..].iter();
    let below: Vec<&str> = after
        .skip_while(|line| is_quoted(line) || line.trim().is_empty())
        .copied()
        .collect();
    below[..signature(&below).unwrap_or(below.len())]
        .iter()
        .any(|line| !line.trim().is_empty() && !is_quoted(&line))
}

/// `-----Original Message-----` in the languages of Outlook and its kin.
fn is_divider(line: &str) -> bool {
    let line = line.trim();
    let inner = line.trim_matches('-').trim();
    let is_dashed = line.starts_with("---") && line.ends_with("---") && inner.len() < line.len();
    let names = [
        "original message",
        "original appointment",
        "元のメッセージ",
        "元のメール",
        "オリジナルメッセージ",
        "ursprüngliche nachricht",
        "message d'origine",
    ];
    is_dashed && names.contains(&inner.to_lowercase().as_str())
}

/// The lines that Outlook writes above a quoted mail: who, when, to whom, about what.
fn is_head(lines: &[&str], at: usize) -> bool {
    let starts = |line: &str, names: &[&str]| {
        let line = line.trim_start().trim_start_matches(['*', ' ']);
        names.iter().any(|name| {
            let rest = line.strip_prefix(name);
            rest.is_some_and(|rest| rest.trim_start_matches(['*', ' ']).starts_with([':', '：']))
        })
    };
    const WHO: [&str; 5] = ["From", "差出人", "送信者", "発信者", "Von"];
    const MORE: [&str; 12] = [
        "Sent",
        "Date",
        "To",
        "Subject",
        "送信日時",
        "日時",
        "宛先",
        "件名",
        "送信",
        "Gesendet",
        "An",
        "Betreff",
    ];
    if !starts(lines[at], &WHO) {
        return false;
    }
    let further = lines[at + 1..].iter().take(5);
    further.filter(|line| starts(line, &MORE)).count() >= 2
}

/// `On … wrote:` and its kin, over one to three lines.
fn is_attribution(lines: &[&str], at: usize, length: usize) -> bool {
    let Some(some) = lines.get(at..at + length) else {
        return false;
    };
    let first = some[0].trim();
    // Only its first line can begin it; an answer's own words are not looked at together.
    if first.is_empty()
        || first.starts_with('>')
        || some[1..].iter().any(|line| line.trim().is_empty())
    {
        return false;
    }
    let joined = some
        .iter()
        .map(|line| line.trim())
        .collect::<Vec<_>>()
        .join(" ");
    let Some(said) = joined.strip_suffix([':', '：']) else {
        return false;
    };
    if joined.chars().count() > 300 {
        return false;
    }
    let said = said.trim_end();
    let ends = [
        "wrote",
        "writes",
        "schrieb",
        "a écrit",
        "さんは書きました",
        "が書きました",
        "は書きました",
        "のメール",
        "のメッセージ",
        "さんからのメール",
    ];
    let has_time = |text: &str| {
        let digits = text.chars().filter(char::is_ascii_digit).count();
        digits >= 4
    };
    if ends.iter().any(|end| said.ends_with(end)) && has_time(said) {
        return true;
    }
    // Gmail in Japanese: `2026年11月21日(土) 10:00 佐藤 <sato@example.com>:`
    let is_address = said.ends_with('>') && said.contains('<') && said.contains('@');
    is_address && begins_with_date(said)
}

/// `2026年11月21日`, `2026/11/21`, `2026-11-21`.
fn begins_with_date(text: &str) -> bool {
    let mut chars = text.chars();
    let year = chars.by_ref().take(4).filter(char::is_ascii_digit).count();
    year == 4 && matches!(chars.next(), Some('年' | '/' | '-' | '.'))
}

/// Without the quoted lines at the end, and empty ones around them.
fn without_quoted_end<'a, 'b>(lines: &'b [&'a str]) -> &'b [&'a str] {
    let is_kept = |line: &&str| !line.trim().is_empty() && !line.trim_start().starts_with('>');
    let end = lines.iter().rposition(is_kept).map_or(0, |last| last + 1);
    let has_quote = lines[end..]
        .iter()
        .any(|line| line.trim_start().starts_with('>'));
    match has_quote {
        true => &lines[..end],
        false => lines,
    }
}

/// The most lines of a signature that begins with a bare `--`, and the most characters of each.
const SIGNATURE: usize = 6;
const NARROW: usize = 60;

/// What stands in commands and programs and in no signature.
const OF_PROGRAMS: [char; 7] = [';', '=', '{', '}', '*', '$', '`'];

/// Without what follows the line that begins a signature (RFC 3676: `-- `).
fn without_signature<'a, 'b>(lines: &'b [&'a str]) -> &'b [&'a str] {
    let Some(at) = signature(lines) else {
        return lines;
    };
    // Whoever hands a mail on may sign above it.
    let below = &lines[at + 1..];
    match (0..below.len()).any(|at| announces(below, at)) {
        true => lines,
        false => &lines[..at],
    }
}

/// The line that begins what looks like a signature.
fn signature(lines: &[&str]) -> Option<usize> {
    let at = lines
        .iter()
        .rposition(|line| *line == "-- " || *line == "--")?;
    // Without its blank it is also what programs put between their findings.
    let below = &lines[at + 1..];
    let is_a_card = || {
        below.len() <= SIGNATURE
            && (at == 0 || lines[at - 1].trim().is_empty())
            && below
                .iter()
                .all(|line| line.chars().count() <= NARROW && !line.contains(OF_PROGRAMS))
    };
    (lines[at] == "-- " || is_a_card()).then_some(at)
}

#[cfg(test)]
mod tests;
