//! Who has the duty, and who is meant by a role: rota, overrides and leads, resolved at a moment.

use super::desk::App;
use super::ports::StoreError;
use super::setup::Queue;
use crate::domain::announce::is_own_act;
use crate::domain::ids::MemberId;
use crate::domain::inquiry::{Actor, Inquiry};
use crate::domain::rota::book::{Book, Laid, overrides};
use crate::domain::rota::{Called, Override, Rota, Shift};
use crate::domain::sla::Audience;
use crate::time::Timestamp;

/// Who has the duty of a rota, and who comes next.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct DutyNow {
    pub rota: String,
    /// The queues whose duty it is, by id.
    pub queues: Vec<String>,
    pub shift: Shift,
    /// Why it is theirs, if it is not their turn.
    pub why: Option<Laid>,
    /// Who is called at this moment; differs from the shift's member outside working hours if the rota says so.
    pub called: MemberId,
    pub next: MemberId,
    pub next_handoff: Timestamp,
}

impl App {
    /// What lies over a rota by the duty book.
    pub(super) async fn overrides_of(
        &self,
        rota: &str,
        now: Timestamp,
    ) -> Result<Vec<Override>, StoreError> {
        let kept = self.book(self.clock.now()).await?;
        let mut laid = overrides(&kept.book, rota);
        // Whoever is no longer a member cannot take the duty; what is over stays as it was.
        laid.retain(|laid| laid.ends_at <= now || self.setup.members.contains_key(&laid.member));
        Ok(laid)
    }

    /// Who is called for a rota at a moment.
    pub async fn called(&self, rota: &Rota, at: Timestamp) -> Result<MemberId, StoreError> {
        let mut rota = rota;
        // A rota may point to another for its off-hours; a ring of them ends with the last one's duty.
        for _ in 0..=self.setup.rotas.len() {
            let overrides = self.overrides_of(rota.name(), at).await?;
            match rota.called(at, &overrides) {
                Called::Duty(duty) => return Ok(duty.shift.member),
                Called::Member(member) => {
                    return self.there_instead_of(member, rota, at, &overrides).await;
                }
                Called::Rota(name) => match self.setup.rotas.get(&name) {
                    Some(other) => rota = other,
                    None => break,
                },
            }
        }
        let overrides = self.overrides_of(rota.name(), at).await?;
        Ok(rota.on_duty(at, &overrides).shift.member)
    }

    /// The member themself; if they are off, the duty, and if that is off too, the next on the rota who is not.
    async fn there_instead_of(
        &self,
        member: MemberId,
        rota: &Rota,
        at: Timestamp,
        overrides: &[Override],
    ) -> Result<MemberId, StoreError> {
        let kept = self.book(self.clock.now()).await?;
        let is_there = |member: &MemberId| !kept.book.is_off(member, rota, at);
        if is_there(&member) {
            return Ok(member);
        }
        let duty = rota.on_duty(at, overrides).shift.member;
        if is_there(&duty) {
            return Ok(duty);
        }
        Ok(self
            .next_member(&kept.book, rota, &duty, at)
            .unwrap_or(duty))
    }

    /// Whether a member is off at this moment, by the wall of the queue's rota.
    async fn is_off(
        &self,
        member: &MemberId,
        rota: &Rota,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        Ok(self.book(now).await?.book.is_off(member, rota, now))
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
        let mut people: Vec<MemberId> = Vec::new();
        for role in audience {
            for member in self.filled_by(role, inquiry, queue, now).await? {
                if !people.contains(&member) && !is_own_act(actor, &member) {
                    people.push(member);
                }
            }
        }
        Ok(people)
    }

    async fn filled_by(
        &self,
        role: &Audience,
        inquiry: Option<&Inquiry>,
        queue: &Queue,
        now: Timestamp,
    ) -> Result<Vec<MemberId>, StoreError> {
        let is_known = |member: &MemberId| self.setup.members.contains_key(member);
        let owner = inquiry
            .and_then(Inquiry::holder)
            .filter(|owner| is_known(owner));
        let rota = self.setup.rota(queue);
        let owner = match owner {
            // An owner who is off is replaced by the duty.
            Some(owner) if self.is_off(owner, rota, now).await? => None,
            other => other,
        };
        Ok(match role {
            Audience::Member(member) if is_known(member) => vec![member.clone()],
            Audience::Owner if owner.is_some() => owner.cloned().into_iter().collect(),
            Audience::Owner | Audience::Duty | Audience::Member(_) => {
                vec![self.called(rota, now).await?]
            }
            Audience::NextDuty => {
                let duty = self.called(rota, now).await?;
                let kept = self.book(now).await?;
                match self.next_member(&kept.book, rota, &duty, now) {
                    Some(next) => vec![next],
                    None => self.team(queue),
                }
            }
            Audience::Lead => self.leads_or_team(queue),
            Audience::Team => self.team(queue),
        })
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

    /// Who comes after the duty, is still a member and is not off.
    fn next_member(
        &self,
        book: &Book,
        rota: &Rota,
        duty: &MemberId,
        now: Timestamp,
    ) -> Option<MemberId> {
        let mut at = duty;
        for _ in &rota.version(now).participants {
            at = rota.next_after(at, now)?;
            let is_there = self.setup.members.contains_key(at) && !book.is_off(at, rota, now);
            if at != duty && is_there {
                return Some(at.clone());
            }
        }
        None
    }

    fn leads(&self, queue: &Queue) -> Vec<MemberId> {
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
                    .queues
                    .values()
                    .filter(|queue| queue.rota == rota.name())
                    .map(|queue| queue.id.to_string())
                    .collect(),
                called: self.called(rota, at).await?,
                next: rota.on_duty(next_handoff, &overrides).shift.member,
                next_handoff,
                why: kept.book.why(rota.name(), &shift).cloned(),
                shift,
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
