#![allow(clippy::unwrap_used)]
use super::*;
use std::collections::BTreeSet;

fn vocabulary() -> Vocabulary {
    Vocabulary {
        categories: vec!["設定".to_owned(), "不具合".to_owned()],
        queues: vec![("billing".to_owned(), "請求".to_owned())],
        templates: vec![("separately".to_owned(), "別件".to_owned())],
        severities: std::collections::BTreeMap::from([(
            crate::domain::inquiry::Severity::S1,
            crate::domain::sla::Definition {
                ja: "業務が止まっている".to_owned(),
                en: "business has stopped".to_owned(),
            },
        )]),
    }
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn find<'a>(all: &'a [Value], name: &str) -> &'a Value {
    all.iter()
        .find(|one| one["name"] == name)
        .unwrap_or_else(|| panic!("{name} is not among {all:?}"))
}

#[test]
fn every_verb_has_one_command_and_is_found_again() {
    let all = declarations(&vocabulary());
    assert_eq!(
        all.iter()
            .map(|c| c["name"].as_str().unwrap())
            .collect::<Vec<_>>(),
        [
            "toban", "duty", "severity", "pings", "contract", "intake", "issue"
        ]
    );
    let mut seen = BTreeSet::new();
    for command in &all {
        let top = command["name"].as_str().unwrap();
        let subs: Vec<&Value> = list(&command["options"])
            .iter()
            .filter(|option| option["type"] == 1)
            .collect();
        assert!(list(&command["options"]).len() <= 25, "{top} has too many");
        match subs.as_slice() {
            [] => assert!(seen.insert(verb(top, None).unwrap())),
            subs => subs
                .iter()
                .for_each(|sub| assert!(seen.insert(verb(top, sub["name"].as_str()).unwrap()))),
        }
    }
    assert_eq!(seen, Verb::ALL.into_iter().collect());
    assert_eq!(verb("toban", Some("duty-today")), None);
    assert_eq!(verb("toban", None), None);
}

#[test]
fn names_are_as_discord_wants_them() {
    fn check(value: &Value) {
        let names = value["name_localizations"]
            .as_object()
            .into_iter()
            .flat_map(|map| map.values());
        for name in names
            .chain([&value["name"]])
            .map(|name| name.as_str().unwrap())
        {
            let is_legal = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '\'');
            assert!(
                (1..=32).contains(&name.chars().count()) && name.chars().all(is_legal),
                "{name}"
            );
            assert_eq!(name, name.to_lowercase());
        }
        assert!((1..=100).contains(&value["description"].as_str().unwrap().chars().count()));
        let options = list(&value["options"]);
        let demands: Vec<bool> = options
            .iter()
            .map(|option| option["required"] == true)
            .collect();
        assert!(
            demands.is_sorted_by(|a, b| a >= b),
            "{}: required ones come first",
            value["name"]
        );
        options.iter().for_each(check);
    }
    declarations(&vocabulary()).iter().for_each(check);
}

#[test]
fn a_command_stays_below_eight_thousand_characters() {
    fn size(value: &Value) -> usize {
        match value {
            Value::String(text) => text.chars().count(),
            Value::Array(all) => all.iter().map(size).sum(),
            Value::Object(map) => map.values().map(size).sum(),
            _ => 0,
        }
    }
    for command in declarations(&vocabulary()) {
        // Both languages counted, which is more than Discord does; descriptions may yet grow.
        assert!(
            size(&command) < 7_000,
            "{}: {}",
            command["name"],
            size(&command)
        );
    }
}

#[test]
fn options_take_what_their_parameters_do() {
    let all = declarations(&vocabulary());
    let toban = list(&find(&all, "toban")["options"]);
    let of = |sub: &str, name: &str| find(list(&find(toban, sub)["options"]), name).clone();
    let choices = |option: &Value| {
        list(&option["choices"])
            .iter()
            .map(|c| c["value"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(of("assign", "to")["type"], 6);
    let severity = list(&find(&all, "severity")["options"]);
    let propose = find(list(&find(severity, "propose")["options"]), "to").clone();
    assert_eq!(choices(&propose), ["S1", "S2", "S3", "S4"]);
    // What a severity means stands beside it, where it is written.
    assert_eq!(
        propose["choices"][0]["name_localizations"]["ja"],
        "S1 致命的 – 業務が止まっている"
    );
    assert_eq!(propose["choices"][1]["name"], "S2 major");
    assert_eq!(choices(&of("transfer", "to")), ["billing"]);
    assert_eq!(choices(&of("resolve", "category")), ["設定", "不具合"]);
    assert_eq!(
        of("wait", "on")["choices"][1]["name_localizations"]["ja"],
        "開発元"
    );
    assert_eq!(of("claim", INQUIRY)["autocomplete"], true);
    assert_eq!(
        of("note", "text")["required"],
        Value::Null,
        "a form asks for it"
    );
    assert_eq!(find(toban, "claim")["name_localizations"]["ja"], "担当する");
    let many = Vocabulary {
        categories: (0..26).map(|n| n.to_string()).collect(),
        ..vocabulary()
    };
    let all = declarations(&many);
    let resolve = find(list(&find(&all, "toban")["options"]), "resolve").clone();
    assert_eq!(
        choices(find(list(&resolve["options"]), "category")),
        [] as [&str; 0]
    );
}

#[test]
fn only_a_real_difference_is_one() {
    let ours = declarations(&vocabulary());
    let mut theirs = Value::Array(ours.clone());
    theirs.as_array_mut().unwrap().reverse();
    for command in theirs.as_array_mut().unwrap() {
        command["id"] = json!("1");
        command["version"] = json!("2");
        command["nsfw"] = json!(false);
        command["name_localizations"] = Value::Null;
        for option in command["options"]
            .as_array_mut()
            .unwrap()
            .iter_mut()
            .filter(|o| o["type"] == 1)
        {
            option["required"] = json!(false);
        }
    }
    assert!(!differ(&ours, &theirs));
    assert!(differ(&ours, &json!([])));
    assert!(differ(&ours, &Value::Null));
    theirs[0]["description"] = json!("another");
    assert!(differ(&ours, &theirs));
}
