//! What a mail server tells of a letter that it could not bring (RFC 3464): whose fate it is, and which letter's.
//!
//! Promises: it reads what is marked as such a report, and of one that is not (qmail's) only whose letter it holds and whom of
//! those it names; it takes nothing from sentences, which are in any language; whatever
//! the bytes are, it ends soon and holds little. Leaves out whether the letter is ours: that is looked up by its id, which
//! nobody can guess.

use super::letter::{id, line};
use crate::app::ports::{Envelope, Fate, MailAddress};
use mail_parser::{Message, MessageParser, MessagePart, MimeHeaders as _};

/// The most bytes of a part that are looked at, of groups of fields, and of recipients of whom it tells.
const PART: usize = 64 * 1024;
const GROUPS: usize = 200;
const RECIPIENTS: usize = 50;

/// The most characters of what a server said, and of how many recipients it is told.
const SAID: usize = 300;
const TOLD: usize = 3;

/// A report, read.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Report {
    /// The id of the letter, where the report says it.
    pub letter: Option<String>,
    pub recipients: Vec<Recipient>,
}

/// What became of a letter on its way to somebody.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Recipient {
    /// Where it was to be brought in the end.
    pub address: String,
    /// What the sender had written, where that is told.
    pub written: Option<String>,
    pub action: Action,
    /// What the server said, or at least the number of it.
    pub said: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Action {
    Failed,
    Delayed,
    /// It arrived, or went on.
    Other,
}

impl Report {
    /// Reads the report that a mail is; `None` where it is none.
    pub fn of(message: &Message<'_>) -> Option<Report> {
        if !message.is_content_type("multipart", "report") {
            return of_header(message);
        }
        let kind = message
            .content_type()
            .and_then(|kind| kind.attribute("report-type"));
        if kind.is_some_and(|kind| !kind.eq_ignore_ascii_case("delivery-status")) {
            return None;
        }
        let mut report = Report::default();
        for part in &message.parts {
            match subtype(part) {
                "delivery-status" | "global-delivery-status" if report.recipients.is_empty() => {
                    report.recipients = recipients(start(part));
                }
                "rfc822" | "global" | "rfc822-headers" | "global-headers"
                    if report.letter.is_none() =>
                {
                    report.letter = letter(start(part));
                }
                _ => {}
            }
        }
        (!report.recipients.is_empty()).then_some(report)
    }

    /// A report in words only, as qmail writes it, on a letter that was found in it: whom it names of those who were written
    /// to, or else whoever asked, did not get it.
    pub fn in_words(text: &str, id: &str, written: &Envelope) -> Report {
        let above = text.split_once(id).map_or(text, |(above, _)| above);
        // What is quoted of the letter names everybody.
        let end = above
            .lines()
            .position(|line| line.starts_with("---"))
            .unwrap_or(usize::MAX);
        let said: Vec<String> = above
            .lines()
            .take(end)
            .map(str::to_ascii_lowercase)
            .collect();
        let is_named = |one: &&MailAddress| {
            let address = one.address.to_ascii_lowercase();
            said.iter().any(|line| line.contains(&address))
        };
        let all = || written.to.iter().chain(&written.cc);
        let mut named: Vec<&MailAddress> = all().filter(is_named).collect();
        if named.is_empty() {
            named.extend(written.to.first());
        }
        let recipients = named.into_iter().take(RECIPIENTS).map(|one| Recipient {
            address: one.address.clone(),
            written: None,
            action: Action::Failed,
            said: String::new(),
        });
        Report {
            letter: Some(id.to_owned()),
            recipients: recipients.collect(),
        }
    }

    /// What it means for a letter, and in whose case; nothing where everything is well.
    ///
    /// An address that is not among those that were written to is where somebody's mail went on to: it may be whoever asked.
    pub fn fate(&self, written: &Envelope) -> Option<(Fate, String)> {
        let of = |action: Action| -> Vec<&Recipient> {
            let all = self.recipients.iter();
            all.filter(|one| one.action == action).collect()
        };
        let (copies, asked): (Vec<_>, Vec<_>) = of(Action::Failed)
            .into_iter()
            .partition(|one| one.is_copy(written));
        let delayed = of(Action::Delayed);
        let (fate, told) = match (asked.is_empty(), copies.is_empty(), delayed.is_empty()) {
            (false, _, _) => (Fate::Failed, asked),
            (true, false, _) => (Fate::CopyFailed, copies),
            (true, true, false) => (Fate::Delayed, delayed),
            (true, true, true) => return None,
        };
        let why = told
            .into_iter()
            .take(TOLD)
            .map(|one| match (fate, one.said.as_str()) {
                // What fails the answer stands in the ledger for ever, where nobody's address belongs.
                (Fate::Failed, "") => "undelivered".to_owned(),
                (Fate::Failed, said) => without_addresses(said),
                (Fate::CopyFailed | Fate::Delayed, "") => one.address.clone(),
                (Fate::CopyFailed | Fate::Delayed, said) => format!("{}: {said}", one.address),
            });
        Some((fate, why.collect::<Vec<_>>().join("; ")))
    }
}

/// The ids of letters of ours that words hold: `toban.<32 hex>@domain`.
pub(super) fn ours(text: &str) -> Vec<String> {
    let found = text.match_indices("toban.").take(GROUPS);
    let read = found.filter_map(|(at, _)| {
        let end =
            text[at..].find(|c: char| c.is_whitespace() || c.is_control() || "<>,;\"".contains(c));
        let id = &text[at..end.map_or(text.len(), |end| at + end)];
        let (number, domain) = id.strip_prefix("toban.")?.split_once('@')?;
        let is_ours = number.len() == 32
            && number.bytes().all(|c| c.is_ascii_hexdigit())
            && !domain.is_empty();
        is_ours.then(|| id.to_owned())
    });
    let mut ids: Vec<String> = read.collect();
    ids.dedup();
    ids.truncate(RECIPIENTS);
    ids
}

/// Words of a server without the addresses in them.
fn without_addresses(said: &str) -> String {
    let words = said.split_whitespace();
    let words = words.map(|word| if word.contains('@') { "…" } else { word });
    words.collect::<Vec<_>>().join(" ")
}

impl Recipient {
    /// Whether it is only a copy of the letter that was for them.
    fn is_copy(&self, written: &Envelope) -> bool {
        let is = |known: &MailAddress, address: &str| known.address.eq_ignore_ascii_case(address);
        let is_among = |all: &[MailAddress]| {
            all.iter().any(|known| {
                is(known, &self.address)
                    || self.written.as_deref().is_some_and(|one| is(known, one))
            })
        };
        is_among(&written.cc) && !is_among(&written.to)
    }
}

/// What older servers say instead, in a header of its own.
fn of_header(message: &Message<'_>) -> Option<Report> {
    let failed = message.header_raw("X-Failed-Recipients")?;
    let addresses = failed.split(',').map(line).filter(|one| !one.is_empty());
    let recipients = addresses.take(RECIPIENTS).map(|address| Recipient {
        address,
        written: None,
        action: Action::Failed,
        said: String::new(),
    });
    let whole = message.parts.iter().find(|part| is_a_mail(part));
    Some(Report {
        letter: whole.and_then(|part| letter(start(part))),
        recipients: recipients.collect(),
    })
}

fn is_a_mail(part: &MessagePart<'_>) -> bool {
    matches!(
        subtype(part),
        "rfc822" | "global" | "rfc822-headers" | "global-headers"
    )
}

/// What a part of a report is; [`super::letter`] has blotted out what the parser would open.
fn subtype(part: &MessagePart<'_>) -> &'static str {
    let kind = part.content_type();
    let is_of_mail = kind.is_some_and(|kind| matches!(kind.ctype(), "message" | "text"));
    let subtype = kind.and_then(|kind| kind.subtype()).filter(|_| is_of_mail);
    let subtype = subtype.unwrap_or_default().to_ascii_lowercase();
    match subtype.as_str() {
        "delivery-status" => "delivery-status",
        "global-delivery-status" | "xlobal-delivery-status" => "global-delivery-status",
        "rfc822" | "xfc822" => "rfc822",
        "global" | "xlobal" => "global",
        "rfc822-headers" | "xfc822-headers" => "rfc822-headers",
        "global-headers" | "xlobal-headers" => "global-headers",
        _ => "",
    }
}

fn start<'a>(part: &'a MessagePart<'_>) -> &'a [u8] {
    let contents = part.contents();
    &contents[..contents.len().min(PART)]
}

/// The id of the letter whose head it is.
fn letter(head: &[u8]) -> Option<String> {
    let message = MessageParser::default().parse_headers(head)?;
    message.message_id().and_then(id)
}

/// Groups of fields with a blank line between, each of which reads like the head of a mail: the first is about the letter,
/// the others are about a recipient each.
fn recipients(fields: &[u8]) -> Vec<Recipient> {
    let fields = String::from_utf8_lossy(fields).replace("\r\n", "\n");
    let groups = fields.split("\n\n").take(GROUPS);
    let read = groups.filter_map(|group| {
        let head = format!("{}\n\n", group.trim());
        recipient(&MessageParser::default().parse_headers(&head)?)
    });
    read.take(RECIPIENTS).collect()
}

fn recipient(group: &Message<'_>) -> Option<Recipient> {
    let field = |name: &str| group.header_raw(name).map(line);
    // "rfc822; sato@customer.example", "smtp; 550 5.1.1 no such user"
    let value = |name: &str| {
        let text = field(name)?;
        let value = text
            .split_once(';')
            .map_or(text.as_str(), |(_, value)| value);
        Some(value.trim().trim_matches(['<', '>']).to_owned()).filter(|value| !value.is_empty())
    };
    let written = value("Original-Recipient");
    let address = value("Final-Recipient").or_else(|| written.clone())?;
    let action = match field("Action")?.to_ascii_lowercase().as_str() {
        "failed" => Action::Failed,
        "delayed" => Action::Delayed,
        _ => Action::Other,
    };
    let said = value("Diagnostic-Code").or_else(|| field("Status"));
    Some(Recipient {
        address,
        written,
        action,
        said: said.unwrap_or_default().chars().take(SAID).collect(),
    })
}

#[cfg(test)]
mod tests;
