#![allow(clippy::unwrap_used)]
//! The account of deadlines and the notices of time, as people read them in both languages.

use super::why;
use crate::app::ports::People;
use crate::app::wording::{PlainText, Words, sentence};
use crate::domain::announce::announce;
use crate::domain::calendar::{Business, Calendar, Week};
use crate::domain::ids::TextId;
use crate::domain::inquiry::*;
use crate::domain::notice::Message;
use crate::domain::sla::*;
use crate::i18n::Lang;
use crate::time::{TimeZone, Timestamp, resolve};
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

const HOUR: i64 = 3_600_000;

fn tokyo() -> TimeZone {
    TimeZone::get("Asia/Tokyo").unwrap()
}

/// Wall time in Tokyo, `24 10:30` of November 2026; the 24th is a Tuesday.
fn at(wall: &str) -> Timestamp {
    let (day, time) = wall.split_once(' ').unwrap();
    resolve(
        format!("2026-11-{day:0>2}T{time}").parse().unwrap(),
        &tokyo(),
    )
}

fn policy(name: &str, first_response: i64) -> Policy {
    let hours = Business {
        zone: "Asia/Tokyo".to_owned(),
        week: Week::weekdays(&[
            "09:00-12:00".parse().unwrap(),
            "13:00-18:00".parse().unwrap(),
        ]),
        ..Business::default()
    };
    let amount = |hours: i64, calendar: &str| {
        Some(Amount {
            ms: hours * HOUR,
            calendar: calendar.to_owned(),
        })
    };
    let row = |severity, first, calendar: &str| Target {
        severity,
        plan: None,
        first_response: amount(first, calendar),
        next_response: amount(4, calendar),
        claim: None,
        resolution: None,
        vendor: amount(16, "office"),
        development: None,
        next_tier: None,
        region: None,
        yields: false,
    };
    let means = |ja: &str, en: &str| Definition {
        ja: ja.to_owned(),
        en: en.to_owned(),
    };
    Policy {
        name: name.to_owned(),
        targets: vec![
            row(Some(Severity::S1), 1, ALWAYS),
            row(None, first_response, "office"),
        ],
        calendars: BTreeMap::from([
            ("office".to_owned(), Calendar::business(hours).unwrap()),
            (ALWAYS.to_owned(), Calendar::around_the_clock()),
        ]),
        working: "office".to_owned(),
        lines: Vec::new(),
        ladders: default_ladders(),
        wake_up: Vec::new(),
        urgent_within_ms: 4 * HOUR,
        quiet_ms: 8 * HOUR,
        chase_days: 2,
        close_days: 5,
        reopen_days: 14,
        resolution_pauses: vec![WaitingOn::Requester],
        categories: vec!["不具合".to_owned()],
        severity_ladders: BTreeMap::new(),
        definitions: BTreeMap::from([
            (
                Severity::S1,
                means(
                    "本番の業務が止まり、回避策がない",
                    "production has stopped and there is no workaround",
                ),
            ),
            (
                Severity::S2,
                means("業務に大きな支障がある", "work is badly hindered"),
            ),
            (Severity::S3, means("業務は続けられる", "work can go on")),
        ]),
        release_after_ms: Some(20 * HOUR),
        gate: Default::default(),
    }
}

/// An inquiry on its way, with what was said about it.
struct Story {
    ledger: Vec<Entry>,
    policies: BTreeMap<PolicyHash, Arc<Policy>>,
    said: Vec<(Timestamp, Message)>,
}

impl Story {
    fn received(wall: &str, severity: Severity, policy: Policy) -> Story {
        let facts = Facts {
            title: "件名".into(),
            body: None,
            requester: None,
            customer: None,
            plan: "gold".to_owned(),
            product: String::new(),
            region: None,
            language: "ja".to_owned(),
            kind: Kind::Specification,
            severity,
            business_stopped: false,
            needed_by: None,
            flags: Vec::new(),
            calendar: None,
            intake: Default::default(),
        };
        let receive = Receive {
            id: "i1".into(),
            origin: Origin {
                source: "crm".into(),
                external_id: "A-1".to_owned(),
                url: None,
                revision: None,
            },
            facts,
            queue: "support".into(),
            policy: PolicyHash("old".to_owned()),
            escalated_at: None,
            assign_to: None,
            owner: None,
            follows: None,
            link: Default::default(),
            is_backlog: false,
            there: There::Open,
            contract: None,
            routed: None,
        };
        let by = Actor::Source("crm".into());
        let events = open(receive, &policy, &by, at(wall)).unwrap();
        let mut story = Story {
            ledger: Vec::new(),
            policies: BTreeMap::from([(PolicyHash("old".to_owned()), Arc::new(policy))]),
            said: Vec::new(),
        };
        story.record(&by, events, at(wall));
        story
    }

    fn state(&self) -> Inquiry {
        refold(&self.ledger).unwrap()
    }

    fn policy(&self) -> Arc<Policy> {
        self.policies[&self.state().policy].clone()
    }

    fn record(&mut self, by: &Actor, events: Vec<Event>, now: Timestamp) {
        let first = self.ledger.len();
        let mut before = refold(&self.ledger);
        for (event, seq) in events.into_iter().zip(first as u64 + 1..) {
            self.ledger.push(Entry {
                inquiry: "i1".into(),
                seq,
                at: now,
                actor: by.clone(),
                via: "test".to_owned(),
                event,
            });
        }
        let (after, policy) = (self.state(), self.policy());
        for entry in &self.ledger[first..] {
            let notices = announce(before.as_ref(), entry, &after, &policy);
            self.said
                .extend(notices.into_iter().map(|notice| (now, notice.message)));
            before = Some(evolve(before, entry));
        }
    }

    fn act(&mut self, wall: &str, command: Command) -> &mut Self {
        let by = match command {
            Command::Tick | Command::HandToDuty { .. } => Actor::System,
            _ => Actor::Member("aoki".into()),
        };
        let events = decide(&self.state(), &self.policy(), &by, command, at(wall)).unwrap();
        self.record(&by, events, at(wall));
        self
    }

    fn adopt(&mut self, wall: &str, policy: Policy) -> &mut Self {
        let to = PolicyHash("new".to_owned());
        let (state, from) = (self.state(), self.policy());
        let events = adopt(&state, &from, (&to, &policy), &Actor::System, at(wall));
        self.policies.insert(to, Arc::new(policy));
        self.record(&Actor::System, events, at(wall));
        self
    }

    fn in_words(&self, lang: Lang, messages: &[Message]) -> String {
        let texts: HashMap<TextId, String> = ["件名", "理由", "合意者", "依頼", "番号"]
            .into_iter()
            .map(|text| (TextId::from(text), format!("〈{text}〉")))
            .collect();
        let people = People::default();
        let zone = tokyo();
        let words = Words {
            lang,
            zone: &zone,
            now: at("24 00:00"),
            texts: &texts,
            people: &people,
        };
        let lines = messages
            .iter()
            .map(|message| sentence(message, &words, &PlainText));
        lines.collect::<Vec<_>>().join("\n")
    }

    /// The whole account in a language.
    fn why(&self, lang: Lang) -> String {
        let lines: Vec<Message> = account(&self.ledger, &self.policies)
            .iter()
            .flat_map(|(_, lines)| lines.iter().map(why))
            .collect();
        self.in_words(lang, &lines)
    }

    /// What was said from a moment on.
    fn notices(&self, lang: Lang, from: &str) -> String {
        let said: Vec<Message> = self
            .said
            .iter()
            .filter(|(when, _)| *when >= at(from))
            .map(|(_, message)| message.clone())
            .collect();
        self.in_words(lang, &said)
    }
}

fn reply() -> Command {
    Command::Reply {
        text: "理由".into(),
        is_question: false,
        has_way_back: true,
    }
}

fn wait_for_vendor() -> Command {
    Command::Wait {
        on: WaitingOn::Vendor,
        chase_at: None,
        asked: Some("依頼".into()),
        case: Some("番号".into()),
    }
}

fn propose(to: Severity) -> Command {
    Command::ProposeSeverity {
        to,
        reason: "理由".into(),
    }
}

/// Everything that can happen to a first response, and a wait that runs.
fn eventful() -> Story {
    let mut story = Story::received("24 11:00", Severity::S2, policy("standard", 4));
    story
        .act("24 11:10", Command::Claim)
        .act("24 11:20", propose(Severity::S1))
        .act(
            "24 11:30",
            Command::AgreeSeverity {
                to: None,
                note: Some("合意者".into()),
            },
        )
        .act(
            "24 11:40",
            Command::SetSeverity {
                to: Severity::S3,
                reason: None,
            },
        )
        .adopt("24 11:45", policy("standard", 6))
        .act("24 14:00", reply());
    let of = story.ledger.len() as u64;
    story.act(
        "24 15:00",
        Command::ReplyFailed {
            of,
            why: "410 Gone".to_owned(),
        },
    );
    story
        .act("24 16:00", reply())
        .act("24 17:00", wait_for_vendor());
    story
}

#[test]
fn every_deadline_accounts_for_itself_in_japanese() {
    insta::assert_snapshot!(eventful().why(Lang::Ja));
}

#[test]
fn every_deadline_accounts_for_itself_in_english() {
    insta::assert_snapshot!(eventful().why(Lang::En));
}

/// What is said about time: at risk, broken, still late; a wait; silence, and what follows from it.
fn told(lang: Lang) -> String {
    let mut late = Story::received("24 09:00", Severity::S2, policy("standard", 4));
    late.act("24 09:10", Command::Claim);
    for tick in ["24 13:30", "24 14:00", "24 15:00"] {
        late.act(tick, Command::Tick);
    }
    let mut night = Story::received("24 16:00", Severity::S1, policy("standard", 4));
    night.act("24 16:10", Command::Claim);
    night.act("25 09:00", Command::Tick);
    let mut waits = Story::received("24 09:00", Severity::S2, policy("standard", 4));
    waits
        .act("24 09:10", Command::Claim)
        .act("24 10:00", reply());
    waits.act("24 16:00", wait_for_vendor());
    for tick in ["26 11:00", "26 16:00", "30 16:00"] {
        waits.act(tick, Command::Tick);
    }
    let mut quiet = Story::received("24 09:00", Severity::S2, policy("standard", 4));
    quiet
        .act("24 09:10", Command::Claim)
        .act("24 10:00", reply());
    for tick in ["25 10:00", "26 10:00"] {
        quiet.act(tick, Command::Tick);
    }
    quiet.act("26 15:00", Command::HandToDuty { to: "ueda".into() });
    let mut snoozed = Story::received("24 09:00", Severity::S2, policy("standard", 4));
    snoozed
        .act("24 09:10", Command::SnoozeUntilReply)
        .act("24 09:20", Command::Unsnooze);
    [
        late.notices(lang, "24 10:00"),
        night.notices(lang, "25 09:00"),
        waits.notices(lang, "24 16:00"),
        quiet.notices(lang, "25 09:00"),
        snoozed.notices(lang, "24 09:10"),
        eventful().notices(lang, "24 11:20"),
    ]
    .join("\n\n")
}

#[test]
fn notices_of_time_give_local_time_and_what_is_left_in_japanese() {
    insta::assert_snapshot!(told(Lang::Ja));
}

#[test]
fn notices_of_time_give_local_time_and_what_is_left_in_english() {
    insta::assert_snapshot!(told(Lang::En));
}

#[test]
fn a_second_start_with_the_same_policy_is_told_once() {
    let story = eventful();
    let told = story.why(Lang::En);
    assert_eq!(told.matches("policy standard edited").count(), 1, "{told}");
}
