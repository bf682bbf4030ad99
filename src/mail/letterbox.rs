//! What people write to requesters: an answer as a mail in its conversation.
//!
//! Promises: the letter says only what was given; it does not say that a machine wrote it, for none did. Leaves out whom
//! it goes to and in which conversation: that is the source's.

use super::Wire;
use crate::app::ports::{CannotRun, Clock, DeliveryError, Letter, Letterbox, MailAddress};
use crate::time::Timestamp;
use async_trait::async_trait;
use lettre::Address;
use lettre::message::header::ContentType;
use lettre::message::{Mailbox, SinglePart};
use std::error::Error;
use std::fmt;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

/// Hands over the letters of one source.
pub struct Answers {
    wire: Wire,
    from: Address,
    name: Option<String>,
    clock: Arc<dyn Clock>,
}

impl fmt::Debug for Answers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Answers")
            .field("wire", &self.wire)
            .finish_non_exhaustive()
    }
}

impl Answers {
    /// Makes a letterbox over a server; letters come from this address, under this name.
    ///
    /// # Errors
    /// When the sender is no address.
    pub fn new(
        wire: Wire,
        from: &str,
        name: Option<String>,
        clock: Arc<dyn Clock>,
    ) -> Result<Answers, CannotRun> {
        let from = from
            .parse()
            .map_err(|error| CannotRun(format!("{from:?} cannot send mail: {error}")))?;
        Ok(Answers {
            wire,
            from,
            name,
            clock,
        })
    }
}

#[async_trait]
impl Letterbox for Answers {
    fn from(&self) -> &str {
        self.from.as_ref()
    }

    async fn hand_over(&self, letter: &Letter) -> Result<(), DeliveryError> {
        let rejected = |why: String| DeliveryError::Rejected { why };
        let mut to = Vec::new();
        for one in letter.to.iter().chain(&letter.cc) {
            let address: Address = one.address.parse().map_err(|error| {
                rejected(format!("\"{}\" is no mail address: {error}", one.address))
            })?;
            to.push(address);
        }
        let from = Mailbox::new(self.name.clone(), self.from.clone());
        let written = written(letter, from, self.clock.now());
        let written =
            written.map_err(|why| rejected(format!("no letter can be made of it: {why}")))?;
        self.wire.send(&self.from, &to, &written).await
    }
}

/// Writes the letter.
fn written(
    letter: &Letter,
    from: Mailbox,
    now: Timestamp,
) -> Result<Vec<u8>, Box<dyn Error + Send + Sync>> {
    let bracketed = |id: &String| format!("<{id}>");
    let seconds = u64::try_from(now.as_second()).unwrap_or_default();
    let mut builder = lettre::Message::builder()
        .from(from)
        .subject(letter.subject.clone())
        .message_id(Some(bracketed(&letter.message_id)))
        .date(SystemTime::UNIX_EPOCH + Duration::from_secs(seconds));
    for one in &letter.to {
        builder = builder.to(mailbox(one)?);
    }
    for one in &letter.cc {
        builder = builder.cc(mailbox(one)?);
    }
    if let Some(answered) = &letter.in_reply_to {
        builder = builder.in_reply_to(bracketed(answered));
    }
    if !letter.references.is_empty() {
        let all: Vec<String> = letter.references.iter().map(bracketed).collect();
        builder = builder.references(all.join(" "));
    }
    let text = SinglePart::builder()
        .header(ContentType::TEXT_PLAIN)
        .body(letter.text.clone());
    Ok(builder.singlepart(text)?.formatted())
}

fn mailbox(one: &MailAddress) -> Result<Mailbox, Box<dyn Error + Send + Sync>> {
    Ok(Mailbox::new(one.name.clone(), one.address.parse()?))
}

#[cfg(test)]
mod tests;
