//! Several offices, a customer of another week, a closure and a holiday that is worked: what people read of them.

use insta::assert_snapshot;
use toban::app::ports::Reference;
use toban::app::wording::{PlainText, card_text};
use toban::i18n::Lang;
use toban::testkit::world::{STORY, World};

/// The desk of the stories with an office in London that shares the support queue. The billing queue has the office's
/// days: 勤労感謝の日 is worked, and two days at the end of November are not.
fn desk() -> String {
    let edits = [
        (
            "name = \"office\"\npreset = \"japan-office\"\n",
            "name = \"office\"\npreset = \"japan-office\"\nholidays = [\"japan\", { date = 2026-11-23, off = true }]\nclosures = [{ first = 2026-11-26, last = 2026-11-27, name = \"創業祭休業\" }]\n\n[[calendar]]\nname = \"東京\"\npreset = \"japan-office\"\n\n[[calendar]]\nname = \"ロンドン\"\nzone = \"Europe/London\"\nhours = \"09:00-17:00\"\n\n[[calendar]]\nname = \"sun-thu\"\nzone = \"Asia/Dubai\"\nhours = { sun = \"08:00-16:00\", mon = \"08:00-16:00\", tue = \"08:00-16:00\", wed = \"08:00-16:00\", thu = \"08:00-16:00\" }\n\n[[customer]]\nname = \"Falcon*\"\nplan = \"standard\"\ncalendar = \"sun-thu\"\n",
        ),
        (
            "id = \"support\"\nname = \"サポート\"\nrota = \"support\"\npolicy = \"standard\"\ncalendar = \"office\"",
            "id = \"support\"\nname = \"サポート\"\nrota = \"support\"\npolicy = \"standard\"\ncalendar = [\"東京\", \"ロンドン\"]",
        ),
        (
            "id = \"eguchi\"\nname = \"江口\"",
            "id = \"eguchi\"\nname = \"江口\"\nlang = \"en\"",
        ),
    ];
    edits.iter().fold(STORY.to_owned(), |story, (from, to)| {
        assert!(story.contains(from), "{from}");
        story.replacen(from, to, 1)
    })
}

/// Notes what the card of an inquiry says, in both languages.
async fn card_of(world: &World, reference: i64) {
    for lang in Lang::ALL {
        let view = world.app.view(Reference(reference), lang).await;
        let view = view.expect("the store answers");
        let view = view.expect("the inquiry is there");
        for field in card_text(&view.card, &view.context, &PlainText).fields {
            world.note(&format!(
                "card Q-{reference}: {} = {}",
                field.label, field.value
            ));
        }
    }
}

#[tokio::test]
async fn the_office_that_is_awake() {
    let world = World::with(&desk(), "2026-11-20 16:30").await;
    world.receive("A-1", |_| {}).await;
    card_of(&world, 1).await;
    world.says("aoki", "why Q-1").await;
    world.says("eguchi", "why Q-1").await;
    world.until("2026-11-20 19:00").await;
    world.says("aoki", "show Q-1").await;
    world.says("eguchi", "list").await;
    // Over a weekend that is followed by a holiday of Tokyo's alone.
    world.until("2026-11-21 01:45").await;
    world
        .receive("A-2", |mapped| mapped.severity = Some("S3".to_owned()))
        .await;
    world.says("aoki", "why Q-2").await;
    world.says("eguchi", "why Q-2").await;
    world.until("2026-11-21 12:00").await;
    world.says("aoki", "list").await;
    world.says("eguchi", "show Q-2").await;
    world
        .receive("A-3", |mapped| mapped.severity = Some("S3".to_owned()))
        .await;
    card_of(&world, 3).await;
    assert_snapshot!(world.heard());
    world.end().await;
}

#[tokio::test]
async fn a_customer_of_another_week() {
    let world = World::with(&desk(), "2026-11-20 17:30").await;
    world
        .receive("B-1", |mapped| {
            mapped.product = Some("billing".to_owned());
            mapped.customer = Some("falcon Trading LLC".to_owned());
            mapped.plan = None;
        })
        .await;
    world.says("aoki", "why Q-1").await;
    world.says("eguchi", "why Q-1").await;
    // The source says later that it was somebody else: their days are the queue's.
    world
        .receive("B-1", |mapped| {
            mapped.product = Some("billing".to_owned());
            mapped.plan = None;
        })
        .await;
    world.says("aoki", "why Q-1").await;
    assert_snapshot!(world.heard());
    world.end().await;
}

#[tokio::test]
async fn a_closure_and_a_holiday_that_is_worked() {
    let world = World::with(&desk(), "2026-11-20 17:30").await;
    let billing = |severity: &'static str| {
        move |mapped: &mut toban::app::ports::Mapped| {
            mapped.product = Some("billing".to_owned());
            mapped.severity = Some(severity.to_owned());
        }
    };
    world.receive("B-1", billing("S3")).await;
    world.says("aoki", "why Q-1").await;
    world.says("eguchi", "why Q-1").await;
    world.until("2026-11-25 17:00").await;
    world.receive("B-2", billing("S2")).await;
    world.says("aoki", "why Q-2").await;
    world.says("eguchi", "why Q-2").await;
    assert_snapshot!(world.heard());
    world.end().await;
}
