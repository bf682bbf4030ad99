use super::{Dialect, composed, lease_clock};
use sqlx::{Postgres, Sqlite};

fn lost() -> sqlx::Error {
    std::io::Error::new(std::io::ErrorKind::ConnectionReset, "reset by peer").into()
}

#[test]
fn a_connection_lost_while_it_commits_leaves_the_outcome_unknown() {
    assert!(Postgres::is_commit_unknown(&lost()));
    assert!(Sqlite::is_commit_unknown(&sqlx::Error::WorkerCrashed));
}

#[test]
fn a_lost_connection_is_no_lost_race() {
    assert!(!Postgres::is_lost_race(&lost()));
    assert!(!Sqlite::is_lost_race(&lost()));
}

#[test]
fn the_lease_clock_never_goes_back() {
    let first = lease_clock();
    assert!(first > 0);
    assert!(lease_clock() >= first);
}

#[test]
fn both_databases_have_the_same_migrations() {
    let names = |all: &'static sqlx::migrate::Migrator| {
        let named = all.iter().map(|one| (one.version, one.description.clone()));
        named.collect::<Vec<_>>()
    };
    assert_eq!(names(Sqlite::migrations()), names(Postgres::migrations()));
}

#[test]
fn values_are_numbered_where_that_is_cheap() {
    let mut sql = String::new();
    Postgres::mark(12, &mut sql);
    Sqlite::mark(12, &mut sql);
    assert_eq!(composed(sql).as_str(), "$12?");
}
