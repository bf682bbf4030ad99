//! Handing over at a change of lines: a small weekend, and offices that follow the sun. What the outgoing duty holds, is
//! asked and answers, and what the incoming duty reads of it. Friday 13 November 2026 is 青木's.

#![allow(clippy::unwrap_used)]

use insta::assert_snapshot;
use sqlx::Connection;
use toban::app::ports::TimerKind;
use toban::testkit::world::{STORY, World, tokyo};

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

/// Weekdays by day, London's office after them, and one who has the nights between.
const SUN: &str = r#"
[[calendar]]
name = "london"
zone = "Europe/London"
hours = "09:00-17:00"

[[rota]]
name = "tokyo"
handoff = "09:00"
works = "office"
starts = 2026-11-02
participants = ["aoki", "ueda"]

[[rota]]
name = "london"
zone = "Europe/London"
handoff = "09:00"
works = "london"
participants = ["eguchi"]

[[rota]]
name = "nights"
handoff = "09:00"
works = "office"
starts = 2026-11-02
participants = ["inoue"]
"#;

/// The story's desk with lines for its first queue, and what else is set for that.
fn desk(lines: &str, queue: &str, more: &str) -> String {
    let with = format!("\nrotas = [{lines}]\n{queue}");
    let config = STORY.replacen("\nrota = \"support\"", &with, 1);
    assert_ne!(config, STORY);
    config + more
}

fn weekend(queue: &str) -> String {
    let line =
        r#"{ rota = "weekend", during = "weekend", floor = "S2", wake_up = ["S1"] }, "support""#;
    desk(line, queue, WEEKEND)
}

fn sun(queue: &str) -> String {
    let lines = r#"{ rota = "tokyo", during = "office", region = "apac" },
        { rota = "london", during = "london", region = "emea" }, "nights""#;
    desk(lines, queue, SUN)
}

fn english(config: &str) -> String {
    config.replacen("lang = \"ja\"", "lang = \"en\"", 1)
}

/// One that its owner has answered, so that nothing but the handoff is said of it.
async fn held(world: &World, id: &str, by: &str, severity: &str) {
    let received = world
        .receive(id, |mapped| mapped.severity = Some(severity.to_owned()))
        .await;
    let reference = received.reference.unwrap();
    world.says(by, &format!("claim {reference}")).await;
    world.says(by, &format!("reply {reference} 調べます")).await;
}

/// What was said at handoffs: no cards, no boards, no reminders.
fn of_handoffs(heard: &str) -> String {
    let mut kept = String::new();
    let mut is_shown = true;
    for line in heard.lines() {
        if !line.starts_with(' ') {
            let noise = [" ✎ ", " ＋ ", " ▤ ", "source>", "/Q-"];
            let is_question =
                line.contains("どうしますか") || line.contains("what becomes of this");
            let is_silence = line.contains("返事がなかった") || line.contains("no answer, so");
            is_shown = is_question || is_silence || !noise.iter().any(|it| line.contains(it));
        }
        if is_shown {
            kept.push_str(line);
            kept.push('\n');
        }
    }
    kept
}

/// 青木 holds one over the weekend; 上田 and 江口 take one each of it, and Saturday's knows of Friday's.
async fn over_the_weekend(config: &str) -> World {
    let world = World::with(config, "2026-11-13 17:00").await;
    held(&world, "A-1", "aoki", "S2").await;
    world.heard();
    world.note("— Saturday —");
    world.until("2026-11-14 10:00").await;
    held(&world, "A-2", "ueda", "S2").await;
    held(&world, "A-3", "ueda", "S3").await;
    world.note("— Sunday —");
    world.until("2026-11-15 10:00").await;
    held(&world, "A-4", "eguchi", "S2").await;
    world
}

#[tokio::test]
async fn a_weekend_is_handed_over() {
    let world = over_the_weekend(&weekend("")).await;
    world.says("ueda", "hand-over Q-2").await;
    world.note("— Monday —");
    world.until("2026-11-16 09:31").await;
    world.says("aoki", "keep Q-1").await;
    world.says("ueda", "release Q-3").await;
    world.says("eguchi", "hand-over Q-4").await;
    world.until("2026-11-16 13:00").await;
    assert_snapshot!(of_handoffs(&world.heard()));
    world.end().await;
}

#[tokio::test]
async fn a_weekend_is_handed_over_in_english() {
    let world = over_the_weekend(&english(&weekend(""))).await;
    world.note("— Monday —");
    world.until("2026-11-16 09:31").await;
    world.says("aoki", "keep Q-1").await;
    world.until("2026-11-16 13:00").await;
    assert_snapshot!(of_handoffs(&world.heard()));
    world.end().await;
}

#[tokio::test]
async fn nobody_of_the_weekend_answers_and_the_new_duty_gets_it() {
    let world = over_the_weekend(&weekend("handoff = \"hand_over\"")).await;
    world.heard();
    world.note("— Monday —");
    world.until("2026-11-16 13:00").await;
    assert_snapshot!(of_handoffs(&world.heard()));
    world.end().await;
}

/// Down over Monday's change of lines, and again over the time to answer.
#[tokio::test]
async fn what_was_missed_is_asked_once_and_told_once() {
    let config = weekend("");
    let world = over_the_weekend(&config).await;
    world.heard();
    world.note("— down from Sunday noon to Monday 10:00 —");
    world.down_until("2026-11-16 10:00").await;
    world.until("2026-11-16 10:00").await;
    world.says("eguchi", "keep Q-4").await;
    world.note("— down again until 15:00 —");
    world.down_until("2026-11-16 15:00").await;
    world.until("2026-11-16 15:01").await;
    world.note("— and started again —");
    let world = world.restarted(&config).await;
    world.until("2026-11-16 18:00").await;
    assert_snapshot!(of_handoffs(&world.heard()));
    world.end().await;
}

/// The lines are taken out of the configuration while a question is open: what came of it is told all the same.
#[tokio::test]
async fn an_edit_of_the_lines_loses_no_answers() {
    let world = over_the_weekend(&weekend("")).await;
    world.until("2026-11-16 09:31").await;
    world.heard();
    let world = world.restarted(STORY).await;
    world.until("2026-11-16 13:00").await;
    let heard = of_handoffs(&world.heard());
    assert_eq!(heard.matches("引き継ぎ結果").count(), 3, "{heard}");
    world.end().await;
}

/// Tokyo goes home as London comes, London as nobody comes, and Tokyo is there again.
async fn around_the_sun(config: &str) -> World {
    let world = World::with(config, "2026-11-24 17:00").await;
    held(&world, "A-1", "aoki", "S3").await;
    world.heard();
    world.note("— Tokyo goes home —");
    world.until("2026-11-24 18:05").await;
    world.says("aoki", "hand-over Q-1").await;
    world.until("2026-11-25 01:00").await;
    held(&world, "A-2", "eguchi", "S3").await;
    world.note("— London goes home —");
    world.until("2026-11-25 02:05").await;
    world
}

#[tokio::test]
async fn the_duty_follows_the_sun() {
    let world = around_the_sun(&sun("handoff = \"hand_over\"")).await;
    world.says("eguchi", "keep Q-2").await;
    world.note("— Tokyo is there again —");
    world.until("2026-11-25 12:00").await;
    assert_snapshot!(of_handoffs(&world.heard()));
    world.end().await;
}

#[tokio::test]
async fn the_duty_follows_the_sun_in_english_and_nobody_answers() {
    let world = around_the_sun(&english(&sun("handoff = \"hand_over\""))).await;
    world.note("— Tokyo is there again —");
    world.until("2026-11-25 12:00").await;
    assert_snapshot!(of_handoffs(&world.heard()));
    world.end().await;
}

/// 井上 has the night alone. The opening leaves it to the handoff half an hour later, which asks for whom it is then.
#[tokio::test]
async fn the_opening_leaves_the_night_to_a_handoff_within_the_hour() {
    let world = World::at("2026-11-24 17:00").await;
    held(&world, "A-1", "ueda", "S3").await;
    world
        .says(
            "aoki",
            "duty override inoue 2026-11-24 19:00 2026-11-25 09:00",
        )
        .await;
    held(&world, "A-2", "inoue", "S3").await;
    world.until("2026-11-25 09:29").await;
    let before = world.heard();
    assert!(!before.contains("どうしますか"), "{before}");
    world.until("2026-11-25 09:30").await;
    let handoff = world.heard();
    for of in [
        "@井上 井上さん、当番が江口さんに",
        "@上田 上田さん、当番が江口さんに",
    ] {
        assert!(handoff.contains(of), "{of}: {handoff}");
    }
    world.end().await;
}

/// A handoff that fails is tried again as the handoff it is, and not as a look at the answers half a minute later.
#[tokio::test]
async fn a_handoff_that_could_not_be_done_is_tried_again_for_its_instant() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}/toban.db", folder.path().display());
    let world = World::on(&url, STORY, "2026-11-24 17:00", folder.path().to_owned()).await;
    held(&world, "A-1", "ueda", "S3").await;
    world.until("2026-11-25 09:29").await;
    world.heard();
    let mut database = sqlx::SqliteConnection::connect(&url).await.unwrap();
    let mut run = async |sql: &'static str| {
        sqlx::query(sql).execute(&mut database).await.unwrap();
    };
    run("alter table outbox rename to out_of_reach").await;
    world.clock.set(tokyo("2026-11-25 09:30"));
    let kinds = [TimerKind::Handoff];
    world.engine.timers_pass(&kinds).await.unwrap();
    run("alter table out_of_reach rename to outbox").await;
    let due = world.app.store.timers(TimerKind::Handoff).await.unwrap();
    assert_eq!(due, [("support".to_owned(), tokyo("2026-11-25 09:30"))]);
    // The lease ends.
    run("update timers set lease_until_ms = null where kind = 'handoff'").await;
    world.until("2026-11-25 09:31").await;
    let heard = world.heard();
    assert!(heard.contains("@江口 サポートの当番"), "{heard}");
    assert!(
        heard.contains("@上田 上田さん、当番が江口さんに"),
        "{heard}"
    );
    world.end().await;
}

/// London's duty was asked as they went home; nobody calls them at midnight because Tokyo begins.
#[tokio::test]
async fn nobody_is_called_twice_about_one_turn() {
    let world = around_the_sun(&sun("")).await;
    let evening = world.heard();
    assert_eq!(
        evening.matches("#support @江口 江口さん").count(),
        1,
        "{evening}"
    );
    world.until("2026-11-25 10:30").await;
    let morning = world.heard();
    assert!(!morning.contains("#support @江口 江口さん"), "{morning}");
    world.end().await;
}
