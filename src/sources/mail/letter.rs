//! A mail as it came, read: addresses, ids, words, and a line for each thing attached.
//!
//! Promises: whatever the bytes are, it ends soon, panics nowhere that is not caught, and keeps nothing that is attached. A
//! mail inside a mail is an attachment like any other and is not opened: nested to any depth, it would cost the stack. Leaves
//! out what a mail is to the desk.

use super::charset;
use super::report::Report;
use crate::app::ports::MailAddress;
use crate::expr::markdown;
use crate::time::{Timestamp, from_ms};
use mail_parser::{
    Address, HeaderValue, Message, MessageParser, MessagePart, MimeHeaders as _, PartType,
};
use sha2::{Digest, Sha256};
use std::borrow::Cow;

/// The most characters of all words of a mail that are kept.
const WORDS: usize = 200_000;

/// The most bytes of HTML that are read.
const HTML: usize = 2 * 1024 * 1024;

/// The most headers, attachments and earlier mails that are looked at.
const HEADERS: usize = 200;
const ATTACHMENTS: usize = 100;
const REFERENCES: usize = 50;

/// The most characters of a header's text.
const HEADER: usize = 2_000;

/// The longest id that is one.
const ID: usize = 900;

/// The most lines that tell of a part, and of parts that have parts: where there are more, the rest is not read.
const PARTS: usize = 1_000;
const NESTS: usize = 100;

/// A mail, read.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Letter {
    /// Without brackets; made of the mail itself where it has none.
    pub message_id: String,
    pub in_reply_to: Option<String>,
    /// The mails before it, the oldest first.
    pub references: Vec<String>,
    pub from: MailAddress,
    pub reply_to: Vec<MailAddress>,
    pub to: Vec<MailAddress>,
    pub cc: Vec<MailAddress>,
    pub subject: String,
    /// What its writer's clock said.
    pub date: Option<Timestamp>,
    /// All its words, HTML as Markdown.
    pub text: String,
    pub attachments: Vec<Attachment>,
    /// Names in lower case, with their texts, in their order.
    pub headers: Vec<(String, String)>,
    /// `multipart/report`, in lower case.
    pub content_type: String,
    /// What a part says that it is: `reply`, for an answer to an invitation.
    pub calendar_method: Option<String>,
    /// What it tells of a letter that did not arrive.
    pub report: Option<Report>,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Attachment {
    pub name: String,
    pub kind: String,
    pub bytes: usize,
}

impl Letter {
    /// The first header of a name, in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut found = self.headers.iter();
        let found = found.find(|(known, _)| known == name);
        found.map(|(_, text)| text.as_str())
    }

    /// Whether it answers another mail.
    pub fn is_answer(&self) -> bool {
        self.in_reply_to.is_some() || !self.references.is_empty()
    }

    /// Reads a mail, or the start of one; `None` for what is none.
    pub fn read(raw: &[u8]) -> Option<Letter> {
        let raw = tamed(raw);
        let message = MessageParser::default().parse(&*raw)?;
        let mut letter = Letter {
            in_reply_to: ids(message.in_reply_to()).into_iter().next_back(),
            references: ids(message.references()),
            from: addresses(message.from())
                .into_iter()
                .next()
                .unwrap_or_default(),
            reply_to: addresses(message.reply_to()),
            to: addresses(message.to()),
            cc: addresses(message.cc()),
            subject: line(&charset::subject(&message)),
            date: message
                .date()
                .filter(|date| date.is_valid())
                .map(|date| date.to_timestamp())
                .filter(|second| (0..=253_402_300_799).contains(second))
                .map(|second| from_ms(second * 1_000)),
            text: words(&message),
            attachments: attachments(&message),
            headers: headers(&message),
            report: Report::of(&message),
            ..Letter::default()
        };
        if let Some(kind) = message.content_type() {
            let subtype = kind.subtype().unwrap_or_default();
            letter.content_type = format!("{}/{subtype}", kind.ctype()).to_ascii_lowercase();
        }
        let calendar = message.parts.iter().find_map(|part| {
            let kind = part.content_type()?;
            let is_calendar = part.is_content_type("text", "calendar");
            kind.attribute("method").filter(|_| is_calendar)
        });
        letter.calendar_method = calendar.map(str::to_ascii_lowercase);
        if letter.from.address.is_empty() {
            letter.from = addresses(message.sender())
                .into_iter()
                .next()
                .unwrap_or_default();
        }
        if let Some(author) = letter.author() {
            letter.from = author;
        }
        let given = message.message_id().and_then(id);
        letter.message_id = given.unwrap_or_else(|| letter.made_id());
        let own = letter.message_id.clone();
        letter.references.retain(|id| *id != own);
        Some(letter)
    }

    /// Reads the start of a mail: what is made of it is the same however far it was read.
    pub fn read_start(raw: &[u8]) -> Option<Letter> {
        let mut letter = Letter::read(raw)?;
        if letter.message_id == letter.made_id() {
            let words = std::mem::take(&mut letter.text);
            letter.message_id = letter.made_id();
            letter.text = words;
        }
        Some(letter)
    }

    /// Who wrote a mail that a list sent on under its own address, as Google Groups and Mailman do for senders whose domain
    /// forbids others to send for it (DMARC); `None` for a mail that comes from its author.
    fn author(&self) -> Option<MailAddress> {
        let list = self.header("list-id")?;
        let address = &self.from.address;
        let is_from = |one: &MailAddress| one.address.eq_ignore_ascii_case(address);
        let is_lists = self.to.iter().chain(&self.cc).any(is_from)
            || named(list).eq_ignore_ascii_case(&address.replace('@', "."))
            || self.header("list-post").is_some_and(|post| {
                let post = post.to_lowercase();
                post.contains(&format!("<mailto:{}>", address.to_lowercase()))
            });
        if !is_lists {
            return None;
        }
        let said = ["x-original-from", "x-original-sender"].iter();
        let said: Vec<MailAddress> = said.filter_map(|name| author(self.header(name)?)).collect();
        if said.iter().any(is_from) {
            // Whoever wrote it had a copy of it themself.
            return None;
        }
        // An answer to the list is none to its author.
        let is_written_to = |one: &&MailAddress| {
            let mut to = self.to.iter().chain(&self.cc);
            to.any(|to| to.address.eq_ignore_ascii_case(&one.address))
        };
        let answers = { self.reply_to.iter() }.filter(|one| !is_written_to(one));
        let mut authors = said.iter().chain(answers);
        authors.find(|one| !is_from(one)).cloned()
    }

    /// An id for a mail that has none: the same whenever it is read.
    fn made_id(&self) -> String {
        let mut hash = Sha256::new();
        let date = self.header("date").unwrap_or_default();
        for part in [&self.from.address, &self.subject, &self.text, date] {
            hash.update(part.as_bytes());
            hash.update([0]);
        }
        format!("no-id-{}", hex::encode(&hash.finalize()[..16]))
    }
}

/// The name of a list in its header: `Support <support.b.example>`.
fn named(list: &str) -> &str {
    let inner = list.rsplit_once('<').map_or(list, |(_, inner)| inner);
    inner.trim().trim_end_matches('>')
}

/// The person whom a header names that the parser does not read as one.
fn author(said: &str) -> Option<MailAddress> {
    let head = format!("From: {}\r\n\r\n", line(said));
    let message = MessageParser::default().parse_headers(head.as_bytes())?;
    let named = addresses(message.from()).into_iter().next();
    named.filter(|one| one.address.contains('@'))
}

/// A text without what a database does not take; line ends are `\n`.
fn clean(text: &str) -> String {
    text.replace('\0', "\u{fffd}")
        .replace("\r\n", "\n")
        .replace('\r', "\n")
}

/// One line of a header.
pub(super) fn line(text: &str) -> String {
    let line = text.replace('\0', "\u{fffd}");
    let line = line.split_whitespace().collect::<Vec<_>>().join(" ");
    line.chars().take(HEADER).collect()
}

/// An id without brackets, if it can be one.
pub(super) fn id(text: &str) -> Option<String> {
    let text = text.trim().trim_matches(['<', '>']);
    let is_good = !text.is_empty()
        && text.len() <= ID
        && !text
            .chars()
            .any(|c| c.is_whitespace() || c.is_control() || "<>".contains(c));
    is_good.then(|| text.to_owned())
}

/// Ids in their order, each once; of very many the first and the last.
fn ids(value: &HeaderValue<'_>) -> Vec<String> {
    let texts: &[Cow<'_, str>] = match value {
        HeaderValue::Text(text) => std::slice::from_ref(text),
        HeaderValue::TextList(texts) => texts,
        _ => &[],
    };
    let mut ids: Vec<String> = Vec::new();
    for id in texts
        .iter()
        .take(10 * REFERENCES)
        .filter_map(|text| id(text))
    {
        if !ids.contains(&id) {
            ids.push(id);
        }
    }
    if ids.len() > REFERENCES {
        ids.drain(1..=ids.len() - REFERENCES);
    }
    ids
}

fn addresses(given: Option<&Address<'_>>) -> Vec<MailAddress> {
    let all = given.into_iter().flat_map(Address::iter).take(HEADERS);
    let read = all.filter_map(|one| {
        let address = line(one.address()?);
        let name = one
            .name()
            .map(|name| line(&charset::name(name)))
            .filter(|name| !name.is_empty());
        let is_plain = !address.is_empty() && !address.contains(char::is_whitespace);
        is_plain.then_some(MailAddress { address, name })
    });
    read.collect()
}

fn headers(message: &Message<'_>) -> Vec<(String, String)> {
    let decoded = |name: &str, raw: &str| match message.header(name) {
        Some(HeaderValue::Text(text)) => line(text),
        _ => line(raw),
    };
    let all = message.headers_raw().take(HEADERS);
    all.map(|(name, raw)| (line(name).to_ascii_lowercase(), decoded(name, raw)))
        .collect()
}

/// The words of all parts that are meant to be read, one after the other; of the HTML where the text beside it is blank.
fn words(message: &Message<'_>) -> String {
    match words_of(message, message.text_bodies()) {
        words if words.trim().is_empty() => words_of(message, message.html_bodies()),
        words => words,
    }
}

fn words_of<'a>(
    message: &Message<'_>,
    bodies: impl Iterator<Item = &'a MessagePart<'a>>,
) -> String {
    let mut words = String::new();
    for part in bodies.take(ATTACHMENTS) {
        let text = match &part.body {
            PartType::Text(text) => clean(&charset::readable(message, part, text))
                .trim_end()
                .to_owned(),
            PartType::Html(html) => {
                let html = charset::readable(message, part, html);
                let end = (0..=html.len().min(HTML))
                    .rev()
                    .find(|at| html.is_char_boundary(*at));
                clean(&markdown(&html[..end.unwrap_or_default()]))
            }
            PartType::Binary(_)
            | PartType::InlineBinary(_)
            | PartType::Message(_)
            | PartType::Multipart(_) => continue,
        };
        if text.trim().is_empty() {
            continue;
        }
        if !words.is_empty() {
            words.push_str("\n\n");
        }
        words.push_str(&text);
    }
    match words.char_indices().nth(WORDS) {
        Some((end, _)) => format!("{}…", &words[..end]),
        None => words,
    }
}

fn attachments(message: &Message<'_>) -> Vec<Attachment> {
    let all = message.attachments().take(ATTACHMENTS);
    let read = all
        .filter(|part| !is_other_form(message, part))
        .map(|part| {
            let kind = part.content_type().map(|kind| {
                let subtype = match (kind.ctype(), kind.subtype().unwrap_or_default()) {
                    // See `tamed`.
                    ("message", "xfc822") => "rfc822",
                    (_, subtype) => subtype,
                };
                line(&format!("{}/{subtype}", kind.ctype())).to_ascii_lowercase()
            });
            Attachment {
                name: line(part.attachment_name().unwrap_or_default()),
                kind: kind.unwrap_or_else(|| "text/plain".to_owned()),
                bytes: part.len(),
            }
        });
    read.collect()
}

/// Whether a part is the HTML beside the text that is read.
fn is_other_form(message: &Message<'_>, part: &mail_parser::MessagePart<'_>) -> bool {
    let is_body = message.html_bodies().any(|body| std::ptr::eq(body, part));
    is_body && part.attachment_name().is_none()
}

/// The bytes of a mail as they can be given to the parser: it opens mails in mails by recursion, however deep, and looks for
/// the end of each part that has parts up to the end of the mail. So a mail in a mail gets a type that is not opened, and
/// after very many parts the rest is left.
fn tamed(raw: &[u8]) -> Cow<'_, [u8]> {
    let mut out = Cow::Borrowed(raw);
    let (mut parts, mut nests, mut at) = (0, 0, 0);
    let mut is_type = false;
    while at < raw.len() {
        let end = raw[at..].iter().position(|byte| *byte == b'\n');
        let end = end.map_or(raw.len(), |length| at + length + 1);
        let whole = &raw[at..end];
        let is_folded = matches!(whole.first(), Some(b' ' | b'\t'));
        let start = whole.trim_ascii_start();
        let starts = start
            .get(..12)
            .is_some_and(|name| name.eq_ignore_ascii_case(b"content-type"));
        is_type = starts || (is_type && is_folded);
        if starts {
            parts += 1;
        }
        if is_type {
            nests += usize::from(find(whole, b"multipart").is_some());
            for word in [b"rfc822", b"global", b"digest"] {
                let mut from = 0;
                while let Some(found) = find(&whole[from..], word) {
                    out.to_mut()[at + from + found] = b'x';
                    from += found + word.len();
                }
            }
        }
        if parts > PARTS || nests > NESTS {
            return match out {
                Cow::Borrowed(raw) => Cow::Borrowed(&raw[..at]),
                Cow::Owned(mut raw) => {
                    raw.truncate(at);
                    Cow::Owned(raw)
                }
            };
        }
        at = end;
    }
    out
}

/// Where a word stands, whatever its case.
fn find(text: &[u8], word: &[u8]) -> Option<usize> {
    text.windows(word.len())
        .position(|some| some.eq_ignore_ascii_case(word))
}

#[cfg(test)]
mod tests;
