//! Bytes of HTTP/1.1 enter; a request leaves, and an answer goes the other way.

use std::io::{self, BufRead, Read, Write};

use flate2::read::GzDecoder;

/// No request is longer than this, compressed or not.
const MOST_BYTES: u64 = 64 * 1024 * 1024;

/// A request.
#[derive(Debug)]
pub(super) struct Request {
    pub method: String,
    pub path: String,
    /// By name in lower case.
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Request {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// An answer, or what is done in its place.
#[derive(Debug, Default)]
pub(super) struct Answered {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
    pub is_dropped: bool,
    pub is_held: bool,
    pub cut_after: Option<usize>,
}

/// The next request of a connection; none where the client closed it.
pub(super) fn read(reader: &mut impl BufRead) -> io::Result<Option<Request>> {
    let Some(first) = line(reader)? else { return Ok(None) };
    let mut words = first.split(' ');
    let (Some(method), Some(path)) = (words.next(), words.next()) else { return Err(malformed("no request line")) };
    let (method, path) = (method.to_owned(), path.to_owned());
    let mut headers = Vec::new();
    while let Some(text) = line(reader)?.filter(|text| !text.is_empty()) {
        let (name, value) = text.split_once(':').ok_or_else(|| malformed("no header"))?;
        headers.push((name.trim().to_ascii_lowercase(), value.trim().to_owned()));
    }
    let mut request = Request { method, path, headers, body: Vec::new() };
    let length = request.header("content-length").map_or(Ok(0), str::parse::<u64>);
    let length = length.ok().filter(|length| *length <= MOST_BYTES).ok_or_else(|| malformed("no usable length"))?;
    let mut body = Vec::new();
    reader.take(length).read_to_end(&mut body)?;
    if u64::try_from(body.len()).is_ok_and(|got| got < length) {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    if request.header("content-encoding") == Some("gzip") {
        GzDecoder::new(&body[..]).take(MOST_BYTES).read_to_end(&mut request.body)?;
    } else {
        request.body = body;
    }
    Ok(Some(request))
}

/// Writes an answer, or as much of it as the script wants.
pub(super) fn write(out: &mut impl Write, answer: &Answered) -> io::Result<()> {
    let headers: String = answer.headers.iter().flat_map(|(name, value)| [name, ": ", value, "\r\n"]).collect();
    let text = format!("HTTP/1.1 {} Answer\r\nContent-Length: {}\r\n{headers}\r\n", answer.status, answer.body.len());
    let body = &answer.body[..answer.cut_after.unwrap_or(usize::MAX).min(answer.body.len())];
    out.write_all(&[text.as_bytes(), body].concat())?;
    out.flush()?;
    if answer.cut_after.is_some() { Err(io::ErrorKind::ConnectionAborted.into()) } else { Ok(()) }
}

fn line(reader: &mut impl BufRead) -> io::Result<Option<String>> {
    let mut bytes = Vec::new();
    if reader.take(MOST_BYTES).read_until(b'\n', &mut bytes)? == 0 {
        return Ok(None);
    }
    let text = String::from_utf8(bytes).map_err(|_| malformed("no text"))?;
    Ok(Some(text.trim_end_matches(['\r', '\n']).to_owned()))
}

fn malformed(what: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, what)
}
