//! Mail: the platform whose places are addresses. It writes and does not listen.
//!
//! Promises: a letter is handed over once. Until the server has been given the text nothing was sent, and it is tried
//! again; once it was, a lost answer is *unknown* and the letter is never sent again blindly. A repeat bears the same
//! Message-ID, made from the delivery's key, by which a reader's program knows it. [`Answers`] hands over what people write
//! to requesters of sources that are mailboxes. Leaves out reading mail.

mod letter;
mod letterbox;
mod wire;

pub use letterbox::Answers;
pub use wire::{Authority, Security, SignIn, Wire};

use crate::app::ports::{
    CannotRun, Capabilities, DeliveryError, Inbox, Place, Platform, Post, PostKind, Receipt,
};
use crate::time::Timestamp;
use async_trait::async_trait;
use lettre::Address;
use std::sync::Arc;
use tokio_util::sync::CancellationToken;

/// The platform of addresses.
#[derive(Clone, Debug)]
pub struct Mail {
    wire: Wire,
    from: Address,
}

impl Mail {
    /// Makes the platform over a server.
    ///
    /// # Errors
    /// When the sender is no address.
    pub fn new(wire: Wire, from: &str) -> Result<Self, CannotRun> {
        let from = from
            .parse()
            .map_err(|error| CannotRun(format!("{from:?} cannot send mail: {error}")))?;
        Ok(Mail { wire, from })
    }
}

#[async_trait]
impl Platform for Mail {
    fn capabilities(&self) -> Capabilities {
        Capabilities {
            edits: false,
            threads: false,
            buttons: false,
            idempotency_window: None,
            // A server does not tell what it took.
            finds: false,
        }
    }

    async fn deliver(
        &self,
        place: &Place,
        post: &Post,
        key: &str,
    ) -> Result<Receipt, DeliveryError> {
        let PostKind::Notice { notice, .. } = &post.what else {
            return Err(DeliveryError::Rejected {
                why: "only notices are mailed".to_owned(),
            });
        };
        let to: Address = place
            .channel
            .parse()
            .map_err(|error| DeliveryError::Rejected {
                why: format!("\"{}\" is no mail address: {error}", place.channel),
            })?;
        let id = letter::message_id(key, &self.from);
        let letter =
            letter::letter(notice, &post.context, &self.from, &to, &id).map_err(|why| {
                DeliveryError::Rejected {
                    why: format!("no letter can be made of it: {why}"),
                }
            })?;
        self.wire
            .send(&self.from, std::slice::from_ref(&to), &[], &letter)
            .await?;
        Ok(Receipt {
            message: id,
            thread: None,
        })
    }

    async fn revise(
        &self,
        _place: &Place,
        _receipt: &Receipt,
        _post: &Post,
    ) -> Result<(), DeliveryError> {
        Err(DeliveryError::Rejected {
            why: "what was mailed cannot be edited".to_owned(),
        })
    }

    async fn find(
        &self,
        _place: &Place,
        _post: &Post,
        _key: &str,
        _since: Timestamp,
    ) -> Result<Option<Receipt>, DeliveryError> {
        Err(DeliveryError::Rejected {
            why: "a mail server does not tell what it took".to_owned(),
        })
    }

    async fn run(
        &self,
        _inbox: Arc<dyn Inbox>,
        shutdown: CancellationToken,
    ) -> Result<(), CannotRun> {
        shutdown.cancelled().await;
        Ok(())
    }

    async fn check(&self, _places: &[Place]) -> Vec<String> {
        match self.wire.greet(&self.from).await {
            Ok(()) => Vec::new(),
            Err(error) => vec![format!("mail: {error}")],
        }
    }
}
