//! What people arrange about the duty: a swap, an absence with its cover and the return, a first duty.

#![allow(clippy::unwrap_used)]

use insta::assert_snapshot;
use std::sync::Arc;
use toban::app::desk::App;
use toban::app::ports::{Ask, AskedBy, Inbox, Told};
use toban::app::verbs::parse_line;
use toban::domain::ids::MemberId;
use toban::testkit::postgres::fresh_database;
use toban::testkit::world::{STORY, World, tokyo};

fn edited(from: &str, to: &str) -> String {
    let edited = STORY.replacen(from, to, 1);
    assert_ne!(edited, STORY, "{from:?} is not there");
    edited
}

async fn asks(app: &App, member: &str, line: &str, key: &str) -> Told {
    app.perform(Ask {
        by: AskedBy::Member(MemberId::from(member)),
        via: "story".to_owned(),
        command_key: Some(key.to_owned()),
        verb: parse_line(line).unwrap(),
        here: None,
    })
    .await
}

#[tokio::test]
async fn two_swap_their_duty() {
    let world = World::at("2026-11-24 10:00").await;
    world.heard();
    world.says("aoki", "swap 井上 11/26 11/27").await;
    world.says("eguchi", "accept swap 1").await;
    world.says("inoue", "交換を受ける 1").await;
    world.says("ueda", "duty week").await;
    world.says("ueda", "当番帳").await;
    world.until("2026-11-27 12:00").await;
    world.says("eguchi", "duty").await;
    world.says("aoki", "take back 1").await;
    assert_snapshot!(world.heard());
    world.end().await;
}

#[tokio::test]
async fn an_offer_is_declined_and_another_lapses() {
    let world = World::at("2026-11-24 10:00").await;
    world.heard();
    world.says("aoki", "swap 井上 11/26 11/27").await;
    world.says("inoue", "decline swap 1").await;
    world.says("aoki", "swap 江口 11/26 12/1").await;
    world.until("2026-11-26 10:00").await;
    world.note("— a lead arranges one for others —");
    world.says("ueda", "swap inoue 12/2 11/27 for=aoki").await;
    world
        .says("inoue", "当番交代 江口 11/30 12:00 11/30 15:00")
        .await;
    world.says("inoue", "duty who 11/30 13:00").await;
    world.says("aoki", "当番帳").await;
    assert_snapshot!(world.heard());
    world.end().await;
}

#[tokio::test]
async fn somebody_is_away_is_covered_and_comes_back() {
    let world = World::at("2026-11-24 10:00").await;
    world.heard();
    world.says("aoki", "absent 11/26 12/2").await;
    world.says("eguchi", "代わりを断る 2").await;
    world.says("aoki", "absent 11/26").await;
    world.until("2026-11-26 11:00").await;
    world.says("inoue", "duty today").await;
    world.note("— earlier than planned —");
    world.says("aoki", "復帰").await;
    world.says("ueda", "duty week").await;
    world.until("2026-12-02 10:00").await;
    world.says("ueda", "fairness 11/16 12/31").await;
    assert_snapshot!(world.heard());
    world.end().await;
}

#[tokio::test]
async fn an_owner_who_is_away_is_replaced_by_the_duty() {
    let world = World::at("2026-11-24 10:00").await;
    world.receive("A-1", |_| {}).await;
    world.says("aoki", "claim Q-1").await;
    world.says("inoue", "absent who=aoki").await;
    world.heard();
    world.until("2026-11-24 18:00").await;
    let said = world.heard();
    assert!(said.contains("@上田"), "{said}");
    assert!(!said.contains("@青木"), "{said}");
    // Tomorrow it is the owner's again.
    world.until("2026-11-25 18:00").await;
    let said = world.heard();
    assert!(said.contains("@青木"), "{said}");
    world.end().await;
}

#[tokio::test]
async fn a_member_has_their_first_duty() {
    let guide = "[desk]\nduty_guide = \"https://wiki.example.com/duty\"\nduty_checklist = [\"Discordの通知をオンにする\"]\n";
    let with_guide = edited("[desk]\n", guide);
    let world = World::with(&with_guide, "2026-11-24 10:00").await;
    world.heard();
    let joined = with_guide.replacen(
        "[[calendar]]",
        "[[member]]\nid = \"ogawa\"\nname = \"小川\"\n\n[[calendar]]",
        1,
    );
    let joined = joined.replacen("[\"aoki\", ", "[\"ogawa\", \"aoki\", ", 1);
    let world = world.restarted(&joined).await;
    world.until("2026-11-26 10:00").await;
    world.says("ueda", "duty today").await;
    world.says("ogawa", "read guide").await;
    world.says("ueda", "duty today").await;
    world.until("2026-12-04 12:00").await;
    assert_snapshot!(world.heard());
    world.end().await;
}

#[tokio::test]
async fn the_same_request_twice_is_done_once() {
    let world = World::at("2026-11-24 10:00").await;
    let first = asks(&world.app, "aoki", "absent 12/2", "one").await;
    let again = asks(&world.app, "aoki", "absent 12/2", "one").await;
    assert!(!first.is_refused && !again.is_refused);
    assert_eq!(again.message.id, "done-duty-before");
    assert_eq!(world.app.store.duty_book(0).await.unwrap().len(), 2);
    world.end().await;
}

#[tokio::test]
async fn what_another_process_arranged_holds_after_a_second() {
    let world = World::at("2026-11-24 10:00").await;
    let other = another(&world.app);
    let duty = async |app: &App| {
        let at = tokyo("2026-12-02 12:00");
        app.duty(at).await.unwrap()[0].shift.member.to_string()
    };
    assert_eq!(duty(&world.app).await, "aoki");
    asks(&other, "aoki", "absent 12/2", "one").await;
    assert_eq!(duty(&other).await, "eguchi");
    world.clock.set(tokyo("2026-11-24 10:00:02"));
    assert_eq!(duty(&world.app).await, "eguchi");
    world.end().await;
}

/// A second process on the same database: it shares nothing but the store.
fn another(app: &App) -> App {
    App::new(
        app.store.clone(),
        app.clock.clone(),
        app.ids.clone(),
        app.wake.clone(),
        app.way_back.clone(),
        Arc::clone(&app.setup),
    )
}

/// Two processes race to answer the same swaps; each swap has one answer, and the loser hears which.
async fn race(world: World) {
    let other = another(&world.app);
    for n in 0..6_u64 {
        let number = 3 * n + 1;
        let day = ["11/26", "12/2", "12/8"][(n % 3) as usize];
        let theirs = ["11/27", "12/3", "12/9"][(n % 3) as usize];
        let offer = format!("swap 井上 {day} {theirs}");
        let offered = asks(&world.app, "aoki", &offer, &format!("offer-{n}")).await;
        assert!(!offered.is_refused, "{offered:?}");
        let lines = world.app.store.duty_book(0).await.unwrap();
        let number = lines.last().map_or(number, |line| line.seq);
        let (accept, decline) = (
            format!("accept-swap {number}"),
            format!("decline-swap {number}"),
        );
        let (a, b) = (format!("a-{n}"), format!("b-{n}"));
        let (accepted, declined) = tokio::join!(
            asks(&world.app, "inoue", &accept, &a),
            asks(&other, "inoue", &decline, &b),
        );
        assert_ne!(
            accepted.is_refused, declined.is_refused,
            "{accepted:?} {declined:?}"
        );
        let (loser, why) = if accepted.is_refused {
            (accepted, "refused-swap-declined")
        } else {
            (declined, "refused-swap-agreed")
        };
        assert_eq!(loser.message.id, why);
        let after = world.app.store.duty_book(0).await.unwrap();
        assert_eq!(after.len(), lines.len() + 1);
        if why == "refused-swap-agreed" {
            let key = format!("off-{n}");
            asks(&world.app, "aoki", &format!("take-back {number}"), &key).await;
        }
    }
    world.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_processes_answer_a_swap_at_once_and_one_wins_on_sqlite() {
    race(World::at("2026-11-24 10:00").await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_processes_answer_a_swap_at_once_and_one_wins_on_postgres() {
    let database = fresh_database("duty_book").await;
    let folder = std::env::temp_dir().join("toban-duty-book-race");
    race(World::on(&database.url, STORY, "2026-11-24 10:00", folder).await).await;
}
