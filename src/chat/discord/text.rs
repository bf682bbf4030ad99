//! Words on Discord: made harmless, and cut at Discord's limits.
//!
//! Outside words come out as they were typed: no Markdown, no mention, no time stamp, no masked link, no
//! invite. Plain web links stay links. Lengths are UTF-16 code units, the stricter of Discord's two counts.

/// Keeps `@everyone` from being one, without being seen.
const GAP: char = '\u{200b}';
const INVITES: [&str; 3] = [
    "discord.gg/",
    "discord.com/invite/",
    "discordapp.com/invite/",
];

/// Makes outside words harmless.
pub(super) fn escape(text: &str) -> String {
    let text = visible(text);
    let mut out = String::with_capacity(text.len() + text.len() / 8);
    for line in text.split_inclusive('\n') {
        escape_line(line, &mut out);
    }
    out
}

/// Drops what cannot be seen but steers: control characters but line feeds and tabs, and bidi overrides.
pub(super) fn visible(text: &str) -> String {
    let steers = |c: char| {
        (c.is_control() && !matches!(c, '\n' | '\t'))
            || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}' | '\u{061c}')
    };
    text.replace("\r\n", "\n")
        .chars()
        .filter(|c| !steers(*c))
        .collect()
}

fn escape_line(line: &str, out: &mut String) {
    let start = line.len() - line.trim_start().len();
    out.push_str(&line[..start]);
    let mut rest = &line[start..];
    if let Some(length) = list_mark(rest) {
        out.push_str(&rest[..length - 1]);
        out.push('\\');
        out.push_str(&rest[length - 1..length]);
        rest = &rest[length..];
    }
    while let Some(first) = rest.chars().next() {
        if let Some(link) = link(rest) {
            // What closes around a link stays bare: an escape would become part of the link.
            let after = rest[link.len()..].trim_start_matches([')', ']', '.', ',']);
            out.push_str(&rest[..rest.len() - after.len()]);
            rest = after;
            continue;
        }
        if let Some(invite) = INVITES
            .iter()
            .find(|invite| starts_with_ignoring_case(rest, invite))
        {
            let (host, path) = rest[..invite.len()].split_at(invite.find('.').unwrap_or(0));
            for c in host.chars().chain([GAP]).chain(path.chars()) {
                push(c, out);
            }
            rest = &rest[invite.len()..];
            continue;
        }
        push(first, out);
        rest = &rest[first.len_utf8()..];
        let calls = ["everyone", "here"]
            .iter()
            .any(|word| starts_with_ignoring_case(rest, word));
        if first == '@' && calls {
            out.push(GAP);
        }
    }
}

fn push(c: char, out: &mut String) {
    if matches!(
        c,
        '\\' | '*' | '_' | '~' | '|' | '`' | '>' | '<' | '[' | ']' | '#'
    ) {
        out.push('\\');
    }
    out.push(c);
}

/// The length of `- `, `+ ` or `12. ` that would begin a list (`-#` begins small print), up to its last mark.
fn list_mark(line: &str) -> Option<usize> {
    let digits = line.len() - line.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let marks = if digits > 0 { [".", ")"] } else { ["-", "+"] };
    marks
        .iter()
        .any(|mark| line[digits..].starts_with(mark))
        .then_some(digits + 1)
}

/// A web link that may stay one: plain, and neither an invite nor a call for everyone.
fn link(text: &str) -> Option<&str> {
    let scheme = ["https://", "http://"]
        .into_iter()
        .find(|scheme| starts_with_ignoring_case(text, scheme))?;
    let length = text
        .find(|c: char| !c.is_ascii_graphic() || matches!(c, '<' | '"' | '`' | '\\' | '|'))
        .unwrap_or(text.len());
    let link = text[..length].trim_end_matches(['.', ',', ':', ';', '\'', ')', ']']);
    let lower = link.to_ascii_lowercase();
    let is_harmful = ["@everyone", "@here", "](", "discord.gg", "/invite/"]
        .iter()
        .any(|bad| lower.contains(bad));
    (link.len() > scheme.len() && !is_harmful).then_some(link)
}

fn starts_with_ignoring_case(text: &str, beginning: &str) -> bool {
    text.get(..beginning.len())
        .is_some_and(|start| start.eq_ignore_ascii_case(beginning))
}

/// The length as Discord may count it.
pub(super) fn length(text: &str) -> usize {
    text.chars().map(char::len_utf16).sum()
}

/// Cuts to a length, marking the cut by `…` and what is said after it. Escapes and mentions stay whole or go.
pub(super) fn cut(text: &str, most: usize, more: &str) -> String {
    if length(text) <= most {
        return text.to_owned();
    }
    let tail = if length(more) + 1 < most {
        format!("…{more}")
    } else {
        "…".to_owned()
    };
    let mut kept = take(text, most.saturating_sub(length(&tail)));
    let backslashes = kept.len() - kept.trim_end_matches('\\').len();
    if backslashes % 2 == 1 {
        kept = &kept[..kept.len() - 1];
    }
    if let Some(open) = unclosed(kept) {
        kept = &kept[..open];
    }
    format!("{}{tail}", kept.trim_end())
}

fn take(text: &str, most: usize) -> &str {
    let mut left = most;
    let end = text.char_indices().find(|(_, c)| {
        let fits = c.len_utf16() <= left;
        left = left.saturating_sub(c.len_utf16());
        !fits
    });
    &text[..end.map_or(text.len(), |(at, _)| at)]
}

/// Where a `<…` of ours begins that the cut has torn.
fn unclosed(text: &str) -> Option<usize> {
    let open = text.rfind('<')?;
    let is_escaped = text[..open].ends_with('\\');
    (!is_escaped && !text[open..].contains('>')).then_some(open)
}

#[cfg(test)]
mod tests;
