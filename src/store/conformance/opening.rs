//! Opening: the schema, the lock, readers beside the server, and words for whoever got the URL wrong.

use super::super::{Access, OpenError, OpenOptions, migrate, open};
use super::{Ground, both};
use crate::app::ports::TimerKind;
use crate::testkit::inquiry::{received, second};
use std::time::Duration;

both! {
    migrating_twice_changes_nothing
    migrating_at_once_works
    a_newer_schema_is_left_alone
    an_edited_migration_is_refused
    a_reader_sees_what_the_server_commits_and_cannot_write
}

fn reading() -> OpenOptions {
    OpenOptions {
        access: Access::Read,
        ..OpenOptions::default()
    }
}

async fn refusal(url: &str, options: &OpenOptions) -> OpenError {
    match open(url, options).await {
        Ok(_) => panic!("{url} was opened"),
        Err(error) => error,
    }
}

async fn migrating_twice_changes_nothing(ground: Ground) {
    let before = ground.receive("a").await;
    ground.store.close().await;
    for _ in 0..2 {
        migrate(&ground.url, &OpenOptions::default()).await.unwrap();
    }
    let ground = ground.reopen().await;
    assert_eq!(ground.stored("a").await, before);
}

async fn migrating_at_once_works(ground: Ground) {
    if ground.is_sqlite() {
        // One process holds the file: the second is refused, as the lock's own case says.
        return;
    }
    let drop_all = "drop schema public cascade; create schema public";
    ground.harm(drop_all).await;
    let tasks: Vec<_> = (0..6)
        .map(|_| {
            let url = ground.url.clone();
            tokio::spawn(async move { migrate(&url, &OpenOptions::default()).await })
        })
        .collect();
    for task in tasks {
        task.await.unwrap().unwrap();
    }
    ground.receive("a").await;
}

async fn a_newer_schema_is_left_alone(ground: Ground) {
    ground.store.close().await;
    let newer = "insert into _sqlx_migrations (version, description, success, checksum, execution_time) \
        select 9999, 'from the future', success, checksum, 0 from _sqlx_migrations where version = 1";
    ground.harm(newer).await;
    for options in [OpenOptions::default(), reading()] {
        let error = refusal(&ground.url, &options).await;
        assert!(
            matches!(error, OpenError::Newer { found: 9999, .. }),
            "{error}"
        );
    }
}

async fn an_edited_migration_is_refused(ground: Ground) {
    ground.store.close().await;
    let edit = "update _sqlx_migrations set checksum = (select checksum from _sqlx_migrations where version = 2) \
        where version = 1";
    ground.harm(edit).await;
    let error = refusal(&ground.url, &OpenOptions::default()).await;
    assert!(
        error.to_string().contains("migration 1 was changed"),
        "{error}"
    );
}

async fn a_reader_sees_what_the_server_commits_and_cannot_write(ground: Ground) {
    ground.receive("a").await;
    let reader = open(&ground.url, &reading()).await.unwrap();
    assert_eq!(reader.inquiry_ids(None, 9).await.unwrap().len(), 1);
    ground.receive("b").await;
    assert_eq!(reader.inquiry_ids(None, 9).await.unwrap().len(), 2);
    if ground.is_sqlite() {
        assert!(reader.commit(received("c", "c", second(0))).await.is_err());
    }
    reader.close().await;
    ground.receive("d").await;
    // And alone, when the server is gone.
    ground.store.close().await;
    let reader = open(&ground.url, &reading()).await.unwrap();
    assert_eq!(reader.inquiry_ids(None, 9).await.unwrap().len(), 3);
    reader.close().await;
}

#[tokio::test]
async fn leases_of_a_process_that_is_gone_end_when_the_file_is_opened() {
    const LEASE: Duration = Duration::from_secs(60);
    let ground = Ground::sqlite().await;
    ground.receive("a").await;
    let kinds = [TimerKind::Inquiry];
    let (now, late) = (second(0), second(1_000_000));
    let claimed = ground.store.claim_outbox(now, "gone", LEASE, 9).await;
    let (claimed, leased) = (
        claimed.unwrap(),
        ground
            .store
            .lease_timers(&kinds, late, "gone", LEASE, 9)
            .await,
    );
    assert_eq!((claimed.len(), leased.unwrap().len()), (1, 1));
    // It never says how its work ended.
    ground.store.close().await;
    let ground = ground.reopen().await;
    let again = ground.store.claim_outbox(now, "next", LEASE, 9).await;
    let again = again.unwrap();
    assert_eq!(
        (again.len(), again[0].is_unknown, again[0].attempt),
        (1, true, 2)
    );
    let leased = ground
        .store
        .lease_timers(&kinds, late, "next", LEASE, 9)
        .await;
    assert_eq!(leased.unwrap().len(), 1);
}

#[tokio::test]
async fn a_second_process_on_the_same_file_is_refused() {
    let ground = Ground::sqlite().await;
    let error = refusal(&ground.url, &OpenOptions::default()).await;
    assert!(matches!(error, OpenError::InUse { .. }));
    let said = error.to_string();
    assert!(
        said.contains("toban.db is in use: another toban runs"),
        "{said}"
    );
    assert!(said.contains("toban.db.lock"), "{said}");
    let error = migrate(&ground.url, &OpenOptions::default())
        .await
        .unwrap_err();
    assert!(matches!(error, OpenError::InUse { .. }));
    ground.store.close().await;
    open(&ground.url, &OpenOptions::default())
        .await
        .unwrap()
        .close()
        .await;
}

#[tokio::test]
async fn sqlite_is_durable_and_makes_its_folder() {
    let ground = Ground::sqlite().await;
    let path = ground.url.strip_prefix("sqlite://").unwrap();
    assert!(std::path::Path::new(path).exists());
    // WAL is a property of the file; FULL belongs to our connection and is asked of it in `open`.
    let head = std::fs::read(path).unwrap();
    assert_eq!((head[18], head[19]), (2, 2), "the file is in WAL mode");
}

#[tokio::test]
async fn a_reader_needs_a_database() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}/none.db", folder.path().display());
    let error = refusal(&url, &reading()).await;
    assert!(matches!(error, OpenError::Missing(_)));
    assert!(error.to_string().contains("none.db"), "{error}");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[tokio::test]
async fn a_reader_of_an_empty_schema_is_told_to_migrate() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("empty.db");
    std::fs::write(&path, b"").unwrap();
    let url = format!("sqlite://{}", path.display());
    let error = refusal(&url, &reading()).await;
    assert!(
        matches!(error, OpenError::Older { found: 0, .. }),
        "{error}"
    );
}

#[tokio::test]
async fn a_file_that_is_no_database_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("letter.txt");
    std::fs::write(&path, "dear diary, ".repeat(500)).unwrap();
    let url = format!("sqlite://{}", path.display());
    let error = refusal(&url, &OpenOptions::default()).await;
    assert!(error.to_string().contains("letter.txt"), "{error}");
}

#[tokio::test]
async fn a_folder_that_cannot_be_made_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    std::fs::write(&file, "").unwrap();
    let url = format!("sqlite://{}/under/toban.db", file.display());
    let error = refusal(&url, &OpenOptions::default()).await;
    assert!(matches!(error, OpenError::File { .. }), "{error}");
    assert!(error.to_string().contains("file/under"), "{error}");
}

#[tokio::test]
async fn an_unreachable_server_is_named_without_its_password() {
    // Bound and closed again: nobody listens there.
    let port = {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        listener.local_addr().unwrap().port()
    };
    let url = format!("postgres://toban:s3cret@127.0.0.1:{port}/toban");
    let options = OpenOptions {
        direct_url: Some(url.clone()),
        ..OpenOptions::default()
    };
    for options in [OpenOptions::default(), options] {
        let error = refusal(&url, &options).await;
        let said = format!("{error} {error:?}");
        assert!(said.contains(&format!("127.0.0.1:{port}")), "{said}");
        assert!(!said.contains("s3cret"), "{said}");
    }
}

#[tokio::test]
async fn migrations_take_the_direct_way() {
    let ground = Ground::postgres("direct_way").await;
    ground.store.close().await;
    let options = OpenOptions {
        direct_url: Some("postgres://toban:s3cret@127.0.0.1:1/toban".to_owned()),
        ..OpenOptions::default()
    };
    let error = refusal(&ground.url, &options).await;
    assert!(error.to_string().contains("127.0.0.1:1 "), "{error}");
    let options = OpenOptions {
        direct_url: Some(ground.url.clone()),
        ..OpenOptions::default()
    };
    let store = open(&ground.url, &options).await.unwrap();
    store.ping().await.unwrap();
    store.close().await;
}

#[tokio::test]
async fn a_wrong_url_is_explained() {
    let options = OpenOptions::default();
    for (url, expected) in [
        ("mysql://root:s3cret@h/db", "starts with \"mysql\""),
        ("s3cret", "starts with \"\""),
        ("sqlite://", "path of a file"),
        ("sqlite::memory:", "path of a file"),
        ("postgres://user:s3cret@host:notaport/db", "cannot be read"),
    ] {
        let said = refusal(url, &options).await.to_string();
        assert!(said.contains(expected), "{url}: {said}");
        assert!(!said.contains("s3cret"), "{url}: {said}");
    }
}
