//! What a configuration means, in words: who is called when, what is promised, where inquiries come from.

use super::super::{coverage, facts};
use crate::app::setup::{Assignment, ContractRule, Queue};
use crate::app::source_config::{Schedule, SourceConfig, SourceKind};
use crate::config::Config;
use crate::domain::ids::MemberId;
use crate::domain::inquiry::{Clock, Otherwise, Severity};
use crate::domain::rota::Rota;
use crate::domain::sla::{Policy, Target};
use crate::i18n::{Args, Lang, amount, instant, list, names, say, severity, span};
use crate::msg;
use crate::time::{SignedDuration, TimeZone, Timestamp, zone};
use serde_json::{Value, json};

/// How many handoffs are foretold: a week of working days.
const HANDOFFS: usize = 5;

/// The summary, a line each.
pub(super) fn lines(config: &Config, lang: Lang, now: Timestamp) -> Vec<String> {
    let words = Words { config, lang, now };
    let mut lines = words.people();
    for queue in config.setup.queues.values() {
        lines.push(String::new());
        lines.extend(words.queue(queue));
    }
    for rota in config.setup.rotas.values() {
        lines.push(String::new());
        lines.extend(words.rota(rota));
    }
    let outside = words.outside();
    if !outside.is_empty() {
        lines.push(String::new());
        lines.extend(outside);
    }
    lines.push(String::new());
    lines.extend(words.sources());
    lines.extend(words.heartbeat());
    lines
}

/// The summary for scripts.
pub(super) fn json(config: &Config, now: Timestamp) -> Value {
    let setup = &config.setup;
    let members: Vec<Value> = setup
        .members
        .values()
        .map(|member| {
            json!({
                "id": member.id, "name": member.name, "lead": member.is_lead,
                "chat_ids": member.chat_ids,
            })
        })
        .collect();
    let queues: Vec<Value> = setup
        .queues
        .values()
        .map(|queue| {
            let policy = setup.policies.get(&queue.policy);
            json!({
                "id": queue.id, "name": queue.name, "rota": queue.rota, "places": queue.places,
                "lines": queue.coverage.lines(),
                "policy": policy.map(|policy| &policy.name), "policy_hash": queue.policy,
                "calendar": policy.map(|policy| &policy.working),
                "targets": policy.map(|policy| &policy.targets),
                "is_default": queue.id == setup.default_queue,
            })
        })
        .collect();
    let rotas: Vec<Value> = setup
        .rotas
        .values()
        .map(|rota| {
            let handoffs: Vec<Value> = handoffs(rota, now)
                .into_iter()
                .map(|(at, from, to)| json!({ "at": at.to_string(), "from": from, "to": to }))
                .collect();
            json!({
                "name": rota.name(), "on_duty": rota.planned(now).member,
                "next_handoffs": handoffs,
            })
        })
        .collect();
    let sources: Vec<Value> = config
        .sources
        .sources
        .values()
        .map(|source| {
            let kind = match &source.kind {
                SourceKind::Webhook { .. } => "webhook",
                SourceKind::Poll(_) => "poll",
                SourceKind::Portal => "portal",
                SourceKind::Mail(_) => "mail",
            };
            json!({ "id": source.id, "name": source.name, "kind": kind })
        })
        .collect();
    json!({ "members": members, "queues": queues, "rotas": rotas, "sources": sources })
}

/// The next handoffs: when, from whom, to whom.
fn handoffs(rota: &Rota, now: Timestamp) -> Vec<(Timestamp, MemberId, MemberId)> {
    let mut shift = rota.planned(now);
    let mut found = Vec::new();
    for _ in 0..HANDOFFS {
        if shift.ends_at == Timestamp::MAX {
            break;
        }
        let next = rota.planned(shift.ends_at);
        found.push((shift.ends_at, shift.member, next.member.clone()));
        shift = next;
    }
    found
}

/// What sentences are made with.
struct Words<'a> {
    config: &'a Config,
    lang: Lang,
    now: Timestamp,
}

impl Words<'_> {
    fn say(&self, id: &str, args: Args) -> String {
        say(self.lang, id, &args)
    }

    /// Indents what belongs to the line above.
    fn under(&self, id: &str, args: Args) -> String {
        format!("  {}", self.say(id, args))
    }

    fn names<'m>(&self, ids: impl IntoIterator<Item = &'m MemberId>) -> String {
        let members = &self.config.setup.members;
        let name = |id: &'m MemberId| {
            members
                .get(id)
                .map_or_else(|| id.to_string(), |member| member.name.clone())
        };
        let all: Vec<String> = ids.into_iter().map(name).collect();
        names(self.lang, &all)
    }

    fn people(&self) -> Vec<String> {
        let members = &self.config.setup.members;
        let args = Args::new()
            .with("count", members.len() as i64)
            .with("names", self.names(members.keys()));
        let leads = members.values().filter(|member| member.is_lead);
        let leads: Vec<&MemberId> = leads.map(|member| &member.id).collect();
        let mut lines = vec![self.say(msg!("check-members"), args)];
        if !leads.is_empty() {
            let args = Args::new().with("names", self.names(leads));
            lines.push(self.under(msg!("check-leads"), args));
        }
        lines
    }

    fn queue(&self, queue: &Queue) -> Vec<String> {
        let setup = &self.config.setup;
        let places: Vec<String> = queue
            .places
            .iter()
            .map(|place| format!("{}:{}", place.platform, place.channel))
            .collect();
        let args = Args::new()
            .with("name", queue.name.as_str())
            .with("id", queue.id.as_str());
        let mut lines = vec![self.say(msg!("check-queue"), args)];
        if queue.id == setup.default_queue {
            lines.push(self.under(msg!("check-queue-default"), Args::new()));
        }
        for rule in setup.routing.iter().filter(|rule| rule.queue == queue.id) {
            let args = Args::new().with("when", rule.when.text());
            lines.push(self.under(msg!("check-queue-route"), args));
        }
        let args = Args::new().with("places", list(self.lang, &places));
        lines.push(self.under(msg!("check-queue-places"), args));
        let args = Args::new().with("rota", queue.rota.as_str());
        let has_lines = queue.coverage.lines().len() > 1;
        lines.push(match queue.assignment {
            Assignment::Claim if has_lines => self.under(msg!("check-queue-lines"), Args::new()),
            Assignment::Duty if has_lines => {
                self.under(msg!("check-queue-lines-duty"), Args::new())
            }
            Assignment::Claim => self.under(msg!("check-queue-claim"), args),
            Assignment::Duty => self.under(msg!("check-queue-duty"), args),
        });
        let handoff = match queue.handoff {
            Otherwise::Keep => None,
            Otherwise::HandOver => Some(msg!("check-queue-handoff-hand-over")),
            Otherwise::Release => Some(msg!("check-queue-handoff-release")),
        };
        if let Some(id) = handoff {
            let within = amount(self.lang, queue.handoff_answer_within);
            lines.push(self.under(id, Args::new().with("within", within)));
        }
        match queue.contract {
            ContractRule::Off => {}
            ContractRule::Shown => {
                lines.push(self.under(msg!("check-queue-contract-shown"), Args::new()));
            }
            ContractRule::Required => {
                lines.push(self.under(msg!("check-queue-contract-required"), Args::new()));
            }
        }
        if queue.overflow > 0 {
            let args = Args::new().with("limit", i64::from(queue.overflow));
            lines.push(self.under(msg!("check-queue-overflow"), args));
        }
        let said = coverage::lines(setup, queue, self.lang, self.now);
        let said = said.into_iter().enumerate();
        lines.extend(said.map(|(n, line)| match n {
            0 => format!("  {line}"),
            _ => format!("    {line}"),
        }));
        if let Some(policy) = setup.policies.get(&queue.policy) {
            let args = Args::new()
                .with("policy", policy.name.as_str())
                .with("calendar", policy.working.as_str());
            lines.push(self.under(msg!("check-queue-policy"), args));
            lines.extend(policy.targets.iter().map(|row| self.row(row)));
            lines.push(self.wakes(policy));
        }
        lines
    }

    /// One row of the target table: `S1 critical, gold: first response 1 h (always), …`.
    fn row(&self, row: &Target) -> String {
        let clocks = [
            (Clock::FirstResponse, msg!("check-clock-first-response")),
            (Clock::NextResponse, msg!("check-clock-next-response")),
            (Clock::Claim, msg!("check-clock-claim")),
            (Clock::Resolution, msg!("check-clock-resolution")),
        ];
        let promises: Vec<String> = clocks
            .into_iter()
            .filter_map(|(clock, name)| {
                let promised = row.amount(clock)?;
                let time = amount(self.lang, SignedDuration::from_millis(promised.ms));
                let args = Args::new()
                    .with("clock", self.say(name, Args::new()))
                    .with("amount", time)
                    .with("calendar", promised.calendar.as_str());
                Some(self.say(msg!("check-promise"), args))
            })
            .collect();
        let promises = match promises.is_empty() {
            true => self.say(msg!("check-promise-none"), Args::new()),
            false => list(self.lang, &promises),
        };
        let severity = match row.severity {
            Some(found) => self.severity(found),
            None => self.say(msg!("check-any-severity"), Args::new()),
        };
        let plan = match &row.plan {
            Some(plan) => plan.clone(),
            None => self.say(msg!("check-any-plan"), Args::new()),
        };
        let args = Args::new()
            .with("severity", severity)
            .with("plan", plan)
            .with("promises", promises);
        match &row.region {
            Some(region) => {
                let args = args.with("region", region.as_str());
                format!("  {}", self.under(msg!("check-row-region"), args))
            }
            None => format!("  {}", self.under(msg!("check-row"), args)),
        }
    }

    /// Customers with days or a plan of their own, and the calendars of others.
    fn outside(&self) -> Vec<String> {
        let setup = &self.config.setup;
        let customers = setup.customers.iter().map(|customer| {
            let args = Args::new().with("names", list(self.lang, &customer.names));
            match (&customer.calendar, &customer.plan) {
                (Some(calendar), Some(plan)) => {
                    let args = args.with("calendar", calendar.as_str());
                    let args = args.with("plan", plan.as_str());
                    self.say(msg!("check-customer-both"), args)
                }
                (Some(calendar), None) => {
                    let args = args.with("calendar", calendar.as_str());
                    self.say(msg!("check-customer-calendar"), args)
                }
                (None, plan) => {
                    let args = args.with("plan", plan.as_deref().unwrap_or_default());
                    self.say(msg!("check-customer-plan"), args)
                }
            }
        });
        let feeds = setup.feeds.iter().map(|feed| {
            let args = Args::new()
                .with("calendars", list(self.lang, &feed.calendars))
                .with("host", feed.host());
            self.say(msg!("check-feed"), args)
        });
        let absences = setup.absences.iter().map(|(member, calendar)| {
            let args = Args::new().with("member", setup.people.name(member));
            match calendar.host() {
                Some(host) => self.say(msg!("check-absences"), args.with("host", host)),
                None => self.say(msg!("check-absences-file"), args),
            }
        });
        customers.chain(feeds).chain(absences).collect()
    }

    fn severity(&self, found: Severity) -> String {
        let level = Severity::ALL
            .iter()
            .position(|known| *known == found)
            .map_or(0, |index| index as u8 + 1);
        severity(self.lang, level)
    }

    fn wakes(&self, policy: &Policy) -> String {
        let worst: Vec<String> = policy.wake_up.iter().map(|s| self.severity(*s)).collect();
        let within = amount(
            self.lang,
            SignedDuration::from_millis(policy.urgent_within_ms),
        );
        let args = Args::new().with("within", within);
        match worst.is_empty() {
            true => self.under(msg!("check-wakes-needed-by"), args),
            false => self.under(
                msg!("check-wakes"),
                args.with("severities", list(self.lang, &worst)),
            ),
        }
    }

    fn rota(&self, rota: &Rota) -> Vec<String> {
        let args = Args::new()
            .with("rota", rota.name())
            .with("member", self.names([&rota.planned(self.now).member]));
        let mut lines = vec![self.say(msg!("check-rota"), args)];
        let said = facts::lines(&self.config.setup, rota, self.lang);
        lines.extend(said.into_iter().map(|line| format!("  {line}")));
        let zone = zone(&rota.version(self.now).zone).unwrap_or(TimeZone::UTC);
        for (at, from, to) in handoffs(rota, self.now) {
            let args = Args::new()
                .with("at", instant(self.lang, at, &zone, self.now))
                .with("from", self.names([&from]))
                .with("to", self.names([&to]));
            lines.push(self.under(msg!("check-rota-handoff"), args));
        }
        lines
    }

    /// The host alone: who knows the whole address can keep the alarm quiet.
    fn heartbeat(&self) -> Option<String> {
        let heartbeat = self.config.heartbeat.as_ref()?;
        let url: url::Url = heartbeat.url.expose().trim().parse().ok()?;
        let every = SignedDuration::try_from(heartbeat.every).ok()?;
        let args = Args::new()
            .with("every", span(self.lang, every))
            .with("host", url.host_str().unwrap_or_default());
        Some(self.say(msg!("check-heartbeat"), args))
    }

    fn sources(&self) -> Vec<String> {
        let sources = &self.config.sources.sources;
        if sources.is_empty() {
            return vec![self.say(msg!("check-no-sources"), Args::new())];
        }
        let lines = |source: &SourceConfig| {
            let args = || {
                let args = Args::new().with("name", source.name.as_str());
                args.with("id", source.id.as_str())
            };
            let comes = match &source.kind {
                SourceKind::Webhook { .. } => Some(msg!("check-source-webhook")),
                SourceKind::Portal => Some(msg!("check-source-portal")),
                SourceKind::Poll(_) | SourceKind::Mail(_) => None,
            };
            let asked = source.schedule().map(|schedule| match schedule {
                Schedule::Every(every) => self.say(
                    msg!("check-source-poll-every"),
                    args().with("every", span(self.lang, *every)),
                ),
                Schedule::Cron { cron, zone } => self.say(
                    msg!("check-source-poll-cron"),
                    args()
                        .with("cron", cron.as_str())
                        .with("zone", zone.as_str()),
                ),
            });
            let comes = comes.map(|id| self.say(id, args()));
            comes.into_iter().chain(asked).collect::<Vec<_>>()
        };
        sources.values().flat_map(lines).collect()
    }
}
