//! Who has the duty, and who is meant by a role: rota, overrides and leads, resolved at a moment.

use super::desk::App;
use super::overflow::Second;
use super::ports::StoreError;
use super::setup::Queue;
use crate::domain::ids::MemberId;
use crate::domain::inquiry::{Actor, Inquiry};
use crate::domain::rota::book::Laid;
use crate::domain::rota::{Override, Rota, Shift};
use crate::domain::sla::Audience;
use crate::domain::staff::Staff;
use crate::time::Timestamp;

/// Who has the duty of a rota, and who comes next.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct DutyNow {
    pub rota: String,
    /// The queues whose duty it is, by id.
    pub queues: Vec<String>,
    /// Those of them whose duty lies with this rota at this moment.
    pub answers: Vec<String>,
    pub shift: Shift,
    /// Why it is theirs, if it is not their turn.
    pub why: Option<Laid>,
    /// Who is called at this moment; differs from the shift's member outside working hours if the rota says so.
    pub called: MemberId,
    pub next: MemberId,
    pub next_handoff: Timestamp,
    /// Who has joined because there is too much for one, by queue.
    pub seconds: Vec<Second>,
}

impl App {
    /// What lies over a rota by the duty book.
    pub(super) async fn overrides_of(
        &self,
        rota: &str,
        now: Timestamp,
    ) -> Result<Vec<Override>, StoreError> {
        let kept = self.book(now).await?;
        Ok(kept.laid.get(rota).cloned().unwrap_or_default())
    }

    /// Calls `ask` with the people behind the roles of a queue, or of a rota where no queue is meant.
    async fn with_staff<T>(
        &self,
        queue: Option<&Queue>,
        ask: impl FnOnce(&Staff<'_>) -> T,
    ) -> Result<T, StoreError> {
        let kept = self.book(self.clock.now()).await?;
        let staff = Staff {
            rotas: &self.setup.rotas,
            overrides: &kept.laid,
            is_member: &|member| self.setup.members.contains_key(member),
            is_off: &|member, rota, at| kept.book.is_off(member, rota, at),
            leads: &|| queue.map(|queue| self.leads(queue)).unwrap_or_default(),
            team: &|| queue.map(|queue| self.team(queue)).unwrap_or_default(),
            role: &|name| self.setup.roles.get(name).cloned().unwrap_or_default(),
        };
        Ok(ask(&staff))
    }

    /// Who is called for a rota at a moment.
    pub async fn called(&self, rota: &Rota, at: Timestamp) -> Result<MemberId, StoreError> {
        self.with_staff(None, |staff| staff.called(rota, at)).await
    }

    /// Who comes after the duty, is still a member and is not off.
    pub(super) async fn next_member(
        &self,
        rota: &Rota,
        duty: &MemberId,
        now: Timestamp,
    ) -> Result<Option<MemberId>, StoreError> {
        self.with_staff(None, |staff| staff.next_member(rota, duty, now))
            .await
    }

    /// Resolves roles to people: nobody twice, never the actor themself, and never to nobody.
    ///
    /// A role that nobody fills becomes the next wider one: owner, duty, team.
    pub(super) async fn people_meant(
        &self,
        audience: &[Audience],
        inquiry: Option<&Inquiry>,
        queue: &Queue,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<Vec<MemberId>, StoreError> {
        if audience.is_empty() {
            return Ok(Vec::new());
        }
        let region = inquiry.and_then(|inquiry| inquiry.facts.region.as_deref());
        let rota = self.setup.rota_for(queue, region, now);
        self.with_staff(Some(queue), |staff| {
            staff.meant(audience, inquiry, rota, actor, now)
        })
        .await
    }

    /// The rota whose region an inquiry is of, where a member neither takes part in it nor has the duty of it now.
    pub(super) async fn rota_elsewhere(
        &self,
        inquiry: &Inquiry,
        member: &MemberId,
        now: Timestamp,
    ) -> Result<Option<&Rota>, StoreError> {
        let coverage = &self.setup.queue(&inquiry.queue).coverage;
        let region = inquiry.facts.region.as_deref();
        let takes_part = |rota: &str| {
            let version = self.setup.named(rota).version(now);
            version.people().any(|who| who == member)
        };
        let Some(line) = coverage.elsewhere(region, now, takes_part) else {
            return Ok(None);
        };
        // Who stands in for somebody is no stranger to it.
        let on_duty = self.setup.named(&coverage.line_for(region, now).rota);
        let called = self.called(on_duty, now).await?;
        Ok((called != *member).then(|| self.setup.named(&line.rota)))
    }

    /// Who leads a queue; everybody who works in it where nobody leads.
    pub(super) fn leads_or_team(&self, queue: &Queue) -> Vec<MemberId> {
        let leads = self.leads(queue);
        if leads.is_empty() {
            self.team(queue)
        } else {
            leads
        }
    }

    pub(super) fn leads(&self, queue: &Queue) -> Vec<MemberId> {
        if !queue.leads.is_empty() {
            return queue.leads.clone();
        }
        let leads = self.setup.members.values().filter(|member| member.is_lead);
        leads.map(|member| member.id.clone()).collect()
    }

    /// Everybody who works in a queue.
    pub(super) fn team(&self, queue: &Queue) -> Vec<MemberId> {
        if queue.members.is_empty() {
            self.setup.members.keys().cloned().collect()
        } else {
            queue.members.clone()
        }
    }

    /// Who has the duty of every rota.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn duty(&self, at: Timestamp) -> Result<Vec<DutyNow>, StoreError> {
        let mut all = Vec::new();
        let kept = self.book(self.clock.now()).await?;
        for rota in self.setup.rotas.values() {
            let overrides = self.overrides_of(rota.name(), at).await?;
            let shift = rota.on_duty(at, &overrides).shift;
            let next_handoff = rota.next_handoff(at);
            all.push(DutyNow {
                rota: rota.name().to_owned(),
                queues: self
                    .setup
                    .served_by(rota.name())
                    .map(|queue| queue.id.to_string())
                    .collect(),
                answers: self
                    .setup
                    .served_by(rota.name())
                    .filter(|queue| queue.coverage.has_duty(rota.name(), at))
                    .map(|queue| queue.id.to_string())
                    .collect(),
                called: self.called(rota, at).await?,
                next: rota.on_duty(next_handoff, &overrides).shift.member,
                next_handoff,
                why: kept.book.why(rota.name(), &shift).cloned(),
                shift,
                seconds: self.seconds_of(rota.name(), at).await?,
            });
        }
        Ok(all)
    }

    /// The shifts of a rota in a window, overrides laid over.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn shifts(
        &self,
        rota: &Rota,
        from: Timestamp,
        until: Timestamp,
    ) -> Result<Vec<Shift>, StoreError> {
        let overrides = self.overrides_of(rota.name(), from).await?;
        Ok(rota.shifts(from, until, &overrides))
    }
}

impl DutyNow {
    /// Tells whether it has the duty of anything now; a rota that serves no queue answers for itself.
    pub fn answers_now(&self) -> bool {
        self.queues.is_empty() || !self.answers.is_empty()
    }
}
