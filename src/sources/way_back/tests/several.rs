//! Several requests of one act, and acts of which one is a kind of another.

use super::*;
use crate::app::source_config::RequestConfig;

/// A request to a path of its own that says these words.
fn to(path: &str, body: &str) -> RequestConfig {
    let url = format!("{{{{ base_url }}}}/{path}");
    request("POST", &url, &[("x-key", "{{ key }}")], Some(body))
}

/// What is blank without an owner's own name.
fn when_known(path: &str) -> RequestConfig {
    let url = format!("{{% if owner_id %}}{{{{ base_url }}}}/{path}{{% endif %}}");
    request("POST", &url, &[], None)
}

fn desk_of(base_url: &str, acts: &[(Act, &[RequestConfig])]) -> Sources {
    let mut config = config(SourceKind::Poll(Box::new(poll_config())), mapping(&[]));
    config.base_url = base_url.to_owned();
    let acts = acts.iter().map(|(act, requests)| (*act, requests.to_vec()));
    config.way_back = acts.collect();
    let contact = Contact {
        own_names: [(MemberId::from("aoki"), "5".to_owned())].into(),
        names: [("aoki".into(), "青木".to_owned())].into(),
        ..Contact::default()
    };
    sources(&config, contact, Duration::from_secs(2))
}

/// Goes through an act as the outbox does; what was asked, each with its key and body, and how it ended.
async fn go(
    acts: &[(Act, &[RequestConfig])],
    act: &WriteBack,
    from: u32,
) -> (Vec<String>, Result<Vec<u32>, DeliveryError>) {
    let server = MockServer::start().await;
    let refused = Mock::given(path("/refused")).respond_with(ResponseTemplate::new(422));
    refused.mount(&server).await;
    let answer = Mock::given(method("POST")).respond_with(ResponseTemplate::new(201));
    answer.mount(&server).await;
    let sources = desk_of(&server.uri(), acts);
    let texts = [(text(0), "見ています".to_owned())].into();
    let (mut next, mut done) = (Some(from), Ok(Vec::new()));
    while let (Some(step), Ok(steps)) = (next, &mut done) {
        steps.push(step);
        let by = MemberId::from("aoki");
        let origin = origin(id());
        let writing = Writing {
            by: Some(&by),
            ..writing(&origin, act, &texts)
        };
        match sources.write_back(&writing, step).await {
            Ok(then) => next = then,
            Err(error) => done = Err(error),
        }
    }
    let asked = server.received_requests().await.unwrap().into_iter();
    let asked = asked.map(|request| {
        let key = request
            .headers
            .get("x-key")
            .map(|key| key.to_str().map(str::to_owned));
        let key = key.map_or_else(String::new, |key| key.unwrap_or_else(|_| "k·".to_owned()));
        let body = String::from_utf8(request.body).unwrap();
        format!("{} {key} {body}", request.url.path())
            .trim()
            .to_owned()
    });
    (asked.collect(), done)
}

fn reply() -> WriteBack {
    WriteBack::Reply { text: text(0) }
}

fn owner(member: Option<&str>, how: Handing) -> WriteBack {
    WriteBack::Owner {
        member: member.map(MemberId::from),
        how,
    }
}

#[tokio::test]
async fn the_requests_of_an_act_go_one_by_one_in_their_order_and_from_any_of_them() {
    let three = [to("a", "{{ text }}"), to("b", "{{ by }}"), to("c", "")];
    let acts: [(Act, &[RequestConfig]); 1] = [(Act::Reply, &three)];
    let (asked, done) = go(&acts, &reply(), 0).await;
    assert_eq!(asked, ["/a k· 見ています", "/b k· 青木", "/c k·"]);
    assert_eq!(done, Ok(vec![0, 1, 2]));
    let (asked, done) = go(&acts, &reply(), 1).await;
    assert_eq!(asked, ["/b k· 青木", "/c k·"]);
    assert_eq!(done, Ok(vec![1, 2]));
    // A configuration that has become shorter meanwhile leaves nothing to do.
    let (asked, done) = go(&acts, &reply(), 3).await;
    assert_eq!((asked.len(), done), (0, Ok(vec![3])));
}

#[tokio::test]
async fn each_request_has_a_key_of_its_own() {
    let two = [to("a", "{{ key }}"), to("b", "{{ key }}")];
    let (asked, _) = go(&[(Act::Reply, &two)], &reply(), 0).await;
    assert_eq!(asked, ["/a k· k·7", "/b k· k·7·2"]);
}

#[tokio::test]
async fn a_request_that_fails_ends_it_there() {
    let three = [to("a", "{{ text }}"), to("refused", ""), to("c", "")];
    let (asked, done) = go(&[(Act::Reply, &three)], &reply(), 0).await;
    assert_eq!(asked.len(), 2);
    assert!(
        matches!(done, Err(DeliveryError::Rejected { .. })),
        "{done:?}"
    );
}

#[tokio::test]
async fn a_request_without_an_address_is_passed_over() {
    let acts = [
        when_known("mine"),
        to("note", "{{ owner }}"),
        when_known("too"),
    ];
    let acts: [(Act, &[RequestConfig]); 1] = [(Act::Owner, &acts)];
    let (asked, done) = go(&acts, &owner(Some("aoki"), Handing::Unsaid), 0).await;
    assert_eq!(asked, ["/mine", "/note k· 5", "/too"]);
    assert_eq!(done, Ok(vec![0, 1, 2]));
    let (asked, done) = go(&acts, &owner(None, Handing::Unsaid), 0).await;
    assert_eq!(asked, ["/note k·"]);
    assert_eq!(done, Ok(vec![0]), "nothing waits behind it");
    // Nothing to say is no failure, but words that go nowhere are one.
    let nowhere = [when_known("mine")];
    let (_, done) = go(&[(Act::Owner, &nowhere)], &owner(None, Handing::Unsaid), 0).await;
    assert_eq!(done, Ok(vec![0]));
    let (_, done) = go(&[(Act::Reply, &nowhere)], &reply(), 0).await;
    assert!(
        matches!(done, Err(DeliveryError::Rejected { .. })),
        "{done:?}"
    );
}

#[tokio::test]
async fn a_kind_of_an_act_has_its_own_request_or_goes_as_the_act() {
    let (whole, own) = (
        [to("owner", "{{ owner_id }}")],
        [to("claim", "{{ owner_id }}")],
    );
    let acts: [(Act, &[RequestConfig]); 2] = [(Act::Owner, &whole), (Act::Claim, &own)];
    for (how, expected) in [
        (Handing::Claimed, "/claim k· 5"),
        (Handing::Assigned, "/owner k· 5"),
        (Handing::Released, "/owner k· 5"),
        (Handing::Unsaid, "/owner k· 5"),
    ] {
        let (asked, _) = go(&acts, &owner(Some("aoki"), how), 0).await;
        assert_eq!(asked, [expected], "{how:?}");
    }
    let sources = desk_of("https://t.example", &[(Act::Claim, &own)]);
    assert!(sources.takes(&id(), &owner(Some("aoki"), Handing::Claimed)));
    assert!(!sources.takes(&id(), &owner(None, Handing::Released)));
    assert!(!sources.takes(&id(), &WriteBack::Reopened));
}

#[tokio::test]
async fn a_severity_and_a_reopening_say_themselves() {
    let (severity, reopen) = ([to("s", "{{ severity }}")], [to("r", "{{ reference }}")]);
    let acts: [(Act, &[RequestConfig]); 2] = [(Act::Severity, &severity), (Act::Reopen, &reopen)];
    let set = WriteBack::Severity {
        severity: crate::domain::inquiry::Severity::S2,
    };
    assert_eq!(go(&acts, &set, 0).await.0, ["/s k· S2"]);
    assert_eq!(go(&acts, &WriteBack::Reopened, 0).await.0, ["/r k· Q-1042"]);
}

/// With which request the words of an act are there.
fn leave_at(acts: &[(Act, &[RequestConfig])], source: &str, act: &WriteBack) -> u32 {
    let texts = [(text(0), "見ています".to_owned())].into();
    let origin = origin(source.into());
    desk_of("https://t.example", acts).words_leave_at(&writing(&origin, act, &texts))
}

#[test]
fn the_words_are_there_with_the_last_request_that_says_them() {
    let (says, is_mute) = (to("a", "{{ text }}"), to("b", "done"));
    let at =
        |requests: &[RequestConfig]| leave_at(&[(Act::Reply, requests)], id().as_str(), &reply());
    assert_eq!(at(&[says.clone(), is_mute.clone()]), 0);
    assert_eq!(at(&[is_mute.clone(), says.clone()]), 1);
    assert_eq!(
        at(&[says.clone(), is_mute.clone(), says.clone(), is_mute.clone()]),
        2
    );
    assert_eq!(
        at(&[is_mute.clone(), is_mute.clone()]),
        1,
        "where none says them, all do"
    );
}

#[test]
fn a_request_without_an_address_brings_no_words() {
    let (says, is_mute) = (to("a", "{{ text }}"), to("b", "done"));
    let blank = RequestConfig {
        body: says.body.clone(),
        ..when_known("c")
    };
    let at =
        |requests: &[RequestConfig]| leave_at(&[(Act::Reply, requests)], id().as_str(), &reply());
    assert_eq!(at(&[blank.clone(), says.clone(), is_mute.clone()]), 1);
    assert_eq!(at(&[says.clone(), is_mute, blank.clone()]), 0);
    // What could have brought them before they were erased counts.
    let erased = WriteBack::Reply { text: text(9) };
    let acts: [(Act, &[RequestConfig]); 1] = [(Act::Reply, &[says, blank])];
    assert_eq!(leave_at(&acts, id().as_str(), &erased), 1);
}

#[test]
fn what_is_not_configured_any_more_has_brought_no_words() {
    let says = [to("a", "{{ text }}")];
    let acts: [(Act, &[RequestConfig]); 1] = [(Act::Reply, &says)];
    assert_eq!(leave_at(&acts, "gone", &reply()), u32::MAX);
    assert_eq!(leave_at(&[], id().as_str(), &reply()), u32::MAX);
    assert_eq!(leave_at(&acts, id().as_str(), &WriteBack::Closed), u32::MAX);
}

#[test]
fn the_words_of_every_request_are_known_again() {
    let two = [
        to("a", "{{ text | tojson }}"),
        to("b", "{\"status\": \"{{ reference }}\"}"),
    ];
    let sources = desk_of("https://t.example", &[(Act::Reply, &two)]);
    let texts = [(text(0), "見ています".to_owned())].into();
    let origin = origin(id());
    let act = reply();
    assert_eq!(
        sources.echoes(&writing(&origin, &act, &texts)),
        ["見ています", "Q-1042"]
    );
}

async fn judged(answer: &str) -> Result<(), DeliveryError> {
    let server = MockServer::start().await;
    let body = ResponseTemplate::new(200).set_body_raw(answer.to_owned(), "application/json");
    Mock::given(method("POST"))
        .respond_with(body)
        .mount(&server)
        .await;
    let mut way = to("a", "{{ text }}");
    way.good_when = Some("not answer or 'changed' in (answer | join(' '))".to_owned());
    let sources = desk_of(&server.uri(), &[(Act::Reply, &[way])]);
    back(&sources, &reply()).await
}

#[tokio::test]
async fn a_list_that_is_answered_can_be_judged() {
    assert_eq!(judged("[]").await, Ok(()));
    assert_eq!(
        judged(r#"["Status changed from 'new' to 'open'"]"#).await,
        Ok(())
    );
    let refused = judged(r#"["Permission Denied"]"#).await;
    let why = "the source: it answered that it failed: [\"Permission Denied\"]".to_owned();
    assert_eq!(refused, Err(DeliveryError::Rejected { why }));
}
