//! Contracts in daily use: covered, ended yesterday, an exception with a reason, hours that a contract buys, two contracts.
//! Tuesday 24 November 2026 is a working day in Tokyo.

use insta::assert_snapshot;
use toban::app::ports::AskedBy;
use toban::app::verbs::{Request, Verb};
use toban::app::wording::{PlainText, Words, sentence};
use toban::testkit::world::{STORY, World};

/// The desk of the stories, where support asks for a contract and billing only shows it.
fn desk() -> String {
    let desk = STORY
        .replace(
            "policy = \"standard\"\ncalendar = \"office\"\ndefault = true\n",
            "policy = \"standard\"\ncalendar = \"office\"\ndefault = true\ncontract = \"required\"\n",
        )
        .replace(
            "name = \"請求\"\n",
            "name = \"請求\"\ncontract = \"shown\"\n",
        )
        .replace(
            "name = \"standard\"\npreset = \"standard\"\n",
            "name = \"standard\"\n\
             [[policy.target]]\nplan = \"gold\"\nfirst_response = \"1h\"\nclaim = \"1h\"\nresolution = \"16h\"\n\
             [[policy.target]]\nfirst_response = \"4h\"\nclaim = \"2h\"\nresolution = \"24h\"\n",
        );
    format!(
        "{desk}\n[[calendar]]\nname = \"gulf\"\nzone = \"Asia/Dubai\"\n\
         hours = {{ sun = \"08:00-16:00\", mon = \"08:00-16:00\", tue = \"08:00-16:00\", wed = \"08:00-16:00\", \
         thu = \"08:00-16:00\" }}\n"
    )
}

const REGISTER: &str = "契約番号,顧客名,別名,プラン,製品,営業時間,開始日,終了日\n\
    K-1,株式会社さくら商事,サクラ商事,gold,,,2026-04-01,2026-12-08\n\
    K-2,もみじ物産,,gold,,,2025-11-24,2026-11-23\n\
    K-3,Gulf Trading LLC,,,core,gulf,2026-04-01,\n\
    K-4,いちょう銀行,,,billing,,2026-04-01,2027-03-31\n\
    K-5,いちょう銀行,,gold,core,,2026-04-01,2026-12-31\n";

async fn import(world: &World, file: &str, is_whole: bool, is_dry: bool) -> String {
    let by = AskedBy::Member("ueda".into());
    let plan = world
        .app
        .import_contracts(file.as_bytes(), is_whole, is_dry, (&by, "cli"))
        .await;
    let (texts, people) = (Default::default(), &world.app.setup.people);
    let words = Words {
        lang: toban::i18n::Lang::Ja,
        zone: &world.app.setup.zone,
        now: world.app.clock.now(),
        texts: &texts,
        people,
    };
    let lines = plan.expect("the store answers").lines();
    let lines = lines.iter().map(|line| sentence(line, &words, &PlainText));
    lines.collect::<Vec<_>>().join("\n")
}

/// The desk with its register filled.
async fn at(wall: &str) -> World {
    let world = World::with(&desk(), wall).await;
    import(&world, REGISTER, false, false).await;
    world
}

fn card(world: &World) -> String {
    let posts = world.chat.posts();
    let card = posts.into_iter().rfind(|post| post.is_card);
    card.expect("a card was posted").text
}

#[tokio::test]
async fn a_customer_with_a_contract() {
    let world = at("2026-11-24 10:00").await;
    // The source says silver; the contract says gold.
    world
        .receive("A-1", |it| it.plan = Some("silver".to_owned()))
        .await;
    world.says("aoki", "why Q-1").await;
    assert_snapshot!(format!("{}\n\n{}", card(&world), world.heard()));
    world.end().await;
}

#[tokio::test]
async fn a_contract_that_ended_yesterday_is_refused_when_somebody_says_so() {
    let world = at("2026-11-24 10:00").await;
    world
        .receive("A-1", |it| {
            it.customer = Some("もみじ物産 御中".to_owned());
            // Nothing wakes anybody without a contract.
            it.severity = Some("S1".to_owned());
        })
        .await;
    let first = card(&world);
    world.says("aoki", "why Q-1").await;
    world.says("aoki", "一覧").await;
    world.until("2026-11-24 15:00").await;
    assert_eq!(world.back.sent(), [""; 0], "nothing goes out by itself");
    let stored = world.app.store.by_reference("Q-1".parse().unwrap()).await;
    let stored = stored.unwrap().unwrap();
    let request = Request::new(Verb::Refuse, Some(stored.reference));
    let draft = world.app.draft_of(&request, Some(&stored)).await.unwrap();
    let draft = &draft.given["text"];
    world
        .says("aoki", &format!("refuse Q-1 {draft}\n（担当：青木）"))
        .await;
    world.says("aoki", "refuse Q-1 もう一度").await;
    world.says("aoki", "show Q-1").await;
    world.until("2026-11-24 15:10").await;
    let heard = world.heard();
    assert_snapshot!(format!(
        "{first}\n\n--- draft\n{draft}\n\n--- sent\n{}\n\n--- card\n{}\n\n{heard}",
        world.back.sent().join("\n"),
        card(&world)
    ));
    world.end().await;
}

#[tokio::test]
async fn an_exception_with_a_reason_counts_from_the_receipt() {
    let world = at("2026-11-24 10:00").await;
    world
        .receive("A-1", |it| it.customer = Some("どこか商店".to_owned()))
        .await;
    world.until("2026-11-24 11:00").await;
    world.says("inoue", "except Q-1").await;
    world
        .says("inoue", "例外 Q-1 更新手続き中と営業に確認済み")
        .await;
    world.says("inoue", "why Q-1").await;
    world.until("2026-11-24 13:05").await;
    let heard = world.heard();
    assert_snapshot!(format!("{}\n\n{heard}", card(&world)));
    world.end().await;
}

#[tokio::test]
async fn the_hours_of_a_contract_beat_those_of_the_queue() {
    let world = at("2026-11-24 17:00").await;
    world
        .receive("A-1", |it| {
            it.customer = Some("ＧＵＬＦ　ＴＲＡＤＩＮＧ　ＬＬＣ".to_owned());
            it.plan = None;
        })
        .await;
    world.says("aoki", "why Q-1").await;
    let heard = world.heard();
    assert_snapshot!(format!("{}\n\n{heard}", card(&world)));
    world.end().await;
}

#[tokio::test]
async fn of_two_contracts_the_one_for_the_product() {
    let world = at("2026-11-24 10:00").await;
    for (id, product) in [("A-1", "core"), ("A-2", "billing"), ("A-3", "mobile")] {
        world
            .receive(id, |it| {
                it.customer = Some("いちょう銀行".to_owned());
                it.product = Some(product.to_owned());
                it.plan = None;
            })
            .await;
    }
    for reference in ["Q-1", "Q-2", "Q-3"] {
        world.says("aoki", &format!("show {reference}")).await;
    }
    assert_snapshot!(world.heard());
    world.end().await;
}

#[tokio::test]
async fn a_contract_found_later_and_a_customer_put_right() {
    let world = at("2026-11-24 10:00").await;
    world.receive("A-1", |it| it.customer = None).await;
    world
        .receive("A-2", |it| it.customer = Some("かえで工業".to_owned()))
        .await;
    // The source puts the customer right: what was held counts from its receipt.
    world.until("2026-11-24 10:20").await;
    world.receive("A-1", |_| {}).await;
    // The register has changed: nothing moves by itself, nor by a redelivery.
    let more = format!("{REGISTER}K-9,かえで工業,,gold,,,2026-11-01,\n");
    let told = import(&world, &more, false, false).await;
    world
        .receive("A-2", |it| it.customer = Some("かえで工業".to_owned()))
        .await;
    world.says("aoki", "契約確認 Q-2").await;
    world.says("aoki", "check-contract Q-2").await;
    world.says("aoki", "except Q-2 念のため").await;
    world.until("2026-11-24 10:21").await;
    assert_snapshot!(format!("{told}\n\n{}", world.heard()));
    world.end().await;
}

#[tokio::test]
async fn a_file_is_tried_before_it_is_taken() {
    let world = World::with(&desk(), "2026-11-24 10:00").await;
    let mut told = vec![import(&world, REGISTER, false, true).await];
    assert!(world.app.store.contracts().await.unwrap().is_empty());
    // An empty register says nothing about anybody.
    world.receive("A-1", |_| {}).await;
    world.says("aoki", "why Q-1").await;
    world.says("aoki", "契約確認 Q-1").await;
    told.push(import(&world, REGISTER, false, false).await);
    let edited = REGISTER
        .replace("2026-12-08", "2027-12-08")
        .replace("K-4,いちょう銀行,,,billing,,2026-04-01,2027-03-31\n", "");
    told.push(import(&world, &edited, true, true).await);
    told.push(import(&world, &edited.replace("gulf", "mars"), true, false).await);
    assert_eq!(world.app.store.contracts().await.unwrap().len(), 5);
    told.push(import(&world, &edited, true, false).await);
    assert_eq!(world.app.store.contracts().await.unwrap().len(), 4);
    let log = world.app.store.contract_changes("K-4", 10).await.unwrap();
    assert_eq!(log.len(), 2);
    assert_snapshot!(format!("{}\n\n{}", told.join("\n---\n"), world.heard()));
    world.end().await;
}
