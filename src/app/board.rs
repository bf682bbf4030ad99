//! The board of a queue: when it says something else, and what it says.
//!
//! Promises: the commit that changes what a board would say wants it anew in the same transaction; a board is posted
//! once, and from then on edited in place. Nobody is mentioned. Leaves out what is on a board (`domain::board`) and
//! the edits, which are the engine's.

use super::desk::App;
use super::outgoing::Ready;
use super::ports::*;
use crate::domain::board::{BoardLine, board, pressing};
use crate::domain::ids::QueueId;
use crate::domain::inquiry::Inquiry;
use crate::domain::sla::Policy;
use crate::time::Timestamp;

impl App {
    /// The boards that say something else after a change, and their first posts where there is something to say.
    ///
    /// The first post has a key for ever, so that a board that stands is never posted beside itself.
    pub(super) async fn boards_moved(
        &self,
        before: Option<&Inquiry>,
        after: &Inquiry,
        policy: &Policy,
        now: Timestamp,
        outbox: &mut Vec<NewOutbox>,
    ) -> Result<Vec<(QueueId, Place)>, StoreError> {
        let is = pressing(after, policy);
        let was = match before {
            Some(before) if before.policy == after.policy => pressing(before, policy),
            Some(before) => {
                let then = self.policy(&before.policy).await?;
                pressing(before, &then)
            }
            None => None,
        };
        let has_moved = before.is_some_and(|before| before.queue != after.queue);
        if is == was && !(has_moved && is.is_some()) {
            return Ok(Vec::new());
        }
        let queue = self.setup.queue(&after.queue);
        let mut boards: Vec<(QueueId, Place)> = Vec::new();
        for place in &queue.places {
            boards.push((queue.id.clone(), place.clone()));
            if is.is_some() {
                outbox.push(self.board_row(&queue.id, place, None, now));
            }
        }
        // What was on the board of the queue that it leaves is there no more.
        if let Some(before) = before.filter(|_| has_moved && was.is_some()) {
            let left = self.setup.queue(&before.queue);
            boards.extend(
                left.places
                    .iter()
                    .map(|place| (left.id.clone(), place.clone())),
            );
        }
        Ok(boards)
    }

    fn board_row(
        &self,
        queue: &QueueId,
        place: &Place,
        again: Option<i64>,
        now: Timestamp,
    ) -> NewOutbox {
        let again = again.map(|epoch| format!("·{epoch}")).unwrap_or_default();
        NewOutbox {
            id: self.ids.id(),
            lane: format!("{}|{}|board|{queue}", place.platform, place.channel),
            inquiry: None,
            place: place.clone(),
            what: Delivery::Board {
                queue: queue.clone(),
            },
            key: format!("board·{queue}·{}·{}{again}", place.platform, place.channel),
            not_before: now,
        }
    }

    /// The row that posts a board again that is gone; none where the queue does not keep it any more.
    pub fn board_again(&self, row: &BoardRow) -> Option<NewOutbox> {
        let queue = self.setup.queues.get(&row.queue)?;
        let is_kept = queue.places.contains(&row.place);
        is_kept.then(|| self.board_row(&row.queue, &row.place, Some(row.epoch), self.clock.now()))
    }

    /// Prepares a board as it is now, for its first post and for every edit alike.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn ready_board(&self, id: &QueueId, place: &Place) -> Result<Ready, StoreError> {
        let configured = self.setup.queues.get(id);
        let queue = configured.unwrap_or_else(|| self.setup.queue(id));
        let is_kept =
            configured.is_some() && (queue.places.contains(place) || *place == self.setup.fallback);
        let lines = if is_kept {
            self.pressing_in(id).await?
        } else {
            Vec::new()
        };
        let mut board = board(id.clone(), lines);
        board.is_kept = is_kept;
        let titles: Vec<_> = board
            .lines
            .iter()
            .map(|line| line.what.title.clone())
            .collect();
        let context = self
            .bare_context(queue.lang, queue.zone.clone(), &titles)
            .await?;
        let what = PostKind::Board {
            board: Box::new(board),
        };
        Ok(Ready {
            post: Post { what, context },
            seq: None,
        })
    }

    /// Everything that presses in a queue. What has ended may owe an answer; what has no deadline owes nothing.
    async fn pressing_in(&self, queue: &QueueId) -> Result<Vec<BoardLine>, StoreError> {
        // The default queue looks after those that are configured no more.
        let is_default = *queue == self.setup.default_queue;
        let looked_after = self
            .store
            .every(&ListFilter {
                queue: (!is_default).then(|| queue.to_string()),
                has_deadline: Some(true),
                ..ListFilter::default()
            })
            .await?;
        let mut lines = Vec::new();
        for stored in looked_after {
            if self.setup.queue(&stored.inquiry.queue).id != *queue {
                continue;
            }
            let policy = self.policy(&stored.inquiry.policy).await?;
            lines.extend(pressing(&stored.inquiry, &policy).map(|what| BoardLine {
                reference: stored.reference.0,
                what,
            }));
        }
        Ok(lines)
    }
}

#[cfg(test)]
mod tests;
