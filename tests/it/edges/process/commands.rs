//! The other commands, beside a server that runs.

use super::*;
use serde_json::{Value, json};

/// A server on a port of its own that has one inquiry, sent by `toban send`.
async fn served() -> (House, super::binary::Server, String) {
    let house = House::new(&desk(free_port()));
    let (server, base) = house.serve().await;
    let document = json!({"id": "E-7", "title": "印刷できない", "severity": "S2"}).to_string();
    let answer = json_of(house.run_with(&["send", "-"], &document).await);
    assert_eq!(
        (&answer["reference"], &answer["is_new"]),
        (&json!("Q-1"), &json!(true))
    );
    (house, server, base)
}

fn json_of(ran: super::binary::Ran) -> Value {
    serde_json::from_str(&ran.well()).unwrap()
}

#[tokio::test]
async fn a_document_is_sent_signed_and_only_once() {
    let (house, _server, _) = served().await;
    let document = json!({"id": "E-7", "title": "印刷できない", "severity": "S2"}).to_string();
    std::fs::write(house.path("again.json"), &document).unwrap();
    let again = json_of(house.run(&["send", "again.json"]).await);
    assert_eq!(
        (&again["reference"], &again["is_new"], &again["is_changed"]),
        (&json!("Q-1"), &json!(false), &json!(false))
    );
    let untitled = json!({"id": "E-8"}).to_string();
    house
        .run_with(&["send", "-"], &untitled)
        .await
        .badly(&["answered 422", "title"]);
    house
        .run(&["send", "no-such.json"])
        .await
        .badly(&["no-such.json cannot be read"]);
    let source = house.run(&["send", "--source", "crm", "again.json"]).await;
    source.badly(&["there is no webhook source \"crm\""]);
}

#[tokio::test]
async fn the_whole_ledger_is_refolded_beside_it() {
    let (house, mut server, _) = served().await;
    let told = json_of(house.run(&["check", "--ledger", "--json"]).await);
    assert_eq!(told["ok"], true, "{told}");
    assert_eq!(told["ledger"]["inquiries"], 1, "{told}");
    server.signal("TERM").await;
    server.ended().await;
    let url = format!("sqlite://{}", house.path("toban.db").display());
    for (sql, said) in [
        (
            "update inquiries set severity = 'S4'",
            "Q-1: severity is \"S4\", its ledger says \"S2\"",
        ),
        (
            "update events set kind = 'teleported', v = 3 where seq = 1",
            "Q-1: event 1 (kind \"teleported\", v 3) cannot be read",
        ),
    ] {
        harm(&url, sql).await;
        let looked = house.run(&["check", "--ledger", "--lang", "en"]).await;
        looked.badly(&[said, "1 inquiry, ", "1 difference"]);
    }
}

/// Does to a database what toban never would.
async fn harm(url: &str, sql: &'static str) {
    use sqlx::{Connection, SqliteConnection};
    let mut conn = SqliteConnection::connect(url).await.unwrap();
    sqlx::raw_sql(sql).execute(&mut conn).await.unwrap();
    conn.close().await.unwrap();
}

#[tokio::test]
async fn a_check_makes_no_database() {
    let house = House::new(&desk(0));
    let told = json_of(house.run(&["check", "--connect", "--json"]).await);
    let database = &told["checks"][0];
    assert_eq!(database["subject"], "database");
    assert_eq!(
        database["said"],
        "there is none yet; toban.db will be made at the first start"
    );
    // The desk and the source have been tried all the same.
    let tried: Vec<&str> = told["checks"]
        .as_array()
        .unwrap()
        .iter()
        .map(|check| check["subject"].as_str().unwrap())
        .collect();
    assert_eq!(tried, ["database", "desk", "hook"]);
    assert_eq!(house.files(), ["toban.toml"]);
    let nowhere = House::new(&desk(0).replace("sqlite://toban.db", "sqlite://toban.toml/toban.db"));
    nowhere
        .run(&["check", "--connect"])
        .await
        .badly(&["toban.toml/toban.db cannot be made"]);
    assert_eq!(nowhere.files(), ["toban.toml"]);
}

#[tokio::test]
async fn a_reader_that_has_gone_away_is_no_error() {
    let (house, _server, _) = served().await;
    for args in [
        &["check", "--example"] as &[&str],
        &["check"],
        &["check", "--json"],
        &["check", "--ledger"],
        &["list"],
        &["rota", "show"],
        &["sla", "explain", "Q-1"],
        &["--help"],
    ] {
        let ran = house.run_unread(args).await;
        assert_eq!((ran.code, ran.err.as_str()), (Some(0), ""), "{args:?}");
    }
}

#[tokio::test]
async fn what_only_looks_works_beside_it() {
    let (house, _server, _) = served().await;
    let list = json_of(house.run(&["list", "--json"]).await);
    assert_eq!(list[0]["reference"], "Q-1");
    assert_eq!(list[0]["title"], "印刷できない");
    let rota = json_of(house.run(&["rota", "show", "--json"]).await);
    assert_eq!(rota[0]["rota"], "support");
    let shifts = rota[0]["shifts"].as_array().unwrap();
    assert!(shifts.len() >= 2, "{rota}");
    let why = house.run(&["sla", "explain", "Q-1"]).await.well();
    assert!(why.starts_with("Q-1\n") && why.lines().count() > 1, "{why}");
    house
        .run(&["sla", "explain", "Q-99"])
        .await
        .badly(&["there is no inquiry Q-99"]);
    house
        .run(&["sla", "explain", "X"])
        .await
        .badly(&["write it like Q-12"]);
}

#[tokio::test]
async fn a_backup_beside_it_is_whole() {
    let (house, _server, _) = served().await;
    house.run(&["backup", "copy.db"]).await.well();
    let url = format!("sqlite://{}", house.path("copy.db").display());
    let copy = super::binary::open_to_read(&url).await;
    let found = copy.by_reference("Q-1".parse().unwrap()).await.unwrap();
    assert_eq!(found.unwrap().inquiry.origin.external_id, "E-7");
    let findings = copy
        .audit_whole(toban::clock::SystemClock.now())
        .await
        .unwrap();
    assert!(findings.ledger_gaps.is_empty() && findings.projection_differs.is_empty());
    copy.close().await;
    house.run(&["backup", "copy.db"]).await.badly(&["copy.db"]);
}

#[tokio::test]
async fn a_sign_in_link_and_a_token_are_made_by_the_server() {
    let (house, server, base) = served().await;
    let link = house.run(&["login", "aoki"]).await.well();
    let link = link.trim();
    assert!(link.starts_with(&format!("{base}/login/")), "{link}");
    assert_eq!(reqwest::get(link).await.unwrap().status(), 200);
    house.run(&["login", "nobody"]).await.badly(&["nobody"]);

    let token = house
        .run(&["token", "script", "--member", "aoki"])
        .await
        .well();
    let http = reqwest::Client::new();
    let claim = http.post(format!("{base}/api/v1/inquiries/Q-1/claim"));
    let claimed = claim.bearer_auth(token.trim()).send().await.unwrap();
    assert_eq!(claimed.status(), 200);
    let list = json_of(house.run(&["list", "--json", "--owner", "aoki"]).await);
    assert_eq!(list[0]["owner"], "aoki");

    server.kill().await;
    house
        .run(&["login", "aoki"])
        .await
        .badly(&["is it running?"]);
}

/// Asks for the outbox until its first row is dead.
async fn first_dead(house: &House) -> Value {
    for _ in 0..200 {
        let rows = json_of(house.run(&["outbox", "--json"]).await);
        if rows[0]["state"] == "dead" {
            return rows[0].clone();
        }
    }
    panic!("nothing died");
}

#[tokio::test]
async fn a_dead_delivery_is_listed_and_sent_again() {
    use toban::app::ports::{Delivery, NewOutbox, Place};
    let (house, server, _) = served().await;
    server.kill().await;
    let url = format!("sqlite://{}", house.path("toban.db").display());
    let options = toban::store::OpenOptions::default();
    let store = toban::store::open(&url, &options).await.unwrap();
    let lost = NewOutbox {
        id: "lost-1".to_owned(),
        lane: "pager|team|".to_owned(),
        inquiry: None,
        place: Place {
            platform: "pager".to_owned(),
            channel: "team".to_owned(),
        },
        what: Delivery::Card {
            mentions: Vec::new(),
            is_urgent: false,
        },
        key: "lost".to_owned(),
        not_before: toban::clock::SystemClock.now(),
    };
    store.enqueue(vec![lost]).await.unwrap();
    store.close().await;
    let (_server, _) = house.serve().await;
    assert_eq!(first_dead(&house).await["id"], "lost-1");
    let listed = house.run(&["outbox"]).await.well();
    for part in ["lost-1", "dead", "pager/team", "not configured"] {
        assert!(listed.contains(part), "{part}: {listed}");
    }
    let again = house.run(&["outbox", "retry", "lost-1"]).await.well();
    assert_eq!(again.trim(), "lost-1 queued");
    // The cause is still there, so it dies once more.
    assert_eq!(first_dead(&house).await["attempts"], 1);
    house
        .run(&["outbox", "retry", "lost-2"])
        .await
        .badly(&["answered 404", "no dead delivery"]);
    house
        .run(&["outbox", "retry", "../x"])
        .await
        .badly(&["is no id of a delivery"]);
}

#[tokio::test]
async fn what_looks_at_nothing_says_so() {
    let house = House::new(&desk(0));
    let said = house
        .run(&["list"])
        .await
        .badly(&["there is no database at toban.db"]);
    assert!(said.contains("start the server first"), "{said}");
    house
        .run(&["login", "aoki"])
        .await
        .badly(&["is the desk running on this machine"]);
    assert_eq!(house.files(), ["toban.toml"]);
}

#[tokio::test]
async fn a_register_is_tried_filled_and_looked_at() {
    let (house, mut server, _) = served().await;
    let file = "契約番号,顧客名,プラン,終了日\nK-1,さくら商事,,2099-03-31\nK-2,もみじ物産,,\n";
    let (cp932, ..) = encoding_rs::SHIFT_JIS.encode(file);
    std::fs::write(house.path("contracts.csv"), &cp932).unwrap();
    let tried = house
        .run(&["contract", "import", "contracts.csv", "--dry-run"])
        .await;
    let tried = tried.well();
    assert!(
        tried.contains("K-1  さくら商事") && tried.contains("Nothing is done yet"),
        "{tried}"
    );
    house.run(&["contract", "list"]).await.well();
    let done = house
        .run(&["contract", "import", "contracts.csv"])
        .await
        .well();
    assert!(done.contains("Done: 2 added"), "{done}");
    assert!(done.contains("contract = \"shown\""), "{done}");
    let listed = json_of(house.run(&["contract", "list", "--json"]).await);
    assert_eq!(listed.as_array().unwrap().len(), 2);
    let ending = house.run(&["contract", "ending", "--within", "30d"]).await;
    assert_eq!(ending.well().trim(), "There is no such contract.");
    let ending = ["contract", "ending", "--within", "30d", "--lang", "ja"];
    let ending = house.run(&ending).await;
    assert_eq!(ending.well().trim(), "該当する契約はありません。");
    let again = [
        "contract",
        "import",
        "contracts.csv",
        "--dry-run",
        "--lang",
        "ja",
    ];
    let again = house.run(&again).await.well();
    assert!(again.contains("まだ取り込んでいません"), "{again}");
    let shown = house.run(&["contract", "show", "K-1"]).await.well();
    assert!(shown.contains("added by"), "{shown}");
    house
        .run(&["contract", "show", "K-9"])
        .await
        .badly(&["there is no contract \"K-9\""]);
    // A file with a mistake changes nothing and ends badly; what is wrong stands on standard output.
    std::fs::write(
        house.path("wrong.csv"),
        "顧客名,終了日\nさくら商事,そのうち\n",
    )
    .unwrap();
    house
        .run(&["contract", "import", "wrong.csv", "--replace"])
        .await
        .badly(&["line 2, \"終了日\"", "Nothing was changed"]);
    server.signal("TERM").await;
    server.ended().await;
    house
        .run(&["contract", "import", "contracts.csv"])
        .await
        .badly(&["is the desk running"]);
}
