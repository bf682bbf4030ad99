//! The desk passes what every platform must keep. Its rows hold ids of words, so the ground keeps the words
//! beside them, as the store does; and since nobody can take a desk's post away, the ground hides it.

use super::super::Desk;
use crate::app::ports::*;
use crate::app::wording::{PlainText, Words, card_text, sentence};
use crate::chat::contract::{Ground, Seen, holds};
use crate::clock::SystemIds;
use crate::domain::ids::InquiryId;
use crate::testkit::world::World;
use crate::time::Timestamp;
use async_trait::async_trait;
use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex};
use tokio_util::sync::CancellationToken;

/// Rows of which some were taken away.
struct Rows {
    store: Arc<dyn Store>,
    erased: Mutex<HashSet<String>>,
}

impl Rows {
    fn is_erased(&self, id: &str) -> bool {
        self.erased.lock().unwrap().contains(id)
    }
}

#[async_trait]
impl DeskPosts for Rows {
    async fn desk_post(&self, post: DeskPost) -> Result<DeskPost, StoreError> {
        self.store.desk_post(post).await
    }
    async fn desk_revise(&self, id: &str, body: &DeskBody) -> Result<bool, StoreError> {
        Ok(!self.is_erased(id) && self.store.desk_revise(id, body).await?)
    }
    async fn desk_get(&self, id: &str) -> Result<Option<DeskPost>, StoreError> {
        self.store.desk_get(id).await
    }
    async fn desk_find(&self, key: &str) -> Result<Option<DeskPost>, StoreError> {
        let found = self.store.desk_find(key).await?;
        Ok(found.filter(|post| !self.is_erased(&post.id)))
    }
    async fn desk_channel(&self, channel: &str, limit: u32) -> Result<Vec<DeskPost>, StoreError> {
        self.store.desk_channel(channel, limit).await
    }
    async fn desk_thread(&self, inquiry: &InquiryId) -> Result<Vec<DeskPost>, StoreError> {
        self.store.desk_thread(inquiry).await
    }
    async fn desk_since(&self, stamp: i64, limit: u32) -> Result<Vec<DeskPost>, StoreError> {
        self.store.desk_since(stamp, limit).await
    }
    async fn desk_stamp(&self) -> Result<i64, StoreError> {
        self.store.desk_stamp().await
    }
}

/// The platform, with the words of what was posted kept beside its rows.
struct Kept {
    world: World,
    desk: Desk,
    rows: Arc<Rows>,
    words: Mutex<HashMap<String, PostContext>>,
}

#[async_trait]
impl Platform for Kept {
    fn capabilities(&self) -> Capabilities {
        self.desk.capabilities()
    }
    async fn deliver(&self, at: &Place, post: &Post, key: &str) -> Result<Receipt, DeliveryError> {
        let receipt = self.desk.deliver(at, post, key).await?;
        let context = post.context.clone();
        self.words
            .lock()
            .unwrap()
            .insert(receipt.message.clone(), context);
        Ok(receipt)
    }
    async fn revise(&self, at: &Place, of: &Receipt, post: &Post) -> Result<(), DeliveryError> {
        self.desk.revise(at, of, post).await?;
        let context = post.context.clone();
        self.words
            .lock()
            .unwrap()
            .insert(of.message.clone(), context);
        Ok(())
    }
    async fn find(
        &self,
        at: &Place,
        post: &Post,
        key: &str,
        since: Timestamp,
    ) -> Result<Option<Receipt>, DeliveryError> {
        self.desk.find(at, post, key, since).await
    }
    async fn run(
        &self,
        inbox: Arc<dyn Inbox>,
        shutdown: CancellationToken,
    ) -> Result<(), CannotRun> {
        self.desk.run(inbox, shutdown).await
    }
    async fn check(&self, places: &[Place]) -> Vec<String> {
        self.desk.check(places).await
    }
}

#[async_trait]
impl Ground for Kept {
    fn platform(&self) -> &dyn Platform {
        self
    }
    fn place(&self) -> Place {
        Place {
            platform: Desk::KEY.to_owned(),
            channel: "contract".to_owned(),
        }
    }
    fn nowhere(&self) -> Place {
        Place {
            channel: String::new(),
            ..self.place()
        }
    }
    fn person(&self) -> String {
        "aoki".to_owned()
    }
    fn now(&self) -> Timestamp {
        self.world.app.clock.now()
    }
    async fn posts(&self) -> Vec<Seen> {
        let mut rows = self.rows.desk_since(0, 1_000).await.unwrap();
        rows.retain(|row| !self.rows.is_erased(&row.id));
        // Ids sort by birth; stamps move with every revision.
        rows.sort_by(|a, b| a.id.cmp(&b.id));
        let words = self.words.lock().unwrap();
        rows.iter().map(|row| seen(row, &words[&row.id])).collect()
    }
    async fn erase(&self, message: &str) {
        self.rows.erased.lock().unwrap().insert(message.to_owned());
    }
    async fn outlive_window(&self) {}
}

/// A row as the web shows it: the reference is always beside it.
fn seen(row: &DeskPost, context: &PostContext) -> Seen {
    let reference = context.reference.map(|reference| reference.to_string());
    let (text, mentions) = match &row.body {
        DeskBody::Card { card, mentions } => {
            let text = card_text(card, context, &PlainText);
            let fields = text.fields.iter().map(|field| field.value.clone());
            let fields: Vec<String> = fields.collect();
            let body = text.body.unwrap_or_default();
            (
                format!("{} {body} {}", text.heading, fields.join(" ")),
                mentions,
            )
        }
        DeskBody::Board { .. } => unreachable!("the contract posts cards and notices"),
        DeskBody::Notice {
            message, mentions, ..
        } => {
            let said = sentence(message, &Words::of(context), &PlainText);
            (
                format!("{} {said}", reference.unwrap_or_default()),
                mentions,
            )
        }
    };
    Seen {
        message: row.id.clone(),
        text,
        calls: mentions.iter().map(ToString::to_string).collect(),
    }
}

#[tokio::test]
async fn the_desk_keeps_what_every_platform_keeps() {
    let world = World::at("2026-11-24 10:00").await;
    let rows = Arc::new(Rows {
        store: world.app.store.clone(),
        erased: Mutex::default(),
    });
    let desk = Desk::new(
        rows.clone(),
        world.app.clock.clone(),
        Arc::new(SystemIds),
        world.app.wake.clone(),
    );
    let ground = Kept {
        world,
        desk,
        rows,
        words: Mutex::default(),
    };
    holds(&ground).await;
}
