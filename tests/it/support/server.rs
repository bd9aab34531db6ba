//! A small HTTP/1.1 server on loopback that answers what a test wants, right or wrong.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::thread;

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};

/// What a client asked for.
#[derive(Clone)]
pub(crate) struct Request {
    pub(crate) method: String,
    /// Path and query, as sent.
    pub(crate) target: String,
    headers: Vec<(String, String)>,
}

impl Request {
    /// The value of a header, whose name is in lower case.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(header, _)| header == name);
        found.map(|(_, value)| value.as_str())
    }
}

/// What a server answers.
pub(crate) struct Reply {
    status: u16,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
    ending: Ending,
}

/// What comes after the bytes of a body.
enum Ending {
    /// The next request, on the same connection.
    KeepAlive,
    /// The connection is cut, although this many bytes were announced.
    Cut(usize),
    /// Nothing, for as long as the server lives, although this many were announced.
    Silence(usize),
    /// The connection is cut before the last chunk of a chunked body.
    CutChunks,
    /// Not even a head is sent, for as long as the server lives.
    Mute,
}

impl Reply {
    pub(crate) fn new(status: u16, body: impl Into<Vec<u8>>) -> Self {
        Self {
            status,
            headers: Vec::new(),
            body: body.into(),
            ending: Ending::KeepAlive,
        }
    }

    pub(crate) fn page(body: &str) -> Self {
        Self::new(200, body).with("Content-Type", "text/html; charset=utf-8")
    }

    pub(crate) fn file(body: impl Into<Vec<u8>>) -> Self {
        Self::new(200, body).with("Content-Type", "application/octet-stream")
    }

    pub(crate) fn missing() -> Self {
        Self::new(404, "nothing here")
    }

    pub(crate) fn redirect(to: &str) -> Self {
        Self::new(302, "").with("Location", to)
    }

    pub(crate) fn with(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Announces `length` bytes, sends fewer and hangs up.
    pub(crate) fn cut_off(mut self, length: usize) -> Self {
        self.ending = Ending::Cut(length);
        self
    }

    /// Announces `length` bytes, sends fewer and falls silent.
    pub(crate) fn then_silence(mut self, length: usize) -> Self {
        self.ending = Ending::Silence(length);
        self
    }

    /// Sends the body as one chunk and hangs up before the last.
    pub(crate) fn cut_in_chunks(mut self) -> Self {
        self.ending = Ending::CutChunks;
        self
    }

    /// Never answers.
    pub(crate) fn mute() -> Self {
        let mut reply = Self::new(200, "");
        reply.ending = Ending::Mute;
        reply
    }
}

/// A page that links to a file in which `Anna` stands.
pub(crate) fn small_site(request: &Request) -> Reply {
    match request.target.as_str() {
        "/" => Reply::page("<a href=data.txt>data</a>"),
        "/data.txt" => Reply::file("Anna"),
        _ => Reply::missing(),
    }
}

/// A port of loopback where nobody listens.
pub(crate) fn dead_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}

type Routes = dyn Fn(&Request) -> Reply + Send + Sync;

struct Inner {
    routes: Box<Routes>,
    requests: Mutex<Vec<Request>>,
    open: Mutex<Vec<TcpStream>>,
    closed: AtomicBool,
    gate: (Mutex<bool>, Condvar),
    tls: Option<Arc<rustls::ServerConfig>>,
}

/// A server; it ends when it is dropped.
pub(crate) struct Server {
    address: SocketAddr,
    inner: Arc<Inner>,
}

impl Server {
    pub(crate) fn http(routes: impl Fn(&Request) -> Reply + Send + Sync + 'static) -> Self {
        Self::begin(Box::new(routes), None)
    }

    /// With the certificate of `fixtures/crawl/tls`, for `localhost` and `127.0.0.1`.
    pub(crate) fn https(routes: impl Fn(&Request) -> Reply + Send + Sync + 'static) -> Self {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/crawl/tls");
        let chain = CertificateDer::pem_file_iter(folder.join("server.pem")).unwrap();
        let key = PrivateKeyDer::from_pem_file(folder.join("server.key")).unwrap();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = rustls::ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(chain.map(Result::unwrap).collect(), key)
            .unwrap();
        Self::begin(Box::new(routes), Some(Arc::new(config)))
    }

    fn begin(routes: Box<Routes>, tls: Option<Arc<rustls::ServerConfig>>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let inner = Arc::new(Inner {
            routes,
            requests: Mutex::default(),
            open: Mutex::default(),
            closed: AtomicBool::new(false),
            gate: (Mutex::new(false), Condvar::new()),
            tls,
        });
        let server = inner.clone();
        thread::spawn(move || {
            for connection in listener.incoming() {
                if server.closed.load(Ordering::SeqCst) {
                    return;
                }
                let connection = connection.unwrap();
                server
                    .open
                    .lock()
                    .unwrap()
                    .push(connection.try_clone().unwrap());
                let server = server.clone();
                thread::spawn(move || server.connection(connection));
            }
        });
        Self { address, inner }
    }

    pub(crate) fn port(&self) -> u16 {
        self.address.port()
    }

    /// The address of `path` here, over HTTP and by number.
    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port())
    }

    /// What was asked for so far.
    pub(crate) fn requests(&self) -> Vec<Request> {
        self.inner.requests.lock().unwrap().clone()
    }

    /// Paths and queries that were asked for so far, sorted.
    pub(crate) fn targets(&self) -> Vec<String> {
        let mut targets: Vec<String> = self.requests().into_iter().map(|r| r.target).collect();
        targets.sort();
        targets
    }

    /// How many connections were made.
    pub(crate) fn connections(&self) -> usize {
        self.inner.open.lock().unwrap().len()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.inner.closed.store(true, Ordering::SeqCst);
        *self.inner.gate.0.lock().unwrap() = true;
        self.inner.gate.1.notify_all();
        for connection in self.inner.open.lock().unwrap().drain(..) {
            let _ = connection.shutdown(Shutdown::Both);
        }
        // Wakes the listener so that it sees that it is closed.
        let _ = TcpStream::connect(self.address);
    }
}

impl Inner {
    fn connection(&self, connection: TcpStream) {
        // The list of open connections holds a copy, so dropping is not closing.
        let closing = connection.try_clone().unwrap();
        match &self.tls {
            Some(config) => {
                let session = rustls::ServerConnection::new(config.clone()).unwrap();
                self.talk(rustls::StreamOwned::new(session, connection));
            }
            None => self.talk(connection),
        }
        let _ = closing.shutdown(Shutdown::Both);
    }

    fn talk(&self, stream: impl Read + Write) {
        let mut stream = BufReader::new(stream);
        while let Some(request) = read_request(&mut stream) {
            self.requests.lock().unwrap().push(request.clone());
            let reply = (self.routes)(&request);
            if matches!(reply.ending, Ending::Mute) {
                return self.wait();
            }
            let sent = send(stream.get_mut(), &reply);
            match reply.ending {
                Ending::KeepAlive if sent.is_ok() => {}
                Ending::Silence(_) => return self.wait(),
                _ => return,
            }
        }
    }

    /// Until the server is dropped.
    fn wait(&self) {
        let mut open = self.gate.0.lock().unwrap();
        while !*open {
            open = self.gate.1.wait(open).unwrap();
        }
    }
}

fn read_request(stream: &mut impl BufRead) -> Option<Request> {
    let mut line = String::new();
    stream.read_line(&mut line).ok().filter(|read| *read > 0)?;
    let mut words = line.split_whitespace();
    let (method, target) = (words.next()?.to_owned(), words.next()?.to_owned());
    let mut headers = Vec::new();
    loop {
        let mut line = String::new();
        stream.read_line(&mut line).ok()?;
        let Some((name, value)) = line.trim_end().split_once(':') else {
            break;
        };
        headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
    }
    Some(Request {
        method,
        target,
        headers,
    })
}

fn send(stream: &mut impl Write, reply: &Reply) -> std::io::Result<()> {
    write!(stream, "HTTP/1.1 {} Said\r\n", reply.status)?;
    for (name, value) in &reply.headers {
        write!(stream, "{name}: {value}\r\n")?;
    }
    let length = reply.body.len();
    match reply.ending {
        Ending::CutChunks => {
            write!(stream, "Transfer-Encoding: chunked\r\n\r\n{length:x}\r\n")?;
        }
        Ending::Cut(length) | Ending::Silence(length) => {
            write!(stream, "Content-Length: {length}\r\n\r\n")?;
        }
        _ if reply.status == 304 => write!(stream, "\r\n")?,
        _ => write!(stream, "Content-Length: {length}\r\n\r\n")?,
    }
    stream.write_all(&reply.body)?;
    if matches!(reply.ending, Ending::CutChunks) {
        stream.write_all(b"\r\n")?;
    }
    stream.flush()
}
