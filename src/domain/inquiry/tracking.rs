//! What is known of the issues of development that an inquiry is linked to.
//!
//! Promises: an issue stands once in the list, however often it is linked; what toban was to file is gone from the list
//! of filings once the issue is known, whoever linked it. Leaves out how the inquiries of one issue are found: that is
//! the store's.

use super::{Entry, Event, Inquiry};
use crate::domain::ids::{TextId, TrackerId};
use serde::{Deserialize, Serialize};

/// An issue of development that an inquiry is linked to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Tracked {
    pub tracker: TrackerId,
    /// What the tracker calls it: `123`, `PROJ-12`.
    pub issue: String,
    pub url: Option<String>,
    /// In the tracker's own words; unknown until it was looked at.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_done: bool,
    /// The version that has the correction.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fixed_in: Option<String>,
    /// How to avoid the trouble, as it was known when it was linked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub workaround: Option<TextId>,
    /// Whether toban filed it for this inquiry, so that the tracker knows of it already.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_filed: bool,
}

/// An issue that was to be filed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Filing {
    /// The number of the event that asked for it.
    pub of: u64,
    pub tracker: TrackerId,
    pub title: TextId,
    pub text: TextId,
    /// Whether it was given up; the words are kept for another try.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_failed: bool,
}

impl Inquiry {
    /// Finds an issue that it is linked to.
    pub fn tracked_as(&self, tracker: &TrackerId, issue: &str) -> Option<&Tracked> {
        let mut tracked = self.tracked.iter();
        tracked.find(|one| one.tracker == *tracker && one.issue == issue)
    }
}

/// Writes the name of an issue as people do: a number with its `#`, anything else as it is.
pub fn shown_issue(issue: &str) -> String {
    match issue.bytes().all(|byte| byte.is_ascii_digit()) {
        true => format!("#{issue}"),
        false => issue.to_owned(),
    }
}

/// Applies what happened to the issues of an inquiry.
pub(super) fn apply(inquiry: &mut Inquiry, entry: &Entry) {
    match &entry.event {
        Event::IssueAsked {
            tracker,
            title,
            text,
        } => {
            inquiry.filings.retain(|filing| filing.tracker != *tracker);
            inquiry.filings.push(Filing {
                of: entry.seq,
                tracker: tracker.clone(),
                title: title.clone(),
                text: text.clone(),
                is_failed: false,
            });
        }
        Event::IssueLinked {
            tracker,
            issue,
            url,
            of,
            workaround,
        } => {
            inquiry.filings.retain(|filing| {
                // What is still under way is not ended by a link to something else.
                Some(filing.of) != *of && !(filing.is_failed && filing.tracker == *tracker)
            });
            if inquiry.tracked_as(tracker, issue).is_none() {
                inquiry.tracked.push(Tracked {
                    tracker: tracker.clone(),
                    issue: issue.clone(),
                    url: url.clone(),
                    state: None,
                    is_done: false,
                    fixed_in: None,
                    workaround: workaround.clone(),
                    is_filed: of.is_some(),
                });
            }
        }
        Event::IssueFailed { of, .. } => {
            for filing in inquiry.filings.iter_mut().filter(|one| one.of == *of) {
                filing.is_failed = true;
            }
        }
        Event::IssueChanged {
            tracker,
            issue,
            state,
            is_done,
            fixed_in,
            ..
        } => {
            let mut tracked = inquiry.tracked.iter_mut();
            if let Some(found) = tracked.find(|one| one.tracker == *tracker && one.issue == *issue)
            {
                found.state = Some(state.clone());
                found.is_done = *is_done;
                found.fixed_in.clone_from(fixed_in);
            }
        }
        Event::IssueUnlinked { tracker, issue } => {
            inquiry
                .tracked
                .retain(|one| one.tracker != *tracker || one.issue != *issue);
        }
        _ => unreachable!("asked only of what happens to issues"),
    }
}
