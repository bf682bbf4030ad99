//! A queue with several rotas: a weekend with fewer people, and offices that follow the sun.

#![allow(clippy::unwrap_used)]

use insta::assert_snapshot;
use toban::testkit::world::{STORY, World, tokyo};

/// The story's desk with lines for its first queue, and what they name.
fn desk(rotas: &str, more: &str) -> String {
    let lines = STORY.replacen("\nrota = \"support\"", &format!("\nrotas = [{rotas}]"), 1);
    assert_ne!(lines, STORY);
    lines + more
}

const WEEKEND: &str = r#"
[[calendar]]
name = "weekend"
hours = { sat = "09:30-33:30", sun = "09:30-33:30" }

[[rota]]
name = "weekend"
handoff = "09:30"
works = "weekend"
starts = 2026-11-14
participants = ["ueda", "eguchi"]
"#;

fn weekend() -> String {
    let line =
        r#"{ rota = "weekend", during = "weekend", floor = "S2", wake_up = ["S1"] }, "support""#;
    desk(line, WEEKEND)
}

/// The 14th is a Saturday, the 16th a Monday that is worked.
#[tokio::test]
async fn a_weekend_with_fewer_people_and_a_floor() {
    let world = World::with(&weekend(), "2026-11-13 17:00").await;
    world.receive("A-1", |_| {}).await;
    world.note("— the weekend begins —");
    world.until("2026-11-14 09:31").await;
    world.note("— S3 comes in, then S2, then a call at night —");
    world
        .receive("A-2", |mapped| mapped.severity = Some("S3".to_owned()))
        .await;
    world
        .receive("A-3", |mapped| mapped.severity = Some("S2".to_owned()))
        .await;
    world.until("2026-11-15 03:00").await;
    world
        .receive("A-4", |mapped| mapped.severity = Some("S1".to_owned()))
        .await;
    world.until("2026-11-15 03:06").await;
    world.says("ueda", "claim Q-4").await;
    world.note("— Sunday's handoff —");
    world.until("2026-11-15 12:00").await;
    world.note("— Monday —");
    world.until("2026-11-16 09:40").await;
    assert_snapshot!(world.heard());
    world.end().await;
}

/// The 23rd is 勤労感謝の日: no handoff of the weekday's rota, but its line begins.
#[tokio::test]
async fn the_line_passes_on_a_holiday_without_a_handoff() {
    let world = World::with(&weekend(), "2026-11-22 20:00").await;
    world.until("2026-11-23 10:00").await;
    assert_snapshot!(world.heard());
    world.end().await;
}

#[tokio::test]
async fn what_nobody_has_accepted_passes_with_the_line_but_not_below_its_floor() {
    let config = weekend().replacen("default = true", "assignment = \"duty\"\ndefault = true", 1);
    let world = World::with(&config, "2026-11-13 17:00").await;
    for (id, severity) in [("A-1", "S2"), ("A-2", "S3")] {
        world
            .receive(id, |mapped| mapped.severity = Some(severity.to_owned()))
            .await;
    }
    world.until("2026-11-14 09:31").await;
    assert_snapshot!(world.heard());
    world.end().await;
}

#[tokio::test]
async fn the_duty_of_a_queue_is_that_of_its_line() {
    let world = World::with(&weekend(), "2026-11-13 17:00").await;
    let answers = async |wall: &str| {
        let duties = world.app.duty(tokyo(wall)).await.unwrap();
        let mut said: Vec<String> = Vec::new();
        for duty in duties {
            for queue in &duty.answers {
                said.push(format!("{queue}: {} {}", duty.rota, duty.called));
            }
        }
        said.sort();
        said.join(", ")
    };
    assert_eq!(
        answers("2026-11-13 20:00").await,
        "billing: support aoki, support: support aoki"
    );
    assert_eq!(
        answers("2026-11-14 10:00").await,
        "billing: support aoki, support: weekend ueda"
    );
    world.end().await;
}

/// A desk that was down over two changes of lines announces the last one.
#[tokio::test]
async fn after_a_downtime_only_the_last_change_of_lines_is_announced() {
    let world = World::with(&weekend(), "2026-11-13 17:00").await;
    world.down_until("2026-11-23 10:00").await;
    assert_snapshot!(world.heard());
    world.end().await;
}

/// An office in London whose region is EMEA, with eguchi alone in it.
fn emea() -> String {
    let line = r#"{ rota = "london", during = "london", region = "emea" }, "support""#;
    let more = r#"
[[calendar]]
name = "london"
zone = "Europe/London"
hours = "09:00-17:00"

[[rota]]
name = "london"
zone = "Europe/London"
works = "london"
participants = ["eguchi"]
"#;
    desk(line, more)
}

#[tokio::test]
async fn who_claims_what_another_region_looks_after_is_told_so() {
    let world = World::with(&emea(), "2026-11-24 17:30").await;
    let emea = |mapped: &mut toban::app::ports::Mapped| mapped.region = Some("emea".to_owned());
    world.note("— Tokyo has the duty while London sleeps —");
    world.receive("A-1", emea).await;
    world.says("ueda", "claim Q-1").await;
    world.note("— London is awake —");
    world.until("2026-11-24 18:30").await;
    world.receive("A-2", emea).await;
    world.says("aoki", "claim Q-2").await;
    world.receive("A-3", |_| {}).await;
    world.says("aoki", "claim Q-3").await;
    assert_snapshot!(world.heard());
    world.end().await;
}

#[tokio::test]
async fn an_inquiry_of_a_region_goes_to_its_line_while_that_is_awake() {
    let world = World::with(&emea(), "2026-11-24 10:00").await;
    let emea = |mapped: &mut toban::app::ports::Mapped| mapped.region = Some("emea".to_owned());
    world.note("— Tokyo is awake, London is not —");
    world.receive("A-1", emea).await;
    world.note("— London is awake, Tokyo is not —");
    world.until("2026-11-24 20:00").await;
    world.receive("A-2", emea).await;
    world.receive("A-3", |_| {}).await;
    world.note("— London goes home, at night in Tokyo —");
    world.until("2026-11-25 03:00").await;
    assert_snapshot!(world.heard());
    world.end().await;
}
