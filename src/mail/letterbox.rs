//! What people write to requesters: an answer as a mail in its conversation.
//!
//! Promises: the letter says only what was given; it does not say that a machine wrote it, for none did. A copy that
//! cannot go to somebody does not keep it from the others. Leaves out whom
//! it goes to and in which conversation: that is the source's.

use super::Wire;
use crate::app::ports::{CannotRun, Clock, DeliveryError, Letter, Letterbox, MailAddress, Refused};
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

    async fn hand_over(&self, letter: &Letter) -> Result<Vec<Refused>, DeliveryError> {
        let rejected = |why: String| DeliveryError::Rejected { why };
        let (to, mut refused) = readable(&letter.to);
        let (cc, no_copies) = readable(&letter.cc);
        refused.extend(no_copies);
        if to.is_empty() {
            let why = refused.first().map(|one| one.why.clone());
            return Err(rejected(
                why.unwrap_or_else(|| "it is addressed to nobody".to_owned()),
            ));
        }
        let people =
            |all: &[(MailAddress, Address)]| all.iter().map(|(one, _)| one.clone()).collect();
        let letter = Letter {
            to: people(&to),
            cc: people(&cc),
            ..letter.clone()
        };
        let from = Mailbox::new(self.name.clone(), self.from.clone());
        let written = written(&letter, from, self.clock.now());
        let written =
            written.map_err(|why| rejected(format!("no letter can be made of it: {why}")))?;
        let addresses = |all: Vec<(MailAddress, Address)>| -> Vec<Address> {
            all.into_iter().map(|(_, address)| address).collect()
        };
        let (to, cc) = (addresses(to), addresses(cc));
        refused.extend(self.wire.send(&self.from, &to, &cc, &written).await?);
        Ok(refused)
    }
}

/// Those who can be written to, and those whose address is none.
fn readable(all: &[MailAddress]) -> (Vec<(MailAddress, Address)>, Vec<Refused>) {
    let (mut good, mut refused) = (Vec::new(), Vec::new());
    for one in all {
        match one.address.parse() {
            Ok(address) => good.push((one.clone(), address)),
            Err(error) => refused.push(Refused {
                address: one.address.clone(),
                why: format!("\"{}\" is no mail address: {error}", one.address),
            }),
        }
    }
    (good, refused)
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
