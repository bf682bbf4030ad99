//! Swaps: offered, accepted or declined, withdrawn or called off.

use super::command::DutyRefusal;
use super::covering::is_absent;
use super::decide::{Draft, shift_on};
use super::event::DutyEvent;
use super::{Span, Swap, SwapState, Why, overrides};
use crate::domain::ids::MemberId;
use crate::domain::rota::{Rota, Shift};
use crate::time::Date;

/// Offers an exchange; for others it is arranged at once.
pub(super) fn offer(
    draft: &mut Draft<'_>,
    rota: String,
    from: MemberId,
    with: MemberId,
    (mine, theirs): (Date, Date),
) -> Result<(), DutyRefusal> {
    let is_own = draft.actor.member() == Some(&from);
    if !is_own && !draft.may_arrange() {
        return Err(DutyRefusal::LeadsOnly);
    }
    if from == with {
        return Err(DutyRefusal::SwapWithSelf);
    }
    let found = draft.rota(&rota)?;
    let mine = shift_on(&draft.book, found, mine);
    let theirs = shift_on(&draft.book, found, theirs);
    for (shift, member) in [(&mine, &from), (&theirs, &with)] {
        check_shift(draft, found, shift, member)?;
    }
    check_presence(draft, found, (&from, &with), (&mine, &theirs))?;
    let (mine, theirs) = (Span::from(&mine), Span::from(&theirs));
    draft.push(if is_own {
        DutyEvent::SwapOffered {
            rota,
            from,
            with,
            mine,
            theirs,
        }
    } else {
        DutyEvent::SwapArranged {
            rota,
            from,
            with,
            mine,
            theirs,
        }
    });
    Ok(())
}

/// A shift that is to change hands: the member's own, still ahead, and in no other swap.
fn check_shift(
    draft: &Draft<'_>,
    rota: &Rota,
    shift: &Shift,
    member: &MemberId,
) -> Result<(), DutyRefusal> {
    let starts_at = shift.starts_at;
    if starts_at <= draft.now {
        return Err(DutyRefusal::ShiftHasBegun { starts_at });
    }
    let span = Span::from(shift);
    let in_offer = draft.book.open_swaps().find(|(_, swap)| {
        swap.rota == rota.name() && (swap.mine.meets(&span) || swap.theirs.meets(&span))
    });
    let by_swap = draft.book.why(rota.name(), shift);
    let by_swap = by_swap.filter(|laid| matches!(laid.why, Why::Swap { .. }));
    let taken = in_offer.map(|(number, _)| number);
    if let Some(number) = taken.or(by_swap.map(|laid| laid.number)) {
        return Err(DutyRefusal::AlreadySwapped { number, starts_at });
    }
    if shift.member != *member {
        return Err(DutyRefusal::NotTheirShift {
            member: member.clone(),
            whose: shift.member.clone(),
            starts_at,
        });
    }
    Ok(())
}

/// Whoever takes a shift must be there.
fn check_presence(
    draft: &Draft<'_>,
    rota: &Rota,
    (from, with): (&MemberId, &MemberId),
    (mine, theirs): (&Shift, &Shift),
) -> Result<(), DutyRefusal> {
    for (member, shift) in [(with, mine), (from, theirs)] {
        if is_absent(&draft.book, rota, member, Span::from(shift)) {
            return Err(DutyRefusal::AbsentThen {
                member: member.clone(),
                starts_at: shift.starts_at,
            });
        }
    }
    Ok(())
}

/// The offer of a number as far as the actor may answer it.
fn asked(draft: &Draft<'_>, number: u64) -> Result<Swap, DutyRefusal> {
    let swap = draft.book.swaps.get(&number);
    let swap = swap.ok_or(DutyRefusal::NoSuchNumber { number })?;
    match swap.state {
        SwapState::Offered => {}
        SwapState::Agreed { at } => return Err(DutyRefusal::SwapAgreed { number, at }),
        SwapState::Declined { at } => return Err(DutyRefusal::SwapDeclined { number, at }),
        SwapState::Withdrawn { at } | SwapState::CalledOff { at } | SwapState::Lapsed { at } => {
            return Err(DutyRefusal::SwapIsOff { number, at });
        }
    }
    if draft.member()? != &swap.with {
        let who = swap.with.clone();
        return Err(DutyRefusal::NotAsked { number, who });
    }
    Ok(swap.clone())
}

pub(super) fn accept(draft: &mut Draft<'_>, number: u64) -> Result<(), DutyRefusal> {
    let swap = asked(draft, number)?;
    let starts_at = swap.lapses_at();
    if starts_at <= draft.now {
        return Err(DutyRefusal::ShiftHasBegun { starts_at });
    }
    // The rota may have moved on since it was offered.
    let rota = draft.rota(&swap.rota)?;
    let laid = overrides(&draft.book, rota.name());
    let mine = rota.on_duty(swap.mine.starts_at, &laid).shift;
    let theirs = rota.on_duty(swap.theirs.starts_at, &laid).shift;
    for (shift, member) in [(&mine, &swap.from), (&theirs, &swap.with)] {
        if shift.member != *member {
            return Err(DutyRefusal::NotTheirShift {
                member: member.clone(),
                whose: shift.member.clone(),
                starts_at: shift.starts_at,
            });
        }
    }
    check_presence(draft, rota, (&swap.from, &swap.with), (&mine, &theirs))?;
    draft.push(DutyEvent::SwapAccepted { number });
    Ok(())
}

pub(super) fn decline(draft: &mut Draft<'_>, number: u64) -> Result<(), DutyRefusal> {
    asked(draft, number)?;
    draft.push(DutyEvent::SwapDeclined { number });
    Ok(())
}

/// Withdraws an offer, or calls an agreed swap off while neither shift has begun.
pub(super) fn end(draft: &mut Draft<'_>, number: u64, swap: &Swap) -> Result<(), DutyRefusal> {
    if swap.is_open() {
        draft.push(DutyEvent::SwapWithdrawn { number });
        return Ok(());
    }
    let starts_at = swap.lapses_at();
    if starts_at <= draft.now {
        return Err(DutyRefusal::ShiftHasBegun { starts_at });
    }
    draft.push(DutyEvent::SwapCalledOff { number });
    Ok(())
}
