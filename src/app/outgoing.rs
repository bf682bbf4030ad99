//! What leaves: a row of the outbox or a stale card as a post, with everything its words are made of.
//!
//! Text and look are made at delivery, so a card that waited shows what is true then.

use super::desk::App;
use super::perform::texts_of;
use super::ports::*;
use super::views::card_texts;
use crate::domain::card::card;
use crate::domain::ids::{MemberId, QueueId};
use crate::domain::inquiry::{Inquiry, Ownership};
use crate::domain::notice::{Arg, Message, NoticePlace};
use crate::i18n::Lang;
use crate::time::TimeZone;

/// A post that is ready for a platform.
pub struct Ready {
    pub post: Post,
    /// The version of the inquiry that a card shows.
    pub seq: Option<u64>,
}

impl App {
    /// Prepares what an outbox row delivers to a platform.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn ready(&self, row: &OutboxRow) -> Result<Option<Ready>, StoreError> {
        match &row.what {
            Delivery::Card { mentions, .. } => match &row.inquiry {
                Some(id) => self.ready_card(id, &row.place, mentions).await,
                None => Ok(None),
            },
            Delivery::Notice { notice, mentions } => {
                let stored = match &row.inquiry {
                    Some(id) => self.store.inquiry(id).await?,
                    None => None,
                };
                let mut context = self
                    .post_context(stored.as_ref(), &row.place, &texts_of(&notice.message))
                    .await?;
                if let (Some(stored), NoticePlace::Thread) = (&stored, notice.place) {
                    context.card = self.receipt(stored, &row.place).await?;
                }
                let mut notice = notice.clone();
                notice.message = self.with_references(notice.message).await?;
                let what = PostKind::Notice {
                    notice,
                    mentions: mentions.clone(),
                };
                Ok(Some(Ready {
                    post: Post { what, context },
                    seq: None,
                }))
            }
            Delivery::Board { queue } => {
                let rows = self.store.boards(queue).await?;
                // Looked at before the board is made: what is wanted meanwhile is edited after.
                let wanted = rows.iter().find(|board| board.place == row.place);
                let seq = wanted.map_or(0, |board| board.wanted);
                let ready = self.ready_board(queue, &row.place).await?;
                Ok(Some(Ready {
                    seq: Some(seq),
                    ..ready
                }))
            }
            Delivery::WriteBack { .. } | Delivery::Tracker { .. } => Ok(None),
        }
    }

    /// Prepares a card as it is now, for its first post and for every edit alike: it names those whom its first
    /// post called (or is to call) as long as the call stands.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn ready_card(
        &self,
        id: &crate::domain::ids::InquiryId,
        place: &Place,
        called: &[MemberId],
    ) -> Result<Option<Ready>, StoreError> {
        let Some(stored) = self.store.inquiry(id).await? else {
            return Ok(None);
        };
        let policy = self.policy(&stored.inquiry.policy).await?;
        let card = self.with_trackers(card(&stored.inquiry, &policy));
        let card = self.with_links(card, &stored.inquiry).await?;
        let mut context = self
            .post_context(Some(&stored), place, &card_texts(&card))
            .await?;
        context.card = self.receipt(&stored, place).await?;
        let seq = Some(card.seq);
        let what = PostKind::Card {
            is_urgent: card.is_urgent,
            card: Box::new(card),
            mentions: still_called(&stored.inquiry, called, context.on_duty.as_ref()),
        };
        Ok(Some(Ready {
            post: Post { what, context },
            seq,
        }))
    }

    async fn receipt(&self, stored: &Stored, place: &Place) -> Result<Option<Receipt>, StoreError> {
        let cards = self.store.cards(&stored.inquiry.id).await?;
        Ok(cards
            .into_iter()
            .find(|card| card.place == *place)
            .and_then(|card| card.receipt))
    }

    async fn post_context(
        &self,
        stored: Option<&Stored>,
        place: &Place,
        ids: &[crate::domain::ids::TextId],
    ) -> Result<PostContext, StoreError> {
        let (lang, zone) = self.spoken_at(stored.map(|stored| &stored.inquiry.queue), place);
        let now = self.clock.now();
        match stored {
            Some(stored) => Ok(PostContext {
                zone,
                ..self.context(stored, lang, ids, now).await?
            }),
            None => self.bare_context(lang, zone, ids).await,
        }
    }

    /// The context of a post that is about no single inquiry.
    pub(super) async fn bare_context(
        &self,
        lang: Lang,
        zone: TimeZone,
        ids: &[crate::domain::ids::TextId],
    ) -> Result<PostContext, StoreError> {
        Ok(PostContext {
            inquiry: None,
            reference: None,
            card: None,
            lang,
            zone,
            now: self.clock.now(),
            texts: self.store.texts(ids).await?,
            people: self.setup.people.clone(),
            on_duty: None,
            body: self.setup.body_in_chat,
            desk_url: self.setup.desk_url.clone(),
        })
    }

    /// The language and zone of a place: its queue's, else the desk's.
    fn spoken_at(&self, queue: Option<&QueueId>, place: &Place) -> (Lang, TimeZone) {
        let queue = match queue {
            Some(id) => Some(self.setup.queue(id)),
            None => self
                .setup
                .queues
                .values()
                .find(|queue| queue.places.contains(place)),
        };
        match queue {
            Some(queue) => (queue.lang, queue.zone.clone()),
            None => (self.setup.lang, self.setup.zone.clone()),
        }
    }

    /// Sends the request of a write-back whose turn it is, and answers which is next, if one is left.
    ///
    /// # Errors
    /// As the way back answers; a store that does not answer is tried again.
    pub async fn write_back(&self, row: &OutboxRow) -> Result<Option<u32>, DeliveryError> {
        let retry = |why: String| DeliveryError::Retry { after: None, why };
        let (Delivery::WriteBack { act, seq, step, .. }, Some(id)) = (&row.what, &row.inquiry)
        else {
            return Err(DeliveryError::Rejected {
                why: "no write-back".to_owned(),
            });
        };
        let stored = self
            .store
            .inquiry(id)
            .await
            .map_err(|error| retry(error.to_string()))?;
        let stored = stored.ok_or_else(|| DeliveryError::Gone {
            why: "the inquiry is gone".to_owned(),
        })?;
        let ids = texts_of_act(act);
        let texts = self
            .store
            .texts(&ids)
            .await
            .map_err(|error| retry(error.to_string()))?;
        let ledger = self.store.ledger(id).await;
        let ledger = ledger.map_err(|error| retry(error.to_string()))?;
        let written = ledger.iter().find(|entry| entry.seq == *seq);
        let writing = Writing {
            origin: &stored.inquiry.item(),
            reference: stored.reference,
            act,
            by: written.and_then(|entry| entry.actor.member()),
            texts: &texts,
            key: &row.key,
        };
        let gone = self.way_back.send_back(&writing, *step).await?;
        if !gone.refused.is_empty()
            && let Err(error) = self.tell_of_refused(row, &stored, &gone.refused).await
        {
            // It has gone: nothing that is said of it may send it again.
            tracing::error!(outbox.key = %row.key, "who did not get {} was not told: {error}", row.key);
        }
        Ok(gone.next)
    }

    /// The digest of many notices that fall due at one place together: one line each.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn digest(&self, rows: &[&OutboxRow]) -> Result<Option<NewOutbox>, StoreError> {
        let Some(first) = rows.first() else {
            return Ok(None);
        };
        let mut lines = Vec::new();
        let mut everyone: Vec<MemberId> = Vec::new();
        for row in rows {
            let (Delivery::Notice { notice, mentions }, Some(id)) = (&row.what, &row.inquiry)
            else {
                continue;
            };
            let Some(stored) = self.store.inquiry(id).await? else {
                continue;
            };
            lines.push((
                stored.reference,
                Message::new("digest-line")
                    .with("reference", Arg::Reference(stored.reference.0))
                    .with("title", Arg::Title(stored.inquiry.facts.title.clone()))
                    .with("what", Arg::Lines(vec![notice.message.clone()])),
            ));
            for member in mentions {
                if !everyone.contains(member) {
                    everyone.push(member.clone());
                }
            }
        }
        lines.sort_by_key(|(reference, _)| *reference);
        let lines: Vec<Message> = lines.into_iter().map(|(_, line)| line).collect();
        let message = Message::new("digest")
            .with(
                "count",
                Arg::Number(i64::try_from(lines.len()).unwrap_or(i64::MAX)),
            )
            .with("lines", Arg::Lines(lines));
        let key = format!("digest·{}", first.key);
        Ok(Some(self.channel_row(
            &first.place,
            message,
            everyone,
            &key,
            self.clock.now(),
        )))
    }
}

/// Whom a card names: those whom its first post called, until somebody has the inquiry.
///
/// An assignee who has not accepted is still called; an owner is not, for the field says who it is. If the duty
/// has turned since, an inquiry that nobody has is the new duty's, so it is they who are named.
fn still_called(
    inquiry: &Inquiry,
    called: &[MemberId],
    on_duty: Option<&MemberId>,
) -> Vec<MemberId> {
    if called.is_empty() || !inquiry.is_open() {
        return Vec::new();
    }
    match (&inquiry.ownership, on_duty) {
        (Ownership::Owned { .. }, _) => Vec::new(),
        (Ownership::Assigned { to, .. }, _) => {
            called.iter().filter(|it| *it == to).cloned().collect()
        }
        (Ownership::Unclaimed { .. }, Some(duty)) if !called.contains(duty) => vec![duty.clone()],
        (Ownership::Unclaimed { .. }, _) => called.to_vec(),
    }
}

pub(super) fn texts_of_act(act: &WriteBack) -> Vec<crate::domain::ids::TextId> {
    use crate::domain::inquiry::{Answer, Workaround};
    match act {
        WriteBack::Aside { title, said } => {
            let mut texts = texts_of_act(said);
            texts.push(title.clone());
            texts
        }
        WriteBack::Reply { text } | WriteBack::Bounce { text } => vec![text.clone()],
        WriteBack::Resolved { outcome } => match &outcome.answer {
            Answer::Investigation { cause, workaround } => vec![
                cause.clone(),
                match workaround {
                    Workaround::Given { text } => text.clone(),
                    Workaround::None { reason } => reason.clone(),
                },
            ],
            Answer::Specification { answer } => vec![answer.clone()],
            Answer::AtSource => Vec::new(),
        },
        WriteBack::Owner { .. }
        | WriteBack::Closed
        | WriteBack::Reopened
        | WriteBack::Severity { .. } => Vec::new(),
    }
}

#[cfg(test)]
mod tests;
