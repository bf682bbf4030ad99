//! What the store keeps besides the inquiry itself: rows of the outbox, cards, timers, desk posts and access.

use super::duty_audit::DutyTrouble;
use crate::domain::ids::{InquiryId, MemberId, QueueId, SourceId, TextId};
use crate::domain::inquiry::{Entry, Inquiry};
use crate::domain::notice::{Message, Notice, Offer};
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};
use std::fmt;

/// The name that people say: `Q-1042`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Reference(pub i64);

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Q-{}", self.0)
    }
}

impl std::str::FromStr for Reference {
    type Err = ();
    /// Reads `Q-1042`, `q1042`, `1042`, full-width too.
    fn from_str(text: &str) -> Result<Self, ()> {
        let plain: String = text
            .trim()
            .chars()
            .map(|c| match c {
                '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
                other => other,
            })
            .collect();
        let digits = plain.trim_start_matches(['Q', 'q']).trim_start_matches('-');
        match digits.parse::<i64>() {
            Ok(n) if n > 0 => Ok(Reference(n)),
            Ok(_) | Err(_) => Err(()),
        }
    }
}

/// A place where cards and notices appear: a channel of a platform.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Place {
    /// The key of the platform in the configuration: `desk`, `discord`.
    pub platform: String,
    /// The platform's own name of the channel.
    pub channel: String,
}

/// An inquiry as the store holds it.
#[derive(Clone, Debug, PartialEq)]
pub struct Stored {
    pub reference: Reference,
    pub inquiry: Inquiry,
    /// The instant its timer row is set to.
    pub deadline: Option<Timestamp>,
}

/// Everything that one command changes, committed together or not at all.
#[derive(Clone, Debug)]
pub struct Changes {
    /// The state after the events.
    pub inquiry: Inquiry,
    /// The version (`seq`) the decision was made on; 0 for a new inquiry.
    pub expected: u64,
    /// The new ledger lines, numbered from `expected + 1`.
    pub entries: Vec<Entry>,
    /// Outside words that the new lines name.
    pub texts: Vec<(TextId, String)>,
    /// The next instant anything is due: upserts or (on `None`) removes the inquiry's timer row.
    pub deadline: Option<Timestamp>,
    /// What is to be delivered, in order.
    pub outbox: Vec<NewOutbox>,
    /// The places that show this inquiry's card: inserted if missing, `wanted` set to the new seq.
    pub cards: Vec<Place>,
    /// The boards that say something else now: inserted if missing; `wanted` is counted up wherever the queue has one.
    pub boards: Vec<(QueueId, Place)>,
    /// Whom its notices call, and whom they would have called but for their allowance.
    pub pings: Vec<Ping>,
    /// Makes a repeat harmless: unique for ever; a repeat answers what the first one did.
    pub command_key: Option<String>,
    /// The hash of the portal's status link, for an inquiry filed there.
    pub portal_key: Option<String>,
}

/// What a commit answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Committed {
    pub reference: Reference,
    /// The version that now stands.
    pub seq: u64,
}

/// Why a commit did not happen.
#[derive(Debug, thiserror::Error)]
pub enum CommitError {
    /// Somebody else committed first (or the external id is known already): load and decide again.
    #[error("the inquiry has moved on")]
    Conflict,
    /// The command key was used before; the first outcome stands.
    #[error("the command was committed before, for {reference}")]
    Repeated {
        inquiry: InquiryId,
        reference: Reference,
    },
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The store could not do it.
#[derive(Clone, Debug, thiserror::Error)]
pub enum StoreError {
    /// The database cannot be reached or answered an error.
    #[error("the database did not answer: {0}")]
    Unavailable(String),
    /// The answer of a COMMIT was lost: it may or may not have happened. Re-read, never re-run.
    #[error("the answer of a commit was lost: {0}")]
    Unknown(String),
    /// What was asked cannot be done, in a sentence of its own.
    #[error("{0}")]
    Refused(String),
    /// What was read cannot be understood (a newer version's event, a damaged row).
    #[error("the database holds what this build cannot read: {0}")]
    Unreadable(String),
}

/// A new row of the outbox.
#[derive(Clone, Debug, PartialEq)]
pub struct NewOutbox {
    pub id: String,
    /// Rows of one lane are delivered one after the other.
    pub lane: String,
    pub inquiry: Option<InquiryId>,
    pub place: Place,
    pub what: Delivery,
    /// Says the same thing only once: unique for ever (`{inquiry}·{seq}·{n}` and the like).
    pub key: String,
    pub not_before: Timestamp,
}

/// What an outbox row delivers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "deliver", rename_all = "snake_case")]
pub enum Delivery {
    /// The first post of a card; later edits are reconciled from the cards table.
    Card {
        mentions: Vec<MemberId>,
        is_urgent: bool,
    },
    /// A notice, its audience resolved to people.
    Notice {
        notice: Notice,
        mentions: Vec<MemberId>,
    },
    /// The first post of a queue's board; later edits are reconciled from the boards table.
    Board { queue: QueueId },
    /// An answer, question or owner that goes back to the source.
    WriteBack {
        source: SourceId,
        seq: u64,
        act: WriteBack,
    },
}

/// What goes back to a source.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "act", rename_all = "snake_case")]
pub enum WriteBack {
    Reply {
        text: TextId,
    },
    Resolved {
        outcome: crate::domain::inquiry::Outcome,
    },
    Owner {
        member: Option<MemberId>,
    },
    Closed,
}

/// A row of the outbox that was claimed for one attempt.
#[derive(Clone, Debug, PartialEq)]
pub struct OutboxRow {
    pub id: String,
    pub lane: String,
    pub inquiry: Option<InquiryId>,
    pub place: Place,
    pub what: Delivery,
    pub key: String,
    /// 1 for the first attempt.
    pub attempt: u32,
    /// Whether an earlier attempt may have arrived: it is looked for before it is sent again.
    pub is_unknown: bool,
    /// When the first attempt left, for the platform's idempotency window.
    pub first_sent_at: Option<Timestamp>,
    /// Fences the writes of a holder whose lease was taken over.
    pub epoch: i64,
}

/// How an attempt ended.
#[derive(Clone, Debug, PartialEq)]
pub enum Attempt {
    /// Delivered; for a card also where its message and thread are.
    Sent {
        receipt: Receipt,
        shown: Option<u64>,
    },
    /// Try again then.
    Retry { at: Timestamp, why: String },
    /// It may have arrived: look, then.
    Unknown { look_at: Timestamp, why: String },
    /// Never again.
    Dead { why: String },
    /// Said as a line of another row's digest.
    Merged { into: String },
}

/// Where a delivery can be found again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    pub message: String,
    /// The thread under a card.
    pub thread: Option<String>,
}

/// A row of the outbox as people see it: what waits, what is dead.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct OutboxLine {
    pub id: String,
    pub inquiry: Option<InquiryId>,
    pub place: Place,
    pub what: Delivery,
    pub key: String,
    /// `queued`, `sending`, `sent`, `retry`, `unknown`, `dead`, `merged`.
    pub state: String,
    pub attempts: u32,
    pub why: Option<String>,
    pub not_before: Timestamp,
}

/// A card at a place.
#[derive(Clone, Debug, PartialEq)]
pub struct CardRow {
    pub inquiry: InquiryId,
    pub place: Place,
    /// `None` until the first post is delivered.
    pub receipt: Option<Receipt>,
    /// Whom its first post called.
    pub called: Vec<MemberId>,
    pub shown: u64,
    pub wanted: u64,
    pub attempt: u32,
    pub epoch: i64,
}

/// A board at a place.
#[derive(Clone, Debug, PartialEq)]
pub struct BoardRow {
    pub queue: QueueId,
    pub place: Place,
    /// `None` until the first post is delivered, and again once it is gone.
    pub receipt: Option<Receipt>,
    pub shown: u64,
    /// Counted up by every commit that changes what the board says.
    pub wanted: u64,
    pub attempt: u32,
    pub epoch: i64,
}

/// A mention of a member by a notice, counted against their allowance.
#[derive(Clone, Debug, PartialEq)]
pub struct Ping {
    /// The notice: `{inquiry}·{seq}·{n}`, the same at every place where it is said.
    pub key: String,
    pub member: MemberId,
    pub queue: QueueId,
    pub inquiry: InquiryId,
    pub at: Timestamp,
    /// What the notice says, if the mention was left out of it.
    pub held: Option<Held>,
}

/// A mention that was left out, and when its member hears of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Held {
    pub message: Message,
    pub tell_at: Timestamp,
}

/// A mention that was left out, as it is kept.
#[derive(Clone, Debug, PartialEq)]
pub struct HeldPing {
    pub key: String,
    pub member: MemberId,
    pub queue: QueueId,
    pub inquiry: InquiryId,
    pub at: Timestamp,
    pub message: Message,
    pub told_at: Option<Timestamp>,
}

/// How an edit of a card or board ended.
#[derive(Clone, Debug, PartialEq)]
pub enum Revision {
    Shown {
        seq: u64,
    },
    Retry {
        at: Timestamp,
    },
    /// The message is gone for good; the card is not edited any more.
    Gone {
        why: String,
    },
}

/// A due row of the timers table, leased.
#[derive(Clone, Debug, PartialEq)]
pub struct TimerLease {
    pub kind: TimerKind,
    pub subject: String,
    pub due_at: Timestamp,
    pub epoch: i64,
}

/// What a timer row is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TimerKind {
    /// An inquiry's next deadline; the subject is its id.
    Inquiry,
    /// A rota turns; the subject is the rota's name.
    Handoff,
    /// A queue's working time opens; the subject is the queue's id.
    Opening,
    /// A source is polled; the subject is its name.
    Poll,
    /// It is looked whether a queue's duty holds too much; the subject is the queue's id.
    Overflow,
    /// A calendar of others is looked at again; the subject is its key.
    Feed,
    /// The duty book is looked at; there is one row.
    Book,
    /// The duty of a queue passes from rota to rota; the subject is the queue's id.
    Turnover,
    /// A member hears what was held back; the subject is `{member}|{queue}`.
    Held,
    /// The calendar of a member's absences is looked at; the subject is the member's id.
    Absences,
}

impl TimerKind {
    pub const ALL: [TimerKind; 10] = [
        TimerKind::Inquiry,
        TimerKind::Handoff,
        TimerKind::Opening,
        TimerKind::Poll,
        TimerKind::Overflow,
        TimerKind::Feed,
        TimerKind::Book,
        TimerKind::Turnover,
        TimerKind::Held,
        TimerKind::Absences,
    ];

    /// The word in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            TimerKind::Inquiry => "inquiry",
            TimerKind::Handoff => "handoff",
            TimerKind::Opening => "opening",
            TimerKind::Poll => "poll",
            TimerKind::Overflow => "overflow",
            TimerKind::Feed => "feed",
            TimerKind::Book => "book",
            TimerKind::Turnover => "turnover",
            TimerKind::Held => "held",
            TimerKind::Absences => "absences",
        }
    }
}

/// What a list asks for; empty fields ask for everything.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ListFilter {
    pub queue: Option<String>,
    pub owner: Option<MemberId>,
    pub is_open: Option<bool>,
    pub is_unclaimed: Option<bool>,
    /// Whether anything is due of it at all; what has ended and owes nothing has no deadline.
    pub has_deadline: Option<bool>,
    /// Received at or after.
    pub received_from: Option<Timestamp>,
    /// Received before.
    pub received_until: Option<Timestamp>,
    /// At most this many (1 to 500), ordered by deadline (none last), then by reference.
    pub limit: u32,
    /// Skips this many.
    pub offset: u32,
}

/// A post of the desk's channel, neutral: the web renders it in the reader's language.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DeskPost {
    /// The post's own id, also its receipt.
    pub id: String,
    pub channel: String,
    pub inquiry: Option<InquiryId>,
    /// Whether it is said in the thread of the inquiry rather than in the channel.
    pub in_thread: bool,
    pub body: DeskBody,
    pub key: String,
    pub at: Timestamp,
    /// Grows with every post or revision of any channel; the web asks for what is newer.
    pub stamp: i64,
}

/// What a desk post says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "post", rename_all = "snake_case")]
pub enum DeskBody {
    Board {
        board: crate::domain::board::Board,
    },
    Card {
        card: Box<crate::domain::card::Card>,
        mentions: Vec<MemberId>,
    },
    Notice {
        message: Message,
        mentions: Vec<MemberId>,
        is_urgent: bool,
        offers: Vec<Offer>,
    },
}

/// A document that could not be read as an inquiry, kept so that it can be replayed.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Unreadable {
    pub id: String,
    pub source: SourceId,
    pub at: Timestamp,
    pub why: String,
    pub body: String,
    pub replayed_at: Option<Timestamp>,
}

/// A policy, calendar, rota or routing set as it once was.
#[derive(Clone, Debug, PartialEq)]
pub struct Snapshot {
    pub hash: String,
    /// `policy`, `calendar`, `rota`, `routing`.
    pub kind: String,
    pub name: String,
    /// Canonical JSON.
    pub body: String,
    pub first_seen_at: Timestamp,
}

/// What a poller knows of its source.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SourceState {
    /// When the source was first enabled: older items are not news.
    pub since: Option<Timestamp>,
    pub cursor: Option<String>,
    pub etag: Option<String>,
    pub last_modified: Option<String>,
    /// Failures in a row.
    pub failures: u32,
    pub last_error: Option<String>,
    pub last_ok_at: Option<Timestamp>,
}

/// A person signed in at the web, or a script with a token.
#[derive(Clone, Debug, PartialEq)]
pub struct Grant {
    /// The SHA-256 of the secret, hex; the secret itself is never stored.
    pub hash: String,
    pub kind: GrantKind,
    /// The member it speaks for; `None` for a script of its own name.
    pub member: Option<MemberId>,
    /// What it is called in lists.
    pub label: String,
    pub created_at: Timestamp,
    pub expires_at: Option<Timestamp>,
}

/// What a secret opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GrantKind {
    /// A one-time link; used up when taken.
    Login,
    /// A browser's session cookie.
    Session,
    /// A bearer token for scripts.
    Token,
    /// The key of a calendar feed, which is part of its address.
    Feed,
}

impl GrantKind {
    /// The word in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            GrantKind::Login => "login",
            GrantKind::Session => "session",
            GrantKind::Token => "token",
            GrantKind::Feed => "feed",
        }
    }
}

/// What the auditor found wrong; empty is good. Each line names the thing.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Findings {
    pub open_without_deadline: Vec<String>,
    pub overdue_deadlines: Vec<String>,
    pub overdue_outbox: Vec<String>,
    pub ledger_gaps: Vec<String>,
    pub projection_differs: Vec<String>,
    pub cards_missing: Vec<String>,
    pub duty: Vec<DutyTrouble>,
}

/// Which page of everything the auditor compares next.
#[derive(Clone, Debug, PartialEq)]
pub struct Sweep {
    /// Inquiries after this id; from the beginning if empty.
    pub after: Option<InquiryId>,
    /// Deliveries after this position.
    pub after_pos: i64,
    /// Lines of the duty book after this number.
    pub after_line: i64,
    /// So many inquiries, so many deliveries and so many lines of the duty book.
    pub limit: u32,
}

impl Default for Sweep {
    /// The first page, of a size that SQLite compares in well under a second.
    fn default() -> Self {
        Sweep {
            after: None,
            after_pos: 0,
            after_line: 0,
            limit: 5_000,
        }
    }
}

impl Findings {
    /// So many lines of each sort are enough to see what is wrong.
    pub const LINES: usize = 20;

    /// Takes in what else was found; what is known already is not repeated.
    pub fn merge(&mut self, more: Findings) {
        let Findings {
            open_without_deadline,
            overdue_deadlines,
            overdue_outbox,
            ledger_gaps,
            projection_differs,
            cards_missing,
            duty,
        } = more;
        for (lines, more) in [
            (&mut self.open_without_deadline, open_without_deadline),
            (&mut self.overdue_deadlines, overdue_deadlines),
            (&mut self.overdue_outbox, overdue_outbox),
            (&mut self.ledger_gaps, ledger_gaps),
            (&mut self.projection_differs, projection_differs),
            (&mut self.cards_missing, cards_missing),
        ] {
            for line in more {
                if lines.len() < Self::LINES && !lines.contains(&line) {
                    lines.push(line);
                }
            }
        }
        for trouble in duty {
            if self.duty.len() < Self::LINES && !self.duty.contains(&trouble) {
                self.duty.push(trouble);
            }
        }
    }

    /// Every finding as a line.
    pub fn lines(&self) -> Vec<String> {
        let duty = self.duty.iter().map(|trouble| format!("duty: {trouble}"));
        self.lines_of_work().chain(duty).collect()
    }

    /// Every finding as a line, but for those of the duty.
    pub fn lines_of_work(&self) -> impl Iterator<Item = String> {
        [
            ("open without a deadline", &self.open_without_deadline),
            ("deadline not looked at", &self.overdue_deadlines),
            ("delivery overdue", &self.overdue_outbox),
            ("gap in the ledger", &self.ledger_gaps),
            (
                "projection differs from the ledger",
                &self.projection_differs,
            ),
            ("card missing", &self.cards_missing),
        ]
        .into_iter()
        .flat_map(|(what, lines)| lines.iter().map(move |line| format!("{what}: {line}")))
    }

    /// Tells whether nothing is wrong.
    pub fn is_clean(&self) -> bool {
        *self == Findings::default()
    }
}
