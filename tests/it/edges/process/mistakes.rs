//! Mistakes in the configuration: `check` and `serve` say the same, and neither leaves anything behind.

use super::*;

/// One mistake: both commands end badly, name it with its place, and make no file.
async fn refused(change: impl FnOnce(String) -> String, sentences: &[&str]) {
    let house = House::new(&change(desk(0)));
    for command in ["check", "serve"] {
        let ran = house.run(&[command]).await;
        let said = ran.badly(&[]);
        // Long sentences are broken at the width of a terminal.
        let words = said.split_whitespace().filter(|word| *word != "│");
        let said = words.collect::<Vec<_>>().join(" ");
        for sentence in sentences.iter().chain(&["toban.toml:"]) {
            assert!(
                said.contains(sentence),
                "{command}: no {sentence:?} in: {said}"
            );
        }
        assert_eq!(house.files(), ["toban.toml"], "{command}");
    }
}

#[tokio::test]
async fn a_misspelt_key_suggests_the_near_one() {
    let sentences = [
        "unknown key \"participant\"",
        "did you mean \"participants\"?",
    ];
    refused(
        |text| text.replace("participants", "participant"),
        &sentences,
    )
    .await;
}

#[tokio::test]
async fn an_empty_rota_is_refused() {
    let sentences = [
        "rota \"support\" has no participants",
        "name at least one member",
    ];
    refused(
        |text| text.replace("[\"aoki\", \"inoue\"]", "[]"),
        &sentences,
    )
    .await;
}

#[tokio::test]
async fn a_member_without_a_chat_id_is_refused() {
    let bot = "\n[discord]\nenabled = true\ntoken_env = \"BOT_TOKEN\"\napplication_id = \"1\"\nguild_id = \"2\"\n";
    let change = |text: String| {
        let text = text.replace("discord = \"100000000000000002\"\n", "");
        text.replace(
            "calendar = \"always\"\n",
            "calendar = \"always\"\ndiscord_channel = \"77\"\n",
        ) + bot
    };
    let sentences = ["member \"inoue\" has no discord id, but queue \"support\" posts there"];
    refused(change, &sentences).await;
}

#[tokio::test]
async fn a_calendar_without_open_hours_is_refused() {
    let change = |text: String| text.replace("preset = \"japan-office\"", "hours = { mon = \"\" }");
    refused(change, &["calendar \"office\" never opens"]).await;
}

#[tokio::test]
async fn an_unknown_zone_suggests_the_near_one() {
    let sentences = [
        "unknown time zone \"Asia/Tokio\"",
        "did you mean \"Asia/Tokyo\"?",
    ];
    let change = |text: String| text.replace("[desk]\n", "[desk]\nzone = \"Asia/Tokio\"\n");
    refused(change, &sentences).await;
}

#[tokio::test]
async fn all_mistakes_come_at_once_and_a_good_file_has_none() {
    let change = |text: String| {
        text.replace("[desk]\n", "[desk]\nzone = \"Asia/Tokio\"\n")
            .replace("[\"aoki\", \"inoue\"]", "[]")
            .replace("name = \"井上\"", "nama = \"井上\"")
    };
    let sentences = [
        "\"Asia/Tokio\"",
        "has no participants",
        "unknown key \"nama\"",
    ];
    refused(change, &sentences).await;
    House::new(&desk(0)).run(&["check"]).await.well();
}

#[tokio::test]
async fn no_file_at_all_says_how_to_get_one() {
    let house = House::new("");
    std::fs::remove_file(house.path("toban.toml")).unwrap();
    house
        .run(&["serve"])
        .await
        .badly(&["there is no configuration", "toban demo"]);
    assert!(house.files().is_empty());
}
