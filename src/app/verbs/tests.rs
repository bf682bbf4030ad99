#![allow(clippy::unwrap_used)]
use super::*;
use std::collections::BTreeSet;

#[track_caller]
fn check(line: &str, expected: &str) {
    let shown = match parse_line(line) {
        Ok(request) => {
            let reference = request.reference.map_or("-".to_owned(), |r| r.to_string());
            let params: Vec<_> = request
                .params
                .iter()
                .map(|(k, v)| format!("{k}={v}"))
                .collect();
            format!("{} {reference} {}", request.verb.name(), params.join(" | "))
        }
        Err(problem) => problem.to_string(),
    };
    assert_eq!(shown.trim_end(), expected);
}

#[test]
fn a_line_names_verb_inquiry_and_parameters() {
    check("claim Q-12", "claim Q-12");
    check("/toban claim q12", "claim Q-12");
    check("担当する　Ｑ－１２", "claim Q-12");
    check(
        "note Q-12 looks like a cache",
        "note Q-12 text=looks like a cache",
    );
    check("assign Q-3 aoki", "assign Q-3 to=aoki");
    check(
        "transfer Q-3 billing not ours",
        "transfer Q-3 reason=not ours | to=billing",
    );
    check(
        "severity Q-3 S2 the definition says so",
        "severity Q-3 reason=the definition says so | to=S2",
    );
}

#[test]
fn a_verb_is_found_as_buttons_and_people_say_it() {
    for (word, verb) in [
        ("解決する", Verb::Resolve),
        ("転送する", Verb::Transfer),
        ("担当", Verb::Claim),
        ("当番", Verb::DutyToday),
        ("duty", Verb::DutyToday),
        ("緊急ではない", Verb::NotUrgent),
        ("お礼のみ", Verb::NoAnswerNeeded),
    ] {
        assert_eq!(Verb::find(word), Some(verb), "{word}");
    }
    assert_eq!(Verb::find("する"), None);
    let near = parse_line("引き継ぎ Q-1").unwrap_err();
    assert!(matches!(
        near,
        LineProblem::UnknownVerb {
            nearest: Some(Verb::TakeOver),
            ..
        }
    ));
}

#[test]
fn two_words_may_name_a_verb() {
    check("duty today", "duty-today -");
    check("duty", "duty-today -");
    check(
        "take over Q-2 she is ill",
        "take-over Q-2 reason=she is ill",
    );
    check("not urgent Q-2 tested", "not-urgent Q-2 reason=tested");
}

#[test]
fn in_a_thread_the_place_names_the_inquiry() {
    check("note 再現しました", "note - text=再現しました");
    check("wait vendor 2d", "wait - on=vendor | until=2d");
}

#[test]
fn parameters_may_be_named_in_either_language() {
    check(
        "resolve Q-1 category=設定 cause=wrong zone in settings workaround=set it",
        "resolve Q-1 category=設定 | cause=wrong zone in settings | workaround=set it",
    );
    check(
        "解決 Q-1 カテゴリ=仕様 回答＝はい、できます",
        "resolve Q-1 answer=はい、できます | category=仕様",
    );
}

#[test]
fn a_moment_may_be_a_date_and_a_time() {
    check(
        "snooze Q-1 2026-11-24 15:00",
        "snooze Q-1 until=2026-11-24 15:00",
    );
    check(
        "replied Q-1 10:30 sent by mail",
        "replied Q-1 at=10:30 | text=sent by mail",
    );
    check(
        "replied Q-1 sent by mail",
        "replied Q-1 at= | text=sent by mail",
    );
    check(
        "duty override inoue 2026-11-24 09:00 2026-11-25 09:00",
        "duty-override - from=2026-11-24 09:00 | member=inoue | until=2026-11-25 09:00",
    );
}

#[test]
fn the_duty_is_arranged_in_a_line() {
    check(
        "swap inoue 12/2 12/3",
        "swap - mine=12/2 | theirs=12/3 | with=inoue",
    );
    check(
        "当番交換 相手=井上 自分の日=12/2 相手の日=明日",
        "swap - mine=12/2 | theirs=明日 | with=井上",
    );
    check("accept swap 12", "accept-swap - number=12");
    check("absent", "absent -");
    check("absent 12/1 12/3", "absent - from=12/1 | until=12/3");
    check(
        "absent tomorrow who=aoki",
        "absent - from=tomorrow | who=aoki",
    );
    check(
        "不在 毎週=金 終了=2027-03-31",
        "absent - every=金 | until=2027-03-31",
    );
    check("absent aoki", "absent - who=aoki");
    check("back 12", "back - which=12");
    check("cover fri", "cover - on=fri");
    check("duty who 15:00", "duty-who - at=15:00");
    check("fairness 10/1 10/31", "fairness - from=10/1 | until=10/31");
}

#[test]
fn what_cannot_be_made_out_is_said() {
    check("", "an empty line asks for nothing");
    check("clam Q-1", "unknown verb \"clam\": did you mean \"claim\"?");
    check("xyzzy", "unknown verb \"xyzzy\"");
    check("claim Q-abc", "\"Q-abc\" is no inquiry: write it like Q-12");
}

#[test]
fn every_verb_has_its_own_words() {
    let words: BTreeSet<&str> = Verb::ALL
        .iter()
        .flat_map(|v| [v.name(), v.name_ja()])
        .collect();
    assert_eq!(words.len(), 2 * Verb::ALL.len());
    for verb in Verb::ALL {
        assert_eq!(Verb::find(verb.name()), Some(verb));
        assert_eq!(Verb::find(verb.name_ja()), Some(verb));
        assert_eq!(serde_json::to_value(verb).unwrap(), verb.name());
        let texts = verb.params().iter().filter(|p| p.is_required).count();
        let before = verb
            .params()
            .iter()
            .take(texts)
            .filter(|p| p.is_required)
            .count();
        assert_eq!(
            texts,
            before,
            "{}: required parameters come first",
            verb.name()
        );
    }
}

#[test]
fn every_verb_is_described_and_nothing_else_is() {
    use crate::i18n::{Lang, keys};
    let described: BTreeSet<String> = keys(Lang::Ja)
        .filter(|id| id.starts_with("verb-"))
        .map(|id| id.to_string())
        .collect();
    assert_eq!(described, Verb::ALL.map(|verb| verb.description()).into());
}
