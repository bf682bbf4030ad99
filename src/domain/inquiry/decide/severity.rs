//! Which severity holds: set at once, or proposed and agreed (duties 0.9, 0.16).
//!
//! A proposal changes no clock. What would move, and what has moved, stands in the event with old and new.

use super::Draft;
use crate::domain::ids::TextId;
use crate::domain::inquiry::{Event, Inquiry, Moved, Proposal, Refusal, Severity};
use crate::domain::sla::{Policy, moved_between};

/// Sets it at once; a proposal that was open is thereby answered.
pub(super) fn set(
    draft: &mut Draft,
    policy: &Policy,
    to: Severity,
    reason: Option<TextId>,
) -> Result<(), Refusal> {
    draft.must_be_open()?;
    if to == draft.inquiry.severity && draft.inquiry.has_own_severity() {
        return Err(Refusal::SameSeverity { severity: to });
    }
    draft.accept_by_acting();
    draft.push(Event::SeveritySet {
        from: draft.inquiry.severity,
        to,
        reason,
        moved: moved(&draft.inquiry, policy, to),
        is_ours: draft.by.member().is_none(),
    });
    Ok(())
}

/// Proposes another one, with its reason; a second proposal replaces the first.
pub(super) fn propose(
    draft: &mut Draft,
    policy: &Policy,
    to: Severity,
    reason: TextId,
) -> Result<(), Refusal> {
    draft.must_be_open()?;
    if to == draft.inquiry.severity {
        return Err(Refusal::SameSeverity { severity: to });
    }
    draft.accept_by_acting();
    draft.push(Event::SeverityProposed {
        from: draft.inquiry.severity,
        to,
        reason,
        moved: moved(&draft.inquiry, policy, to),
    });
    Ok(())
}

/// Makes the proposal hold.
pub(super) fn agree(
    draft: &mut Draft,
    policy: &Policy,
    seen: Option<Severity>,
    note: Option<TextId>,
) -> Result<(), Refusal> {
    draft.must_be_open()?;
    let proposal = proposal(&draft.inquiry, seen)?.clone();
    draft.accept_by_acting();
    let is_ours = draft.by.member().or(proposal.by.member()).is_none();
    draft.push(Event::SeverityAgreed {
        is_ours,
        from: draft.inquiry.severity,
        to: proposal.to,
        proposed_by: proposal.by,
        reason: proposal.reason,
        note,
        moved: moved(&draft.inquiry, policy, proposal.to),
    });
    Ok(())
}

/// Ends the proposal; the severity stays.
pub(super) fn decline(
    draft: &mut Draft,
    seen: Option<Severity>,
    reason: Option<TextId>,
) -> Result<(), Refusal> {
    draft.must_be_open()?;
    let to = proposal(&draft.inquiry, seen)?.to;
    draft.accept_by_acting();
    draft.push(Event::SeverityDeclined { to, reason });
    Ok(())
}

/// The open proposal. A button that was drawn for another one answers nothing: nobody agrees to what they did not see.
fn proposal(inquiry: &Inquiry, seen: Option<Severity>) -> Result<&Proposal, Refusal> {
    let proposal = inquiry.proposal.as_ref().ok_or(Refusal::NoProposal)?;
    match seen {
        Some(seen) if seen != proposal.to => Err(Refusal::OtherProposal { to: proposal.to }),
        Some(_) | None => Ok(proposal),
    }
}

/// The deadlines that another severity moves.
fn moved(inquiry: &Inquiry, policy: &Policy, to: Severity) -> Vec<Moved> {
    let mut after = inquiry.clone();
    after.severity = to;
    moved_between((inquiry, policy), (&after, policy))
}
