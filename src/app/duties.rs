//! Who has the duty, and who is meant by a role: rota, overrides and leads, resolved at a moment.

use super::desk::App;
use super::ports::{OverrideRow, StoreError};
use super::setup::Queue;
use crate::domain::announce::is_own_act;
use crate::domain::ids::MemberId;
use crate::domain::inquiry::{Actor, Inquiry};
use crate::domain::rota::{Called, Override, Rota, Shift};
use crate::domain::sla::Audience;
use crate::time::{SignedDuration, Timestamp};
use std::collections::HashMap;
use std::sync::{Arc, RwLock};

/// The overrides of every rota, read once a business second: a card must not cost a query more.
#[derive(Default)]
pub struct Overrides {
    read: RwLock<Option<(Timestamp, Arc<ByRota>)>>,
}

type ByRota = HashMap<String, Vec<Override>>;

/// How old the overrides may be: one laid by another replica holds after at most this.
const FRESH: SignedDuration = SignedDuration::from_secs(1);

/// Who has the duty of a rota, and who comes next.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct DutyNow {
    pub rota: String,
    /// The queues whose duty it is, by id.
    pub queues: Vec<String>,
    pub shift: Shift,
    /// Who is called at this moment; differs from the shift's member outside working hours if the rota says so.
    pub called: MemberId,
    pub next: MemberId,
    pub next_handoff: Timestamp,
}

impl App {
    /// The overrides of a rota that still matter.
    pub(super) async fn overrides_of(
        &self,
        rota: &str,
        now: Timestamp,
    ) -> Result<Vec<Override>, StoreError> {
        let known = self
            .overrides
            .read
            .read()
            .expect("nobody panics while holding it")
            .clone();
        if let Some((_, by_rota)) = known.filter(|(at, _)| now.duration_since(*at).abs() <= FRESH) {
            return Ok(by_rota.get(rota).cloned().unwrap_or_default());
        }
        let mut by_rota = ByRota::new();
        for row in self
            .store
            .overrides(crate::time::plus(now, -LOOK_BACK))
            .await?
        {
            // Whoever is no longer a member cannot take the duty; what is over stays as it was.
            if row.ends_at > now && !self.setup.members.contains_key(&row.member) {
                continue;
            }
            let laid = Override {
                member: row.member,
                starts_at: row.starts_at,
                ends_at: row.ends_at,
            };
            by_rota.entry(row.rota).or_default().push(laid);
        }
        let found = by_rota.get(rota).cloned().unwrap_or_default();
        *self
            .overrides
            .read
            .write()
            .expect("nobody panics while holding it") = Some((now, Arc::new(by_rota)));
        Ok(found)
    }

    /// Lays an override over a rota.
    pub(super) async fn lay_override(&self, row: OverrideRow) -> Result<(), StoreError> {
        self.store.add_override(row).await?;
        *self
            .overrides
            .read
            .write()
            .expect("nobody panics while holding it") = None;
        Ok(())
    }

    /// Who is called for a rota at a moment.
    pub async fn called(&self, rota: &Rota, at: Timestamp) -> Result<MemberId, StoreError> {
        let mut rota = rota;
        // A rota may point to another for its off-hours; a ring of them ends with the last one's duty.
        for _ in 0..=self.setup.rotas.len() {
            let overrides = self.overrides_of(rota.name(), at).await?;
            match rota.called(at, &overrides) {
                Called::Duty(duty) => return Ok(duty.shift.member),
                Called::Member(member) => return Ok(member),
                Called::Rota(name) => match self.setup.rotas.get(&name) {
                    Some(other) => rota = other,
                    None => break,
                },
            }
        }
        let overrides = self.overrides_of(rota.name(), at).await?;
        Ok(rota.on_duty(at, &overrides).shift.member)
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
        Ok(match role {
            Audience::Member(member) if is_known(member) => vec![member.clone()],
            Audience::Owner if owner.is_some() => owner.cloned().into_iter().collect(),
            Audience::Owner | Audience::Duty | Audience::Member(_) => {
                vec![self.called(rota, now).await?]
            }
            Audience::NextDuty => {
                let duty = self.called(rota, now).await?;
                match self.next_member(rota, &duty, now) {
                    Some(next) => vec![next],
                    None => self.team(queue),
                }
            }
            Audience::Lead => {
                let leads = self.leads(queue);
                if leads.is_empty() {
                    self.team(queue)
                } else {
                    leads
                }
            }
            Audience::Team => self.team(queue),
            Audience::Role(name) => match self.setup.roles.get(name) {
                Some(members) if !members.is_empty() => members.clone(),
                // A role that has left the configuration.
                Some(_) | None => self.team(queue),
            },
            // Said in the channel, or written: nobody is called in a chat.
            Audience::Queue | Audience::Mail(_) => Vec::new(),
        })
    }

    /// Who comes after the duty and is still a member.
    fn next_member(&self, rota: &Rota, duty: &MemberId, now: Timestamp) -> Option<MemberId> {
        let mut at = duty;
        for _ in &rota.version(now).participants {
            at = rota.next_after(at, now)?;
            if at != duty && self.setup.members.contains_key(at) {
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

/// Overrides that ended longer ago do not matter to what is shown.
const LOOK_BACK: SignedDuration = SignedDuration::from_hours(24 * 14);
