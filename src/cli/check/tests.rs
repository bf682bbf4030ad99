#![allow(clippy::unwrap_used)]

use super::*;

const DEMO: &str = include_str!("../../../config/presets/demo.toml");

fn env(name: &str) -> Option<String> {
    match name {
        "TOBAN_DEMO_SECRET" => Some("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw".to_owned()),
        "TOBAN_DEMO_PORTAL_KEY" => Some("open".to_owned()),
        "LANG" => Some("en_GB.UTF-8".to_owned()),
        _ => None,
    }
}

/// Runs the command on a text, on a Saturday; answers exit code and what was printed, the folder's name taken out.
fn run_on(text: &str, args: CheckArgs, findings: &[Finding]) -> (u8, String) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("toban.toml");
    std::fs::write(&path, text).unwrap();
    let args = CheckArgs {
        config: Some(path.clone()),
        ..args
    };
    let mut out = Vec::new();
    let now = "2026-11-21T01:00:00Z".parse().unwrap();
    let code = run(&args, &env, now, &|_| findings.to_vec(), &mut out).unwrap();
    let said = String::from_utf8(out).unwrap();
    (code, said.replace(path.to_str().unwrap(), "toban.toml"))
}

fn in_lang(lang: Lang) -> CheckArgs {
    CheckArgs {
        lang: Some(lang),
        ..CheckArgs::default()
    }
}

fn as_json() -> CheckArgs {
    CheckArgs {
        json: true,
        ..CheckArgs::default()
    }
}

#[test]
fn a_good_configuration_is_told_in_words() {
    let (code, said) = run_on(DEMO, in_lang(Lang::Ja), &[]);
    insta::assert_snapshot!("demo_ja", said);
    assert_eq!(code, 0);
    let (_, said) = run_on(DEMO, in_lang(Lang::En), &[]);
    insta::assert_snapshot!("demo_en", said);
}

#[test]
fn the_terminal_says_which_language() {
    let (_, said) = run_on(DEMO, CheckArgs::default(), &[]);
    assert!(said.starts_with("toban.toml has no problems."), "{said}");
}

#[test]
fn a_good_configuration_is_json_for_scripts() {
    let (code, said) = run_on(DEMO, as_json(), &[]);
    let json: serde_json::Value = serde_json::from_str(&said).unwrap();
    assert_eq!(code, 0);
    assert_eq!(json["ok"], true);
    assert_eq!(json["problems"], json!([]));
    // Tuesday: Monday is 勤労感謝の日.
    assert_eq!(
        json["summary"]["rotas"][0]["next_handoffs"][0]["at"],
        "2026-11-24T00:30:00Z"
    );
    assert_eq!(json["summary"]["members"][0]["name"], "青木");
}

#[test]
fn problems_are_shown_and_the_code_is_not_zero() {
    let bad = DEMO.replace("Asia/Tokyo", "Asia/Tokio");
    let (code, said) = run_on(&bad, in_lang(Lang::En), &[]);
    assert_eq!(code, 1);
    assert!(
        said.contains("desk.zone: unknown time zone \"Asia/Tokio\""),
        "{said}"
    );
    assert!(said.contains("did you mean \"Asia/Tokyo\"?"), "{said}");
    assert!(said.ends_with("toban.toml has 1 problem.\n"), "{said}");
    let (code, said) = run_on(&bad, as_json(), &[]);
    let json: serde_json::Value = serde_json::from_str(&said).unwrap();
    assert_eq!((code, &json["ok"]), (1, &json!(false)));
    assert_eq!(json["problems"][0]["line"], 5);
    assert_eq!(json["problems"][0]["key"], "desk.zone");
}

#[test]
fn further_checks_decide_the_code_too() {
    let finding = |is_good| Finding {
        subject: "database".to_owned(),
        is_good,
        said: "sqlite://data/toban.db".to_owned(),
    };
    let (code, said) = run_on(DEMO, in_lang(Lang::En), &[finding(true)]);
    assert_eq!(code, 0);
    assert!(
        said.ends_with("✓ database: sqlite://data/toban.db\n"),
        "{said}"
    );
    let (code, said) = run_on(DEMO, in_lang(Lang::Ja), &[finding(false)]);
    assert_eq!(code, 1);
    assert!(
        said.ends_with("✗ database: sqlite://data/toban.db\n"),
        "{said}"
    );
    let (code, said) = run_on(DEMO, as_json(), &[finding(false)]);
    let json: serde_json::Value = serde_json::from_str(&said).unwrap();
    assert_eq!((code, &json["ok"]), (1, &json!(false)));
}

#[test]
fn a_missing_file_says_how_to_get_one() {
    let args = CheckArgs {
        config: Some(PathBuf::from("nowhere.toml")),
        ..CheckArgs::default()
    };
    let mut out = Vec::new();
    let now = Timestamp::UNIX_EPOCH;
    let code = run(&args, &env, now, &|_| Vec::new(), &mut out).unwrap();
    assert_eq!(code, 1);
    assert_eq!(
        String::from_utf8(out).unwrap(),
        "there is no configuration \"nowhere.toml\": write one with `toban check --example > toban.toml`, or try `toban demo`\n"
    );
}

#[test]
fn the_example_can_be_had_and_is_good() {
    let args = CheckArgs {
        example: true,
        ..CheckArgs::default()
    };
    let (_, example) = run_on("", args, &[]);
    let (code, said) = run_on(&example, in_lang(Lang::En), &[]);
    assert_eq!(code, 0, "{said}");
}

#[test]
fn a_heartbeat_is_told_by_its_host_alone() {
    let text =
        format!("{DEMO}\n[heartbeat]\nurl = \"https://hc.example.com/5f5f\"\nevery = \"90s\"\n");
    let (code, said) = run_on(&text, in_lang(Lang::En), &[]);
    assert_eq!(code, 0, "{said}");
    let line = "While all is well, a heartbeat goes to hc.example.com every 1 min 30 s.";
    assert!(said.contains(line), "{said}");
}

#[test]
fn secrets_are_never_printed() {
    for args in [in_lang(Lang::Ja), as_json()] {
        let (_, said) = run_on(DEMO, args, &[]);
        assert!(!said.contains("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"), "{said}");
    }
}

/// The demo with a weekend's line and two offices, in words.
#[test]
fn who_is_called_when_is_told_in_words() {
    let rotas = r#"
rotas = [
    { rota = "weekend", during = "weekend", floor = "S2", wake_up = ["S1", "S2"] },
    { rota = "london", during = "london", region = "emea" },
    { rota = "new-york", during = "new-york", region = "amer", wake_up = [] },
    "support",
]"#;
    let more = r#"
[[calendar]]
name = "weekend"
hours = { sat = "09:30-33:30", sun = "09:30-33:30" }

[[calendar]]
name = "london"
zone = "Europe/London"
hours = "09:00-17:00"

[[calendar]]
name = "new-york"
zone = "America/New_York"
hours = { weekdays = "09:00-12:30, 13:00-17:00" }

[[rota]]
name = "weekend"
works = "weekend"
participants = ["inoue", "ueda"]

[[rota]]
name = "london"
works = "london"
zone = "Europe/London"
participants = ["aoki", "eguchi"]

[[rota.on]]
days = ["thu", "fri"]
participants = ["ueda"]

[[rota.version]]
from = 2027-01-04
handoff = "10:00"
off_hours = "member:ueda"

[[rota]]
name = "new-york"
works = "new-york"
zone = "America/New_York"
participants = ["inoue"]
"#;
    let text = DEMO.replacen("\nrota = \"support\"", rotas, 1) + more;
    assert_ne!(text, format!("{DEMO}{more}"));
    let (code, said) = run_on(&text, in_lang(Lang::Ja), &[]);
    insta::assert_snapshot!("lines_ja", said);
    assert_eq!(code, 0);
    let (_, said) = run_on(&text, in_lang(Lang::En), &[]);
    insta::assert_snapshot!("lines_en", said);
}
