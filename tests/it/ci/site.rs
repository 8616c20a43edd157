//! A stand-in for the site that keeps the comments of a pull request.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};

/// Comments of a page, as the site has it.
const PAGE: usize = 100;

/// It answers until the process ends.
pub struct Site {
    pub address: String,
    kept: Arc<Mutex<Kept>>,
}

/// What it has and was asked.
#[derive(Default)]
struct Kept {
    comments: Vec<Value>,
    asked: Vec<String>,
    /// Nobody may write.
    is_closed: bool,
}

impl Site {
    /// With so many comments of others.
    pub fn new(others: usize, is_closed: bool) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let comments = (0..others).map(|id| json!({ "id": id, "body": "<!-- pgtriage -->" }));
        let kept = Arc::new(Mutex::new(Kept {
            comments: comments.collect(),
            asked: Vec::new(),
            is_closed,
        }));
        let of_thread = Arc::clone(&kept);
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                answer(&stream.unwrap(), &of_thread);
            }
        });
        Self { address, kept }
    }

    /// Methods and paths that were asked for since the last time.
    pub fn asked(&self) -> Vec<String> {
        std::mem::take(&mut self.kept.lock().unwrap().asked)
    }

    /// The comments that are not of others.
    pub fn ours(&self) -> Vec<String> {
        let kept = self.kept.lock().unwrap();
        let bodies = kept.comments.iter().map(|said| said["body"].as_str());
        let bodies = bodies.map(Option::unwrap).filter(|body| body.len() > 20);
        bodies.map(str::to_owned).collect()
    }
}

fn answer(stream: &TcpStream, kept: &Mutex<Kept>) {
    let mut reader = BufReader::new(stream);
    let mut first = String::new();
    reader.read_line(&mut first).unwrap();
    let (mut length, mut is_known) = (0, false);
    loop {
        let mut header = String::new();
        reader.read_line(&mut header).unwrap();
        let Some((name, value)) = header.trim().split_once(": ") else {
            break;
        };
        match name.to_ascii_lowercase().as_str() {
            "content-length" => length = value.parse().unwrap(),
            "authorization" => is_known = value == "Bearer secret",
            "expect" => (&mut &*stream)
                .write_all(b"HTTP/1.1 100 Continue\r\n\r\n")
                .unwrap(),
            _ => {}
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).unwrap();
    let (status, said) = if is_known {
        kept.lock().unwrap().say(first.trim(), &body)
    } else {
        (401, json!({ "message": "Bad credentials" }))
    };
    let said = said.to_string();
    let length = said.len();
    let text = format!(
        "HTTP/1.1 {status} X\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{said}"
    );
    (&mut &*stream).write_all(text.as_bytes()).unwrap();
}

impl Kept {
    fn say(&mut self, first: &str, body: &[u8]) -> (u16, Value) {
        let first = first.strip_suffix(" HTTP/1.1").unwrap();
        let (method, path) = first.split_once(' ').unwrap();
        self.asked.push(first.to_owned());
        let list = "/repos/owner/shop/issues/7/comments";
        if method == "GET" {
            let page = path.strip_prefix(&format!("{list}?per_page=100&page="));
            let Some(page) = page.map(|page| page.parse::<usize>().unwrap()) else {
                return (404, json!({ "message": "Not Found" }));
            };
            let comments = self.comments.iter().skip((page - 1) * PAGE).take(PAGE);
            return (200, comments.cloned().collect());
        }
        if self.is_closed {
            let because = "Resource not accessible by integration";
            return (403, json!({ "message": because }));
        }
        let sent: Value = serde_json::from_slice(body).unwrap();
        let text = sent["body"].as_str().unwrap();
        if method == "POST" && path == list {
            let id = self.comments.len();
            self.comments.push(json!({ "id": id, "body": text }));
            return (201, json!({ "id": id }));
        }
        let id = path.strip_prefix("/repos/owner/shop/issues/comments/");
        match id.and_then(|id| self.comments.get_mut(id.parse::<usize>().ok()?)) {
            Some(comment) if method == "PATCH" => {
                comment["body"] = json!(text);
                (200, json!({}))
            }
            _ => (404, json!({ "message": "Not Found" })),
        }
    }
}
