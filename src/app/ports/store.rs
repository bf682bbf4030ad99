//! The store: what is kept, in functions that are each one transaction.
//!
//! SQL never says now(): every instant is an argument. The one exception is lease time, which on PostgreSQL
//! is the database's own so that replicas with wrong clocks do not steal from each other.

use super::contracts::Contracts;
use super::duties::Duties;
use super::duty_audit::DutyKept;
use super::feeds::Feeds;
use super::kept::{KeptLine, KeptPage};
use super::mails::Mails;
use super::rows::*;
use super::trackers::Issues;
use crate::domain::ids::{InquiryId, MemberId, QueueId, SourceId, TextId};
use crate::domain::inquiry::{Entry, PolicyHash};
use crate::domain::rota::Change;
use crate::domain::rota::book::DutyEntry;
use crate::time::Timestamp;
use async_trait::async_trait;
use std::collections::HashMap;
use std::time::Duration;

/// The whole store. One value serves every loop and request.
pub trait Store:
    Inquiries
    + Timers
    + Outbox
    + Cards
    + Boards
    + Pings
    + DeskPosts
    + Access
    + Intake
    + Keeping
    + Duties
    + DutyBook
    + Audit
    + Feeds
    + Mails
    + Contracts
    + Issues
{
}

impl<S> Store for S where
    S: Inquiries
        + Timers
        + Outbox
        + Cards
        + Boards
        + Pings
        + DeskPosts
        + Access
        + Intake
        + Keeping
        + Duties
        + DutyBook
        + Audit
        + Feeds
        + Mails
        + Contracts
        + Issues
{
}

/// Inquiries, their ledger and their words.
#[async_trait]
pub trait Inquiries: Send + Sync {
    /// Commits everything one command changes, or nothing. Returns after it is durable.
    ///
    /// A new inquiry (`expected` 0) takes the next reference, starting at 1. A second inquiry with the same
    /// (source, external id) is a conflict, as is a version that has moved on.
    async fn commit(&self, changes: Changes) -> Result<Committed, CommitError>;
    /// The same for several inquiries together: all of them, in this order, or nothing.
    async fn commit_together(&self, changes: Vec<Changes>) -> Result<Vec<Committed>, CommitError>;
    async fn inquiry(&self, id: &InquiryId) -> Result<Option<Stored>, StoreError>;
    async fn by_reference(&self, reference: Reference) -> Result<Option<Stored>, StoreError>;
    async fn by_external(
        &self,
        source: &SourceId,
        external_id: &str,
    ) -> Result<Option<Stored>, StoreError>;
    /// The inquiry behind the hash of a portal's status link.
    async fn by_portal_key(&self, key: &str) -> Result<Option<Stored>, StoreError>;
    /// What a command key was used for, if it was.
    async fn by_command_key(&self, key: &str)
    -> Result<Option<(InquiryId, Reference)>, StoreError>;
    async fn list(&self, filter: &ListFilter) -> Result<Vec<Stored>, StoreError>;
    /// Every inquiry the filter finds at one moment, its limit and offset aside, in the order of a list.
    ///
    /// For those who must leave none out: between two pages a deadline moves, and with it the list.
    async fn every(&self, filter: &ListFilter) -> Result<Vec<Stored>, StoreError>;
    /// How many inquiries the filter finds, its limit and offset aside.
    async fn count(&self, filter: &ListFilter) -> Result<u64, StoreError>;
    /// Which policies the open inquiries of each queue follow, each pair once.
    async fn policies_in_use(&self) -> Result<Vec<(QueueId, PolicyHash)>, StoreError>;
    /// Ids of a queue's open inquiries that follow a policy, in order, after the given one.
    async fn open_under(
        &self,
        queue: &QueueId,
        policy: &PolicyHash,
        after: Option<&InquiryId>,
        limit: u32,
    ) -> Result<Vec<InquiryId>, StoreError>;
    /// Inquiries received in `[from, until)`, in that order, after the given one, which is one of them.
    async fn received_between(
        &self,
        from: Timestamp,
        until: Timestamp,
        after: Option<&InquiryId>,
        limit: u32,
    ) -> Result<Vec<(InquiryId, Reference)>, StoreError>;
    /// The ledger of an inquiry in order.
    async fn ledger(&self, id: &InquiryId) -> Result<Vec<Entry>, StoreError>;
    /// The words behind ids; an erased or unknown one is absent.
    async fn texts(&self, ids: &[TextId]) -> Result<HashMap<TextId, String>, StoreError>;
}

/// The one timers table.
#[async_trait]
pub trait Timers: Send + Sync {
    /// Leases due rows of the kinds to a holder, earliest first; a leased row is nobody else's until the lease ends.
    async fn lease_timers(
        &self,
        kinds: &[TimerKind],
        now: Timestamp,
        holder: &str,
        lease: Duration,
        limit: u32,
    ) -> Result<Vec<TimerLease>, StoreError>;
    /// Sets a leased row to its next instant, or removes it. `false` when the lease was taken over meanwhile.
    ///
    /// A row of kind `Inquiry` whose due time was moved by a commit meanwhile keeps the commit's.
    async fn finish_timer(
        &self,
        lease: &TimerLease,
        next: Option<Timestamp>,
    ) -> Result<bool, StoreError>;
    /// Inserts a row or moves it. A row that somebody holds stays as it is: they set it when they are done.
    async fn set_timer(
        &self,
        kind: TimerKind,
        subject: &str,
        at: Timestamp,
    ) -> Result<(), StoreError>;
    /// Inserts a row if there is none.
    async fn ensure_timer(
        &self,
        kind: TimerKind,
        subject: &str,
        at: Timestamp,
    ) -> Result<(), StoreError>;
    async fn remove_timer(&self, kind: TimerKind, subject: &str) -> Result<(), StoreError>;
    /// The rows of a kind as (subject, due), in order of the subject.
    async fn timers(&self, kind: TimerKind) -> Result<Vec<(String, Timestamp)>, StoreError>;
    /// The earliest instant at which an unleased row of the kinds is due.
    async fn next_timer(&self, kinds: &[TimerKind]) -> Result<Option<Timestamp>, StoreError>;
}

/// What is to be delivered.
#[async_trait]
pub trait Outbox: Send + Sync {
    /// Adds rows outside a commit (digests, handoff posts). A key that is known already adds nothing.
    async fn enqueue(&self, rows: Vec<NewOutbox>) -> Result<(), StoreError>;
    /// Claims the heads of lanes that are due: queued or retry at its time, unknown at its look time, and
    /// sending whose lease has ended (which makes it unknown). Counts the attempt. One that cannot be read is left out,
    /// and holds nothing but its own lane.
    async fn claim_outbox(
        &self,
        now: Timestamp,
        holder: &str,
        lease: Duration,
        limit: u32,
    ) -> Result<Vec<OutboxRow>, StoreError> {
        self.claim_outlet(None, now, holder, lease, limit).await
    }
    /// The same of what leaves by one outlet; without one, of all.
    async fn claim_outlet(
        &self,
        outlet: Option<Outlet>,
        now: Timestamp,
        holder: &str,
        lease: Duration,
        limit: u32,
    ) -> Result<Vec<OutboxRow>, StoreError>;
    /// Records how an attempt ended. `false` when the row was taken over meanwhile.
    ///
    /// A card's receipt is also written to its cards row.
    async fn settle_outbox(
        &self,
        row: &OutboxRow,
        attempt: &Attempt,
        now: Timestamp,
    ) -> Result<bool, StoreError>;
    /// What became of deliveries and may not be recorded, in their order: every death, and every arrival of what had been
    /// dead, until [`Outbox::told_outbox`] is said of it.
    async fn untold_outbox(&self, limit: u32) -> Result<Vec<Untold>, StoreError>;
    /// Notes that what became of a row is recorded, unless it has been claimed or revived since.
    async fn told_outbox(&self, row: &OutboxRow) -> Result<(), StoreError>;
    /// Replaces claimed rows by one row of their digest, all or nothing: `false` when one of them was taken
    /// over meanwhile, or the digest's key is known already.
    async fn merge_outbox(
        &self,
        rows: &[&OutboxRow],
        into: NewOutbox,
        now: Timestamp,
    ) -> Result<bool, StoreError>;
    /// Rows in the given states (all when empty), oldest first.
    async fn outbox(&self, states: &[&str], limit: u32) -> Result<Vec<OutboxLine>, StoreError>;
    /// What is to go back to sources and is not done, dead ones too, oldest first.
    async fn undone_write_backs(&self) -> Result<Vec<OutboxLine>, StoreError>;
    /// What is to go to trackers and is not done, dead ones too, oldest first.
    async fn undone_at_trackers(&self) -> Result<Vec<OutboxLine>, StoreError>;
    /// Puts a dead row back into its lane at its old place, its attempts counted anew. `false` when it is not dead.
    async fn revive_outbox(&self, id: &str, now: Timestamp) -> Result<bool, StoreError>;
    /// The earliest instant at which a row can be claimed.
    async fn next_outbox(&self) -> Result<Option<Timestamp>, StoreError>;
}

/// Cards and where they are.
#[async_trait]
pub trait Cards: Send + Sync {
    /// Claims cards that are posted and show less than is wanted, and whose retry time has come.
    async fn claim_cards(
        &self,
        now: Timestamp,
        holder: &str,
        lease: Duration,
        limit: u32,
    ) -> Result<Vec<CardRow>, StoreError>;
    async fn settle_card(&self, row: &CardRow, revision: &Revision) -> Result<bool, StoreError>;
    /// Lets cards that were gone for this reason be edited again; answers how many there are.
    async fn revive_cards(&self, why: &str) -> Result<u64, StoreError>;
    async fn cards(&self, inquiry: &InquiryId) -> Result<Vec<CardRow>, StoreError>;
    /// The card whose message or thread this is.
    async fn card_at(
        &self,
        platform: &str,
        message_or_thread: &str,
    ) -> Result<Option<CardRow>, StoreError>;
}

/// Boards and where they are.
#[async_trait]
pub trait Boards: Send + Sync {
    /// Claims boards that are posted and show less than is wanted, and whose retry time has come.
    async fn claim_boards(
        &self,
        now: Timestamp,
        holder: &str,
        lease: Duration,
        limit: u32,
    ) -> Result<Vec<BoardRow>, StoreError>;
    /// Records how an edit ended. A board that is gone is posted `again` in the same transaction, if there is such a row;
    /// otherwise it is edited no more. `false` when the row was taken over meanwhile.
    async fn settle_board(
        &self,
        row: &BoardRow,
        revision: &Revision,
        again: Option<NewOutbox>,
    ) -> Result<bool, StoreError>;
    /// The boards of a queue, by place.
    async fn boards(&self, queue: &QueueId) -> Result<Vec<BoardRow>, StoreError>;
    /// Wants every board anew that was ever posted, one that was gone too: what it says and where it can be may follow
    /// another configuration.
    async fn want_boards(&self) -> Result<(), StoreError>;
}

/// Whom notices called, and whom they did not because they had been called enough.
#[async_trait]
pub trait Pings: Send + Sync {
    /// The keys of the notices that mentioned a member since the instant.
    async fn pings_since(
        &self,
        member: &MemberId,
        from: Timestamp,
    ) -> Result<Vec<String>, StoreError>;
    /// What was held back from a member since the instant, oldest first.
    async fn held_since(
        &self,
        member: &MemberId,
        from: Timestamp,
    ) -> Result<Vec<HeldPing>, StoreError>;
    /// What was held back from a member in a queue and not told yet, oldest first, so many at most.
    async fn held_untold(
        &self,
        member: &MemberId,
        queue: &QueueId,
        limit: u32,
    ) -> Result<Vec<HeldPing>, StoreError>;
    /// Marks as told what [`held_untold`](Pings::held_untold) answered, together with the rows that tell it. `false` when
    /// somebody else has told some of it meanwhile, or more came among it: then nothing is done, and it is yet to be told.
    async fn tell_held(
        &self,
        pings: &[HeldPing],
        rows: Vec<NewOutbox>,
        now: Timestamp,
    ) -> Result<bool, StoreError>;
    /// Forgets mentions before the instant; those held back and not told stay.
    async fn forget_pings(&self, before: Timestamp) -> Result<u64, StoreError>;
}

/// The channels of the built-in desk.
#[async_trait]
pub trait DeskPosts: Send + Sync {
    /// Adds a post; with a key that is known already, answers the post of that key instead.
    async fn desk_post(&self, post: DeskPost) -> Result<DeskPost, StoreError>;
    /// Replaces what a post says. `false` when there is no such post.
    async fn desk_revise(&self, id: &str, body: &DeskBody) -> Result<bool, StoreError>;
    async fn desk_get(&self, id: &str) -> Result<Option<DeskPost>, StoreError>;
    async fn desk_find(&self, key: &str) -> Result<Option<DeskPost>, StoreError>;
    /// The newest posts of a channel (not those in threads), oldest of them first.
    async fn desk_channel(&self, channel: &str, limit: u32) -> Result<Vec<DeskPost>, StoreError>;
    /// The thread of an inquiry, oldest first.
    async fn desk_thread(&self, inquiry: &InquiryId) -> Result<Vec<DeskPost>, StoreError>;
    /// Posts of any channel or thread with a greater stamp, in order of the stamp.
    async fn desk_since(&self, stamp: i64, limit: u32) -> Result<Vec<DeskPost>, StoreError>;
    /// The greatest stamp so far, 0 when nothing was posted.
    async fn desk_stamp(&self) -> Result<i64, StoreError>;
}

/// Who may come in.
#[async_trait]
pub trait Access: Send + Sync {
    async fn grant(&self, grant: Grant) -> Result<(), StoreError>;
    /// Finds an unexpired grant by the hash of its secret.
    async fn granted(
        &self,
        kind: GrantKind,
        hash: &str,
        now: Timestamp,
    ) -> Result<Option<Grant>, StoreError>;
    /// Takes a one-time link: finds and removes it in one step, so that it works once.
    async fn take_login(&self, hash: &str, now: Timestamp) -> Result<Option<Grant>, StoreError>;
    async fn revoke(&self, hash: &str) -> Result<bool, StoreError>;
    async fn grants(&self, kind: GrantKind) -> Result<Vec<Grant>, StoreError>;
    /// The language a member chose, by name (`ja`, `en`).
    async fn language(&self, member: &MemberId) -> Result<Option<String>, StoreError>;
    async fn set_language(&self, member: &MemberId, language: &str) -> Result<(), StoreError>;
}

/// What intake keeps beside inquiries.
#[async_trait]
pub trait Intake: Send + Sync {
    /// Keeps documents, together with what is told of them. One that waits stays as it is; one that was replayed waits
    /// again, as it came now.
    async fn keep_unreadables(
        &self,
        documents: Vec<Unreadable>,
        told: Vec<NewOutbox>,
    ) -> Result<(), StoreError>;
    /// As [`Intake::keep_unreadables`], of one of which nothing is told.
    async fn keep_unreadable(&self, document: Unreadable) -> Result<(), StoreError> {
        self.keep_unreadables(vec![document], Vec::new()).await
    }
    /// When those of these that are kept were last replayed, by id; of what waits, `None`.
    async fn unreadables_known(
        &self,
        ids: &[String],
    ) -> Result<HashMap<String, Option<Timestamp>>, StoreError>;
    /// Those of a source that wait, in the order in which they came, from after an instant and id on.
    async fn unreadables_waiting(
        &self,
        source: &SourceId,
        after: Option<(Timestamp, String)>,
        limit: u32,
    ) -> Result<Vec<Unreadable>, StoreError>;
    async fn unreadable(&self, id: &str) -> Result<Option<Unreadable>, StoreError>;
    /// Those not replayed yet first, newest first.
    async fn unreadables(&self, limit: u32) -> Result<Vec<Unreadable>, StoreError>;
    async fn replayed(&self, id: &str, at: Timestamp) -> Result<bool, StoreError>;
    /// Those of one source, in the same order.
    async fn unreadables_of(
        &self,
        source: &SourceId,
        limit: u32,
    ) -> Result<Vec<Unreadable>, StoreError>;
    /// What is known of every source that was ever met, by id. Writes nothing.
    async fn sources_known(&self) -> Result<Vec<SourceRow>, StoreError>;
    /// What came of every source since the instant, of those of which anything came or waits.
    async fn source_tallies(
        &self,
        from: Timestamp,
    ) -> Result<HashMap<SourceId, SourceTally>, StoreError>;
    /// Notes that a delivery came, or why it was refused.
    async fn note_delivery(
        &self,
        source: &SourceId,
        at: Timestamp,
        refusal: Option<&str>,
    ) -> Result<(), StoreError>;
    /// What is known of a source; the first call for a name records `now` as its `since`.
    async fn source_state(
        &self,
        source: &SourceId,
        now: Timestamp,
    ) -> Result<SourceState, StoreError>;
    /// Writes the poller's state; with `changes`, together with the items of a page in one transaction.
    ///
    /// Items that are known, have moved on or break answer per item, and do not keep the others from committing. The state is
    /// kept only where every item is in, now or before: else the caller settles the rest and writes it then.
    async fn commit_page(
        &self,
        source: &SourceId,
        state: &SourceState,
        changes: Vec<Changes>,
    ) -> Result<Vec<Result<Committed, CommitError>>, StoreError>;
    /// The marks of a source's items, by external id; what has none is absent.
    async fn marks(
        &self,
        source: &SourceId,
        external_ids: &[String],
    ) -> Result<HashMap<String, String>, StoreError>;
    /// The inquiries of a source's items with what is kept of them, by external id.
    async fn known(
        &self,
        source: &SourceId,
        external_ids: &[String],
    ) -> Result<HashMap<String, KnownItem>, StoreError>;
    /// Keeps what was seen of items that change nothing. `false` for one that has moved on meanwhile: it is to be
    /// decided again.
    async fn mark_seen(&self, marks: Vec<SeenMark>) -> Result<Vec<bool>, StoreError>;
    /// The items of a source that are open there, as far as known: external id and inquiry, in order of the former.
    async fn open_there(&self, source: &SourceId) -> Result<Vec<(String, InquiryId)>, StoreError>;
    /// Records the items that a whole look at a source did not find, and forgets the others; in order of external id.
    async fn note_missing(
        &self,
        source: &SourceId,
        external_ids: &[String],
        now: Timestamp,
    ) -> Result<Vec<Missing>, StoreError>;
}

/// Snapshots, the changes of rotas and the like.
#[async_trait]
pub trait Keeping: Send + Sync {
    /// Keeps a snapshot if its hash is new.
    async fn keep_snapshot(&self, snapshot: Snapshot) -> Result<(), StoreError>;
    async fn snapshot(&self, hash: &str) -> Result<Option<Snapshot>, StoreError>;
    async fn snapshots(&self, kind: &str) -> Result<Vec<Snapshot>, StoreError>;
    /// What became of a rota, oldest first.
    async fn rota_changes(&self, rota: &str) -> Result<Vec<Change>, StoreError>;
    /// Adds the next change of a rota, counted from 1. `false` when somebody else has added that one meanwhile.
    async fn add_rota_change(
        &self,
        rota: &str,
        number: u32,
        change: &Change,
    ) -> Result<bool, StoreError>;
    /// Writes a consistent copy of the database to a path that does not exist yet (SQLite); on PostgreSQL it
    /// is refused with a sentence that names `pg_dump`.
    async fn backup(&self, path: &std::path::Path) -> Result<(), StoreError>;
    /// One trivial query, for `/readyz` and `toban check --connect`.
    async fn ping(&self) -> Result<(), StoreError>;
    /// Closes the pool after what is under way has ended.
    async fn close(&self);
}

/// The duty book: what people arranged about the duty.
#[async_trait]
pub trait DutyBook: Send + Sync {
    /// Its lines after a number, in order.
    async fn duty_book(&self, after_seq: u64) -> Result<Vec<DutyEntry>, StoreError>;
    /// Adds lines numbered from `expected_last_seq + 1`, with what is to be said of them and the instant at which the
    /// book is to be looked at at the latest, all or nothing. `false` when somebody else has added that line meanwhile, or a
    /// command key is known already.
    async fn add_to_duty_book(
        &self,
        expected_last_seq: u64,
        entries: &[DutyEntry],
        outbox: Vec<NewOutbox>,
        look_at: Option<Timestamp>,
    ) -> Result<bool, StoreError>;
}

/// The questions of the auditor: queries that share no code with the engine.
#[async_trait]
pub trait Audit: Send + Sync {
    /// Looks for open work that is not looked after. `overdue_before`: deadlines and outbox rows older than this are late.
    async fn audit(&self, overdue_before: Timestamp) -> Result<Findings, StoreError>;
    /// Compares one page of what is kept with its ledger, and of cards with what was sent; answers where the next page
    /// begins, `None` after the last. In pages, because it reads everything that ever was.
    async fn sweep(&self, page: &Sweep) -> Result<(Findings, Option<Sweep>), StoreError>;
    /// Asks everything at once, for those who can wait.
    async fn audit_whole(&self, overdue_before: Timestamp) -> Result<Findings, StoreError> {
        let mut findings = self.audit(overdue_before).await?;
        let mut next = Some(Sweep::default());
        while let Some(page) = next {
            let (more, after) = self.sweep(&page).await?;
            findings.merge(more);
            next = after;
        }
        Ok(findings)
    }
    /// What is kept of the duty: its timers, and what became of the swaps that were offered since an instant.
    async fn audit_duty(&self, offered_since: Timestamp) -> Result<DutyKept, StoreError>;
    /// The lines of the duty book after a number, unread, so many at once.
    async fn kept_duty_book(&self, after_seq: i64, limit: u32)
    -> Result<Vec<KeptLine>, StoreError>;
    /// What is kept of the inquiries after the given one, in pages of so many inquiries, each read at one moment.
    ///
    /// Lines, timers and cards whose inquiry is not there come with the page that their id falls into.
    async fn kept(&self, after: Option<&InquiryId>, limit: u32) -> Result<KeptPage, StoreError>;
    /// Ids of inquiries, in order, after the given one.
    async fn inquiry_ids(
        &self,
        after: Option<&InquiryId>,
        limit: u32,
    ) -> Result<Vec<InquiryId>, StoreError>;
}
