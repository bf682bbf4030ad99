//! Posting, editing and finding messages; threads under cards.
//!
//! A post carries a nonce made from its key, which Discord enforces for a few minutes, and a marker made from
//! it that can be read back for ever: in a card's footer or a notice's small print. What may have been posted
//! is reported as unknown, never as "try again".

mod check;
mod find;
mod meaning;

#[cfg(feature = "gateway")]
pub(super) use meaning::sign_in_problem;

use find::marker;
use meaning::{Doing, alone};

use super::config::DiscordConfig;
use super::render;
use super::rest::{Call, Failure, Rest};
use crate::app::ports::{DeliveryError, Place, Post, PostKind, Receipt};
use crate::domain::notice::{Notice, NoticePlace};
use serde_json::{Value, json};
use serenity::http::{LightMethod, Route};
use serenity::model::id::{ChannelId, MessageId};
use sha2::{Digest, Sha256};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::OnceCell;

/// How long Discord surely refuses a second post with the same nonce ("the past few minutes").
pub(super) const NONCE_WINDOW: Duration = Duration::from_secs(120);
const A_WEEK_IN_MINUTES: u32 = 10_080;

const ARCHIVED: u64 = 50_083;
const THREAD_EXISTS: u64 = 160_004;
const NO_THREADS_HERE: u64 = 50_024;

/// Delivers to the channels of one server.
pub(super) struct Delivery {
    pub config: Arc<DiscordConfig>,
    pub rest: Arc<Rest>,
    /// Our own user id, once known.
    pub me: OnceCell<String>,
}

impl Delivery {
    /// Posts a card with its thread, or a notice.
    pub async fn deliver(
        &self,
        place: &Place,
        post: &Post,
        key: &str,
    ) -> Result<Receipt, DeliveryError> {
        let channel = channel(place)?;
        match &post.what {
            PostKind::Card { card, mentions, .. } => {
                let body = render::card(
                    card,
                    mentions,
                    &post.context,
                    &self.config.key,
                    Some(&marker(key)),
                );
                let message = self.post(channel, body, key).await?;
                let thread = self
                    .thread(channel, &message, render::thread_name(card, &post.context))
                    .await;
                // The card is there: what is left to do is found out by looking, not by posting again.
                let thread = thread.map_err(|error| DeliveryError::Unknown {
                    why: format!("the card has no thread yet: {error}"),
                })?;
                Ok(Receipt { message, thread })
            }
            PostKind::Board { board } => {
                let marker = marker(key);
                let body = render::board(board, &post.context, &self.config.key, Some(&marker));
                let message = self.post(channel, body, key).await?;
                self.pin(channel, &message).await;
                Ok(Receipt {
                    message,
                    thread: None,
                })
            }
            PostKind::Notice { notice, mentions } => {
                let said = |in_thread| {
                    render::notice(
                        notice,
                        mentions,
                        &post.context,
                        &self.config.key,
                        &marker(key),
                        in_thread,
                    )
                };
                if let Some(thread) = thread_of(notice, post) {
                    match self.post(thread, said(true), key).await {
                        // The thread was deleted or locked: the channel hears it, with the inquiry's name.
                        Err(DeliveryError::Gone { .. } | DeliveryError::Rejected { .. })
                            if !self.rest.is_stopped() => {}
                        other => {
                            return other.map(|message| Receipt {
                                message,
                                thread: Some(thread.to_string()),
                            });
                        }
                    }
                }
                let message = self.post(channel, said(false), key).await?;
                Ok(Receipt {
                    message,
                    thread: None,
                })
            }
        }
    }

    /// Edits a post in place.
    pub async fn revise(
        &self,
        place: &Place,
        receipt: &Receipt,
        post: &Post,
    ) -> Result<(), DeliveryError> {
        let channel_id = channel(place)?;
        let gone = || DeliveryError::Gone {
            why: format!("message {} is no message of Discord", receipt.message),
        };
        let message_id = MessageId::new(id(&receipt.message).ok_or_else(gone)?);
        let (at, body) = match &post.what {
            PostKind::Card { card, mentions, .. } => (
                channel_id,
                render::card(card, mentions, &post.context, &self.config.key, None),
            ),
            PostKind::Board { board } => (
                channel_id,
                render::board(board, &post.context, &self.config.key, None),
            ),
            PostKind::Notice { notice, mentions } => {
                let thread = receipt.thread.as_deref().and_then(id).map(ChannelId::new);
                let body = render::notice(
                    notice,
                    mentions,
                    &post.context,
                    &self.config.key,
                    "",
                    thread.is_some(),
                );
                (thread.unwrap_or(channel_id), body)
            }
        };
        let doing = Doing {
            channel: at,
            needs: "View Channel",
            is_post: false,
        };
        let route = Route::ChannelMessage {
            channel_id: at,
            message_id,
        };
        let edit = || Call::new(LightMethod::Patch, route).body(body.clone());
        let edited = match self.rest.send(edit()).await {
            Err(Failure::Refused { code: ARCHIVED, .. }) => {
                self.unarchive(at).await?;
                self.rest.send(edit()).await
            }
            other => other,
        };
        edited
            .map(drop)
            .map_err(|failure| self.meaning(failure, doing))
    }

    /// Asks who we are.
    pub async fn me(&self) -> Result<&str, Failure> {
        let ask = || async {
            let me = self
                .rest
                .send(Call::new(LightMethod::Get, Route::UserMe))
                .await?;
            Ok(me["id"].as_str().unwrap_or_default().to_owned())
        };
        self.me.get_or_try_init(ask).await.map(String::as_str)
    }

    /// Posts a message; the id of the one that is there.
    async fn post(
        &self,
        channel_id: ChannelId,
        body: Value,
        key: &str,
    ) -> Result<String, DeliveryError> {
        let doing = Doing {
            channel: channel_id,
            needs: "View Channel, Send Messages (in threads too) and Embed Links",
            is_post: true,
        };
        if self.rest.closed(&alone(channel_id)).is_some() {
            return Err(DeliveryError::Rejected {
                why: format!(
                    "channel {channel_id} refused us a moment ago; it needs {}",
                    doing.needs
                ),
            });
        }
        let body = render::with(body, json!({"nonce": nonce(key), "enforce_nonce": true}));
        let call = || {
            Call::new(LightMethod::Post, Route::ChannelMessages { channel_id }).body(body.clone())
        };
        let posted = match self.rest.send(call()).await {
            Err(Failure::Refused { code: ARCHIVED, .. }) => {
                self.unarchive(channel_id).await?;
                self.rest.send(call()).await
            }
            other => other,
        };
        let posted = posted.map_err(|failure| self.meaning(failure, doing))?;
        let message = posted["id"].as_str().map(str::to_owned);
        message.ok_or_else(|| DeliveryError::Unknown {
            why: "Discord's answer names no message".to_owned(),
        })
    }

    /// Makes the thread under a card, or finds the one there is. No right to make threads: none.
    async fn thread(
        &self,
        channel_id: ChannelId,
        message: &str,
        name: String,
    ) -> Result<Option<String>, DeliveryError> {
        let Some(message_id) = id(message).map(MessageId::new) else {
            return Ok(None);
        };
        let doing = Doing {
            channel: channel_id,
            needs: "Create Public Threads",
            is_post: false,
        };
        let body = json!({"name": name, "auto_archive_duration": A_WEEK_IN_MINUTES});
        let call = Call::new(
            LightMethod::Post,
            Route::ChannelMessageThreads {
                channel_id,
                message_id,
            },
        )
        .body(body);
        match self.rest.send(call).await {
            Ok(thread) => Ok(thread["id"]
                .as_str()
                .map(str::to_owned)
                .or(Some(message.to_owned()))),
            // A thread made from a message has the message's id.
            Err(Failure::Refused {
                code: THREAD_EXISTS,
                ..
            }) => Ok(Some(message.to_owned())),
            Err(
                Failure::Refused {
                    status: 403, code, ..
                }
                | Failure::Refused {
                    code: code @ NO_THREADS_HERE,
                    ..
                },
            ) => {
                tracing::warn!(
                    code,
                    "no thread can be made in Discord channel {channel_id}: it needs {}",
                    doing.needs
                );
                Ok(None)
            }
            Err(failure) => Err(self.meaning(failure, doing)),
        }
    }

    /// Pins a message, so that it is found however much is said below it. Where that is not allowed it stands unpinned:
    /// nothing depends on it.
    async fn pin(&self, channel_id: ChannelId, message: &str) {
        let Some(message_id) = id(message).map(MessageId::new) else {
            return;
        };
        let route = Route::ChannelPin {
            channel_id,
            message_id,
        };
        if let Err(failure) = self.rest.send(Call::new(LightMethod::Put, route)).await {
            tracing::info!(
                "the board in Discord channel {channel_id} is not pinned, for which the bot needs Pin Messages: {failure}"
            );
        }
    }

    async fn unarchive(&self, thread: ChannelId) -> Result<(), DeliveryError> {
        let doing = Doing {
            channel: thread,
            needs: "Manage Threads",
            is_post: false,
        };
        let call = Call::new(LightMethod::Patch, Route::Channel { channel_id: thread })
            .body(json!({"archived": false}));
        self.rest
            .send(call)
            .await
            .map(drop)
            .map_err(|failure| self.meaning(failure, doing))
    }
}

/// The thread in which a notice belongs, if there is one.
fn thread_of(notice: &Notice, post: &Post) -> Option<ChannelId> {
    let thread = post.context.card.as_ref()?.thread.as_deref();
    thread
        .filter(|_| notice.place == NoticePlace::Thread)
        .and_then(id)
        .map(ChannelId::new)
}

fn channel(place: &Place) -> Result<ChannelId, DeliveryError> {
    let why = || {
        format!(
            "\"{}\" is no channel of Discord: its id is a number",
            place.channel
        )
    };
    id(&place.channel)
        .map(ChannelId::new)
        .ok_or_else(|| DeliveryError::Rejected { why: why() })
}

/// Reads an id; zero is none.
fn id(text: &str) -> Option<u64> {
    text.parse().ok().filter(|id| *id != 0)
}

/// The key as a nonce of at most 25 characters.
fn nonce(key: &str) -> String {
    hex::encode(&Sha256::digest(key)[..12])
}

#[cfg(test)]
mod tests;
