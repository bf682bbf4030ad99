#![allow(clippy::unwrap_used)]

use super::*;

/// What is said of a database that is not there, below a folder that has one file.
fn said(path: &str) -> (bool, String) {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("file"), "").unwrap();
    let (is_good, said) = without(&OpenError::Missing(folder.path().join(path)), Lang::En);
    let left: Vec<_> = std::fs::read_dir(folder.path()).unwrap().collect();
    assert_eq!(left.len(), 1, "it left something: {left:?}");
    (is_good, said.replace(folder.path().to_str().unwrap(), "…"))
}

#[test]
fn a_database_that_can_be_made_is_no_fault() {
    for path in ["toban.db", "data/toban.db", "data/deep/toban.db"] {
        let sentence = format!("there is none yet; …/{path} will be made at the first start");
        assert_eq!(said(path), (true, sentence));
    }
}

#[test]
fn a_folder_that_cannot_be_written_to_is_named() {
    let (is_good, said) = said("file/toban.db");
    assert!(!is_good);
    assert!(
        said.starts_with(
            "there is none yet, and …/file/toban.db cannot be made: …/file cannot be written to ("
        ),
        "{said}"
    );
}

#[test]
fn a_bare_name_is_made_here() {
    assert_eq!(folder_of(Path::new("toban.db")), Path::new("."));
    assert_eq!(
        folder_of(Path::new("no-such-folder/toban.db")),
        Path::new(".")
    );
}

#[test]
fn an_older_schema_is_left_for_the_server() {
    let older = |found| without(&OpenError::Older { found, needed: 7 }, Lang::En);
    assert!(older(0).0 && older(6).0);
    assert!(older(6).1.contains("schema 6 will be brought up to 7"));
    let newer = without(&OpenError::Newer { found: 8, known: 7 }, Lang::En);
    assert!(!newer.0);
}

/// What is found of the calendar at an address that answers so, without an earlier copy.
async fn feed(status: u16, body: &str) -> (bool, String) {
    use crate::testkit::world::STORY;
    use wiremock::{Mock, MockServer, ResponseTemplate, matchers::method};
    let server = MockServer::start().await;
    Mock::given(method("GET"))
        .respond_with(ResponseTemplate::new(status).set_body_string(body))
        .mount(&server)
        .await;
    let holidays = format!(
        "name = \"office\"\nholidays = [{{ ical_url = \"{}/s3cret.ics\" }}]",
        server.uri()
    );
    let text = STORY.replacen("name = \"office\"", &holidays, 1);
    let text = format!("{text}\n[net]\nallow_private = [\"127.0.0.0/8\"]\n");
    let secret = |_: &str| Some("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw".to_owned());
    let config = Config::read("story.toml", &text, &secret).unwrap();
    let [finding] = &feeds_found(&config, None, Lang::En).await.0[..] else {
        panic!("one feed, one finding")
    };
    assert_eq!(finding.subject, "127.0.0.1 (office)");
    (finding.is_good, finding.said.clone())
}

#[tokio::test]
async fn a_feed_is_fetched_and_its_days_are_counted() {
    let body = "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1\nDTSTART;VALUE=DATE:20260601\nRRULE:FREQ=YEARLY\nSUMMARY:創立記念日\nEND:VEVENT\nEND:VCALENDAR\n";
    assert_eq!(
        feed(200, body).await,
        (
            true,
            "answers; 10 days from 2026-06-01 to 2035-06-01".to_owned()
        )
    );
}

#[tokio::test]
async fn a_feed_without_an_answer_and_without_a_copy_is_a_fault() {
    let (is_good, said) = feed(404, "").await;
    assert!(!is_good);
    assert_eq!(
        said,
        "it answers 404 Not Found; there is no earlier copy, so a server would not start"
    );
}
