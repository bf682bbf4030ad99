//! A notice as a letter: pure, so that snapshots show what people read.
//!
//! Plain text in the queue's language, with a link. Letters about one inquiry name it in their references, so that a
//! reader's program lays them together.

use crate::app::ports::PostContext;
use crate::app::wording::{PlainText, Words, sentence, word};
use crate::domain::notice::{Arg, Message, Notice};
use crate::msg;
use lettre::Address;
use lettre::message::header::{ContentType, Header, HeaderName, HeaderValue};
use lettre::message::{Mailbox, SinglePart};
use sha2::{Digest, Sha256};
use std::error::Error;
use std::time::{Duration, SystemTime};

/// A subject longer than this is cut by most programs anyway, in characters.
const SUBJECT: usize = 120;

/// The Message-ID of a delivery: the same whenever it is tried.
pub(super) fn message_id(key: &str, from: &Address) -> String {
    format!("<{}@{}>", digest(key), from.domain())
}

fn digest(text: &str) -> String {
    hex::encode(&Sha256::digest(text)[..16])
}

/// Writes a letter.
pub(super) fn letter(
    notice: &Notice,
    context: &PostContext,
    from: &Address,
    to: &Address,
    id: &str,
) -> Result<Vec<u8>, Box<dyn Error + Send + Sync>> {
    let mut builder = lettre::Message::builder()
        .from(Mailbox::new(Some("toban".to_owned()), from.clone()))
        .to(Mailbox::new(None, to.clone()))
        .subject(subject(notice, context))
        .message_id(Some(id.to_owned()))
        .date(date(context))
        .header(AutoSubmitted);
    if let Some(inquiry) = &context.inquiry {
        let thread = format!("<{}@{}>", digest(inquiry.as_str()), from.domain());
        builder = builder.in_reply_to(thread.clone()).references(thread);
    }
    let text = SinglePart::builder()
        .header(ContentType::TEXT_PLAIN)
        .body(body(notice, context));
    Ok(builder.singlepart(text)?.formatted())
}

/// The business time of the letter: what a demo or a test sets.
fn date(context: &PostContext) -> SystemTime {
    let seconds = u64::try_from(context.now.as_second()).unwrap_or_default();
    SystemTime::UNIX_EPOCH + Duration::from_secs(seconds)
}

fn subject(notice: &Notice, context: &PostContext) -> String {
    let words = Words::of(context);
    let said = match (context.reference, notice.message.args.get("title")) {
        (Some(reference), Some(title)) => {
            let message = Message::new("mail-subject")
                .with("reference", Arg::Reference(reference.0))
                .with("title", title.clone());
            sentence(&message, &words, &PlainText)
        }
        _ => word(msg!("mail-subject-many"), &words),
    };
    let one_line: Vec<&str> = said.split_whitespace().collect();
    one_line.join(" ").chars().take(SUBJECT).collect()
}

fn body(notice: &Notice, context: &PostContext) -> String {
    let words = Words::of(context);
    let mut parts = vec![sentence(&notice.message, &words, &PlainText)];
    if let Some(desk) = &context.desk_url {
        let desk = desk.trim_end_matches('/');
        parts.push(match context.reference {
            Some(reference) => format!("{desk}/desk?inquiry={reference}"),
            None => format!("{desk}/desk"),
        });
    }
    parts.push(format!("-- \n{}", word(msg!("mail-foot"), &words)));
    parts.join("\n\n") + "\n"
}

/// Says to other programs that no person wrote this, so that none answers.
#[derive(Clone)]
struct AutoSubmitted;

impl Header for AutoSubmitted {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("Auto-Submitted")
    }

    fn parse(_: &str) -> Result<Self, Box<dyn Error + Send + Sync>> {
        Ok(AutoSubmitted)
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), "auto-generated".to_owned())
    }
}

#[cfg(test)]
mod tests;
