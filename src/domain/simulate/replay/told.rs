//! Counts what is said of a decision: to whom, and whether they were at work.

use super::super::ReplayError;
use super::Run;
use crate::domain::announce::announce;
use crate::domain::inquiry::{Actor, Entry, Event, Inquiry, evolve};
use crate::domain::sla::Audience;
use crate::time::Timestamp;

impl Run<'_> {
    /// Counts what is said of a decision, to whom and when.
    pub(super) fn said(
        &mut self,
        before: Option<Inquiry>,
        entries: &[Entry],
        after: &Inquiry,
        at: Timestamp,
    ) -> Result<(), ReplayError> {
        let policy = self.side.policy(&after.policy)?;
        let mut before = before;
        for entry in entries {
            self.figures.event(&entry.event);
            for notice in announce(before.as_ref(), entry, after, policy) {
                self.mention(&notice.audience, after, &entry.actor, at)?;
            }
            // The card that a transfer posts anew.
            if let Event::Transferred { .. } = entry.event {
                self.mention(&[Audience::Duty], after, &entry.actor, at)?;
            }
            before = Some(evolve(before, entry));
        }
        Ok(())
    }

    fn mention(
        &mut self,
        audience: &[Audience],
        after: &Inquiry,
        actor: &Actor,
        at: Timestamp,
    ) -> Result<(), ReplayError> {
        if audience.is_empty() {
            return Ok(());
        }
        let region = after.facts.region.as_deref();
        let rota = self.side.rota(&after.queue, region, at);
        let people = self.side.with_staff(&after.queue, |staff| {
            staff.meant(audience, Some(after), rota, actor, at)
        });
        let hours = self.side.policy(&self.recorded)?.working();
        for member in people {
            self.figures.mention(member, at, hours);
        }
        Ok(())
    }
}
