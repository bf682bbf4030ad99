//! The fold of the book.

use super::event::{DutyEntry, DutyEvent};
use super::{Absence, Book, Guide, Laid, Span, Swap, SwapState, Uncovered, Why};
use crate::domain::ids::MemberId;
use crate::time::Timestamp;

/// Applies a line. One that is in the book already changes nothing.
pub fn evolve(mut book: Book, entry: &DutyEntry) -> Book {
    if entry.seq <= book.seq {
        return book;
    }
    book.seq = entry.seq;
    let at = entry.at;
    match &entry.event {
        DutyEvent::OverrideLaid { rota, member, span } => {
            book.lay(entry.seq, rota, member, *span, Why::Override);
        }
        DutyEvent::OverrideRemoved { number } | DutyEvent::CoverTakenBack { number } => {
            book.lift(*number, at);
        }
        DutyEvent::SwapOffered {
            rota,
            from,
            with,
            mine,
            theirs,
        } => {
            let state = SwapState::Offered;
            book.note_swap(entry.seq, at, rota, (from, with), (*mine, *theirs), state);
        }
        DutyEvent::SwapArranged {
            rota,
            from,
            with,
            mine,
            theirs,
        } => {
            let state = SwapState::Agreed { at };
            book.note_swap(entry.seq, at, rota, (from, with), (*mine, *theirs), state);
            book.exchange(entry.seq);
        }
        DutyEvent::SwapAccepted { number } => {
            book.settle(*number, SwapState::Agreed { at });
            book.exchange(*number);
        }
        DutyEvent::SwapDeclined { number } => book.settle(*number, SwapState::Declined { at }),
        DutyEvent::SwapWithdrawn { number } => book.settle(*number, SwapState::Withdrawn { at }),
        DutyEvent::SwapCalledOff { number } => {
            book.settle(*number, SwapState::CalledOff { at });
            book.lift(*number, at);
        }
        DutyEvent::SwapLapsed { number } => book.settle(*number, SwapState::Lapsed { at }),
        DutyEvent::SwapReminded { number } => {
            if let Some(swap) = book.swaps.get_mut(number) {
                swap.is_reminded = true;
            }
        }
        DutyEvent::SwapForetold { number, starts_at } => {
            if let Some(swap) = book.swaps.get_mut(number) {
                swap.foretold.push(*starts_at);
            }
        }
        DutyEvent::AbsenceEntered {
            member,
            days,
            source,
        } => {
            let absence = Absence {
                member: member.clone(),
                days: *days,
                source: source.clone(),
            };
            book.absences.insert(entry.seq, absence);
        }
        DutyEvent::AbsenceEnded {
            number,
            ends,
            waived,
        } => {
            let is_gone = match book.absences.get_mut(number) {
                Some(absence) => {
                    if *waived {
                        book.waived.push((absence.member.clone(), absence.days));
                    }
                    absence.days.ends = Some(*ends);
                    *ends <= absence.days.starts
                }
                None => false,
            };
            if is_gone {
                book.absences.remove(number);
            }
        }
        DutyEvent::AbsenceChanged { number, days } => {
            if let Some(absence) = book.absences.get_mut(number) {
                absence.days = *days;
            }
        }
        DutyEvent::CoverFound {
            rota,
            by,
            of,
            absence,
            span,
        } => book.cover(entry.seq, rota, (by, of), Some(*absence), *span),
        DutyEvent::CoverTaken {
            rota,
            by,
            of,
            absence,
            span,
        } => book.cover(entry.seq, rota, (by, of), *absence, *span),
        DutyEvent::CoverDeclined { number } => {
            let found = book.laid.iter().find(|laid| laid.number == *number);
            let declined = found.map(|laid| Uncovered {
                rota: laid.rota.clone(),
                member: laid.member.clone(),
                span: laid.span,
            });
            book.declined.extend(declined);
            book.lift(*number, at);
        }
        DutyEvent::CoverMissing { rota, of, span, .. } => book.missing.push(Uncovered {
            rota: rota.clone(),
            member: of.clone(),
            span: *span,
        }),
        DutyEvent::GuideSent {
            member, starts_at, ..
        } => {
            let guide = Guide {
                sent_at: at,
                starts_at: *starts_at,
                is_asked_again: false,
                read_at: None,
            };
            book.guides.entry(member.clone()).or_insert(guide);
        }
        DutyEvent::GuideAskedAgain { member, .. } => {
            if let Some(guide) = book.guides.get_mut(member) {
                guide.is_asked_again = true;
            }
        }
        DutyEvent::GuideRead { member } => {
            let guide = book.guides.entry(member.clone()).or_insert(Guide {
                sent_at: at,
                starts_at: at,
                is_asked_again: false,
                read_at: None,
            });
            guide.read_at.get_or_insert(at);
        }
    }
    book
}

impl Book {
    fn lay(&mut self, number: u64, rota: &str, member: &MemberId, span: Span, why: Why) {
        self.laid.push(Laid {
            number,
            rota: rota.to_owned(),
            member: member.clone(),
            span,
            why,
        });
    }

    /// Ends what has a number: what has passed of it stays, what has not begun never was.
    fn lift(&mut self, number: u64, at: Timestamp) {
        for laid in self.laid.iter_mut().filter(|laid| laid.number == number) {
            laid.span.ends_at = laid.span.ends_at.min(at);
        }
        self.laid
            .retain(|laid| laid.span.starts_at < laid.span.ends_at);
    }

    fn note_swap(
        &mut self,
        number: u64,
        offered_at: Timestamp,
        rota: &str,
        (from, with): (&MemberId, &MemberId),
        (mine, theirs): (Span, Span),
        state: SwapState,
    ) {
        let swap = Swap {
            rota: rota.to_owned(),
            from: from.clone(),
            with: with.clone(),
            mine,
            theirs,
            offered_at,
            is_reminded: false,
            state,
            foretold: Vec::new(),
        };
        self.swaps.insert(number, swap);
    }

    fn settle(&mut self, number: u64, state: SwapState) {
        if let Some(swap) = self.swaps.get_mut(&number) {
            swap.state = state;
        }
    }

    /// Lays both shifts of a swap.
    fn exchange(&mut self, number: u64) {
        let Some(swap) = self.swaps.get(&number).cloned() else {
            return;
        };
        let with = |member: &MemberId| Why::Swap {
            with: member.clone(),
        };
        let (rota, mine, theirs) = (&swap.rota, swap.mine, swap.theirs);
        self.lay(number, rota, &swap.with, mine, with(&swap.from));
        self.lay(number, rota, &swap.from, theirs, with(&swap.with));
    }

    fn cover(
        &mut self,
        number: u64,
        rota: &str,
        (by, of): (&MemberId, &MemberId),
        absence: Option<u64>,
        span: Span,
    ) {
        self.missing
            .retain(|missing| !(missing.rota == rota && missing.span.meets(&span)));
        let of = of.clone();
        self.lay(number, rota, by, span, Why::Cover { of, absence });
    }
}
