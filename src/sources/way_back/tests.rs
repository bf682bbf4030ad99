#![allow(clippy::unwrap_used)]

use super::*;
use crate::app::ports::Reference;
use crate::app::source_config::SourceKind;
use crate::domain::ids::MemberId;
use crate::domain::inquiry::Origin;
use crate::sources::tests::{SECRET, config, id, mapping, nobody, poll_config, request, sources};
use serde_json::{Value, json};
use wiremock::matchers::{header, method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

const EVERYTHING: &str = r#"{"id": {{ external_id | tojson }}, "url": {{ item_url | tojson }}, "ref": {{ reference | tojson }}, "text": {{ text | tojson }}, "cause": {{ cause | tojson }},
    "workaround": {{ workaround | tojson }}, "no_workaround": {{ no_workaround | tojson }}, "answer": {{ answer | tojson }}, "category": {{ category | tojson }},
    "owner": {{ owner | tojson }}, "owner_id": {{ owner_id | tojson }}, "key": {{ key | tojson }}}"#;

async fn desk(answer: ResponseTemplate) -> (MockServer, Sources) {
    let server = MockServer::start().await;
    Mock::given(method("PUT"))
        .and(path("/i/A%201"))
        .and(header("x-key", SECRET))
        .respond_with(answer)
        .mount(&server)
        .await;
    let sources = built(&server.uri());
    (server, sources)
}

fn built(base_url: &str) -> Sources {
    let url = "{{ base_url }}/i/{{ external_id | urlencode }}";
    let back = request("PUT", url, &[("x-key", "{{ secret }}")], Some(EVERYTHING));
    let mut config = config(SourceKind::Poll(Box::new(poll_config())), mapping(&[]));
    config.base_url = base_url.to_owned();
    config.way_back = [Act::Reply, Act::Answer, Act::Owner]
        .map(|act| (act, vec![back.clone()]))
        .into();
    let contact = Contact {
        own_names: [(MemberId::from("aoki"), "5".to_owned())].into(),
        names: [("aoki", "青木"), ("mori", "森")]
            .map(|(id, name)| (id.into(), name.to_owned()))
            .into(),
        ..Contact::default()
    };
    sources(&config, contact, Duration::from_secs(2))
}

fn origin(source: SourceId) -> Origin {
    Origin {
        source,
        external_id: "A 1".into(),
        url: Some("https://t.example/1".into()),
        revision: None,
    }
}

async fn back(sources: &Sources, act: &WriteBack) -> Result<(), DeliveryError> {
    let texts = ["それは\"仕様\"です", "欠陥", "再起動", "なし"];
    let texts = texts
        .iter()
        .enumerate()
        .map(|(n, text)| (TextId::from(format!("t{n}")), (*text).to_owned()));
    sources
        .write_back(&writing(&origin(id()), act, &texts.collect()), 0)
        .await
        .map(|next| assert_eq!(next, None, "there is one request"))
}

fn writing<'a>(
    origin: &'a Origin,
    act: &'a WriteBack,
    texts: &'a HashMap<TextId, String>,
) -> Writing<'a> {
    Writing {
        origin,
        reference: Reference(1042),
        act,
        by: None,
        texts,
        key: "k·7",
    }
}

fn text(n: u32) -> TextId {
    TextId::from(format!("t{n}"))
}

fn investigation(workaround: Workaround) -> WriteBack {
    let answer = Answer::Investigation {
        cause: text(1),
        workaround,
    };
    WriteBack::Resolved {
        outcome: Outcome {
            category: "bug".into(),
            answer,
        },
    }
}

/// What a request says that is not empty, besides what all say.
async fn check(act: WriteBack, expected: Value) {
    let (server, sources) = desk(ResponseTemplate::new(204)).await;
    assert!(sources.takes(&id(), &act));
    assert_eq!(back(&sources, &act).await, Ok(()));
    let requests = server.received_requests().await.unwrap();
    let mut said: Value = requests[0].body_json().unwrap();
    let fields = said.as_object_mut().unwrap();
    let common = ["id", "url", "ref", "key"].map(|name| fields.remove(name).unwrap());
    assert_eq!(
        common,
        ["A 1", "https://t.example/1", "Q-1042", "k·7"].map(Value::from)
    );
    fields.retain(|_, value| value != "");
    assert_eq!(said, expected);
}

#[tokio::test]
async fn each_act_says_its_own_words() {
    check(
        WriteBack::Reply { text: text(0) },
        json!({"text": "それは\"仕様\"です"}),
    )
    .await;
    check(
        investigation(Workaround::Given { text: text(2) }),
        json!({"text": "原因: 欠陥\n\n回避策: 再起動", "cause": "欠陥", "workaround": "再起動", "category": "bug"}),
    )
    .await;
    check(
        investigation(Workaround::None { reason: text(3) }),
        json!({"text": "原因: 欠陥\n\n回避策なし: なし", "cause": "欠陥", "no_workaround": "なし", "category": "bug"}),
    )
    .await;
    let outcome = Outcome {
        category: "how-to".into(),
        answer: Answer::Specification { answer: text(0) },
    };
    let words = "それは\"仕様\"です";
    check(
        WriteBack::Resolved { outcome },
        json!({"text": words, "answer": words, "category": "how-to"}),
    )
    .await;
    let owner = |member: Option<&str>| WriteBack::Owner {
        member: member.map(MemberId::from),
        how: Handing::Claimed,
    };
    check(owner(Some("aoki")), json!({"owner": "5", "owner_id": "5"})).await;
    check(owner(Some("mori")), json!({"owner": "森"})).await;
    check(owner(None), json!({})).await;
}

fn aside(said: WriteBack) -> WriteBack {
    WriteBack::Aside {
        title: text(1),
        said: Box::new(said),
    }
}

#[tokio::test]
async fn what_is_said_aside_is_words_under_a_title_whatever_was_done() {
    let reply = aside(WriteBack::Reply { text: text(0) });
    let heading = "【別件 Q-1042「欠陥」について】";
    let said = format!("{heading}\nそれは\"仕様\"です");
    check(reply, json!({ "text": said })).await;
    // Neither the category nor the fields of an answer, by which a source may close its item.
    let answer = aside(investigation(Workaround::Given { text: text(2) }));
    let said = format!("{heading}\n原因: 欠陥\n\n回避策: 再起動");
    check(answer, json!({ "text": said })).await;
}

#[test]
fn what_is_said_aside_goes_to_the_item_and_is_known_again_with_its_heading() {
    let sources = built("https://t.example");
    let mut origin = origin(id());
    origin.external_id = crate::domain::inquiry::split_id("A 1", &"0199-ab".into());
    let texts = [(text(0), "更新".to_owned()), (text(1), "印刷".to_owned())];
    let texts = texts.into();
    let act = aside(WriteBack::Reply { text: text(0) });
    let echoes = sources.echoes(&writing(&origin, &act, &texts));
    let said = "【別件 Q-1042「印刷」について】\n更新".to_owned();
    assert!(echoes.contains(&said), "{echoes:?}");
    assert!(echoes.contains(&"A 1".to_owned()), "{echoes:?}");
    assert!(!echoes.contains(&"更新".to_owned()), "{echoes:?}");
}

#[tokio::test]
async fn only_the_acts_that_are_configured_go_back() {
    let (server, sources) = desk(ResponseTemplate::new(204)).await;
    assert!(sources.takes_replies(&id()));
    assert!(!sources.takes(&id(), &WriteBack::Closed));
    assert!(!sources.takes(&"nobody".into(), &WriteBack::Reply { text: text(0) }));
    assert!(matches!(
        back(&sources, &WriteBack::Closed).await,
        Err(DeliveryError::Rejected { .. })
    ));
    assert_eq!(server.received_requests().await.unwrap().len(), 0);
}

#[tokio::test]
async fn a_portal_takes_replies_and_needs_nothing_sent() {
    let sources = sources(
        &config(SourceKind::Portal, mapping(&[])),
        Contact::default(),
        Duration::from_secs(1),
    );
    assert!(sources.takes_replies(&id()));
    assert!(!sources.takes(&id(), &WriteBack::Reply { text: text(0) }));
}

#[tokio::test]
async fn erased_words_and_unknown_sources_are_refused_for_good() {
    let (server, sources) = desk(ResponseTemplate::new(204)).await;
    let erased = back(&sources, &WriteBack::Reply { text: text(9) }).await;
    assert_eq!(
        erased,
        Err(DeliveryError::Rejected {
            why: "its words have been erased".into()
        })
    );
    let act = WriteBack::Reply { text: text(0) };
    let nobody = sources
        .write_back(&writing(&origin("nobody".into()), &act, &HashMap::new()), 0)
        .await;
    assert!(matches!(nobody, Err(DeliveryError::Rejected { .. })));
    assert_eq!(server.received_requests().await.unwrap().len(), 0);
}

async fn answered(answer: ResponseTemplate) -> DeliveryError {
    let (_server, sources) = desk(answer).await;
    back(&sources, &WriteBack::Reply { text: text(0) })
        .await
        .unwrap_err()
}

#[tokio::test]
async fn an_outcome_says_whether_to_try_again() {
    let retry = |seconds: Option<u64>, why: &str| DeliveryError::Retry {
        after: seconds.map(Duration::from_secs),
        why: why.into(),
    };
    let status = ResponseTemplate::new;
    for code in [425, 429, 503] {
        assert!(
            matches!(answered(status(code)).await, DeliveryError::Retry { .. }),
            "{code}"
        );
    }
    // It may have been written before something broke, so it is not written again.
    assert_eq!(
        answered(status(502)).await,
        DeliveryError::Unknown {
            why: "the source answered 502 Bad Gateway".into()
        }
    );
    for code in [408, 500, 504, 507, 599] {
        assert!(
            matches!(answered(status(code)).await, DeliveryError::Unknown { .. }),
            "{code}"
        );
    }
    let busy = status(429).insert_header("retry-after", "7");
    assert_eq!(
        answered(busy).await,
        retry(Some(7), "the source answered 429 Too Many Requests")
    );
    // GitHub's hourly limit: nothing was done, and more may be asked after the reset.
    let spent = status(403)
        .insert_header("date", "Sat, 21 Nov 2026 10:00:00 GMT")
        .insert_header("x-ratelimit-remaining", "0")
        .insert_header("x-ratelimit-reset", "1795255800");
    assert_eq!(
        answered(spent).await,
        retry(Some(601), "the source answered 403 Forbidden: ")
    );
    let dated = status(503).insert_header("retry-after", "Sat, 21 Nov 2026 10:05:00 GMT");
    assert_eq!(
        answered(dated).await,
        retry(None, "the source answered 503 Service Unavailable")
    );
    let invalid = status(422).set_body_json(json!({"errors": ["Assignee is invalid"]}));
    let why =
        "the source answered 422 Unprocessable Entity: {\"errors\":[\"Assignee is invalid\"]}";
    assert_eq!(
        answered(invalid).await,
        DeliveryError::Rejected { why: why.into() }
    );
    for code in [302, 400, 401, 403, 409] {
        assert!(
            matches!(answered(status(code)).await, DeliveryError::Rejected { .. }),
            "{code}"
        );
    }
    for code in [404, 410] {
        assert!(
            matches!(answered(status(code)).await, DeliveryError::Gone { .. }),
            "{code}"
        );
    }
}

#[tokio::test]
async fn a_lost_answer_is_unknown_and_a_request_that_never_left_is_tried_again() {
    let late = ResponseTemplate::new(204).set_delay(Duration::from_secs(5));
    assert_eq!(
        answered(late).await,
        DeliveryError::Unknown {
            why: "no answer in time".into()
        }
    );
    let act = WriteBack::Reply { text: text(0) };
    let nobody = back(&built(&nobody()), &act).await;
    assert!(
        matches!(nobody, Err(DeliveryError::Retry { after: None, .. })),
        "{nobody:?}"
    );
    let forbidden = back(&built("http://10.0.0.1"), &act).await;
    assert!(
        matches!(forbidden, Err(DeliveryError::Rejected { .. })),
        "{forbidden:?}"
    );
}

#[tokio::test]
async fn a_long_answer_to_a_write_that_succeeded_is_a_success() {
    let (_server, sources) =
        desk(ResponseTemplate::new(200).set_body_string("x".repeat(ANSWER_CAP + 1))).await;
    assert_eq!(
        back(&sources, &WriteBack::Reply { text: text(0) }).await,
        Ok(())
    );
}

#[test]
fn what_an_act_puts_there_is_known_again() {
    let sources = built("https://t.example");
    let texts = [(text(0), "見ています \"今\"".to_owned())].into();
    let echoes = |act: &WriteBack| {
        let mut echoes = sources.echoes(&writing(&origin(id()), act, &texts));
        echoes.retain(|echo| !echo.is_empty());
        echoes.sort();
        echoes
    };
    let usual = ["A 1", "Q-1042", "https://t.example/1", "k·7"];
    let with = |more: &[&'static str]| {
        let mut all: Vec<&str> = usual.iter().chain(more).copied().collect();
        all.sort_unstable();
        all
    };
    let reply = WriteBack::Reply { text: text(0) };
    assert_eq!(echoes(&reply), with(&["見ています \"今\""]));
    let owner = WriteBack::Owner {
        member: Some("mori".into()),
        how: Handing::Unsaid,
    };
    assert_eq!(echoes(&owner), with(&["森"]));
    assert_eq!(echoes(&WriteBack::Closed), [""; 0], "nothing is sent");
    let erased = WriteBack::Reply { text: text(9) };
    assert_eq!(echoes(&erased), [""; 0]);
}

#[test]
fn a_body_that_is_a_form_is_read_as_one() {
    assert_eq!(
        put("note=%E8%A6%8B%E3%81%BE%E3%81%97%E3%81%9F&state=3"),
        ["見ました", "3"]
    );
    assert_eq!(
        put(r#"{"a": ["x", {"b": "y"}], "n": 1, "z": null}"#),
        ["x", "y"]
    );
}

mod several;

#[tokio::test]
async fn what_is_sent_back_goes_as_a_reply_unless_it_has_a_way_of_its_own() {
    let (server, sources) = desk(ResponseTemplate::new(200)).await;
    let act = WriteBack::Bounce { text: text(0) };
    assert!(sources.takes(&id(), &act));
    back(&sources, &act).await.unwrap();
    let sent: Value = server.received_requests().await.unwrap()[0]
        .body_json()
        .unwrap();
    assert_eq!(sent["text"], "それは\"仕様\"です");
    let mut own = config(SourceKind::Poll(Box::new(poll_config())), mapping(&[]));
    own.base_url = server.uri();
    let request = |what: &str| {
        request(
            "PUT",
            "{{ base_url }}/i/A%201",
            &[("x-key", "{{ secret }}")],
            Some(what),
        )
    };
    own.way_back = [
        (Act::Reply, vec![request("reply")]),
        (Act::Bounce, vec![request("{{ text }} sent back")]),
    ]
    .into();
    let sources = super::super::tests::sources(&own, Contact::default(), Duration::from_secs(2));
    back(&sources, &act).await.unwrap();
    let requests = server.received_requests().await.unwrap();
    assert_eq!(
        String::from_utf8(requests[1].body.clone()).unwrap(),
        "それは\"仕様\"です sent back"
    );
}
