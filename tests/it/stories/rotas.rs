//! Rotas that are edited while the desk runs: what was shown stays, and what comes begins at a handoff.

#![allow(clippy::unwrap_used)]

use insta::assert_snapshot;
use std::collections::BTreeSet;
use toban::domain::rota::{Rota, Shift};
use toban::testkit::world::{STORY, World, tokyo};
use toban::time::SignedDuration;

const ORDER: &str = r#"participants = ["aoki", "inoue", "ueda", "eguchi"]"#;

/// The story's configuration with one text in place of another.
fn edited(config: &str, from: &str, to: &str) -> String {
    let edited = config.replacen(from, to, 1);
    assert_ne!(edited, config, "{from:?} is not there");
    edited
}

fn rota(world: &World) -> &Rota {
    &world.app.setup.rotas["support"]
}

/// The shifts between two wall times in Tokyo.
async fn shifts(world: &World, from: &str, until: &str) -> Vec<Shift> {
    let shifts = world.app.shifts(rota(world), tokyo(from), tokyo(until));
    shifts.await.unwrap()
}

/// Whoever has the turns between two wall times, in order.
async fn turns(world: &World, from: &str, until: &str) -> Vec<String> {
    let shifts = shifts(world, from, until).await;
    shifts
        .iter()
        .map(|shift| shift.member.to_string())
        .collect()
}

#[tokio::test]
async fn an_edited_roster_holds_from_the_next_handoff() {
    let world = World::at("2026-11-24 08:00").await;
    world.until("2026-11-24 15:00").await;
    let past = shifts(&world, "2026-10-01 00:00", "2026-11-25 09:30").await;
    assert_eq!(
        turns(&world, "2026-11-24 15:00", "2026-11-27 18:00").await,
        ["ueda", "eguchi", "aoki", "inoue"]
    );
    world.heard();

    // 上田 has today and leaves the order; 井上 and 青木 change places.
    let config = edited(
        STORY,
        ORDER,
        r#"participants = ["eguchi", "inoue", "aoki"]"#,
    );
    let world = world.restarted(&config).await;
    assert_eq!(
        shifts(&world, "2026-10-01 00:00", "2026-11-25 09:30").await,
        past
    );
    assert_eq!(
        turns(&world, "2026-11-24 15:00", "2026-11-27 18:00").await,
        ["ueda", "eguchi", "inoue", "aoki"]
    );
    assert_eq!(
        turns(&world, "2026-11-27 15:00", "2026-12-01 18:00").await,
        ["aoki", "eguchi", "inoue"]
    );
    world.note("— nobody edits anything; the desk is started again, today and next week —");
    let kept = rota(&world).clone();
    let world = world.restarted(&config).await;
    assert_eq!(*rota(&world), kept);
    world.until("2026-11-25 10:00").await;
    let world = world.restarted(&config).await;
    assert_eq!(*rota(&world), kept);
    assert_eq!(
        world.app.store.rota_changes("support").await.unwrap().len(),
        2
    );
    assert_snapshot!(world.heard());
    world.end().await;
}

#[tokio::test]
async fn two_edits_before_a_handoff_and_one_taken_back() {
    let world = World::at("2026-11-24 10:00").await;
    let before = rota(&world).clone();
    let one = edited(STORY, ORDER, r#"participants = ["inoue"]"#);
    let two = edited(STORY, ORDER, r#"participants = ["aoki", "inoue", "ueda"]"#);
    let world = world.restarted(&one).await.restarted(&two).await;
    assert_eq!(
        turns(&world, "2026-11-24 10:00", "2026-11-27 18:00").await,
        ["ueda", "aoki", "inoue", "ueda"]
    );
    let world = world.restarted(STORY).await;
    assert_eq!(*rota(&world), before);
    assert_snapshot!(world.heard());
    world.end().await;
}

#[tokio::test]
async fn an_earlier_handoff_is_kept_on_the_next_day() {
    let world = World::at("2026-11-24 10:00").await;
    let config = edited(STORY, "handoff = \"09:30\"", "handoff = \"09:10\"");
    let world = world.restarted(&config).await;
    world.until("2026-11-25 09:00").await;
    world.heard();
    world.until("2026-11-25 09:10").await;
    let said = world.heard();
    assert!(said.contains("@江口"), "{said}");
    // What stood there for 09:30 has gone.
    world.until("2026-11-25 12:00").await;
    assert_eq!(world.heard(), "");
    world.end().await;
}

#[tokio::test]
async fn who_is_no_member_any_more_is_never_called() {
    let world = World::at("2026-11-24 15:00").await;
    let past = shifts(&world, "2026-11-02 00:00", "2026-11-24 15:00").await;
    // 上田 has today, and takes Thursday for somebody else.
    let told = world
        .says(
            "aoki",
            "duty override ueda 2026-11-26 09:30 2026-11-27 09:30",
        )
        .await;
    assert!(told.contains("上田"), "{told}");
    world.heard();
    let config = edited(
        STORY,
        ORDER,
        r#"participants = ["aoki", "inoue", "eguchi"]"#,
    );
    let member = "[[member]]\nid = \"ueda\"\nname = \"上田\"\nlead = true\n";
    let world = world.restarted(&edited(&config, member, "")).await;
    assert_eq!(
        shifts(&world, "2026-11-02 00:00", "2026-11-24 15:00").await,
        past
    );
    assert_eq!(
        turns(&world, "2026-11-24 14:00", "2026-11-27 18:00").await,
        ["ueda", "eguchi", "aoki", "inoue", "eguchi"]
    );
    let members: BTreeSet<_> = world.app.setup.members.keys().cloned().collect();
    for hour in 0..24 * 14 {
        let at = tokyo("2026-11-24 15:00") + SignedDuration::from_hours(hour);
        for duty in world.app.duty(at).await.unwrap() {
            assert!(
                members.contains(&duty.called) && members.contains(&duty.next),
                "{duty:?}"
            );
        }
    }
    // Urgent, so the next on the rota hears of it too, and then the team.
    world
        .receive("A-1", |mapped| mapped.severity = Some("S1".to_owned()))
        .await;
    world.until("2026-11-24 15:20").await;
    let said = world.heard();
    assert!(!said.contains("ueda") && !said.contains("上田"), "{said}");
    assert_snapshot!(said);
    world.end().await;
}

#[tokio::test]
async fn a_rota_that_leaves_and_returns_goes_on() {
    let night =
        "[[rota]]\nname = \"night\"\nworks = \"office\"\nparticipants = [\"aoki\"]\n\n[[queue]]";
    let with_night = edited(STORY, "[[queue]]", night);
    let off_hours = "starts = 2026-11-02\noff_hours = \"rota:night\"";
    let with_night = edited(&with_night, "starts = 2026-11-02", off_hours);
    let world = World::with(&with_night, "2026-11-24 15:00").await;
    let night = world.app.setup.rotas["night"].clone();
    let called = async |world: &World, wall| {
        let called = world.app.called(rota(world), tokyo(wall)).await;
        called.unwrap().to_string()
    };
    assert_eq!(called(&world, "2026-11-24 20:00").await, "aoki");

    // Until the next handoff the rota still points to one that is not there: its own duty is called.
    let world = world.restarted(STORY).await;
    assert!(!world.app.setup.rotas.contains_key("night"));
    assert_eq!(called(&world, "2026-11-24 20:00").await, "ueda");
    assert_eq!(called(&world, "2026-11-25 20:00").await, "eguchi");

    world.until("2026-11-26 15:00").await;
    let world = world.restarted(&with_night).await;
    assert_eq!(world.app.setup.rotas["night"], night);
    assert_eq!(
        world.app.store.rota_changes("night").await.unwrap().len(),
        1
    );
    assert_eq!(
        world.app.store.rota_changes("support").await.unwrap().len(),
        3
    );
    world.end().await;
}
