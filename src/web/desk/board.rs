//! The channels and their posts, as one reader sees them.

use super::super::guard::Signed;
use super::super::markup::Html;
use super::super::parts::Web;
use super::super::problem::Problem;
use super::post;
use crate::app::duties::DutyNow;
use crate::app::ports::{DeskBody, DeskPost, PostContext, Reference, StoreError};
use crate::app::views::post_texts;
use crate::domain::ids::{InquiryId, MemberId, QueueId, TextId};
use crate::i18n::Lang;
use crate::msg;
use serde::Serialize;
use std::collections::HashMap;

/// How many posts a channel shows.
const POSTS: u32 = 60;

/// What one reader sees at one moment.
pub(super) struct Board<'a> {
    pub web: &'a Web,
    pub me: &'a MemberId,
    pub lang: Lang,
    pub duty: Vec<DutyNow>,
}

/// A channel in the left column.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(super) struct Channel {
    pub key: String,
    pub name: String,
}

/// A post in words.
pub(super) struct Shown {
    pub post: DeskPost,
    pub reference: Option<Reference>,
    pub html: String,
    pub is_for_me: bool,
    pub is_urgent: bool,
}

impl<'a> Board<'a> {
    pub async fn new(web: &'a Web, signed: &'a Signed) -> Result<Self, StoreError> {
        Ok(Board {
            web,
            me: &signed.member,
            lang: signed.lang,
            duty: web.app().duty(web.now()).await?,
        })
    }

    /// One channel per queue, the default one first, then the operators'.
    pub fn channels(&self) -> Vec<Channel> {
        let setup = &self.web.app().setup;
        let platform = &self.web.options().desk_platform;
        let mut channels: Vec<Channel> = Vec::new();
        let mut add = |key: &str, name: String| {
            if channels.iter().all(|channel| channel.key != key) {
                channels.push(Channel {
                    key: key.to_owned(),
                    name,
                });
            }
        };
        let is_default = |queue: &&crate::app::setup::Queue| queue.id == setup.default_queue;
        let first = setup.queues.values().filter(is_default);
        let others = setup.queues.values().filter(|queue| !is_default(queue));
        for queue in first.chain(others) {
            for place in queue
                .places
                .iter()
                .filter(|place| place.platform == *platform)
            {
                add(&place.channel, queue.name.clone());
            }
        }
        for (place, id) in [
            (&setup.operators, msg!("web-channel-operators")),
            (&setup.fallback, msg!("web-channel-fallback")),
        ] {
            if place.platform == *platform {
                add(&place.channel, super::super::words::say(self.lang, id));
            }
        }
        channels
    }

    /// The channel of the queue that an inquiry is in.
    pub async fn home_of(&self, reference: Reference) -> Result<Option<String>, StoreError> {
        let app = self.web.app();
        let platform = &self.web.options().desk_platform;
        let Some(stored) = app.store.by_reference(reference).await? else {
            return Ok(None);
        };
        let places = &app.setup.queue(&stored.inquiry.queue).places;
        let here = places.iter().find(|place| place.platform == *platform);
        Ok(here.map(|place| place.channel.clone()))
    }

    /// The posts of a channel as HTML, oldest first.
    pub async fn channel(&self, key: &str) -> Result<String, Problem> {
        let posts = self.web.app().store.desk_channel(key, POSTS).await?;
        self.html(posts.into_iter().filter(|post| !is_board(post)).collect())
            .await
    }

    /// The boards that are kept in a channel, as HTML: they stand above its posts, however long ago they were posted.
    pub async fn pinned(&self, key: &str) -> Result<String, Problem> {
        let app = self.web.app();
        let platform = &self.web.options().desk_platform;
        let mut boards = Vec::new();
        for queue in app.setup.queues.values() {
            for board in app.store.boards(&queue.id).await? {
                let is_here = board.place.platform == *platform && board.place.channel == key;
                let Some(receipt) = board.receipt.filter(|_| is_here) else {
                    continue;
                };
                boards.extend(app.store.desk_get(&receipt.message).await?);
            }
        }
        self.html(boards).await
    }

    /// The thread of an inquiry as HTML.
    pub async fn thread(&self, inquiry: &InquiryId) -> Result<String, Problem> {
        let posts = self.web.app().store.desk_thread(inquiry).await?;
        self.html(posts.into_iter().filter(|post| post.in_thread).collect())
            .await
    }

    async fn html(&self, posts: Vec<DeskPost>) -> Result<String, Problem> {
        let shown = self.show(posts).await?;
        Ok(shown.into_iter().map(|shown| shown.html).collect())
    }

    /// Puts posts into words: one look for all their texts.
    pub async fn show(&self, posts: Vec<DeskPost>) -> Result<Vec<Shown>, Problem> {
        let store = &self.web.app().store;
        let ids: Vec<TextId> = posts
            .iter()
            .flat_map(|post| post_texts(&post.body))
            .collect();
        let found = store.texts(&ids).await?;
        let mut references: HashMap<InquiryId, Reference> = HashMap::new();
        for id in posts.iter().filter_map(|post| post.inquiry.as_ref()) {
            if !references.contains_key(id)
                && let Some(stored) = store.inquiry(id).await?
            {
                references.insert(id.clone(), stored.reference);
            }
        }
        let html = Html {
            me: Some(self.me.clone()),
        };
        posts
            .into_iter()
            .map(|post| {
                let reference = post
                    .inquiry
                    .as_ref()
                    .and_then(|id| references.get(id))
                    .copied();
                let context = self.context(&post, reference, &found);
                let html = post::html(&post, &context, &html)?;
                let nobody = Vec::new();
                let (mentions, is_urgent) = match &post.body {
                    DeskBody::Card { card, mentions } => (mentions, card.is_urgent),
                    DeskBody::Notice {
                        mentions,
                        is_urgent,
                        ..
                    } => (mentions, *is_urgent),
                    DeskBody::Board { .. } => (&nobody, false),
                };
                Ok(Shown {
                    is_for_me: mentions.contains(self.me),
                    is_urgent,
                    reference,
                    html,
                    post,
                })
            })
            .collect()
    }

    fn context(
        &self,
        post: &DeskPost,
        reference: Option<Reference>,
        texts: &HashMap<TextId, String>,
    ) -> PostContext {
        let setup = &self.web.app().setup;
        let (queue, region): (Option<&QueueId>, _) = match &post.body {
            DeskBody::Card { card, .. } => (Some(&card.queue), card.facts.region.as_deref()),
            DeskBody::Board { board } => (Some(&board.queue), None),
            DeskBody::Notice { .. } => (None, None),
        };
        let queue = queue.map(|id| setup.queue(id));
        let on_duty = queue.and_then(|queue| {
            let rota = setup.rota_for(queue, region, self.web.now()).name();
            let duty = self.duty.iter().find(|duty| duty.rota == rota)?;
            Some(duty.called.clone())
        });
        PostContext {
            inquiry: post.inquiry.clone(),
            reference,
            card: None,
            lang: self.lang,
            zone: queue.map_or(&setup.zone, |queue| &queue.zone).clone(),
            now: self.web.now(),
            texts: post_texts(&post.body)
                .into_iter()
                .filter_map(|id| Some((id.clone(), texts.get(&id)?.clone())))
                .collect(),
            people: setup.people.clone(),
            on_duty,
            body: crate::app::ports::BodyInChat::Excerpt,
            desk_url: None,
        }
    }
}

fn is_board(post: &DeskPost) -> bool {
    matches!(post.body, DeskBody::Board { .. })
}
