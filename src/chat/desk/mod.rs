//! The desk: the built-in platform, whose channels are rows that the web shows.
//!
//! Delivering is writing a row, so it needs no account, no network and no waiting. The row keeps the card or
//! message as data; whoever reads it gets words in their own language. People answer through the web, which
//! calls the use cases itself: `run` has nothing to listen to.
//!
//! Promises: a key is posted once, whoever tries again; a post that is revised keeps its place. Leaves out:
//! words and look (the web's), and who may read.

use crate::app::ports::{
    CannotRun, Capabilities, Clock, DeliveryError, DeskBody, DeskPost, DeskPosts, Ids, Inbox,
    Place, Platform, Post, PostKind, Receipt, Stirred, StoreError, Wake,
};
use crate::domain::notice::NoticePlace;
use crate::time::Timestamp;
use async_trait::async_trait;
use std::sync::Arc;
use tokio_util::sync::CancellationToken;

/// The built-in chat platform.
#[derive(Clone)]
pub struct Desk {
    posts: Arc<dyn DeskPosts>,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
    wake: Arc<dyn Wake>,
}

impl Desk {
    /// The key under which places name it.
    pub const KEY: &str = "desk";

    /// Makes the platform over the rows that the web shows.
    pub fn new(
        posts: Arc<dyn DeskPosts>,
        clock: Arc<dyn Clock>,
        ids: Arc<dyn Ids>,
        wake: Arc<dyn Wake>,
    ) -> Self {
        Desk {
            posts,
            clock,
            ids,
            wake,
        }
    }
}

#[async_trait]
impl Platform for Desk {
    fn capabilities(&self) -> Capabilities {
        Capabilities {
            edits: true,
            threads: true,
            buttons: true,
            // A key that was posted is never posted again, however late.
            idempotency_window: None,
            finds: true,
        }
    }

    async fn deliver(
        &self,
        place: &Place,
        post: &Post,
        key: &str,
    ) -> Result<Receipt, DeliveryError> {
        if place.channel.trim().is_empty() {
            return Err(DeliveryError::Gone {
                why: "a channel of the desk has no name".to_owned(),
            });
        }
        let in_thread = is_in_thread(post);
        let row = DeskPost {
            id: self.ids.id(),
            channel: place.channel.clone(),
            inquiry: post.context.inquiry.clone(),
            in_thread,
            body: body(&post.what),
            key: key.to_owned(),
            at: self.clock.now(),
            // Given by the store.
            stamp: 0,
            posted: 0,
        };
        let kept = self.posts.desk_post(row).await.map_err(no_answer)?;
        self.wake.wake(Stirred::Desk);
        Ok(receipt(&kept))
    }

    async fn revise(
        &self,
        _place: &Place,
        receipt: &Receipt,
        post: &Post,
    ) -> Result<(), DeliveryError> {
        let found = self
            .posts
            .desk_revise(&receipt.message, &body(&post.what))
            .await
            .map_err(no_answer)?;
        if found {
            self.wake.wake(Stirred::Desk);
            Ok(())
        } else {
            Err(DeliveryError::Gone {
                why: format!("the desk has no post \"{}\"", receipt.message),
            })
        }
    }

    async fn find(
        &self,
        _place: &Place,
        _post: &Post,
        key: &str,
        _since: Timestamp,
    ) -> Result<Option<Receipt>, DeliveryError> {
        let found = self.posts.desk_find(key).await.map_err(no_answer)?;
        Ok(found.as_ref().map(receipt))
    }

    async fn run(
        &self,
        _inbox: Arc<dyn Inbox>,
        shutdown: CancellationToken,
    ) -> Result<(), CannotRun> {
        shutdown.cancelled().await;
        Ok(())
    }

    async fn check(&self, places: &[Place]) -> Vec<String> {
        // Any name is a channel; only one without a name cannot be opened.
        places
            .iter()
            .filter(|place| place.channel.trim().is_empty())
            .map(|_| "a channel of the desk has no name".to_owned())
            .collect()
    }
}

/// A notice of an inquiry's thread is said there; the desk knows the thread by the inquiry, with or without its card.
fn is_in_thread(post: &Post) -> bool {
    match &post.what {
        PostKind::Card { .. } | PostKind::Board { .. } => false,
        PostKind::Notice { notice, .. } => match notice.place {
            NoticePlace::Thread => post.context.inquiry.is_some(),
            NoticePlace::Card | NoticePlace::Channel | NoticePlace::Operators => false,
        },
    }
}

fn body(what: &PostKind) -> DeskBody {
    match what {
        PostKind::Card { card, mentions, .. } => DeskBody::Card {
            card: card.clone(),
            mentions: mentions.clone(),
        },
        PostKind::Notice { notice, mentions } => DeskBody::Notice {
            message: notice.message.clone(),
            mentions: mentions.clone(),
            is_urgent: notice.is_urgent,
            offers: notice.offers.clone(),
        },
        PostKind::Board { board } => DeskBody::Board {
            board: (**board).clone(),
        },
    }
}

/// The thread of a card is the inquiry's own: it needs no name, but has one so that it can be found by it.
fn receipt(post: &DeskPost) -> Receipt {
    let thread = match &post.body {
        DeskBody::Card { .. } => post.inquiry.as_ref().map(ToString::to_string),
        DeskBody::Notice { .. } | DeskBody::Board { .. } => None,
    };
    Receipt {
        message: post.id.clone(),
        thread,
    }
}

/// The row may be there although the answer was lost; its key keeps a second try harmless.
fn no_answer(error: StoreError) -> DeliveryError {
    match error {
        StoreError::Unavailable(why) => DeliveryError::Retry { after: None, why },
        StoreError::Unknown(why) => DeliveryError::Unknown { why },
        StoreError::Refused(why) | StoreError::Unreadable(why) => DeliveryError::Rejected { why },
    }
}

#[cfg(test)]
mod tests;
