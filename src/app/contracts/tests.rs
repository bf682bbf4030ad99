#![allow(clippy::unwrap_used)]
//! Files of contracts: what is read of them, what is wrong with them, what they would change.

use super::import::read;
use super::plan::{ImportPlan, plan};
use crate::app::wording::{PlainText, Words, sentence};
use crate::domain::contract::Contract;
use crate::i18n::Lang;
use crate::testkit::world::{STORY, World};
use std::collections::HashMap;

/// The desk of the stories, whose policy promises something for two plans.
async fn desk() -> World {
    let rows = "name = \"standard\"\n\
        [[policy.target]]\nplan = \"gold\"\nfirst_response = \"2h\"\n\
        [[policy.target]]\nplan = \"silver\"\nfirst_response = \"4h\"\n\
        [[policy.target]]\nfirst_response = \"8h\"\n";
    let config = STORY.replace("name = \"standard\"\npreset = \"standard\"\n", rows);
    World::with(&config, "2026-11-24 10:00").await
}

fn imported(desk: &World, file: &[u8], kept: &[Contract], is_whole: bool) -> ImportPlan {
    plan(kept, read(file, &desk.app.setup), is_whole)
}

fn said(desk: &World, plan: &ImportPlan, lang: Lang) -> String {
    let (texts, people) = (HashMap::new(), &desk.app.setup.people);
    let words = Words {
        lang,
        zone: &crate::time::zone("Asia/Tokyo").unwrap(),
        now: "2026-11-24T01:00:00Z".parse().unwrap(),
        texts: &texts,
        people,
    };
    let lines = plan.lines();
    let lines = lines.iter().map(|line| sentence(line, &words, &PlainText));
    lines.collect::<Vec<_>>().join("\n")
}

async fn check(file: &str, expected: &str) {
    let desk = desk().await;
    let plan = imported(&desk, file.as_bytes(), &[], false);
    assert_eq!(said(&desk, &plan, Lang::En), expected);
}

const WHOLE: &str = "契約番号,顧客名,別名,プラン,製品,営業時間,地域,言語,開始日,終了日,備考\n\
    K-1024,株式会社さくら商事,サクラ商事；Sakura Trading,gold,\"core、billing\",office,apac,日本語,2026/4/1,2027年3月31日,営業一課\n";

#[tokio::test]
async fn every_column_is_read_in_either_language_and_any_order() {
    let desk = desk().await;
    let wanted = Contract {
        id: "K-1024".to_owned(),
        customer: "株式会社さくら商事".to_owned(),
        aliases: vec!["サクラ商事".to_owned(), "Sakura Trading".to_owned()],
        plan: Some("gold".to_owned()),
        products: vec!["core".to_owned(), "billing".to_owned()],
        calendar: Some("office".to_owned()),
        region: Some("apac".to_owned()),
        language: Some("ja".to_owned()),
        starts_on: Some("2026-04-01".parse().unwrap()),
        ends_on: Some("2027-03-31".parse().unwrap()),
        note: Some("営業一課".to_owned()),
    };
    let english = "Note,Ends on,STARTS_ON,language,region,hours,products,plan,aliases,Customer,ID\n\
        営業一課,2027-03-31,２０２６．４．１,ja,apac,office,core;billing,gold,サクラ商事|Sakura Trading,株式会社さくら商事,K-1024\n";
    let (cp932, _, is_lossy) = encoding_rs::SHIFT_JIS.encode(WHOLE);
    assert!(!is_lossy);
    for file in [WHOLE.as_bytes(), english.as_bytes(), &cp932] {
        let plan = imported(&desk, file, &[], false);
        assert_eq!(plan.faults, []);
        assert_eq!(plan.added, std::slice::from_ref(&wanted));
    }
}

#[tokio::test]
async fn a_contract_without_a_number_gets_one_that_stays() {
    let desk = desk().await;
    let made = |file: &str| imported(&desk, file.as_bytes(), &[], false).added.remove(0);
    let one = made("顧客名,開始日,終了日\nさくら商事,2026-04-01,2027-03-31\n");
    assert!(one.id.starts_with("c-"), "{}", one.id);
    // Its end and its plan may change, the form of its customer's name too.
    let longer = made("開始日,終了日,顧客名,プラン\n2026/04/01,2028-03-31,㈱さくら商事,gold\n");
    assert_eq!(longer.id, one.id);
    let next = made("顧客名,開始日,終了日\nさくら商事,2027-04-01,2028-03-31\n");
    assert_ne!(next.id, one.id);
}

#[tokio::test]
async fn every_mistake_is_named_with_its_line_and_column() {
    let desk = desk().await;
    let file = "customer,plan,hours,language,starts_on,ends_on\n\
        Acme,bronze,night,fr,2026-13-01,soon\n\
        \n\
        ,gold,,,2027-03-31,2026-04-01\n";
    for lang in Lang::ALL {
        let plan = imported(&desk, file.as_bytes(), &[], false);
        insta::assert_snapshot!(format!("mistakes_{lang}"), said(&desk, &plan, lang));
        assert!(plan.added.is_empty());
    }
}

#[tokio::test]
async fn a_file_without_customers_is_refused() {
    check(
        "plan,ends_on\ngold,2027-03-31\n",
        "line 1: there is no column \"customer\"; the first line names the columns (契約番号, 顧客名, 別名, プラン, 製品, \
         営業時間, 地域, 言語, 開始日, 終了日, 備考)\nNothing was changed, because of these mistakes.",
    )
    .await;
    check(
        "customer\n",
        "line 1: there is no contract in it\nNothing was changed, because of these mistakes.",
    )
    .await;
}

#[tokio::test]
async fn the_same_contract_twice_is_refused() {
    check(
        "id,customer\nK-1,Acme\nK-1,Beta\n",
        "line 3, \"id\": contract K-1 is on line 2 too; if it is another, give it a number of its own\n\
         Nothing was changed, because of these mistakes.",
    )
    .await;
}

#[tokio::test]
async fn a_quote_that_is_not_closed_loses_no_contract() {
    const NONE: &str = "\nNothing was changed, because of these mistakes.";
    let unclosed = "line 2: a quote (\") opens here and is never closed: close it or drop it\n\
        line 2, \"customer\": there is a line break in it: see whether a quote (\") is closed";
    check(
        "id,customer,plan\nK-1,\"株式会社さくら商事,gold\nK-2,A社,silver\n",
        &format!("{unclosed}{NONE}"),
    )
    .await;
    // In the last line there is no line break after it.
    check(
        "id,customer,plan\nK-2,A社,silver\nK-1,\"Sakura \"\"S\"\",gold",
        &format!("line 3: a quote (\") opens here and is never closed: close it or drop it{NONE}"),
    )
    .await;
    // It closes at the next quote, three lines on.
    check(
        "id,customer,plan\nK-1,\"Sakura,gold\nK-2,A,silver\nK-3,\"B\",silver\n",
        &format!(
            "line 2, \"customer\": there is a line break in it: see whether a quote (\") is closed{NONE}"
        ),
    )
    .await;
}

#[tokio::test]
async fn what_stands_beyond_the_headings_is_refused() {
    check(
        "id,customer,plan\nK-1,Sakura, Inc.,gold\n",
        "line 2: \"gold\" stands to the right of the headings: see whether there is a comma too many, and put a value with \
         commas into \"…\"\nNothing was changed, because of these mistakes.",
    )
    .await;
    let desk = desk().await;
    // A quote within a cell is a character, blank cells are nothing, and other names may stand on lines of their own.
    let file = "id,customer,aliases\nK-1,5\" Sakura,\"S\n\"\"T\"\"\",,\n";
    let plan = imported(&desk, file.as_bytes(), &[], false);
    assert_eq!((plan.faults, plan.added.len()), (vec![], 1));
}

#[tokio::test]
async fn a_list_without_end_is_a_mistake_of_the_file() {
    let names = |count: usize| {
        let names: Vec<String> = (0..count).map(|n| format!("店{n}")).collect();
        format!("id,customer,aliases\nK-1,Sakura,{}\n", names.join(";"))
    };
    let desk = desk().await;
    let most = imported(&desk, names(200).as_bytes(), &[], false);
    assert_eq!((most.faults, most.added[0].aliases.len()), (vec![], 200));
    check(
        &names(201),
        "line 2, \"aliases\": there are 201 of them, and at most 200 are taken: look at the separators and quotes\n\
         Nothing was changed, because of these mistakes.",
    )
    .await;
}

#[test]
fn the_register_of_the_documentation_is_taken_by_the_desk_of_the_example() {
    let page = include_str!("../../../docs/contracts.md");
    let file = page.split("```csv\n").nth(1).unwrap();
    let file = file.split("```").next().unwrap();
    let example = include_str!("../../../config/toban.toml");
    let read = read(file.as_bytes(), &crate::testkit::world::read(example).setup);
    assert_eq!(read.faults, []);
    assert_eq!(read.contracts.len(), 2);
}

#[tokio::test]
async fn what_a_file_changes_is_told_before_and_after() {
    let desk = desk().await;
    let kept = imported(
        &desk,
        "id,customer,plan,ends_on\nK-1,Acme,gold,2026-03-31\nK-2,Beta,,\nK-3,Gamma,,\n".as_bytes(),
        &[],
        false,
    )
    .added;
    let file = "id,customer,plan,ends_on,colour\nK-1,Acme,silver,2027-03-31,red\nK-2,Beta,,,\nK-4,Delta,,,\n";
    let part = imported(&desk, file.as_bytes(), &kept, false);
    assert!(part.removed.is_empty());
    for lang in Lang::ALL {
        let whole = imported(&desk, file.as_bytes(), &kept, true);
        assert_eq!((whole.same, whole.removed.len()), (1, 1));
        insta::assert_snapshot!(format!("changes_{lang}"), said(&desk, &whole, lang));
    }
}
