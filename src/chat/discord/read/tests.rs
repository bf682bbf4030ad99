#![allow(clippy::unwrap_used)]
use super::*;
use crate::app::ports::Person;
use serde_json::{Value, json};

fn config() -> DiscordConfig {
    DiscordConfig::new("token", 1, 6)
}

fn people() -> People {
    let person = |lang| Person {
        name: "青木".to_owned(),
        chat_ids: [("discord".to_owned(), "81".to_owned())].into(),
        lang,
    };
    People {
        members: [("aoki".into(), person(Some(Lang::Ja)))].into(),
        queues: [].into(),
        groups: Default::default(),
    }
}

fn interaction(kind: u8, user: &str, data: Value) -> Interaction {
    let user = json!({"id": user, "username": "u", "discriminator": "0", "avatar": null});
    let member = json!({"user": user, "nick": null, "avatar": null, "roles": ["7", "8"], "joined_at": null, "deaf": false,
        "mute": false, "flags": 0, "permissions": "0"});
    let message = json!({"id": "30", "channel_id": "5", "author": user, "content": "", "timestamp": "2026-11-24T01:00:00+00:00",
        "edited_timestamp": null, "tts": false, "mention_everyone": false, "mentions": [], "mention_roles": [],
        "attachments": [], "embeds": [], "pinned": false, "type": 0, "components": [], "flags": 0});
    let mut value = json!({"id": "10", "application_id": "1", "type": kind, "token": "tok", "version": 1, "guild_id": "6",
        "channel_id": "5", "locale": "en-GB", "member": member, "app_permissions": "0", "entitlements": [],
        "authorizing_integration_owners": {}, "attachment_size_limit": 1, "data": data});
    if kind != 2 {
        value["message"] = message;
    }
    serde_json::from_value(value).unwrap()
}

fn heard(interaction: &Interaction) -> Heard {
    read(interaction, &config(), &people()).unwrap().1
}

fn command(sub: &str, options: Value) -> Heard {
    let options = json!([{"name": sub, "type": 1, "options": options}]);
    heard(&interaction(
        2,
        "81",
        json!({"id": "7", "name": "toban", "type": 1, "options": options}),
    ))
}

fn request(heard: Heard) -> Request {
    match heard {
        Heard::Command {
            request,
            opens: None,
        } => request,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_command_becomes_a_request() {
    let options = json!([{"name": "inquiry", "type": 3, "value": "ｑ－１２"}, {"name": "to", "type": 6, "value": "81"}]);
    let expected = Request::new(Verb::Assign, Some(Reference(12))).with("to", "aoki");
    assert_eq!(request(command("assign", options)), expected);
    let options = json!([{"name": "to", "type": 6, "value": "99"}]);
    assert_eq!(
        request(command("assign", options)),
        Request::new(Verb::Assign, None).with("to", "<@99>")
    );
    let today = json!({"id": "7", "name": "duty", "type": 1, "options": [{"name": "today", "type": 1, "options": []}]});
    assert_eq!(
        request(heard(&interaction(2, "81", today))),
        Request::new(Verb::DutyToday, None)
    );
}

#[test]
fn a_command_without_its_text_opens_a_form() {
    let options = json!([{"name": "to", "type": 3, "value": "billing"}, {"name": "inquiry", "type": 3, "value": "Q-3"}]);
    let Heard::Command {
        opens: Some(form), ..
    } = command("transfer", options)
    else {
        panic!("no form")
    };
    assert_eq!(
        form.about,
        About {
            reference: Some(Reference(3)),
            inquiry: None
        }
    );
    assert_eq!(form.given["to"], "billing");
    let options = json!([{"name": "text", "type": 3, "value": "seen"}]);
    assert_eq!(
        request(command("note", options)),
        Request::new(Verb::Note, None).with("text", "seen")
    );
}

#[test]
fn a_reference_that_is_none_is_named() {
    let options = json!([{"name": "inquiry", "type": 3, "value": "abc"}]);
    assert_eq!(
        command("claim", options),
        Heard::NoSuchReference {
            given: "abc".to_owned()
        }
    );
}

#[test]
fn who_asks_is_named_by_id_roles_and_locale() {
    let asked = interaction(
        2,
        "82",
        json!({"id": "7", "name": "toban", "type": 1, "options": [{"name": "list", "type": 1, "options": []}]}),
    );
    let (asker, _) = read(&asked, &config(), &people()).unwrap();
    let by = AskedBy::Chat {
        platform: "discord".to_owned(),
        id: "82".to_owned(),
        roles: vec!["7".to_owned(), "8".to_owned()],
        locale: Some("en-GB".to_owned()),
    };
    assert_eq!(
        asker,
        Asker {
            id: 10,
            token: "tok".to_owned(),
            channel: "5".to_owned(),
            by,
            lang: Lang::En
        }
    );
    // A person who chose a language is answered in it.
    let asked = interaction(
        2,
        "81",
        json!({"id": "7", "name": "toban", "type": 1, "options": [{"name": "list", "type": 1, "options": []}]}),
    );
    assert_eq!(read(&asked, &config(), &people()).unwrap().0.lang, Lang::Ja);
}

#[test]
fn buttons_menus_and_forms_are_presses() {
    let button = interaction(
        3,
        "81",
        json!({"custom_id": "do:claim:12:i-1", "component_type": 2}),
    );
    assert_eq!(
        heard(&button),
        Heard::Press {
            press: Press::read("do:claim:12:i-1").unwrap(),
            values: [].into()
        }
    );
    let menu = interaction(
        3,
        "81",
        json!({"custom_id": "pick:close:12:i-1:-", "component_type": 3, "values": ["spam"]}),
    );
    let Heard::Press { values, .. } = heard(&menu) else {
        panic!("no press")
    };
    assert_eq!(values, [(String::new(), "spam".to_owned())].into());
    let row = |id: &str| json!({"type": 1, "components": [{"type": 4, "custom_id": id, "value": "words"}]});
    let form = |id: &str, rows: &[&str]| {
        let rows: Vec<Value> = rows.iter().map(|id| row(id)).collect();
        interaction(5, "81", json!({"custom_id": id, "components": rows}))
    };
    let Heard::Press { values, .. } = heard(&form("form:note:12:i-1:-", &["text"])) else {
        panic!("no press")
    };
    let words = |name: &str| (name.to_owned(), "words".to_owned());
    assert_eq!(values, [words("text")].into());
    // A form of an older build keeps what was written, the field that is no more too.
    for (id, rows) in [
        ("form:note:12:i-1:-", &["text", "other"][..]),
        ("form:gone-verb:12", &["text"]),
    ] {
        let values = rows.iter().map(|name| words(name)).collect();
        assert_eq!(heard(&form(id, rows)), Heard::OutdatedForm { values });
    }
}

#[test]
fn what_is_not_ours_is_told_apart() {
    let old = interaction(
        3,
        "81",
        json!({"custom_id": "claim_12", "component_type": 2}),
    );
    assert_eq!(heard(&old), Heard::Outdated);
    let unknown = interaction(
        2,
        "81",
        json!({"id": "7", "name": "other", "type": 1, "options": []}),
    );
    assert_eq!(heard(&unknown), Heard::Outdated);
    let ours = interaction(
        3,
        "81",
        json!({"custom_id": "do:claim:12:i-1", "component_type": 2}),
    );
    let other = DiscordConfig::new("token", 1, 66);
    assert_eq!(read(&ours, &other, &people()).unwrap().1, Heard::Elsewhere);
}

#[test]
fn half_a_reference_asks_for_suggestions() {
    let options = json!([{"name": "claim", "type": 1, "options": [{"name": "inquiry", "type": 3, "value": "Q-1", "focused": true}]}]);
    let typed = interaction(
        4,
        "81",
        json!({"id": "7", "name": "toban", "type": 1, "options": options}),
    );
    assert_eq!(
        heard(&typed),
        Heard::Suggest {
            beginning: "Q-1".to_owned()
        }
    );
}
