//! The gate of escalations: what is missing, sent back and come back, out of scope, and what the routing is to learn.
//! Tuesday 24 November 2026 is a working day in Tokyo.

use insta::assert_snapshot;
use toban::app::ports::DeliveryError;
use toban::app::wording::{PlainText, Words, sentence};
use toban::i18n::Lang;
use toban::testkit::world::{STORY, World, tokyo};

/// The desk of the stories, whose support wants to know what was tried and that settings were checked.
fn gated() -> String {
    let gate = "default = true\n[queue.gate]\ninvestigation = [\"tried\", \"settings_checked\", \"environment\"]\n";
    STORY.replacen("default = true\n", gate, 1)
}

#[tokio::test]
async fn sent_back_for_what_is_missing_and_answered() {
    let world = World::with(&gated(), "2026-11-24 10:00").await;
    world
        .receive("A-1", |mapped| {
            mapped.intake.channel = Some("電話".to_owned());
            mapped.intake.environment = Some("Chrome 140 / Windows 11".to_owned());
        })
        .await;
    world.note(
        "nobody says what to ask for: what is missing is listed, in the requester's language",
    );
    world.says("aoki", "差し戻し Q-1").await;
    world.until("2026-11-24 14:00").await;
    world
        .receive("A-1", |mapped| {
            mapped.intake.channel = Some("電話".to_owned());
            mapped.intake.environment = Some("Chrome 140 / Windows 11".to_owned());
            mapped.messages.push(toban::app::ports::MappedMessage {
                id: "1".to_owned(),
                by: toban::app::ports::Side::Requester,
                at: tokyo("2026-11-24 14:00"),
                text: "再起動とキャッシュの削除は試しました。設定は確認済みです。".to_owned(),
            });
        })
        .await;
    world
        .says("aoki", "bounce Q-1 どのお客様の環境でも起きますか")
        .await;
    world.says("aoki", "show Q-1").await;
    assert_snapshot!(world.heard());
    assert_snapshot!(world.back.sent().join("\n"), @r#"
    Q-1 bounce お問い合わせありがとうございます。対応を進めるために、次の情報が必要です。
    ・試したこと
    ・設定の確認（サポート側）
    お手数ですが、追記のうえご返信ください。確認でき次第、対応を再開いたします。
    Q-1 bounce どのお客様の環境でも起きますか
    "#);
    world.end().await;
}

#[tokio::test]
async fn what_the_source_adds_brings_it_back() {
    let world = World::with(&gated(), "2026-11-24 10:00").await;
    world.receive("A-1", |_| {}).await;
    world.says("aoki", "bounce Q-1").await;
    world.until("2026-11-24 11:00").await;
    let added = |mapped: &mut toban::app::ports::Mapped| {
        mapped.intake.tried = Some("再送信".to_owned());
        mapped.intake.settings_checked = Some("確認済み".to_owned());
        mapped.intake.environment = Some("Chrome".to_owned());
    };
    world.receive("A-1", added).await;
    world.receive("A-1", added).await;
    assert_snapshot!(world.heard());
    world.end().await;
}

#[tokio::test]
async fn where_nothing_goes_back_it_is_told_there() {
    let world = World::with(&gated(), "2026-11-24 10:00").await;
    world
        .receive("A-1", |mapped| mapped.source = "mute".into())
        .await;
    let refused = world.says("aoki", "bounce Q-1").await;
    assert!(refused.contains("連絡=連絡済み"), "{refused}");
    let done = world.says("aoki", "差し戻し Q-1 連絡=連絡済み").await;
    assert!(done.contains("差し戻しました"), "{done}");
    assert!(world.back.sent().is_empty());
    world.end().await;
}

#[tokio::test]
async fn what_could_not_be_sent_back_is_said_and_ours_again() {
    let world = World::with(&gated(), "2026-11-24 10:00").await;
    world.receive("A-1", |_| {}).await;
    let why = "410 Gone".to_owned();
    world.back.fail(Some(DeliveryError::Gone { why }));
    world.says("aoki", "bounce Q-1").await;
    let shown = world.says("aoki", "show Q-1").await;
    assert!(shown.contains("410 Gone"), "{shown}");
    let state = world
        .app
        .view(toban::app::ports::Reference(1), Lang::Ja)
        .await;
    let card = state.expect("the store answers").expect("it is there").card;
    assert!(!card.is_sent_back(), "{:?}", card.stage);
    world.end().await;
}

#[tokio::test]
async fn out_of_scope_goes_to_sales() {
    let world = World::with(&gated(), "2026-11-24 10:00").await;
    world.receive("A-1", |_| {}).await;
    world
        .says(
            "aoki",
            "対象外 Q-1 営業 契約更新の相談 返信=ご契約の件は＜引き継ぎ先＞に引き継ぎました。",
        )
        .await;
    world.receive("A-2", |_| {}).await;
    world
        .says("aoki", "out-of-scope Q-2 other who=パートナー窓口")
        .await;
    let told = world.says("aoki", "out-of-scope Q-2 other").await;
    assert!(told.contains("相手"), "{told}");
    assert_snapshot!(world.heard());
    assert_snapshot!(world.back.sent().join("\n"), @r#"
    Q-1 reply ご契約の件は営業に引き継ぎました。
    Q-1 closed
    Q-2 closed
    "#);
    world.end().await;
}

#[tokio::test]
async fn transfers_tell_which_rule_to_mend() {
    let story = STORY.replace(
        "[source.defaults]\nproduct = \"core\"\n\n[[source]]\nid = \"mute\"",
        "[source.defaults]\nproduct = \"core\"\n[source.known]\nproducts = [\"core\", \"billing\"]\n\n[[source]]\nid = \"mute\"",
    );
    let world = World::with(&story, "2026-11-24 10:00").await;
    let of = |product: &'static str| {
        move |mapped: &mut toban::app::ports::Mapped| mapped.product = Some(product.to_owned())
    };
    for n in 1..=4 {
        world.receive(&format!("B-{n}"), of("billing")).await;
    }
    world.receive("C-1", of("core")).await;
    world.receive("C-2", of("コア")).await;
    world
        .says("aoki", "transfer Q-1 support 決済の不具合")
        .await;
    world
        .says("aoki", "transfer Q-2 support 決済の不具合")
        .await;
    world
        .says("aoki", "transfer Q-2 billing やはり請求だった")
        .await;
    world
        .says("aoki", "転送 Q-3 support 調査を続ける 種別=作業の引き継ぎ")
        .await;
    world.says("aoki", "transfer Q-6 billing 請求の画面").await;
    let report = world
        .app
        .routing_report(tokyo("2026-11-24 00:00"), tokyo("2026-11-25 00:00"))
        .await
        .expect("the store answers");
    let texts = std::collections::HashMap::new();
    let said = |lang| {
        let words = Words {
            lang,
            zone: &world.app.setup.zone,
            now: world.app.clock.now(),
            texts: &texts,
            people: &world.app.setup.people,
        };
        let lines = report.lines();
        let lines = lines.iter().map(|line| sentence(line, &words, &PlainText));
        lines.collect::<Vec<_>>().join("\n")
    };
    assert_snapshot!(said(Lang::Ja), @r#"
    11/24(火) 00:00 JSTから11/25(水) 00:00 JSTまでの受付：6件
    当てはまる規則なし（不明な製品・地域） → サポート：1件中1件（100%）が振り分け違い。正しくは請求（1件）
    　　Q-6　11/24(火) 10:00 JST　請求へ：請求の画面
    　　不明な製品：コア（1件）
    規則1（product == 'billing'） → 請求：4件中1件（25%）が振り分け違い。正しくはサポート（1件）
    　　Q-1　11/24(火) 10:00 JST　サポートへ：決済の不具合
    当てはまる規則なし → サポート：1件、振り分け違いなし
    　　製品：core（1件）
    "#);
    assert_snapshot!(said(Lang::En), @r#"
    Received from Tue 24 Nov 00:00 JST until Wed 25 Nov 00:00 JST: 6
    No rule matched (unknown product or region) → サポート: 1 of 1 (100 %) were in the wrong queue; they belonged to 請求 (1)
        Q-6, Tue 24 Nov 10:00 JST, to 請求: 請求の画面
        unknown products: コア (1)
    Rule 1 (product == 'billing') → 請求: 1 of 4 (25 %) were in the wrong queue; they belonged to サポート (1)
        Q-1, Tue 24 Nov 10:00 JST, to サポート: 決済の不具合
    No rule matched → サポート: 1 received, none in the wrong queue
        products: core (1)
    "#);
    world.end().await;
}
