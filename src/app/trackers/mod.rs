//! Issues of development: filed from an inquiry, linked to it, and what becomes of a filing that died.
//!
//! Promises: nothing is filed but the words that a person has seen and sent; an issue is linked before its delivery
//! counts as done, so that a crash between the two never files a second one; what may stand over there is looked for by a
//! person. What is seen there later is in `look.rs`, issues with many inquiries in `known.rs`.

mod choice;
mod known;
mod look;
mod outage;

pub use known::KnownIssue;
pub(in crate::app) use known::standing;
pub use outage::{TrackerStanding, TrackerView};

use super::desk::{ActError, App};
use super::perform::Declined;
use super::ports::*;
use super::requests::{Words, missing, plain};
use super::verbs::{Request, Verb};
use crate::domain::card::Card;
use crate::domain::ids::{InquiryId, TrackerId};
use crate::domain::inquiry::{Command, Entry, Event, Filing, Inquiry, Kind, shown_issue};
use crate::domain::notice::{Arg, Message, Offer};
use crate::i18n::{Args, say};
use crate::msg;
use crate::time::Timestamp;

/// The platform word of outbox rows that go to a tracker.
pub const TRACKER_LANE: &str = "tracker";

/// What is said first of what was sent to a tracker and whose answer was lost.
pub const MAY_STAND: &str = "no answer came, so it may stand there: look there first";

/// What is said first of an issue that stands there under a known name and could not be linked.
const UNRECORDED: &str = "filed and not recorded: ";

/// The issue of which `UNRECORDED` is said.
pub fn unrecorded(why: &str) -> Option<Named> {
    let (issue, rest) = why.strip_prefix(UNRECORDED)?.split_once(' ')?;
    let (url, _) = rest.split_once(' ')?;
    Some(Named {
        issue: issue.to_owned(),
        url: Some(url.to_owned()).filter(|url| url != "-"),
    })
}

fn say_unrecorded(filed: &Named, error: &dyn std::fmt::Display) -> String {
    let url = filed.url.as_deref().unwrap_or("-");
    format!("{UNRECORDED}{} {url} ({error})", filed.issue)
}

/// The longest title that every tracker takes (Jira and Redmine: 255 characters).
const LONGEST_TITLE: usize = 255;

impl App {
    /// The row that files what an entry asks for.
    pub(super) fn filing(
        &self,
        entry: &Entry,
        after: &Inquiry,
        now: Timestamp,
    ) -> Option<NewOutbox> {
        let Event::IssueAsked {
            tracker,
            title,
            text,
        } = &entry.event
        else {
            return None;
        };
        let what = Delivery::Tracker {
            tracker: tracker.clone(),
            act: TrackerAct::File {
                seq: entry.seq,
                title: title.clone(),
                text: text.clone(),
            },
        };
        let place = place(tracker);
        Some(self.row(after, &place, what, format!("{}·issue", entry.seq), now))
    }

    /// Brings a row to its tracker. What was filed is linked before this answers.
    ///
    /// # Errors
    /// As the tracker answers; a store that does not answer is tried again, unless the issue stands there already.
    pub async fn to_tracker(&self, row: &OutboxRow) -> Result<Receipt, DeliveryError> {
        let Delivery::Tracker { tracker, act } = &row.what else {
            return Err(rejected("nothing for a tracker"));
        };
        match act {
            TrackerAct::File { seq, .. } => {
                let fields = self.filed_fields(row).await?;
                let filed = self.trackers.file(tracker, &fields).await;
                let filed = self.heard(tracker, filed).await?;
                self.link_filed(row, *seq, tracker, &filed).await
            }
            TrackerAct::Note {
                issue,
                customers,
                references,
            } => {
                let fields = self.note_fields(issue, *customers, references, &row.key);
                let noted = self.trackers.note(tracker, &fields).await;
                self.heard(tracker, noted).await?;
                Ok(Receipt {
                    message: row.key.clone(),
                    thread: None,
                })
            }
        }
    }

    /// Where the issue of a row stands, if its filing was recorded before whoever did it was gone.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn filed_before(&self, row: &OutboxRow) -> Result<Option<Receipt>, StoreError> {
        let (
            Delivery::Tracker {
                act: TrackerAct::File { seq, .. },
                ..
            },
            Some(id),
        ) = (&row.what, &row.inquiry)
        else {
            return Ok(None);
        };
        let ledger = self.store.ledger(id).await?;
        Ok(ledger.into_iter().find_map(|entry| match entry.event {
            Event::IssueLinked {
                of: Some(of),
                issue,
                url,
                ..
            } if of == *seq => Some(Receipt {
                message: issue,
                thread: url,
            }),
            _ => None,
        }))
    }

    /// Tells what died on its way to a tracker: a filing in its thread, a comment to the operators; `false` for any other
    /// row.
    pub(super) async fn died_at_tracker(
        &self,
        row: &OutboxRow,
        why: &str,
    ) -> Result<bool, ActError> {
        let Delivery::Tracker { tracker, act } = &row.what else {
            return Ok(false);
        };
        match (act, &row.inquiry) {
            (TrackerAct::File { seq, .. }, Some(id)) => {
                let key = format!("dead:{}·{}", row.key, row.epoch);
                self.filing_died(id, (tracker, *seq), why, key).await?;
                Ok(true)
            }
            (
                TrackerAct::Note {
                    issue, customers, ..
                },
                _,
            ) => {
                let id = match why.starts_with(MAY_STAND) {
                    true => "notice-note-unknown",
                    false => "notice-note-failed",
                };
                let message = Message::new(id)
                    .with("tracker", Arg::Plain(tracker.to_string()))
                    .with("issue", Arg::Plain(shown_issue(issue)))
                    .with("customers", Arg::Number(i64::from(*customers)))
                    .with("why", Arg::Plain(why.to_owned()))
                    .with("id", Arg::Plain(row.id.clone()));
                let key = format!("dead·{}·{}", row.key, row.epoch);
                self.tell_operators(message, key, self.clock.now()).await?;
                Ok(true)
            }
            (TrackerAct::File { .. }, None) => Ok(false),
        }
    }

    /// Gives a filing up and says so in its thread. What is known to stand over there is linked instead, if that can be done
    /// by now.
    async fn filing_died(
        &self,
        id: &InquiryId,
        (tracker, of): (&TrackerId, u64),
        why: &str,
        key: String,
    ) -> Result<(), ActError> {
        let found = unrecorded(why);
        if let Some(found) = &found {
            let key = format!("{key}·linked");
            match self.link_as_filed(id, (tracker, of), found, key).await {
                Ok(()) => return Ok(()),
                Err(error) => {
                    tracing::warn!(inquiry.id = %id, tracker = %tracker, issue = %found.issue,
                    "issue {} of {tracker} is still not linked: {error}", found.issue)
                }
            }
        }
        let (issue, url) = found.map_or((None, None), |found| (Some(found.issue), found.url));
        let command = Command::IssueFailed {
            of,
            why: why.to_owned(),
            is_unknown: why.starts_with(MAY_STAND),
            issue,
            url,
        };
        self.act(id, self.by_time(Some(key)), command).await?;
        Ok(())
    }

    /// Gives up filings whose delivery is dead while their inquiry still waits for them: the process that found it out was
    /// gone before it could say so. Answers how many.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn settle_filings(&self) -> Result<usize, ActError> {
        let mut settled = 0;
        for line in self.store.undone_at_trackers().await? {
            let (
                "dead",
                Delivery::Tracker {
                    tracker,
                    act: TrackerAct::File { seq, .. },
                },
                Some(id),
            ) = (line.state.as_str(), &line.what, &line.inquiry)
            else {
                continue;
            };
            let Some(stored) = self.store.inquiry(id).await? else {
                continue;
            };
            let mut filings = stored.inquiry.filings.iter();
            if !filings.any(|filing| filing.of == *seq && !filing.is_failed) {
                continue;
            }
            tracing::warn!(outbox.key = %line.key, "the death of {} was not recorded, and is now", line.key);
            let why = line.why.as_deref().unwrap_or(MAY_STAND);
            let key = format!("dead:{}·settled", line.key);
            self.filing_died(id, (tracker, *seq), why, key).await?;
            settled += 1;
        }
        Ok(settled)
    }

    async fn filed_fields(&self, row: &OutboxRow) -> Result<Fields, DeliveryError> {
        let retry = |error: StoreError| DeliveryError::Retry {
            after: None,
            why: error.to_string(),
        };
        let (
            Delivery::Tracker {
                act: TrackerAct::File {
                    seq, title, text, ..
                },
                ..
            },
            Some(id),
        ) = (&row.what, &row.inquiry)
        else {
            return Err(rejected("no issue to file"));
        };
        let stored = self.store.inquiry(id).await.map_err(retry)?;
        let stored = stored.ok_or_else(|| rejected("the inquiry is gone"))?;
        // A row that is brought back to life after somebody has linked the issue, or filed it anew.
        let mut filings = stored.inquiry.filings.iter();
        if !filings.any(|filing| filing.of == *seq) {
            return Err(rejected("it was linked or filed anew meanwhile"));
        }
        let ids = [title.clone(), text.clone()];
        let mut texts = self.store.texts(&ids).await.map_err(retry)?;
        let mut words = |id| texts.remove(id);
        let (Some(title), Some(text)) = (words(title), words(text)) else {
            return Err(rejected("its words have been erased"));
        };
        let inquiry = &stored.inquiry;
        Ok(Fields::from([
            ("title", title),
            ("text", text),
            ("reference", stored.reference.to_string()),
            ("severity", inquiry.severity.to_string()),
            ("product", inquiry.facts.product.clone()),
            ("kind", kind_word(inquiry.facts.kind).to_owned()),
            ("marker", format!("toban:{}", stored.reference)),
            ("key", row.key.clone()),
        ]))
    }

    /// Links what was just filed. It stands over there already, so whatever fails from here is a lost answer.
    async fn link_filed(
        &self,
        row: &OutboxRow,
        seq: u64,
        tracker: &TrackerId,
        filed: &Named,
    ) -> Result<Receipt, DeliveryError> {
        let Named { issue, url } = filed;
        let lost = |error: &dyn std::fmt::Display| {
            tracing::error!(outbox.key = %row.key, tracker = %tracker, issue = %issue,
                "issue {issue} was filed in {tracker}, but is not linked: {error}");
            DeliveryError::Unknown {
                why: say_unrecorded(filed, error),
            }
        };
        let id = row.inquiry.as_ref();
        let id = id.ok_or_else(|| lost(&"its inquiry is gone"))?;
        let key = format!("filed:{}·{}", row.key, row.epoch);
        let linked = self.link_as_filed(id, (tracker, seq), filed, key).await;
        linked.map_err(|error| lost(&error))?;
        Ok(Receipt {
            message: issue.clone(),
            thread: url.clone(),
        })
    }

    async fn link_as_filed(
        &self,
        id: &InquiryId,
        (tracker, of): (&TrackerId, u64),
        filed: &Named,
        key: String,
    ) -> Result<(), ActError> {
        let mut order = self.by_time(Some(key));
        let known = self.workaround_of(tracker, &filed.issue).await?;
        let workaround = known.map(|text| {
            let id: crate::domain::ids::TextId = self.ids.id().into();
            order.texts.push((id.clone(), text));
            id
        });
        let command = Command::LinkIssue {
            tracker: tracker.clone(),
            issue: filed.issue.clone(),
            url: filed.url.clone(),
            of: Some(of),
            workaround,
        };
        self.act(id, order, command).await?;
        self.look_soon(tracker).await;
        Ok(())
    }

    /// Turns the words of `file`, `link` and `unlink` into a command.
    pub(super) fn issue_command(
        &self,
        request: &Request,
        stored: &Stored,
        words: &mut Words<'_>,
    ) -> Result<Command, Declined> {
        match request.verb {
            Verb::File => {
                let tracker = self.tracker_to_file(request, &stored.inquiry)?;
                if !tracker.files {
                    return Err(Declined::say(
                        Message::new("refused-tracker-files-nothing")
                            .with("tracker", plain(&tracker.name)),
                    ));
                }
                if let Some(title) = request.param("title")
                    && title.chars().count() > LONGEST_TITLE
                {
                    return Err(Declined::say(
                        Message::new("refused-too-long")
                            .with("name", plain("title"))
                            .with("limit", Arg::Number(LONGEST_TITLE as i64)),
                    ));
                }
                Ok(Command::FileIssue {
                    tracker: tracker.id,
                    title: words.one_line(request, "title")?,
                    text: words.needed(request, "text")?,
                })
            }
            Verb::Unlink => {
                let (tracker, issue) = self.issue_linked(request, &stored.inquiry)?;
                Ok(Command::UnlinkIssue { tracker, issue })
            }
            _ => {
                let given = request.param("issue");
                let given = given.ok_or_else(|| missing(request, "issue"))?;
                let (tracker, named) = self.issue_meant(request, given)?;
                Ok(Command::LinkIssue {
                    tracker,
                    issue: named.issue,
                    url: named.url,
                    of: None,
                    // Whoever performs looks it up.
                    workaround: None,
                })
            }
        }
    }

    /// The first words of an issue: those of a filing that failed, else what the configuration makes of the inquiry.
    async fn first_words(
        &self,
        stored: &Stored,
        filing: Option<&TrackerId>,
    ) -> Result<(String, String), StoreError> {
        let inquiry = &stored.inquiry;
        let failed = failed_filing(inquiry, filing);
        let mut ids = vec![inquiry.facts.title.clone()];
        ids.extend(inquiry.facts.body.clone());
        if let Some(failed) = failed {
            ids.extend([failed.title.clone(), failed.text.clone()]);
        }
        let texts = self.store.texts(&ids).await?;
        let words = |id| texts.get(id).cloned().unwrap_or_default();
        let (title, text) = match (failed, filing) {
            (Some(failed), _) => (words(&failed.title), words(&failed.text)),
            (None, Some(tracker)) => {
                let body = inquiry.facts.body.as_ref().map(words);
                let title = words(&inquiry.facts.title);
                let fields = self.draft_fields(stored, title.clone(), body.unwrap_or_default());
                let (own_title, own_text) = self.trackers.draft(tracker, &fields);
                let usual = || {
                    let args = Args::new()
                        .with("reference", stored.reference.to_string())
                        .with("severity", inquiry.severity.to_string())
                        .with("product", inquiry.facts.product.clone());
                    say(self.setup.lang, msg!("issue-draft"), &args)
                };
                (own_title.unwrap_or(title), own_text.unwrap_or_else(usual))
            }
            (None, None) => (String::new(), String::new()),
        };
        let title: String = title.split_whitespace().collect::<Vec<_>>().join(" ");
        Ok((title.chars().take(LONGEST_TITLE).collect(), text))
    }

    /// A card as this desk can work on it: without a tracker that takes issues none is offered to be filed.
    pub(super) fn with_trackers(&self, mut card: Card) -> Card {
        if !self.trackers.known().iter().any(|one| one.files) {
            card.offers.retain(|offer| *offer != Offer::File);
        }
        card
    }

    fn draft_fields(&self, stored: &Stored, title: String, body: String) -> Fields {
        let facts = &stored.inquiry.facts;
        let reference = stored.reference.to_string();
        let desk = self.setup.desk_url.as_ref();
        let page =
            desk.map(|url| format!("{}/desk?inquiry={reference}", url.trim_end_matches('/')));
        Fields::from([
            ("title", title),
            ("body", body),
            ("severity", stored.inquiry.severity.to_string()),
            ("product", facts.product.clone()),
            ("plan", facts.plan.clone()),
            ("region", facts.region.clone().unwrap_or_default()),
            ("kind", kind_word(facts.kind).to_owned()),
            ("desk_url", page.unwrap_or_default()),
            ("reference", reference),
        ])
    }
}

/// Where what goes to a tracker goes.
fn place(tracker: &TrackerId) -> Place {
    Place {
        platform: TRACKER_LANE.to_owned(),
        channel: tracker.to_string(),
    }
}

/// The filing whose words are to be sent again: the last that failed there, else anywhere.
fn failed_filing<'a>(inquiry: &'a Inquiry, tracker: Option<&TrackerId>) -> Option<&'a Filing> {
    let failed = || inquiry.filings.iter().rev().filter(|one| one.is_failed);
    let there = failed().find(|one| Some(&one.tracker) == tracker);
    there.or_else(|| failed().next())
}

fn kind_word(kind: Kind) -> &'static str {
    match kind {
        Kind::Investigation => "investigation",
        Kind::Specification => "specification",
    }
}

fn rejected(why: &str) -> DeliveryError {
    DeliveryError::Rejected {
        why: why.to_owned(),
    }
}

#[cfg(test)]
mod tests;
