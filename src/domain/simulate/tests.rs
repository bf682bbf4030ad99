#![allow(clippy::unwrap_used)]
//! Replays of histories: the same rules give the same, other rules what they promise.

mod identity;
mod roster;

use super::*;
use crate::domain::calendar::{Business, Calendar, Week};
use crate::domain::inquiry::{
    Actor, Clock, Command, Entry, Event, Facts, Inquiry, Kind, Origin, Ownership, Receive,
    Resolution, Severity, adopt, decide, evolve, open,
};
use crate::domain::rota::{Cadence, Plan, Version};
use crate::domain::sla::{ALWAYS, Amount, Target, default_ladders, next_after};
use crate::time::{TimeZone, plus, resolve};

const HOUR: i64 = 3_600_000;

/// Wall time in Tokyo: `24 10:30` is that day of November 2026, a Tuesday the 24th.
fn at(wall: &str) -> Timestamp {
    let (day, time) = wall.split_once(' ').unwrap();
    let local = format!("2026-11-{day:0>2}T{time}").parse().unwrap();
    resolve(local, &TimeZone::get("Asia/Tokyo").unwrap())
}

fn office() -> Calendar {
    let hours = Business {
        zone: "Asia/Tokyo".to_owned(),
        week: Week::weekdays(&[
            "09:00-12:00".parse().unwrap(),
            "13:00-18:00".parse().unwrap(),
        ]),
        ..Business::default()
    };
    Calendar::business(hours).unwrap()
}

/// Working hours as `office`; a first response within so many of its hours, S1 around the clock and waking people.
fn policy(first_response: i64) -> Policy {
    let row = |severity, calendar: &str| {
        let amount = |hours| {
            Some(Amount {
                ms: hours * HOUR,
                calendar: calendar.to_owned(),
            })
        };
        Target {
            severity,
            plan: None,
            first_response: amount(first_response),
            next_response: amount(4),
            claim: amount(1),
            resolution: amount(16),
            region: None,
            yields: false,
            vendor: None,
            development: None,
            next_tier: None,
        }
    };
    Policy {
        name: format!("within {first_response} h"),
        targets: vec![row(Some(Severity::S1), ALWAYS), row(None, "office")],
        calendars: BTreeMap::from([
            ("office".to_owned(), office()),
            (ALWAYS.to_owned(), Calendar::around_the_clock()),
        ]),
        working: "office".to_owned(),
        ladders: default_ladders(),
        wake_up: vec![Severity::S1],
        urgent_within_ms: 4 * HOUR,
        quiet_ms: 8 * HOUR,
        chase_days: 2,
        close_days: 5,
        reopen_days: 14,
        resolution_pauses: Vec::new(),
        categories: vec!["bug".to_owned()],
        definitions: BTreeMap::new(),
        lines: Vec::new(),
        release_after_ms: None,
        gate: Default::default(),
        severity_ladders: BTreeMap::new(),
    }
}

fn rota(name: &str, participants: &[&str]) -> Rota {
    let version = Version {
        starts: "2026-11-02".parse().unwrap(),
        zone: "Asia/Tokyo".to_owned(),
        handoff: "09:30".parse().unwrap(),
        cadence: Cadence::DAILY,
        works: Some(office()),
        participants: participants.iter().map(|id| MemberId::from(*id)).collect(),
        off_hours: Default::default(),
        begins: None,
        on: Vec::new(),
        dated: None,
    };
    Rota::new(Plan {
        name: name.to_owned(),
        versions: vec![version],
    })
    .unwrap()
}

fn hash(name: &str) -> PolicyHash {
    PolicyHash(name.to_owned())
}

/// A desk of four whose first response is due within two hours (`p1`, `p2` in the other queue: the same).
fn side() -> Side {
    let members = ["aoki", "inoue", "ueda", "eguchi"];
    let desk = Desk {
        coverage: Coverage::one("support"),
        gives_out: false,
        leads: vec!["ueda".into()],
        team: members.map(MemberId::from).to_vec(),
    };
    let policies = [("p1", 2), ("p2", 2), ("strict", 1), ("lax", 6)];
    Side {
        policies: policies
            .map(|(name, hours)| (hash(name), Arc::new(policy(hours))))
            .into(),
        instead: None,
        desks: [("support".into(), desk.clone()), ("billing".into(), desk)].into(),
        default_queue: "support".into(),
        rotas: [("support".to_owned(), rota("support", &members))].into(),
        overrides: HashMap::new(),
        book: Arc::default(),
        roles: BTreeMap::new(),
        members: members.map(MemberId::from).into(),
    }
}

fn under(policy: &str) -> Side {
    Side {
        instead: Some([("support".into(), hash(policy))].into()),
        ..side()
    }
}

/// A history in the making, on a desk that runs: what falls due is done at its moment.
struct Live {
    side: Side,
    ledger: Vec<Entry>,
    state: Option<Inquiry>,
    now: Timestamp,
    /// When the desk looked last at what is due, and at which line.
    looked: Option<(u64, Timestamp)>,
}

impl Live {
    fn received(wall: &str, change: impl FnOnce(&mut Receive)) -> Live {
        Live::on(side(), wall, change)
    }

    fn on(side: Side, wall: &str, change: impl FnOnce(&mut Receive)) -> Live {
        let mut receive = Receive {
            id: "i1".into(),
            origin: Origin {
                source: "crm".into(),
                external_id: "A-1".to_owned(),
                url: None,
                revision: None,
            },
            facts: Facts {
                title: "title".into(),
                body: None,
                requester: None,
                customer: None,
                plan: "gold".to_owned(),
                product: "core".to_owned(),
                region: None,
                language: "ja".to_owned(),
                kind: Kind::Investigation,
                severity: Severity::S3,
                business_stopped: false,
                needed_by: None,
                flags: Vec::new(),
                calendar: None,
                intake: Default::default(),
            },
            queue: "support".into(),
            policy: hash("p1"),
            escalated_at: None,
            assign_to: None,
            owner: None,
            follows: None,
            link: Default::default(),
            is_backlog: false,
            there: crate::domain::inquiry::There::Open,
            contract: None,
            routed: None,
        };
        change(&mut receive);
        let now = at(wall);
        let by = Actor::Source("crm".into());
        let policy = side.policy(&receive.policy).unwrap();
        let case = crate::domain::sla::Case::of_facts(&receive.facts);
        let is_awake = policy.is_awake(case, now) || policy.wakes_from(case, now) == Some(now);
        if side.desk(&receive.queue).gives_out && is_awake {
            receive.assign_to = Some(side.called(&receive.queue, None, now));
        }
        let events = open(receive, policy, &by, now).unwrap();
        let mut live = Live {
            side,
            ledger: Vec::new(),
            state: None,
            now,
            looked: None,
        };
        live.record(&by, events);
        live
    }

    fn state(&self) -> Inquiry {
        self.state.clone().unwrap()
    }

    fn record(&mut self, by: &Actor, events: Vec<Event>) {
        for event in events {
            let entry = Entry {
                inquiry: "i1".into(),
                seq: self.ledger.len() as u64 + 1,
                at: self.now,
                actor: by.clone(),
                via: "test".to_owned(),
                event,
            };
            self.state = Some(evolve(self.state.take(), &entry));
            self.ledger.push(entry);
        }
    }

    /// Lets the desk run until then: it hands over, looks at what is due and opens its queues at their moments.
    fn pass(&mut self, until: Timestamp) {
        loop {
            let state = self.state();
            let policy = self.side.policy(&state.policy).unwrap();
            let tick = next_after(&state, policy, self.now).map(|due| due.max(self.now));
            // As the engine does: what stays due is looked at again after a while.
            let tick = match self.looked {
                Some((seq, at)) if seq == state.seq && tick == Some(at) => {
                    Some(plus(at, crate::time::SignedDuration::from_secs(30)))
                }
                _ => tick,
            };
            let handoff = self.side.rota(&state.queue, None, self.now);
            let handoff = Some(handoff.next_handoff(self.now));
            let opening = policy.working().next_day_opening(self.now);
            let next = [tick, handoff, opening].into_iter().flatten().min();
            let Some(next) = next.filter(|next| *next <= until) else {
                break;
            };
            self.now = next;
            if handoff == Some(next) {
                self.turn();
            }
            if tick == Some(next) {
                self.look();
                self.looked = Some((self.state().seq, next));
            }
            if opening == Some(next) {
                self.give_out();
            }
        }
        self.now = until;
    }

    fn look(&mut self) {
        for command in [
            Command::Tick,
            Command::HandToDuty {
                to: self.side.called(&self.state().queue, None, self.now),
            },
            Command::Tick,
        ] {
            let state = self.state();
            let policy = self.side.policy(&state.policy).unwrap();
            let events = decide(&state, policy, &Actor::System, command, self.now).unwrap();
            self.record(&Actor::System, events);
        }
    }

    fn turn(&mut self) {
        let state = self.state();
        let rota = self.side.rota(&state.queue, None, self.now);
        let duty = |at| rota.on_duty(at, self.side.overrides(rota)).shift.member;
        let (new, old) = (
            duty(self.now),
            duty(plus(self.now, crate::time::SignedDuration::from_millis(-1))),
        );
        let is_given = matches!(
            &state.ownership,
            Ownership::Assigned { to, by: Actor::System, .. } if *to == old
        );
        if state.is_open() && is_given && new != old {
            let given = Event::Assigned {
                to: new,
                by_desk: true,
            };
            self.record(&Actor::System, vec![given]);
        }
    }

    fn give_out(&mut self) {
        let state = self.state();
        let policy = self.side.policy(&state.policy).unwrap();
        let closed_at = policy.working().last_close_before(self.now).unwrap();
        let is_waiting = matches!(state.ownership, Ownership::Unclaimed { .. })
            && state.is_open()
            && state.is_awaited()
            && closed_at <= state.received_at;
        if is_waiting && self.side.desk(&state.queue).gives_out {
            let to = self.side.called(&state.queue, None, self.now);
            let given = Event::Assigned { to, by_desk: true };
            self.record(&Actor::System, vec![given]);
        }
    }

    /// Somebody does something now; whether it was let through.
    fn does(&mut self, by: &Actor, command: Command) -> bool {
        let state = self.state();
        let policy = self.side.policy(&state.policy).unwrap();
        match decide(&state, policy, by, command, self.now) {
            Ok(events) => self.record(by, events),
            Err(_) => return false,
        }
        true
    }

    fn act(&mut self, who: &str, wall: &str, command: Command) {
        self.pass(at(wall));
        let by = match who {
            "requester" => Actor::Requester,
            member => Actor::Member(member.into()),
        };
        assert!(self.does(&by, command), "{who} at {wall}");
    }
}

fn reply() -> Command {
    Command::Reply {
        text: "r".into(),
        is_question: false,
        has_way_back: true,
    }
}

fn resolution() -> Command {
    Command::Resolve(Resolution {
        category: Some("bug".to_owned()),
        cause: Some("c".into()),
        workaround: Some("w".into()),
        ..Resolution::empty()
    })
}

/// Claimed at once on Tuesday morning, answered after three working hours, resolved in the evening.
fn a_day() -> Live {
    let mut live = Live::received("24 10:00", |_| {});
    live.act("inoue", "24 10:05", Command::Claim);
    live.act("inoue", "24 14:00", reply());
    live.act("inoue", "24 17:00", resolution());
    live
}

#[track_caller]
fn missed(side: &Side, live: &Live) -> u64 {
    let replayed = replay(&live.ledger, side, at("30 18:00")).unwrap();
    assert_eq!(replayed.refused, []);
    replayed.figures.promises[&Clock::FirstResponse].missed
}

#[test]
fn a_tighter_policy_breaches_more_and_a_laxer_one_fewer() {
    // After one, three and five working hours.
    let days = ["24 11:00", "24 14:00", "24 16:00"].map(|replied| {
        let mut live = Live::received("24 10:00", |_| {});
        live.act("inoue", "24 10:05", Command::Claim);
        live.act("inoue", replied, reply());
        live
    });
    let missed = |side: &Side| days.iter().map(|day| missed(side, day)).sum::<u64>();
    assert_eq!(missed(&under("strict")), 2);
    assert_eq!(missed(&side()), 2);
    assert_eq!(missed(&under("lax")), 0);
}

#[test]
fn a_reply_at_the_very_deadline_of_the_tried_policy_is_in_time() {
    let mut live = Live::received("24 10:00", |_| {});
    live.act("inoue", "24 11:00", reply());
    assert_eq!(missed(&under("strict"), &live), 0);
    let mut live = Live::received("24 10:00", |_| {});
    live.act("inoue", "24 11:01", reply());
    assert_eq!(missed(&under("strict"), &live), 1);
}

#[test]
fn an_assignee_who_notes_what_is_closed_does_nothing_that_is_refused() {
    let mut live = Live::received("24 10:00", |_| {});
    let to = MemberId::from("ueda");
    live.act("aoki", "24 10:01", Command::Assign { to });
    let reason = crate::domain::inquiry::CloseReason::Spam;
    live.act("aoki", "24 10:02", Command::Close { reason, note: None });
    let text = crate::domain::ids::TextId::from("t");
    live.act("ueda", "24 10:03", Command::Note { text });
    let replayed = replay(&live.ledger, &side(), at("24 18:00")).unwrap();
    assert_eq!(replayed.refused, vec![]);
    assert_eq!(replayed.inquiry, live.state());
}

#[test]
fn a_clock_that_promises_nothing_is_not_counted() {
    let mut side = under("lax");
    let mut silent = policy(6);
    for row in &mut silent.targets {
        row.resolution = None;
    }
    side.policies.insert(hash("lax"), Arc::new(silent));
    let replayed = replay(&a_day().ledger, &side, at("30 18:00")).unwrap();
    let clocks: Vec<Clock> = replayed.figures.promises.keys().copied().collect();
    assert_eq!(clocks, [Clock::FirstResponse, Clock::Claim]);
}

#[test]
fn the_notices_go_to_whoever_would_have_had_the_duty() {
    let mut live = Live::received("24 10:00", |_| {});
    live.pass(at("24 18:00"));
    let told = |side: &Side| {
        let replayed = replay(&live.ledger, side, at("24 18:00")).unwrap();
        let people = replayed.figures.people.into_iter();
        people
            .map(|(who, called)| format!("{who} {}", called.notices))
            .collect::<Vec<_>>()
            .join(", ")
    };
    // Tuesday is aoki's; ueda leads, and is told of breaches.
    let was = told(&side());
    let mut other = side();
    other.rotas = [("nights".to_owned(), rota("nights", &["kato"]))].into();
    other.members.insert("kato".into());
    for desk in other.desks.values_mut() {
        desk.coverage = Coverage::one("nights");
    }
    assert_eq!(was, "aoki 11, ueda 2");
    assert_eq!(told(&other), "kato 11, ueda 2");
}

#[test]
fn an_override_of_the_past_holds_in_the_replay() {
    let live = Live::received("24 10:00", |_| {});
    let mut covered = side();
    covered.overrides.insert(
        "support".to_owned(),
        vec![Override {
            member: "eguchi".into(),
            starts_at: at("24 09:30"),
            ends_at: at("24 10:30"),
        }],
    );
    let replayed = replay(&live.ledger, &covered, at("24 10:01")).unwrap();
    let people: Vec<&str> = replayed
        .figures
        .people
        .keys()
        .map(MemberId::as_str)
        .collect();
    assert_eq!(people, ["eguchi"]);
}

#[test]
fn a_night_and_a_day_off_are_counted_once_whatever_was_said() {
    let urgent = |receive: &mut Receive| receive.facts.severity = Severity::S1;
    // Friday evening until Saturday noon: one night, one day off, and the alarm every quarter of an hour.
    let mut live = Live::received("27 23:50", urgent);
    live.pass(at("28 12:00"));
    let replayed = replay(&live.ledger, &side(), at("28 12:00")).unwrap();
    let duty = &replayed.figures.people[&"eguchi".into()];
    assert!(duty.outside_hours > 40, "{duty:?}");
    assert_eq!(duty.outside_hours, duty.notices);
    let dates = |days: &BTreeSet<crate::time::Date>| {
        let days: Vec<String> = days.iter().map(ToString::to_string).collect();
        days.join(" ")
    };
    assert_eq!(dates(&duty.nights), "2026-11-27");
    assert_eq!(dates(&duty.days_off), "2026-11-28");
}

#[test]
fn an_act_that_the_tried_rules_refuse_is_counted() {
    // Under the strict policy it has closed by silence before the requester agrees and somebody reopens it.
    let mut live = a_day();
    live.act("inoue", "26 10:00", Command::Reopen { reason: None });
    let mut quick = under("strict");
    let mut policy = policy(1);
    policy.reopen_days = 0;
    policy.close_days = 1;
    quick.policies.insert(hash("strict"), Arc::new(policy));
    let replayed = replay(&live.ledger, &quick, at("30 18:00")).unwrap();
    let refused: Vec<&str> = replayed.refused.iter().map(|act| act.act).collect();
    assert_eq!(refused, ["reopened"]);
}

#[test]
fn a_category_that_the_tried_policy_does_not_know_is_taken_as_it_was() {
    let mut other = under("lax");
    let mut policy = policy(6);
    policy.categories = vec!["other".to_owned()];
    other.policies.insert(hash("lax"), Arc::new(policy));
    let replayed = replay(&a_day().ledger, &other, at("24 18:00")).unwrap();
    assert_eq!(replayed.refused, []);
    assert!(!replayed.inquiry.is_open());
}

#[test]
fn a_chase_date_that_nobody_gave_follows_the_tried_policy() {
    let mut live = Live::received("24 10:00", |_| {});
    live.act("inoue", "24 10:05", Command::Claim);
    let vendor = crate::domain::inquiry::WaitingOn::Vendor;
    let wait = |chase_at| Command::Wait {
        on: vendor,
        chase_at,
        asked: None,
        case: None,
    };
    live.act("inoue", "24 10:10", wait(None));
    let mut patient = under("lax");
    let mut policy = policy(6);
    policy.chase_days = 3;
    patient.policies.insert(hash("lax"), Arc::new(policy));
    let chase = |live: &Live, side: &Side| {
        let replayed = replay(&live.ledger, side, at("24 18:00")).unwrap();
        match replayed.inquiry.stage {
            crate::domain::inquiry::Stage::Waiting { chase_at, .. } => chase_at,
            stage => panic!("{stage:?}"),
        }
    };
    assert_eq!(chase(&live, &side()), at("26 10:10"));
    assert_eq!(chase(&live, &patient), at("27 10:10"));
    live.act("inoue", "24 10:20", Command::Resume { answer: None });
    live.act("inoue", "24 10:20", wait(Some(at("25 15:00"))));
    assert_eq!(chase(&live, &patient), at("25 15:00"));
}

#[test]
fn whoever_has_the_duty_here_accepts_what_the_desk_gave_them() {
    let mut live = Live::received("24 10:00", |receive| {
        receive.assign_to = Some("aoki".into());
    });
    live.act("aoki", "24 10:30", Command::Accept);
    live.act("aoki", "24 11:00", reply());
    let mut gives_out = side();
    for desk in gives_out.desks.values_mut() {
        desk.gives_out = true;
    }
    let replayed = replay(&live.ledger, &gives_out, at("24 12:00")).unwrap();
    assert_eq!(replayed.inquiry, live.state());
    gives_out.rotas = [("support".to_owned(), rota("support", &["eguchi"]))].into();
    let replayed = replay(&live.ledger, &gives_out, at("24 12:00")).unwrap();
    assert_eq!(replayed.inquiry.holder(), Some(&"eguchi".into()));
    assert_eq!(replayed.refused, []);
    assert_eq!(replayed.figures.promises[&Clock::FirstResponse].met, 1);
}

#[test]
fn what_came_in_at_night_is_given_out_in_the_morning_and_passed_on_at_the_handoff() {
    let live = Live::received("24 20:00", |_| {});
    let mut gives_out = side();
    for desk in gives_out.desks.values_mut() {
        desk.gives_out = true;
    }
    let holder = |until: &str| {
        let replayed = replay(&live.ledger, &gives_out, at(until)).unwrap();
        replayed.inquiry.holder().map(ToString::to_string)
    };
    assert_eq!(holder("25 08:59"), None);
    assert_eq!(holder("25 09:00").as_deref(), Some("aoki"));
    assert_eq!(holder("25 09:30").as_deref(), Some("inoue"));
}

#[test]
fn worked_days_and_days_off_are_counted_apart() {
    let side = side();
    let counted = |overrides: &HashMap<String, Vec<Override>>| {
        let (from, until) = ("2026-11-23", "2026-11-30");
        let side = Side {
            overrides: overrides.clone(),
            ..side.clone()
        };
        let (from, until) = (from.parse().unwrap(), until.parse().unwrap());
        let rota = &side.rotas["support"];
        let all = side.with_staff(&"support".into(), |staff| turns(staff, rota, from, until));
        all.iter()
            .map(|(who, had)| format!("{who} {}+{}", had.worked_days, had.days_off))
            .collect::<Vec<_>>()
            .join(", ")
    };
    // Friday's duty has the weekend.
    assert_eq!(
        counted(&HashMap::new()),
        "aoki 1+0, eguchi 2+2, inoue 1+0, ueda 1+0"
    );
    let cover = Override {
        member: "ueda".into(),
        starts_at: at("28 00:00"),
        ends_at: at("29 00:00"),
    };
    assert_eq!(
        counted(&HashMap::from([("support".to_owned(), vec![cover])])),
        "aoki 1+0, eguchi 2+1, inoue 1+0, ueda 1+1"
    );
}

#[test]
fn a_ledger_without_a_receipt_or_with_an_unknown_policy_is_an_error() {
    let live = a_day();
    let until = at("30 18:00");
    assert_eq!(
        replay(&[], &side(), until).unwrap_err(),
        ReplayError::NoReceipt
    );
    assert_eq!(
        replay(&live.ledger[1..], &side(), until).unwrap_err(),
        ReplayError::NoReceipt
    );
    let mut forgetful = side();
    forgetful.policies.remove(&hash("p1"));
    assert_eq!(
        replay(&live.ledger, &forgetful, until)
            .unwrap_err()
            .to_string(),
        "policy p1 is not known"
    );
}

#[test]
fn what_is_held_is_counted_apart() {
    let checked = crate::domain::inquiry::Checked {
        finding: crate::domain::contract::Finding::None,
        is_required: true,
    };
    let mut live = Live::received("24 10:00", |receive| {
        receive.contract = Some(checked.clone())
    });
    live.act("inoue", "24 10:05", Command::Claim);
    live.pass(at("25 18:00"));
    let held = replay(&live.ledger, &under("strict"), at("25 18:00")).unwrap();
    assert!(held.figures.promises.is_empty());
    assert_eq!(held.figures.no_contract, 1);
    // Once it is an exception it is one among the others, and breaks what is tried from its receipt.
    let reason = crate::domain::ids::TextId::from("t");
    live.act("inoue", "26 09:30", Command::ExceptContract { reason });
    live.pass(at("27 18:00"));
    let taken = replay(&live.ledger, &side(), at("27 18:00")).unwrap();
    assert_eq!(taken.refused, []);
    assert_eq!(taken.inquiry, live.state());
    assert_eq!(taken.figures.no_contract, 0);
    assert_eq!(taken.figures.promises[&Clock::FirstResponse].missed, 1);
}

#[test]
fn what_came_in_at_night_without_a_contract_is_given_out_in_the_morning() {
    let mut side = side();
    for desk in side.desks.values_mut() {
        desk.gives_out = true;
    }
    let checked = crate::domain::inquiry::Checked {
        finding: crate::domain::contract::Finding::None,
        is_required: true,
    };
    let mut live = Live::on(side, "24 20:00", |receive| receive.contract = Some(checked));
    live.pass(at("25 18:00"));
    assert!(matches!(live.state().ownership, Ownership::Assigned { .. }));
    let replayed = replay(&live.ledger, &live.side, at("25 18:00")).unwrap();
    assert_eq!(replayed.inquiry, live.state());
}
