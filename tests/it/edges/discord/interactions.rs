//! What people do, from the gateway to the inbox and back.

use super::*;
use crate::doubles::discord::{Fault, On};
use serde_json::json;
use toban::app::verbs::{Request, Verb};

/// A scene with a listening adapter and a card in the channel.
async fn listening() -> (Scene, Receipt, CancellationToken) {
    let scene = Scene::new().await;
    let (shutdown, _) = scene.listen().await;
    let card = scene.deliver(&scene.card(), "card").await.unwrap();
    let known = (InquiryId::from(INQUIRY), Reference(1042));
    scene
        .desk
        .threads
        .lock()
        .unwrap()
        .insert(card.thread.clone().unwrap(), known);
    (scene, card, shutdown)
}

impl Scene {
    fn aoki(&self) -> crate::doubles::discord::Person<'_> {
        self.double.person(self.aoki)
    }

    /// The custom id on a message that begins so.
    fn button(&self, message: Snowflake, beginning: &str) -> String {
        let message = self.double.message(message).unwrap();
        let all = message.all_components();
        let found = all
            .iter()
            .filter_map(|c| c["custom_id"].as_str())
            .find(|id| id.starts_with(beginning));
        found
            .unwrap_or_else(|| panic!("no {beginning} on {:?}", message.components))
            .to_owned()
    }

    fn only_request(&self) -> Request {
        let asked = self.desk.asked();
        assert_eq!(asked.len(), 1, "{asked:?}");
        asked[0].verb.clone()
    }

    async fn modal(&self, interaction: Snowflake) -> String {
        let reply = self.double.until_answered(interaction).await;
        reply.modal.unwrap_or_else(|| panic!("no form was opened"))["custom_id"]
            .as_str()
            .unwrap()
            .to_owned()
    }
}

#[tokio::test]
async fn a_command_reaches_the_inbox_and_is_answered_privately() {
    let (scene, ..) = listening().await;
    let asked = scene
        .aoki()
        .slash("/toban claim", &[("inquiry", json!("Q-12"))]);
    assert_eq!(scene.said(asked).await, "yes");
    assert!(scene.double.interaction_reply(asked).is_ephemeral);
    let ask = scene.desk.asked().remove(0);
    assert_eq!(ask.verb, Request::new(Verb::Claim, Some(Reference(12))));
    assert_eq!(
        (ask.via.as_str(), ask.command_key),
        ("discord", Some(format!("discord:{asked}")))
    );
    let AskedBy::Chat {
        platform,
        id,
        roles,
        locale,
    } = ask.by
    else {
        panic!("no chat")
    };
    assert_eq!(
        (platform.as_str(), id, roles.len(), locale.as_deref()),
        ("discord", scene.aoki.to_string(), 1, Some("ja"))
    );
}

#[tokio::test]
async fn strangers_hear_what_the_inbox_says() {
    let (scene, ..) = listening().await;
    let asked = scene
        .double
        .person(scene.stranger)
        .slash("/duty today", &[]);
    assert_eq!(scene.said(asked).await, "no");
}

#[tokio::test]
async fn in_a_thread_the_place_names_the_inquiry() {
    let (scene, card, _) = listening().await;
    let thread = snowflake(card.thread.as_deref().unwrap());
    let asked = scene
        .aoki()
        .at(thread)
        .slash("/toban note", &[("text", json!("再現した"))]);
    assert_eq!(scene.said(asked).await, "yes");
    let ask = scene.desk.asked().remove(0);
    assert_eq!((ask.here, ask.verb.reference), (Some(INQUIRY.into()), None));
}

#[tokio::test]
async fn a_button_acts_at_once_on_its_own_inquiry() {
    let (scene, card, _) = listening().await;
    let card = snowflake(&card.message);
    let pressed = scene.aoki().click(card, &scene.button(card, "do:claim"));
    assert_eq!(scene.said(pressed).await, "yes");
    let ask = scene.desk.asked().remove(0);
    assert_eq!(
        (ask.here, ask.verb),
        (
            Some(INQUIRY.into()),
            Request::new(Verb::Claim, Some(Reference(1042)))
        )
    );
}

/// A card on which 井上 proposes S1, with what both severities mean.
fn proposed(scene: &Scene) -> Card {
    use toban::domain::inquiry::{Actor, Proposal, Severity};
    use toban::domain::notice::Offer;
    use toban::domain::sla::Definition;
    let means = |ja: &str, en: &str| Definition {
        ja: ja.to_owned(),
        en: en.to_owned(),
    };
    Card {
        proposal: Some(Proposal {
            to: Severity::S1,
            by: Actor::Member("inoue".into()),
            at: scene.clock.now(),
            reason: "body".into(),
        }),
        definitions: vec![
            (Severity::S2, means("業務は続けられる", "work goes on")),
            (
                Severity::S1,
                means("業務が止まっている", "work has stopped"),
            ),
        ],
        offers: vec![
            Offer::Claim,
            Offer::AgreeSeverity(Severity::S1),
            Offer::DeclineSeverity(Severity::S1),
        ],
        ..sample_card(scene.clock.now())
    }
}

#[tokio::test]
async fn a_proposed_severity_is_answered_by_buttons_that_go_with_it() {
    for (lang, means, labels) in [
        (
            Lang::Ja,
            [
                "S2 重大 の定義：業務は続けられる",
                "S1 致命的 の定義：業務が止まっている",
            ],
            ["S1に合意", "提案を見送る"],
        ),
        (
            Lang::En,
            [
                "S2 major means: work goes on",
                "S1 critical means: work has stopped",
            ],
            ["Agree to S1", "Decline the proposal"],
        ),
    ] {
        let scene = Scene::new().await;
        scene.listen().await;
        let mut post = scene.card_of(proposed(&scene));
        post.context.lang = lang;
        let receipt = scene.deliver(&post, "card").await.unwrap();
        let card = snowflake(&receipt.message);
        let message = scene.double.message(card).unwrap();
        let said = message.embeds[0]["description"].as_str().unwrap();
        for line in means {
            assert!(said.contains(line), "{said}");
        }
        let shown = serde_json::to_string(&message.all_components()).unwrap();
        for label in labels {
            assert!(shown.contains(&format!("\"label\":\"{label}\"")), "{shown}");
        }
        let pressed = scene
            .aoki()
            .click(card, &scene.button(card, "to:agree-severity"));
        assert_eq!(scene.said(pressed).await, "yes");
        let asked = Request::new(Verb::AgreeSeverity, Some(Reference(1042))).with("to", "S1");
        assert_eq!(scene.only_request(), asked);
        assert_eq!(scene.desk.asked()[0].here, Some(INQUIRY.into()));

        let pressed = scene
            .aoki()
            .click(card, &scene.button(card, "askof:decline-severity"));
        let form = scene.modal(pressed).await;
        let sent = scene
            .aoki()
            .submit_modal(&form, &[("reason", "止まったのは別件")]);
        assert_eq!(scene.said(sent).await, "yes");
        let declined = Request::new(Verb::DeclineSeverity, Some(Reference(1042)))
            .with("to", "S1")
            .with("reason", "止まったのは別件");
        assert_eq!(scene.desk.asked()[1].verb, declined);

        let answered = scene.card_of(sample_card(scene.clock.now()));
        let place = scene.place();
        let edit = scene.discord.revise(&place, &receipt, &answered);
        edit.await.unwrap();
        let message = scene.double.message(card).unwrap();
        let shown = serde_json::to_string(&message.all_components()).unwrap();
        assert!(!shown.contains("severity"), "{shown}");
    }
}

#[tokio::test]
async fn a_form_asks_for_words_and_brings_them() {
    let (scene, card, _) = listening().await;
    let card = snowflake(&card.message);
    let pressed = scene.aoki().click(card, &scene.button(card, "ask:replied"));
    let form = scene.modal(pressed).await;
    let sent = scene
        .aoki()
        .submit_modal(&form, &[("text", "メールで返信"), ("at", "10:30")]);
    assert_eq!(scene.said(sent).await, "yes");
    let expected = Request::new(Verb::Replied, Some(Reference(1042)))
        .with("text", "メールで返信")
        .with("at", "10:30");
    assert_eq!(scene.only_request(), expected);
}

#[tokio::test]
async fn resolving_chooses_a_category_then_asks_what_the_kind_demands() {
    let (scene, card, _) = listening().await;
    let thread = snowflake(card.thread.as_deref().unwrap());
    let asked = scene.aoki().at(thread).slash("/toban resolve", &[]);
    scene.double.until_answered(asked).await;
    let menu = scene.double.answer(asked).unwrap().id;
    let picked = scene
        .aoki()
        .select(menu, &scene.button(menu, "pick:resolve"), &["不具合"]);
    let form = scene.modal(picked).await;
    let sent = scene.aoki().submit_modal(
        &form,
        &[("cause", "時刻の設定"), ("workaround", "設定を直す")],
    );
    scene.double.until_answered(sent).await;
    assert_eq!(
        scene.double.message(menu).unwrap().content,
        "yes",
        "the menu gave way to the answer"
    );
    assert!(scene.double.message(menu).unwrap().components.is_empty());
    let expected = Request::new(Verb::Resolve, Some(Reference(1042)))
        .with("category", "不具合")
        .with("cause", "時刻の設定")
        .with("workaround", "設定を直す");
    assert_eq!(scene.only_request(), expected);
    assert_eq!(scene.desk.asked()[0].here, Some(INQUIRY.into()));
}

#[tokio::test]
async fn a_refused_form_gives_the_words_back() {
    let (scene, ..) = listening().await;
    let asked = scene
        .double
        .person(scene.stranger)
        .slash("/toban reply", &[("inquiry", json!("Q-12"))]);
    let form = scene.modal(asked).await;
    let sent = scene
        .double
        .person(scene.stranger)
        .submit_modal(&form, &[("text", "a *long* answer")]);
    assert_eq!(scene.said(sent).await, "no");
    assert_eq!(
        scene.double.answer(sent).unwrap().embeds[0]["description"],
        "text\n```\na *long* answer\n```"
    );
    // What no message holds comes back as a file, to the last word.
    let long = format!("{}おわり", "長い返信。".repeat(790));
    let asked = scene
        .double
        .person(scene.stranger)
        .slash("/toban reply", &[("inquiry", json!("Q-12"))]);
    let form = scene.modal(asked).await;
    let sent = scene
        .double
        .person(scene.stranger)
        .submit_modal(&form, &[("text", &format!("{long}```"))]);
    scene.double.until_answered(sent).await;
    let requests = scene.double.requests();
    let files = requests.iter().flat_map(|seen| &seen.files);
    let files: Vec<&String> = files.collect();
    assert_eq!(files, [&format!("text:\n{long}```\n")]);
}

#[tokio::test]
async fn of_several_trackers_one_is_chosen_before_the_form_and_each_linked_issue_by_itself() {
    let (scene, ..) = listening().await;
    let line = |name: &str| scene.aoki().slash(name, &[("inquiry", json!("Q-12"))]);
    let asked = line("/issue file");
    scene.double.until_answered(asked).await;
    let menu = scene.double.answer(asked).unwrap().id;
    let picked = scene
        .aoki()
        .select(menu, &scene.button(menu, "pick:file"), &["jira"]);
    let form = scene.modal(picked).await;
    let sent = scene
        .aoki()
        .submit_modal(&form, &[("title", "件名"), ("text", "本文")]);
    scene.double.until_answered(sent).await;
    let filed = Request::new(Verb::File, Some(Reference(12)))
        .with("tracker", "jira")
        .with("title", "件名")
        .with("text", "本文");
    assert_eq!(scene.only_request(), filed);

    let asked = line("/issue unlink");
    scene.double.until_answered(asked).await;
    let menu = scene.double.answer(asked).unwrap().id;
    let button = scene.button(menu, "pick:unlink");
    let picked = scene.aoki().select(menu, &button, &["jira#121"]);
    assert_eq!(scene.said(picked).await, "yes");
    let unlinked = Request::new(Verb::Unlink, Some(Reference(12))).with("issue", "jira#121");
    assert_eq!(scene.desk.asked()[1].verb, unlinked);
}

#[tokio::test]
async fn references_complete_themselves() {
    let (scene, ..) = listening().await;
    let typed = scene
        .aoki()
        .autocomplete("/toban show", &[], ("inquiry", "1"));
    let choices = scene.double.until_answered(typed).await.choices;
    assert_eq!(choices[0], json!({"name": "Q-12 1", "value": "Q-12"}));
    assert!(
        choices[1]["name"]
            .as_str()
            .unwrap()
            .starts_with("Q-13 決済")
    );
    scene.desk.is_open.send_replace(false);
    let typed = scene
        .aoki()
        .autocomplete("/toban show", &[], ("inquiry", "1"));
    wait_for_pause(&scene, Duration::from_secs(2)).await;
    assert!(
        scene.double.until_answered(typed).await.choices.is_empty(),
        "too late is nothing, not an error"
    );
}

/// Lets monotonic time pass as soon as somebody waits for it.
async fn wait_for_pause(scene: &Scene, time: Duration) {
    while scene.desk.is_open.receiver_count() == 0 || scene.clock.passed.receiver_count() < 2 {
        tokio::task::yield_now().await;
    }
    scene.clock.pass(time);
}

#[tokio::test]
async fn a_stalled_inbox_is_announced_and_its_answer_follows() {
    let (scene, card, _) = listening().await;
    scene.desk.is_open.send_replace(false);
    let asked = scene
        .aoki()
        .slash("/toban claim", &[("inquiry", json!("Q-12"))]);
    wait_for_pause(&scene, Duration::from_millis(1_500)).await;
    assert_eq!(scene.double.until_answered(asked).await.first, Some(5));
    scene.double.advance(Duration::from_secs(60));
    scene.desk.is_open.send_replace(true);
    assert_eq!(scene.said(asked).await, "yes");

    // A form cannot be opened any more by then: a button opens it.
    scene.desk.is_open.send_replace(false);
    scene.desk.form.lock().unwrap().categories = vec!["設定".to_owned()];
    let thread = snowflake(card.thread.as_deref().unwrap());
    let asked = scene.aoki().at(thread).slash("/toban resolve", &[]);
    wait_for_pause(&scene, Duration::from_millis(1_500)).await;
    scene.double.until_answered(asked).await;
    scene.desk.is_open.send_replace(true);
    scene.said(asked).await;
    let late = scene.double.answer(asked).unwrap().id;
    let pressed = scene
        .aoki()
        .click(late, &scene.button(late, "open:resolve"));
    assert!(scene.modal(pressed).await.ends_with(":i:設定"));
}

#[tokio::test]
async fn the_same_interaction_twice_has_one_key() {
    let (scene, ..) = listening().await;
    let asked = scene
        .aoki()
        .slash("/toban claim", &[("inquiry", json!("Q-12"))]);
    scene.said(asked).await;
    scene.double.deliver_again(asked);
    scene
        .double
        .until("it was asked twice", |_| {
            (scene.desk.asked().len() == 2).then_some(())
        })
        .await;
    let keys: Vec<Option<String>> = scene
        .desk
        .asked()
        .into_iter()
        .map(|ask| ask.command_key)
        .collect();
    assert_eq!(keys[0], keys[1]);
}

#[tokio::test]
async fn a_first_answer_that_was_lost_is_sent_again() {
    let (scene, ..) = listening().await;
    for fault in [Fault::Reset, Fault::WorkThenReset] {
        scene.double.fault(On::callback(), fault);
        let asked = scene.aoki().slash("/toban list", &[]);
        assert_eq!(scene.said(asked).await, "yes");
    }
}

#[tokio::test]
async fn what_is_no_reference_is_said() {
    let (scene, ..) = listening().await;
    let asked = scene
        .aoki()
        .slash("/toban claim", &[("inquiry", json!("*abc*"))]);
    let said = scene.said(asked).await;
    assert!(
        said.contains("\\*abc\\*") && said.contains("Q-12"),
        "{said}"
    );
    assert!(scene.desk.asked().is_empty());
}
