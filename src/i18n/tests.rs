#![allow(clippy::unwrap_used)]

mod read;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use jiff::civil::date as day;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use super::*;

/// Both languages side by side, as the snapshots show them.
fn both(say: impl Fn(Lang) -> String) -> String {
    format!("{} | {}", say(Lang::Ja), say(Lang::En))
}

fn minutes(n: i64) -> SignedDuration {
    SignedDuration::from_mins(n)
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

#[test]
fn the_catalogues_are_well_formed() {
    for lang in Lang::ALL {
        assert_eq!(problems(lang), [] as [String; 0]);
        assert!(keys(lang).count() > 10);
    }
}

#[test]
fn every_message_is_in_both_languages_with_the_same_arguments() {
    let all: BTreeSet<&str> = keys(Lang::Ja).chain(keys(Lang::En)).collect();
    for id in all {
        assert_eq!(arguments(Lang::Ja, id), arguments(Lang::En, id), "{id}");
    }
}

#[test]
fn every_message_can_be_said() {
    for lang in Lang::ALL {
        for id in keys(lang) {
            let args: Args = arguments(lang, id)
                .unwrap()
                .iter()
                .map(|name| (*name, Value::Text(format!("<{name}>"))))
                .collect();
            let said = say(lang, id, &args);
            assert!(
                !said.trim().is_empty() && !said.contains(['⟨', '{', '\u{2068}']),
                "{id}: {said}"
            );
        }
    }
}

#[test]
fn no_message_is_given_twice() {
    for (name, text) in [
        ("ja", include_str!("ja.ftl")),
        ("en", include_str!("en.ftl")),
    ] {
        let mut seen = BTreeSet::new();
        for line in text
            .lines()
            .filter(|l| l.starts_with(|c: char| c.is_ascii_lowercase()))
        {
            let id = line.split([' ', '=']).next().unwrap();
            assert!(seen.insert(id), "{id} is twice in {name}.ftl");
        }
    }
}

/// The ids that stand in the source as such: in `msg!("…")`, `Message::new("…")`, `Word("…")`; comments apart.
fn used_ids(text: &str) -> BTreeSet<String> {
    let code = code(text);
    ["msg!(", "Message::new(", "Word("]
        .into_iter()
        .flat_map(|call| code.split(call).skip(1))
        .filter_map(|rest| rest.trim_start().strip_prefix('"')?.split('"').next())
        .map(str::to_owned)
        .collect()
}

/// Everything that stands between quotes.
fn quoted(text: &str) -> BTreeSet<String> {
    code(text).split('"').map(str::to_owned).collect()
}

fn code(text: &str) -> String {
    text.lines()
        .filter(|l| !l.trim_start().starts_with("//"))
        .flat_map(|l| [l, "\n"])
        .collect()
}

fn rust_files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            rust_files(&path, found);
        } else if path
            .extension()
            .is_some_and(|e| e == "rs" || e == "html" || e == "js")
            && !path.ends_with("tests.rs")
        {
            found.push(path);
        }
    }
}

#[test]
fn every_id_in_the_source_exists_and_every_message_is_used() {
    let mut files = Vec::new();
    rust_files(
        &Path::new(env!("CARGO_MANIFEST_DIR")).join("src"),
        &mut files,
    );
    assert!(files.len() > 5, "the source was not found");
    let mut used = BTreeSet::new();
    for file in files {
        let text = fs::read_to_string(&file).unwrap();
        used.extend(quoted(&text));
        for id in used_ids(&text) {
            assert!(
                arguments(Lang::Ja, &id).is_some(),
                "{} uses {id}, which is no message",
                file.display()
            );
        }
    }
    // The descriptions of verbs are named by the verb: the verbs' own test holds them together.
    for id in keys(Lang::Ja).filter(|id| !id.starts_with("verb-")) {
        assert!(used.contains(id), "nobody uses the message {id}");
    }
}

#[test]
fn ids_are_found_in_source_text() {
    let text = "say(msg!(\"a-b\")); msg!(\n    \"c\"\n) // x\n// msg!(\"no\")\nMessage::new(\"d\")";
    assert_eq!(used_ids(text), ["a-b", "c", "d"].map(str::to_owned).into());
}

#[test]
fn a_missing_message_or_argument_is_visible() {
    assert_eq!(
        say(Lang::Ja, "no-such-message", &Args::new()),
        "⟨no-such-message⟩"
    );
    assert_eq!(say(Lang::Ja, "", &Args::new()), "⟨⟩");
    assert_eq!(say(Lang::Ja, "amount-late", &Args::new()), "⟨amount⟩超過");
}

#[test]
fn arguments_are_taken_as_they_are() {
    let said = say(
        Lang::En,
        "name-polite",
        &Args::new().with("name", "{ $x } <b>\n*y*"),
    );
    assert_eq!(said, "{ $x } <b>\n*y*");
    assert_eq!(
        say(
            Lang::Ja,
            "amount-minutes",
            &Args::from([("minutes", Value::Number(12345))])
        ),
        "12345分"
    );
}

#[test]
fn arguments_read_and_write_as_plain_json() {
    let args = Args::new().with("n", 3).with("who", "青木");
    let json = serde_json::to_string(&args).unwrap();
    assert_eq!(json, r#"{"n":3,"who":"青木"}"#);
    assert_eq!(serde_json::from_str::<Args>(&json).unwrap(), args);
}

#[test]
fn languages_are_written_as_codes() {
    assert_eq!(serde_json::to_string(&Lang::ALL).unwrap(), r#"["ja","en"]"#);
    assert_eq!("en".parse(), Ok(Lang::En));
    assert_eq!(
        "fr".parse::<Lang>().unwrap_err().to_string(),
        "language `fr` is not known; use `ja` or `en`"
    );
    assert_eq!(Lang::default(), Lang::Ja);
}

#[test]
fn instants_have_weekday_and_zone() {
    let tokyo = TimeZone::get("Asia/Tokyo").unwrap();
    let now = at("2026-11-20T00:00:00Z");
    let show = |t: &str, zone: &TimeZone| both(|l| instant(l, at(t), zone, now));
    insta::assert_snapshot!(show("2026-11-21T01:32:00Z", &tokyo), @"11/21(土) 10:32 JST | Sat 21 Nov 10:32 JST");
    insta::assert_snapshot!(show("2027-01-04T00:05:59Z", &tokyo), @"2027/1/4(月) 09:05 JST | Mon 4 Jan 2027 09:05 JST");
    insta::assert_snapshot!(show("2026-11-21T01:32:00Z", &TimeZone::UTC), @"11/21(土) 01:32 UTC | Sat 21 Nov 01:32 UTC");
    let york = TimeZone::get("America/New_York").unwrap();
    insta::assert_snapshot!(show("2026-07-01T04:00:00Z", &york), @"7/1(水) 00:00 EDT | Wed 1 Jul 00:00 EDT");
    let dubai = TimeZone::get("Asia/Dubai").unwrap();
    insta::assert_snapshot!(show("2026-07-01T04:00:00Z", &dubai), @"7/1(水) 08:00 UTC+4 | Wed 1 Jul 08:00 UTC+4");
    insta::assert_snapshot!(both(|l| instant_without_zone(l, at("2026-11-21T01:32:00Z"), &tokyo, now)), @"11/21(土) 10:32 | Sat 21 Nov 10:32");
}

#[test]
fn the_year_is_that_of_the_zone() {
    let tokyo = TimeZone::get("Asia/Tokyo").unwrap();
    // in Tokyo it is already 2027
    let now = at("2026-12-31T16:00:00Z");
    insta::assert_snapshot!(both(|l| instant(l, at("2027-01-01T00:00:00Z"), &tokyo, now)), @"1/1(金) 09:00 JST | Fri 1 Jan 09:00 JST");
}

#[test]
fn dates_have_a_weekday() {
    let today = day(2026, 11, 21);
    insta::assert_snapshot!(both(|l| date(l, day(2026, 11, 24), today)), @"11/24(火) | Tue 24 Nov");
    insta::assert_snapshot!(both(|l| date(l, day(2025, 2, 3), today)), @"2025/2/3(月) | Mon 3 Feb 2025");
}

#[test]
fn amounts_are_hours_and_minutes_rounded_down() {
    let show = |d: SignedDuration| both(|l| amount(l, d));
    insta::assert_snapshot!(show(minutes(150)), @"2時間30分 | 2 h 30 min");
    insta::assert_snapshot!(show(minutes(120)), @"2時間 | 2 h");
    insta::assert_snapshot!(show(SignedDuration::from_secs(119)), @"1分 | 1 min");
    insta::assert_snapshot!(show(SignedDuration::from_millis(59_999)), @"1分未満 | less than a minute");
    insta::assert_snapshot!(show(minutes(-150)), @"2時間30分 | 2 h 30 min");
    insta::assert_snapshot!(show(minutes(60 * 30 + 1)), @"30時間1分 | 30 h 1 min");
    insta::assert_snapshot!(show(SignedDuration::MIN), @"2562047788015215時間30分 | 2562047788015215 h 30 min");
}

#[test]
fn lateness_and_time_left_say_which_side() {
    insta::assert_snapshot!(both(|l| late(l, minutes(35))), @"35分超過 | 35 min late");
    insta::assert_snapshot!(both(|l| late(l, minutes(0))), @"1分未満の超過 | less than a minute late");
    insta::assert_snapshot!(both(|l| left(l, minutes(150))), @"残り2時間30分 | 2 h 30 min left");
}

#[test]
fn names_are_joined_politely() {
    insta::assert_snapshot!(both(|l| names(l, &["青木", "井上"])), @"青木さん、井上さん | 青木 and 井上");
    insta::assert_snapshot!(both(|l| names(l, &["Aoki", "Inoue", "Ueda"])), @"Aokiさん、Inoueさん、Uedaさん | Aoki, Inoue and Ueda");
    insta::assert_snapshot!(both(|l| names(l, &["田中様"])), @"田中様 | 田中様");
    assert_eq!(names::<&str>(Lang::Ja, &[]), "");
    insta::assert_snapshot!(both(|l| list(l, &["a", "b", "c", "d"])), @"a、b、c、d | a, b, c and d");
}

#[test]
fn generic_words() {
    insta::assert_snapshot!(both(|l| yes_no(l, true)), @"はい | yes");
    insta::assert_snapshot!(both(|l| yes_no(l, false)), @"いいえ | no");
    insta::assert_snapshot!(both(|l| (1..=5).map(|n| severity(l, n)).collect::<Vec<_>>().join(" ")), @"S1 致命的 S2 重大 S3 軽微 S4 質問 S5 | S1 critical S2 major S3 minor S4 question S5");
}
