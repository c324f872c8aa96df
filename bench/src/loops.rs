//! Events in JSON Lines or a database enter; the work that `eventsync` cannot avoid is done in a bare loop, for timing its whole
//! process from outside. None of these loops checks, remembers or survives anything.

use std::error::Error;
use std::fs::File;
use std::hint::black_box;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::ops::Range;

use flate2::Compression;
use flate2::write::GzEncoder;
use rusqlite::Connection;
use sha2::{Digest, Sha256};

type Done = Result<(), Box<dyn Error>>;

/// Rows of a transaction, and events of a request.
const GROUP: usize = 1000;

/// Where the lines of the bench have their id.
const ID: Range<usize> = 13..39;

const EVENTS: &str =
    "CREATE TABLE events (seq INTEGER PRIMARY KEY, event_id TEXT NOT NULL UNIQUE, sha BLOB, payload BLOB NOT NULL);";

/// Runs the loop of this name.
pub fn run(name: &str, words: &[String]) -> Done {
    match (name, words) {
        ("append", [lines, file]) => append(lines, file),
        ("insert", [lines, database]) => insert(lines, database),
        ("post", [database, address]) => post(database, address),
        ("table", [database]) => table(database),
        ("queue", [lines, queue]) => fill_queue(lines, queue),
        ("import", [queue, database]) => import(queue, database),
        _ => Err(format!("no loop is `{name}` with {} words", words.len()).into()),
    }
}

/// Appends each line to a file and waits until it is on the disk.
fn append(lines: &str, file: &str) -> Done {
    let mut out = File::create(file)?;
    each_line(lines, |line| {
        out.write_all(line)?;
        out.write_all(b"\n")?;
        Ok(out.sync_data()?)
    })
}

/// Inserts the lines, a thousand a transaction, each of them on the disk.
fn insert(lines: &str, database: &str) -> Done {
    let connection = fresh(database, EVENTS)?;
    let mut statement = connection.prepare("INSERT INTO events (event_id, payload) VALUES (?1, ?2)")?;
    let mut count = 0;
    connection.execute_batch("BEGIN IMMEDIATE")?;
    each_line(lines, |line| {
        statement.execute((std::str::from_utf8(&line[ID])?, line))?;
        count += 1;
        if count % GROUP == 0 {
            connection.execute_batch("COMMIT; BEGIN IMMEDIATE")?;
        }
        Ok(())
    })?;
    Ok(connection.execute_batch("COMMIT")?)
}

/// Reads every payload of a journal, and posts a thousand at a time, compressed, on one connection.
fn post(database: &str, address: &str) -> Done {
    let connection = Connection::open(database)?;
    let mut statement = connection.prepare("SELECT payload FROM event_journal ORDER BY seq")?;
    let mut rows = statement.query([])?;
    let mut server = BufReader::new(TcpStream::connect(address)?);
    let mut batch = Vec::new();
    loop {
        let row = rows.next()?;
        let is_last = row.is_none();
        if let Some(row) = row {
            batch.push(row.get::<_, Vec<u8>>(0)?);
        }
        if batch.len() == GROUP || is_last && !batch.is_empty() {
            let mut body = GzEncoder::new(Vec::new(), Compression::fast());
            body.write_all(br#"{"events":["#)?;
            body.write_all(&batch.join(&b','))?;
            body.write_all(b"]}")?;
            exchange(&mut server, address, &body.finish()?)?;
            batch.clear();
        }
        if is_last {
            return Ok(());
        }
    }
}

/// One request, and its answer, which is read and not looked at.
fn exchange(server: &mut BufReader<TcpStream>, address: &str, body: &[u8]) -> Done {
    let head = format!(
        "POST / HTTP/1.1\r\nHost: {address}\r\nContent-Type: application/json\r\nContent-Encoding: gzip\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    server.get_mut().write_all(&[head.as_bytes(), body].concat())?;
    let (mut length, mut line) = (0, String::new());
    while server.read_line(&mut line)? > 2 {
        if let Some(told) = line.strip_prefix("Content-Length: ") {
            length = told.trim_end().parse()?;
        }
        line.clear();
    }
    let mut answer = vec![0; length];
    server.read_exact(&mut answer)?;
    if !answer.starts_with(b"{\"results\"") {
        return Err("the receiver did not take a batch".into());
    }
    Ok(())
}

/// Reads every row of a journal, its payload too.
fn table(database: &str) -> Done {
    let connection = Connection::open(database)?;
    let mut statement = connection.prepare("SELECT * FROM event_journal NOT INDEXED")?;
    let payload = statement.column_index("payload")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        black_box(row.get_ref(payload)?.as_blob()?);
    }
    Ok(())
}

/// Fills a queue as older programs did; this is not measured.
fn fill_queue(lines: &str, queue: &str) -> Done {
    const TABLES: &str = "CREATE TABLE queue (id INTEGER PRIMARY KEY AUTOINCREMENT, event_id TEXT UNIQUE NOT NULL,
      event_type TEXT NOT NULL, data TEXT NOT NULL, timestamp INTEGER NOT NULL, retry_count INTEGER DEFAULT 0,
      coalesce_key TEXT); BEGIN;";
    let connection = fresh(queue, TABLES)?;
    let mut statement = connection.prepare(
        "INSERT INTO queue (event_id, event_type, data, timestamp) VALUES (?1, 'WPCreated', ?2, 1769860800)",
    )?;
    each_line(lines, |line| {
        let text = std::str::from_utf8(line)?;
        statement.execute((&text[ID], text))?;
        Ok(())
    })?;
    Ok(connection.execute_batch("COMMIT")?)
}

/// Reads every row of a queue, hashes it and inserts it elsewhere, all in one transaction.
fn import(queue: &str, database: &str) -> Done {
    let (from, to) = (Connection::open(queue)?, fresh(database, EVENTS)?);
    let mut read = from.prepare("SELECT event_id, data FROM queue ORDER BY timestamp, id")?;
    let mut write = to.prepare("INSERT INTO events (event_id, sha, payload) VALUES (?1, ?2, ?3)")?;
    to.execute_batch("BEGIN IMMEDIATE")?;
    let mut rows = read.query([])?;
    while let Some(row) = rows.next()? {
        let (event_id, data) = (row.get_ref(0)?.as_str()?, row.get_ref(1)?.as_bytes()?);
        write.execute((event_id, &Sha256::digest(data)[..], data))?;
    }
    Ok(to.execute_batch("COMMIT")?)
}

/// A database that was not there, whose commits are on the disk when they return.
fn fresh(path: &str, tables: &str) -> Result<Connection, Box<dyn Error>> {
    let connection = Connection::open(path)?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.execute_batch(tables)?;
    Ok(connection)
}

fn each_line(path: &str, mut each: impl FnMut(&[u8]) -> Done) -> Done {
    let mut lines = BufReader::with_capacity(1 << 16, File::open(path)?);
    let mut line = Vec::new();
    while lines.read_until(b'\n', &mut line)? > 0 {
        each(line.strip_suffix(b"\n").unwrap_or(&line))?;
        line.clear();
    }
    Ok(())
}
