//! A real Request Tracker is polled and written back to, as the preset says.

#![allow(clippy::unwrap_used)]

mod whole;

use serde_json::json;
use std::collections::{BTreeSet, HashMap};
use toban::app::ports::{
    DeliveryError, Handing, Mapped, Page, Poller as _, Reference, Side, SourceState, WayBack as _,
    WriteBack, Writing,
};
use toban::config::Config;
use toban::domain::ids::{MemberId, SourceId, TextId};
use toban::domain::inquiry::{Answer, Origin, Outcome, Severity, Workaround};
use toban::net::{Client, Settings};
use toban::sources::Sources;
use toban::testkit::request_tracker::{CROWD, RequestTracker};
use toban::time::Timestamp;

const SOURCE: &str = "rt";

/// A desk whose only source is an RT, by the preset and nothing else.
fn sources(url: &str, token: &str, setting: &str) -> Sources {
    let text = format!(
        r#"{}
[[source]]
id = "{SOURCE}"
preset = "request-tracker"
base_url = "{url}"
secret_env = "RT_TOKEN"
write_back = ["reply", "resolve", "owner", "close", "reopen", "severity"]
[source.owners]
"aoki" = "aoki"
[source.setting]
{setting}
"#,
        include_str!("redmine.toml")
    );
    let env = |name: &str| (name == "RT_TOKEN").then(|| token.to_owned());
    let config =
        Config::read("rt.toml", &text, &env).unwrap_or_else(|problems| panic!("{problems}"));
    let client = Client::new(&Settings {
        allow_private: vec!["127.0.0.0/8".parse().unwrap()],
        ..Settings::default()
    });
    Sources::new(&config.sources, &config.setup, client.unwrap()).unwrap()
}

/// A desk and what it remembers of its source.
struct Desk {
    sources: Sources,
    state: SourceState,
}

impl Desk {
    async fn poll(&mut self) -> Page {
        let id = SourceId::from(SOURCE);
        let page = self.sources.poll(&id, &self.state, now()).await.unwrap();
        self.state = page.state.clone();
        page
    }

    /// All that is new, and what stands in it of one ticket.
    async fn find(&mut self, ticket: u64) -> Mapped {
        let page = self.poll().await;
        let items: Vec<Mapped> = page.items.into_iter().map(Result::unwrap).collect();
        let ticket = ticket.to_string();
        let found = items.into_iter().rfind(|item| item.external_id == ticket);
        found.unwrap()
    }

    /// Goes through all requests of an act; how many there were.
    async fn tried(&self, ticket: u64, act: &WriteBack) -> Result<usize, DeliveryError> {
        let origin = Origin {
            source: SOURCE.into(),
            external_id: ticket.to_string(),
            url: None,
            revision: None,
        };
        let texts = [
            ("reply", "見ています \"now\""),
            ("cause", "欠陥"),
            ("around", "再起動"),
        ];
        let texts: HashMap<TextId, String> = texts
            .map(|(id, text)| (TextId::from(id), text.to_owned()))
            .into();
        let by = MemberId::from("mori");
        let writing = Writing {
            origin: &origin,
            reference: Reference(1042),
            act,
            by: Some(&by),
            texts: &texts,
            key: "k",
        };
        let (mut next, mut count) = (Some(0), 0);
        while let Some(step) = next {
            next = self.sources.write_back(&writing, step).await?;
            count += 1;
        }
        Ok(count)
    }

    async fn back(&self, ticket: u64, act: WriteBack) -> usize {
        let done = self.tried(ticket, &act).await;
        done.unwrap_or_else(|error| panic!("{act:?}: {error:?}"))
    }
}

fn owner(member: Option<&str>, how: Handing) -> WriteBack {
    WriteBack::Owner {
        member: member.map(MemberId::from),
        how,
    }
}

fn answer() -> WriteBack {
    let workaround = Workaround::Given {
        text: "around".into(),
    };
    let answer = Answer::Investigation {
        cause: "cause".into(),
        workaround,
    };
    WriteBack::Resolved {
        outcome: Outcome {
            category: "bug".into(),
            answer,
        },
    }
}

/// RT has a clock of its own, so what is compared with it must be of today; nothing here depends on which.
fn now() -> Timestamp {
    toban::clock::SystemClock.now()
}

/// One RT for both, because its start takes most of the time.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_rt_is_polled_and_written_back_to_and_its_tickets_go_through_the_whole_desk() {
    let rt = RequestTracker::start();
    strangers_are_told(&rt).await;
    a_crowd_comes_in_whole(&rt).await;
    polled_and_written_back_to(&rt).await;
    whole::a_ticket_goes_through_the_whole_desk_and_back(rt).await;
}

async fn strangers_are_told(rt: &RequestTracker) {
    let id = SourceId::from(SOURCE);
    let said = async |token: &str, setting: &str| {
        let sources = sources(&rt.url, token, setting);
        sources.connect_check(&id, now()).await.join("; ")
    };
    assert_eq!(said(&rt.tokens[0], "").await, "");
    let wrong = said("1-31-0000", "").await;
    assert!(
        wrong.contains("the check answered 401") || wrong.contains("401 Unauthorized"),
        "{wrong}"
    );
    let mistyped = said(&rt.tokens[0], "user = \"tobann\"").await;
    assert!(mistyped.contains("404"), "{mistyped}");
    // Another's name, or a time zone in which RT would misread what we ask.
    for (token, user) in [(0, "aoki"), (1, "aoki")] {
        let said = said(&rt.tokens[token], &format!("user = \"{user}\"")).await;
        assert!(said.contains("the check is not good"), "{said}");
    }
}

/// A crowd that changed in one second comes in whole, page by page.
async fn a_crowd_comes_in_whole(rt: &RequestTracker) {
    let mut desk = Desk {
        // Without what was said in each of them, which takes RT some tenths of a second.
        sources: sources(
            &rt.url,
            &rt.tokens[0],
            "query = \"Queue = 'Crowd'\"\n[source.poll.detail]\nurl = \"\"",
        ),
        state: since("2026-01-01T00:00:00Z"),
    };
    let mut crowd = BTreeSet::new();
    let mut pages = 0;
    loop {
        desk.state.is_further_page = pages > 0;
        let page = desk.poll().await;
        pages += 1;
        crowd.extend(page.items.into_iter().map(|item| item.unwrap().external_id));
        if !page.has_more || pages > 9 {
            break;
        }
    }
    assert_eq!(
        (crowd.len(), desk.state.last_error.as_deref()),
        (CROWD, None)
    );
    assert_eq!(
        pages, 3,
        "one to learn the second, one that is full, and the rest"
    );
    assert_eq!(desk.state.cursor.as_deref(), Some("2026-01-02T03:04:05Z"));
}

fn since(at: &str) -> SourceState {
    SourceState {
        since: Some(at.parse().unwrap()),
        ..SourceState::default()
    }
}

async fn polled_and_written_back_to(rt: &RequestTracker) {
    let setting = "query = \"Queue = 'Escalations'\"\nsigned = \"yes\"";
    let mut desk = Desk {
        sources: sources(&rt.url, &rt.tokens[0], setting),
        state: since("2026-02-01T00:00:00.123Z"),
    };
    assert_eq!(desk.poll().await.items, [], "the crowd is another queue's");
    let filed =
        json!({"Subject": "ログインできない", "Content": "本文\r\n二行目", "Priority": 100});
    let ticket = rt.new_ticket(filed).await;
    let made = desk.find(ticket).await;
    assert_eq!(made.title, "ログインできない");
    assert_eq!(made.body.as_deref(), Some("本文\n二行目"));
    assert_eq!(
        made.url,
        Some(format!("{}/Ticket/Display.html?id={ticket}", rt.url))
    );
    assert_eq!(
        (
            made.requester.as_deref(),
            made.product.as_deref(),
            made.severity.as_deref()
        ),
        (Some("Hanako"), Some("Escalations"), Some("S2"))
    );
    assert_eq!((made.owner.as_deref(), made.is_closed), (None, false));
    assert_eq!((&made.odd[..], &made.messages[..]), (&[][..], &[][..]));
    assert_eq!(
        made.changed_at,
        made.revision.as_deref().map(|at| at.parse().unwrap())
    );
    // Asked again: the same second once more.
    assert_eq!(desk.find(ticket).await, made);
    // Saved by a server whose clock is behind: before the cursor.
    let late = made.changed_at.unwrap() + toban::time::SignedDuration::from_secs(5);
    let before = desk.state.cursor.replace(late.to_string());
    assert_eq!(desk.find(ticket).await, made);
    desk.state.cursor = before;

    // Written back: who has it, a reply signed by whoever wrote it, the answer and then its state.
    assert_eq!(
        desk.back(ticket, owner(Some("aoki"), Handing::Claimed))
            .await,
        1
    );
    assert_eq!(desk.find(ticket).await.owner.as_deref(), Some("aoki"));
    desk.back(ticket, owner(Some("mori"), Handing::Assigned))
        .await;
    let found = desk.find(ticket).await;
    assert_eq!(found.owner, None, "nobody else stays written there");
    desk.back(ticket, owner(None, Handing::Released)).await;
    assert_eq!(desk.find(ticket).await.owner, None);
    desk.back(
        ticket,
        WriteBack::Severity {
            severity: Severity::S3,
        },
    )
    .await;
    assert_eq!(desk.find(ticket).await.severity.as_deref(), Some("S3"));
    desk.back(
        ticket,
        WriteBack::Reply {
            text: "reply".into(),
        },
    )
    .await;
    assert_eq!(desk.back(ticket, answer()).await, 2);
    let resolved = desk.find(ticket).await;
    assert!(resolved.is_closed);
    let said: Vec<(Side, &str)> = resolved
        .messages
        .iter()
        .map(|it| (it.by, it.text.as_str()))
        .collect();
    assert_eq!(
        said,
        [
            (Side::Own, "見ています \"now\"\n\n— 森"),
            (Side::Own, "原因: 欠陥\n\n回避策: 再起動\n\n— 森"),
        ],
        "the comment that names Mori is nobody's business"
    );
    desk.back(ticket, WriteBack::Closed).await;
    desk.back(ticket, WriteBack::Reopened).await;
    assert!(!desk.find(ticket).await.is_closed);
    let acts: Vec<(String, String, String)> = rt.history(ticket).await;
    let comments: Vec<&str> = acts
        .iter()
        .filter(|(_, kind, _)| kind == "Comment")
        .map(|(_, _, text)| text.as_str())
        .collect();
    assert_eq!(comments, ["森 (Q-1042)"]);

    // RT answers 200 to what it refuses.
    let setting = "resolved_status = \"nonsense\"";
    let odd = Desk {
        sources: sources(&rt.url, &rt.tokens[0], setting),
        state: SourceState::default(),
    };
    let refused = odd.tried(ticket, &answer()).await;
    let Err(DeliveryError::Rejected { why }) = refused else {
        panic!("{refused:?}");
    };
    assert!(why.contains("isn't a valid status"), "{why}");
    let nothing = desk.tried(999_999, &WriteBack::Closed).await;
    assert!(
        matches!(nothing, Err(DeliveryError::Gone { .. })),
        "{nothing:?}"
    );
}
