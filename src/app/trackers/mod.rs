//! Issues of development: filed from an inquiry, linked to it, and what becomes of a filing that died.
//!
//! Promises: nothing is filed but the words that a person has seen and sent; an issue is linked before its delivery
//! counts as done, so that a crash between the two never files a second one; what may stand over there is looked for by a
//! person. What is seen there later is in `look.rs`, issues with many inquiries in `known.rs`.

mod known;
mod look;

pub use known::KnownIssue;
pub(in crate::app) use known::standing;

use super::desk::{ActError, App};
use super::perform::Declined;
use super::ports::*;
use super::requests::{Words, missing, plain};
use super::verbs::{Request, Verb};
use crate::domain::card::Card;
use crate::domain::ids::TrackerId;
use crate::domain::inquiry::{Command, Entry, Event, Inquiry, Kind, shown_issue};
use crate::domain::notice::{Arg, Message, Offer};
use crate::i18n::{Args, say};
use crate::msg;
use crate::time::Timestamp;

/// The platform word of outbox rows that go to a tracker.
pub const TRACKER_LANE: &str = "tracker";

/// What is said first of a filing whose answer was lost.
pub const MAY_STAND: &str = "no answer came, so it may have been filed: look there, then link it";

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
                let filed = self.trackers.file(tracker, &fields).await?;
                self.link_filed(row, *seq, tracker, &filed).await
            }
            TrackerAct::Note {
                issue,
                customers,
                references,
            } => {
                let fields = self.note_fields(issue, *customers, references, &row.key);
                self.trackers.note(tracker, &fields).await?;
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

    /// Gives a filing up and says so in its thread; `false` for any other row.
    pub(super) async fn filing_died(&self, row: &OutboxRow, why: &str) -> Result<bool, ActError> {
        let (
            Delivery::Tracker {
                act: TrackerAct::File { seq, .. },
                ..
            },
            Some(id),
        ) = (&row.what, &row.inquiry)
        else {
            return Ok(false);
        };
        let order = self.by_time(Some(format!("dead:{}·{}", row.key, row.epoch)));
        let command = Command::IssueFailed {
            of: *seq,
            why: why.to_owned(),
            is_unknown: why.starts_with(MAY_STAND),
        };
        self.act(id, order, command).await?;
        Ok(true)
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
                why: format!("it was filed as {issue}, but that could not be recorded: {error}"),
            }
        };
        let id = row.inquiry.as_ref();
        let id = id.ok_or_else(|| lost(&"its inquiry is gone"))?;
        let mut order = self.by_time(Some(format!("filed:{}·{}", row.key, row.epoch)));
        let known = self.workaround_of(tracker, issue).await;
        let known = known.map_err(|error| lost(&error))?;
        let workaround = known.map(|text| {
            let id: crate::domain::ids::TextId = self.ids.id().into();
            order.texts.push((id.clone(), text));
            id
        });
        let command = Command::LinkIssue {
            tracker: tracker.clone(),
            issue: issue.clone(),
            url: url.clone(),
            of: Some(seq),
            workaround,
        };
        let done = self.act(id, order, command).await;
        done.map_err(|error| lost(&error))?;
        self.look_soon(tracker).await;
        Ok(Receipt {
            message: issue.clone(),
            thread: url.clone(),
        })
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
                let tracker = self.tracker_meant(request, None)?;
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

    /// The tracker and issue that somebody names, by number or address.
    pub(super) fn issue_meant(
        &self,
        request: &Request,
        given: &str,
    ) -> Result<(TrackerId, Named), Declined> {
        let tracker = self.tracker_meant(request, Some(given))?;
        match self.trackers.named(&tracker.id, given) {
            Ok(named) => Ok((tracker.id, named)),
            Err(NoIssue::NoName) => Err(Declined::say(
                Message::new("refused-no-issue").with("given", plain(given)),
            )),
            Err(NoIssue::Elsewhere { like }) => Err(Declined::say(
                Message::new("refused-issue-elsewhere")
                    .with("given", plain(given))
                    .with("tracker", plain(&tracker.name))
                    .with("like", plain(&like)),
            )),
        }
    }

    /// The issue of an inquiry that somebody names, or the only one.
    fn issue_linked(
        &self,
        request: &Request,
        inquiry: &Inquiry,
    ) -> Result<(TrackerId, String), Declined> {
        let Some(given) = request.param("issue") else {
            return match &inquiry.tracked[..] {
                [only] => Ok((only.tracker.clone(), only.issue.clone())),
                [] => Err(Declined::say(Message::new("refused-nothing-linked"))),
                [..] => Err(missing(request, "issue")),
            };
        };
        // Its tracker may not be configured any more.
        let wanted = given.trim().trim_start_matches('#');
        let wanted = |one: &&crate::domain::inquiry::Tracked| {
            one.issue == wanted || one.url.as_deref() == Some(wanted)
        };
        if request.param("tracker").is_none()
            && let Some(found) = inquiry.tracked.iter().find(wanted)
        {
            return Ok((found.tracker.clone(), found.issue.clone()));
        }
        let (tracker, named) = self.issue_meant(request, given)?;
        Ok((tracker, named.issue))
    }

    /// The tracker that somebody names; else the only one, or the one whose address was given.
    fn tracker_meant(
        &self,
        request: &Request,
        issue: Option<&str>,
    ) -> Result<KnownTracker, Declined> {
        let mut all = self.trackers.known();
        if all.is_empty() {
            return Err(Declined::say(Message::new("refused-no-trackers")));
        }
        let list = |all: &[KnownTracker]| {
            let names: Vec<&str> = all.iter().map(|one| one.id.as_str()).collect();
            plain(&names.join(", "))
        };
        if let Some(given) = request.param("tracker") {
            let is = |one: &KnownTracker| {
                one.id.as_str().eq_ignore_ascii_case(given)
                    || one.name.to_lowercase() == given.to_lowercase()
            };
            return match all.iter().position(is) {
                Some(at) => Ok(all.swap_remove(at)),
                None => Err(Declined::say(
                    Message::new("refused-odd-choice")
                        .with("given", plain(given))
                        .with("name", plain("tracker"))
                        .with("known", list(&all)),
                )),
            };
        }
        if all.len() > 1
            && let Some(given) = issue.filter(|given| given.contains("://"))
        {
            let fits = |one: &KnownTracker| {
                let named = self.trackers.named(&one.id, given);
                named.is_ok_and(|named| named.url.is_some())
            };
            let fitting: Vec<KnownTracker> = all.iter().filter(|one| fits(one)).cloned().collect();
            if let [only] = &fitting[..] {
                return Ok(only.clone());
            }
        }
        match &all[..] {
            [only] => Ok(only.clone()),
            _ => Err(Declined::say(
                Message::new("refused-which-tracker").with("known", list(&all)),
            )),
        }
    }

    /// What a form about an issue begins with: the trackers and the issues to choose from; where one is filed, the words of a
    /// filing that failed, else what the configuration makes of the inquiry.
    pub(in crate::app) async fn issue_draft(
        &self,
        request: &Request,
        stored: Option<&Stored>,
    ) -> Result<Draft, StoreError> {
        let trackers = self.trackers.known();
        let mut draft = Draft::default();
        if let [first, _, ..] = &trackers[..] {
            let names = trackers
                .iter()
                .map(|one| (one.id.to_string(), one.name.clone()));
            draft.choices.insert("tracker".to_owned(), names.collect());
            draft
                .given
                .insert("tracker".to_owned(), first.id.to_string());
        }
        match (request.verb, stored) {
            (Verb::File, Some(stored)) => {
                let (title, text) = self.first_words(stored).await?;
                draft.given.insert("title".to_owned(), title);
                draft.given.insert("text".to_owned(), text);
            }
            (Verb::Unlink, Some(stored)) => {
                let tracked = stored.inquiry.tracked.iter();
                let linked = tracked.map(|one| {
                    let shown = shown_issue(&one.issue);
                    (shown.clone(), format!("{shown} ({})", one.tracker))
                });
                draft.choices.insert("issue".to_owned(), linked.collect());
            }
            _ => {}
        }
        Ok(draft)
    }

    /// The first words of an issue: title and text.
    async fn first_words(&self, stored: &Stored) -> Result<(String, String), StoreError> {
        let inquiry = &stored.inquiry;
        let trackers = self.trackers.known();
        let filing = trackers.iter().find(|one| one.files);
        let failed = inquiry.filings.iter().rev().find(|one| one.is_failed);
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
                let (own_title, own_text) = self.trackers.draft(&tracker.id, &fields);
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
