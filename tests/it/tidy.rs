//! The rules of the house that neither the compiler nor clippy keeps: which room may use which, where the drivers live,
//! and what must not be in the tree at all.
//!
//! The tables in `tidy/rules.rs` say what is allowed; to change a rule, change a table and say why in the commit. Every
//! finding names file, line and rule. The checker itself is tried on small invented sources in `tidy/tests.rs`. Leaves
//! out: the clock, chance and the environment, which `clippy.toml` keeps in their homes.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

mod rules;
mod source;
mod tests;

use rules::*;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every file that is or could be committed; outside a clone, every file that is not built.
fn files() -> Vec<String> {
    let listed = Command::new("git")
        .args([
            "ls-files",
            "-z",
            "--cached",
            "--others",
            "--exclude-standard",
        ])
        .current_dir(root())
        .output();
    let mut files: Vec<String> = match listed {
        Ok(output) if output.status.success() && !output.stdout.is_empty() => {
            let names = String::from_utf8(output.stdout).expect("file names are UTF-8");
            names.split_terminator('\0').map(str::to_owned).collect()
        }
        _ => walk(root()),
    };
    files.retain(|path| root().join(path).is_file());
    assert!(
        files.iter().any(|path| path == "src/lib.rs"),
        "the source tree was not found at {}",
        root().display()
    );
    files
}

fn walk(folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).expect("a folder of the source tree is readable") {
        let path: PathBuf = entry
            .expect("an entry of the source tree is readable")
            .path();
        let name = path
            .strip_prefix(root())
            .expect("below the root")
            .to_string_lossy()
            .into_owned();
        if matches!(name.as_str(), ".git" | "target" | "data") {
            continue;
        }
        if path.is_dir() {
            found.extend(walk(&path));
        } else {
            found.push(name);
        }
    }
    found
}

fn sources() -> Vec<Source> {
    let read = |path: String| {
        Source::new(
            &path,
            &std::fs::read_to_string(root().join(&path)).expect("Rust files are UTF-8"),
        )
    };
    files()
        .into_iter()
        .filter(|path| path.ends_with(".rs"))
        .map(read)
        .collect()
}

/// The names by which our code can call its dependencies.
fn dependencies() -> BTreeSet<String> {
    let manifest =
        std::fs::read_to_string(root().join("Cargo.toml")).expect("Cargo.toml is readable");
    let manifest: toml::Table = manifest.parse().expect("Cargo.toml is TOML");
    let tables = ["dependencies", "dev-dependencies"]
        .map(|name| manifest[name].as_table().expect("a table"));
    tables
        .into_iter()
        .flat_map(|table| table.keys())
        .map(|name| name.replace('-', "_"))
        .collect()
}

fn migrations(database: &str) -> BTreeSet<String> {
    let folder = format!("migrations/{database}/");
    files()
        .iter()
        .filter_map(|path| path.strip_prefix(&folder))
        .map(str::to_owned)
        .collect()
}

#[track_caller]
fn nothing(findings: Vec<Finding>) {
    let lines: Vec<String> = findings.iter().map(Finding::to_string).collect();
    assert!(
        lines.is_empty(),
        "{} findings:\n{}",
        lines.len(),
        lines.join("\n")
    );
}

#[test]
fn arrows_between_rooms_point_inward() {
    nothing(sources().iter().flat_map(rooms).collect());
}

#[test]
fn drivers_and_sdks_stay_in_their_homes() {
    let dependencies = dependencies();
    for (name, _) in HOMES {
        assert!(
            dependencies.contains(name),
            "HOMES names {name}, which Cargo.toml does not"
        );
    }
    nothing(
        sources()
            .iter()
            .flat_map(|file| crates(file, &dependencies))
            .collect(),
    );
}

#[test]
fn the_domain_is_pure() {
    nothing(sources().iter().flat_map(purity).collect());
}

#[test]
fn nothing_pretends() {
    nothing(sources().iter().flat_map(pretence).collect());
}

#[test]
fn every_module_says_what_it_is_for() {
    nothing(sources().iter().flat_map(introduction).collect());
}

#[test]
fn no_file_answers_two_questions() {
    nothing(sources().iter().flat_map(length).collect());
}

#[test]
fn files_are_named_after_nouns() {
    nothing(files().iter().flat_map(|path| name(path)).collect());
}

#[test]
fn committed_text_names_no_machine() {
    let read = |path: &String| {
        Some((
            path.clone(),
            std::fs::read_to_string(root().join(path)).ok()?,
        ))
    };
    nothing(
        files()
            .iter()
            .filter_map(read)
            .flat_map(|(path, text)| machine(&path, &text))
            .collect(),
    );
}

#[test]
fn migrations_are_twins() {
    nothing(twins(&migrations("sqlite"), &migrations("postgres")));
}
