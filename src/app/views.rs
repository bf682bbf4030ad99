//! What people look at: one inquiry, lists, the duty, and why a deadline is what it is.

use super::desk::App;
use super::perform::{Answered, Declined, Person, texts_of};
use super::ports::*;
use super::verbs::Request;
use crate::domain::announce::announce;
use crate::domain::card::{Card, card};
use crate::domain::ids::TextId;
use crate::domain::inquiry::{Answer, Entry, Event, Inquiry, Workaround, evolve};
use crate::domain::notice::{Arg, Message};
use crate::domain::sla::{Line, Skip, Verdict, explain, verdicts};
use crate::i18n::Lang;
use crate::time::{SignedDuration, Timestamp};

/// An inquiry with all it takes to show it.
#[derive(Clone, Debug)]
pub struct View {
    pub stored: Stored,
    pub card: Card,
    pub context: PostContext,
    /// The ledger as sentences, in order; empty in lists.
    pub timeline: Vec<(Timestamp, Message)>,
    /// How every promise stands or ended.
    pub verdicts: Vec<Verdict>,
}

impl App {
    /// One inquiry with its timeline.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn view(&self, reference: Reference, lang: Lang) -> Result<Option<View>, StoreError> {
        match self.store.by_reference(reference).await? {
            Some(stored) => Ok(Some(self.view_of(stored, lang, true).await?)),
            None => Ok(None),
        }
    }

    /// The inquiries of a filter, without timelines.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn views(&self, filter: &ListFilter, lang: Lang) -> Result<Vec<View>, StoreError> {
        let mut views = Vec::new();
        for stored in self.store.list(filter).await? {
            views.push(self.view_of(stored, lang, false).await?);
        }
        Ok(views)
    }

    pub(super) async fn view_of(
        &self,
        stored: Stored,
        lang: Lang,
        with_timeline: bool,
    ) -> Result<View, StoreError> {
        let policy = self.policy(&stored.inquiry.policy).await?;
        let now = self.clock.now();
        let card = card(&stored.inquiry, &policy);
        let timeline = if with_timeline {
            self.timeline(&stored.inquiry).await?
        } else {
            Vec::new()
        };
        let mut ids = card_texts(&card);
        ids.extend(timeline.iter().flat_map(|(_, message)| texts_of(message)));
        let context = self.context(&stored, lang, &ids, now).await?;
        Ok(View {
            verdicts: verdicts(&stored.inquiry, &policy, now),
            card,
            context,
            timeline,
            stored,
        })
    }

    /// What the words of a post about an inquiry are made with.
    pub(super) async fn context(
        &self,
        stored: &Stored,
        lang: Lang,
        ids: &[TextId],
        now: Timestamp,
    ) -> Result<PostContext, StoreError> {
        let queue = self.setup.queue(&stored.inquiry.queue);
        Ok(PostContext {
            inquiry: Some(stored.inquiry.id.clone()),
            reference: Some(stored.reference),
            card: None,
            lang,
            zone: queue.zone.clone(),
            now,
            texts: self.store.texts(ids).await?,
            people: self.setup.people.clone(),
            on_duty: Some(self.called(self.setup.rota(queue), now).await?),
            body: self.setup.body_in_chat,
            desk_url: self.setup.desk_url.clone(),
        })
    }

    /// The ledger as the sentences it made us say, refolded.
    async fn timeline(&self, inquiry: &Inquiry) -> Result<Vec<(Timestamp, Message)>, StoreError> {
        let policy = self.policy(&inquiry.policy).await?;
        let mut state: Option<Inquiry> = None;
        let mut lines = Vec::new();
        for entry in self.store.ledger(&inquiry.id).await? {
            let after = evolve(state.clone(), &entry);
            lines.extend(
                timeline_line(state.as_ref(), &entry, &after, &policy).map(|line| (entry.at, line)),
            );
            state = Some(after);
        }
        Ok(lines)
    }

    pub(super) async fn list_for(
        &self,
        person: &Person,
        request: &Request,
    ) -> Result<Answered, Declined> {
        let which = request.param("which").unwrap_or("open").to_lowercase();
        let mut filter = ListFilter {
            limit: 200,
            is_open: Some(true),
            ..ListFilter::default()
        };
        match which.as_str() {
            "mine" | "自分" => filter.owner = person.actor.member().cloned(),
            "unclaimed" | "未担当" => filter.is_unclaimed = Some(true),
            "all" | "すべて" => filter.is_open = None,
            _ => {}
        }
        if let Some(given) = request.param("queue") {
            let queue = self.setup.find_queue(given).ok_or_else(|| {
                Declined::Message(
                    Message::new("refused-no-queue")
                        .with("given", Arg::Plain(given.to_owned()))
                        .with(
                            "known",
                            Arg::Plain(
                                self.setup
                                    .queues
                                    .keys()
                                    .map(ToString::to_string)
                                    .collect::<Vec<_>>()
                                    .join(", "),
                            ),
                        ),
                    serde_json::json!({ "code": "no_queue" }),
                )
            })?;
            filter.queue = Some(queue.id.to_string());
        }
        let found = self.store.list(&filter).await?;
        let data = serde_json::json!({
            "references": found.iter().map(|stored| stored.reference.to_string()).collect::<Vec<_>>(),
        });
        let message = if found.is_empty() {
            Message::new("list-nothing")
        } else {
            Message::new("list")
                .with(
                    "count",
                    Arg::Number(i64::try_from(found.len()).unwrap_or(i64::MAX)),
                )
                .with("lines", Arg::Lines(self.list_lines(&found).await?))
        };
        Ok(Answered {
            message,
            about: None,
            data,
        })
    }

    pub(super) async fn show_lines(&self, stored: Stored) -> Result<Answered, Declined> {
        let line = self.list_lines(std::slice::from_ref(&stored)).await?;
        let timeline = self.timeline(&stored.inquiry).await?;
        let recent = timeline.iter().rev().take(8).rev().map(|(at, message)| {
            Message::new("timeline-line")
                .with("at", Arg::Instant(*at))
                .with("what", Arg::Lines(vec![message.clone()]))
        });
        let lines: Vec<Message> = line.into_iter().chain(recent).collect();
        let data = serde_json::to_value(&stored.inquiry).unwrap_or_default();
        Ok(Answered {
            message: Message::new("show").with("lines", Arg::Lines(lines)),
            about: Some(stored),
            data,
        })
    }

    pub(super) async fn why_lines(&self, stored: Stored) -> Result<Answered, Declined> {
        let explained = self.explain(&stored).await?;
        let lines: Vec<Message> = explained
            .iter()
            .flat_map(|(_, lines)| lines.iter().map(why))
            .collect();
        let data = serde_json::to_value(explained).unwrap_or_default();
        let message = if lines.is_empty() {
            Message::new("why-nothing")
        } else {
            Message::new("why").with("lines", Arg::Lines(lines))
        };
        let message = message.with("reference", Arg::Reference(stored.reference.0));
        Ok(Answered {
            message,
            about: Some(stored),
            data,
        })
    }

    /// The reasons of every promise that runs, by clock.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn explain(
        &self,
        stored: &Stored,
    ) -> Result<Vec<(crate::domain::inquiry::Clock, Vec<Line>)>, StoreError> {
        let policy = self.policy(&stored.inquiry.policy).await?;
        let runs = stored.inquiry.runs.iter();
        Ok(runs
            .filter(|run| run.clock != crate::domain::inquiry::Clock::Urgent)
            .map(|run| (run.clock, explain(&stored.inquiry, run, &policy)))
            .filter(|(_, lines)| lines[..] != [Line::NoPromise])
            .map(|(clock, mut lines)| {
                // The clock is named once, at the head of its reasons.
                if let Some(Line::Promise { .. } | Line::NeededBy) = lines.first() {
                    lines.insert(0, Line::Clock { clock });
                }
                (clock, lines)
            })
            .collect())
    }

    /// What people call a rota: the queues that it serves; its own name only if it serves none.
    pub fn rota_name(&self, rota: &str) -> String {
        let queues = self.setup.queues.values();
        let mut served: Vec<_> = queues.filter(|queue| queue.rota == rota).collect();
        if served.is_empty() {
            return rota.to_owned();
        }
        served.sort_by_key(|queue| queue.id != self.setup.default_queue);
        let names: Vec<&str> = served.iter().map(|queue| queue.name.as_str()).collect();
        names.join(" / ")
    }

    pub(super) async fn duty_today(&self) -> Result<Answered, Declined> {
        let duties = self.duty(self.clock.now()).await?;
        let lines = duties
            .iter()
            .map(|duty| {
                Message::new("duty-line")
                    .with("rota", Arg::Plain(self.rota_name(&duty.rota)))
                    .with("member", Arg::Member(duty.shift.member.clone()))
                    .with("until", Arg::Instant(duty.shift.ends_at))
                    .with("next", Arg::Member(duty.next.clone()))
            })
            .collect();
        Ok(Answered {
            message: Message::new("duty").with("lines", Arg::Lines(lines)),
            about: None,
            data: serde_json::to_value(&duties).unwrap_or_default(),
        })
    }

    pub(super) async fn duty_week_lines(&self) -> Result<Answered, Declined> {
        let now = self.clock.now();
        let until = crate::time::plus(now, SignedDuration::from_hours(24 * 7));
        let mut lines = Vec::new();
        let mut data = Vec::new();
        for rota in self.setup.rotas.values() {
            // Whole shifts, from the one that runs.
            let overrides = self.overrides_of(rota.name(), now).await?;
            let from = rota.on_duty(now, &overrides).shift.starts_at;
            let shifts = self.shifts(rota, from, rota.next_handoff(until)).await?;
            let name = Arg::Plain(self.rota_name(rota.name()));
            lines.push(Message::new("duty-rota").with("rota", name));
            lines.extend(shifts.iter().map(|shift| {
                Message::new("duty-shift")
                    .with("member", Arg::Member(shift.member.clone()))
                    .with("from", Arg::Instant(shift.starts_at))
                    .with("until", Arg::Instant(shift.ends_at))
            }));
            data.push(serde_json::json!({ "rota": rota.name(), "shifts": shifts }));
        }
        Ok(Answered {
            message: Message::new("duty").with("lines", Arg::Lines(lines)),
            about: None,
            data: serde_json::Value::Array(data),
        })
    }
}

/// A ledger line as a sentence. Most are the notice that was said; a few were never said and are told here.
fn timeline_line(
    before: Option<&Inquiry>,
    entry: &Entry,
    after: &Inquiry,
    policy: &crate::domain::sla::Policy,
) -> Option<Message> {
    match &entry.event {
        Event::Received { .. } => Some(
            Message::new("timeline-received")
                .with("source", Arg::Plain(after.origin.source.to_string())),
        ),
        Event::Missed { clock, at, .. } => Some(
            Message::new("timeline-missed")
                .with("clock", Arg::Clock(*clock))
                .with("at", Arg::Instant(*at)),
        ),
        Event::UrgencyRaised { .. } => Some(Message::new("timeline-urgent")),
        Event::PolicyChanged { moved, .. } if moved.is_empty() => {
            Some(Message::new("timeline-policy"))
        }
        _ => announce(before, entry, after, policy)
            .into_iter()
            .next()
            .map(|notice| notice.message),
    }
}

/// The outside words that a post of the desk names.
pub fn post_texts(body: &DeskBody) -> Vec<TextId> {
    match body {
        DeskBody::Card { card, .. } => card_texts(card),
        DeskBody::Notice { message, .. } => texts_of(message),
        DeskBody::Board { board } => board
            .lines
            .iter()
            .map(|line| line.what.title.clone())
            .collect(),
    }
}

/// The texts that a card names.
pub(super) fn card_texts(card: &Card) -> Vec<TextId> {
    let facts = &card.facts;
    let mut ids = vec![facts.title.clone()];
    ids.extend(
        [&facts.body, &facts.requester, &facts.customer]
            .into_iter()
            .flatten()
            .cloned(),
    );
    ids.extend(facts.flags.iter().map(|flag| flag.given.clone()));
    match card.outcome.as_ref().map(|outcome| &outcome.answer) {
        Some(Answer::Investigation { cause, workaround }) => {
            ids.push(cause.clone());
            ids.push(match workaround {
                Workaround::Given { text } => text.clone(),
                Workaround::None { reason } => reason.clone(),
            });
        }
        Some(Answer::Specification { answer }) => ids.push(answer.clone()),
        Some(Answer::AtSource) | None => {}
    }
    ids
}

/// A reason as a sentence.
pub fn why(line: &Line) -> Message {
    match line {
        Line::Clock { clock } => Message::new("why-clock").with("clock", Arg::Clock(*clock)),
        Line::Promise {
            policy,
            severity,
            plan,
            amount_ms,
            calendar,
        } => Message::new("why-promise")
            .with("policy", Arg::Plain(policy.clone()))
            .with("severity", Arg::Plain(severity.to_string()))
            .with("plan", Arg::Plain(plan.clone()))
            .with("amount", Arg::Span(*amount_ms))
            .with("calendar", Arg::Plain(calendar.clone())),
        Line::NeededBy => Message::new("why-needed-by"),
        Line::Started { at, .. } => Message::new("why-started").with("at", Arg::Instant(*at)),
        Line::Counted { from, until, ms } => Message::new("why-counted")
            .with("from", Arg::Instant(*from))
            .with("until", Arg::Instant(*until))
            .with("amount", Arg::Span(*ms)),
        Line::Skipped { from, until, why } => {
            let message = match why {
                Skip::Night => Message::new("why-night"),
                Skip::Break => Message::new("why-break"),
                Skip::DayOff => Message::new("why-day-off"),
                Skip::Closed => Message::new("why-closed"),
                Skip::Holiday { name } => {
                    Message::new("why-holiday").with("name", Arg::Plain(name.clone()))
                }
                Skip::Paused => Message::new("why-paused"),
            };
            message
                .with("from", Arg::Instant(*from))
                .with("until", Arg::Instant(*until))
        }
        Line::Due { at: Some(at) } => Message::new("why-due").with("at", Arg::Instant(*at)),
        Line::Due { at: None } => Message::new("why-standing-still"),
        Line::Missed { at } => Message::new("why-missed").with("at", Arg::Instant(*at)),
        Line::NoPromise => Message::new("why-no-promise"),
    }
}
