//! discord.py, a client that nobody here wrote, works against the double: so that our bot and our double
//! cannot share one misunderstanding.

use std::process::Stdio;
use std::time::Duration;

use serde_json::json;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::Command;

use crate::doubles::discord::{DiscordDouble, Limits, Options, intents};

/// Debian's own Python, which sees Debian's packages.
const PYTHON: &str = "/usr/bin/python3";

#[tokio::test]
async fn discord_py_identifies_answers_edits_and_talks_in_a_thread() {
    let limits = Limits::Random {
        seed: 3,
        limit: 3..=5,
        window_ms: 100..=300,
        global_per_s: Some(50),
    };
    let clock = crate::doubles::discord::ClockKind::Running;
    let options = Options {
        check_answers: true,
        privileged_intents: intents::MESSAGE_CONTENT,
        limits,
        // A Python process on a busy machine may be slow; the three seconds are proved elsewhere.
        first_answer: Duration::from_secs(60),
        clock,
        ..Options::default()
    };
    let double = DiscordDouble::start_with(options).await;
    let aoki = double.add_member("青木", &[double.add_role("当番")], "ja");
    let channel = double.channel("general");

    let found = Command::new(PYTHON)
        .args(["-c", "import discord"])
        .output()
        .await;
    assert!(
        found.is_ok_and(|output| output.status.success()),
        "Debian's package python3-discord is missing: run scripts/test, which installs it"
    );
    let mut child = Command::new(PYTHON)
        .arg(concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/tests/it/doubles/discord/client.py"
        ))
        .args([double.base_url(), double.token(), channel.to_string()])
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    let mut errors = BufReader::new(child.stderr.take().unwrap()).lines();
    let listening = tokio::spawn(async move {
        let mut all = Vec::new();
        while let Ok(Some(line)) = errors.next_line().await {
            all.push(line);
        }
        all.join("\n")
    });

    let story = async {
        double
            .until("the commands are registered", |d| {
                (d.commands().len() == 1).then_some(())
            })
            .await;
        double.until_connected().await;
        let card = double
            .until("the card is posted", |d| {
                d.messages(channel).first().cloned()
            })
            .await;
        assert_eq!(card.buttons(), ["claim"]);

        let asked = double
            .person(aoki)
            .slash("/toban", &[("ref", json!("Q-1"))]);
        double
            .until("the command is answered and edited", |d| {
                (d.answer(asked)?.content == "Q-1: 青木 (edited)").then_some(())
            })
            .await;
        let typed = double
            .person(aoki)
            .autocomplete("/toban", &[], ("ref", "Q-"));
        assert_eq!(
            double.until_answered(typed).await.choices[0]["value"],
            "Q-1042"
        );

        let clicked = double.person(aoki).click(card.id, "claim");
        double.until_answered(clicked).await;
        let updated = double.message(card.id).unwrap();
        assert_eq!(
            (updated.content.as_str(), updated.buttons()),
            ("claimed by 青木", vec!["resolve"])
        );

        let clicked = double.person(aoki).click(card.id, "resolve");
        assert!(double.until_answered(clicked).await.modal.is_some());
        let sent = double
            .person(aoki)
            .submit_modal("resolve-modal", &[("cause", "設定の誤り")]);
        assert!(double.until_answered(sent).await.is_ephemeral);
        double
            .until("the modal is followed up", |d| {
                d.interaction_reply(sent).followups.first().copied()
            })
            .await;

        let thread = double
            .until("a thread is opened", |d| {
                d.threads(channel).first().cloned()
            })
            .await;
        double
            .until("the thread is written to", |d| {
                d.thread_messages(thread.id).first().cloned()
            })
            .await;
        double.person(aoki).at(thread.id).say("bye");
        double
            .until("the thread is archived", |d| {
                d.threads(channel)[0]
                    .thread
                    .as_ref()?
                    .is_archived
                    .then_some(())
            })
            .await;
    };
    tokio::select! {
        () = story => {}
        status = child.wait() => panic!("discord.py ended early with {status:?}:\n{}", listening.await.unwrap()),
    }
    let status = tokio::time::timeout(Duration::from_secs(20), child.wait())
        .await
        .expect("discord.py ends")
        .unwrap();
    let said = listening.await.unwrap();
    assert!(status.success(), "discord.py ended with {status}:\n{said}");
    assert!(!said.contains("Traceback"), "{said}");
    double.assert_clean();
}
