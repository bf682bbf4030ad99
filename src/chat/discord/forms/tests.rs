#![allow(clippy::unwrap_used)]
use super::*;
use crate::app::ports::Reference;

fn about() -> About {
    About {
        reference: Some(Reference(1042)),
        inquiry: Some("i-1".into()),
    }
}

fn resolving(kind: Kind, categories: &[&str]) -> ResolveForm {
    ResolveForm {
        reference: Reference(1042),
        kind,
        categories: categories.iter().map(|c| (*c).to_owned()).collect(),
    }
}

/// The custom id, title and inputs of a modal on one line each.
fn shown(modal: &Value) -> String {
    let mut lines = vec![format!(
        "{} | {}",
        modal["custom_id"].as_str().unwrap(),
        modal["title"].as_str().unwrap()
    )];
    for row in modal["components"].as_array().unwrap() {
        let input = &row["components"][0];
        let text = |key: &str| input[key].as_str().unwrap_or("-").to_owned();
        lines.push(format!(
            "{}{} {}: {} ({}) = {}",
            text("custom_id"),
            if input["required"] == true { "!" } else { "" },
            input["style"],
            text("label"),
            text("placeholder"),
            text("value")
        ));
    }
    lines.join("\n")
}

#[test]
fn an_investigation_asks_for_cause_and_workaround() {
    let form = begin_resolving(
        about(),
        &resolving(Kind::Investigation, &["設定"]),
        Lang::Ja,
    )
    .unwrap();
    insta::assert_snapshot!(shown(&form.modal(Lang::Ja)), @r##"
    form:resolve:1042:i-1:i:設定 | Q-1042 解決
    cause! 2: 原因 (-) = -
    workaround 2: 回避策 (ないときは空にして、下に理由を書いてください) = -
    no_workaround 2: 回避策なしの理由 (回避策があるときは空のまま) = -
    "##);
}

#[test]
fn a_specification_asks_for_an_answer() {
    let form = begin_resolving(about(), &resolving(Kind::Specification, &[]), Lang::En).unwrap();
    insta::assert_snapshot!(shown(&form.modal(Lang::En)), @r##"
    form:resolve:1042:i-1:s | Q-1042 resolve
    category 1: category (-) = -
    answer! 2: answer (-) = -
    "##);
}

#[test]
fn categories_are_chosen_before_the_form() {
    let menu = begin_resolving(
        about(),
        &resolving(Kind::Investigation, &["設定", "不具合"]),
        Lang::Ja,
    )
    .unwrap_err();
    insta::assert_json_snapshot!(menu, @r##"
    {
      "allowed_mentions": {
        "parse": [],
        "users": []
      },
      "components": [
        {
          "components": [
            {
              "custom_id": "pick:resolve:1042:i-1:i",
              "options": [
                {
                  "label": "設定",
                  "value": "設定"
                },
                {
                  "label": "不具合",
                  "value": "不具合"
                }
              ],
              "placeholder": "カテゴリ",
              "type": 3
            }
          ],
          "type": 1
        }
      ],
      "content": "Q-1042 解決: 選んでください。続きを入力する画面が開きます。",
      "embeds": [],
      "flags": 68
    }
    "##);
    let long = "長い".repeat(60);
    let menu = begin_resolving(
        about(),
        &resolving(Kind::Investigation, &["設定", &long]),
        Lang::Ja,
    )
    .unwrap_err();
    let option = &menu["components"][0]["components"][0]["options"][1];
    assert_eq!(
        crate::chat::discord::press::chosen(
            option["value"].as_str().unwrap(),
            &["x".into(), long.clone()]
        ),
        long
    );
}

#[test]
fn too_many_categories_are_written() {
    let many: Vec<String> = (0..26).map(|n| format!("c{n}")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    let form = begin_resolving(about(), &resolving(Kind::Specification, &many), Lang::En).unwrap();
    assert!(shown(&form.modal(Lang::En)).contains("category 1: category"));
}

#[test]
fn closing_chooses_how_and_then_asks_for_a_note() {
    let menu = begin(Verb::Close, about(), Lang::Ja).unwrap_err();
    let select = &menu["components"][0]["components"][0];
    assert_eq!(select["custom_id"], "pick:close:1042:i-1:-");
    assert_eq!(
        select["options"][1],
        json!({"label": "重複", "value": "duplicate"})
    );
    let choice = Some("duplicate".to_owned());
    let form = Form {
        verb: Verb::Close,
        about: about(),
        kind: None,
        choice,
        given: BTreeMap::new(),
        replaces: true,
    };
    insta::assert_snapshot!(shown(&form.modal(Lang::En)), @r##"
    fill:close:1042:i-1:-:duplicate | Q-1042 close
    note 2: note (-) = -
    "##);
}

#[test]
fn what_is_known_is_filled_in() {
    let form = begin(Verb::Transfer, About::default(), Lang::En).unwrap();
    let form = Form {
        given: BTreeMap::from([("to".to_owned(), "billing".to_owned())]),
        ..form
    };
    insta::assert_snapshot!(shown(&form.modal(Lang::En)), @r##"
    form:transfer:-:-:- | transfer
    to! 1: to (-) = billing
    reason! 2: reason (-) = -
    as 1: as (misrouted / handed_on) = -
    "##);
}

/// The fields of a form for what is out of scope, by what was chosen before; those that must be filled with a `!`.
#[track_caller]
fn check_out_of_scope(choice: &str, fields: &[&str]) {
    let form = Form {
        verb: Verb::OutOfScope,
        about: About::default(),
        kind: None,
        choice: Some(choice.to_owned()),
        given: BTreeMap::new(),
        replaces: true,
    };
    let asked = form.params().into_iter().map(|(param, is_required)| {
        let mark = if is_required { "!" } else { "" };
        format!("{}{mark}", param.name)
    });
    assert_eq!(asked.collect::<Vec<_>>(), fields, "{choice}");
}

#[test]
fn who_looks_after_it_is_asked_only_where_the_choice_does_not_say() {
    check_out_of_scope("sales", &["note", "reply"]);
    check_out_of_scope("other", &["note", "who!", "reply"]);
}

#[test]
fn sending_back_opens_its_form_at_once() {
    let form = begin(Verb::Bounce, About::default(), Lang::En);
    assert_eq!(form.unwrap().choice, None);
}

#[test]
fn every_form_fits() {
    for verb in Verb::ALL {
        for lang in Lang::ALL {
            let form = Form {
                verb,
                about: about(),
                kind: None,
                choice: None,
                given: BTreeMap::new(),
                replaces: false,
            };
            let modal = form.modal(lang);
            assert!(length(modal["title"].as_str().unwrap()) <= TITLE);
            assert!(modal["components"].as_array().unwrap().len() <= ROWS);
            assert!(
                verb.params().len() <= ROWS,
                "{}: a form would lose a parameter",
                verb.name()
            );
        }
    }
}

#[test]
fn a_form_that_is_late_has_a_button() {
    let form = begin(Verb::Replied, about(), Lang::Ja).unwrap();
    let button = form.late(Lang::Ja)["components"][0]["components"][0].clone();
    assert_eq!(button["custom_id"], "open:replied:1042:i-1:-");
}

#[test]
fn what_is_split_off_asks_for_its_title_and_begins_with_the_rest() {
    let mut form = begin(Verb::Split, about(), Lang::Ja).unwrap();
    let known = [
        ("text", "印刷もできません"),
        ("severity", "S3"),
        ("queue", "support"),
    ];
    form.given = known
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .into();
    insta::assert_snapshot!(shown(&form.modal(Lang::Ja)));
    insta::assert_snapshot!(shown(&form.modal(Lang::En)));
}

#[test]
fn a_reply_that_begins_with_a_template_asks_only_for_its_words() {
    let mut form = begin(Verb::Reply, about(), Lang::En).unwrap();
    form.given = [
        ("template", "separately"),
        ("text", "Please file it separately."),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .into();
    insta::assert_snapshot!(shown(&form.modal(Lang::En)), @r##"
    form:reply:1042:i-1:- | Q-1042 reply
    text! 2: text (-) = Please file it separately.
    "##);
}
