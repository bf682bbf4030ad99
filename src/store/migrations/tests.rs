#![allow(clippy::unwrap_used)]
use super::{FOR_POSTGRES, FOR_SQLITE, NAMES};
use std::collections::BTreeSet;

#[test]
fn every_file_of_both_folders_is_listed() {
    let listed: BTreeSet<String> = NAMES.iter().map(|name| format!("{name}.sql")).collect();
    for folder in ["sqlite", "postgres"] {
        let path = format!("{}/migrations/{folder}", env!("CARGO_MANIFEST_DIR"));
        let files = std::fs::read_dir(path).unwrap();
        let there: BTreeSet<String> = files
            .map(|file| file.unwrap().file_name().into_string().unwrap())
            .collect();
        assert_eq!(there, listed, "{folder}");
    }
}

#[test]
fn numbers_ascend_and_names_are_words() {
    let versions =
        |all: &sqlx::migrate::Migrator| all.iter().map(|one| one.version).collect::<Vec<_>>();
    assert!(versions(&FOR_SQLITE).is_sorted_by(|a, b| a < b));
    assert_eq!(versions(&FOR_SQLITE), versions(&FOR_POSTGRES));
    assert_eq!(FOR_SQLITE.iter().next().unwrap().description, "desk");
}
