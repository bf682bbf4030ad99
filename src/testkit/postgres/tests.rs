#![allow(clippy::unwrap_used)]

use super::*;

async fn tables(db: &FreshDb) -> i64 {
    let mut connection = PgConnection::connect(&db.url).await.unwrap();
    let count = sqlx::query_scalar("select count(*) from pg_tables where schemaname = 'public'")
        .fetch_one(&mut connection)
        .await
        .unwrap();
    connection.close().await.unwrap();
    count
}

async fn with_a_table(hint: &str) -> FreshDb {
    let db = fresh_database(hint).await;
    let mut connection = PgConnection::connect(&db.url).await.unwrap();
    sqlx::raw_sql("create table inquiries (id text primary key)")
        .execute(&mut connection)
        .await
        .unwrap();
    connection.close().await.unwrap();
    db
}

#[tokio::test]
async fn a_fresh_database_is_empty_whatever_another_test_does() {
    let other = with_a_table("same name").await;
    let fresh = fresh_database("same name").await;
    assert_ne!(fresh.url, other.url);
    assert_eq!((tables(&fresh).await, tables(&other).await), (0, 1));
}

#[tokio::test]
async fn a_copy_has_what_its_template_has() {
    let template = with_a_table("template").await;
    let copy = fresh_copy("copy", &template).await;
    assert_eq!(tables(&copy).await, 1);
}

#[tokio::test]
async fn a_database_goes_with_its_value_even_if_somebody_is_connected() {
    let db = fresh_database("short lived").await;
    let url = db.url.clone();
    let _still_there = PgConnection::connect(&url).await.unwrap();
    drop(db);
    let error = PgConnection::connect(&url).await.unwrap_err().to_string();
    assert!(error.contains("does not exist"), "{error}");
}

#[test]
fn a_name_is_one_that_postgres_takes_unquoted_and_whole() {
    let name = unique_name("Store: 二人が同時に claim, and a very long story about it");
    assert!(name.len() <= 63, "{name}");
    assert!(name.starts_with("t_store__"), "{name}");
    assert!(
        name.bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_'),
        "{name}"
    );
}

#[test]
#[should_panic(expected = "scripts/test")]
fn a_missing_server_is_a_failure_that_says_what_to_run() {
    address(None);
}

#[test]
#[should_panic(expected = "on loopback only")]
fn a_server_elsewhere_is_refused() {
    address(Some("postgres://postgres@db.example.com:5432/postgres"));
}
