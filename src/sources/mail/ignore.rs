//! Which mails nobody wrote: they open nothing and answer nothing.
//!
//! A mailing list is no reason: many support addresses are one, and mark every mail as `Precedence: list`.

use super::letter::Letter;

/// Why a mail is left alone; [`Reason::word`] is its name in the metric.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reason {
    /// A machine answered or announced something.
    Automatic,
    /// A mail came back undelivered, or its fate is reported.
    Bounce,
    /// An answer to an invitation.
    Calendar,
    /// toban's own letter, or a copy of one that was sent under its address.
    Own,
}

impl Reason {
    pub fn word(self) -> &'static str {
        match self {
            Reason::Automatic => "automatic",
            Reason::Bounce => "bounce",
            Reason::Calendar => "calendar",
            Reason::Own => "own",
        }
    }
}

/// What begins the subject of an answer that a machine gives for somebody who is away.
const AWAY: [&str; 14] = [
    "automatic reply",
    "auto reply",
    "auto-reply",
    "autoreply",
    "auto:",
    "out of office",
    "out-of-office",
    "vacation",
    "自動応答",
    "自動返信",
    "【自動",
    "[自動",
    "不在",
    "automatische antwort",
];

/// Why a mail is to be left alone, if it is.
pub(super) fn reason(letter: &Letter) -> Option<Reason> {
    let header = |name: &str| letter.header(name).map(str::to_lowercase);
    let is = |name: &str, words: &[&str]| {
        header(name).is_some_and(|said| words.iter().any(|word| said.trim() == *word))
    };
    let user = letter.from.address.split('@').next().unwrap_or_default();
    if letter.content_type == "multipart/report"
        || header("return-path").is_some_and(|path| path.trim() == "<>" || path.trim().is_empty())
        || user.eq_ignore_ascii_case("mailer-daemon")
        || letter.header("x-failed-recipients").is_some()
    {
        return Some(Reason::Bounce);
    }
    if letter.calendar_method.as_deref() == Some("reply") {
        return Some(Reason::Calendar);
    }
    let submitted = header("auto-submitted");
    let submitted = submitted
        .as_deref()
        .map(|said| said.split(';').next().unwrap_or_default().trim());
    let subject = letter.subject.to_lowercase();
    let is_away = AWAY.iter().any(|start| subject.starts_with(start));
    let is_marked = letter.header("x-auto-response-suppress").is_some()
        || is("precedence", &["bulk", "junk", "list"]);
    let is_automatic = submitted.is_some_and(|said| said != "no")
        || is("precedence", &["auto_reply", "auto-reply"])
        || [
            "x-autoreply",
            "x-autorespond",
            "x-autoresponder",
            "x-vacation",
            "x-mail-autoreply",
        ]
        .iter()
        .any(|name| letter.header(name).is_some())
        || (is_away && (is_marked || letter.is_answer()));
    is_automatic.then_some(Reason::Automatic)
}

#[cfg(test)]
mod tests;
