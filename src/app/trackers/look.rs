//! How issues stand over there: every one that is not done is looked at once for all its inquiries.
//!
//! Promises: an inquiry is told once that its issue is done, in working time; of those that have ended the duty is called
//! for one in each queue, the others get their line. A look is bounded in number and time, puts off what it could not see,
//! and stops when the tracker does not answer. What is told follows what the inquiries know: a look that breaks off, or
//! comes twice, leaves nothing out and says nothing twice.

use super::{place, shown_issue};
use crate::app::desk::{ActError, App};
use crate::app::ports::*;
use crate::clock;
use crate::domain::ids::{QueueId, TrackerId};
use crate::domain::inquiry::{Command, Urgency};
use crate::domain::notice::{Arg, Message};
use crate::domain::sla::Case;
use crate::i18n::{Args, say};
use crate::msg;
use crate::time::{SignedDuration, Timestamp, plus};
use std::collections::BTreeSet;
use std::time::Duration;

/// How many issues one look takes; the others are next, a second later.
const AT_ONCE: u32 = 50;

/// How long one look may take: with the request that is under way then, well within the lease of its timer.
const PATIENCE: Duration = Duration::from_secs(30);

/// What is put off is looked at once in this time at least.
const LONGEST: SignedDuration = SignedDuration::from_hours(6);

/// … and while the tracker is out, in this.
const LONGEST_OUT: SignedDuration = SignedDuration::from_hours(1);

/// After so many looks in a row without an answer the operators hear of it, once.
const TELL_AFTER: u32 = 5;

/// How often a tracker is told of one issue at most.
const NOTE_EVERY: SignedDuration = SignedDuration::from_hours(24);

const SOON: SignedDuration = SignedDuration::from_secs(1);

impl App {
    /// Sets one timer for each tracker whose issues can be looked at; those of what is gone are removed.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn set_tracker_timers(&self) -> Result<(), StoreError> {
        let (kind, soon) = (TimerKind::Tracker, plus(self.clock.now(), SOON));
        let known = self.trackers.known();
        for tracker in known.iter().filter(|one| one.look_every.is_some()) {
            self.store
                .ensure_timer(kind, tracker.id.as_str(), soon)
                .await?;
        }
        for (subject, _) in self.store.timers(kind).await? {
            let is_it = |one: &KnownTracker| one.id.as_str() == subject && one.look_every.is_some();
            if !known.iter().any(is_it) {
                self.store.remove_timer(kind, &subject).await?;
            }
        }
        Ok(())
    }

    /// Has a tracker looked at at once, for an issue that was just linked. A look that is under way is not disturbed.
    pub(in crate::app) async fn look_soon(&self, tracker: &TrackerId) {
        let known = self.trackers.known();
        let is_seen = known
            .iter()
            .any(|one| one.id == *tracker && one.look_every.is_some());
        if !is_seen {
            return;
        }
        let now = self.clock.now();
        let set = self
            .store
            .set_timer(TimerKind::Tracker, tracker.as_str(), now);
        if let Err(error) = set.await {
            tracing::warn!(tracker = %tracker, "{tracker} is looked at only when its turn comes: {error}");
        }
        self.wake.wake(Stirred::Timers);
    }

    /// Looks at the issues of a tracker and answers when to look again; `None` if it cannot be looked at.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn look_at_tracker(&self, id: &TrackerId) -> Result<Option<Timestamp>, ActError> {
        let known = self.trackers.known();
        let known = known.into_iter().find(|tracker| tracker.id == *id);
        let Some((tracker, every)) = known.and_then(|one| one.look_every.map(|every| (one, every)))
        else {
            return Ok(None);
        };
        let begun = clock::monotonic();
        let now = self.clock.now();
        let rows = self.store.issues_to_look_at(id, now, AT_ONCE).await?;
        let is_full = u32::try_from(rows.len()).unwrap_or(AT_ONCE) >= AT_ONCE;
        let mut is_out = false;
        for row in rows {
            if begun.elapsed() > PATIENCE {
                return Ok(Some(plus(now, SOON)));
            }
            match self.trackers.look(id, &row.issue).await {
                Ok(seen) => {
                    self.tracker_answered(id).await?;
                    is_out = false;
                    self.take_look(&tracker, row, seen, plus(now, every))
                        .await?;
                }
                Err(error) => {
                    let rest = match &error {
                        LookError::Unavailable { after, .. } => Some(after.unwrap_or_default()),
                        LookError::Unseen { .. } => None,
                    };
                    let is_told = match &error {
                        LookError::Unavailable { why, .. } => self.tracker_failed(id, why).await?,
                        LookError::Unseen { .. } => {
                            self.tracker_answered(id).await?;
                            false
                        }
                    };
                    self.put_off(&tracker, row, error, every, is_told).await?;
                    // One issue may be the trouble; after two in a row it is the tracker.
                    match rest {
                        Some(rest) if is_out => {
                            let rest = SignedDuration::try_from(rest).unwrap_or(LONGEST);
                            return Ok(Some(plus(now, every.max(rest.min(LONGEST)))));
                        }
                        Some(_) => is_out = true,
                        None => is_out = false,
                    }
                }
            }
        }
        Ok(Some(plus(now, if is_full { SOON } else { every })))
    }

    /// Records what was seen and tells every inquiry of the issue that does not know it yet.
    async fn take_look(
        &self,
        tracker: &KnownTracker,
        row: IssueRow,
        seen: Seen,
        look_at: Timestamp,
    ) -> Result<(), ActError> {
        let now = self.clock.now();
        let row = IssueRow {
            state: Some(seen.state.clone()),
            is_done: seen.is_done,
            fixed_in: seen.fixed_in.clone(),
            look_at,
            looked_at: Some(now),
            failures: 0,
            problem: None,
            ..row
        };
        let subject = [(row.tracker.clone(), row.issue.clone())];
        let linked = self.store.linked(&subject).await?;
        // Before the look is recorded: what breaks off here is looked at again.
        self.tell_linked(&row, &linked, &seen).await?;
        self.store.keep_look(&row).await?;
        if tracker.takes_notes && !row.is_done {
            self.note_growth(&row, &linked).await?;
        }
        Ok(())
    }

    async fn tell_linked(
        &self,
        row: &IssueRow,
        linked: &[Linked],
        seen: &Seen,
    ) -> Result<(), ActError> {
        let now = self.clock.now();
        let mut stored = Vec::new();
        for link in linked {
            stored.extend(self.store.inquiry(&link.inquiry).await?);
        }
        // The queues whose duty was called already for one that has ended.
        let mut called: BTreeSet<QueueId> = stored
            .iter()
            .map(|stored| &stored.inquiry)
            .filter(|inquiry| !inquiry.is_open())
            .filter(|inquiry| {
                let known = inquiry.tracked_as(&row.tracker, &row.issue);
                known.is_some_and(|known| known.is_done)
            })
            .map(|inquiry| inquiry.queue.clone())
            .collect();
        for inquiry in stored.iter().map(|stored| &stored.inquiry) {
            let known = inquiry.tracked_as(&row.tracker, &row.issue);
            let is_news = seen.is_done && known.is_some_and(|known| !known.is_done);
            let is_urgent = matches!(inquiry.urgency, Urgency::Urgent { .. }) && inquiry.is_open();
            let policy = self.policy(&inquiry.policy).await?;
            // It calls somebody, so it waits for working time; the issue stays on the list until then.
            if is_news && !is_urgent && !policy.is_awake(Case::of(inquiry), now) {
                continue;
            }
            let is_quiet = !inquiry.is_open() && called.contains(&inquiry.queue);
            if is_news && !inquiry.is_open() {
                called.insert(inquiry.queue.clone());
            }
            let command = Command::IssueSeen {
                tracker: row.tracker.clone(),
                issue: row.issue.clone(),
                state: seen.state.clone(),
                is_done: seen.is_done,
                fixed_in: seen.fixed_in.clone(),
                is_quiet,
            };
            match self.act(&inquiry.id, self.by_time(None), command).await {
                Ok(_) => {}
                Err(ActError::Store(error)) => return Err(error.into()),
                // One that cannot be told keeps nobody else from hearing; it stays on the list.
                Err(error) => {
                    tracing::error!(inquiry.id = %inquiry.id, issue = %row.issue,
                        "inquiry {} was not told of issue {}: {error}", inquiry.id, row.issue);
                }
            }
        }
        Ok(())
    }

    /// Puts an issue off that could not be seen, twice as long each time; during an outage no longer than that it is soon
    /// seen to be over. Of an outage the operators have heard already (`is_told`), so the issue is not told apart.
    async fn put_off(
        &self,
        tracker: &KnownTracker,
        row: IssueRow,
        error: LookError,
        every: SignedDuration,
        is_told: bool,
    ) -> Result<(), ActError> {
        let now = self.clock.now();
        let (why, after, longest) = match error {
            LookError::Unavailable { why, after } => (why, after, LONGEST_OUT),
            LookError::Unseen { why } => (why, None, LONGEST),
        };
        let failures = row.failures.saturating_add(1);
        tracing::warn!(tracker = %tracker.id, issue = %row.issue, failures,
            "issue {} of {} could not be looked at: {why}", row.issue, tracker.id);
        let wait = (every * (1 << failures.min(6))).min(longest.max(every));
        let asked = after.and_then(|after| SignedDuration::try_from(after).ok());
        let next = plus(now, wait.max(asked.unwrap_or_default().min(LONGEST)));
        if failures == TELL_AFTER && !is_told {
            let message = match &row.url {
                Some(url) => {
                    Message::new("notice-issue-unseen-url").with("url", Arg::Plain(url.clone()))
                }
                None => Message::new("notice-issue-unseen"),
            };
            let message = message
                .with("tracker", Arg::Plain(tracker.name.clone()))
                .with("issue", Arg::Plain(shown_issue(&row.issue)))
                .with("why", Arg::Plain(why.clone()));
            let key = format!(
                "unseen·{}·{}·{}",
                tracker.id,
                row.issue,
                now.as_millisecond()
            );
            self.tell_operators(message, key, now).await?;
        }
        let row = IssueRow {
            look_at: next,
            failures,
            problem: Some(why),
            ..row
        };
        self.store.keep_look(&row).await?;
        Ok(())
    }

    /// Has the tracker told that more customers are affected than it knows of, once a day at most.
    async fn note_growth(&self, row: &IssueRow, linked: &[Linked]) -> Result<(), ActError> {
        let now = self.clock.now();
        // The one for whom it was filed stands in the issue.
        let filed = linked.iter().filter(|link| link.is_filed).count();
        let known = row.noted.max(u32::try_from(filed.min(1)).unwrap_or(0));
        let customers = self.customers_of(linked).await?;
        let is_soon = row
            .noted_at
            .is_some_and(|noted_at| plus(noted_at, NOTE_EVERY) > now);
        if customers <= known || is_soon {
            return Ok(());
        }
        let place = place(&row.tracker);
        let tells = NewOutbox {
            id: self.ids.id(),
            lane: format!("{}|{}|{}", place.platform, place.channel, row.issue),
            inquiry: None,
            place,
            what: Delivery::Tracker {
                tracker: row.tracker.clone(),
                act: TrackerAct::Note {
                    issue: row.issue.clone(),
                    customers,
                    references: linked.iter().map(|link| link.reference.0).collect(),
                },
            },
            key: format!(
                "note·{}·{}·{customers}·{}",
                row.tracker,
                row.issue,
                now.as_millisecond()
            ),
            not_before: now,
        };
        if self.store.keep_note(row, customers, now, tells).await? {
            self.wake.wake(Stirred::Outbox);
        }
        Ok(())
    }

    /// What a request that adds a comment sees: counts and references, never a name.
    pub(super) fn note_fields(
        &self,
        issue: &str,
        customers: u32,
        references: &[i64],
        key: &str,
    ) -> Fields {
        let list: Vec<String> = references
            .iter()
            .map(|n| Reference(*n).to_string())
            .collect();
        let list = list.join(", ");
        let args = Args::new()
            .with("customers", i64::from(customers))
            .with("references", list.as_str());
        Fields::from([
            ("issue", issue.to_owned()),
            ("text", say(self.setup.lang, msg!("issue-affected"), &args)),
            ("customers", customers.to_string()),
            ("inquiries", references.len().to_string()),
            ("references", list),
            ("key", key.to_owned()),
        ])
    }
}
