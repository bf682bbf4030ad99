//! Who is meant by a role at a moment: rotas with what lies over them, owners, leads and teams.
//!
//! Promises: a role that nobody fills becomes the next wider one (owner, duty, team), nobody is meant twice and nobody
//! for an act of their own. Leaves out where rotas and overrides come from: `app/duties.rs` has those of now, the
//! simulator those of another day or of a roster that nobody has yet.

use crate::domain::announce::is_own_act;
use crate::domain::ids::MemberId;
use crate::domain::inquiry::{Actor, Inquiry};
use crate::domain::rota::{Called, Override, Rota};
use crate::domain::sla::Audience;
use crate::time::Timestamp;
use std::collections::{BTreeMap, HashMap};

/// What a queue needs to find the people behind roles.
pub struct Staff<'a> {
    pub rotas: &'a BTreeMap<String, Rota>,
    /// What is laid over each rota, by its name.
    pub overrides: &'a HashMap<String, Vec<Override>>,
    pub is_member: &'a dyn Fn(&MemberId) -> bool,
    /// Who is off at an instant, by the wall clock of a rota.
    pub is_off: &'a dyn Fn(&MemberId, &Rota, Timestamp) -> bool,
    /// Who is told as lead; may be nobody.
    pub leads: &'a dyn Fn() -> Vec<MemberId>,
    /// Everybody who works in the queue.
    pub team: &'a dyn Fn() -> Vec<MemberId>,
    /// Who is in a group of members; nobody where it has left the configuration.
    pub role: &'a dyn Fn(&str) -> Vec<MemberId>,
}

impl Staff<'_> {
    /// Who is called for a rota at a moment.
    pub fn called(&self, rota: &Rota, at: Timestamp) -> MemberId {
        let mut rota = rota;
        // A rota may point to another for its off-hours; a ring of them ends with the last one's duty.
        for _ in 0..=self.rotas.len() {
            match rota.called(at, self.laid_over(rota)) {
                Called::Duty(duty) => return duty.shift.member,
                Called::Member(member) => return self.there_instead_of(member, rota, at),
                Called::Rota(name) => match self.rotas.get(&name) {
                    Some(other) => rota = other,
                    None => break,
                },
            }
        }
        rota.on_duty(at, self.laid_over(rota)).shift.member
    }

    /// What lies over a rota.
    pub fn laid_over(&self, rota: &Rota) -> &[Override] {
        self.overrides.get(rota.name()).map_or(&[], Vec::as_slice)
    }

    /// The member themself; if they are off, the duty, and if that is off too, the next on the rota who is not.
    fn there_instead_of(&self, member: MemberId, rota: &Rota, at: Timestamp) -> MemberId {
        if !(self.is_off)(&member, rota, at) {
            return member;
        }
        let duty = rota.on_duty(at, self.laid_over(rota)).shift.member;
        if !(self.is_off)(&duty, rota, at) {
            return duty;
        }
        self.next_member(rota, &duty, at).unwrap_or(duty)
    }

    /// Resolves roles to people: nobody twice, never the actor themself, and never to nobody.
    pub fn meant(
        &self,
        audience: &[Audience],
        inquiry: Option<&Inquiry>,
        rota: &Rota,
        actor: &Actor,
        at: Timestamp,
    ) -> Vec<MemberId> {
        let mut people: Vec<MemberId> = Vec::new();
        for role in audience {
            for member in self.filled_by(role, inquiry, rota, at) {
                if !people.contains(&member) && !is_own_act(actor, &member) {
                    people.push(member);
                }
            }
        }
        people
    }

    fn filled_by(
        &self,
        role: &Audience,
        inquiry: Option<&Inquiry>,
        rota: &Rota,
        at: Timestamp,
    ) -> Vec<MemberId> {
        let owner = inquiry
            .and_then(Inquiry::holder)
            .filter(|owner| (self.is_member)(owner))
            // An owner who is off is replaced by the duty.
            .filter(|owner| !(self.is_off)(owner, rota, at));
        match role {
            Audience::Member(member) if (self.is_member)(member) => vec![member.clone()],
            Audience::Owner if owner.is_some() => owner.cloned().into_iter().collect(),
            Audience::Owner | Audience::Duty | Audience::Member(_) => vec![self.called(rota, at)],
            Audience::NextDuty => {
                let duty = self.called(rota, at);
                match self.next_member(rota, &duty, at) {
                    Some(next) => vec![next],
                    None => (self.team)(),
                }
            }
            Audience::Lead => {
                let leads = (self.leads)();
                if leads.is_empty() {
                    (self.team)()
                } else {
                    leads
                }
            }
            Audience::Team => (self.team)(),
            Audience::Role(name) => {
                // Whoever is off is not called with their group.
                let mut members = (self.role)(name);
                members.retain(|member| !(self.is_off)(member, rota, at));
                if members.is_empty() {
                    (self.team)()
                } else {
                    members
                }
            }
            // Said in the channel, or written: nobody is called in a chat.
            Audience::Queue | Audience::Mail(_) => Vec::new(),
        }
    }

    /// Who comes after the duty, is still a member and is not off.
    pub fn next_member(&self, rota: &Rota, duty: &MemberId, at: Timestamp) -> Option<MemberId> {
        let mut last = duty;
        for _ in &rota.version(at).participants {
            last = rota.next_after(last, at)?;
            if last != duty && (self.is_member)(last) && !(self.is_off)(last, rota, at) {
                return Some(last.clone());
            }
        }
        None
    }
}
