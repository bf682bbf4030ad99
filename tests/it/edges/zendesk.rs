//! Zendesk by its preset: from a signed delivery to the answer in the ticket, and what a lost delivery cost; against a double.

#![allow(clippy::unwrap_used)]

use super::site;
use crate::doubles::zendesk::{ACCOUNT, AOKI, HANAKO, TOKEN, Zendesk};
use toban::app::ports::{ListFilter, Stored};
use toban::config::Config;
use toban::domain::inquiry::{CloseReason, Stage, There};
use toban::net::{Client, Settings};
use toban::sources::Sources;
use toban::sources::signature::{Scheme, sign};
use toban::testkit::world::{STORY, World, tokyo};
use tokio_util::sync::CancellationToken;

const HOOK: &str = "dGhpc19zZWNyZXRfaXNfZm9yX3Rlc3Rpbmdfb25seQ==";

fn config(zendesk: &Zendesk) -> String {
    format!(
        r#"{STORY}
[[source]]
id = "zendesk"
name = "Zendesk"
preset = "zendesk"
base_url = "{}"
secret = "{TOKEN}"
hook_secret = "{HOOK}"
since = 2026-11-24
write_back = ["reply", "answer", "owner", "close"]
[source.setting]
account = "{ACCOUNT}"
tag = "escalated"
[source.owners]
"t.aoki@example.com" = "aoki"
"#,
        zendesk.base_url
    )
}

/// Lets time pass on both sides, and polls.
async fn later(world: &World, zendesk: &Zendesk, wall: &str) {
    world.until(wall).await;
    zendesk.is(tokyo(wall));
    world.polls().await;
}

async fn known(world: &World, ticket: &str) -> Option<Stored> {
    let store = &world.app.store;
    store.by_external(&"zendesk".into(), ticket).await.unwrap()
}

async fn ledger(world: &World, ticket: &str) -> usize {
    let stored = known(world, ticket).await.unwrap();
    let ledger = world.app.store.ledger(&stored.inquiry.id).await.unwrap();
    ledger.len()
}

#[tokio::test]
async fn a_ticket_goes_through_the_desk_and_a_lost_delivery_is_found() {
    let zendesk = Zendesk::start().await;
    let text = config(&zendesk);
    zendesk.is(tokyo("2026-11-24 10:00"));
    let world = World::asking(&text, "2026-11-24 10:00").await;
    let read = Config::read("zendesk.toml", &text, &|_| Some(site::SECRET.to_owned())).unwrap();
    let hooks = Client::new(&Settings::default()).unwrap();
    let hooks = Sources::new(&read.sources, &read.setup, hooks).unwrap();
    let shutdown = CancellationToken::new();
    let (address, serving) = site::serve(&world, hooks, &shutdown).await;
    let deliver = async |id: &str, body: String| {
        let scheme: Scheme = serde_json::from_str(
            r#"{"kind": "hmac-header", "header": "x-zendesk-webhook-signature", "encoding": "base64",
                "timestamp": {"header": "x-zendesk-webhook-signature-timestamp", "signed": "{timestamp}{body}"},
                "delivery_header": "x-zendesk-webhook-invocation-id"}"#,
        )
        .unwrap();
        let key = scheme.key(HOOK).unwrap();
        let signed = sign(&scheme, &key, id, body.as_bytes(), world.app.clock.now());
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        let mut request = client.post(format!("http://{address}/hooks/zendesk"));
        for (name, value) in signed {
            request = request.header(name, value);
        }
        let answer = request.body(body).send().await.unwrap().status().as_u16();
        world.settle().await;
        answer
    };

    // Filed, handed to engineers, delivered: twice, as senders do.
    zendesk.file(
        35436,
        "㈱髙島様 請求書の①行目が印刷されない",
        "Ver.Ⅲへ更新後、\"請求書\"を印刷すると\n1行目が出ません。",
        "high",
    );
    assert_eq!(deliver("01A", zendesk.trigger(35436)).await, 202);
    assert_eq!(deliver("01A", zendesk.trigger(35436)).await, 200);
    world.says("aoki", "claim Q-1").await;
    world
        .says("aoki", "reply Q-1 再現しました。原因を調べています。")
        .await;
    let ticket = zendesk.ticket(35436);
    assert_eq!(ticket.fields["assignee_id"], AOKI);
    assert_eq!(ticket.fields["status"], "open");
    let said = ticket.comments.last().unwrap();
    assert_eq!(said["body"], "再現しました。原因を調べています。");
    assert_eq!(said["public"], true);

    // Everything comes home by the export and is known already; the trigger fires on our own update too.
    let before = ledger(&world, "35436").await;
    assert_eq!(deliver("01B", zendesk.trigger(35436)).await, 200);
    later(&world, &zendesk, "2026-11-24 10:02").await;
    later(&world, &zendesk, "2026-11-24 10:03").await;
    // So does a delivery that comes late: the export has said how the ticket stands.
    let late = zendesk.trigger(35436).replace("高", "緊急");
    assert_eq!(deliver("01C", late).await, 200);
    assert_eq!(ledger(&world, "35436").await, before);
    assert_eq!(zendesk.updates().len(), 2, "{:?}", zendesk.updates());

    // While nobody hears deliveries, another ticket is filed, and the requester and an agent write.
    zendesk.file(35440, "Export stops", "It ends without an error.", "urgent");
    zendesk.says(35436, HANAKO, "ログを添付しました。", true);
    zendesk.says(35436, AOKI, "内部メモ：再現環境は stg-3", false);
    later(&world, &zendesk, "2026-11-24 10:05").await;
    assert_eq!(
        ledger(&world, "35436").await,
        before + 1,
        "the requester's words"
    );
    assert!(known(&world, "35440").await.is_some());
    assert_eq!(
        world.app.store.count(&ListFilter::default()).await.unwrap(),
        2
    );

    // Answered here: solved there, and not closed here by our own word.
    world
        .says(
            "aoki",
            "resolve Q-1 category=不具合 cause=帳票の行番号が0から始まる workaround=設定「先頭行」を1にする",
        )
        .await;
    assert_eq!(zendesk.ticket(35436).fields["status"], "solved");
    later(&world, &zendesk, "2026-11-24 10:10").await;
    let stage = known(&world, "35436").await.unwrap().inquiry.stage;
    assert!(matches!(stage, Stage::Resolved { .. }), "{stage:?}");
    // Zendesk closes it in the end.
    zendesk.changes(35436, "status", "closed".into());
    later(&world, &zendesk, "2026-11-24 10:15").await;
    let stage = known(&world, "35436").await.unwrap().inquiry.stage;
    assert!(matches!(stage, Stage::Closed { .. }), "{stage:?}");
    insta::assert_snapshot!(world.heard());
    shutdown.cancel();
    serving.await.unwrap().unwrap();
    world.end().await;
}

#[tokio::test]
async fn an_answer_arrives_though_a_required_field_keeps_its_ticket_open() {
    let zendesk = Zendesk::start().await;
    zendesk.is(tokyo("2026-11-24 10:00"));
    let world = World::asking(&config(&zendesk), "2026-11-24 10:00").await;
    zendesk.file(35441, "請求書が印刷されない", "1行目が出ません。", "high");
    zendesk.requires("product");
    later(&world, &zendesk, "2026-11-24 10:05").await;
    world.says("aoki", "claim Q-1").await;
    world
        .says(
            "aoki",
            "resolve Q-1 category=不具合 cause=帳票の行番号が0から始まる workaround=設定「先頭行」を1にする",
        )
        .await;
    let ticket = zendesk.ticket(35441);
    let said = ticket.comments.last().unwrap();
    let words = said["body"].as_str().unwrap();
    assert!(words.contains("帳票の行番号が0から始まる"), "{words}");
    assert_eq!(said["public"], true);
    assert_eq!(ticket.fields["status"], "open");
    let stage = known(&world, "35441").await.unwrap().inquiry.stage;
    assert!(matches!(stage, Stage::Resolved { .. }), "{stage:?}");
    let heard = world.heard();
    assert!(
        heard.contains("product: is required when solving a ticket"),
        "{heard}"
    );
    world.end().await;
}

#[tokio::test]
async fn a_ticket_that_is_deleted_there_and_nobodys_here_is_closed() {
    let zendesk = Zendesk::start().await;
    zendesk.is(tokyo("2026-11-24 10:00"));
    let world = World::asking(&config(&zendesk), "2026-11-24 10:00").await;
    zendesk.file(35442, "まちがい", "消してください。", "high");
    later(&world, &zendesk, "2026-11-24 10:05").await;
    assert!(known(&world, "35442").await.is_some());
    zendesk.changes(35442, "status", "deleted".into());
    later(&world, &zendesk, "2026-11-24 10:10").await;
    let stage = known(&world, "35442").await.unwrap().inquiry.stage;
    assert!(
        matches!(
            stage,
            Stage::Closed {
                reason: CloseReason::Gone,
                ..
            }
        ),
        "{stage:?}"
    );
    world.end().await;
}

#[tokio::test]
async fn a_ticket_that_an_agent_opens_again_after_our_answer_asks_its_owner() {
    let zendesk = Zendesk::start().await;
    zendesk.is(tokyo("2026-11-24 10:00"));
    let world = World::asking(&config(&zendesk), "2026-11-24 10:00").await;
    zendesk.file(35443, "請求書が印刷されない", "1行目が出ません。", "high");
    later(&world, &zendesk, "2026-11-24 10:05").await;
    world.says("aoki", "claim Q-1").await;
    world
        .says(
            "aoki",
            "resolve Q-1 category=不具合 cause=帳票の行番号が0から始まる workaround=設定「先頭行」を1にする",
        )
        .await;
    later(&world, &zendesk, "2026-11-24 10:10").await;
    let answered = known(&world, "35443").await.unwrap().inquiry;
    assert_eq!(answered.there(), There::Answered);
    assert!(
        matches!(answered.stage, Stage::Resolved { .. }),
        "{:?}",
        answered.stage
    );
    // The same once more is no news.
    let before = ledger(&world, "35443").await;
    later(&world, &zendesk, "2026-11-24 10:15").await;
    assert_eq!(ledger(&world, "35443").await, before);
    // No word, no requester: only the state says so.
    zendesk.changes(35443, "status", "open".into());
    later(&world, &zendesk, "2026-11-24 10:20").await;
    let opened = known(&world, "35443").await.unwrap().inquiry;
    assert_eq!(opened.there(), There::Open);
    assert!(!opened.unanswered.is_empty(), "somebody answers it");
    // Its owner opens it here and answers once more: nothing of our own is news of theirs.
    world.says("aoki", "reopen Q-1").await;
    world
        .says(
            "aoki",
            "resolve Q-1 category=不具合 cause=設定の誤り workaround=設定を戻す",
        )
        .await;
    later(&world, &zendesk, "2026-11-24 10:30").await;
    let again = known(&world, "35443").await.unwrap().inquiry;
    assert_eq!(again.there(), There::Answered);
    assert!(
        matches!(again.stage, Stage::Resolved { .. }),
        "{:?}",
        again.stage
    );
    assert!(again.unanswered.is_empty());
    world.end().await;
}
