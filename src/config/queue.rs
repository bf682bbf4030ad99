//! `[[queue]]` and `[[route]]`: where inquiries lie, and how they get there.

use super::calendar::Calendars;
use super::coverage::coverage;
use super::desk::{Desk, Members};
use super::near::instead;
use super::policy::Draft;
use super::rota::{Rotas, member};
use super::section::{Field, Section};
use crate::app::ports::Place;
use crate::app::setup::{Assignment, Queue, Rule};
use crate::app::snapshot::{canonical_json, hash};
use crate::app::source_config::ROUTE_FIELDS;
use crate::domain::gate::{Gate, Need};
use crate::domain::ids::{MemberId, QueueId};
use crate::domain::inquiry::{Otherwise, PolicyHash};
use crate::domain::rota::OffHours;
use crate::domain::sla::Policy;
use crate::expr::{Engine, ErrorKind, Expression};
use crate::time::{SignedDuration, parse_span};
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// What queues are made of.
pub(super) struct Parts<'p, 'a> {
    pub desk: &'p Desk,
    pub members: &'p Members<'a>,
    pub calendars: &'p Calendars,
    pub policies: &'p BTreeMap<String, Option<Draft>>,
    pub rotas: &'p Rotas,
    /// Whether Discord is enabled.
    pub is_discord: bool,
}

/// The queues, their policies as they hold in them, and where everything else goes.
#[derive(Default)]
pub(super) struct Queues {
    pub all: BTreeMap<QueueId, Queue>,
    pub policies: BTreeMap<PolicyHash, (Policy, String)>,
    pub default: Option<QueueId>,
    /// Ids of queues that are written, right or wrong.
    pub ids: BTreeSet<String>,
}

/// Reads every `[[queue]]`.
pub(super) fn queues(root: &Section<'_>, parts: &Parts<'_, '_>) -> Queues {
    let mut queues = Queues::default();
    let sections = root.sections("queue");
    let mut without_chat: BTreeSet<MemberId> = BTreeSet::new();
    let mut has_default = false;
    for section in &sections {
        let id = section
            .need("id", "\"support\"")
            .and_then(|field| field.id());
        let queue = queue(section, id.unwrap_or_default(), parts, &mut queues.policies);
        let is_default = section.truth_or("default", false) || sections.len() == 1;
        has_default |= is_default;
        let Some(id) = id else { continue };
        if !queues.ids.insert(id.to_owned()) {
            section.wrong(
                "id",
                format!("queue {id:?} is there twice"),
                "give each queue an id of its own",
            );
        }
        if is_default && let Some(other) = &queues.default {
            section.wrong(
                "default",
                format!("queue \"{other}\" is the default already"),
                "one queue takes what no route takes",
            );
        } else if is_default {
            queues.default = Some(QueueId::from(id));
        }
        if let Some(queue) = queue {
            check_chat_ids(&queue, parts, &mut without_chat);
            queues.all.insert(queue.id.clone(), queue);
        }
    }
    match (has_default, sections.is_empty()) {
        (_, true) => root.wrong(
            "queue",
            "there is no queue",
            "add one: [[queue]] with an id, a rota, a policy and a calendar",
        ),
        (false, false) => root.wrong(
            "queue",
            "no queue is the default",
            "add default = true to the queue that takes what no route takes",
        ),
        (true, false) => {}
    }
    queues
}

fn queue(
    section: &Section<'_>,
    id: &str,
    parts: &Parts<'_, '_>,
    policies: &mut BTreeMap<PolicyHash, (Policy, String)>,
) -> Option<Queue> {
    let coverage = coverage(section, parts);
    let draft = named(section, "policy", parts.policies);
    let calendar = section
        .need("calendar", "\"office\"")
        .and_then(|field| parts.calendars.shared(&field));
    let zone = match section.field("zone") {
        Some(field) => field.zone().map(|(_, zone)| zone),
        None => Some(parts.desk.zone.clone()),
    };
    let assignments = [("claim", Assignment::Claim), ("duty", Assignment::Duty)];
    let assignment = section
        .field("assignment")
        .and_then(|field| field.choice(&assignments))
        .unwrap_or_default();
    let lang = section.field("lang").and_then(|field| field.lang());
    let channel = section
        .field("discord_channel")
        .and_then(|field| field.snowflake().map(|channel| (field.clone(), channel)));
    let people = |key: &str| -> Vec<MemberId> {
        section
            .texts(key)
            .into_iter()
            .filter_map(|(field, id)| member(&field, id, parts.members))
            .collect()
    };
    let (leads, members) = (people("leads"), people("members"));
    let mut places = vec![Place {
        platform: "desk".to_owned(),
        channel: id.to_owned(),
    }];
    if let Some((field, channel)) = channel {
        if parts.is_discord {
            places.push(Place {
                platform: "discord".to_owned(),
                channel: channel.to_owned(),
            });
        } else {
            field.odd(
                "the queue names a Discord channel, but discord is not enabled",
                "add enabled = true to [discord]",
            );
        }
    }
    let (calendar_name, calendar) = calendar?;
    let coverage = coverage?;
    let mut policy = draft?.1.within(&calendar_name, &calendar);
    if coverage.lines().len() > 1 {
        let rules = coverage.lines().iter().map(|line| line.rule.clone());
        policy.lines = rules.collect();
        let named = coverage.calendars().iter();
        let named = named.map(|(key, calendar)| (key.clone(), calendar.clone()));
        policy.calendars.extend(named);
    }
    policy.gate = gate(section);
    let body = canonical_json(&policy);
    let policy_hash = PolicyHash(hash(&body));
    policies.insert(policy_hash.clone(), (policy, body));
    Some(Queue {
        name: section.text("name").unwrap_or(id).to_owned(),
        id: QueueId::from(id),
        rota: coverage.rest().rota.clone(),
        coverage,
        policy: policy_hash,
        places,
        lang: lang.unwrap_or(parts.desk.lang),
        zone: zone?,
        assignment,
        leads,
        members,
        handoff: section
            .field("handoff")
            .and_then(|field| field.choice(&OTHERWISE))
            .unwrap_or_default(),
        handoff_answer_within: section
            .field("handoff_answer_within")
            .and_then(|field| field.span(parse_span))
            .unwrap_or(SignedDuration::from_hours(2)),
        overflow: section
            .field("overflow")
            .and_then(|field| field.number(0..=1000))
            .and_then(|limit| u32::try_from(limit).ok())
            .unwrap_or(0),
        contract: super::contract::rule(section),
    })
}

/// Reads what escalations to the queue must bring, by their kind.
fn gate(section: &Section<'_>) -> Gate {
    let Some(gate) = section.section("gate") else {
        return Gate::default();
    };
    let known = Need::ALL.map(|need| (need.key(), need));
    let needs = |key: &str| -> Vec<Need> {
        let texts = gate.texts(key).into_iter();
        let named = texts.filter_map(|(field, _)| field.choice(&known));
        // Listed in one order however they are written, each once.
        let named: BTreeSet<Need> = named.collect();
        named.into_iter().collect()
    };
    Gate {
        investigation: needs("investigation"),
        specification: needs("specification"),
    }
}

/// What may become of what nobody answers about at the handoff.
const OTHERWISE: [(&str, Otherwise); 3] = [
    ("keep", Otherwise::Keep),
    ("hand_over", Otherwise::HandOver),
    ("release", Otherwise::Release),
];

/// Finds the rota or policy that a queue names; a wrong one was reported where it stands.
pub(super) fn named<T: Clone>(
    section: &Section<'_>,
    key: &str,
    known: &BTreeMap<String, Option<T>>,
) -> Option<(String, T)> {
    let field = section.need(key, "\"standard\"")?;
    let name = field.text()?;
    match known.get(name) {
        Some(found) => found.clone().map(|found| (name.to_owned(), found)),
        None => {
            let names = known.keys().map(String::as_str);
            field.wrong_with(format!("there is no {key} {name:?}"), instead(name, names));
            None
        }
    }
}

/// Everybody whom a queue may call needs an id on each platform that it posts to.
fn check_chat_ids(queue: &Queue, parts: &Parts<'_, '_>, reported: &mut BTreeSet<MemberId>) {
    let mut called: BTreeSet<&MemberId> = queue.leads.iter().chain(&queue.members).collect();
    if queue.members.is_empty() {
        called.extend(parts.members.all.keys());
    }
    for line in queue.coverage.lines() {
        let Some(Some(rota)) = parts.rotas.get(&line.rota) else {
            continue;
        };
        for version in &rota.plan().versions {
            called.extend(version.people());
            if let OffHours::Member(member) = &version.off_hours {
                called.insert(member);
            }
        }
    }
    for place in queue.places.iter().filter(|place| place.platform != "desk") {
        for id in &called {
            let (Some(member), Some(section)) =
                (parts.members.all.get(*id), parts.members.sections.get(*id))
            else {
                continue;
            };
            if member.chat_ids.contains_key(&place.platform) || !reported.insert((*id).clone()) {
                continue;
            }
            section.wrong(
                "",
                format!(
                    "member \"{id}\" has no {} id, but queue \"{}\" posts there and may call them",
                    place.platform, queue.id
                ),
                format!(
                    "add {} = \"…\", or leave them out of the queue's members and rota",
                    place.platform
                ),
            );
        }
    }
}

/// Reads every `[[route]]`.
pub(super) fn routes(root: &Section<'_>, ids: &BTreeSet<String>) -> Vec<Rule> {
    let mut rules = Vec::new();
    for section in root.sections("route") {
        let when = section
            .need("when", "\"product == 'billing'\"")
            .and_then(|field| condition(&field));
        let queue = section.need("queue", "\"billing\"").and_then(|field| {
            let id = field.text()?;
            if !ids.contains(id) {
                let known = ids.iter().map(String::as_str);
                field.wrong_with(format!("there is no queue {id:?}"), instead(id, known));
                return None;
            }
            Some(QueueId::from(id))
        });
        let name = section.text("name").map(str::to_owned);
        rules.extend(
            when.zip(queue)
                .map(|(when, queue)| Rule { name, when, queue }),
        );
    }
    rules
}

/// Compiles a condition and tries it on a sample inquiry.
fn condition(field: &Field<'_>) -> Option<Expression> {
    let expression = expression(field)?;
    for path in expression.paths() {
        let root = path.split('.').next().unwrap_or(path);
        if !ROUTE_FIELDS.contains(&root) {
            field.wrong_with(
                format!("an inquiry has no field {root:?}"),
                instead(root, ROUTE_FIELDS),
            );
            return None;
        }
    }
    for document in samples() {
        if let Err(error) = expression.test(&document) {
            match document["body"].is_null() {
                true => field.wrong_with(
                    error.message,
                    "what the source did not say is null: give it a value, as in (region | default('', true))",
                ),
                false => field.wrong(error.message),
            }
            return None;
        }
    }
    Some(expression)
}

/// Compiles an expression, reporting what is wrong with it.
pub(super) fn expression(field: &Field<'_>) -> Option<Expression> {
    let text = field.text()?;
    Engine::new()
        .compile_expression(text)
        .map_err(|error| field.wrong(said(&error)))
        .ok()
}

/// What is wrong with a text of the language, with its place in it.
pub(super) fn said(error: &crate::expr::ExprError) -> String {
    match (error.kind, error.column) {
        (ErrorKind::Syntax, Some(column)) => format!("{} (at its column {column})", error.message),
        _ => error.message.clone(),
    }
}

/// Inquiries on which conditions are tried: one says everything, the other only what is always there.
fn samples() -> [Value; 2] {
    let mut full: Map<String, Value> = ROUTE_FIELDS
        .iter()
        .map(|name| ((*name).to_owned(), Value::from("sample")))
        .collect();
    full.insert("severity".to_owned(), json!("S3"));
    full.insert("contract".to_owned(), json!("covered"));
    full.insert("language".to_owned(), json!("ja"));
    full.insert("business_stopped".to_owned(), json!(false));
    full.insert("settings_checked".to_owned(), json!(true));
    let mut bare = full.clone();
    for name in [
        "body",
        "requester",
        "customer",
        "region",
        "language",
        "kind",
        "severity",
        "contract",
        "channel",
        "tried",
        "settings_checked",
        "environment",
        "error_text",
    ] {
        bare.insert(name.to_owned(), Value::Null);
    }
    [Value::Object(full), Value::Object(bare)]
}
