//! What a person arranges that is about no inquiry: an override of the duty, their language.

use super::desk::App;
use super::moment::{Toward, parse_moment};
use super::perform::{Answered, Declined, Person};
use super::ports::OverrideRow;
use super::requests::{choice, plain};
use super::verbs::Request;
use crate::domain::inquiry::Refusal;
use crate::domain::notice::{Arg, Message};

impl App {
    pub(super) async fn duty_override(
        &self,
        person: &Person,
        request: &Request,
    ) -> Result<Answered, Declined> {
        let member = self.member_named(request, "member")?.clone();
        let rota = match request.param("rota") {
            // By its own name, or by a queue that it serves.
            Some(name) => self
                .setup
                .rotas
                .get(name)
                .or_else(|| {
                    let queue = self.setup.find_queue(name)?;
                    Some(self.setup.rota_at(queue, self.clock.now()))
                })
                .ok_or_else(|| {
                    let known: Vec<&str> = self.setup.rotas.keys().map(String::as_str).collect();
                    Declined::say(
                        Message::new("refused-no-rota")
                            .with("given", plain(name))
                            .with("known", plain(&known.join(", "))),
                    )
                })?,
            None => {
                let queue = self.setup.queue(&self.setup.default_queue);
                self.setup.rota_at(queue, self.clock.now())
            }
        };
        let now = self.clock.now();
        let moment = |name: &str| {
            let given = request.param(name).unwrap_or_default();
            parse_moment(given, now, &self.setup.zone, Toward::Future).map_err(|_| {
                Declined::say(Message::new("refused-no-moment").with("given", plain(given)))
            })
        };
        let (starts_at, ends_at) = (moment("from")?, moment("until")?);
        if ends_at <= starts_at || ends_at <= now {
            return Err(Declined::say(
                Message::new("refused-empty-span")
                    .with("from", Arg::Instant(starts_at))
                    .with("until", Arg::Instant(ends_at)),
            ));
        }
        let row = OverrideRow {
            id: self.ids.id(),
            rota: rota.name().to_owned(),
            member: member.id.clone(),
            starts_at,
            ends_at,
            by: person.actor.member().cloned(),
            created_at: now,
            removed_at: None,
        };
        self.lay_override(row.clone()).await?;
        let message = Message::new("notice-override")
            .with("by", Arg::Actor(person.actor.clone()))
            .with("member", Arg::Member(member.id.clone()))
            .with("from", Arg::Instant(starts_at))
            .with("until", Arg::Instant(ends_at));
        for queue in self.setup.served_by(rota.name()) {
            let audience = [crate::domain::sla::Audience::Member(member.id.clone())];
            let key = format!("override·{}·{}", row.id, queue.id);
            self.tell_queue(queue, &audience, message.clone(), key, now)
                .await?;
        }
        let data = serde_json::to_value(&row).unwrap_or_default();
        let message = Message::new("done-override")
            .with("member", Arg::Member(member.id))
            .with("from", Arg::Instant(starts_at))
            .with("until", Arg::Instant(ends_at));
        Ok(Answered {
            message,
            about: None,
            data,
        })
    }

    pub(super) async fn choose_language(
        &self,
        person: &Person,
        request: &Request,
    ) -> Result<Answered, Declined> {
        let Some(member) = person.actor.member() else {
            return Err(Declined::Act(Refusal::MembersOnly.into()));
        };
        let code = choice(request, "language")?;
        self.store.set_language(member, code).await?;
        Ok(Answered {
            message: Message::new("done-language"),
            about: None,
            data: serde_json::json!({ "language": code }),
        })
    }
}
