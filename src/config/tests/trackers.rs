//! `[[tracker]]`: what a good one is read as, and what is wrong with a bad one.

use super::*;
use crate::app::tracker_config::LOOK_EVERY;

/// The problems of a tracker at the end of the small good file, without their places.
#[track_caller]
fn check(tracker: &str, expected: &[&str]) {
    let text = format!("{BASE}\n[[tracker]]\nsecret_env = \"KEY\"\n{tracker}");
    let found: Vec<String> = match read(&text) {
        Ok(config) => config
            .warnings
            .list
            .iter()
            .map(ToString::to_string)
            .collect(),
        Err(problems) => problems.list.iter().map(ToString::to_string).collect(),
    };
    assert_eq!(found.len(), expected.len(), "{found:#?}");
    for (found, expected) in found.iter().zip(expected) {
        assert!(found.contains(expected), "{found}");
    }
}

const GITHUB: &str = "id = \"github\"\npreset = \"github\"\n";

#[test]
fn a_preset_needs_its_secret_and_its_settings_only() {
    check(
        &format!("{GITHUB}[tracker.setting]\nrepo = \"example/app\""),
        &[],
    );
    check(
        GITHUB,
        &[
            "tracker \"github\" needs the setting \"repo\", but has none (add repo = \"…\" under [tracker.setting]",
        ],
    );
    check(
        "id = \"jira\"\npreset = \"jira\"\n[tracker.setting]\nproject = \"APP\"",
        &["tracker \"jira\" needs {{ base_url }}, but has none"],
    );
    check(
        "id = \"x\"\npreset = \"bugzilla\"",
        &[
            "tracker \"x\" says neither how to file an issue nor how to look at one",
            "there is no tracker preset \"bugzilla\"",
        ],
    );
}

#[test]
fn what_a_preset_has_is_taken_back_by_a_blank_address() {
    let text = format!(
        "{BASE}\n[[tracker]]\nsecret_env = \"KEY\"\n{GITHUB}[tracker.setting]\nrepo = \"example/app\"\n[tracker.note]\nurl = \"\"\n[tracker.look]\nevery = \"1h\""
    );
    let config = read(&text).unwrap_or_else(|problems| panic!("{}", problems.render(false)));
    let tracker = &config.trackers.trackers[&"github".into()];
    assert!(tracker.note.is_none() && tracker.file.is_some());
    let every = tracker.look.as_ref().unwrap().every;
    assert_eq!(every, LOOK_EVERY * 4);
    assert_eq!(
        (tracker.name.as_str(), tracker.secrets.len()),
        ("GitHub", 1)
    );
}

#[test]
fn a_text_sees_what_it_can_see_and_nothing_else() {
    let of = |text: &str| format!("{GITHUB}{text}[tracker.setting]\nrepo = \"example/app\"");
    check(
        &of("text = \"{{ customer }}\"\n"),
        &["\"customer\" is no value that this text can see"],
    );
    check(
        &of("text = \"{{ secret }}\"\n"),
        &["\"secret\" is no value that this text can see"],
    );
    check(&of("text = \"{{ body }}\"\n"), &[]);
    let note = format!(
        "{GITHUB}[tracker.setting]\nrepo = \"example/app\"\n[tracker.note]\nbody = \"{{{{ customer }}}}\""
    );
    check(&note, &["\"customer\" is no value that this text can see"]);
}

#[test]
fn a_look_has_its_texts_and_is_not_too_often() {
    let look = "id = \"own\"\n[tracker.look]\nurl = \"https://dev.example/{{ issue }}\"\n";
    check(look, &["\"is_done\" is missing", "\"state\" is missing"]);
    let whole = format!("{look}state = \"{{{{ state }}}}\"\nis_done = \"state == 'done'\"\n");
    check(&whole, &[]);
    check(&format!("{whole}every = \"5s\""), &["this is too often"]);
}

#[test]
fn two_trackers_of_one_id_and_unknown_keys_are_refused() {
    let one = format!("{GITHUB}[tracker.setting]\nrepo = \"example/app\"\n");
    check(
        &format!("{one}[[tracker]]\nsecret_env = \"KEY\"\n{one}"),
        &["tracker \"github\" is there twice"],
    );
    check(
        &format!("{GITHUB}colour = \"red\"\n[tracker.setting]\nrepo = \"a/b\""),
        &["unknown key \"colour\" in [tracker]"],
    );
}
