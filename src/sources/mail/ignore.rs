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

/// What a machine writes before the subject that it answers, or instead of it, for somebody who is away.
const AWAY: [&str; 21] = [
    "automatic reply",
    "auto reply",
    "auto-reply",
    "autoreply",
    "auto",
    "out of office",
    "out-of-office",
    "out of office reply",
    "out of office autoreply",
    "vacation",
    "vacation reply",
    "自動応答",
    "自動応答メール",
    "自動返信",
    "自動返信メール",
    "不在",
    "不在通知",
    "不在連絡",
    "不在のお知らせ",
    "不在のご連絡",
    "automatische antwort",
];

/// Whether a subject is one of an absence: the word alone, in brackets, or before a colon. What goes on as a sentence
/// is about such a thing.
fn is_away(subject: &str) -> bool {
    let subject = subject.trim().to_lowercase();
    let subject = subject.trim_start_matches(['【', '[', '(', '（', '＜', '<']);
    AWAY.iter().any(|word| {
        let rest = subject.strip_prefix(word).map(str::trim_start);
        rest.is_some_and(|rest| {
            rest.is_empty() || rest.starts_with([':', '：', '】', ']', ')', '）', '＞', '>'])
        })
    })
}

/// Whether it is a notice of ours: such as go to addresses, and might be this one.
fn is_notice(letter: &Letter) -> bool {
    let id = letter.message_id.split('@').next().unwrap_or_default();
    letter.from.name.as_deref() == Some("toban")
        && id.len() == 32
        && id.bytes().all(|c| c.is_ascii_hexdigit())
}

/// Whether a mail is a mail server's own, and says that it gave up: a warning says that it goes on trying.
pub(super) fn is_from_a_server(letter: &Letter) -> bool {
    let user = letter.from.address.split('@').next().unwrap_or_default();
    let is_server = ["mailer-daemon", "postmaster"]
        .iter()
        .any(|known| user.eq_ignore_ascii_case(known));
    let subject = letter.subject.to_lowercase();
    let goes_on = [
        "warning",
        "delay",
        "deferred",
        "quarantin",
        "success",
        "relayed",
        "警告",
        "遅延",
        "隔離",
        "配信完了",
    ];
    is_server && !goes_on.iter().any(|word| subject.contains(word))
}

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
    let is_marked =
        letter.header("x-auto-response-suppress").is_some() || is("precedence", &["bulk", "junk"]);
    let is_submitted = submitted.is_some_and(|said| match said {
        "no" => false,
        // What forms, monitors and ticket systems send of themselves is what somebody set them up to send.
        "auto-generated" => letter.is_answer() || is_notice(letter),
        _ => true,
    });
    let is_automatic = is_submitted
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
        || (is_away(&letter.subject) && (is_marked || letter.is_answer()));
    is_automatic.then_some(Reason::Automatic)
}

#[cfg(test)]
mod tests;
