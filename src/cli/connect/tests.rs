#![allow(clippy::unwrap_used)]

use super::*;

/// What is said of a database that is not there, below a folder that has one file.
fn said(path: &str) -> (bool, String) {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("file"), "").unwrap();
    let (is_good, said) = without(&OpenError::Missing(folder.path().join(path)));
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
    let older = |found| without(&OpenError::Older { found, needed: 7 });
    assert!(older(0).0 && older(6).0);
    assert!(older(6).1.contains("schema 6 will be brought up to 7"));
    let newer = without(&OpenError::Newer { found: 8, known: 7 });
    assert!(!newer.0);
}
