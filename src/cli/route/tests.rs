#![allow(clippy::unwrap_used)]
//! The words of `toban route test`, over the configuration of the stories.

use super::*;
use crate::testkit::world::STORY;
use insta::assert_snapshot;

fn config() -> Config {
    let more = "\n[[route]]\nname = \"japan\"\nwhen = \"region == 'jp' and severity in ('S1', 'S2')\"\nqueue = \"support\"\n";
    let config = Config::read("story.toml", &format!("{STORY}{more}"), &|_| {
        Some("whsec_NoSecretOfAnybodyButLongEnough00".to_owned())
    });
    match config {
        Ok(config) => config,
        Err(problems) => panic!("{}", problems.render(false)),
    }
}

fn shown(named: Option<&str>, documents: &[Value], lang: Lang) -> String {
    let config = config();
    let bench = Bench::new(&config, named).unwrap();
    let lines = documents
        .iter()
        .zip(1..)
        .flat_map(|(document, number)| bench.lines(number, &bench.read(document), lang));
    lines.collect::<Vec<_>>().join("\n")
}

fn some() -> [Value; 4] {
    [
        json!({"id": "A-1", "title": "請求書が二重", "product": "billing", "region": "jp", "severity": "S1"}),
        json!({"id": "A-2", "title": "ログインできない", "region": "jp", "severity": "S2"}),
        json!({"id": "A-3", "title": "質問"}),
        json!({"title": "no id"}),
    ]
}

#[test]
fn each_document_tells_its_queue_and_every_rule() {
    assert_snapshot!(shown(None, &some(), Lang::En), @r#"
    1: "請求書が二重" (A-1) → 請求 (billing), by rule 1
      1  matches  product == 'billing' → billing  (product = "billing")
      2  matches (an earlier rule rules)  japan: region == 'jp' and severity in ('S1', 'S2') → support  (region = "jp", severity = "S1")
    2: "ログインできない" (A-2) → サポート (support), by rule 2
      1  no match  product == 'billing' → billing  (product = "unknown")
      2  matches  japan: region == 'jp' and severity in ('S1', 'S2') → support  (region = "jp", severity = "S2")
    3: "質問" (A-3) → サポート (support), the default: no rule matches
      1  no match  product == 'billing' → billing  (product = "unknown")
      2  no match  japan: region == 'jp' and severity in ('S1', 'S2') → support  (region = null, severity = null)
    4: cannot be read as an inquiry: the document has no id, which external_id is made of
    "#);
    assert_snapshot!(shown(Some("crm"), &some(), Lang::Ja), @r#"
    1：「請求書が二重」（A-1）→ 請求 (billing)　規則1による
      1  一致  product == 'billing' → billing  (product = "billing")
      2  一致（先の規則が優先）  japan: region == 'jp' and severity in ('S1', 'S2') → support  (region = "jp", severity = "S1")
    2：「ログインできない」（A-2）→ サポート (support)　規則2による
      1  不一致  product == 'billing' → billing  (product = "core")
      2  一致  japan: region == 'jp' and severity in ('S1', 'S2') → support  (region = "jp", severity = "S2")
    3：「質問」（A-3）→ サポート (support)　当てはまる規則がないため既定
      1  不一致  product == 'billing' → billing  (product = "core")
      2  不一致  japan: region == 'jp' and severity in ('S1', 'S2') → support  (region = null, severity = null)
    4：問い合わせとして読めません：external_idにする id が文書にありません
    "#);
}

#[test]
fn scripts_read_the_same() {
    let config = config();
    let bench = Bench::new(&config, None).unwrap();
    let told = bench.json(1, &bench.read(&some()[1]));
    assert_eq!(told["queue"], "support");
    assert_eq!(told["rule"], 2);
    assert_eq!(told["rules"][0]["matched"], false);
    assert_eq!(told["rules"][1]["name"], "japan");
    assert_eq!(
        told["rules"][1]["values"],
        json!({"region": "jp", "severity": "S2"})
    );
    let told = bench.json(4, &bench.read(&some()[3]));
    assert!(
        told["error"].as_str().unwrap().contains("external_id"),
        "{told}"
    );
}

#[test]
fn a_source_that_is_not_there_is_refused_with_those_that_are() {
    let config = config();
    let refused = |named| Bench::new(&config, Some(named)).err().unwrap().to_string();
    assert_eq!(
        refused("jira"),
        "there is no source \"jira\": use one of crm, mute"
    );
}

#[track_caller]
fn check_file(text: &str, expected: Result<usize, &str>) {
    let name = format!("toban-route-{}.json", crate::clock::SystemIds.id());
    let file = std::env::temp_dir().join(name);
    std::fs::write(&file, text).unwrap();
    let found = documents(&file).map(|documents| documents.len());
    std::fs::remove_file(&file).unwrap();
    match (found, expected) {
        (Ok(found), Ok(expected)) => assert_eq!(found, expected, "{text}"),
        (Err(error), Err(expected)) => {
            assert!(error.to_string().contains(expected), "{error}");
        }
        (found, _) => panic!("{text}: {found:?}"),
    }
}

#[test]
fn a_file_holds_one_document_or_many() {
    check_file(r#"{"id": 1}"#, Ok(1));
    check_file(r#"[{"id": 1}, {"id": 2}]"#, Ok(2));
    check_file("{\"id\": 1}\n\n{\"id\": 2}\n", Ok(2));
    check_file("", Err("has no document"));
    check_file("[]", Err("has no document"));
    check_file("{\"id\": 1}\n{\"id\":\n", Err("line 2 is no JSON"));
    check_file("{\"id\":\n 1,}\n", Err("is no JSON"));
}
