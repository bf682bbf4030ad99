use super::Site;
use crate::app::ports::{Inbox, Reference};
use crate::testkit::world::STORY;

const ORIGIN: (&str, &str) = ("origin", "http://127.0.0.1:8080");
const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");
const FORM_ID: &str = "0123456789abcdef0123456789abcdef";

/// A browser that knows the key.
async fn known(site: &Site) -> String {
    let opened = site.get("/portal?key=sesame", &[]).await;
    assert_eq!(
        (opened.status.as_u16(), opened.header("location")),
        (303, "/portal")
    );
    let (proof, attributes) = opened.cookie("toban_portal").unwrap();
    assert!(attributes.contains("HttpOnly"));
    assert!(!proof.contains("sesame"));
    format!("toban_portal={proof}")
}

fn filing(change: &[(&str, &str)]) -> String {
    let mut fields = vec![
        ("form_id", FORM_ID),
        ("title", "Login+loops+%3Cb%3E"),
        ("body", "since+nine"),
        ("tried", "restarting"),
        ("requester", "Takahashi"),
        ("customer", "Sakura"),
        ("product", "core"),
        ("plan", "gold"),
        ("severity", "S2"),
        ("kind", "investigation"),
        ("needed_by", ""),
    ];
    fields.retain(|(name, _)| change.iter().all(|(changed, _)| changed != name));
    fields.extend(change);
    let pairs: Vec<String> = fields
        .iter()
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    pairs.join("&")
}

async fn file(site: &Site, cookie: &str, change: &[(&str, &str)]) -> super::Answer {
    site.post(
        "/portal",
        &[ORIGIN, FORM, ("cookie", cookie)],
        &filing(change),
    )
    .await
}

#[tokio::test]
async fn without_the_key_there_is_only_its_question() {
    let site = Site::new().await;
    let asked = site.get("/portal", &[]).await;
    assert!(asked.text.contains("name=\"key\"") && !asked.text.contains("name=\"title\""));
    let wrong = site.post("/portal/key", &[ORIGIN, FORM], "key=wrong").await;
    assert_eq!(wrong.status, 401);
    assert!(wrong.cookie("toban_portal").is_none());
    let forged = site
        .post(
            "/portal",
            &[ORIGIN, FORM, ("cookie", "toban_portal=sesame")],
            &filing(&[]),
        )
        .await;
    assert_eq!(forged.header("location"), "/portal");
    assert_eq!(site.store().by_reference(Reference(1)).await.unwrap(), None);
    let right = site
        .post("/portal/key", &[ORIGIN, FORM], "key=+sesame+")
        .await;
    assert!(right.cookie("toban_portal").is_some());
}

#[tokio::test]
async fn a_desk_without_a_portal_has_none() {
    let site = Site::with(|options| options.portal = None).await;
    for path in ["/portal", "/portal/s/x"] {
        site.get(path, &[]).await.problem(404, "not-found");
    }
}

#[tokio::test]
async fn a_filed_escalation_can_be_followed() {
    let site = Site::new().await;
    let cookie = known(&site).await;
    assert!(
        site.get("/portal", &[("cookie", &cookie)])
            .await
            .text
            .contains("name=\"form_id\"")
    );
    let filed = file(&site, &cookie, &[]).await;
    let status = format!("/portal/s/{FORM_ID}");
    assert_eq!(
        (filed.status.as_u16(), filed.header("location")),
        (303, status.as_str())
    );
    site.world.settle().await;
    site.world.says("aoki", "claim Q-1").await;
    // The link alone is enough.
    let page = site.get(&status, &[]).await.text;
    for part in [
        "Q-1",
        "Login loops &lt;b&gt;",
        "青木",
        "since nine",
        "restarting",
        "data-ms=",
    ] {
        assert!(page.contains(part), "{part}:\n{page}");
    }
    site.world.says("aoki", "note Q-1 internal remark").await;
    let stored = site
        .store()
        .by_reference(Reference(1))
        .await
        .unwrap()
        .unwrap();
    let form = site
        .world
        .app
        .resolve_form(&stored.inquiry.id)
        .await
        .unwrap();
    let line = format!(
        "resolve Q-1 category={} cause=a loop workaround=clear the cookies",
        form.categories[0]
    );
    site.world.says("aoki", &line).await;
    let page = site.get(&status, &[]).await.text;
    assert!(!page.contains("internal remark"), "notes stay with us");
    assert!(
        page.contains("a loop") && page.contains("clear the cookies"),
        "{page}"
    );
}

/// What the status page says where, read as text.
async fn status(site: &Site) -> String {
    site.get(&format!("/portal/s/{FORM_ID}"), &[]).await.text
}

#[tokio::test]
async fn the_requester_reads_their_own_side_and_none_of_our_clocks() {
    let site = Site::new().await;
    let cookie = known(&site).await;
    let blank = [("product", ""), ("customer", ""), ("plan", "")];
    let timed = [("needed_by", "2026-11-25T15:00")];
    file(&site, &cookie, &[&blank[..], &timed[..]].concat()).await;
    site.world.settle().await;
    let ours = [
        "担当決定",
        "当番",
        "unknown",
        "未担当",
        "期限間近",
        "カテゴリ",
    ];
    let check = |page: &str, said: &[&str], unsaid: &[&str]| {
        for part in said {
            assert!(page.contains(part), "{part} is not said:\n{page}");
        }
        for part in unsaid.iter().chain(&ours) {
            assert!(!page.contains(part), "{part} is said:\n{page}");
        }
    };
    let page = status(&site).await;
    check(
        &page,
        &["担当者を決めています", "次の回答", "希望期日", "Takahashi"],
        &["お客様", "<dt>担当</dt>"],
    );
    site.world.says("aoki", "assign Q-1 inoue").await;
    check(&status(&site).await, &["担当者を決めています"], &["井上"]);
    site.world.says("inoue", "accept Q-1").await;
    check(&status(&site).await, &["対応中", "井上さん"], &[]);
    site.world.says("inoue", "ask Q-1 which browser?").await;
    site.world.says("inoue", "wait Q-1 requester 2d").await;
    check(
        &status(&site).await,
        &[
            "ご返答をお待ちしています",
            "井上さんからの質問：which browser?",
        ],
        &["次の回答"],
    );
}

#[tokio::test]
async fn sending_the_form_twice_files_once() {
    let site = Site::new().await;
    let cookie = known(&site).await;
    for _ in 0..2 {
        assert_eq!(file(&site, &cookie, &[]).await.status, 303);
    }
    assert_eq!(site.store().by_reference(Reference(2)).await.unwrap(), None);
}

#[tokio::test]
async fn what_is_wrong_is_said_and_what_was_typed_is_kept() {
    let site = Site::new().await;
    let cookie = known(&site).await;
    let long = "x".repeat(201);
    for (name, value, said) in [
        ("title", "+", "件名を入力"),
        ("title", long.as_str(), "200文字"),
        ("severity", "S9", "重大度を選んで"),
        ("kind", "", "種類を選んで"),
        ("needed_by", "tomorrow", "日時が読めません"),
        ("needed_by", "2026-11-24T09:59", "今より後"),
        ("form_id", "short", "フォームが古く"),
    ] {
        let answer = file(&site, &cookie, &[(name, value)]).await;
        assert_eq!(answer.status, 422, "{name}={value}");
        assert!(
            answer.text.contains(said),
            "{name}={value}: {}",
            answer.text
        );
        assert!(answer.text.contains("since nine"));
    }
    assert_eq!(site.store().by_reference(Reference(1)).await.unwrap(), None);
}

#[tokio::test]
async fn needed_by_is_read_in_the_zone_beside_the_field() {
    let site = Site::new().await;
    let cookie = known(&site).await;
    file(
        &site,
        &cookie,
        &[
            ("needed_by", "2026-11-24T15:00"),
            ("business_stopped", "yes"),
        ],
    )
    .await;
    let stored = site
        .store()
        .by_reference(Reference(1))
        .await
        .unwrap()
        .unwrap();
    let facts = stored.inquiry.facts;
    assert_eq!(facts.needed_by.unwrap().to_string(), "2026-11-24T06:00:00Z");
    assert!(facts.business_stopped);
}

#[tokio::test]
async fn the_requester_can_add_a_message() {
    let site = Site::new().await;
    let cookie = known(&site).await;
    file(&site, &cookie, &[]).await;
    let status = format!("/portal/s/{FORM_ID}");
    for _ in 0..2 {
        let sent = site
            .post(
                &status,
                &[ORIGIN, FORM],
                "text=it+happens+on+Safari+too&form_id=m1",
            )
            .await;
        assert_eq!(sent.status, 303, "{}", sent.text);
    }
    let id = site
        .store()
        .by_reference(Reference(1))
        .await
        .unwrap()
        .unwrap()
        .inquiry
        .id;
    let ledger = site.store().ledger(&id).await.unwrap();
    let messages = ledger.iter().filter(|entry| {
        matches!(
            entry.event,
            crate::domain::inquiry::Event::RequesterReplied { .. }
        )
    });
    assert_eq!(messages.count(), 1);
}

#[tokio::test]
async fn what_is_said_to_and_by_the_requester_stands_on_the_status_page() {
    let site = Site::new().await;
    let cookie = known(&site).await;
    file(&site, &cookie, &[]).await;
    let status = format!("/portal/s/{FORM_ID}");
    site.world.says("aoki", "claim Q-1").await;
    site.world.says("aoki", "note Q-1 internal remark").await;
    site.world.says("aoki", "reply Q-1 try <b>again</b>").await;
    site.world.says("aoki", "ask Q-1 which browser?").await;
    let sent = "text=it+happens+on+Safari+too&form_id=m1";
    site.post(&status, &[ORIGIN, FORM], sent).await;
    let page = site.get(&status, &[]).await.text;
    let said = ["try &lt;b&gt;again&lt;", "which browser?", "on Safari too"];
    let places: Vec<Option<usize>> = said.iter().map(|words| page.find(words)).collect();
    assert!(places.iter().all(Option::is_some), "{places:?}\n{page}");
    assert!(places.is_sorted(), "oldest first: {places:?}");
    assert!(!page.contains("internal remark"));
}

#[tokio::test]
async fn a_link_that_was_guessed_shows_nothing() {
    let site = Site::new().await;
    assert_eq!(site.get("/portal/s/guess", &[]).await.status, 404);
    assert_eq!(
        site.post("/portal/s/guess", &[ORIGIN, FORM], "text=x")
            .await
            .status,
        404
    );
}

#[tokio::test]
async fn other_sites_cannot_file() {
    let site = Site::new().await;
    let cookie = known(&site).await;
    let foreign = [
        ("origin", "https://evil.example"),
        FORM,
        ("cookie", cookie.as_str()),
    ];
    site.post("/portal", &foreign, &filing(&[]))
        .await
        .problem(403, "other-origin");
    site.post(&format!("/portal/s/{FORM_ID}"), &foreign, "text=x")
        .await
        .problem(403, "other-origin");
}

/// Tries a wrong key until it is refused; how often it was not, and the refusal.
async fn guessed(site: &Site, headers: &[(&str, &str)]) -> (u32, super::Answer) {
    let mut tried = 0;
    loop {
        let answer = site.post("/portal/key", headers, "key=wrong").await;
        if answer.status != 401 {
            return (tried, answer);
        }
        tried += 1;
        assert!(tried < 1000, "nobody stops it");
    }
}

#[tokio::test]
async fn guesses_at_the_key_are_bounded() {
    let site = Site::new().await;
    let cookie = known(&site).await;
    let (tried, refused) = guessed(&site, &[ORIGIN, FORM]).await;
    assert_eq!(tried, 30);
    refused.problem(429, "too-many-guesses");
    let wait: u32 = refused.header("retry-after").parse().unwrap();
    assert!((1..=20).contains(&wait), "{wait}");
    // Not even the right one is looked at now, nor a cookie, which is as good a guess.
    for path in ["/portal?key=sesame", "/portal?key=wrong"] {
        site.get(path, &[]).await.problem(429, "too-many-guesses");
    }
    for proof in [cookie.as_str(), "toban_portal=5f5f"] {
        let shown = site.get("/portal", &[("cookie", proof)]).await;
        shown.problem(429, "too-many-guesses");
    }
    // Whoever has no key to show is asked for it as ever.
    assert_eq!(site.get("/portal", &[]).await.status, 200);
}

#[tokio::test]
async fn people_read_a_page_about_it() {
    let site = Site::new().await;
    guessed(&site, &[ORIGIN, FORM]).await;
    for (lang, said) in [("ja", "1分ほど待って"), ("en", "Wait a minute")] {
        let headers = [
            ORIGIN,
            FORM,
            ("accept", "text/html"),
            ("accept-language", lang),
        ];
        let page = site.post("/portal/key", &headers, "key=sesame").await;
        assert_eq!(page.status, 429);
        assert!(page.text.contains(said), "{}", page.text);
        assert!(!page.header("retry-after").is_empty());
    }
}

#[tokio::test]
async fn an_office_at_work_is_not_locked_out() {
    let site = Site::new().await;
    for _ in 0..100 {
        let cookie = known(&site).await;
        let shown = site.get("/portal", &[("cookie", &cookie)]).await;
        assert_eq!(shown.status, 200);
    }
}

#[tokio::test]
async fn the_proof_of_a_key_that_was_changed_is_counted_once() {
    let site = Site::new().await;
    let asked = site
        .get("/portal", &[("cookie", "toban_portal=5f5f")])
        .await;
    assert_eq!(asked.status, 200);
    let (value, attributes) = asked.cookie("toban_portal").unwrap();
    assert_eq!(value, "");
    assert!(attributes.contains("Path=/portal") && attributes.contains("Max-Age=0"));
}

#[tokio::test]
async fn what_the_client_says_of_its_address_is_not_believed() {
    let site = Site::new().await;
    let (tried, _) = guessed(&site, &[ORIGIN, FORM, ("x-forwarded-for", "203.0.113.1")]).await;
    assert_eq!(tried, 30);
    let (tried, _) = guessed(&site, &[ORIGIN, FORM, ("x-forwarded-for", "203.0.113.2")]).await;
    assert_eq!(tried, 0);
    let behind = Site::with(|options| {
        options.trusted_proxies = vec!["127.0.0.0/8".parse().unwrap()];
    });
    let behind = behind.await;
    for address in ["203.0.113.1", "203.0.113.2"] {
        let headers = [ORIGIN, FORM, ("x-forwarded-for", address)];
        assert_eq!(guessed(&behind, &headers).await.0, 30, "{address}");
    }
}

#[tokio::test]
async fn wrong_status_links_are_bounded_and_right_ones_open() {
    let site = Site::new().await;
    let cookie = known(&site).await;
    file(&site, &cookie, &[]).await;
    for n in 0..30 {
        let answer = site.get(&format!("/portal/s/guess-{n}"), &[]).await;
        assert_eq!(answer.status, 404);
    }
    site.get("/portal/s/guess", &[])
        .await
        .problem(429, "too-many-guesses");
    let right = site.get(&format!("/portal/s/{FORM_ID}"), &[]).await;
    assert_eq!(right.status, 200);
}

/// The desk of the stories, whose support wants to know what was tried; billing also of a question, and who it is for.
fn gated() -> String {
    let gate = "default = true\n[queue.gate]\ninvestigation = [\"tried\", \"settings_checked\", \"environment\"]\n";
    let story = STORY.replacen("default = true\n", gate, 1);
    let (before, after) = story.split_once("id = \"billing\"\n").unwrap();
    let (queue, rest) = after.split_once("\n\n").unwrap();
    format!(
        "{before}id = \"billing\"\n{queue}\n[queue.gate]\nspecification = [\"tried\", \"customer\"]\n\n{rest}"
    )
}

#[tokio::test]
async fn what_the_queue_wants_is_asked_for_before_anything_is_filed() {
    let site = Site::of(&gated(), |_| {}).await;
    let cookie = known(&site).await;
    let asked = [
        "これまでに試したことと、その結果を書いてください。",
        "先に設定を確認し、「確認した」を選んでください。",
        "発生している環境を書いてください。",
    ];
    for (settings, wanted) in [("", &asked[..]), ("no", &asked[..]), ("yes", &asked[..1])] {
        let change = [
            ("tried", "+"),
            ("settings_checked", settings),
            ("environment", ""),
        ];
        let mut change = change.to_vec();
        if settings == "yes" {
            change[2].1 = "Chrome";
        }
        let answer = file(&site, &cookie, &change).await;
        assert_eq!(answer.status, 422);
        for words in asked {
            assert_eq!(
                answer.text.contains(words),
                wanted.contains(&words),
                "{settings}: {words}"
            );
        }
        assert!(answer.text.contains("since nine") && answer.text.contains("aria-invalid"));
    }
    assert_eq!(site.store().by_reference(Reference(1)).await.unwrap(), None);
    let change = [
        ("settings_checked", "yes"),
        ("environment", "Chrome+140"),
        ("error_text", "E-42"),
    ];
    assert_eq!(file(&site, &cookie, &change).await.status, 303);
    let stored = site
        .store()
        .by_reference(Reference(1))
        .await
        .unwrap()
        .unwrap();
    let intake = &stored.inquiry.facts.intake;
    assert_eq!(intake.channel.as_deref(), Some("portal"));
    assert_eq!(intake.settings_checked, Some(true));
    let page = site.get(&format!("/portal/s/{FORM_ID}"), &[]).await.text;
    for part in ["restarting", "Chrome 140", "E-42"] {
        assert!(page.contains(part), "{part}:\n{page}");
    }
}

#[tokio::test]
async fn the_gate_is_that_of_the_queue_and_the_kind() {
    let site = Site::of(&gated(), |_| {}).await;
    let cookie = known(&site).await;
    let question = [("kind", "specification"), ("tried", ""), ("customer", "")];
    assert_eq!(
        file(&site, &cookie, &question).await.status,
        303,
        "support wants nothing of a question"
    );
    let other = "fedcba9876543210fedcba9876543210";
    let billing = [&question[..], &[("product", "billing"), ("form_id", other)]].concat();
    let answer = file(&site, &cookie, &billing).await;
    assert_eq!(answer.status, 422);
    assert!(answer.text.contains("お客様の名前を入力してください。"));
    assert!(!answer.text.contains("発生している環境を書いてください。"));
}

#[tokio::test]
async fn the_gate_is_that_of_the_queue_to_which_the_contract_leads() {
    let asks = gated()
        .replacen(
            "default = true\n",
            "default = true\ncontract = \"shown\"\n",
            1,
        )
        .replacen(
            "[[route]]\n",
            "[[route]]\nwhen = \"contract == 'none'\"\nqueue = \"billing\"\n\n[[route]]\n",
            1,
        );
    let site = Site::of(&asks, |_| {}).await;
    let cookie = known(&site).await;
    let question = [("kind", "specification"), ("tried", "")];
    // As long as the register says nothing, support is asked, and wants nothing of a question.
    assert_eq!(file(&site, &cookie, &question).await.status, 303);
    let contract = crate::app::ports::ContractChange {
        id: "1".to_owned(),
        what: crate::app::ports::ContractAct::Added,
        contract: serde_json::from_str(r#"{"id": "K-1", "customer": "Momiji"}"#).unwrap(),
        by: crate::domain::inquiry::Actor::System,
        via: "test".to_owned(),
        at: crate::testkit::world::tokyo("2026-11-24 10:00"),
    };
    site.store().change_contracts(vec![contract]).await.unwrap();
    let other = "fedcba9876543210fedcba9876543210";
    let without = [&question[..], &[("form_id", other)]].concat();
    let answer = file(&site, &cookie, &without).await;
    assert_eq!(answer.status, 422);
    assert!(
        answer
            .text
            .contains("これまでに試したことと、その結果を書いてください。")
    );
    let covered = [&without[..], &[("customer", "Momiji")]].concat();
    assert_eq!(file(&site, &cookie, &covered).await.status, 303);
}

#[tokio::test]
async fn the_form_says_beforehand_what_is_needed() {
    let site = Site::of(&gated(), |_| {}).await;
    let cookie = known(&site).await;
    let form = site
        .get("/portal", &[("cookie", &cookie), ("accept-language", "en")])
        .await;
    assert_eq!(
        form.text.matches("needed for an investigation").count(),
        3,
        "{}",
        form.text
    );
}

#[tokio::test]
async fn whoever_filed_reads_what_to_add() {
    let site = Site::new().await;
    let cookie = known(&site).await;
    file(&site, &cookie, &[]).await;
    site.world.settle().await;
    site.world
        .says("aoki", "bounce Q-1 Which browser <b>?")
        .await;
    let page = site
        .get(
            &format!("/portal/s/{FORM_ID}"),
            &[("accept-language", "en")],
        )
        .await
        .text;
    for part in [
        "We are waiting for more information from you (sent back)",
        "Please add",
        "Which browser &lt;b&gt;?",
    ] {
        assert!(page.contains(part), "{part}:\n{page}");
    }
}

#[tokio::test]
async fn what_was_split_off_is_shown_to_the_requester_by_a_link_of_its_own() {
    let site = Site::new().await;
    let cookie = known(&site).await;
    file(&site, &cookie, &[]).await;
    site.world
        .says("aoki", "split Q-1 Printing <b> 本文=and I cannot print")
        .await;
    site.world.says("aoki", "split Q-2 Paper size").await;
    site.world.receive("T-9", |_| {}).await;
    let first = status(&site).await;
    let link = format!("/portal/s/{FORM_ID}/Q-2");
    assert!(
        first.contains(&format!("href=\"{link}\">Q-2 Printing &lt;b&gt;</a>")),
        "{first}"
    );
    let page = site.get(&link, &[]).await.text;
    for part in ["Printing &lt;b&gt;", "/Q-1\"", "/Q-3\""] {
        assert!(page.contains(part), "{part} is missing:\n{page}");
    }
    // What a colleague wrote when splitting it off was for colleagues.
    assert!(!page.contains("and I cannot print"), "{page}");
    // What is written there is heard there.
    let sent = site
        .post(&link, &[ORIGIN, FORM], "text=any+news%3F&form_id=f1")
        .await;
    assert_eq!(
        (sent.status.as_u16(), sent.header("location")),
        (303, link.as_str())
    );
    let stored = site
        .store()
        .by_reference(Reference(2))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(stored.inquiry.unanswered.len(), 1);
    site.world
        .says("aoki", "reply Q-2 use the other driver")
        .await;
    assert!(
        site.get(&link, &[])
            .await
            .text
            .contains("use the other driver")
    );
    // The link of the one opens what was split off it, and nothing else.
    let deep = site.get(&format!("/portal/s/{FORM_ID}/Q-3"), &[]).await;
    assert_eq!(deep.status, 200);
    for other in ["Q-4", "Q-99", "x"] {
        let page = site.get(&format!("/portal/s/{FORM_ID}/{other}"), &[]).await;
        assert_eq!(page.status, 404, "{other}");
    }
}
