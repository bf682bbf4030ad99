//! Known issues: which inquiries and how many customers each has, how it stands, and how the trouble is avoided meanwhile.

use crate::app::desk::App;
use crate::app::perform::{Answered, Declined, Person};
use crate::app::ports::*;
use crate::app::requests::{missing, plain};
use crate::app::verbs::Request;
use crate::domain::ids::{MemberId, TextId, TrackerId};
use crate::domain::inquiry::{Inquiry, Tracked, shown_issue};
use crate::domain::notice::{Arg, Message};
use crate::time::Timestamp;
use serde::Serialize;
use std::collections::{BTreeSet, HashMap};

/// How many issues a list shows.
const MOST: u32 = 200;

/// How many references a line shows.
const SHOWN: usize = 10;

/// An issue of development with everything that is known of it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct KnownIssue {
    pub tracker: TrackerId,
    pub issue: String,
    pub url: Option<String>,
    /// In the tracker's own words; absent until it was looked at.
    pub state: Option<String>,
    pub is_done: bool,
    pub fixed_in: Option<String>,
    /// The inquiries that are linked to it, ended ones too.
    pub inquiries: Vec<String>,
    /// How many customers they are of; one that names none counts as one of its own.
    pub customers: u32,
    pub workaround: Option<String>,
    pub workaround_by: Option<MemberId>,
    pub workaround_at: Option<Timestamp>,
    pub looked_at: Option<Timestamp>,
    /// Why it could not be looked at last.
    pub problem: Option<String>,
}

impl App {
    /// The issues that inquiries are linked to: those not done first, then by how many inquiries each has.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn known_issues(&self) -> Result<Vec<KnownIssue>, StoreError> {
        let rows = self.store.issues(MOST).await?;
        let mut known = Vec::with_capacity(rows.len());
        for row in rows {
            let subject = [(row.tracker.clone(), row.issue.clone())];
            let linked = self.store.linked(&subject).await?;
            let customers = self.customers_of(&linked).await?;
            let references = linked.iter().map(|link| link.reference.to_string());
            let (text, by, at) = match row.workaround {
                Some(KnownWorkaround { text, by, at }) => (Some(text), by, Some(at)),
                None => (None, None, None),
            };
            known.push(KnownIssue {
                inquiries: references.collect(),
                customers,
                tracker: row.tracker,
                issue: row.issue,
                url: row.url,
                state: row.state,
                is_done: row.is_done,
                fixed_in: row.fixed_in,
                workaround: text,
                workaround_by: by,
                workaround_at: at,
                looked_at: row.looked_at,
                problem: row.problem,
            });
        }
        Ok(known)
    }

    /// How many customers inquiries are of. Different names of one customer of the configuration count once; an inquiry
    /// that names none counts as one of its own.
    pub(super) async fn customers_of(&self, linked: &[Linked]) -> Result<u32, StoreError> {
        let ids: Vec<TextId> = linked
            .iter()
            .flat_map(|link| link.customer.clone())
            .collect();
        let names: HashMap<TextId, String> = self.store.texts(&ids).await?;
        let of = |link: &Linked| -> String {
            let name = link.customer.as_ref().and_then(|id| names.get(id));
            let Some(name) = name else {
                return format!("inquiry {}", link.inquiry);
            };
            let configured = &self.setup.customers;
            match configured.iter().position(|customer| customer.is(name)) {
                Some(nth) => format!("customer {nth}"),
                None => {
                    let words: Vec<&str> = name.split_whitespace().collect();
                    format!("name {}", words.join(" ").to_lowercase())
                }
            }
        };
        let customers: BTreeSet<String> = linked.iter().map(of).collect();
        Ok(u32::try_from(customers.len()).unwrap_or(u32::MAX))
    }

    /// What is known to avoid the trouble of an issue.
    pub(in crate::app) async fn workaround_of(
        &self,
        tracker: &TrackerId,
        issue: &str,
    ) -> Result<Option<String>, StoreError> {
        let row = self.store.issue(tracker, issue).await?;
        let known = row.and_then(|row| row.workaround);
        Ok(known.map(|known| known.text))
    }

    /// The issues of an inquiry as lines, with the workaround that is known of each by now: for whoever resolves it.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn issue_lines(&self, inquiry: &Inquiry) -> Result<Vec<Message>, StoreError> {
        let mut lines = Vec::new();
        for tracked in &inquiry.tracked {
            lines.push(standing(tracked));
            let known = self.workaround_of(&tracked.tracker, &tracked.issue).await?;
            lines.extend(
                known.map(|text| Message::new("known-workaround").with("text", plain(&text))),
            );
        }
        Ok(lines)
    }

    /// The verb: the list.
    pub(in crate::app) async fn known_lines(&self) -> Result<Answered, Declined> {
        let known = self.known_issues().await?;
        let data = serde_json::json!({ "issues": known });
        let count = i64::try_from(known.len()).unwrap_or(i64::MAX);
        let lines: Vec<Message> = known.iter().flat_map(lines).collect();
        let message = match lines.is_empty() {
            true => Message::new("known-nothing"),
            false => Message::new("known")
                .with("count", Arg::Number(count))
                .with("lines", Arg::Lines(lines)),
        };
        Ok(Answered {
            message,
            about: None,
            data,
        })
    }

    /// The verb: says how the trouble of an issue is avoided, or with `-` that nothing is known any more.
    pub(in crate::app) async fn know_workaround(
        &self,
        person: &Person,
        request: &Request,
    ) -> Result<Answered, Declined> {
        let given = request.param("issue");
        let given = given.ok_or_else(|| missing(request, "issue"))?;
        let text = request.param("text");
        let text = text.ok_or_else(|| missing(request, "text"))?;
        let (tracker, named) = self.issue_meant(request, given)?;
        let known = KnownWorkaround {
            text: text.to_owned(),
            by: person.actor.member().cloned(),
            at: self.clock.now(),
        };
        let is_none = ["-", "ー", "－", "なし", "none"].contains(&text);
        let wanted = (!is_none).then_some(&known);
        let is_there = self
            .store
            .set_workaround(&tracker, &named.issue, wanted)
            .await?;
        let message = match (is_there, is_none) {
            (false, _) => {
                return Err(Declined::say(
                    Message::new("refused-unknown-issue")
                        .with("issue", plain(&shown_issue(&named.issue)))
                        .with("tracker", plain(tracker.as_str())),
                ));
            }
            (true, false) => Message::new("done-known-workaround"),
            (true, true) => Message::new("done-known-workaround-gone"),
        };
        tracing::info!(tracker = %tracker, issue = %named.issue, by = ?person.actor,
            "the workaround of issue {} of {tracker} was set", named.issue);
        Ok(Answered {
            message: message
                .with("issue", plain(&shown_issue(&named.issue)))
                .with("tracker", plain(tracker.as_str())),
            about: None,
            data: serde_json::json!({ "tracker": tracker, "issue": named.issue }),
        })
    }
}

/// How an issue stands, as cards say it.
pub(in crate::app) fn standing(tracked: &Tracked) -> Message {
    let message = match (&tracked.state, tracked.is_done, &tracked.fixed_in) {
        (_, true, Some(version)) => {
            Message::new("issue-standing-done-in").with("version", plain(version))
        }
        (_, true, None) => Message::new("issue-standing-done"),
        (Some(state), false, _) => Message::new("issue-standing-state").with("state", plain(state)),
        (None, false, _) => Message::new("issue-standing"),
    };
    message
        .with("issue", plain(&shown_issue(&tracked.issue)))
        .with("tracker", plain(tracked.tracker.as_str()))
}

fn lines(known: &KnownIssue) -> Vec<Message> {
    let tracked = Tracked {
        tracker: known.tracker.clone(),
        issue: known.issue.clone(),
        url: known.url.clone(),
        state: known.state.clone(),
        is_done: known.is_done,
        fixed_in: known.fixed_in.clone(),
        workaround: None,
        is_filed: false,
    };
    let shown: Vec<&str> = known
        .inquiries
        .iter()
        .map(String::as_str)
        .take(SHOWN)
        .collect();
    let mut shown = shown.join(", ");
    if known.inquiries.len() > SHOWN {
        shown.push_str(" …");
    }
    let count = i64::try_from(known.inquiries.len()).unwrap_or(i64::MAX);
    let mut lines = vec![
        Message::new("known-line")
            .with("standing", Arg::Parts(vec![standing(&tracked)]))
            .with("count", Arg::Number(count))
            .with("customers", Arg::Number(i64::from(known.customers)))
            .with("references", plain(&shown)),
    ];
    let workaround = known.workaround.as_ref();
    lines.extend(workaround.map(|text| Message::new("known-workaround").with("text", plain(text))));
    let problem = known.problem.as_ref();
    lines.extend(problem.map(|why| Message::new("known-problem").with("why", plain(why))));
    lines
}
