#![allow(clippy::unwrap_used)]

use super::*;
use crate::domain::inquiry::Severity;
use crate::testkit::world::STORY;

fn env(name: &str) -> Option<String> {
    Some(format!("whsec_{name}NoSecretOfAnybodyButLongEnough00"))
}

/// The desk of the stories, with a second policy that no queue has and a second rota.
fn here() -> Config {
    let text = format!(
        "{STORY}\n[[policy]]\nname = \"strict\"\n[[policy.target]]\nfirst_response = \"15m\"\n\
         [[rota]]\nname = \"pair\"\nstarts = 2026-11-02\nparticipants = [\"aoki\", \"ueda\"]\n"
    );
    Config::read("toban.toml", &text, &env).unwrap_or_else(|bad| panic!("{}", bad.render(false)))
}

/// A file beside it, in which the only queue works around the clock and its rota is of one.
fn there(folder: &tempfile::TempDir) -> String {
    let text = STORY
        .replace(
            "calendar = \"office\"\ndefault",
            "calendar = \"always\"\ndefault",
        )
        .replace("[\"aoki\", \"inoue\", \"ueda\", \"eguchi\"]", "[\"inoue\"]");
    let path = folder.path().join("new.toml");
    std::fs::write(&path, text).unwrap();
    path.display().to_string()
}

fn first_response(word: &str, queue: &str) -> (i64, String) {
    let all = policies(word, &here(), &env).unwrap();
    let (_, policy) = &all[&QueueId::from(queue)];
    let amount = policy.target(Severity::S3, "gold").unwrap();
    let amount = amount.first_response.clone().unwrap();
    (amount.ms / 60_000, amount.calendar)
}

#[test]
fn a_name_of_the_configuration_is_tried_in_the_hours_of_each_queue() {
    let office = "office".to_owned();
    assert_eq!(first_response("strict", "support"), (15, office.clone()));
    assert_eq!(first_response("strict", "billing"), (15, office));
    // What a queue has already is the very policy that stands in the ledger.
    let (hash, _) = &policies("standard", &here(), &env).unwrap()[&QueueId::from("support")];
    assert_eq!(*hash, here().setup.queues[&"support".into()].policy);
}

#[test]
fn a_file_gives_each_queue_what_it_has_there() {
    let folder = tempfile::tempdir().unwrap();
    let file = there(&folder);
    assert_eq!(first_response(&file, "support").1, "always");
    assert_eq!(first_response(&file, "billing").1, "office");
    assert_eq!(
        first_response(&format!("{file}#standard"), "support"),
        first_response(&file, "support")
    );
    let roster = roster(&file, &here(), &env).unwrap();
    let order = &roster.rotas["support"].plan().versions[0].participants;
    assert_eq!(*order, ["inoue".into()]);
    assert_eq!(roster.of_queue[&"billing".into()].rest().rota, "support");
}

#[test]
fn a_rota_of_a_name_answers_for_every_queue() {
    let roster = roster("pair", &here(), &env).unwrap();
    let lines = roster.of_queue.values().map(|coverage| coverage.rest());
    let names: Vec<&str> = lines.map(|line| line.rota.as_str()).collect();
    assert_eq!(names, ["pair", "pair"]);
}

#[test]
fn a_name_that_nobody_knows_is_told_the_known_ones() {
    let folder = tempfile::tempdir().unwrap();
    let file = there(&folder);
    let policy = |word: &str| policies(word, &here(), &env).unwrap_err().to_string();
    assert_eq!(
        policy("strikt"),
        "there is no policy \"strikt\" in the configuration, and no file of that name: use one of standard, strict"
    );
    let within = format!("{file}#strict");
    assert_eq!(
        policy(&within),
        format!("there is no policy \"strict\" in {within}: there is only standard")
    );
    let rota = |word: &str| roster(word, &here(), &env).unwrap_err().to_string();
    assert_eq!(
        rota("nights"),
        "there is no rota \"nights\" in the configuration, and no file of that name: use one of pair, support"
    );
    assert_eq!(
        rota(&format!("{file}#pair")),
        format!("there is no rota \"pair\" in {file}#pair: there is only support")
    );
}

#[test]
fn a_file_with_mistakes_tells_them() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bad.toml");
    std::fs::write(&path, STORY.replace("Asia/Tokyo", "Asia/Tokio")).unwrap();
    let word = path.display().to_string();
    let error = format!("{:#}", policies(&word, &here(), &env).unwrap_err());
    assert!(error.contains("has mistakes"), "{error}");
    assert!(error.contains("Asia/Tokio"), "{error}");
}
