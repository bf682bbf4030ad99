#![allow(clippy::unwrap_used)]
//! The simulator over what a real desk has written: the record, the replay and what was really said agree.

use super::*;
use crate::app::ports::Delivery;
use crate::domain::inquiry::Clock;
use crate::testkit::world::{STORY, World, tokyo};
use crate::time::{SignedDuration, plus};

/// Tuesday to Friday of a week with everything in it: lunch, nights, an alarm, a cover, a handoff, a transfer.
async fn a_week(config: &str) -> World {
    let world = World::with(config, "2026-11-24 10:00").await;
    world.receive("A", |_| {}).await;
    world.until("2026-11-24 10:20").await;
    world.says("aoki", "claim Q-1").await;
    world.until("2026-11-24 11:10").await;
    world.says("aoki", "reply Q-1 見ています").await;
    world.receive("B", |_| {}).await;
    world.until("2026-11-24 20:00").await;
    world
        .receive("C", |mapped| mapped.severity = Some("S1".to_owned()))
        .await;
    world.until("2026-11-24 20:40").await;
    world.says("inoue", "claim Q-3").await;
    world
        .says(
            "ueda",
            "duty override eguchi 2026-11-25 13:00 2026-11-25 18:00",
        )
        .await;
    world.until("2026-11-25 14:00").await;
    world.receive("D", |_| {}).await;
    world.until("2026-11-25 16:00").await;
    world.says("inoue", "wait Q-3 vendor").await;
    world.says("ueda", "transfer Q-2 billing 請求の件").await;
    world.until("2026-11-27 12:00").await;
    world
}

fn trial(from: &str, until: &str, now: &str) -> Trial {
    let date = |wall: &str| wall.split(' ').next().unwrap().parse().unwrap();
    Trial {
        from: tokyo(from),
        until: tokyo(until),
        dates: (date(from), date(until)),
        now: tokyo(now),
        queue: None,
        policies: None,
        roster: None,
    }
}

fn week() -> Trial {
    trial("2026-11-24 00:00", "2026-11-28 00:00", "2026-11-27 12:00")
}

/// Whom the desk has really mentioned for an inquiry, from everything that it ever put out.
async fn mentioned(world: &World) -> BTreeMap<MemberId, u64> {
    let mut all = BTreeMap::new();
    for line in world.app.store.outbox(&[], 500).await.unwrap() {
        let mentions = match (&line.inquiry, line.what) {
            (Some(_), Delivery::Card { mentions, .. } | Delivery::Notice { mentions, .. }) => {
                mentions
            }
            _ => Vec::new(),
        };
        for member in mentions {
            *all.entry(member).or_default() += 1;
        }
    }
    all
}

#[tokio::test]
async fn the_past_is_replayed_as_it_was_down_to_every_mention() {
    for assignment in ["claim", "duty"] {
        let queue = "default = true";
        let config = STORY.replace(queue, &format!("{queue}\nassignment = \"{assignment}\""));
        let world = a_week(&config).await;
        let told = world.app.simulate(&week(), &mut |_, _| {}).await.unwrap();
        assert_eq!((told.inquiries, &told.left_out), (4, &Vec::new()));
        assert_eq!(told.mismatches, [], "{assignment}");
        assert_eq!(told.mismatched, [], "{assignment}");
        assert_eq!(told.refused, BTreeMap::new());
        assert_eq!(told.as_it_was, told.as_it_would_be);
        assert!(told.recorded.missed() > 0 && told.recorded.reminders > 10);
        let people = told.as_it_was.figures.people.iter();
        let replayed: BTreeMap<MemberId, u64> = people
            .map(|(who, called)| (who.clone(), called.notices))
            .collect();
        assert_eq!(replayed, mentioned(&world).await, "{assignment}");
        world.end().await;
    }
}

#[tokio::test]
async fn what_is_tried_holds_in_its_own_column_only() {
    let world = a_week(STORY).await;
    let was = world.app.simulate(&week(), &mut |_, _| {}).await.unwrap();
    let setup = &world.app.setup;
    let lax = |hash: &PolicyHash| {
        let mut policy = (*setup.policies[hash]).clone();
        for row in &mut policy.targets {
            for amount in [&mut row.first_response, &mut row.claim] {
                amount.as_mut().unwrap().ms *= 1_000;
            }
        }
        (PolicyHash("lax".to_owned()), Arc::new(policy))
    };
    let queues = setup.queues.values();
    let policies = queues.map(|queue| (queue.id.clone(), lax(&queue.policy)));
    let rotas = setup.rotas.clone();
    let trial = Trial {
        policies: Some(policies.collect()),
        roster: Some(Roster {
            of_queue: setup
                .queues
                .keys()
                .map(|queue| (queue.clone(), crate::domain::rota::Coverage::one("support")))
                .collect(),
            members: setup.members.keys().cloned().collect(),
            rotas,
        }),
        ..week()
    };
    let mut steps = Vec::new();
    let told = world
        .app
        .simulate(&trial, &mut |done, total| steps.push((done, total)))
        .await
        .unwrap();
    assert_eq!(steps, [(1, 4), (2, 4), (3, 4), (4, 4)]);
    assert_eq!(told.as_it_was, was.as_it_was);
    let missed = |column: &Column| column.figures.promises[&Clock::FirstResponse].missed;
    assert!(missed(&told.as_it_was) > 0);
    assert_eq!(missed(&told.as_it_would_be), 0);
    // The same order of the same people, and the cover of Wednesday afternoon with it.
    assert_eq!(told.as_it_would_be.turns, told.as_it_was.turns);
    world.end().await;
}

#[tokio::test]
async fn only_what_was_received_in_the_window_and_the_queue_is_replayed() {
    let world = a_week(STORY).await;
    let count = async |trial: Trial| {
        let told = world.app.simulate(&trial, &mut |_, _| {}).await.unwrap();
        told.inquiries
    };
    let wednesday = trial("2026-11-25 00:00", "2026-11-26 00:00", "2026-11-27 12:00");
    assert_eq!(count(wednesday).await, 1);
    let early = trial("2026-11-24 10:00", "2026-11-24 11:10", "2026-11-27 12:00");
    assert_eq!(count(early).await, 1);
    let none = trial("2026-11-01 00:00", "2026-11-02 00:00", "2026-11-27 12:00");
    assert_eq!(count(none).await, 0);
    // Q-2 lies in billing now, and was received in support.
    for (queue, expected) in [("support", 4), ("billing", 0)] {
        let trial = Trial {
            queue: Some(queue.into()),
            ..week()
        };
        assert_eq!(count(trial).await, expected, "{queue}");
    }
    world.end().await;
}

#[tokio::test]
async fn a_time_in_which_the_desk_was_down_is_told() {
    let world = World::at("2026-11-24 10:00").await;
    world.receive("A", |_| {}).await;
    world.down_until("2026-11-25 10:30").await;
    let told = world.app.simulate(&week(), &mut |_, _| {}).await.unwrap();
    // What broke broke at its instant, whoever looked when; but fewer reminders were said.
    let [reminders] = &told.mismatches[..] else {
        panic!("{:?}", told.mismatches)
    };
    assert_eq!(reminders.clock, None);
    assert!(reminders.recorded < reminders.replayed, "{reminders:?}");
    assert_eq!(told.mismatched, [Reference(1)]);
    world.end().await;
}

#[tokio::test]
async fn a_policy_of_a_former_configuration_is_replayed_from_its_snapshot() {
    let world = a_week(STORY).await;
    let before = world.app.simulate(&week(), &mut |_, _| {}).await.unwrap();
    let edited = STORY.replace(
        "preset = \"standard\"",
        "preset = \"standard\"\nquiet = \"3h\"",
    );
    assert_ne!(edited, STORY);
    let world = world.restarted(&edited).await;
    // Seen from before the edit, nothing has changed.
    let after = world.app.simulate(&week(), &mut |_, _| {}).await.unwrap();
    assert_eq!(after.as_it_was, before.as_it_was);
    let later = Trial {
        now: plus(tokyo("2026-11-27 12:00"), SignedDuration::from_mins(1)),
        ..week()
    };
    let told = world.app.simulate(&later, &mut |_, _| {}).await.unwrap();
    assert_eq!(told.mismatches, []);
    world.end().await;
}
