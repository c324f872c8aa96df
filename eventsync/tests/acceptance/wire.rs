//! Servers that break off, stall, never end, or are not there enter; that a pass ends, that no event is taken for delivered, and
//! that the next pass delivers, leaves.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use eventsync::delivery::receivers::{External, HttpClient, Poster, Reply, TransportError};
use flate2::Compression;
use flate2::write::GzEncoder;

use crate::drainer::Drainer;
use crate::events::events;
use crate::home::Home;
use crate::stub::Stub;

/// A server that does this with each connection, until the test ends.
pub fn server(answer: impl Fn(TcpStream) + Send + 'static) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    std::thread::spawn(move || listener.incoming().flatten().for_each(answer));
    url
}

/// Reads a request to its end.
pub fn read_request(mut connection: &TcpStream) {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        connection.read_exact(&mut byte).expect("a byte of the request");
        head.push(byte[0]);
    }
    let head = String::from_utf8(head).expect("its head is text").to_ascii_lowercase();
    let length = head.split("content-length: ").nth(1).and_then(|rest| rest.lines().next()).expect("a length");
    let mut body = vec![0; length.parse().expect("a number")];
    connection.read_exact(&mut body).expect("the body of the request");
}

/// Answers that all is well, with this.
pub fn say(mut connection: &TcpStream, body: &str) {
    let answer = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{body}", body.len());
    connection.write_all(answer.as_bytes()).expect("it is heard");
}

/// One pass over three events meets trouble on its way: one request, nothing blamed on the events, and a cause. The next pass,
/// to a server in good health, delivers. Where the request cannot have arrived, a newer event may still take an older one up.
fn is_trouble(url: &str, why: &str, may_have_arrived: bool) {
    let home = Home::holding(&events(0..3));
    home.external(url);
    let pass = home.run(&["now", "--json"]);
    assert_eq!(pass.code, Some(1), "{pass:?}");
    let report = pass.json();
    assert_eq!((&report["transient"], &report["selected"]), (&3.into(), &3.into()), "{report}");
    let (category, cause) = (&report["failures"][0]["category"], report["failures"][0]["error"].as_str());
    assert_eq!(category, "retryable_transport", "{report}");
    assert!(cause.is_some_and(|cause| cause.contains(why)), "{report}");
    assert_eq!(home.number("SELECT count(*) FROM delivery_attempts"), 1, "it is not bisected");
    assert_eq!(home.number("SELECT sum(rejection_count) FROM delivery_ledger"), 0);
    let frozen = home.number("SELECT count(*) FROM delivery_ledger WHERE maybe_effective = 1");
    assert_eq!(frozen, if may_have_arrived { 3 } else { 0 }, "{report}");
    let healthy = Stub::start();
    home.external(&healthy.url);
    assert_eq!(home.run(&["now"]).code, Some(0));
    assert_eq!((healthy.ids().len(), home.number("SELECT count(*) FROM event_journal")), (3, 3));
}

#[test]
fn a_connection_that_is_reset_in_the_middle_of_the_request_is_trouble_on_the_way() {
    // What it leaves unread makes the system reset the connection.
    let url = server(|mut connection| {
        connection.read_exact(&mut [0; 40]).expect("the beginning of the request");
    });
    is_trouble(&url, "", true);
}

#[test]
fn a_name_that_nobody_has_is_trouble_on_the_way() {
    // No name server takes a label of 64 letters, so none is asked.
    is_trouble(&format!("https://{}.invalid", "a".repeat(64)), "lookup", false);
}

#[test]
fn a_server_that_speaks_no_tls_is_trouble_on_the_way() {
    let url = server(|connection| {
        let _ = (&connection).write_all(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
    });
    // A broken record may as well be one behind the request: what is unsure counts as arrived.
    is_trouble(&url.replace("http:", "https:"), "corrupt message", true);
}

#[test]
fn an_answer_of_a_hundred_megabytes_is_not_read_to_its_end() {
    const WHOLE: usize = 100 * 1024 * 1024;
    let written = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&written);
    let url = server(move |mut connection| {
        read_request(&connection);
        let head = format!("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {WHOLE}\r\n\r\n");
        let block = [b' '; 16 * 1024];
        let mut taken = connection.write_all(head.as_bytes());
        while taken.is_ok() && counter.load(Ordering::SeqCst) < WHOLE {
            taken = connection.write_all(&block);
            counter.fetch_add(block.len(), Ordering::SeqCst);
        }
    });
    is_trouble(&url, "", true);
    let written = written.load(Ordering::SeqCst);
    assert!(written < WHOLE / 2, "more than 8 MiB and what the system keeps on the way was taken: {written}");
}

#[test]
fn a_compressed_answer_that_breaks_off_is_no_success() {
    let mut compressed = GzEncoder::new(Vec::new(), Compression::default());
    compressed.write_all(br#"{"results": []}"#).expect("memory takes it");
    let compressed = compressed.finish().expect("memory takes it");
    let url = server(move |mut connection| {
        read_request(&connection);
        let half = &compressed[..compressed.len() / 2];
        let head = format!("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {}\r\n\r\n", half.len());
        let _ = connection.write_all(&[head.as_bytes(), half].concat());
    });
    let home = Home::holding(&events(0..3));
    home.external(&url);
    assert_eq!(home.run(&["now"]).code, Some(1));
    assert_eq!(home.ledger(), ["failed_transient|3"]);
    assert_eq!(home.number("SELECT count(*) FROM delivery_ledger WHERE maybe_effective = 1"), 3);
}

/// The real client, which is given a minute and waits for a moment.
struct Impatient(HttpClient);

impl Poster for Impatient {
    fn post(
        &self,
        url: &str,
        headers: &[(String, String)],
        body: &[u8],
        patience: Duration,
    ) -> Result<Reply, TransportError> {
        assert_eq!(patience, Duration::from_secs(60), "what a batch is waited for");
        self.0.post(url, headers, body, Duration::from_millis(300))
    }

    fn get(&self, url: &str, headers: &[(String, String)], _: Duration) -> Result<Reply, TransportError> {
        self.0.get(url, headers, Duration::from_millis(300))
    }
}

#[test]
fn a_server_that_stalls_longer_than_a_minute_is_given_up_and_asked_once_a_pass() {
    let stub = Stub::with_script("rules: [{times: 1, answer: {takes: true, hold: true}}]");
    let home = Home::holding(&events(0..3));
    let impatient = Impatient(HttpClient::default());
    let mut drainer = Drainer::on(&home, &stub.url);
    let receiver = || External::new(&impatient, Some(stub.url.clone()), Vec::new());
    let summary = drainer.pass(&mut receiver());
    let failure = &summary.failures[0];
    assert!(failure.error.as_ref().is_some_and(|error| error.contains("timeout")), "{failure:?}");
    assert_eq!(home.ledger(), ["failed_transient|3"]);
    assert_eq!(home.number("SELECT count(*) FROM delivery_attempts"), 1);
    assert_eq!(home.number("SELECT count(*) FROM delivery_ledger WHERE maybe_effective = 1"), 3);
    drainer.pass(&mut receiver());
    assert_eq!(home.ledger(), ["duplicate|3"], "it had taken them before it stalled");
}

#[test]
fn consent_that_is_taken_back_holds_between_the_pieces_of_a_batch() {
    let home = Home::holding(&events(0..20));
    let (store, requests) = (home.root().join("sync.db"), AtomicUsize::new(0));
    let url = server(move |mut connection| {
        read_request(&connection);
        if requests.fetch_add(1, Ordering::Relaxed) > 0 {
            return say(&connection, r#"{"results": []}"#);
        }
        let store = rusqlite::Connection::open(&store).expect("the store");
        store.busy_timeout(Duration::from_secs(10)).expect("a timeout");
        store.execute("UPDATE project_consent SET state = 'revoked'", []).expect("a decision");
        let answer = b"HTTP/1.1 400 Bad Request\r\nContent-Length: 2\r\n\r\n{}";
        connection.write_all(answer).expect("it is heard");
    });
    home.external(&url);
    home.run(&["now"]);
    assert_eq!(home.number("SELECT count(*) FROM delivery_attempts"), 1, "the halves stay here");
    assert_eq!(home.number("SELECT count(*) FROM in_flight"), 0);
    assert_eq!(home.run(&["consent", "grant"]).code, Some(0));
    assert_eq!(home.run(&["now"]).code, Some(0));
    assert_eq!(home.ledger(), ["pending|20"], "no pass has gone over them");
}
