//! A real mailbox: Dovecot holds it, aiosmtpd delivers into it, and toban reads and answers it.

#![allow(clippy::unwrap_used, clippy::disallowed_methods)]

mod house;
mod whole;

use house::{PASSWORD, PostHouse};
use std::sync::Arc;
use toban::app::ports::{Mails, Page, PollError, Poller as _, SourceState};
use toban::config::Config;
use toban::domain::ids::SourceId;
use toban::net::{Client, Settings};
use toban::sources::Sources;
use toban::testkit::world::World;
use toban::time::Timestamp;

/// A desk whose only source is the mailbox, by the preset and what is said besides.
fn sources(imap: &str, password: &str, allowed: &str, world: &World) -> Sources {
    let text = format!(
        "{}\n[[source]]\nid = \"box\"\npreset = \"mail\"\nsince = 2026-01-01\n[source.imap]\n\
         username = \"box@desk.example\"\npassword_env = \"BOX\"\n{imap}",
        include_str!("redmine.toml")
    );
    let env = |_: &str| Some(password.to_owned());
    let config = Config::read("mail.toml", &text, &env);
    let config = config.unwrap_or_else(|problems| panic!("{problems}"));
    let client = Client::new(&Settings {
        allow_private: vec![allowed.parse().unwrap()],
        ..Settings::default()
    });
    let sources = Sources::new(&config.sources, &config.setup, client.unwrap()).unwrap();
    let kept: Arc<dyn Mails> = world.app.store.clone();
    sources.with_mail(kept, Default::default())
}

fn now() -> Timestamp {
    toban::clock::SystemClock.now()
}

async fn poll(sources: &Sources, state: &SourceState) -> Result<Page, PollError> {
    sources.poll(&SourceId::from("box"), state, now()).await
}

/// The titles that a page brings.
fn titles(page: &Page) -> Vec<&str> {
    let items = page.items.iter();
    items
        .map(|item| item.as_ref().unwrap().title.as_str())
        .collect()
}

fn mail(id: &str, subject: &str) -> String {
    format!(
        "From: sato@customer.example\r\nTo: box@desk.example\r\nMessage-ID: <{id}>\r\nSubject: {subject}\r\n\r\nhello\r\n"
    )
}

/// One mail server for all of it, because its start takes most of the time.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_mailbox_is_read_filed_and_answered() {
    let house = PostHouse::start().await;
    who_cannot_read_it_is_told_why(&house).await;
    mails_are_filed_once_they_are_taken(&house).await;
    whole::a_conversation_goes_through_the_whole_desk_and_back(&house).await;
}

async fn who_cannot_read_it_is_told_why(house: &PostHouse) {
    let world = World::at("2026-11-24 10:00").await;
    let (tls, plain) = (house.tls, house.plain);
    let at = |port: u16| format!("host = \"127.0.0.1\"\nport = {port}\n");
    let trusted = format!("{}ca_file = \"{}\"\n", at(tls), house.authority());
    let open = format!("{}security = \"none\"\n", at(plain));
    let loopback = "127.0.0.0/8";
    for (imap, password, allowed, expected) in [
        (trusted, "no such word", loopback, "the sign-in was refused"),
        (at(tls), PASSWORD, loopback, "UnknownIssuer"),
        (
            format!("{open}folder = \"無い\"\n"),
            PASSWORD,
            loopback,
            "the folder \"無い\" cannot be opened",
        ),
        (open.clone(), PASSWORD, "10.0.0.0/8", "allow_private"),
        (at(plain), PASSWORD, loopback, "no secure connection"),
    ] {
        let sources = sources(&imap, password, allowed, &world);
        let said = sources
            .connect_check(&SourceId::from("box"), now())
            .await
            .join("; ");
        assert!(said.contains(expected), "{said}");
        assert!(!said.contains(password), "{said}");
    }
    let fine = format!(
        "{}security = \"starttls\"\nca_file = \"{}\"\n",
        at(plain),
        house.authority()
    );
    let sources = sources(&fine, PASSWORD, loopback, &world);
    let said = sources.connect_check(&SourceId::from("box"), now()).await;
    assert_eq!(said, Vec::<String>::new());
    world.end().await;
}

async fn mails_are_filed_once_they_are_taken(house: &PostHouse) {
    let world = World::at("2026-11-24 10:00").await;
    let open = format!(
        "host = \"127.0.0.1\"\nport = {}\nsecurity = \"none\"\n",
        house.plain
    );
    let with =
        |further: &str| sources(&format!("{open}{further}"), PASSWORD, "127.0.0.0/8", &world);
    house
        .deliver(
            "sato@customer.example",
            "box@desk.example",
            mail("f1@x", "one").as_bytes(),
        )
        .await;
    house
        .deliver(
            "sato@customer.example",
            "box@desk.example",
            mail("f2@x", "two").as_bytes(),
        )
        .await;
    let first = SourceState::default();

    // Looked at only: whoever opens the mailbox sees them unread, where they were.
    let keep = with("");
    let page = poll(&keep, &first).await.unwrap();
    assert_eq!(titles(&page), ["one", "two"]);
    assert_eq!(
        titles(&poll(&keep, &page.state).await.unwrap()),
        Vec::<&str>::new()
    );
    assert_eq!(house.flags("box"), ["", ""]);

    // Marked as read by the poll after the one whose items are kept.
    let seen = with("after = \"seen\"\n");
    let page = poll(&seen, &first).await.unwrap();
    assert_eq!(titles(&page), ["one", "two"]);
    assert_eq!(house.flags("box"), ["", ""]);
    poll(&seen, &page.state).await.unwrap();
    assert_eq!(house.flags("box"), ["S", "S"]);

    // Moved, into a folder of a Japanese name.
    house.folder("box", "&bggwfw-").await;
    let moved = with("after = \"move:済み\"\n");
    let page = poll(&moved, &first).await.unwrap();
    assert_eq!(titles(&page).len(), 2);
    house
        .deliver(
            "sato@customer.example",
            "box@desk.example",
            mail("f3@x", "three").as_bytes(),
        )
        .await;
    let page = poll(&moved, &page.state).await.unwrap();
    assert_eq!(titles(&page), ["three"]);
    assert_eq!(house.flags("box").len(), 1, "two are elsewhere");
    poll(&moved, &page.state).await.unwrap();
    assert_eq!(house.flags("box").len(), 0);
    world.end().await;
}
