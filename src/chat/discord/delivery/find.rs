//! Reading back: a post is known by a marker made from its key, at the end of its small print or footer.

use super::meaning::Doing;
use super::{Delivery, channel, id, thread_of};
use crate::app::ports::{DeliveryError, Place, Post, PostKind, Receipt};
use crate::chat::discord::render;
use crate::chat::discord::rest::Call;
use crate::time::Timestamp;
use serde_json::Value;
use serenity::http::{LightMethod, Route};
use serenity::model::id::ChannelId;
use sha2::{Digest, Sha256};

const PAGE: usize = 100;
/// How far back `find` reads at most.
const PAGES: usize = 20;
/// Clocks differ; Discord stamps messages by its own.
const SKEW_MS: i64 = 60_000;
const DISCORD_EPOCH_MS: i64 = 1_420_070_400_000;

impl Delivery {
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
            PostKind::Board { .. } => {
                let found = self.search(channel, &marker, since).await?;
                Ok(found.map(|message| Receipt {
                    message,
                    thread: None,
                }))
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
}

/// The key as something short that stays readable in the message.
pub(super) fn marker(key: &str) -> String {
    hex::encode(&Sha256::digest(format!("marker {key}"))[..6])
}

/// Whether a message ends in the marker, in its small print or its card's footer.
pub(super) fn carries(message: &Value, marker: &str) -> bool {
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
pub(super) fn first_id_at(since: Timestamp) -> String {
    let ms = (since.as_millisecond() - SKEW_MS - DISCORD_EPOCH_MS).max(0);
    (ms << 22).to_string()
}
