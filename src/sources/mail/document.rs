//! A mail as the document that the texts of a mapping read, and as the message that a conversation hears.

use super::ignore::Reason;
use super::letter::Letter;
use super::quote::{Answer, answer, is_forwarded, plain_subject, whole_words};
use crate::app::ports::{MailAddress, MappedMessage, Side};
use crate::expr::Document;
use crate::i18n::{Args, Lang, say};
use crate::msg;
use crate::sources::mapping::written;
use crate::time::Timestamp;
use serde_json::{Map, Value, json};

/// The most characters of a message that is heard.
const HEARD: usize = 16_000;

/// How much was read of a mail of which there is more.
#[derive(Clone, Copy, Debug)]
pub(in crate::sources) struct Cut {
    pub read: usize,
    /// How much there is, where the server tells.
    pub whole: Option<usize>,
    /// Whether no more was asked for; or else no more came.
    pub is_too_large: bool,
}

/// A mail and what is known of it.
pub(super) struct Arrived<'a> {
    pub letter: &'a Letter,
    pub thread: &'a str,
    pub by: Side,
    pub at: Timestamp,
    /// Where only its start was read.
    pub cut: Option<Cut>,
}

/// Whose side an address is on.
pub(super) fn side(
    address: &str,
    own: &[String],
    team: &[String],
    team_domains: &[String],
) -> Side {
    let is = |known: &String| known.eq_ignore_ascii_case(address);
    let domain = domain(address);
    if own.iter().any(is) {
        Side::Own
    } else if team.iter().any(is)
        || team_domains
            .iter()
            .any(|known| known.eq_ignore_ascii_case(domain))
    {
        Side::Team
    } else {
        Side::Requester
    }
}

fn domain(address: &str) -> &str {
    address.rsplit_once('@').map_or("", |(_, domain)| domain)
}

/// A copy of what was sent under our own address opens nothing.
pub(super) fn opens_nothing(by: Side, is_known: bool) -> Option<Reason> {
    (by == Side::Own && !is_known).then_some(Reason::Own)
}

impl Arrived<'_> {
    /// The writer's own words.
    fn words(&self) -> Answer {
        match self.letter.is_answer() && !is_forwarded(&self.letter.subject) {
            true => answer(&self.letter.text),
            false => Answer {
                words: whole_words(&self.letter.text),
                omitted: 0,
            },
        }
    }

    /// What stands below the words: what is attached, and that something is missing.
    fn notes(&self, lang: Lang) -> String {
        let mut lines: Vec<String> = Vec::new();
        for attachment in &self.letter.attachments {
            let kind = attachment.kind.as_str();
            let name = match attachment.name.as_str() {
                "" => kind,
                name => name,
            };
            let args = Args::new()
                .with("name", name)
                .with("type", kind)
                .with("size", size(attachment.bytes));
            lines.push(say(lang, msg!("mail-attached"), &args));
        }
        if let Some(cut) = self.cut {
            let args = Args::new().with("read", size(cut.read));
            let (id, args) = match (cut.whole, cut.is_too_large) {
                (None, _) => (msg!("mail-cut-somewhere"), args),
                (Some(whole), true) => (msg!("mail-cut"), args.with("whole", size(whole))),
                (Some(whole), false) => (msg!("mail-cut-short"), args.with("whole", size(whole))),
            };
            lines.push(say(lang, id, &args));
        }
        match lines.is_empty() {
            true => String::new(),
            false => format!("\n\n{}", lines.join("\n")),
        }
    }

    /// The document.
    pub fn document(&self, lang: Lang) -> Value {
        let letter = self.letter;
        let people = |all: &[MailAddress]| -> Value {
            all.iter()
                .map(|one| Value::from(one.address.as_str()))
                .collect()
        };
        let attachments: Value = letter
            .attachments
            .iter()
            .map(|one| json!({"name": one.name, "type": one.kind, "size": one.bytes}))
            .collect();
        let headers: Value = letter
            .headers
            .iter()
            .map(|(name, value)| json!({"name": name, "value": value}))
            .collect();
        let mut header = Map::new();
        for (name, value) in &letter.headers {
            header
                .entry(name.as_str())
                .or_insert_with(|| Value::from(value.as_str()));
        }
        let own = self.words();
        json!({
            "message_id": letter.message_id,
            "thread": self.thread,
            "in_reply_to": letter.in_reply_to.as_deref().unwrap_or_default(),
            "references": letter.references,
            "by": word(self.by),
            "from": letter.from.address,
            "from_name": letter.from.name.as_deref().unwrap_or_default(),
            "from_domain": domain(&letter.from.address),
            "reply_to": people(&letter.reply_to),
            "to": people(&letter.to),
            "cc": people(&letter.cc),
            "subject": letter.subject,
            "subject_plain": plain_subject(&letter.subject),
            "date": letter.date.map(|at| at.to_string()).unwrap_or_default(),
            "received_at": self.at.to_string(),
            "text": own.words,
            "omitted": own.omitted,
            // What opens an inquiry is all there is of it: the mails before it are kept nowhere.
            "whole": whole_words(&letter.text),
            "full_text": letter.text.trim(),
            "notes": self.notes(lang),
            "attachments": attachments,
            "is_cut": self.cut.is_some(),
            "headers": headers,
            "header": header,
        })
    }
}

/// What a conversation hears of a document, which may be one that was kept and is read again.
pub(super) fn heard(document: &Value, lang: Lang) -> Option<MappedMessage> {
    let text = |name: &str| {
        document
            .get(name)
            .and_then(Value::as_str)
            .unwrap_or_default()
    };
    let omitted = match document.get("omitted").and_then(Value::as_u64) {
        None | Some(0) => String::new(),
        Some(lines) => {
            let args = Args::new().with("lines", lines.to_string());
            format!("\n\n{}", say(lang, msg!("mail-omitted"), &args))
        }
    };
    let words = written(&format!("{}{omitted}{}", text("text"), text("notes")));
    let words = words.as_deref().unwrap_or_default();
    let id = text("message_id");
    Some(MappedMessage {
        id: super::short(id),
        by: match text("by") {
            "team" => Side::Team,
            "own" => Side::Own,
            "requester" => Side::Requester,
            _ => return None,
        },
        at: text("received_at").parse().ok()?,
        text: match words {
            "" => say(lang, msg!("mail-no-words"), &Args::new()),
            words if words.chars().count() > HEARD => {
                words.chars().take(HEARD - 1).chain(['…']).collect()
            }
            words => words.to_owned(),
        },
    })
    .filter(|_| !id.is_empty())
}

fn word(side: Side) -> &'static str {
    match side {
        Side::Requester => "requester",
        Side::Team => "team",
        Side::Own => "own",
    }
}

/// Bytes for people: `12 KB`, `3.4 MB`.
fn size(bytes: usize) -> String {
    match bytes {
        0..1_000 => format!("{bytes} B"),
        1_000..1_000_000 => format!("{} KB", bytes.div_ceil(1_000)),
        _ => format!("{}.{} MB", bytes / 1_000_000, bytes % 1_000_000 / 100_000),
    }
}

/// The document as the texts of a mapping see it.
pub(super) fn seen(document: &Value) -> Document {
    Document::from(document)
}
