//! Lists, dated versions and several rotas of a queue: what good files become, and bad ones with their places.

use super::*;
use crate::domain::inquiry::Severity;
use crate::domain::rota::{Coverage, Rota};
use crate::time::Timestamp;

/// The weekend's people, and a queue that has them.
const WEEKEND: &str = r#"
[[calendar]]
name = "weekend"
hours = { sat = "09:30-33:30", sun = "09:30-33:30" }

[[rota]]
name = "weekend"
works = "weekend"
participants = ["ueda"]
"#;

const PEOPLE: &str = "participants = [\"aoki\", \"ueda\"]";

/// The small good file with more lines in its rota, over worked days from a Monday on.
fn with_rota(lines: &str) -> String {
    let more = format!("{PEOPLE}\nworks = \"office\"\nstarts = 2026-11-02\n{lines}");
    BASE.replacen(PEOPLE, &more, 1)
}

/// The small good file with a weekend and the rotas of its queue.
fn with_lines(lines: &str) -> String {
    let rotas = format!("id = \"support\"\nrotas = [{lines}]");
    BASE.replacen("id = \"support\"\nrota = \"support\"", &rotas, 1) + WEEKEND
}

fn support(text: &str) -> Rota {
    good(text).setup.rotas["support"].clone()
}

fn duty(rota: &Rota, day: &str) -> String {
    let at: Timestamp = format!("2026-{day}T12:00+09:00").parse().unwrap();
    rota.planned(at).member.to_string()
}

fn found(text: &str) -> Vec<String> {
    let lines = match read(text) {
        Ok(config) => config.warnings,
        Err(problems) => problems,
    };
    let line = |problem: &crate::config::Problem| {
        let line = problem.to_string();
        line.split_once(": ").unwrap().1.to_owned()
    };
    lines.list.iter().map(line).collect()
}

#[track_caller]
fn check(text: &str, expected: &[&str]) {
    assert_eq!(found(text), expected, "{text}");
}

#[test]
fn a_list_for_fridays() {
    let text = with_rota("[[rota.on]]\ndays = [\"fri\"]\nparticipants = [\"ueda\"]\n");
    let rota = support(&text);
    let week = ["11-02", "11-03", "11-04", "11-05", "11-06", "11-09"];
    let week: Vec<String> = week.iter().map(|day| duty(&rota, day)).collect();
    assert_eq!(week, ["aoki", "ueda", "aoki", "ueda", "ueda", "aoki"]);
}

#[test]
fn what_a_version_does_not_say_stays_as_before() {
    let text = with_rota(
        "[[rota.version]]\nfrom = 2026-11-09\nhandoff = \"11:00\"\n[[rota.version]]\nfrom = 2026-11-16\nparticipants = [\"ueda\"]\noff_hours = \"member:aoki\"\n",
    );
    let rota = support(&text);
    let versions = &rota.plan().versions;
    assert_eq!(versions[1].participants, versions[0].participants);
    assert_eq!(versions[1].works, versions[0].works);
    assert_eq!(versions[2].handoff, versions[1].handoff);
    assert_eq!(duty(&rota, "11-06"), "aoki");
    // It goes on in the order: the 9th is ueda's.
    assert_eq!(duty(&rota, "11-09"), "ueda");
    assert_eq!(duty(&rota, "11-13"), "ueda");
    assert_eq!(duty(&rota, "11-17"), "ueda");
}

#[test]
fn a_weekly_rota_keeps_its_weekday_unless_its_cadence_is_written() {
    let weekly = |more: &str| {
        let lines = format!(
            "cadence = \"weekly\"\n[[rota.version]]\nfrom = 2026-11-11\nparticipants = [\"ueda\", \"aoki\"]\n{more}"
        );
        let rota = support(&with_rota(&lines));
        ["11-10", "11-11", "11-13", "11-16", "11-18"].map(|day| duty(&rota, day))
    };
    assert_eq!(weekly(""), ["ueda", "ueda", "ueda", "ueda", "ueda"]);
    assert_eq!(
        weekly("cadence = \"weekly\""),
        ["ueda", "ueda", "ueda", "ueda", "aoki"]
    );
}

#[test]
fn lists_and_versions_that_cannot_work_are_told_with_their_place() {
    check(
        &with_rota(
            "cadence = \"weekly\"\n[[rota.on]]\ndays = [\"fri\"]\nparticipants = [\"ueda\"]\n",
        ),
        &[
            "rota[0].cadence: rota \"support\" has participants for single weekdays, so its cadence must be daily (drop the lists, or let the duty turn over daily)",
        ],
    );
    check(
        &with_rota("[[rota.on]]\ndays = [\"fry\"]\nparticipants = [\"uedda\"]\n"),
        &[
            "rota[0].on[0].days[0]: \"fry\" is not known (did you mean \"fri\"?)",
            "rota[0].on[0].participants[0]: \"uedda\" is no member (did you mean \"ueda\"?)",
        ],
    );
    check(
        &with_rota("[[rota.on]]\ndays = [\"sat\"]\nparticipants = [\"ueda\"]\n"),
        &[
            "rota[0].on: rota \"support\" has a list of its own for Saturday that its calendar never works (give each weekday one list of people, and only days worked)",
        ],
    );
    check(
        &with_rota("[[rota.version]]\nhandoff = \"11:00\"\n"),
        &["rota[0].version[0].from: \"from\" is missing (add it, such as from = 2027-01-04)"],
    );
    check(
        &with_rota("[[rota.version]]\nfrom = 2026-11-09\n[[rota.version]]\nfrom = 2026-11-07\n"),
        &[
            "rota[0].version[1].from: rota \"support\" has a version from 2026-11-07 that does not take effect after the one before it (write the versions in order, each with a later date; one that has begun can be changed in place)",
        ],
    );
    check(
        &with_rota("[[rota.version]]\nfrom = 2026-11-09\nstarts = 2026-11-09\n"),
        &[
            "rota[0].version[0].starts: unknown key \"starts\" in [rota.version] (known here are \"from\", \"zone\", \"handoff\", \"cadence\", \"works\", \"participants\", \"off_hours\", \"on\")",
        ],
    );
}

#[test]
fn a_queue_has_one_rota_or_several_lines() {
    let one = good(BASE).setup.queues.values().next().unwrap().clone();
    assert_eq!(one.coverage, Coverage::one("support"));
    let text = with_lines(
        "\"support\", { rota = \"weekend\", during = \"weekend\", floor = \"S2\", wake_up = [\"S1\"], region = \"apac\" }",
    );
    let config = good(&text);
    let queue = config.setup.queues.values().next().unwrap();
    assert_eq!(queue.rota, "support");
    let line = &queue.coverage.lines()[1];
    assert_eq!(line.rule.floor, Some(Severity::S2));
    assert_eq!(line.rule.wake_up, Some(vec![Severity::S1]));
    assert_eq!(line.rule.region.as_deref(), Some("apac"));
    let policy = &config.setup.policies[&queue.policy];
    let rules: Vec<_> = queue
        .coverage
        .lines()
        .iter()
        .map(|line| line.rule.clone())
        .collect();
    assert_eq!(policy.lines, rules);
    assert!(policy.calendars.contains_key("weekend"));
    assert_eq!(policy.problems(), [] as [String; 0]);
    // With one rota the policy, and so its hash, is what it has always been.
    assert_eq!(good(BASE).setup.policies[&one.policy].lines, []);
}

#[test]
fn lines_that_cannot_work_are_told_with_their_place() {
    let weekend = "{ rota = \"weekend\", during = \"weekend\" }";
    check(
        &with_lines(weekend),
        &[
            "queue[0].rotas: no rota has the rest: one of them must stand without \"during\" (let the rota of ordinary days stand alone: rotas = [{ rota = \"weekend\", during = \"weekend\" }, \"support\"])",
        ],
    );
    check(
        &with_lines("\"support\", { rota = \"weekend\" }"),
        &[
            "queue[0].rotas: rota \"support\" has the rest already, so rota \"weekend\" would never have the duty (say when the other one has it: { rota = \"weekend\", during = \"weekend\" })",
        ],
    );
    check(
        &with_lines("{ rota = \"support\", floor = \"S2\" }"),
        &[
            "queue[0].rotas: rota \"support\" has the rest, which goes by the queue's policy: its \"floor\" needs \"during\" (the queue's policy says it for the rest; give the line a calendar)",
        ],
    );
    check(
        &with_lines("\"suport\", { rota = \"weekends\", during = \"weeknd\", floor = \"S9\" }"),
        &[
            "queue[0].rotas[0]: there is no rota \"suport\" (did you mean \"support\"?)",
            "queue[0].rotas[1].rota: there is no rota \"weekends\" (did you mean \"weekend\"?)",
            "queue[0].rotas[1].during: there is no calendar \"weeknd\" (did you mean \"weekend\"?)",
            "queue[0].rotas[1].floor: \"S9\" is not a severity (write S1, S2, S3 or S4, S1 the worst)",
        ],
    );
    let both = with_lines("\"support\"").replacen("rotas = [", "rota = \"support\"\nrotas = [", 1);
    check(
        &both,
        &[
            "queue[0].rotas: \"rota\" and \"rotas\" are given at once (write the one rota of all time as rota, or every line in rotas)",
        ],
    );
}

#[test]
fn a_line_that_begins_before_its_rota_hands_over_is_odd() {
    let lines = "{ rota = \"weekend\", during = \"weekend\" }, \"support\"";
    check(&with_lines(lines), &[]);
    let early = with_lines(lines).replace("09:30-33:30", "00:00-24:00");
    check(
        &early,
        &[
            "warning: queue[0].rotas[0]: rota \"weekend\" has the duty from Sat 00:00, but hands over at Sat 09:30: until then whoever had it last is called (let the hours of \"during\" begin at the handoff, such as sat = \"09:30-33:30\", or move the handoff)",
        ],
    );
}

#[test]
fn everybody_whom_any_line_may_call_needs_an_id_on_each_platform() {
    let text = with_lines("\"support\", { rota = \"weekend\", during = \"weekend\" }")
        .replace("participants = [\"aoki\", \"ueda\"]", "participants = [\"aoki\"]")
        .replace("id = \"aoki\"", "id = \"aoki\"\ndiscord = \"200000000000000002\"")
        .replace("calendar = \"office\"\n", "calendar = \"office\"\ndiscord_channel = \"200000000000000001\"\nmembers = [\"aoki\"]\nleads = [\"aoki\"]\n")
        + "\n[discord]\nenabled = true\ntoken_env = \"TOKEN\"\napplication_id = \"200000000000000003\"\nguild_id = \"200000000000000004\"\n";
    let said = found(&text);
    assert!(
        said.iter()
            .any(|line| line.contains("member \"ueda\" has no discord id")),
        "{said:?}"
    );
}
