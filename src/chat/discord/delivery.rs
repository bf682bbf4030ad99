//! Posting, editing and finding messages; threads under cards.
//!
//! A post carries a nonce made from its key, which Discord enforces for a few minutes, and a marker made from
//! it that can be read back for ever: in a card's footer or a notice's small print. What may have been posted
//! is reported as unknown, never as "try again".

use super::config::DiscordConfig;
use super::render;
use super::rest::{Call, Failure, Rest};
use crate::app::ports::{DeliveryError, Place, Post, PostKind, Receipt};
use crate::domain::notice::{Notice, NoticePlace};
use crate::time::Timestamp;
use serde_json::{Value, json};
use serenity::http::{LightMethod, Route};
use serenity::model::id::{ChannelId, MessageId};
use sha2::{Digest, Sha256};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::OnceCell;

/// How long Discord surely refuses a second post with the same nonce ("the past few minutes").
pub(super) const NONCE_WINDOW: Duration = Duration::from_secs(120);
/// How long a channel that refuses us is left alone.
const LEFT_ALONE: Duration = Duration::from_secs(300);
/// A message may be edited a few times an hour once it is old (error 30046).
const OLD_EDIT: Duration = Duration::from_secs(600);
const PAGE: usize = 100;
/// How far back `find` reads at most.
const PAGES: usize = 20;
/// Clocks differ; Discord stamps messages by its own.
const SKEW_MS: i64 = 60_000;
const A_WEEK_IN_MINUTES: u32 = 10_080;
const DISCORD_EPOCH_MS: i64 = 1_420_070_400_000;

const UNKNOWN_CHANNEL: u64 = 10_003;
const ARCHIVED: u64 = 50_083;
const MISSING_ACCESS: u64 = 50_001;
const THREAD_EXISTS: u64 = 160_004;
const NO_THREADS_HERE: u64 = 50_024;
const OLD_EDITS: u64 = 30_046;

/// Delivers to the channels of one server.
pub(super) struct Delivery {
    pub config: Arc<DiscordConfig>,
    pub rest: Arc<Rest>,
    /// Our own user id, once known.
    pub me: OnceCell<String>,
}

/// What was tried, for the words of a refusal and for what may have happened.
#[derive(Clone, Copy)]
struct Doing {
    channel: ChannelId,
    needs: &'static str,
    /// Whether doing it twice would show.
    is_post: bool,
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

    /// Looks for a post by its marker, in the thread and in the channel.
    pub async fn find(
        &self,
        place: &Place,
        post: &Post,
        key: &str,
        since: Timestamp,
    ) -> Result<Option<Receipt>, DeliveryError> {
        let channel = channel(place)?;
        let marker = marker(key);
        match &post.what {
            PostKind::Card { card, .. } => {
                let Some(message) = self.search(channel, &marker, since).await? else {
                    return Ok(None);
                };
                let thread = self
                    .thread(channel, &message, render::thread_name(card, &post.context))
                    .await?;
                Ok(Some(Receipt { message, thread }))
            }
            PostKind::Notice { notice, .. } => {
                if let Some(thread) = thread_of(notice, post) {
                    let found = match self.search(thread, &marker, since).await {
                        Err(DeliveryError::Gone { .. }) => None,
                        other => other?,
                    };
                    if let Some(message) = found {
                        return Ok(Some(Receipt {
                            message,
                            thread: Some(thread.to_string()),
                        }));
                    }
                }
                let found = self.search(channel, &marker, since).await?;
                Ok(found.map(|message| Receipt {
                    message,
                    thread: None,
                }))
            }
        }
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

    /// Tries to sign in and to see the channels.
    pub async fn check(&self, places: &[Place]) -> Vec<String> {
        if let Err(failure) = self.me().await {
            return vec![sign_in_problem(&failure)];
        }
        let mut problems = Vec::new();
        for place in places
            .iter()
            .filter(|place| place.platform == self.config.key)
        {
            problems.extend(self.check_place(place).await.err());
        }
        problems
    }

    async fn check_place(&self, place: &Place) -> Result<(), String> {
        let name = &place.channel;
        let channel_id = channel(place).map_err(|error| error.to_string())?;
        let doing = Doing {
            channel: channel_id,
            needs: "View Channel",
            is_post: false,
        };
        let found = self
            .rest
            .send(Call::new(LightMethod::Get, Route::Channel { channel_id }))
            .await;
        let found = found.map_err(|failure| {
            format!("Discord channel {name}: {}", self.meaning(failure, doing))
        })?;
        if found["guild_id"].as_str() != Some(&self.config.guild_id.to_string()) {
            return Err(format!(
                "Discord channel {name} is not on server {}",
                self.config.guild_id
            ));
        }
        match found["type"].as_u64() {
            Some(0 | 5) => Ok(()),
            _ => Err(format!(
                "Discord channel {name} is no text channel: cards need one with threads"
            )),
        }
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

    async fn search(
        &self,
        channel_id: ChannelId,
        marker: &str,
        since: Timestamp,
    ) -> Result<Option<String>, DeliveryError> {
        let doing = Doing {
            channel: channel_id,
            needs: "View Channel and Read Message History",
            is_post: false,
        };
        let me = self
            .me()
            .await
            .map_err(|failure| self.meaning(failure, doing))?
            .to_owned();
        let mut after = first_id_at(since);
        for _ in 0..PAGES {
            let call = Call::new(LightMethod::Get, Route::ChannelMessages { channel_id })
                .param("limit", PAGE)
                .param("after", &after);
            let page = self
                .rest
                .send(call)
                .await
                .map_err(|failure| self.meaning(failure, doing))?;
            let page = page.as_array().map_or(&[][..], Vec::as_slice);
            let ours = page
                .iter()
                .find(|message| message["author"]["id"] == me.as_str() && carries(message, marker));
            if let Some(found) = ours {
                return Ok(found["id"].as_str().map(str::to_owned));
            }
            let newest = page
                .iter()
                .filter_map(|message| id(message["id"].as_str()?))
                .max();
            match newest {
                Some(newest) if page.len() == PAGE => after = newest.to_string(),
                Some(_) | None => return Ok(None),
            }
        }
        Err(DeliveryError::Retry {
            after: None,
            why: format!("channel {channel_id} holds too many messages to look through"),
        })
    }

    /// What a failure means for the delivery.
    fn meaning(&self, failure: Failure, doing: Doing) -> DeliveryError {
        let channel = doing.channel;
        let why = failure.to_string();
        match failure {
            Failure::Limited { after } => DeliveryError::Retry {
                after: Some(after),
                why,
            },
            Failure::NotSent { .. } => DeliveryError::Retry { after: None, why },
            // Doing it again is harmless, whether or not it was done.
            Failure::NoAnswer { .. } | Failure::Broken { .. } if !doing.is_post => {
                DeliveryError::Retry { after: None, why }
            }
            Failure::Broken { status: 503 } => DeliveryError::Retry { after: None, why },
            Failure::NoAnswer { .. } | Failure::Broken { .. } => DeliveryError::Unknown { why },
            Failure::Stopped => DeliveryError::Rejected { why },
            Failure::Refused { status: 401, .. } => DeliveryError::Rejected {
                why: Failure::Stopped.to_string(),
            },
            Failure::Refused {
                code: OLD_EDITS, ..
            } => DeliveryError::Retry {
                after: Some(OLD_EDIT),
                why,
            },
            Failure::Refused {
                status: 403,
                code,
                message,
            } => {
                if doing.is_post {
                    self.rest.close(&alone(channel), LEFT_ALONE);
                }
                let needs = if code == MISSING_ACCESS {
                    "View Channel"
                } else {
                    doing.needs
                };
                DeliveryError::Rejected {
                    why: format!(
                        "channel {channel}: {message} ({code}); the bot needs the permission {needs}"
                    ),
                }
            }
            Failure::Refused {
                status: 404,
                code: UNKNOWN_CHANNEL,
                ..
            } => DeliveryError::Gone {
                why: format!("channel {channel} does not exist"),
            },
            Failure::Refused { status: 404, .. } => DeliveryError::Gone {
                why: format!("channel {channel}: {why}"),
            },
            Failure::Refused { code: ARCHIVED, .. } => DeliveryError::Rejected {
                why: format!("thread {channel} is archived"),
            },
            Failure::Refused { .. } => DeliveryError::Rejected {
                why: format!("channel {channel}: {why}"),
            },
        }
    }
}

/// What to say when signing in fails.
pub(super) fn sign_in_problem(failure: &Failure) -> String {
    match failure {
        Failure::Refused { status: 401, .. } | Failure::Stopped => {
            "Discord refuses the bot's token: copy it anew from the Bot page of the developer portal".to_owned()
        }
        other => format!("Discord cannot be asked who we are: {other}"),
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

fn alone(channel: ChannelId) -> String {
    format!("left alone {channel}")
}

/// The key as a nonce of at most 25 characters.
fn nonce(key: &str) -> String {
    hex::encode(&Sha256::digest(key)[..12])
}

/// The key as something short that stays readable in the message.
fn marker(key: &str) -> String {
    hex::encode(&Sha256::digest(format!("marker {key}"))[..6])
}

/// Whether a message ends in the marker, in its small print or its card's footer.
fn carries(message: &Value, marker: &str) -> bool {
    let ends = |text: &Value| {
        text.as_str()
            .is_some_and(|text| text.trim_end().ends_with(marker))
    };
    ends(&message["content"])
        || message["embeds"]
            .as_array()
            .into_iter()
            .flatten()
            .any(|embed| ends(&embed["footer"]["text"]))
}

/// An id older than everything posted since then: ids begin with their time.
fn first_id_at(since: Timestamp) -> String {
    let ms = (since.as_millisecond() - SKEW_MS - DISCORD_EPOCH_MS).max(0);
    (ms << 22).to_string()
}

#[cfg(test)]
mod tests;
