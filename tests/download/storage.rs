//! A storage on this machine whose answers are scripted.

use std::collections::{HashMap, VecDeque};
use std::fmt::Write as _;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard};
use std::thread;
use std::time::Duration;

/// A word in every link.
pub(crate) const CANARY: &str = "canary-link";

/// What the storage does with a request; what is not scripted is answered as it should be.
#[derive(Clone, Debug)]
pub(crate) enum Act {
    /// Sends so many bytes of the body and hangs up.
    Cut(usize),
    /// Answers this status and nothing else.
    Status(u16),
    /// Sends elsewhere.
    Redirect(String),
    /// Says this before the body instead of the truth.
    Claim(&'static str, String),
    /// Has another file from now on.
    Change(Vec<u8>, &'static str),
    /// Sends the body slowly, so many bytes and a pause.
    Drip(usize, Duration),
}

/// A file of the storage.
#[derive(Clone, Debug)]
pub(crate) struct Object {
    pub(crate) bytes: Vec<u8>,
    pub(crate) etag: Option<&'static str>,
    pub(crate) has_ranges: bool,
    pub(crate) has_length: bool,
    pub(crate) more: &'static str,
}

impl Object {
    pub(crate) fn new(bytes: Vec<u8>) -> Self {
        Self {
            bytes,
            etag: Some("\"v1\""),
            has_ranges: true,
            has_length: true,
            more: "",
        }
    }
}

/// A request the storage has received.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    pub(crate) path: String,
    pub(crate) headers: HashMap<String, String>,
}

impl Asked {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(String::as_str)
    }
}

#[derive(Default)]
pub(crate) struct Shelf {
    pub(crate) object: Option<Object>,
    pub(crate) script: VecDeque<Act>,
    pub(crate) asked: Vec<Asked>,
}

/// A storage on this machine. Its thread ends with the process.
#[derive(Clone)]
pub(crate) struct Storage {
    pub(crate) address: String,
    shelf: Arc<Mutex<Shelf>>,
}

impl Storage {
    pub(crate) fn start(object: Object) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let shelf = Arc::new(Mutex::new(Shelf {
            object: Some(object),
            ..Shelf::default()
        }));
        let served = Arc::clone(&shelf);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let served = Arc::clone(&served);
                thread::spawn(move || serve(stream, &served));
            }
        });
        Self { address, shelf }
    }

    pub(crate) fn shelf(&self) -> MutexGuard<'_, Shelf> {
        self.shelf.lock().unwrap()
    }

    pub(crate) fn act(&self, acts: impl IntoIterator<Item = Act>) {
        self.shelf().script.extend(acts);
    }

    pub(crate) fn asked(&self) -> Vec<Asked> {
        self.shelf().asked.clone()
    }

    pub(crate) fn link(&self, path: &str) -> String {
        format!("http://{}/{path}?signature={CANARY}", self.address)
    }
}

fn serve(stream: TcpStream, shelf: &Mutex<Shelf>) {
    let Some(asked) = read(&stream) else { return };
    let (act, object) = {
        let mut shelf = shelf.lock().unwrap();
        shelf.asked.push(asked.clone());
        let act = shelf.script.pop_front();
        if let (Some(Act::Change(bytes, etag)), Some(object)) = (&act, &mut shelf.object) {
            object.bytes.clone_from(bytes);
            object.etag = Some(*etag);
        }
        (act, shelf.object.clone().unwrap())
    };
    // Whoever hangs up does not care for the rest.
    let _ = answer(stream, &asked, act.as_ref(), &object);
}

fn read(stream: &TcpStream) -> Option<Asked> {
    let mut lines = BufReader::new(stream).lines();
    let first = lines.next()?.ok()?;
    let mut headers = HashMap::new();
    for line in lines
        .map_while(Result::ok)
        .take_while(|line| !line.is_empty())
    {
        let (name, value) = line.split_once(':')?;
        headers.insert(name.to_ascii_lowercase(), value.trim().to_owned());
    }
    let path = first.split(' ').nth(1)?.to_owned();
    Some(Asked { path, headers })
}

fn answer(
    mut stream: TcpStream,
    asked: &Asked,
    act: Option<&Act>,
    object: &Object,
) -> std::io::Result<()> {
    const END: &str = "connection: close\r\n\r\n";
    match act {
        Some(Act::Status(status)) => {
            return write!(stream, "HTTP/1.1 {status} X\r\ncontent-length: 0\r\n{END}");
        }
        Some(Act::Redirect(to)) => {
            return write!(
                stream,
                "HTTP/1.1 302 X\r\nlocation: {to}\r\ncontent-length: 0\r\n{END}"
            );
        }
        Some(Act::Cut(_) | Act::Claim(..) | Act::Change(..) | Act::Drip(..)) | None => {}
    }
    let total = object.bytes.len();
    let fits = asked
        .header("if-range")
        .is_none_or(|it| Some(it) == object.etag);
    let range = asked.header("range").filter(|_| fits && object.has_ranges);
    let from = range.and_then(|it| it.strip_prefix("bytes=")?.strip_suffix('-')?.parse().ok());
    let (status, from, place) = match from {
        Some(from) if from >= total => (416, total, format!("content-range: bytes */{total}\r\n")),
        Some(from) => {
            let last = total - 1;
            (
                206,
                from,
                format!("content-range: bytes {from}-{last}/{total}\r\n"),
            )
        }
        None => (200, 0, String::new()),
    };
    let body = &object.bytes[from..];
    let mut head = format!("HTTP/1.1 {status} X\r\n{place}{}", object.more);
    if object.has_length {
        let _ = write!(head, "content-length: {}\r\n", body.len());
    }
    if let Some(etag) = object.etag {
        let _ = write!(head, "etag: {etag}\r\n");
    }
    if let Some(Act::Claim(name, value)) = act {
        let _ = write!(head, "{name}: {value}\r\n");
    }
    stream.write_all((head + END).as_bytes())?;
    match act {
        Some(Act::Cut(at)) => stream.write_all(&body[..(*at).min(body.len())]),
        Some(Act::Drip(size, pause)) => {
            for piece in body.chunks(*size) {
                stream.write_all(piece)?;
                thread::park_timeout(*pause);
            }
            Ok(())
        }
        Some(Act::Status(_) | Act::Redirect(_) | Act::Claim(..) | Act::Change(..)) | None => {
            stream.write_all(body)
        }
    }
}
