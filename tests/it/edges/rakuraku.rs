//! 楽楽販売 by its preset: from a registered record to the answer in it, against a double.

#![allow(clippy::unwrap_used)]

use crate::doubles::rakuraku::{DB, LIST, OWNER, REPLY, Rakuraku, SEARCH, STATUS, TOKEN};
use axum::http::StatusCode;
use toban::app::ports::{ListFilter, SourceState};
use toban::testkit::world::{STORY, World};

/// The desk of the stories that takes from a list, and writes back what it can.
async fn desk(rakuraku: &Rakuraku) -> World {
    let source = format!(
        r#"
[[source]]
id = "hanbai"
name = "楽楽販売"
preset = "rakuraku-hanbai"
base_url = "{}"
secret = "{TOKEN}"
since = 2026-11-01
write_back = ["reply", "answer", "owner", "close"]
[source.setting]
db = "{DB}"
list = "{LIST}"
search = "{SEARCH}"
reply_field = "{REPLY}"
status_field = "{STATUS}"
owner_field = "{OWNER}"
"#,
        rakuraku.base_url
    );
    World::asking(&format!("{STORY}{source}"), "2026-11-24 10:00").await
}

fn usual(rakuraku: &Rakuraku, id: u64) {
    rakuraku.register(
        id,
        &[
            ("件名", "㈱髙島様 請求書の①行目が印刷されない"),
            (
                "内容",
                "Ver.Ⅲへ更新後、\"請求書\"を印刷すると\r\n1行目が出ません。",
            ),
            ("登録者", "高橋"),
            ("顧客名", "㈱髙島商店"),
            ("重要度", "高"),
            ("種別", "調査依頼"),
            ("ステータス", "エンジニア確認中"),
            ("更新日時", "2026/11/24 09:55"),
        ],
    );
}

async fn all(world: &World) -> u64 {
    world.app.store.count(&ListFilter::default()).await.unwrap()
}

#[tokio::test]
async fn a_record_goes_through_the_desk_and_its_answer_stands_in_it() {
    let rakuraku = Rakuraku::start().await;
    usual(&rakuraku, 4101);
    let world = desk(&rakuraku).await;
    world.polls().await;
    world.says("aoki", "claim Q-1").await;
    world
        .says("aoki", "reply Q-1 再現しました。原因を調べています。")
        .await;
    assert_eq!(rakuraku.record(4101)["担当者"], "青木");
    assert_eq!(
        rakuraku.record(4101)["回答"],
        "再現しました。原因を調べています。"
    );
    let written = rakuraku.updates();
    assert_eq!(written.len(), 2, "{written:?}");
    // Our own words in the record are no news, and neither is anything of a second look.
    world.polls().await;
    assert_eq!(all(&world).await, 1);
    // Somebody goes on writing over there.
    rakuraku.register(
        4101,
        &[("重要度", "最優先"), ("更新日時", "2026/11/24 10:01")],
    );
    world.polls().await;
    world
        .says(
            "aoki",
            "resolve Q-1 category=不具合 cause=帳票の行番号が0から始まる workaround=設定「先頭行」を1にする",
        )
        .await;
    let record = rakuraku.record(4101);
    assert_eq!(record["ステータス"], "回答済み");
    assert!(
        record["回答"].contains("帳票の行番号が0から始まる"),
        "{record:?}"
    );
    insta::assert_snapshot!(world.heard());
    // Finished over there: it closes here.
    rakuraku.register(4101, &[("ステータス", "完了")]);
    world.polls().await;
    let stored = world.app.store.by_external(&"hanbai".into(), "4101").await;
    assert!(!stored.unwrap().unwrap().inquiry.is_open());
    world.end().await;
}

#[tokio::test]
async fn what_is_wrong_over_there_is_told_with_its_reason_and_loses_nothing() {
    let rakuraku = Rakuraku::start().await;
    let world = desk(&rakuraku).await;
    let state = async || {
        let now = world.app.clock.now();
        world
            .app
            .store
            .source_state(&"hanbai".into(), now)
            .await
            .unwrap()
    };
    let error =
        r#"{"status":"error","code":"401","errors":{"msg":"トークンが正しくありません。"}}"#;
    for (status, body, expected) in [
        (
            StatusCode::UNAUTHORIZED,
            error,
            "it answered 401 Unauthorized: {\"status\":\"error\"",
        ),
        (
            StatusCode::OK,
            error,
            "it answered JSON instead of CSV: {\"status\":\"error\"",
        ),
        (
            StatusCode::SERVICE_UNAVAILABLE,
            "<html>メンテナンス中</html>",
            "it answered 503 Service Unavailable: <html>メンテナンス中</html>",
        ),
        (
            StatusCode::OK,
            "<!DOCTYPE html>\n<html><body>ログインしてください</body></html>",
            "it answered a page (HTML) instead of CSV: <!DOCTYPE html>",
        ),
        (
            StatusCode::OK,
            "只今メンテナンス中です",
            "its table lacks what external_id is made of: row[setting.id_column] finds no \"レコードID\"",
        ),
    ] {
        rakuraku.is_ill(Some((status, body)));
        world.polls().await;
        let said = state().await.last_error.unwrap();
        assert!(said.contains(expected), "{said}");
    }
    assert_eq!(state().await.failures, 5);
    rakuraku.is_ill(None);
    usual(&rakuraku, 7);
    // After five failures the source rests a while; it is asked all the same.
    world.polls().await;
    assert_eq!((state().await.failures, all(&world).await), (0, 1));
    // A write that is answered 200 and refused all the same is no success.
    rakuraku.is_ill(Some((StatusCode::OK, error)));
    world.says("aoki", "claim Q-1").await;
    world.says("aoki", "reply Q-1 確認しました。").await;
    let dead = world.app.store.outbox(&["dead"], 10).await.unwrap();
    assert!(!dead.is_empty());
    rakuraku.is_ill(None);
    world.end().await;
}

#[tokio::test]
async fn ten_thousand_records_are_read_and_a_crowd_of_them_comes_in_once() {
    let rakuraku = Rakuraku::start().await;
    let register = |ids: std::ops::Range<u64>| {
        for id in ids {
            let fields = [
                ("件名", "表示が遅い"),
                ("内容", "一覧の表示に\r\n30秒かかる。"),
                ("更新日時", "2026/11/24 09:55"),
            ];
            rakuraku.register(id, &fields);
        }
    };
    register(0..500);
    let world = desk(&rakuraku).await;
    world.polls().await;
    world.polls().await;
    assert_eq!(all(&world).await, 500);
    register(500..10_000);
    let (state, now) = (SourceState::default(), world.app.clock.now());
    let page = world
        .engine
        .poller
        .poll(&"hanbai".into(), &state, now)
        .await;
    let page = page.unwrap();
    assert_eq!(page.items.iter().flatten().count(), 10_000);
    let last = page.items[9_999].as_ref().unwrap();
    assert_eq!(last.body.as_deref(), Some("一覧の表示に\n30秒かかる。"));
    // All of it comes in, and then is known: a look at ten thousand that changed nothing is a small thing.
    let poll = async || {
        let began = toban::clock::monotonic();
        let source = "hanbai".into();
        let polled = world.app.poll(&*world.engine.poller, &source).await;
        // As many as may come at once: the status says that there may be more.
        let said = polled.unwrap().last_error.unwrap();
        assert!(said.contains("another page waits"), "{said}");
        began.elapsed()
    };
    let first = poll().await;
    assert_eq!(all(&world).await, 10_000);
    let again = poll().await;
    eprintln!("10,000 records: taken in within {first:?}, and looked at again within {again:?}");
    rakuraku.register(
        77,
        &[("重要度", "最優先"), ("更新日時", "2026/11/24 10:01")],
    );
    poll().await;
    let changed = world.app.store.by_external(&"hanbai".into(), "77").await;
    let changed = changed.unwrap().unwrap().inquiry;
    assert_eq!(changed.facts.severity.to_string(), "S1");
    world.app.store.close().await;
}
