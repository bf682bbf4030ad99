//! Every shipped preset over real documents that somebody mangled: whatever comes, it ends as inquiries, as nothing to do, or as
//! something unreadable that names its field; bounded, without a secret, and the same however often it is taken in.
//!
//! The documents are those of `tests/fixtures/`. `PROPTEST_CASES=20000` tries more of it.

mod mutation;
mod table;

use super::super::document::{self, ANSWER_DEPTH_CAP, DEPTH_CAP, Nul};
use super::super::mail::Cut;
use super::super::poll::{Detail, Details, Fetched};
use super::super::{Source, Sources};
use crate::app::ports::{
    Delivered, HookError, Hooks as _, ListFilter, Mapped, Page, PollError, Poller, RawDelivery,
    SourceState,
};
use crate::app::source_config::MapField;
use crate::clock::monotonic;
use crate::domain::ids::SourceId;
use crate::expr::{Document, OUTPUT_CAP};
use crate::net::{Answer, Client, Settings, StatusCode};
use crate::testkit::world::{STORY, World, read, tokyo};
use crate::time::Timestamp;
use async_trait::async_trait;
use mutation::{Mutation, mangled, mutations};
use proptest::prelude::*;
use std::collections::HashMap;
use std::sync::Mutex;
use std::time::Duration;

/// A preset, what its set-up page has written besides, and what it fetches.
struct Sample {
    preset: &'static str,
    source: &'static str,
    answer: &'static str,
    check: Option<&'static str>,
    /// One is the detail itself, several are a list.
    details: &'static [&'static str],
}

macro_rules! fixture {
    ($name:literal) => {
        include_str!(concat!("../../../tests/fixtures/", $name))
    };
}

const SAMPLES: [Sample; 9] = [
    Sample {
        preset: "redmine",
        source: "[source.owners]\n\"5\" = \"aoki\"",
        answer: fixture!("redmine/issues.json"),
        check: Some(fixture!("redmine/check.json")),
        details: &[fixture!("redmine/issue-41.json")],
    },
    Sample {
        preset: "request-tracker",
        source: "[source.setting]\nproduct_field = \"Product\"\n[source.owners]\n\"aoki\" = \"aoki\"",
        answer: fixture!("request-tracker/tickets.json"),
        check: Some(fixture!("request-tracker/check.json")),
        details: &[
            fixture!("request-tracker/transactions-41.json"),
            fixture!("request-tracker/attachments-41.json"),
            fixture!("request-tracker/attachments-41.json"),
        ],
    },
    Sample {
        preset: "rakuraku-hanbai",
        source: "[source.setting]\ndb = \"1\"\nlist = \"2\"\nsearch = \"3\"\n[source.owners]\n\"青木\" = \"aoki\"",
        answer: fixture!("rakuraku-hanbai/list.csv"),
        check: None,
        details: &[],
    },
    Sample {
        preset: "zendesk",
        source: "[source.setting]\naccount = \"toban@example.com\"\ntag = \"escalated\"\n[source.owners]\n\"t.aoki@example.com\" = \"aoki\"",
        answer: fixture!("zendesk/page-1.json"),
        check: Some(fixture!("zendesk/check.json")),
        details: &[fixture!("zendesk/comments-35436.json")],
    },
    Sample {
        preset: "kintone",
        source: "[source.setting]\napp = \"12\"\n[source.owners]\n\"aoki-t\" = \"aoki\"",
        answer: fixture!("kintone/records.json"),
        check: None,
        details: &[fixture!("kintone/comments-4101.json")],
    },
    Sample {
        preset: "github",
        source: "[source.setting]\nrepository = \"example/billing\"\nlabel = \"escalated\"\n[source.owners]\n\"t-aoki\" = \"aoki\"",
        answer: fixture!("github/issues.json"),
        check: Some(fixture!("github/check.json")),
        details: &[fixture!("github/comments-1347.json")],
    },
    Sample {
        preset: "gitlab",
        source: "[source.setting]\nproject = \"example/billing\"\nlabel = \"escalated\"\n[source.owners]\n\"42\" = \"aoki\"",
        answer: fixture!("gitlab/issues.json"),
        check: Some(fixture!("gitlab/check.json")),
        details: &[fixture!("gitlab/notes-17.json")],
    },
    Sample {
        preset: "jira",
        source: "[source.setting]\naccount = \"toban@example.com\"\njql = \"project = SUP\"\nanswer_transition = \"31\"\n[source.owners]\n\"5b10a2844c20165700ede21g\" = \"aoki\"",
        answer: fixture!("jira/page-1.json"),
        check: Some(fixture!("jira/check.json")),
        details: &[fixture!("jira/comments-SUP-42.json")],
    },
    Sample {
        preset: "freshdesk",
        source: "[source.setting]\ntag = \"escalated\"\nproduct_field = \"cf_product\"\n[source.owners]\n\"1020001234\" = \"aoki\"",
        answer: fixture!("freshdesk/tickets.json"),
        check: Some(fixture!("freshdesk/check.json")),
        details: &[fixture!("freshdesk/conversations-17.json")],
    },
];

/// What is delivered as a document: preset and body.
const DELIVERED: [(&str, &str); 2] = [
    ("toban", fixture!("toban/delivery.json")),
    ("zendesk", fixture!("zendesk/delivery.json")),
];

/// The secret of every source here; the variables have names of their own.
fn secret(preset: &str, of: &str) -> String {
    let name = preset.replace('-', "");
    format!("whsec_{name}{of}NoSecretOfAnybodyButLongEnough00")
}

/// A desk with a source of every preset, called by its name.
fn config() -> String {
    let mut text = STORY.to_owned();
    for sample in &SAMPLES {
        let preset = sample.preset;
        let variable = preset.replace('-', "");
        let is_hook = !matches!(preset, "redmine" | "request-tracker" | "rakuraku-hanbai");
        let hook = match is_hook {
            true => format!("hook_secret_env = \"{variable}hook\"\n"),
            false => String::new(),
        };
        text.push_str(&format!(
            "\n[[source]]\nid = \"{preset}\"\npreset = \"{preset}\"\nbase_url = \"https://{variable}.example\"\n\
             secret_env = \"{variable}key\"\n{hook}since = 2020-01-01\nbacklog = \"quiet\"\n{}\n",
            sample.source
        ));
    }
    text.push_str(
        "\n[[source]]\nid = \"mail\"\npreset = \"mail\"\n[source.imap]\nhost = \"imap.example.com\"\nusername = \"desk@toban.example\"\n\
         password_env = \"mailkey\"\n",
    );
    text.push_str("\n[[source]]\nid = \"toban\"\npreset = \"toban\"\nsecret_env = \"tobankey\"\n");
    text
}

fn sources(config: &str) -> Sources {
    let config = read(config);
    let client = Client::new(&Settings::default()).unwrap();
    Sources::new(&config.sources, &config.setup, client).unwrap()
}

fn now() -> Timestamp {
    tokyo("2026-11-24 10:00")
}

/// As many cases as usual, or as many as somebody asks for.
fn cases(usual: u32) -> ProptestConfig {
    // What proptest takes where PROPTEST_CASES says nothing.
    const UNASKED: u32 = 256;
    let asked = ProptestConfig::default();
    ProptestConfig {
        cases: match asked.cases {
            UNASKED => usual,
            cases => cases,
        },
        ..asked
    }
}

/// A page of a preset, as its fetched answers make it; `None` where the answers themselves are refused, in words.
fn page(
    source: &Source,
    answer: Vec<u8>,
    check: Option<&str>,
    details: &[String],
) -> Result<Page, String> {
    let plan = source.plan().unwrap();
    let list = plan.list_of(source, &answer)?;
    let json = |text: &str| document::read(text.as_bytes(), ANSWER_DEPTH_CAP, Nul::Replaced);
    let read: Result<Vec<Document>, String> = details
        .iter()
        .map(|detail| Ok(Document::from(&json(detail)?)))
        .collect();
    let detail = || match &read {
        Ok(read) if read.is_empty() => Detail::None,
        Ok(read) if read.len() == 1 => Detail::Given(read[0].clone()),
        Ok(read) => Detail::Given(Document::list(read)),
        Err(_) => Detail::None,
    };
    let details = Details {
        all: list.items.iter().map(|_| detail()).collect(),
        rest: None,
    };
    let fetched = Fetched {
        asked: String::new(),
        answer: Answer {
            status: StatusCode::OK,
            headers: Default::default(),
            body: answer,
            asked_at: now(),
            answered_at: now(),
        },
        list,
        details,
        known: check.map(json).transpose()?,
    };
    Ok(plan.page(source, &SourceState::default(), &fetched, now()))
}

/// What can be told of a document, or of why it is none, holds nothing of a secret and is no book.
fn is_discreet(said: &str) {
    assert!(!said.contains("whsec_"), "{said}");
    assert!(said.len() <= 2_000, "{} bytes: {said:.300}", said.len());
}

fn is_field(name: &str) -> bool {
    MapField::ALL.iter().any(|field| field.key() == name)
}

/// A document that was refused as no inquiry names the field.
fn is_refused_well(error: &HookError) {
    is_discreet(&error.to_string());
    match error {
        HookError::Unmappable { field, .. } => assert!(is_field(field), "{error}"),
        HookError::Malformed(why) => assert!(why.contains("(line "), "{why}"),
        HookError::TooLarge { .. } | HookError::Unfetched(_) => {}
        HookError::UnknownSource | HookError::Unauthorized(_) => panic!("{error}"),
    }
}

/// A document that was taken is bounded in every text and can be printed.
fn is_sound(mapped: &Mapped) {
    let is_text = |text: &str, cap: usize| {
        let is_clean = |c: char| !c.is_control() || matches!(c, '\n' | '\t');
        assert!(text.chars().all(is_clean), "{text:?}");
        assert!(text.len() <= OUTPUT_CAP && text.chars().count() <= cap);
        assert_eq!(text.trim(), text);
    };
    let (id, word, long) = (200, 500, OUTPUT_CAP);
    is_text(&mapped.external_id, id);
    assert!(!mapped.external_id.is_empty() && !mapped.external_id.contains(char::is_control));
    is_text(&mapped.title, word);
    assert!(!mapped.title.is_empty() || mapped.is_deleted);
    assert!(!mapped.title.contains('\n'));
    let url = mapped.url.as_deref().unwrap_or("https://x.example");
    assert!(url.len() <= 3 * 2_000 && url.starts_with("http"), "{url}");
    let words = [
        &mapped.revision,
        &mapped.requester,
        &mapped.customer,
        &mapped.plan,
        &mapped.product,
        &mapped.region,
        &mapped.language,
        &mapped.kind,
        &mapped.severity,
        &mapped.owner,
        &mapped.intake.channel,
        &mapped.intake.settings_checked,
    ];
    words
        .into_iter()
        .flatten()
        .for_each(|text| is_text(text, word));
    let texts = [
        &mapped.body,
        &mapped.intake.tried,
        &mapped.intake.environment,
        &mapped.intake.error_text,
    ];
    texts
        .into_iter()
        .flatten()
        .for_each(|text| is_text(text, long));
    assert!(mapped.messages.len() <= 1_000);
    for message in mapped.messages.iter().chain(&mapped.heard) {
        is_text(&message.id, id);
        is_text(&message.text, long);
        assert!(!message.text.is_empty());
    }
    assert!(mapped.odd.len() <= 5 * MapField::ALL.len());
    for (field, what) in &mapped.odd {
        assert!(is_field(field), "{field}");
        assert!(what.chars().count() <= 100);
        is_text(what.trim(), 100);
        is_discreet(what);
    }
}

/// The answers of a preset, mangled: the list as bytes, and the texts of check and details.
fn answers(
    sample: &Sample,
    mutations: &[Mutation],
    of: usize,
) -> (Vec<u8>, Option<String>, Vec<String>) {
    let json = |text: &str, is_it: bool| match is_it {
        true => mangled(&serde_json::from_str(text).unwrap(), mutations),
        false => text.to_owned(),
    };
    // One of them is mangled, most often the list.
    let places = 1 + usize::from(sample.check.is_some()) + sample.details.len();
    let of = of.saturating_sub(4) % places;
    let answer = match sample.preset {
        "rakuraku-hanbai" => mutation::table(sample.answer, mutations),
        _ => json(sample.answer, of == 0).into_bytes(),
    };
    let details = sample.details.iter().enumerate();
    let details = details.map(|(n, text)| json(text, of == n + 1)).collect();
    let check = sample
        .check
        .map(|text| json(text, of == places - 1 && of > 0));
    (answer, check, details)
}

fn judged(page: &Page) {
    let state = &page.state;
    assert!(state.cursor.as_deref().unwrap_or_default().len() <= 4 * 1024);
    is_discreet(state.last_error.as_deref().unwrap_or_default());
    for item in &page.items {
        match item {
            Ok(mapped) => is_sound(mapped),
            Err((_, error)) => is_refused_well(error),
        }
    }
}

#[test]
fn every_sample_is_taken_in_as_it_stands() {
    let sources = sources(&config());
    for sample in &SAMPLES {
        let source = &sources.sources[&SourceId::from(sample.preset)];
        let (answer, check, details) = answers(sample, &[], 0);
        let page = page(source, answer, check.as_deref(), &details).unwrap();
        judged(&page);
        assert_eq!(page.state.last_error, None, "{}", sample.preset);
        let items: Vec<_> = page
            .items
            .iter()
            .map(|item| item.as_ref().unwrap())
            .collect();
        let first = items.first().unwrap_or_else(|| panic!("{}", sample.preset));
        let is_told = sample.details.is_empty() || !first.messages.is_empty();
        assert!(is_told && first.severity.is_some(), "{first:#?}");
        assert!(first.odd.is_empty(), "{}: {:?}", sample.preset, first.odd);
        assert_eq!(page.items.len(), items.len(), "{}", sample.preset);
    }
    for (preset, body) in DELIVERED {
        let mapped = sources.map(&preset.into(), body.as_bytes(), now());
        let mapped = mapped.unwrap().unwrap();
        is_sound(&mapped);
        assert!(mapped.odd.is_empty(), "{preset}: {:?}", mapped.odd);
    }
}

#[test]
fn mangled_answers_end_as_inquiries_or_name_their_field() {
    let sources = sources(&config());
    proptest!(cases(160), |(which in 0..SAMPLES.len(), of in 0usize..10, mutations in mutations())| {
        let sample = &SAMPLES[which];
        let source = &sources.sources[&SourceId::from(sample.preset)];
        let (answer, check, details) = answers(sample, &mutations, of);
        let begun = monotonic();
        match page(source, answer, check.as_deref(), &details) {
            Ok(page) => {
                judged(&page);
                // What is kept as unreadable can be read again, if only to be refused again.
                for (raw, _) in page.items.iter().filter_map(|item| item.as_ref().err()) {
                    match sources.map(&source.id, raw.as_bytes(), now()) {
                        Ok(mapped) => mapped.iter().for_each(is_sound),
                        Err(error) => is_refused_well(&error),
                    }
                }
            }
            Err(why) => {
                is_discreet(&why);
                prop_assert!(!why.is_empty());
            }
        }
        // Some milliseconds as a rule; the machine may be busy.
        prop_assert!(begun.elapsed() < Duration::from_secs(20), "{:?}", begun.elapsed());
    });
}

#[test]
fn mangled_deliveries_end_as_inquiries_or_name_their_field() {
    let sources = sources(&config());
    proptest!(cases(100), |(which in 0..DELIVERED.len(), mutations in mutations())| {
        let (preset, body) = DELIVERED[which];
        let body = mangled(&serde_json::from_str(body).unwrap(), &mutations);
        match sources.map(&preset.into(), body.as_bytes(), now()) {
            Ok(mapped) => mapped.iter().for_each(is_sound),
            Err(error) => is_refused_well(&error),
        }
        let _ = document::read(body.as_bytes(), DEPTH_CAP, Nul::Refused);
    });
}

/// Mails that others wrote.
const MAILS: [&[u8]; 6] = [
    include_bytes!("../../../tests/fixtures/mail/bare.eml"),
    include_bytes!("../../../tests/fixtures/mail/calendar-reply.eml"),
    include_bytes!("../../../tests/fixtures/mail/gmail-reply.eml"),
    include_bytes!("../../../tests/fixtures/mail/iso-2022-jp.eml"),
    include_bytes!("../../../tests/fixtures/mail/outlook-html.eml"),
    include_bytes!("../../../tests/fixtures/mail/shift-jis-forward.eml"),
];

#[test]
fn mangled_mails_end_as_inquiries_or_are_left_alone() {
    let sources = sources(&config());
    let source = &sources.sources[&SourceId::from("mail")];
    let plan = source.mailbox().unwrap();
    let piece = prop_oneof![
        3 => prop::sample::select(&mutation::PIECES[..]).prop_flat_map(|piece| (1usize..2_000).prop_map(|times| piece.repeat(times).into_bytes())),
        1 => prop::collection::vec(any::<u8>(), 0..40),
        1 => Just(b"\r\nSubject: =?utf-8?B?8J+YgA==?= =?iso-2022-jp?B?GyRCJCI=?=\r\n".to_vec()),
        1 => Just(b"\r\nContent-Type: text/html; charset=shift_jis\r\n\r\n".to_vec()),
    ];
    let cut = (any::<prop::sample::Index>(), 0usize..60, piece);
    proptest!(cases(60), |(which in 0..MAILS.len(), cuts in prop::collection::vec(cut, 0..5), is_cut in any::<bool>())| {
        let mut raw = MAILS[which].to_vec();
        for (at, length, piece) in cuts {
            let start = at.index(raw.len() + 1);
            let end = (start + length).min(raw.len());
            raw.splice(start..end, piece);
        }
        let cut = is_cut.then_some(Cut {
            read: raw.len(),
            whole: Some(raw.len() + 9_000),
            is_too_large: true,
        });
        match source.mail_item(plan, &raw, Some(now()), cut) {
            Ok(item) => {
                item.mapped.iter().flatten().for_each(is_sound);
                match sources.map(&source.id, item.document.as_bytes(), now()) {
                    Ok(mapped) => mapped.iter().for_each(is_sound),
                    Err(error) => is_refused_well(&error),
                }
            }
            // An automatic answer, or no mail at all.
            Err(why) => is_discreet(&why),
        }
    });
}

/// The headers by which each preset knows a delivery, good for the body.
fn signed(preset: &str, body: &[u8]) -> Vec<(String, String)> {
    use super::super::signature::{Scheme, sign};
    let key = secret(preset, "hook");
    let scheme = |name: &str| Scheme::preset(name).unwrap();
    let hmac = |text: &str| serde_json::from_str::<Scheme>(text).unwrap();
    let scheme = match preset {
        "github" => scheme("github"),
        "jira" => hmac(r#"{"kind":"hmac-header","header":"x-hub-signature","prefix":"sha256="}"#),
        "zendesk" => hmac(
            r#"{"kind":"hmac-header","header":"x-zendesk-webhook-signature","encoding":"base64","delivery_header":"x-zendesk-webhook-invocation-id","timestamp":{"header":"x-zendesk-webhook-signature-timestamp","signed":"{timestamp}{body}"}}"#,
        ),
        "toban" => scheme("standard-webhooks"),
        "gitlab" => return vec![("x-gitlab-token".to_owned(), key)],
        "freshdesk" => return vec![("x-toban-token".to_owned(), key)],
        "kintone" => return vec![("?token".to_owned(), key)],
        other => panic!("{other} takes no deliveries"),
    };
    let key = match preset {
        "toban" => secret(preset, "key"),
        _ => key,
    };
    let key = scheme.key(&key).unwrap();
    sign(&scheme, &key, "d-1", body, now())
}

const SIGNED: [&str; 7] = [
    "github",
    "jira",
    "zendesk",
    "toban",
    "gitlab",
    "freshdesk",
    "kintone",
];

/// A change of a header: a byte of it becomes another, goes, comes twice, or the whole goes or is doubled.
fn changed(text: &str, how: u8, at: prop::sample::Index, with: char) -> Option<String> {
    let mut chars: Vec<char> = text.chars().collect();
    let at = at.index(chars.len());
    match how {
        0 => chars[at] = with,
        1 => drop(chars.remove(at)),
        2 => chars.insert(at, with),
        3 => chars.truncate(at),
        _ => return None,
    }
    Some(chars.into_iter().collect())
}

fn plain(header: &str) -> String {
    header.trim().trim_end_matches('=').to_ascii_lowercase()
}

/// The ids of deliveries are signed by one scheme only.
fn is_signed(name: &str) -> bool {
    !name.ends_with("invocation-id") && name != "x-github-delivery"
}

#[test]
fn a_changed_signature_or_body_never_verifies() {
    let sources = sources(&config());
    let hear = |preset: &str, headers: &HashMap<String, String>, body: &[u8]| {
        let delivery = RawDelivery { headers, body };
        sources.read(&SourceId::from(preset), &delivery, now())
    };
    for preset in SIGNED {
        let body = fixture!("toban/delivery.json").as_bytes();
        let headers = signed(preset, body).into_iter().collect();
        let heard = hear(preset, &headers, body);
        let is_heard = !matches!(heard, Err(HookError::Unauthorized(_)));
        assert!(is_heard, "{preset}: {heard:?}");
    }
    proptest!(cases(400), |(
        which in 0..SIGNED.len(), header in any::<prop::sample::Index>(), how in 0u8..6,
        at in any::<prop::sample::Index>(), with in any::<char>(),
    )| {
        let preset = SIGNED[which];
        let body = fixture!("toban/delivery.json").as_bytes();
        let mut headers: HashMap<String, String> = signed(preset, body).into_iter().collect();
        let is_token = matches!(preset, "gitlab" | "freshdesk" | "kintone");
        if how == 5 && !is_token {
            let mut body = body.to_vec();
            let at = at.index(body.len());
            body[at] ^= 1 << (with as u32 % 8);
            let heard = hear(preset, &headers, &body);
            prop_assert!(matches!(heard, Err(HookError::Unauthorized(_))), "{preset}: {heard:?}");
            return Ok(());
        }
        let mut names: Vec<&String> = headers.keys().filter(|name| is_signed(name)).collect();
        names.sort();
        let name = names[header.index(names.len())].clone();
        let good = headers[&name].clone();
        match changed(&good, how, at, with) {
            // Blanks around, hex in capitals and the padding of base64 say nothing.
            Some(text) if plain(&text) == plain(&good) => return Ok(()),
            Some(text) => drop(headers.insert(name, text)),
            None => drop(headers.remove(&name)),
        }
        let heard = hear(preset, &headers, body);
        match heard {
            Err(HookError::Unauthorized(why)) => is_discreet(&why),
            other => prop_assert!(false, "{preset} {headers:?}: {other:?}"),
        }
    });
}

/// A poller that brings a page as often as it is asked.
struct Again(Mutex<Page>);

#[async_trait]
impl Poller for Again {
    fn polled(&self) -> Vec<SourceId> {
        Vec::new()
    }

    fn next_poll(&self, _: &SourceId, _: &SourceState, now: Timestamp) -> Timestamp {
        now
    }

    async fn poll(&self, _: &SourceId, _: &SourceState, _: Timestamp) -> Result<Page, PollError> {
        Ok(self.0.lock().unwrap().clone())
    }
}

/// What the desk keeps: how many inquiries and unreadable documents, and how long the ledgers of these are.
async fn kept(world: &World, source: &SourceId, ids: &[String]) -> (u64, usize, Vec<u64>) {
    let store = &world.app.store;
    let mut ledgers = Vec::new();
    for id in ids {
        let stored = store.by_external(source, id).await.unwrap();
        ledgers.push(stored.map_or(0, |stored| stored.inquiry.seq));
    }
    let unreadable = store.unreadables(1_000).await.unwrap().len();
    let all = store.count(&ListFilter::default()).await.unwrap();
    (all, unreadable, ledgers)
}

#[test]
fn what_is_taken_in_twice_changes_nothing_the_second_time() {
    let runtime = { tokio::runtime::Builder::new_current_thread() }
        .enable_all()
        .build()
        .unwrap();
    let config = config();
    let sources = sources(&config);
    let world = runtime.block_on(World::with(&config, "2026-11-24 10:00"));
    proptest!(cases(24), |(which in 0..SAMPLES.len(), of in 0usize..10, mutations in mutations())| {
        let sample = &SAMPLES[which];
        let id = SourceId::from(sample.preset);
        let source = &sources.sources[&id];
        let (answer, check, details) = answers(sample, &mutations, of);
        let Ok(mut page) = page(source, answer, check.as_deref(), &details) else {
            return Ok(());
        };
        page.has_more = false;
        let items = page.items.iter().filter_map(|item| item.as_ref().ok());
        let ids: Vec<String> = items.map(|item| item.external_id.clone()).collect();
        let poller = Again(Mutex::new(page));
        runtime.block_on(async {
            world.app.poll(&poller, &id).await.unwrap();
            let before = kept(&world, &id, &ids).await;
            world.app.poll(&poller, &id).await.unwrap();
            assert_eq!(kept(&world, &id, &ids).await, before);
        });
    });
    proptest!(cases(16), |(mutations in mutations())| {
        let (preset, body) = DELIVERED[0];
        let body = mangled(&serde_json::from_str(body).unwrap(), &mutations);
        if let Ok(Some(mapped)) = sources.map(&preset.into(), body.as_bytes(), now()) {
            runtime.block_on(async {
                let ids = [mapped.external_id.clone()];
                world.app.receive(mapped.clone(), "hook").await.unwrap();
                let before = kept(&world, &preset.into(), &ids).await;
                let again = world.app.receive(mapped, "hook").await.unwrap();
                assert!(!again.is_changed && !again.is_new, "{again:?}");
                assert_eq!(kept(&world, &preset.into(), &ids).await, before);
            });
        }
    });
    runtime.block_on(world.end());
}

#[test]
fn a_delivery_that_is_a_document_is_read_and_a_nudge_is_not() {
    let sources = sources(&config());
    for preset in SIGNED {
        let body = fixture!("toban/delivery.json").as_bytes();
        let headers = signed(preset, body).into_iter().collect();
        let delivery = RawDelivery {
            headers: &headers,
            body,
        };
        let heard = sources.read(&SourceId::from(preset), &delivery, now());
        match preset {
            "toban" => assert!(matches!(heard, Ok(Delivered::Item(_))), "{heard:?}"),
            // It is not its document, and says which field is missing.
            "zendesk" => assert!(
                matches!(heard, Err(HookError::Unmappable { .. })),
                "{heard:?}"
            ),
            _ => assert_eq!(heard, Ok(Delivered::Nudge), "{preset}"),
        }
    }
}
