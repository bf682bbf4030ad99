use super::{Site, request};
use crate::app::ports::{DeskBody, DeskPost, Reference, Stirred};
use crate::domain::ids::{MemberId, TextId};
use crate::domain::notice::{Arg, Message, Offer};
use crate::testkit::world::STORY;
use axum::body::BodyDataStream;
use axum::http::Method;
use futures_util::StreamExt;
use serde_json::{Value, json};

const ORIGIN: (&str, &str) = ("origin", "http://127.0.0.1:8080");
const JSON: (&str, &str) = ("content-type", "application/json");

/// Puts a post of an inquiry into the channel of the support queue, as the built-in platform does.
async fn put(site: &Site, key: &str, body: DeskBody, in_thread: bool) -> DeskPost {
    let inquiry = site
        .store()
        .by_reference(Reference(1))
        .await
        .unwrap()
        .map(|s| s.inquiry.id);
    let post = DeskPost {
        id: format!("post-{key}"),
        channel: channel(site),
        inquiry,
        in_thread,
        body,
        key: key.to_owned(),
        at: site.world.app.clock.now(),
        stamp: 0,
        posted: 0,
    };
    let kept = site.store().desk_post(post).await.unwrap();
    site.world.app.wake.wake(Stirred::Desk);
    kept
}

fn channel(site: &Site) -> String {
    let queue = site.world.app.setup.find_queue("support").unwrap();
    queue.places[0].channel.clone()
}

fn notice(said: &str) -> DeskBody {
    DeskBody::Notice {
        message: Message::new("notice-unreadable")
            .with("source", Arg::Plain("crm".to_owned()))
            .with("why", Arg::Plain(said.to_owned()))
            .with("first", Arg::Plain(said.to_owned()))
            .with("id", Arg::Plain("x".to_owned())),
        mentions: vec![MemberId::from("aoki")],
        is_urgent: true,
        offers: vec![Offer::Claim, Offer::Resolve],
    }
}

async fn card(site: &Site) -> DeskBody {
    let view = site
        .world
        .app
        .view(Reference(1), crate::i18n::Lang::Ja)
        .await
        .unwrap()
        .unwrap();
    DeskBody::Card {
        card: Box::new(view.card),
        mentions: vec![MemberId::from("aoki")],
    }
}

/// A site with one inquiry whose every outside word is an attack.
async fn attacked() -> Site {
    let site = Site::new().await;
    let attack = "<img src=x onerror=alert(1)> \"'&";
    site.world
        .receive("T-1", |mapped| {
            mapped.title = format!("title {attack}");
            mapped.body = Some(format!("body {attack}"));
            mapped.requester = Some(format!("requester {attack}"));
            mapped.customer = Some(format!("customer {attack}"));
            mapped.url = Some("javascript:alert(1)".to_owned());
            mapped.severity = Some(format!("S9 {attack}"));
        })
        .await;
    let body = card(&site).await;
    put(&site, "card", body, false).await;
    site
}

fn is_harmless(html: &str) {
    assert!(!html.contains("<img"), "{html}");
    assert!(!html.contains("javascript:"), "{html}");
    assert!(
        html.contains("&lt;img src=x onerror=alert(1)&gt; &quot;&#39;&amp;"),
        "{html}"
    );
}

#[tokio::test]
async fn outside_words_are_escaped_everywhere() {
    let site = attacked().await;
    site.world
        .says("aoki", "note Q-1 <img src=x onerror=alert(1)> \"'&")
        .await;
    let cookie = site.signed("aoki").await;
    let page = site.get("/desk?inquiry=Q-1", &[("cookie", &cookie)]).await;
    assert_eq!(page.status, 200);
    is_harmless(&page.text);
    is_harmless(
        &site
            .get("/desk/inquiry/Q-1", &[("cookie", &cookie)])
            .await
            .text,
    );
    let lang = [("cookie", cookie.as_str())];
    let path = format!("/desk/channel?channel={}", channel(&site));
    is_harmless(&site.get(&path, &lang).await.text);
}

#[tokio::test]
async fn the_page_has_channels_cards_duty_and_the_thread() {
    let site = attacked().await;
    let cookie = site.signed("aoki").await;
    let page = site
        .get("/desk?inquiry=Q-1", &[("cookie", &cookie)])
        .await
        .text;
    for part in [
        "id=\"post-post-card\"",
        "data-verb=\"claim\" data-reference=\"Q-1\"",
        "class=\"whole card tone-",
        "サポート",
        "請求",
        "class=\"mention me\">@青木",
        "for-me",
    ] {
        assert!(page.contains(part), "{part} is missing:\n{page}");
    }
    assert!(
        page.find("サポート") < page.find("請求"),
        "the default queue comes first"
    );
}

#[tokio::test]
async fn an_urgent_notice_says_so_in_words() {
    let site = attacked().await;
    put(&site, "n", notice("x"), false).await;
    let cookie = site.signed("aoki").await;
    let path = format!("/desk/channel?channel={}", channel(&site));
    let html = site.get(&path, &[("cookie", &cookie)]).await.text;
    assert!(html.contains("notice urgent for-me"), "{html}");
    assert!(html.contains("<span class=\"status\">緊急</span>"));
    assert!(html.contains("data-verb=\"resolve\" data-reference=\"Q-1\" data-form"));
}

#[tokio::test]
async fn threads_and_channels_that_do_not_exist_are_404() {
    let site = Site::new().await;
    let cookie = site.signed("aoki").await;
    for path in [
        "/desk/inquiry/Q-9",
        "/desk/inquiry/x",
        "/desk/channel?channel=x",
        "/desk/inquiry/Q-9/form/resolve",
    ] {
        site.get(path, &[("cookie", &cookie)])
            .await
            .problem(404, "not-found");
    }
}

#[tokio::test]
async fn a_resolution_is_asked_for_by_its_kind() {
    let site = Site::new().await;
    site.world
        .receive("T-1", |mapped| {
            mapped.kind = Some("investigation".to_owned())
        })
        .await;
    site.world
        .receive("T-2", |mapped| {
            mapped.kind = Some("specification".to_owned())
        })
        .await;
    let cookie = site.signed("aoki").await;
    let form = |n: u32| format!("/desk/inquiry/Q-{n}/form/resolve");
    let investigation = site.get(&form(1), &[("cookie", &cookie)]).await.text;
    let specification = site.get(&form(2), &[("cookie", &cookie)]).await.text;
    for (name, in_first, in_second) in [
        ("category", true, true),
        ("cause", true, false),
        ("workaround", true, false),
        ("no_workaround", true, false),
        ("answer", false, true),
    ] {
        let field = format!("name=\"{name}\"");
        assert_eq!(investigation.contains(&field), in_first, "{name}");
        assert_eq!(specification.contains(&field), in_second, "{name}");
    }
    let every = crate::app::verbs::Verb::ALL
        .into_iter()
        .filter(|verb| verb.needs_inquiry());
    for verb in every {
        let path = format!("/desk/inquiry/Q-1/form/{}", verb.name());
        let answer = site.get(&path, &[("cookie", &cookie)]).await;
        assert_eq!(answer.status, 200);
        // Without trackers and links there is nothing to choose from.
        let is_shown = |name: &str| !matches!((verb.name(), name), (_, "tracker") | ("unlink", _));
        let params = verb.params().iter().filter(|_| verb.name() != "resolve");
        for param in params.filter(|param| is_shown(param.name)) {
            assert!(
                answer.text.contains(&format!("name=\"{}\"", param.name)),
                "{}",
                verb.name()
            );
        }
    }
}

async fn line(site: &Site, cookie: &str, line: &str, here: Option<&str>) -> Value {
    let body = json!({ "line": line, "here": here }).to_string();
    let answer = site
        .post("/desk/line", &[ORIGIN, JSON, ("cookie", cookie)], &body)
        .await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    answer.json()
}

#[tokio::test]
async fn a_line_is_done_and_answered_to_its_writer() {
    let site = Site::new().await;
    site.world.receive("T-1", |_| {}).await;
    let cookie = site.signed("aoki").await;
    let done = line(&site, &cookie, "claim Q-1", None).await;
    assert_eq!(
        (&done["is_refused"], &done["reference"]),
        (&json!(false), &json!("Q-1"))
    );
    let again = line(&site, &cookie, "担当する Q-1", None).await;
    assert_eq!(again["is_refused"], json!(true));
    // In an open thread the words need not name it.
    let here = line(&site, &cookie, "note 調べています", Some("Q-1")).await;
    assert_eq!(here["is_refused"], json!(false), "{here}");
}

#[tokio::test]
async fn a_line_that_is_none_says_what_is_wrong() {
    let site = Site::new().await;
    let cookie = site.signed("aoki").await;
    for (typed, expected) in [
        ("", "何をするか"),
        ("clam Q-1", "担当する"),
        ("xyzzy", "xyzzy"),
        ("claim Q-x", "Q-x"),
    ] {
        let said = line(&site, &cookie, typed, None).await;
        assert_eq!(said["is_refused"], json!(true));
        let words = said["said"].as_str().unwrap();
        assert!(words.contains(expected), "{typed}: {words}");
    }
    let broken = site
        .post("/desk/line", &[ORIGIN, JSON, ("cookie", &cookie)], "{")
        .await;
    assert_eq!(broken.status, 400);
    assert_eq!(broken.header("content-type"), "application/problem+json");
}

#[tokio::test]
async fn references_are_completed_by_number_and_title() {
    let site = Site::new().await;
    site.world
        .receive("T-1", |mapped| mapped.title = "CSV が化ける".to_owned())
        .await;
    site.world.receive("T-2", |_| {}).await;
    let cookie = site.signed("aoki").await;
    for (beginning, expected) in [("q-2", "Q-2"), ("csv", "Q-1")] {
        let found = site
            .get(
                &format!("/desk/complete?q={beginning}"),
                &[("cookie", &cookie)],
            )
            .await;
        assert_eq!(found.json()["inquiries"][0]["reference"], expected);
    }
}

/// Follows the desk and reads events off the stream.
struct Follower {
    stream: BodyDataStream,
    text: String,
}

#[derive(Debug, PartialEq)]
struct Heard {
    id: String,
    event: String,
    data: String,
}

impl Follower {
    async fn new(site: &Site, path: &str, headers: &[(&str, &str)]) -> Follower {
        let response = site.open(request(Method::GET, path, headers, "")).await;
        assert_eq!(response.status(), 200);
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        let stream = response.into_body().into_data_stream();
        Follower {
            stream,
            text: String::new(),
        }
    }

    /// The next event of a kind; `None` when the stream has ended.
    async fn next(&mut self, kind: &str) -> Option<Heard> {
        loop {
            if let Some((one, rest)) = self.text.split_once("\n\n") {
                let field = |name: &str| {
                    let lines = one.lines().filter_map(|line| line.strip_prefix(name));
                    lines.map(str::trim_start).collect::<Vec<_>>().join("\n")
                };
                let heard = Heard {
                    id: field("id:"),
                    event: field("event:"),
                    data: field("data:"),
                };
                self.text = rest.to_owned();
                if heard.event == kind {
                    return Some(heard);
                }
                continue;
            }
            let piece = self.stream.next().await?.unwrap();
            self.text.push_str(std::str::from_utf8(&piece).unwrap());
        }
    }
}

#[tokio::test]
async fn new_posts_arrive_while_one_looks() {
    let site = attacked().await;
    let cookie = site.signed("aoki").await;
    let mut follower = Follower::new(&site, "/desk/events", &[("cookie", &cookie)]).await;
    let clock = follower.next("clock").await.unwrap();
    assert_eq!(
        clock.data,
        crate::time::ms(site.world.app.clock.now()).to_string()
    );
    let post = put(&site, "new", notice("<b>new</b>"), false).await;
    let heard = follower.next("post").await.unwrap();
    assert_eq!(heard.id, post.stamp.to_string());
    let data: Value = serde_json::from_str(&heard.data).unwrap();
    assert_eq!(
        (&data["id"], &data["reference"]),
        (&json!("post-new"), &json!("Q-1"))
    );
    assert_eq!(
        (&data["is_for_me"], &data["is_urgent"]),
        (&json!(true), &json!(true))
    );
    let html = data["html"].as_str().unwrap();
    assert!(html.contains("&lt;b&gt;new&lt;/b&gt;") && !html.contains("<b>new"));
}

#[tokio::test]
async fn a_browser_that_lost_the_line_misses_nothing() {
    let site = attacked().await;
    let cookie = site.signed("aoki").await;
    let first = put(&site, "1", notice("1"), false).await;
    for key in ["2", "3"] {
        put(&site, key, notice(key), key == "3").await;
    }
    // The header that browsers send by themselves counts, not the address of the first time.
    let last = first.stamp.to_string();
    let headers = [
        ("cookie", cookie.as_str()),
        ("last-event-id", last.as_str()),
    ];
    let mut follower = Follower::new(&site, "/desk/events?after=0", &headers).await;
    let mut ids = Vec::new();
    for _ in 0..2 {
        let heard = follower.next("post").await.unwrap();
        let data: Value = serde_json::from_str(&heard.data).unwrap();
        ids.push((
            data["id"].as_str().unwrap().to_owned(),
            data["in_thread"].clone(),
        ));
    }
    assert_eq!(
        ids,
        [
            ("post-2".to_owned(), json!(false)),
            ("post-3".to_owned(), json!(true))
        ]
    );
}

#[tokio::test]
async fn a_board_stands_above_the_posts_of_its_channel() {
    let site = Site::new().await;
    let cookie = site.signed("aoki").await;
    site.world.receive("T-1", |_| {}).await;
    let look = async || {
        let page = site.get("/desk", &[("cookie", &cookie)]).await.text;
        let (pinned, posts) = page.split_once("id=\"posts\"").unwrap();
        let (_, pinned) = pinned.split_once("id=\"pinned\"").unwrap();
        (pinned.to_owned(), posts.to_owned())
    };
    assert!(!look().await.0.contains("class=\"post board"));
    // The site's platforms are in memory; a board of the desk is put where the store says it is.
    let queue = site.world.app.setup.default_queue.clone();
    let place = site.world.app.setup.queue(&queue).places[0].clone();
    let ready = site.world.app.ready_board(&queue, &place).await.unwrap();
    let crate::app::ports::PostKind::Board { board } = ready.post.what else {
        panic!("a board")
    };
    let post = put(&site, "board", DeskBody::Board { board: *board }, false).await;
    let row = crate::app::ports::NewOutbox {
        id: "board".to_owned(),
        lane: "board".to_owned(),
        inquiry: None,
        place,
        what: crate::app::ports::Delivery::Board { queue },
        key: "board-of-the-test".to_owned(),
        not_before: site.world.app.clock.now(),
    };
    site.store().enqueue(vec![row]).await.unwrap();
    let minute = std::time::Duration::from_secs(60);
    let rows = site
        .store()
        .claim_outbox(site.world.app.clock.now(), "here", minute, 9);
    for row in rows.await.unwrap() {
        let sent = crate::app::ports::Attempt::Sent {
            receipt: crate::app::ports::Receipt {
                message: post.id.clone(),
                thread: None,
            },
            shown: Some(1),
        };
        let now = site.world.app.clock.now();
        site.store().settle_outbox(&row, &sent, now).await.unwrap();
    }
    let (pinned, posts) = look().await;
    assert!(pinned.contains("class=\"post board"), "{pinned}");
    assert!(pinned.contains("順調です"), "{pinned}");
    assert!(!posts.contains("class=\"post board"));
}

#[tokio::test]
async fn a_link_to_an_inquiry_opens_the_channel_of_its_queue() {
    let site = Site::new().await;
    let billing = |mapped: &mut crate::app::ports::Mapped| {
        mapped.product = Some("billing".to_owned());
    };
    site.world.receive("T-1", billing).await;
    let cookie = site.signed("aoki").await;
    let setup = &site.world.app.setup;
    let place = |queue: &str| setup.find_queue(queue).unwrap().places[0].channel.clone();
    assert_ne!(place("billing"), place("support"));
    for (path, queue) in [
        ("/desk", "support"),
        ("/desk?inquiry=Q-1", "billing"),
        ("/desk?inquiry=Q-9", "support"),
    ] {
        let page = site.get(path, &[("cookie", &cookie)]).await.text;
        let data = page.split("id=\"desk-data\">").nth(1).unwrap();
        let data = data.split("</script>").next().unwrap();
        let data: Value = serde_json::from_str(data).unwrap();
        assert_eq!(data["channel"], json!(place(queue)), "{path}");
    }
}

#[tokio::test]
async fn a_revised_post_comes_again_under_its_own_id() {
    let site = attacked().await;
    let cookie = site.signed("aoki").await;
    let post = put(&site, "n", notice("before"), false).await;
    let path = format!("/desk/events?after={}", post.stamp);
    let mut follower = Follower::new(&site, &path, &[("cookie", &cookie)]).await;
    let later = put(&site, "later", notice("later"), false).await;
    let heard = follower.next("post").await.unwrap();
    let data: Value = serde_json::from_str(&heard.data).unwrap();
    // Greater than the page's stamp: new to it, whatever the clock said when it was posted.
    assert_eq!(data["posted"], later.stamp);
    assert!(later.stamp > post.stamp);
    assert!(
        site.store()
            .desk_revise(&post.id, &notice("after"))
            .await
            .unwrap()
    );
    site.world.app.wake.wake(Stirred::Desk);
    let heard = follower.next("post").await.unwrap();
    let data: Value = serde_json::from_str(&heard.data).unwrap();
    assert_eq!(data["id"], post.id);
    assert_eq!(data["at"], crate::time::ms(post.at));
    assert_eq!(data["posted"], post.stamp);
    assert!(heard.id.parse::<i64>().unwrap() > post.stamp);
    assert!(data["html"].as_str().unwrap().contains("after"));
}

#[tokio::test]
async fn who_missed_too_much_loads_the_page_again() {
    let site = attacked().await;
    let cookie = site.signed("aoki").await;
    for n in 0..205 {
        put(&site, &format!("many-{n}"), notice("x"), false).await;
    }
    let mut follower = Follower::new(&site, "/desk/events?after=0", &[("cookie", &cookie)]).await;
    let heard = follower.next("reload").await.unwrap();
    assert_eq!(
        heard.id,
        site.store().desk_stamp().await.unwrap().to_string()
    );
}

#[tokio::test]
async fn following_ends_with_the_shutdown() {
    let site = attacked().await;
    let cookie = site.signed("aoki").await;
    let mut follower = Follower::new(&site, "/desk/events", &[("cookie", &cookie)]).await;
    follower.next("clock").await.unwrap();
    site.shutdown.cancel();
    assert_eq!(follower.next("post").await, None);
}

#[tokio::test]
async fn following_needs_a_session_and_a_stamp() {
    let site = Site::new().await;
    site.get("/desk/events", &[])
        .await
        .problem(401, "not-signed-in");
    let cookie = site.signed("aoki").await;
    let headers = [("cookie", cookie.as_str()), ("last-event-id", "x")];
    site.get("/desk/events", &headers)
        .await
        .problem(400, "bad-request");
}

#[test]
fn only_addresses_of_the_web_are_followed() {
    use crate::web::markup::followable;
    for (url, is_followed) in [
        ("https://crm.example/1", true),
        ("http://crm.example/1", true),
        ("javascript:alert(1)", false),
        ("data:text/html,x", false),
        ("//crm.example", false),
        ("crm", false),
    ] {
        assert_eq!(followable(url).is_some(), is_followed, "{url}");
    }
}

#[test]
fn the_catalogue_holds_no_markup() {
    for lang in crate::i18n::Lang::ALL {
        for id in crate::i18n::keys(lang) {
            let names = crate::i18n::arguments(lang, id).unwrap();
            let args = names
                .iter()
                .map(|name| (*name, crate::i18n::Value::Text(String::new())))
                .collect();
            let said = crate::i18n::say(lang, id, &args);
            assert!(!said.contains('<') && !said.contains('&'), "{id}: {said}");
        }
    }
}

#[test]
fn a_post_names_all_its_texts() {
    let message = Message::new("done")
        .with("a", Arg::Text(TextId::from("t1")))
        .with(
            "lines",
            Arg::Lines(vec![
                Message::new("notice-resumed").with("b", Arg::Text(TextId::from("t2"))),
            ]),
        );
    let body = DeskBody::Notice {
        message,
        mentions: vec![],
        is_urgent: false,
        offers: vec![],
    };
    let ids = crate::app::views::post_texts(&body);
    assert_eq!(ids, [TextId::from("t1"), TextId::from("t2")]);
}

#[tokio::test]
async fn a_proposed_severity_is_answered_beside_what_both_mean() {
    for (lang, definition, label, done) in [
        ("ja", "S1 致命的 の定義：", "S1に合意", "合意"),
        ("en", "S1 critical means: ", "Agree to S1", "agreement"),
    ] {
        let more = "[policy.severity]\nS1 = \"業務が止まっている\"\nS2 = \"続けられる\"\n";
        let preset = "preset = \"standard\"\n";
        let story = STORY.replacen(preset, &format!("{preset}{more}"), 1);
        let site = Site::of(&story, |_| {}).await;
        site.world
            .receive("T-1", |mapped| mapped.severity = Some("S2".to_owned()))
            .await;
        let cookie = site.signed("aoki").await;
        site.world.says("aoki", &format!("language {lang}")).await;
        let look = async || {
            site.get("/desk/inquiry/Q-1", &[("cookie", &cookie)])
                .await
                .text
        };
        assert!(!look().await.contains("agree-severity"));
        site.world
            .says("inoue", "propose-severity Q-1 S1 止まった")
            .await;
        let shown = look().await;
        let button = "data-verb=\"agree-severity\" data-reference=\"Q-1\" data-to=\"S1\">";
        for part in [
            definition,
            "S2",
            &format!("{button}{label}"),
            "業務が止まっている",
            "続けられる",
        ] {
            assert!(shown.contains(part), "{part}: {shown}");
        }
        assert!(shown.contains(
            "data-verb=\"decline-severity\" data-reference=\"Q-1\" data-to=\"S1\" data-form"
        ));
        // The form shows what it answers.
        let form = site
            .get(
                "/desk/inquiry/Q-1/form/decline-severity",
                &[("cookie", &cookie)],
            )
            .await
            .text;
        assert!(
            form.contains(definition) && form.contains("name=\"to\" value=\"S1\""),
            "{form}"
        );
        let act = async |to: &str| {
            site.post(
                "/api/v1/inquiries/Q-1/agree-severity",
                &[ORIGIN, JSON, ("cookie", &cookie)],
                &json!({ "to": to }).to_string(),
            )
            .await
        };
        assert_eq!(act("S4").await.status, 409, "nobody proposes that");
        let agreed = act("S1").await;
        assert_eq!(agreed.status, 200, "{}", agreed.text);
        assert!(agreed.text.contains(done), "{}", agreed.text);
        assert!(!look().await.contains("agree-severity"));
    }
}

#[tokio::test]
async fn every_verb_about_no_inquiry_is_in_the_menu_and_has_its_form() {
    use crate::app::verbs::{ParamKind, Verb};
    let site = Site::new().await;
    for lang in ["ja", "en"] {
        let cookie = site.signed("aoki").await;
        site.world.says("aoki", &format!("language {lang}")).await;
        let page = site.get("/desk", &[("cookie", &cookie)]).await.text;
        for verb in Verb::ALL.into_iter().filter(|verb| !verb.needs_inquiry()) {
            let button = format!("data-verb=\"{}\" data-reference=\"\"", verb.name());
            assert!(page.contains(&button), "{button}");
            let path = format!("/desk/form/{}", verb.name());
            let form = site.get(&path, &[("cookie", &cookie)]).await;
            let is_form = !verb.params().is_empty();
            assert_eq!(form.status, if is_form { 200 } else { 404 }, "{path}");
            for param in verb.params() {
                // One rota is no choice, and without entries of the book there is none to name.
                let is_named = form.text.contains(&format!("name=\"{}\"", param.name));
                let may_lack = matches!(param.name, "rota" | "number" | "which" | "tracker")
                    && param.kind == ParamKind::Text;
                assert!(is_named || may_lack, "{path} {}", param.name);
            }
        }
    }
    let cookie = site.signed("aoki").await;
    for path in ["/desk/form/claim", "/desk/form/fly"] {
        let answer = site.get(path, &[("cookie", &cookie)]).await;
        answer.problem(404, "not-found");
    }
}

#[tokio::test]
async fn an_offered_swap_is_chosen_by_its_words_and_only_by_who_is_asked() {
    let site = Site::new().await;
    let swap = async |who: &str| {
        let cookie = site.signed(who).await;
        site.get("/desk/form/accept-swap", &[("cookie", &cookie)])
            .await
            .text
    };
    assert!(swap("inoue").await.contains(" disabled>"));
    let said = site
        .world
        .says("aoki", "swap inoue 2026-11-26 2026-11-27")
        .await;
    let form = swap("inoue").await;
    assert!(form.contains("<option value=\"1\">1番"), "{said}: {form}");
    assert!(!form.contains(" disabled>"));
    assert!(
        !swap("aoki").await.contains("<option value=\"1\""),
        "it is 井上 who is asked"
    );
}

#[tokio::test]
async fn the_form_of_a_split_is_prefilled_and_both_columns_show_the_link() {
    let site = Site::new().await;
    site.world.receive("T-1", |_| {}).await;
    site.world
        .says("aoki", "heard Q-1 and I cannot print")
        .await;
    let cookie = site.signed("aoki").await;
    let form = site
        .get("/desk/inquiry/Q-1/form/split", &[("cookie", &cookie)])
        .await
        .text;
    for part in [
        "name=\"title\" value=\"\"",
        "\nand I cannot print</textarea>",
        "<option value=\"S3\" selected>",
        "<option value=\"support\" selected>",
    ] {
        assert!(form.contains(part), "{part} is missing:\n{form}");
    }
    let done = site
        .post(
            "/api/v1/inquiries/Q-1/split",
            &[ORIGIN, JSON, ("cookie", &cookie), ("idempotency-key", "k1")],
            "{\"title\": \"Printing\", \"text\": \"and I cannot print\", \"severity\": \"S2\"}",
        )
        .await
        .json();
    assert_eq!(
        (&done["reference"], &done["data"]["child"]),
        (&json!("Q-2"), &json!("Q-2"))
    );
    let column = |n: u32| format!("/desk/inquiry/Q-{n}");
    let parent = site.get(&column(1), &[("cookie", &cookie)]).await.text;
    assert!(
        parent.contains("Q-2") && parent.contains("Printing"),
        "{parent}"
    );
    let child = site.get(&column(2), &[("cookie", &cookie)]).await.text;
    assert!(
        child.contains("Q-1") && child.contains("and I cannot print"),
        "{child}"
    );
    let token = site.token("aoki").await;
    let told = site
        .get("/api/v1/inquiries/Q-2", &[("authorization", &token)])
        .await
        .json();
    assert_eq!(told["links"][0]["relation"], "split_from");
    assert_eq!(told["links"][0]["reference"], "Q-1");
}

#[tokio::test]
async fn the_form_of_a_reply_offers_templates_with_their_words() {
    let site = Site::new().await;
    site.world.receive("T-1", |_| {}).await;
    let cookie = site.signed("aoki").await;
    let form = site
        .get("/desk/inquiry/Q-1/form/reply", &[("cookie", &cookie)])
        .await
        .text;
    assert!(form.contains("<option value=\"separately\">"), "{form}");
    assert!(form.contains("<select name=\"template\" data-decides>"));
    let chosen = site
        .get(
            "/desk/inquiry/Q-1/form/reply?template=separately",
            &[("cookie", &cookie)],
        )
        .await
        .text;
    assert!(chosen.contains("別のお問い合わせとして"), "{chosen}");
    assert!(form.contains("name=\"text\""));
    assert!(form.find("name=\"template\"") < form.find("name=\"text\""));
}
