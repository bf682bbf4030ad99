//! Which tracker and which issue are meant: named, known by an address, or the ones that fit an inquiry.
//!
//! Promises: a guess is made only where the person sees it before it counts (a form), or where the configuration says it;
//! one number in two trackers is asked about, never taken for the first. `TRACKER#NUMBER` names both at once.

use super::failed_filing;
use crate::app::desk::App;
use crate::app::perform::Declined;
use crate::app::ports::*;
use crate::app::requests::plain;
use crate::app::verbs::{Request, Verb};
use crate::domain::ids::TrackerId;
use crate::domain::inquiry::{Inquiry, Tracked, shown_issue};
use crate::domain::notice::Message;
use std::cmp::Reverse;

/// How one issue among several trackers is written.
pub(super) fn full_name(tracker: &TrackerId, issue: &str) -> String {
    format!("{tracker}#{issue}")
}

/// The tracker and the issue in `TRACKER#NUMBER`; an address may hold a `#` of its own.
fn parted(given: &str) -> Option<(&str, &str)> {
    let (tracker, issue) = given.trim().split_once(['#', '＃'])?;
    let is_name = !tracker.is_empty() && !given.contains("://");
    is_name.then(|| (tracker.trim(), issue))
}

fn is(tracker: &KnownTracker, given: &str) -> bool {
    tracker.id.as_str().eq_ignore_ascii_case(given)
        || tracker.name.to_lowercase() == given.to_lowercase()
}

/// How well a tracker fits an inquiry: by how many of the things that it names; `None` for one that is for others.
fn fit(tracker: &KnownTracker, inquiry: &Inquiry) -> Option<usize> {
    let by = |named: &[String], is: &str| match named {
        [] => Some(0),
        named => named.iter().any(|one| one == is).then_some(1),
    };
    let queue = by(&tracker.queues, inquiry.queue.as_str())?;
    let product = by(&tracker.products, &inquiry.facts.product)?;
    Some(queue + product)
}

impl App {
    /// What a form about an issue begins with: the trackers or issues to choose from, the one that fits first, and the words
    /// of an issue that is to be filed.
    pub(in crate::app) async fn issue_draft(
        &self,
        request: &Request,
        stored: Option<&Stored>,
    ) -> Result<Draft, StoreError> {
        let mut draft = Draft::default();
        if let (Verb::Unlink, Some(stored)) = (request.verb, stored) {
            let linked = stored.inquiry.tracked.iter().map(|one| {
                let shown = format!("{} ({})", shown_issue(&one.issue), one.tracker);
                (full_name(&one.tracker, &one.issue), shown)
            });
            draft.choices.insert("issue".to_owned(), linked.collect());
            return Ok(draft);
        }
        let mut trackers = self.trackers.known();
        trackers.retain(|one| request.verb != Verb::File || one.files);
        if let Some(stored) = stored {
            let failed = failed_filing(&stored.inquiry, None);
            // What failed is most likely sent again to where it was to go.
            trackers.sort_by_key(|one| {
                let is_again = request.verb == Verb::File
                    && failed.is_some_and(|failed| failed.tracker == one.id);
                Reverse((is_again, fit(one, &stored.inquiry).map_or(0, |fit| fit + 1)))
            });
        }
        let given = request.param("tracker");
        let chosen = given.and_then(|given| trackers.iter().find(|one| is(one, given)));
        let chosen = chosen.or(trackers.first()).map(|one| one.id.clone());
        if let (Verb::File, Some(stored)) = (request.verb, stored) {
            let (title, text) = self.first_words(stored, chosen.as_ref()).await?;
            draft.given.insert("title".to_owned(), title);
            draft.given.insert("text".to_owned(), text);
        }
        if let Some(chosen) = chosen.filter(|_| trackers.len() > 1) {
            draft.given.insert("tracker".to_owned(), chosen.to_string());
        }
        let names = trackers
            .into_iter()
            .map(|one| (one.id.to_string(), one.name));
        draft.choices.insert("tracker".to_owned(), names.collect());
        Ok(draft)
    }

    /// Where an issue is to be filed: the tracker that is named, the only one, or the one that the configuration has for
    /// such inquiries.
    pub(super) fn tracker_to_file(
        &self,
        request: &Request,
        inquiry: &Inquiry,
    ) -> Result<KnownTracker, Declined> {
        let known = self.trackers.known();
        let fitting = known
            .iter()
            .filter(|one| one.files)
            .filter_map(|one| Some((fit(one, inquiry).filter(|fit| *fit > 0)?, one)));
        let best = fitting.clone().map(|(fit, _)| fit).max();
        let mut best = fitting.filter(|(fit, _)| Some(*fit) == best);
        match (request.param("tracker"), best.next(), best.next()) {
            (None, Some((_, only)), None) => Ok(only.clone()),
            _ => self.tracker_meant(request),
        }
    }

    /// The tracker and issue that somebody names, by number, address or `TRACKER#NUMBER`.
    pub(super) fn issue_meant(
        &self,
        request: &Request,
        given: &str,
    ) -> Result<(TrackerId, Named), Declined> {
        let known = self.trackers.known();
        // Words that name a tracker say more than a choice beside them, which a form begins with.
        let parted = parted(given).and_then(|(tracker, issue)| {
            let found = known.iter().find(|one| is(one, tracker))?;
            Some((found.clone(), issue))
        });
        let (tracker, given) = match (parted, self.tracker_of_address(given)) {
            (Some(both), _) => both,
            (None, Some(tracker)) => (tracker, given),
            (None, None) => (self.tracker_meant(request)?, given),
        };
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

    /// The issue of an inquiry that somebody names, or the only one. One number in two trackers is asked about.
    pub(super) fn issue_linked(
        &self,
        request: &Request,
        inquiry: &Inquiry,
    ) -> Result<(TrackerId, String), Declined> {
        let which = |some: &[&Tracked]| {
            let names: Vec<String> = some
                .iter()
                .map(|one| full_name(&one.tracker, &one.issue))
                .collect();
            Declined::say(
                Message::new("refused-which-issue").with("known", plain(&names.join(", "))),
            )
        };
        let all: Vec<&Tracked> = inquiry.tracked.iter().collect();
        let given = request.param("issue");
        let meant: Vec<&Tracked> = all
            .iter()
            .copied()
            .filter(|one| self.is_meant(one, given, request.param("tracker")))
            .collect();
        match (&meant[..], &all[..]) {
            ([only], _) => Ok((only.tracker.clone(), only.issue.clone())),
            (_, []) => Err(Declined::say(Message::new("refused-nothing-linked"))),
            ([], all) => match given {
                // One that is not linked is refused by its name.
                Some(given) => {
                    let (tracker, named) = self.issue_meant(request, given)?;
                    Ok((tracker, named.issue))
                }
                None => Err(which(all)),
            },
            (several, _) => Err(which(several)),
        }
    }

    /// Whether words name an issue. Its tracker may not be configured any more.
    fn is_meant(&self, one: &Tracked, given: Option<&str>, tracker: Option<&str>) -> bool {
        let known = self.trackers.known();
        let is_tracker = |given: &str| {
            one.tracker.as_str().eq_ignore_ascii_case(given)
                || known
                    .iter()
                    .any(|known| known.id == one.tracker && is(known, given))
        };
        if !tracker.is_none_or(is_tracker) {
            return false;
        }
        let Some(given) = given else { return true };
        let is_issue = |given: &str| {
            let plain = given.trim().trim_start_matches('#');
            let named = self.trackers.named(&one.tracker, given);
            one.issue == plain
                || one.url.as_deref() == Some(given.trim())
                || named.is_ok_and(|named| named.issue == one.issue)
        };
        match parted(given) {
            Some((tracker, issue)) => is_tracker(tracker) && is_issue(issue),
            None => is_issue(given),
        }
    }

    /// The one tracker whose issues have such an address.
    fn tracker_of_address(&self, given: &str) -> Option<KnownTracker> {
        let fits = |one: &KnownTracker| {
            let named = self.trackers.named(&one.id, given);
            named.is_ok_and(|named| named.url.is_some())
        };
        let known = self.trackers.known();
        let mut fitting = known
            .into_iter()
            .filter(|one| given.contains("://") && fits(one));
        let only = fitting.next()?;
        fitting.next().is_none().then_some(only)
    }

    /// The tracker that somebody names, else the only one.
    fn tracker_meant(&self, request: &Request) -> Result<KnownTracker, Declined> {
        let mut all = self.trackers.known();
        if all.is_empty() {
            return Err(Declined::say(Message::new("refused-no-trackers")));
        }
        let list = |all: &[KnownTracker]| {
            let names: Vec<&str> = all.iter().map(|one| one.id.as_str()).collect();
            plain(&names.join(", "))
        };
        if let Some(given) = request.param("tracker") {
            return match all.iter().position(|one| is(one, given)) {
                Some(at) => Ok(all.swap_remove(at)),
                None => Err(Declined::say(
                    Message::new("refused-odd-choice")
                        .with("given", plain(given))
                        .with("name", plain("tracker"))
                        .with("known", list(&all)),
                )),
            };
        }
        match &all[..] {
            [only] => Ok(only.clone()),
            _ => Err(Declined::say(
                Message::new("refused-which-tracker").with("known", list(&all)),
            )),
        }
    }
}
