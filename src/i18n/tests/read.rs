//! Every sentence of the catalogues as people read it, Japanese and English side by side: whoever changes one
//! sees both in the difference of the snapshot.

use super::*;

/// The moment at which the sentences are said: Saturday 2026-11-21 10:32 in Tokyo.
const NOW: &str = "2026-11-21T10:32:00+09:00";

/// Words of a sentence as they would come in, by the name of the argument.
fn sample(lang: Lang, id: &str, name: &str) -> Value {
    let tokyo = || TimeZone::get("Asia/Tokyo").unwrap();
    let moment = |text: &str| Value::Text(instant(lang, at(text), &tokyo(), at(NOW)));
    let word = |ja: &str, en: &str| {
        let said = match lang {
            Lang::Ja => ja,
            Lang::En => en,
        };
        Value::Text(said.to_owned())
    };
    let is_severity = id.contains("severity");
    let is_place = id.contains("transferred");
    let is_person = ["handoff", "hand-over", "handed", "swap"]
        .iter()
        .any(|about| id.contains(about) && !id.contains("foretold"));
    match name {
        "at" | "due" | "chase" | "new" | "mine" => moment("2026-11-24T15:00:00+09:00"),
        "old" | "since" | "received" => moment("2026-11-20T17:45:00+09:00"),
        "until" | "ends" | "theirs" | "starts" | "next_at" => moment("2027-01-04T09:30:00+09:00"),
        "from" | "to" if is_severity => Value::Text(severity(lang, 1 + u8::from(name == "to"))),
        "from" | "to" if is_place => word("サポート", "Support"),
        "from" if is_person => word("青木さん", "Aoki"),
        "to" if is_person || id.starts_with("fair") => word("井上さん", "Inoue"),
        "to" if id == "notice-mailed" => Value::Text("leads@example.com".to_owned()),
        "from" => moment("2026-11-23T09:00:00+09:00"),
        "to" => moment("2026-11-23T18:00:00+09:00"),
        "amount" | "every" | "within" | "by_amount" => Value::Text(amount(lang, minutes(270))),
        "of" => word("江口さん", "Eguchi"),
        "left" => Value::Text(left(lang, minutes(270))),
        "member" | "owner" | "owes" => word("青木さん", "Aoki"),
        "with" | "other" | "next" | "called" => word("井上さん", "Inoue"),
        "first" if id.starts_with("days") => word("12/2(水)", "Wed 2 Dec"),
        "last" if id.starts_with("days") => word("12/4(金)", "Fri 4 Dec"),
        "days" => word("12/2(水)から12/4(金)まで", "Wed 2 Dec to Fri 4 Dec"),
        "hours" => word("平日 09:00〜18:00", "weekdays 09:00–18:00"),
        "weekday" => word("金", "Fri"),
        "why" if !id.starts_with("notice") && !id.starts_with("check") => {
            word("（当番交代）", " (override)")
        }
        "silent" => Value::Text(amount(lang, minutes(900))),
        "by" => word("上田さん", "Ueda"),
        "on" => word("開発元", "the vendor"),
        "clock" => word("初回回答", "First response"),
        "severity" => Value::Text(severity(lang, 2)),
        "reference" => Value::Text("Q-1042".to_owned()),
        "title" => word("メールが届かない", "Mail does not arrive"),
        "rota" | "queue" => word("サポート", "Support"),
        "calendar" => Value::Text("office".to_owned()),
        "policy" => Value::Text("standard".to_owned()),
        "lines" => Value::Text("…".to_owned()),
        other => Value::Text(format!("‹{other}›")),
    }
}

/// Arguments that choose between forms of a sentence are numbers: said with one and with several.
fn said(lang: Lang, id: &str) -> Vec<String> {
    let names = arguments(lang, id).unwrap();
    let with = |number: i64| {
        let is_amount = id.starts_with("amount") || id == "refused-too-late";
        let is_counted = |name: &str| {
            (is_amount && matches!(name, "days" | "hours"))
                || matches!(
                    name,
                    "count"
                        | "n"
                        | "inquiries"
                        | "events"
                        | "differences"
                        | "minutes"
                        | "members"
                        | "turns"
                        | "limit"
                        | "number"
                )
        };
        let args: Args = names
            .iter()
            .map(|name| match is_counted(name) {
                true => (*name, Value::Number(number)),
                false => (*name, sample(lang, id, name)),
            })
            .collect();
        say(lang, id, &args)
    };
    let mut forms = vec![with(3)];
    let bare = |form: &str| form.replace('1', "3");
    forms.extend(Some(with(1)).filter(|one| bare(one) != bare(&forms[0])));
    forms
}

#[test]
fn every_sentence_stands_beside_its_translation() {
    let mut page = String::new();
    for id in keys(Lang::Ja) {
        page.push_str(id);
        page.push('\n');
        for lang in Lang::ALL {
            for form in said(lang, id) {
                let form = form.replace('\n', "\n        ");
                page.push_str(&format!("    {}: {form}\n", lang.code()));
            }
        }
    }
    insta::assert_snapshot!(page);
}
