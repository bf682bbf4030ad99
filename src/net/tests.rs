#![allow(clippy::unwrap_used)]

use std::collections::HashMap;
use std::future::Future;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::sync::Mutex;

use proptest::prelude::*;
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

use super::*;

const CORPUS: &str = include_str!(concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/tests/corpora/ssrf.json"
));

fn rows(section: &str) -> Vec<Value> {
    let corpus: Value = serde_json::from_str(CORPUS).unwrap();
    corpus["sections"][section].as_array().unwrap().clone()
}

fn strict() -> Guard {
    Guard::new(&[], &[])
}

fn ip(text: &str) -> IpAddr {
    text.parse().unwrap()
}

fn url(text: &str) -> Url {
    text.parse().unwrap()
}

/// Names for the tests: each look-up takes the next answer, the last one stays; no answers at all hang.
#[derive(Default)]
struct Names {
    answers: Mutex<HashMap<String, Vec<Vec<IpAddr>>>>,
    asked: Mutex<Vec<String>>,
}

impl Names {
    fn new(name: &str, answers: &[&[&str]]) -> Arc<Names> {
        let answers = answers
            .iter()
            .map(|a| a.iter().map(|t| ip(t)).collect())
            .collect();
        Arc::new(Names {
            answers: Mutex::new(HashMap::from([(name.to_owned(), answers)])),
            asked: Mutex::default(),
        })
    }
}

impl Lookup for Names {
    fn lookup(
        &self,
        name: String,
    ) -> Pin<Box<dyn Future<Output = io::Result<Vec<IpAddr>>> + Send>> {
        self.asked.lock().unwrap().push(name.clone());
        let mut answers = self.answers.lock().unwrap();
        let found = match answers.get_mut(&name) {
            None => Err(io::Error::new(io::ErrorKind::NotFound, "no such name")),
            Some(left) if left.is_empty() => return Box::pin(std::future::pending()),
            Some(left) if left.len() == 1 => Ok(left[0].clone()),
            Some(left) => Ok(left.remove(0)),
        };
        Box::pin(async move { found })
    }
}

fn settings() -> Settings {
    Settings {
        allow_private: vec!["127.0.0.1".parse().unwrap()],
        connect: Duration::from_secs(5),
        total: Duration::from_secs(10),
        answer_cap: 1000,
        ..Settings::default()
    }
}

fn client() -> Client {
    Client::new(&settings()).unwrap()
}

/// Answers every connection with `answer` and hands the requests out; `None` closes without an answer.
async fn server(answer: Option<&'static [u8]>) -> (SocketAddr, JoinHandle<Vec<u8>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let at = listener.local_addr().unwrap();
    let task = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let request = read_request(&mut stream).await;
        if let Some(answer) = answer {
            // the client may hang up before all is written
            let _ = stream.write_all(answer).await;
        }
        request
    });
    (at, task)
}

async fn read_request(stream: &mut TcpStream) -> Vec<u8> {
    let mut request = Vec::new();
    let mut part = [0; 1024];
    while !request.windows(4).any(|w| w == b"\r\n\r\n") {
        match stream.read(&mut part).await.unwrap_or(0) {
            0 => break,
            n => request.extend_from_slice(&part[..n]),
        }
    }
    request
}

const OK: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok";

#[test]
fn address_rows_pass() {
    let rows = rows("ip");
    assert!(rows.len() >= 86);
    for row in rows {
        let got = strict().check("host", ip(row["ip"].as_str().unwrap()));
        assert_eq!(
            got.is_err(),
            row["block"].as_bool().unwrap(),
            "{row}: {got:?}"
        );
    }
}

#[test]
fn url_rows_pass() {
    let rows = rows("url");
    assert!(rows.len() >= 5);
    for row in rows {
        let refused = match Url::parse(row["url"].as_str().unwrap()) {
            Ok(url) => strict().check_url(&url).is_err(),
            Err(_) => true,
        };
        assert_eq!(refused, row["block"].as_bool().unwrap(), "{row}");
    }
}

#[test]
fn other_spellings_of_this_host_are_refused() {
    for text in [
        "http://127.1/",
        "http://2130706433/",
        "http://0x7f.1/",
        "http://0x7f000001/",
        "http://017700000001/",
        "http://127.0.0.1./",
        "http://[::1]/",
        "http://[::]/",
        "http://[::ffff:7f00:1]/",
        "http://[64:ff9b::127.0.0.1]/",
        "http://0/",
        "http://169.254.169.254/latest/meta-data/",
        "http://168.63.129.16/",
        "http://[fd00:ec2::254]/",
        "ftp://example.com/",
        "file:///etc/passwd",
        "https://user:secret@example.com/",
        "https://example.com:25/",
    ] {
        assert!(strict().check_url(&url(text)).is_err(), "{text}");
    }
}

#[test]
fn the_public_internet_is_open() {
    for text in [
        "https://example.com/",
        "http://example.com:8080/",
        "https://93.184.215.14/",
        "https://[2606:4700::1111]/",
    ] {
        assert_eq!(strict().check_url(&url(text)), Ok(()), "{text}");
    }
    // a public address behind the provider's translator is public
    assert_eq!(strict().check("h", ip("64:ff9b::808:808")), Ok(()));
    assert_eq!(strict().check("h", ip("::ffff:8.8.8.8")), Ok(()));
}

#[test]
fn what_is_listed_is_allowed_and_nothing_beside_it() {
    let guard = Guard::new(
        &["10.1.0.0/16".parse().unwrap()],
        &["Redmine.internal.".to_owned()],
    );
    assert_eq!(guard.check("x", ip("10.1.2.3")), Ok(()));
    assert_eq!(guard.check("x", ip("::ffff:10.1.2.3")), Ok(()));
    assert!(guard.check("x", ip("10.2.0.0")).is_err());
    assert_eq!(guard.check("redmine.internal", ip("192.168.7.7")), Ok(()));
    assert_eq!(guard.check("redmine.internal", ip("fd12::1")), Ok(()));
    assert!(
        guard
            .check("evil.redmine.internal", ip("192.168.7.7"))
            .is_err()
    );
    // a listed name is no way to a metadata service
    assert!(
        guard
            .check("redmine.internal", ip("169.254.169.254"))
            .is_err()
    );
    assert!(
        guard
            .check("redmine.internal", ip("fd00:ec2::254"))
            .is_err()
    );
}

#[test]
fn a_metadata_service_in_a_private_range_stays_closed_to_listed_names() {
    let guard = Guard::new(&[], &["h".to_owned()]);
    assert_eq!(guard.check("h", ip("100.100.100.199")), Ok(()));
    assert!(guard.check("h", ip("100.100.100.200")).is_err());
}

#[test]
fn refusals_name_host_address_and_remedy() {
    let says = |text: &str| strict().check_url(&url(text)).unwrap_err().to_string();
    insta::assert_snapshot!(says("http://10.0.0.1/"), @"10.0.0.1 is at 10.0.0.1, a private network; allow it with `allow_private` if that is meant");
    insta::assert_snapshot!(says("gopher://x/"), @"scheme `gopher` is not allowed; use https");
    insta::assert_snapshot!(says("https://x:22/"), @"port 22 belongs to another protocol and is not allowed");
    insta::assert_snapshot!(says("https://a@x/"), @"a name or password in the URL is not allowed; use a header");
}

#[test]
fn ranges_are_read_from_configuration() {
    assert_eq!(
        "10.1.2.3/16".parse::<Cidr>().unwrap().to_string(),
        "10.1.0.0/16"
    );
    assert_eq!("::1".parse::<Cidr>().unwrap().to_string(), "::1/128");
    assert!(serde_json::from_str::<Vec<Cidr>>(r#"["10.0.0.0/8", "fd00::/8"]"#).is_ok());
    insta::assert_snapshot!("10.0.0.0/33".parse::<Cidr>().unwrap_err(), @"`10.0.0.0/33` is no address range; write one such as `10.1.0.0/16` or `fd00:1::/64`");
}

#[tokio::test]
async fn a_request_goes_out_and_its_answer_comes_back() {
    let (at, task) = server(Some(OK)).await;
    let request = Request::post_json(
        url(&format!("http://{at}/a?key=1")),
        &serde_json::json!({"a": 1}),
    )
    .header("x-a", "b");
    assert_eq!(format!("{request:?}"), format!("POST http://{at}/a"));
    let answer = client().send(request).await.unwrap();
    assert_eq!(
        (answer.status.as_u16(), answer.body.as_slice()),
        (200, b"ok".as_slice())
    );
    assert_eq!(answer.header("content-length"), Some("2"));
    let sent = String::from_utf8(task.await.unwrap()).unwrap();
    assert!(sent.starts_with("POST /a?key=1 HTTP/1.1\r\n"), "{sent}");
    assert!(
        sent.contains(&format!(
            "user-agent: toban/{}\r\n",
            env!("CARGO_PKG_VERSION")
        )),
        "{sent}"
    );
    assert!(
        sent.contains("x-a: b\r\n") && sent.contains("content-type: application/json"),
        "{sent}"
    );
}

#[tokio::test]
async fn a_redirect_is_an_answer() {
    let (at, task) = server(Some(
        b"HTTP/1.1 302 Found\r\nLocation: http://169.254.169.254/\r\nContent-Length: 0\r\n\r\n",
    ))
    .await;
    let answer = client()
        .send(Request::get(url(&format!("http://{at}/"))))
        .await
        .unwrap();
    assert_eq!(
        (answer.status.as_u16(), answer.header("location")),
        (302, Some("http://169.254.169.254/"))
    );
    task.await.unwrap();
}

#[tokio::test]
async fn a_name_is_refused_by_any_of_its_addresses() {
    let names = Names::new("mixed.test", &[&["93.184.215.14", "10.0.0.1"]]);
    let client = Client::with_lookup(&settings(), names).unwrap();
    let failure = client
        .send(Request::get(url("http://mixed.test/")))
        .await
        .unwrap_err();
    let expected = Refusal::Address {
        host: "mixed.test".into(),
        address: ip("10.0.0.1"),
        what: "a private network",
    };
    assert_eq!(failure, Failure::NotSent(NotSent::Refused(expected)));
    assert!(!failure.has_left());
}

#[tokio::test]
async fn the_address_that_was_checked_is_the_one_connected_to() {
    let (at, task) = server(Some(OK)).await;
    // a second look-up would lead to the metadata service
    let names = Names::new("rebind.test", &[&["127.0.0.1"], &["169.254.169.254"]]);
    let client = Client::with_lookup(&settings(), names.clone()).unwrap();
    let target = url(&format!("http://rebind.test:{}/", at.port()));
    assert_eq!(
        client
            .send(Request::get(target.clone()))
            .await
            .unwrap()
            .body,
        b"ok"
    );
    assert_eq!(names.asked.lock().unwrap().len(), 1);
    task.await.unwrap();
    let failure = client.send(Request::get(target)).await.unwrap_err();
    assert!(
        matches!(failure, Failure::NotSent(NotSent::Refused(_))),
        "{failure:?}"
    );
}

#[tokio::test]
async fn an_allowed_host_may_be_on_this_host() {
    let (at, task) = server(Some(OK)).await;
    let own = Settings {
        allow_private: vec![],
        allow_hosts: vec!["tracker.test".into()],
        ..settings()
    };
    let client = Client::with_lookup(&own, Names::new("tracker.test", &[&["127.0.0.1"]])).unwrap();
    let answer = client
        .send(Request::get(url(&format!(
            "http://tracker.test:{}/",
            at.port()
        ))))
        .await
        .unwrap();
    assert_eq!(answer.body, b"ok");
    let failure = client
        .send(Request::get(url(&format!("http://{at}/"))))
        .await
        .unwrap_err();
    assert!(
        matches!(failure, Failure::NotSent(NotSent::Refused(_))),
        "{failure:?}"
    );
    task.await.unwrap();
}

#[tokio::test]
async fn nothing_was_sent_when_nobody_listens() {
    let at = TcpListener::bind("127.0.0.1:0")
        .await
        .unwrap()
        .local_addr()
        .unwrap();
    let failure = client()
        .send(Request::get(url(&format!("http://{at}/"))))
        .await
        .unwrap_err();
    assert!(
        matches!(failure, Failure::NotSent(NotSent::Connect(_))),
        "{failure:?}"
    );
    let client = Client::with_lookup(&settings(), Names::new("a", &[])).unwrap();
    let failure = client
        .send(Request::get(url("http://unknown.test/")))
        .await
        .unwrap_err();
    assert_eq!(failure.to_string(), "cannot connect: no such name");
}

#[tokio::test]
async fn nothing_was_sent_when_connecting_takes_too_long() {
    let quick = Settings {
        connect: Duration::from_millis(50),
        ..settings()
    };
    let client = Client::with_lookup(&quick, Names::new("slow.test", &[])).unwrap();
    let failure = client
        .send(Request::get(url("http://slow.test/")))
        .await
        .unwrap_err();
    assert_eq!(failure, Failure::NotSent(NotSent::ConnectTimeout));
}

#[tokio::test]
async fn nothing_was_sent_when_the_other_side_speaks_no_tls() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let at = listener.local_addr().unwrap();
    let task = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        stream
            .write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n")
            .await
            .unwrap();
        stream
    });
    let failure = client()
        .send(Request::get(url(&format!("https://{at}/"))))
        .await
        .unwrap_err();
    assert!(
        matches!(failure, Failure::NotSent(NotSent::Tls(_))),
        "{failure:?}"
    );
    task.await.unwrap();
}

#[tokio::test]
async fn no_answer_in_time_leaves_the_outcome_unknown() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let at = listener.local_addr().unwrap();
    let task = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        read_request(&mut stream).await;
        stream
    });
    let request = Request::get(url(&format!("http://{at}/"))).total(Duration::from_millis(200));
    let failure = client().send(request).await.unwrap_err();
    assert_eq!(failure, Failure::Unknown(Unknown::TimedOut));
    assert!(failure.has_left());
    task.await.unwrap();
}

#[tokio::test]
async fn a_broken_connection_leaves_the_outcome_unknown() {
    for answer in [
        None,
        Some(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf".as_slice()),
    ] {
        let (at, task) = server(answer).await;
        let failure = client()
            .send(Request::get(url(&format!("http://{at}/"))))
            .await
            .unwrap_err();
        assert!(
            matches!(failure, Failure::Unknown(Unknown::BrokenOff(_))),
            "{failure:?}"
        );
        task.await.unwrap();
    }
}

#[tokio::test]
async fn an_answer_too_large_is_cut_off() {
    const LONG: &[u8] =
        b"HTTP/1.1 201 Created\r\nContent-Length: 11\r\nConnection: close\r\n\r\nhello world";
    for (cap, is_fine) in [(11, true), (10, false)] {
        let (at, task) = server(Some(LONG)).await;
        let got = client()
            .send(Request::get(url(&format!("http://{at}/"))).answer_cap(cap))
            .await;
        match got {
            Ok(answer) => assert!(is_fine && answer.body == b"hello world"),
            Err(failure) => {
                assert!(!is_fine && failure.has_left());
                assert_eq!(
                    failure.to_string(),
                    "the answer (status 201) is larger than 10 bytes"
                );
            }
        }
        task.await.unwrap();
    }
}

#[tokio::test]
async fn a_header_cannot_smuggle_another() {
    let target = url("http://127.0.0.1:1024/");
    for (name, value) in [
        ("x-a", "b\r\nx-c: d"),
        ("x-a\r\nx-b", "c"),
        ("x-a", "b\n"),
        ("", "a"),
    ] {
        let failure = client()
            .send(Request::get(target.clone()).header(name, value))
            .await
            .unwrap_err();
        assert!(
            matches!(failure, Failure::NotSent(NotSent::Invalid(_))),
            "{failure:?}"
        );
    }
}

proptest! {
    #[test]
    fn no_spelling_of_a_closed_address_gets_through(bits in any::<u32>(), form in 0..5usize) {
        let v4 = std::net::Ipv4Addr::from_bits(bits);
        let [a, b, c, d] = v4.octets();
        let text = match form {
            0 => format!("http://{bits}/"),
            1 => format!("http://{a:#x}.{b:#o}.{c}.{d}/").replace("0o", "0"),
            2 => format!("http://[::ffff:{v4}]/"),
            3 => format!("http://[64:ff9b::{v4}]/"),
            _ => format!("http://{bits:#x}/"),
        };
        let plain = strict().check("h", IpAddr::V4(v4)).is_err();
        prop_assert_eq!(strict().check_url(&url(&text)).is_err(), plain, "{}", text);
    }
}

#[tokio::test]
async fn a_bare_line_leads_only_where_the_guard_allows() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let client = |settings: &Settings| {
        let names = Names::new("mail.test", &[&["127.0.0.1"]]);
        Client::with_lookup(settings, names).unwrap()
    };
    let strict = client(&Settings::default());
    for host in ["127.0.0.1", "mail.test", "[::1]"] {
        let refused = strict.line(host, port).await.unwrap_err();
        assert!(matches!(refused, NotSent::Refused(_)), "{host}: {refused}");
    }
    let open = client(&Settings {
        allow_hosts: vec!["mail.test".to_owned()],
        ..Settings::default()
    });
    let line = open.line("mail.test", port).await.unwrap();
    assert_eq!(line.peer_addr().unwrap().port(), port);
    drop(listener);
    let gone = open.line("mail.test", port).await.unwrap_err();
    assert!(matches!(gone, NotSent::Connect(_)), "{gone}");
}

/// Papers of an authority that nobody knows, and of a server on this host that it vouches for.
fn papers() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    std::fs::write(
        at("server.ext"),
        "subjectAltName=IP:127.0.0.1\nbasicConstraints=critical,CA:FALSE\n",
    )
    .unwrap();
    let key = "-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes";
    for options in [
        format!("req -x509 {key} -keyout ca.key -out ca.pem -days 2 -subj /CN=house"),
        format!("req {key} -keyout server.key -out server.csr -subj /CN=server"),
        "x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -extfile server.ext -out server.pem"
            .to_owned(),
    ] {
        let done = std::process::Command::new("openssl")
            .args(options.split_whitespace())
            .current_dir(folder.path())
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&done.stderr);
        assert!(done.status.success(), "openssl {options}: {said}");
    }
    folder
}

#[tokio::test]
async fn a_server_of_ones_own_authority_is_trusted_once_that_is_named() {
    use tokio_rustls::rustls::pki_types::pem::PemObject as _;
    use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
    use tokio_rustls::{TlsAcceptor, rustls};
    let papers = papers();
    let at = |name: &str| papers.path().join(name);
    let shown = CertificateDer::from_pem_file(at("server.pem")).unwrap();
    let key = PrivateKeyDer::from_pem_file(at("server.key")).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![shown], key)
        .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let house = tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            // Who does not trust it hangs up.
            if let Ok(mut stream) = acceptor.accept(stream).await {
                let mut part = [0; 1024];
                let _ = stream.read(&mut part).await;
                let _ = stream
                    .write_all(b"HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n")
                    .await;
                let _ = stream.shutdown().await;
            }
        }
    });
    let asked = async |authorities: Authorities| {
        let settings = Settings {
            authorities,
            ..settings()
        };
        let request = Request::get(url(&format!("https://127.0.0.1:{port}/")));
        Client::new(&settings).unwrap().send(request).await
    };
    let stranger = asked(Authorities::default()).await.unwrap_err();
    assert!(
        matches!(stranger, Failure::NotSent(NotSent::Tls(_))),
        "{stranger}"
    );
    let pem = std::fs::read_to_string(at("ca.pem")).unwrap();
    let known = asked(Authorities::read(&pem).unwrap()).await.unwrap();
    assert_eq!(known.status, StatusCode::NO_CONTENT);
    house.abort();
}

#[test]
fn an_authority_that_is_none_is_told_at_the_start() {
    let broken = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n";
    for (pem, expected) in [
        ("", "no certificate in it"),
        ("-----BEGIN CERTIFICATE-----\n", "no certificate in it"),
        (broken, "certificate 1 in it cannot be read"),
    ] {
        let said = Authorities::read(pem).unwrap_err().to_string();
        assert!(said.contains(expected), "{said}");
    }
}
