//! Everything that a decision changes: ledger lines, the next deadline, cards and boards, and what is to be said.

use super::desk::{App, Order};
use super::pings::Calling;
use super::ports::*;
use super::setup::Queue;
use crate::domain::announce::announce;
use crate::domain::ids::InquiryId;
use crate::domain::inquiry::{Actor, Answer, Entry, Event, Inquiry, LinkStanding, evolve};
use crate::domain::notice::NoticePlace;
use crate::domain::sla::{Policy, next_after};
use crate::time::Timestamp;

/// The platform word of outbox rows that go back to a source.
pub const SOURCE_LANE: &str = "source";

impl App {
    /// Works out everything that a decision changes: ledger lines, the next deadline, what is to be said.
    pub(super) async fn changes(
        &self,
        before: Option<&Inquiry>,
        id: &InquiryId,
        events: &[Event],
        order: &Order,
        now: Timestamp,
    ) -> Result<Changes, StoreError> {
        let expected = before.map_or(0, |inquiry| inquiry.seq);
        let entries = entries(before, id, events, order, now);
        let mut states = Vec::with_capacity(entries.len());
        let mut state = before.cloned();
        for entry in &entries {
            let next = evolve(state.clone(), entry);
            states.push(state.replace(next));
        }
        let after = state.expect("a decision has at least one event");
        let policy = self.policy(&after.policy).await?;
        let queue = self.setup.queue(&after.queue);
        let (mut outbox, mut pings) = (Vec::new(), Vec::new());
        for (entry, before) in entries.iter().zip(&states) {
            self.say(
                entry,
                before.as_ref(),
                &after,
                &policy,
                queue,
                now,
                (&mut outbox, &mut pings),
            )
            .await?;
        }
        let boards = self
            .boards_moved(before, &after, &policy, now, &mut outbox)
            .await?;
        Ok(Changes {
            deadline: next_after(&after, &policy, now),
            cards: self.card_places(before, &after),
            boards,
            pings,
            expected,
            entries,
            texts: order.texts.clone(),
            outbox,
            command_key: order.command_key.clone(),
            portal_key: None,
            seen: None,
            shown_by: shown_by(before, &after),
            inquiry: after,
        })
    }

    /// The places of the inquiry's queue; after a transfer also those it leaves, for a last edit.
    fn card_places(&self, before: Option<&Inquiry>, after: &Inquiry) -> Vec<Place> {
        let mut places = self.setup.queue(&after.queue).places.clone();
        if let Some(before) = before.filter(|before| before.queue != after.queue) {
            for place in &self.setup.queue(&before.queue).places {
                if !places.contains(place) {
                    places.push(place.clone());
                }
            }
        }
        places
    }

    #[expect(
        clippy::too_many_arguments,
        reason = "the parts of one commit, named once"
    )]
    async fn say(
        &self,
        entry: &Entry,
        before: Option<&Inquiry>,
        after: &Inquiry,
        policy: &Policy,
        queue: &Queue,
        now: Timestamp,
        (outbox, pings): (&mut Vec<NewOutbox>, &mut Vec<Ping>),
    ) -> Result<(), StoreError> {
        let is_urgent = after.is_open()
            && matches!(
                after.urgency,
                crate::domain::inquiry::Urgency::Urgent { .. }
            );
        for (n, notice) in announce(before, entry, after, policy)
            .into_iter()
            .enumerate()
        {
            let meant = self
                .people_meant(&notice.audience, Some(after), queue, &entry.actor, now)
                .await?;
            let meant = self.with_second(&notice, queue, meant, now).await?;
            let calling = Calling::of((entry, n), &notice, after, queue, policy);
            let mentions = self.called_by(&calling, meant, pings).await?;
            outbox.extend(self.letters((entry.seq, n), &notice, after, now));
            let what = match notice.place {
                NoticePlace::Card => Delivery::Card {
                    mentions,
                    is_urgent,
                },
                NoticePlace::Thread | NoticePlace::Channel | NoticePlace::Operators => {
                    Delivery::Notice { notice, mentions }
                }
            };
            for place in &queue.places {
                outbox.push(self.row(
                    after,
                    place,
                    what.clone(),
                    format!("{}·{n}", entry.seq),
                    now,
                ));
            }
        }
        if let Event::Transferred { .. } = entry.event {
            let mentions = self
                .people_meant(
                    &[crate::domain::sla::Audience::Duty],
                    Some(after),
                    queue,
                    &entry.actor,
                    now,
                )
                .await?;
            for place in &queue.places {
                let what = Delivery::Card {
                    mentions: mentions.clone(),
                    is_urgent,
                };
                outbox.push(self.row(after, place, what, format!("{}·card", entry.seq), now));
            }
        }
        if let Some(act) = write_back(entry, after)
            && is_news(entry, before)
            && self.way_back.takes(&after.origin.source, &act)
        {
            let source = after.origin.source.clone();
            let place = Place {
                platform: SOURCE_LANE.to_owned(),
                channel: source.to_string(),
            };
            let what = Delivery::WriteBack {
                source,
                seq: entry.seq,
                act,
                step: 0,
            };
            outbox.push(self.row(after, &place, what, back_tail(entry.seq), now));
        }
        outbox.extend(self.filing(entry, after, now));
        Ok(())
    }

    pub(super) fn row(
        &self,
        after: &Inquiry,
        place: &Place,
        what: Delivery,
        tail: String,
        now: Timestamp,
    ) -> NewOutbox {
        NewOutbox {
            id: self.ids.id(),
            lane: format!("{}|{}|{}", place.platform, place.channel, after.id),
            inquiry: Some(after.id.clone()),
            place: place.clone(),
            what,
            key: row_key(&after.id, &tail, &place.platform),
            not_before: now,
        }
    }
}

/// The inquiries whose cards say where this one stands, where that changed.
fn shown_by(before: Option<&Inquiry>, after: &Inquiry) -> Vec<InquiryId> {
    let standing = before.map(LinkStanding::of);
    match standing == Some(LinkStanding::of(after)) {
        true => Vec::new(),
        false => after.links().into_iter().map(|link| link.inquiry).collect(),
    }
}

/// The ledger lines of a decision.
pub(super) fn entries(
    before: Option<&Inquiry>,
    id: &InquiryId,
    events: &[Event],
    order: &Order,
    now: Timestamp,
) -> Vec<Entry> {
    let expected = before.map_or(0, |inquiry| inquiry.seq);
    let lines = (expected + 1..).zip(events).map(|(seq, event)| Entry {
        inquiry: id.clone(),
        seq,
        at: now,
        actor: order.actor.clone(),
        via: order.via.clone(),
        event: event.clone(),
    });
    lines.collect()
}

fn row_key(inquiry: &InquiryId, tail: &str, platform: &str) -> String {
    format!("{inquiry}·{tail}·{platform}")
}

fn back_tail(seq: u64) -> String {
    format!("{seq}·back")
}

/// The key of what went back to the source for an entry.
pub(super) fn back_key(inquiry: &InquiryId, seq: u64) -> String {
    row_key(inquiry, &back_tail(seq), SOURCE_LANE)
}

/// What of an entry may go back to the source. What the source did itself never does.
pub(super) fn write_back(entry: &Entry, after: &Inquiry) -> Option<WriteBack> {
    if matches!(entry.actor, Actor::Source(_) | Actor::Requester) {
        return None;
    }
    let act = act_of(entry, after)?;
    match after.is_split() {
        true => aside(act, after),
        false => Some(act),
    }
}

/// Whether the source can have shown otherwise until then: whoever transfers what nobody has takes it from nobody.
fn is_news(entry: &Entry, before: Option<&Inquiry>) -> bool {
    !matches!(entry.event, Event::Transferred { .. })
        || before.is_some_and(|before| before.holder().is_some())
}

/// The item is that of the inquiry that this was split off: it hears what is said, and its state stays its own.
fn aside(act: WriteBack, after: &Inquiry) -> Option<WriteBack> {
    let is_said = match &act {
        WriteBack::Reply { .. } | WriteBack::Bounce { .. } | WriteBack::Aside { .. } => true,
        WriteBack::Resolved { outcome } => outcome.answer != Answer::AtSource,
        WriteBack::Owner { .. }
        | WriteBack::Closed
        | WriteBack::Reopened
        | WriteBack::Severity { .. } => false,
    };
    is_said.then(|| WriteBack::Aside {
        title: after.facts.title.clone(),
        said: Box::new(act),
    })
}

fn act_of(entry: &Entry, after: &Inquiry) -> Option<WriteBack> {
    match &entry.event {
        Event::Replied { text, .. } => Some(WriteBack::Reply { text: text.clone() }),
        // Told there by a person already.
        Event::Bounced {
            is_elsewhere: true, ..
        } => None,
        Event::Bounced { reason, .. } => Some(WriteBack::Bounce {
            text: reason.clone(),
        }),
        Event::Resolved { outcome } => Some(WriteBack::Resolved {
            outcome: outcome.clone(),
        }),
        Event::Claimed { .. } | Event::Accepted { .. } | Event::TakenOver { .. } => {
            Some(handed(after, Handing::Claimed))
        }
        Event::Assigned { .. } | Event::HandedToDuty { .. } => {
            Some(handed(after, Handing::Assigned))
        }
        Event::Released { .. } | Event::Transferred { .. } => {
            Some(handed(after, Handing::Released))
        }
        Event::Closed { .. } => Some(WriteBack::Closed),
        Event::Reopened { .. } => Some(WriteBack::Reopened),
        Event::SeveritySet { to, .. } | Event::SeverityAgreed { to, .. } => {
            Some(WriteBack::Severity { severity: *to })
        }
        _ => None,
    }
}

fn handed(after: &Inquiry, how: Handing) -> WriteBack {
    WriteBack::Owner {
        member: after.holder().cloned(),
        how,
    }
}
