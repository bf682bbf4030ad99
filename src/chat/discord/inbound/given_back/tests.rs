#![allow(clippy::unwrap_used)]

use super::*;

/// What comes back of a filing: the message, and the file if there is one.
fn check(title: &str, text: &str) -> (Value, Option<String>) {
    let values = [("text", text), ("title", title), ("reason", " ")];
    let values = values.map(|(name, value)| (name.to_owned(), value.to_owned()));
    let written = written(Verb::File, &HashMap::from(values), Lang::En);
    let said = json!({"content": "no", "flags": 64});
    match given_back(said, &written, Lang::En) {
        Shown::Message(message) => (message, None),
        Shown::WithFile(message, file) => (message, Some(file)),
        Shown::Form(_) => panic!("a form"),
    }
}

#[test]
fn what_was_written_comes_back_in_the_order_of_the_form_and_as_it_was() {
    let (message, file) = check("A *title*", "1. _first_\n2. second");
    assert_eq!(file, None);
    assert_eq!(message["content"], "no");
    assert_eq!(
        message["embeds"][0]["description"],
        "title\n```\nA *title*\n```\ntext\n```\n1. _first_\n2. second\n```"
    );
}

#[test]
fn what_is_too_long_for_a_message_is_a_file_with_every_word() {
    let text = "長い".repeat(2_000);
    let (message, file) = check("件名", &text);
    assert!(message.get("embeds").is_none());
    assert!(message["content"].as_str().unwrap().contains("file below"));
    assert_eq!(file.unwrap(), format!("title:\n件名\n\ntext:\n{text}\n"));
}

#[test]
fn what_a_block_of_code_would_break_is_a_file() {
    let text = "```\nlog\n```";
    let (_, file) = check("t", text);
    assert!(file.unwrap().contains(text));
}

#[test]
fn a_field_that_is_no_more_comes_back_too() {
    let values = HashMap::from([("old".to_owned(), "words".to_owned())]);
    let written = written(Verb::Note, &values, Lang::Ja);
    assert_eq!(written, [("old".to_owned(), "words".to_owned())]);
}
