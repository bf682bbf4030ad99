#![allow(clippy::unwrap_used)]
//! Addresses of calendar feeds: who gets them, whose language they speak, when they end.

use super::*;

const ORIGIN: (&str, &str) = ("origin", "http://127.0.0.1:8080");
const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");

/// The paths, with their keys, that stand in a text.
fn paths(text: &str) -> Vec<String> {
    let starts = text.match_indices("/feeds/").map(|(at, _)| &text[at..]);
    let end = |c: char| c.is_whitespace() || matches!(c, '"' | '&' | '\\');
    let mut paths: Vec<String> = starts
        .map(|rest| rest.split(end).next().unwrap().to_owned())
        .collect();
    paths.dedup();
    paths
}

async fn says(site: &Site, line: &str) -> Value {
    let cookie = site.signed("aoki").await;
    let body = serde_json::json!({ "line": line }).to_string();
    let json = ("content-type", "application/json");
    let answer = site
        .post("/desk/line", &[ORIGIN, json, ("cookie", &cookie)], &body)
        .await;
    answer.json()
}

#[tokio::test]
async fn the_verb_gives_addresses_in_the_askers_language_and_ends_them() {
    let site = Site::new().await;
    let told = says(&site, "カレンダー").await;
    assert_eq!(told["is_refused"], false, "{told}");
    let mine = paths(told["said"].as_str().unwrap());
    assert_eq!(mine.len(), 2, "{told}");
    for path in &mine {
        let feed = site.get(path, &[]).await;
        assert_eq!(feed.status, 200, "{}", feed.text);
        assert!(feed.text.contains("SUMMARY:当番: 青木"), "{}", feed.text);
    }
    says(&site, "language en").await;
    let feed = site.get(&mine[0], &[]).await;
    assert!(feed.text.contains("SUMMARY:Duty: 青木"), "{}", feed.text);
    assert!(!feed.text.contains("井上\r\n"), "it is 青木's own");

    // Another address leaves the first alone; stop ends both.
    let more = paths(says(&site, "feed").await["said"].as_str().unwrap());
    assert_eq!(site.get(&mine[0], &[]).await.status, 200);
    let ended = says(&site, "feed stop").await;
    assert!(ended["said"].as_str().unwrap().starts_with("2 "), "{ended}");
    for path in mine.iter().chain(&more) {
        site.get(path, &[]).await.problem(403, "no-feed-key");
    }
}

#[tokio::test]
async fn the_oldest_of_too_many_keys_ends() {
    let site = Site::new().await;
    let mut keys = Vec::new();
    for _ in 0..11 {
        keys.push(site.world.app.make_feed_key("aoki").await.unwrap().0);
        site.world.clock.set(crate::time::plus(
            site.world.app.clock.now(),
            crate::time::SignedDuration::from_secs(1),
        ));
    }
    let status = async |key: &String| {
        let path = format!("/feeds/team.ics?key={key}");
        site.get(&path, &[]).await.status.as_u16()
    };
    assert_eq!(status(&keys[0]).await, 403);
    for key in &keys[1..] {
        assert_eq!(status(key).await, 200);
    }
}

#[tokio::test]
async fn the_page_makes_addresses_shows_them_once_and_ends_them() {
    let site = Site::new().await;
    let cookie = site.signed("aoki").await;
    let page = site.get("/desk/feed", &[("cookie", &cookie)]).await;
    assert_eq!(page.status, 200, "{}", page.text);
    assert_eq!(paths(&page.text), Vec::<String>::new());
    let act = async |body: &str| {
        let headers = [ORIGIN, FORM, ("cookie", cookie.as_str())];
        site.post("/desk/feed", &headers, body).await
    };
    let made = act("what=new").await;
    assert_eq!(made.status, 200, "{}", made.text);
    let made = made.text.replace("&#x2f;", "/");
    let address = paths(&made)[0].clone();
    assert!(made.contains("webcal://127.0.0.1:8080/feeds/member/aoki.ics"));
    assert_eq!(site.get(&address, &[]).await.status, 200);
    let desk = site.get("/desk", &[("cookie", &cookie)]).await;
    assert!(desk.text.contains("href=\"/desk/feed\""));
    assert_eq!(act("what=stop").await.status, 200);
    assert_eq!(site.get(&address, &[]).await.status, 403);
    assert_eq!(act("what=else").await.status, 400);
    // A page of another site gets none.
    let headers = [
        ("origin", "https://evil.example"),
        FORM,
        ("cookie", &cookie),
    ];
    assert_eq!(
        site.post("/desk/feed", &headers, "what=new").await.status,
        403
    );
    assert_eq!(site.get("/desk/feed", &[]).await.status, 401);
}

#[tokio::test]
async fn scripts_without_a_member_and_strangers_get_none() {
    let site = Site::new().await;
    let token = site.world.app.make_token("script", None).await.unwrap();
    let bearer = format!("Bearer {token}");
    let body = r#"{"member": "aoki"}"#;
    let answer = site
        .post("/api/v1/feeds", &[("authorization", &bearer)], body)
        .await;
    answer.problem(403, "local-key-only");
    for path in ["/feeds/team.ics", "/feeds/rota/support.ics?key=x"] {
        site.get(path, &[]).await.problem(403, "no-feed-key");
    }
    let key = site.world.app.make_feed_key("aoki").await.unwrap().0;
    for path in ["rota/nothing.ics", "member/nobody.ics", "rota/support"] {
        let path = format!("/feeds/{path}?key={key}");
        site.get(&path, &[]).await.problem(404, "not-found");
    }
}

#[tokio::test]
async fn a_key_of_a_feed_opens_nothing_else() {
    let site = Site::new().await;
    let key = site.world.app.make_feed_key("aoki").await.unwrap().0;
    let bearer = format!("Bearer {key}");
    let answer = site
        .get("/api/v1/inquiries", &[("authorization", &bearer)])
        .await;
    assert_eq!(answer.status, 401);
    let cookie = format!("toban_session={key}");
    let answer = site.get("/desk", &[("cookie", &cookie)]).await;
    assert_eq!(answer.status, 401);
}
