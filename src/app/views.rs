//! What people look at: one inquiry, lists, and the duty.

use super::desk::App;
use super::duty_views::why_theirs;
use super::links::link_line;
use super::perform::{Answered, Declined, Person, texts_of};
use super::ports::*;
use super::verbs::Request;
use crate::domain::announce::{announce, finding_line};
use crate::domain::card::{Card, card};
use crate::domain::ids::TextId;
use crate::domain::inquiry::{
    Answer, CloseReason, Entry, Event, Inquiry, LinkKind, ReferredTo, Stage, There, Workaround,
    evolve, is_receipts_check,
};
use crate::domain::notice::{Arg, Message};
use crate::domain::sla::{Verdict, internal_verdicts, verdicts};
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
    /// How every wait for another team stands or ended; no promise of ours.
    pub internal: Vec<Verdict>,
}

/// How many inquiries are listed that were looked for by words.
const FOUND: u32 = 50;

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
        let card = self.with_trackers(card(&stored.inquiry, &policy));
        let card = self.with_links(card, &stored.inquiry).await?;
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
            internal: internal_verdicts(&stored.inquiry, &policy, now),
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
        let region = stored.inquiry.facts.region.as_deref();
        Ok(PostContext {
            inquiry: Some(stored.inquiry.id.clone()),
            reference: Some(stored.reference),
            card: None,
            lang,
            zone: queue.zone.clone(),
            now,
            texts: self.store.texts(ids).await?,
            people: self.setup.people.clone(),
            on_duty: Some(
                self.called(self.setup.rota_for(queue, region, now), now)
                    .await?,
            ),
            body: self.setup.body_in_chat,
            desk_url: self.setup.desk_url.clone(),
        })
    }

    /// The ledger as the sentences it made us say, refolded.
    async fn timeline(&self, inquiry: &Inquiry) -> Result<Vec<(Timestamp, Message)>, StoreError> {
        let mut state: Option<Inquiry> = None;
        let mut lines = Vec::new();
        let mut entries = self.store.ledger(&inquiry.id).await?.into_iter().peekable();
        while let Some(entry) = entries.next() {
            // What closes because it is gone is told once: by its end, not by why it might have stayed.
            let is_told_next = is_gone(&entry.event)
                && entries
                    .peek()
                    .is_some_and(|next| closes_as_gone(&next.event));
            let after = evolve(state.clone(), &entry);
            // As it was said then, by the policy of that time.
            let policy = self.policy(&after.policy).await?;
            let line = (!is_told_next)
                .then(|| timeline_line(state.as_ref(), &entry, &after, &policy))
                .flatten();
            lines.extend(line.map(|line| (entry.at, line)));
            let was_snoozed = |inquiry: &Inquiry| {
                let snooze = inquiry.snooze.as_ref();
                snooze.is_some_and(|snooze| snooze.until > entry.at)
            };
            let is_over = state.as_ref().is_some_and(was_snoozed) && !was_snoozed(&after);
            if is_over && !matches!(entry.event, Event::Unsnoozed {}) {
                lines.push((entry.at, Message::new("timeline-snooze-over")));
            }
            state = Some(after);
        }
        for (_, line) in &mut lines {
            *line = self.with_references(line.clone()).await?;
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
        if let Some(words) = request
            .param("text")
            .map(str::trim)
            .filter(|it| !it.is_empty())
        {
            filter.text = Some(words.to_owned());
            // What was solved before is what one looks for.
            if request.param("which").is_none() {
                filter.is_open = None;
            }
            filter.limit = FOUND;
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
                .with("lines", Arg::Lines(self.lines_awake(&found).await?))
        };
        Ok(Answered {
            message,
            about: None,
            data,
        })
    }

    /// The lines of a list; above them who is awake, where several offices share the work.
    async fn lines_awake(&self, found: &[Stored]) -> Result<Vec<Message>, StoreError> {
        let mut lines = self.awake(found).await?;
        lines.extend(self.list_lines(found).await?);
        Ok(lines)
    }

    pub(super) async fn show_lines(&self, stored: Stored) -> Result<Answered, Declined> {
        let mut line = self.lines_awake(std::slice::from_ref(&stored)).await?;
        let policy = self.policy(&stored.inquiry.policy).await?;
        let shown = card(&stored.inquiry, &policy);
        let shown = self.with_links(shown, &stored.inquiry).await?;
        line.extend(shown.links.iter().filter_map(link_line));
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

    /// What people call a rota: the queues that it serves; its own name only if it serves none.
    pub fn rota_name(&self, rota: &str) -> String {
        let mut served: Vec<_> = self.setup.served_by(rota).collect();
        // Where a queue has several rotas, its name alone would not tell them apart.
        if served.is_empty() || served.iter().any(|queue| queue.coverage.lines().len() > 1) {
            return rota.to_owned();
        }
        served.sort_by_key(|queue| queue.id != self.setup.default_queue);
        let names: Vec<&str> = served.iter().map(|queue| queue.name.as_str()).collect();
        names.join(" / ")
    }

    pub(super) async fn duty_today(&self, person: &Person) -> Result<Answered, Declined> {
        let duties = self.duty(self.clock.now()).await?;
        let mut lines = Vec::new();
        for duty in duties.iter().filter(|duty| duty.answers_now()) {
            lines.push(
                Message::new("duty-line")
                    .with("rota", Arg::Plain(self.rota_name(&duty.rota)))
                    .with("member", Arg::Member(duty.shift.member.clone()))
                    .with("why", why_theirs(duty.why.as_ref()))
                    .with("until", Arg::Instant(duty.shift.ends_at))
                    .with("next", Arg::Member(duty.next.clone())),
            );
            lines.extend(duty.seconds.iter().map(|second| {
                Message::new("duty-second")
                    .with("queue", Arg::Queue(second.queue.clone()))
                    .with("member", Arg::Member(second.member.clone()))
                    .with("since", Arg::Instant(second.since))
            }));
        }
        lines.extend(self.guides_unread(person).await?);
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
        let kept = self.book(now).await?;
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
                    .with("why", why_theirs(kept.book.why(rota.name(), shift)))
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

fn is_gone(event: &Event) -> bool {
    matches!(
        event,
        Event::FoundThere {
            there: There::Gone,
            ..
        }
    )
}

fn closes_as_gone(event: &Event) -> bool {
    matches!(
        event,
        Event::Closed {
            reason: CloseReason::Gone,
            ..
        }
    )
}

/// A ledger line as a sentence. Most are the notice that was said; a few were never said and are told here.
fn timeline_line(
    before: Option<&Inquiry>,
    entry: &Entry,
    after: &Inquiry,
    policy: &crate::domain::sla::Policy,
) -> Option<Message> {
    match &entry.event {
        Event::Received {
            follows: Some(parent),
            link: LinkKind::SplitFrom,
            ..
        } => Some(
            Message::new("timeline-split-from")
                .with("by", Arg::Actor(entry.actor.clone()))
                .with("parent", Arg::Inquiry(parent.clone())),
        ),
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
        Event::ContractChecked { finding, .. } if is_receipts_check(entry, after) => Some(
            Message::new("timeline-contract").with("what", Arg::Lines(vec![finding_line(finding)])),
        ),
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
    ids.extend(facts.intake.texts().cloned());
    ids.extend(card.bounce.iter().map(|bounce| bounce.reason.clone()));
    if let Some(referral) = &card.referral {
        ids.extend(referral.note.clone());
        if let ReferredTo::Other { who } = &referral.to {
            ids.push(who.clone());
        }
    }
    ids.extend(facts.flags.iter().map(|flag| flag.given.clone()));
    ids.extend(card.proposal.iter().map(|proposal| proposal.reason.clone()));
    let exception = card.contract.iter().filter_map(|it| it.exception.as_ref());
    ids.extend(exception.map(|exception| exception.reason.clone()));
    if let Stage::Waiting { asked, case, .. } = &card.stage {
        ids.extend([asked, case].into_iter().flatten().cloned());
    }
    ids.extend(card.next.iter().map(|next| next.text.clone()));
    let seen = card.links.iter().filter_map(|link| link.seen.as_ref());
    ids.extend(seen.map(|seen| seen.title.clone()));
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
