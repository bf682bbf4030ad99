use super::{HOST, Site, request};
use axum::extract::ConnectInfo;
use axum::http::Method;
use std::net::SocketAddr;

const ORIGIN: (&str, &str) = ("origin", "http://127.0.0.1:8080");
const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");
const PAGE: (&str, &str) = ("accept", "text/html");

#[tokio::test]
async fn a_link_signs_in_once() {
    let site = Site::new().await;
    let (token, _) = site.world.app.make_login("aoki").await.unwrap();
    let path = format!("/login/{token}");
    // Programs that fetch links for a preview do not use it up.
    for _ in 0..2 {
        let shown = site.get(&path, &[]).await;
        assert_eq!(shown.status, 200);
        assert!(shown.cookie("toban_session").is_none());
    }
    let taken = site.post(&path, &[ORIGIN], "").await;
    assert_eq!(
        (taken.status.as_u16(), taken.header("location")),
        (303, "/desk")
    );
    let (session, attributes) = taken.cookie("toban_session").unwrap();
    assert!(attributes.contains("HttpOnly") && attributes.contains("SameSite=Strict"));
    assert!(!attributes.contains("Secure"), "plain HTTP on loopback");
    let cookie = format!("toban_session={session}");
    assert_eq!(site.get("/desk", &[("cookie", &cookie)]).await.status, 200);

    let again = site.post(&path, &[ORIGIN], "").await;
    assert_eq!(again.status, 401);
    assert!(again.cookie("toban_session").is_none());
}

#[tokio::test]
async fn over_https_the_cookie_is_secure() {
    let site =
        Site::with(|options| options.public_url = Some("https://desk.example.com".to_owned()))
            .await;
    let (token, _) = site.world.app.make_login("aoki").await.unwrap();
    let origin = ("origin", "https://desk.example.com");
    let taken = site.post(&format!("/login/{token}"), &[origin], "").await;
    assert!(taken.cookie("toban_session").unwrap().1.contains("Secure"));
    assert!(!taken.header("strict-transport-security").is_empty());
}

#[tokio::test]
async fn signing_out_ends_the_session() {
    let site = Site::new().await;
    let cookie = site.signed("aoki").await;
    let out = site
        .post("/logout", &[ORIGIN, ("cookie", &cookie)], "")
        .await;
    assert_eq!(out.status, 303);
    site.get("/api/v1/duty", &[("cookie", &cookie)])
        .await
        .problem(401, "not-signed-in");
}

#[tokio::test]
async fn who_is_not_signed_in_is_sent_to_the_door() {
    let site = Site::new().await;
    let away = site.get("/desk", &[PAGE]).await;
    assert_eq!(
        (away.status.as_u16(), away.header("location")),
        (303, "/login")
    );
    let door = site.get("/login", &[PAGE]).await;
    assert_eq!(door.status, 200);
    assert!(!door.text.contains("/login/demo"), "no demo, no choice");
}

#[tokio::test]
async fn the_demo_lets_this_machine_choose_who_to_be() {
    let site = Site::with(|options| options.demo_sign_in = true).await;
    assert!(
        site.get("/login", &[])
            .await
            .text
            .contains("value=\"aoki\"")
    );
    let chosen = site
        .post("/login/demo", &[ORIGIN, FORM], "member=aoki")
        .await;
    assert_eq!(chosen.status, 303, "{}", chosen.text);
    assert!(chosen.cookie("toban_session").is_some());
    let nobody = site
        .post("/login/demo", &[ORIGIN, FORM], "member=mallory")
        .await;
    nobody.problem(400, "bad-request");
}

#[tokio::test]
async fn nobody_else_chooses_who_to_be() {
    let demo = Site::with(|options| options.demo_sign_in = true).await;
    let off = Site::new().await;
    off.post("/login/demo", &[ORIGIN, FORM], "member=aoki")
        .await
        .problem(403, "no-demo");
    // A proxy brings others.
    let brought = [ORIGIN, FORM, ("x-forwarded-for", "203.0.113.9")];
    demo.post("/login/demo", &brought, "member=aoki")
        .await
        .problem(403, "no-demo");
    // A page of another site, and one whose name was turned to this machine.
    let foreign = [("origin", "http://evil.example"), FORM];
    demo.post("/login/demo", &foreign, "member=aoki")
        .await
        .problem(403, "other-origin");
    let rebound = axum::http::Request::post("/login/demo")
        .header("host", "evil.example:8080")
        .header("origin", "http://evil.example:8080")
        .header(FORM.0, FORM.1)
        .body(axum::body::Body::from("member=aoki"));
    demo.send(rebound.unwrap()).await.problem(403, "no-demo");
    // A peer that is not this machine.
    let mut far = request(Method::POST, "/login/demo", &[ORIGIN, FORM], "member=aoki");
    let peer: SocketAddr = "192.0.2.7:40000".parse().unwrap();
    far.extensions_mut().insert(ConnectInfo(peer));
    demo.send(far).await.problem(403, "no-demo");
}

#[tokio::test]
async fn a_cookie_acts_only_for_pages_of_our_own() {
    let site = Site::new().await;
    site.world.receive("T-1", |_| {}).await;
    let cookie = site.signed("aoki").await;
    let path = "/api/v1/inquiries/Q-1/claim";
    let with = |extra: Option<(&'static str, &'static str)>| {
        let mut headers = vec![("cookie", cookie.as_str())];
        headers.extend(extra);
        headers
    };
    for extra in [
        None,
        Some(("origin", "https://evil.example")),
        Some(("origin", "null")),
        Some(("origin", "http://127.0.0.1:8081")),
        Some(("sec-fetch-site", "cross-site")),
        Some(("sec-fetch-site", "same-site")),
    ] {
        site.post(path, &with(extra), "")
            .await
            .problem(403, "other-origin");
    }
    assert_eq!(site.post(path, &with(Some(ORIGIN)), "").await.status, 200);
    // Looking is no change.
    assert_eq!(site.get("/api/v1/duty", &with(None)).await.status, 200);
    assert_eq!(HOST, "127.0.0.1:8080");
}

#[tokio::test]
async fn the_language_is_kept_for_the_member() {
    let site = Site::new().await;
    let cookie = site.signed("aoki").await;
    let headers = [ORIGIN, FORM, ("cookie", cookie.as_str())];
    let chosen = site
        .post("/language", &headers, "lang=en&back=%2Fdesk")
        .await;
    assert_eq!(
        (chosen.status.as_u16(), chosen.header("location")),
        (303, "/desk")
    );
    let other_browser = site.signed("aoki").await;
    let page = site.get("/desk", &[("cookie", &other_browser)]).await;
    assert!(page.text.contains("<html lang=\"en\">"));
    site.post("/language", &headers, "lang=fr&back=%2F")
        .await
        .problem(400, "bad-request");
    for back in [
        "https://evil.example",
        "//evil.example",
        "/\\evil.example",
        "evil",
    ] {
        let body = format!(
            "lang=en&back={}",
            back.replace('/', "%2F").replace('\\', "%5C")
        );
        let answer = site.post("/language", &headers, &body).await;
        assert_eq!(answer.header("location"), "/desk", "{back}");
    }
}

#[tokio::test]
async fn the_browsers_language_is_spoken_to_strangers() {
    let site = Site::new().await;
    for (wanted, code) in [
        ("en-GB,en;q=0.9", "en"),
        ("fr, ja;q=0.5", "ja"),
        ("fr", "ja"),
    ] {
        let page = site.get("/login", &[("accept-language", wanted)]).await;
        assert!(
            page.text.contains(&format!("<html lang=\"{code}\">")),
            "{wanted}"
        );
    }
}

#[tokio::test]
async fn wrong_links_and_tokens_are_bounded_and_right_ones_open() {
    let site = Site::new().await;
    for n in 0..30 {
        let spent = site.post(&format!("/login/guess-{n}"), &[ORIGIN], "").await;
        assert_eq!(spent.status, 401);
        let token = [("authorization", "Bearer guess")];
        site.get("/api/v1/duty", &token)
            .await
            .problem(401, "not-signed-in");
    }
    let spent = site.post("/login/guess", &[ORIGIN], "").await;
    spent.problem(429, "too-many-guesses");
    let refused = site
        .get("/api/v1/duty", &[("authorization", "Bearer guess")])
        .await;
    refused.problem(429, "too-many-guesses");
    assert!(!refused.header("retry-after").is_empty());
    // What we made ourselves cannot be found by trying, so others' mistakes do not close it.
    let (token, _) = site.world.app.make_login("aoki").await.unwrap();
    let taken = site.post(&format!("/login/{token}"), &[ORIGIN], "").await;
    assert_eq!(taken.status, 303, "{}", taken.text);
    let token = site.token("aoki").await;
    let answered = site.get("/api/v1/duty", &[("authorization", &token)]).await;
    assert_eq!(answered.status, 200);
}
