//! A leak site on loopback that publishes in instalments.

use std::collections::BTreeMap;
use std::io::{self, BufRead, BufReader, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use blindsift::base::Sha256;
use include_dir::Dir;

/// What the site holds today, by path.
type Files = BTreeMap<String, &'static [u8]>;

/// A running site. It ends with its process.
pub(super) struct Site {
    address: SocketAddr,
    files: Arc<Mutex<Files>>,
}

impl Site {
    /// Opens the site, empty, on a free port of 127.0.0.1.
    pub(super) fn open() -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let site = Self {
            address: listener.local_addr()?,
            files: Arc::default(),
        };
        let files = Arc::clone(&site.files);
        thread::Builder::new()
            .name("demo site".into())
            .spawn(move || {
                for stream in listener.incoming().flatten() {
                    let files = Arc::clone(&files);
                    // A visitor that breaks off is the visitor's business.
                    thread::spawn(move || drop(serve(stream, &files)));
                }
            })?;
        Ok(site)
    }

    /// The site's front page.
    pub(super) fn url(&self) -> String {
        format!("http://{}/", self.address)
    }

    /// Publishes an instalment: its files are added or replaced, and those that
    /// its `.removed` names are taken away.
    pub(super) fn publish(&self, instalment: &'static Dir<'static>) {
        let mut files = self.files.lock().unwrap_or_else(PoisonError::into_inner);
        let mut folders = vec![instalment];
        while let Some(folder) = folders.pop() {
            folders.extend(folder.dirs());
            for file in folder.files() {
                let path = file
                    .path()
                    .strip_prefix(instalment.path())
                    .unwrap_or(file.path());
                files.insert(path.to_string_lossy().into_owned(), file.contents());
            }
        }
        if let Some(removed) = files.remove(".removed") {
            for name in String::from_utf8_lossy(removed).lines() {
                files.remove(name);
            }
        }
    }
}

/// Answers one visitor's requests: GET, with an entity tag.
fn serve(stream: TcpStream, files: &Mutex<Files>) -> io::Result<()> {
    stream.set_read_timeout(Some(Duration::from_secs(10)))?;
    let mut reader = BufReader::new(stream.try_clone()?);
    let mut stream = stream;
    loop {
        let mut request = String::new();
        if reader.read_line(&mut request)? == 0 {
            return Ok(());
        }
        let mut tag = String::new();
        loop {
            let mut line = String::new();
            reader.read_line(&mut line)?;
            let line = line.trim_end();
            if line.is_empty() {
                break;
            }
            if let Some((name, value)) = line.split_once(':')
                && name.eq_ignore_ascii_case("if-none-match")
            {
                value.trim().clone_into(&mut tag);
            }
        }
        let path = request
            .split(' ')
            .nth(1)
            .unwrap_or("/")
            .trim_start_matches('/');
        let path = if path.is_empty() { "index.html" } else { path };
        let content = files
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .get(path)
            .copied();
        answer(&mut stream, path, content, &tag)?;
    }
}

fn answer(
    stream: &mut TcpStream,
    path: &str,
    content: Option<&[u8]>,
    known: &str,
) -> io::Result<()> {
    let Some(content) = content else {
        return stream.write_all(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");
    };
    let tag = format!("\"{}\"", Sha256::of(content));
    if known == tag {
        return stream
            .write_all(format!("HTTP/1.1 304 Not Modified\r\nETag: {tag}\r\n\r\n").as_bytes());
    }
    let kind = match path.rsplit_once('.') {
        Some((_, "html")) => "text/html",
        Some((_, "txt")) => "text/plain",
        _ => "application/octet-stream",
    };
    let head = format!(
        "HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nETag: {tag}\r\nContent-Length: {}\r\n\r\n",
        content.len()
    );
    stream.write_all(head.as_bytes())?;
    stream.write_all(content)
}
