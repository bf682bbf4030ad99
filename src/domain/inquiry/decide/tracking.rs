//! Issues of development: filed, linked, unlinked, and how they stand over there.

use super::Draft;
use crate::domain::ids::{TextId, TrackerId};
use crate::domain::inquiry::{Event, Refusal};

/// Files an issue. One at a time in a tracker: a second would be the same trouble told twice.
pub(super) fn file(
    draft: &mut Draft,
    tracker: TrackerId,
    title: TextId,
    text: TextId,
) -> Result<(), Refusal> {
    let mut filings = draft.inquiry.filings.iter();
    if filings.any(|filing| filing.tracker == tracker && !filing.is_failed) {
        return Err(Refusal::AlreadyFiling { tracker });
    }
    let mut tracked = draft.inquiry.tracked.iter();
    if let Some(known) = tracked.find(|known| known.tracker == tracker) {
        return Err(Refusal::AlreadyTracked {
            tracker,
            issue: known.issue.clone(),
        });
    }
    draft.accept_by_acting();
    draft.push(Event::IssueAsked {
        tracker,
        title,
        text,
    });
    Ok(())
}

/// Links an issue. What toban has filed itself is recorded even if somebody linked it meanwhile.
pub(super) fn link(
    draft: &mut Draft,
    (tracker, issue): (TrackerId, String),
    url: Option<String>,
    of: Option<u64>,
    workaround: Option<TextId>,
) -> Result<(), Refusal> {
    let is_known = draft.inquiry.tracked_as(&tracker, &issue).is_some();
    let is_filing = of.is_some_and(|of| draft.inquiry.filings.iter().any(|one| one.of == of));
    if is_known && !is_filing {
        return Err(Refusal::AlreadyTracked { tracker, issue });
    }
    draft.accept_by_acting();
    draft.push(Event::IssueLinked {
        tracker,
        issue,
        url,
        of,
        workaround,
    });
    Ok(())
}

/// Gives filing up, unless it came through or was given up before.
pub(super) fn failed(
    draft: &mut Draft,
    of: u64,
    why: String,
    is_unknown: bool,
    (issue, url): (Option<String>, Option<String>),
) {
    let mut filings = draft.inquiry.filings.iter();
    if filings.any(|filing| filing.of == of && !filing.is_failed) {
        draft.push(Event::IssueFailed {
            of,
            why,
            is_unknown,
            issue,
            url,
        });
    }
}

/// Records how an issue stands, if that is news.
pub(super) fn seen(
    draft: &mut Draft,
    (tracker, issue): (TrackerId, String),
    (state, is_done, fixed_in): (String, bool, Option<String>),
    is_quiet: bool,
) {
    let Some(known) = draft.inquiry.tracked_as(&tracker, &issue) else {
        return;
    };
    let is_same = known.state.as_ref() == Some(&state)
        && known.is_done == is_done
        && known.fixed_in == fixed_in;
    if !is_same {
        draft.push(Event::IssueChanged {
            tracker,
            issue,
            state,
            is_done,
            fixed_in,
            is_quiet,
        });
    }
}

/// Takes a link back.
pub(super) fn unlink(draft: &mut Draft, tracker: TrackerId, issue: String) -> Result<(), Refusal> {
    if draft.inquiry.tracked_as(&tracker, &issue).is_none() {
        return Err(Refusal::NotTracked { tracker, issue });
    }
    draft.push(Event::IssueUnlinked { tracker, issue });
    Ok(())
}
