//! Sources that are mailboxes.

use super::*;
use crate::app::mail_config::MailSecurity;
use crate::app::source_config::{Act, After, MailSource, SourceKind};

/// The least that a mailbox needs, then what is said besides.
fn with(further: &str) -> String {
    format!(
        "{BASE}\n[[source]]\nid = \"box\"\npreset = \"mail\"\n{further}\n[source.imap]\nhost = \"imap.example.com\"\n\
         username = \"support@example.com\"\npassword_env = \"HOOK_SECRET\"\n"
    )
}

fn mailbox(text: &str) -> MailSource {
    let config = read(text).unwrap_or_else(|problems| panic!("{problems}"));
    let source = config.sources.sources[&"box".into()].clone();
    match source.kind {
        SourceKind::Mail(mail) => *mail,
        other => panic!("{other:?}"),
    }
}

/// What is said of a file that is wrong in one place.
#[track_caller]
fn check(text: &str, expected: &str) {
    let problems = read(text).expect_err(expected).list;
    let said: Vec<String> = problems.iter().map(ToString::to_string).collect();
    assert!(
        said.len() == 1 && said[0].contains(expected),
        "{expected:?} in {said:#?}"
    );
}

#[test]
fn a_mailbox_is_read_encrypted_and_left_as_it_is() {
    let mail = mailbox(&with(""));
    let imap = &mail.imap;
    assert_eq!(
        (imap.port, imap.security, imap.folder.as_str()),
        (993, MailSecurity::Tls, "INBOX")
    );
    assert_eq!(imap.after, After::Keep);
    assert_eq!((mail.smtp, mail.keeps_cc), (None, false));
    let acts: Vec<Act> = mail.replies.into_keys().collect();
    assert_eq!(acts, [Act::Reply, Act::Answer]);
}

#[test]
fn answers_go_by_its_own_server_or_by_that_of_the_desk() {
    let own = "[source.smtp]\nhost = \"own.example.com\"\nfrom = \"box@example.com\"\n";
    let lent = "[mail]\nhost = \"desk.example.com\"\nfrom = \"desk@example.com\"\n";
    let host = |text: &str| mailbox(text).smtp.map(|smtp| smtp.host);
    assert_eq!(
        host(&format!("{}{own}", with(""))).as_deref(),
        Some("own.example.com")
    );
    assert_eq!(
        host(&format!("{}{lent}", with(""))).as_deref(),
        Some("desk.example.com")
    );
    assert_eq!(
        host(&format!("{}{own}{lent}", with(""))).as_deref(),
        Some("own.example.com")
    );
}

#[test]
fn what_becomes_of_a_mail_is_chosen() {
    for (after, expected) in [
        ("keep", After::Keep),
        ("seen", After::Seen),
        ("move: 済み/2026 ", After::Move("済み/2026".to_owned())),
    ] {
        let mail = mailbox(&format!("{}after = \"{after}\"\n", with("")));
        assert_eq!(mail.imap.after, expected);
    }
    let after = |after: &str| format!("{}after = \"{after}\"\n", with(""));
    check(
        &after("delete"),
        "write \"keep\", \"seen\" or \"move:FOLDER\"",
    );
    check(&after("move:"), "is nothing that can be done with a mail");
    check(
        &after("move:INBOX"),
        "mails would be moved to where they are",
    );
}

#[test]
fn mistakes_are_told_with_their_places() {
    let without = format!("{BASE}\n[[source]]\nid = \"box\"\npreset = \"mail\"\n");
    let problems = read(&without).unwrap_err().to_string();
    for missing in [
        "\"host\" is missing",
        "\"username\" is missing",
        "there is a name but no password",
    ] {
        assert!(problems.contains(missing), "{problems}");
    }
    check(
        &with("team_domains = [\"@example\"]"),
        "is no domain of mail addresses",
    );
    check(&with("auth = \"github\""), "a mailbox is signed in to");
    check(
        &with("write_back = [\"reply\"]"),
        "no server takes its mail",
    );
    check(&with("write_back = [\"owner\"]"), "owner");
    check(
        &format!(
            "{}[source.way_back]\nurl = \"https://a.example\"\n",
            with("")
        ),
        "go back as mail",
    );
    check(
        &format!(
            "{}[source.way_back.reply]\nbody = \"{{{{ nobody }}}}\"\n",
            with("")
        ),
        "nobody",
    );
    let elsewhere = "\n[[source]]\nid = \"x\"\npreset = \"redmine\"\nbase_url = \"https://r.example\"\nsecret_env = \"HOOK_SECRET\"\nteam_domains = [\"a.example\"]\n";
    check(
        &format!("{BASE}{elsewhere}"),
        "it is for sources of kind \"mail\"",
    );
}

#[test]
fn an_inquiry_of_a_mailbox_is_its_conversation() {
    let id = |text: &str| with(&format!("[source.mapping]\nexternal_id = \"{text}\""));
    for text in ["{{ thread }}", " {{thread}} "] {
        mailbox(&id(text));
    }
    for text in ["{{ message_id }}", "{{ thread }}-1", "{{ thread | lower }}"] {
        check(&id(text), "is a conversation");
    }
}
