use super::Site;
use crate::web::parts::Web;
use crate::web::{layers, problem::Problem};
use axum::Router;
use axum::routing::get;

#[tokio::test]
async fn every_answer_is_careful_and_named() {
    let site = Site::new().await;
    for path in [
        "/login",
        "/healthz",
        "/api/v1/duty",
        "/nowhere",
        "/assets/toban.css",
    ] {
        let answer = site.get(path, &[]).await;
        assert!(
            answer
                .header("content-security-policy")
                .starts_with("default-src 'self'"),
            "{path}"
        );
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
        assert_eq!(answer.header("x-frame-options"), "DENY");
        assert!(!answer.header("x-request-id").is_empty());
    }
    let kept = site
        .get("/healthz", &[("x-request-id", "of-the-proxy")])
        .await;
    assert_eq!(kept.header("x-request-id"), "of-the-proxy");
}

#[tokio::test]
async fn pages_load_nothing_from_elsewhere() {
    let site = Site::new().await;
    let cookie = site.signed("aoki").await;
    for path in ["/desk", "/login/x", "/portal?key=sesame", "/portal"] {
        let page = site.get(path, &[("cookie", &cookie)]).await.text;
        for foreign in ["src=\"http", "src=\"//", "style=\"", "onclick=", "<style"] {
            assert!(!page.contains(foreign), "{path} has {foreign}");
        }
    }
}

#[tokio::test]
async fn what_does_not_exist_is_a_problem_or_a_page() {
    let site = Site::new().await;
    site.get("/nowhere", &[]).await.problem(404, "not-found");
    site.get("/api/v1/nowhere", &[("accept", "text/html")])
        .await
        .problem(404, "not-found");
    let page = site
        .get(
            "/nowhere",
            &[("accept", "text/html"), ("accept-language", "en")],
        )
        .await;
    assert_eq!(page.status, 404);
    assert!(page.text.contains("<h1>Not found</h1>"));
}

#[tokio::test]
async fn a_handler_that_panics_is_a_500_without_its_words() {
    let site = Site::new().await;
    let parts = super::WebParts {
        app: site.world.app.clone(),
        hooks: std::sync::Arc::new(super::Readers),
        options: super::WebOptions::new(),
        health: site.world.engine.health.clone(),
        metrics: None,
    };
    let web = Web::new(parts, super::HOST.parse().unwrap(), site.shutdown.clone());
    async fn broken() -> Problem {
        panic!("the secret of the house")
    }
    let routes = layers::dress(Router::new().route("/broken", get(broken)), &web).with_state(web);
    let site = Site { routes, ..site };
    let answer = site.get("/broken", &[]).await;
    answer.problem(500, "internal");
    assert!(!answer.text.contains("secret"));
}

#[tokio::test]
async fn readiness_ends_with_the_shutdown_and_life_does_not() {
    let site = Site::new().await;
    assert_eq!(site.get("/readyz", &[]).await.status, 200);
    site.shutdown.cancel();
    site.get("/readyz", &[]).await.problem(503, "draining");
    assert_eq!(site.get("/healthz", &[]).await.status, 200);
}

#[tokio::test]
async fn health_tells_the_auditors_verdict() {
    let site = Site::new().await;
    let mut findings = crate::app::ports::Findings::default();
    site.world
        .engine
        .health
        .audited(site.world.app.clock.now(), findings.clone());
    assert_eq!(site.get("/healthz", &[]).await.json()["status"], "ok");
    // A source that is out is no reason to start the desk anew.
    site.world.engine.health.set_out(vec!["redmine".into()]);
    let told = site.get("/healthz", &[]).await;
    assert_eq!(told.status, 200);
    assert_eq!(told.json()["status"], "degraded");
    assert_eq!(told.json()["sources_out"][0], "redmine");
    findings.open_without_deadline.push("Q-7".to_owned());
    site.world
        .engine
        .health
        .audited(site.world.app.clock.now(), findings);
    let told = site.get("/healthz", &[]).await.json();
    assert_eq!(told["status"], "findings");
    assert_eq!(told["findings"]["open_without_deadline"][0], "Q-7");
}

#[tokio::test]
async fn figures_are_plain_text() {
    let site = Site::new().await;
    let answer = site.get("/metrics", &[]).await;
    assert!(
        answer
            .header("content-type")
            .starts_with("text/plain; version=0.0.4")
    );
    assert_eq!(answer.text, "toban_up 1\n");
}

#[tokio::test]
async fn files_are_sent_again_only_when_they_changed() {
    let site = Site::new().await;
    let first = site.get("/assets/desk.js", &[]).await;
    assert!(first.header("content-type").contains("javascript"));
    let tag = first.header("etag").to_owned();
    let again = site
        .get("/assets/desk.js", &[("if-none-match", &tag)])
        .await;
    assert_eq!((again.status.as_u16(), again.text.len()), (304, 0));
    site.get("/assets/..%2fmod.rs", &[])
        .await
        .problem(404, "not-found");
}
