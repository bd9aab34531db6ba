//! Real servers on loopback, with names that are hard to link to.
//!
//! They must be installed (`make install-deps`): a test that skips itself shows nothing.

use std::ffi::OsStr;
use std::fs;
use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use blindsift::config::{Place, Web};
use blindsift::crawl::Outcome;

use crate::support::harvest::{Harvest, crawl, plan, web};

/// A server's process; it ends with the test.
struct Process(Child);

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Names of files, each with its own content. The last is ISO 8859-1.
const NAMES: [&[u8]; 15] = [
    b"plain.txt",
    b"two words.txt",
    b"100%.txt",
    b"%41.txt",
    b"a#b?c&d=e.csv",
    b"a:b.sql",
    b"plus+semi;colon,at@.txt",
    b"quote\"'<>.txt",
    b"back\\slash.txt",
    b"~tilde[1]{2}|^`.txt",
    "k\u{e4}ynti \u{6f22}.txt".as_bytes(),
    b"C=N;O=D",
    b"a-name-of-a-hundred-bytes-0123456789012345678901234567890123456789012345678901234567890123456789.txt",
    b"sub folder/in it.txt",
    b"J\xe4rvi.txt",
];

fn lay_out(folder: &Path) {
    for (number, name) in NAMES.iter().enumerate() {
        let path = folder.join(OsStr::from_bytes(name));
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, format!("content {number}.")).unwrap();
    }
}

fn found(harvest: &Harvest) -> Vec<String> {
    let files = harvest.artefacts.values().filter(|fruit| !fruit.is_page);
    let mut contents: Vec<String> = files
        .map(|fruit| {
            assert_eq!(fruit.outcome, Outcome::Complete);
            String::from_utf8(fruit.bytes.clone()).unwrap()
        })
        .collect();
    contents.sort();
    contents
}

fn everything() -> Vec<String> {
    let mut contents: Vec<String> = (0..NAMES.len()).map(|n| format!("content {n}.")).collect();
    contents.sort();
    contents
}

/// The server may still be starting: its refusals are waited for like any other.
fn crawl_started(url: String) -> Harvest {
    crawl(plan(Place::Web(Web {
        retries: 6,
        ..web(url)
    })))
}

#[test]
fn every_file_that_python_serves_is_found() {
    let folder = tempfile::tempdir().unwrap();
    lay_out(folder.path());
    let mut server = Process(
        Command::new("python3")
            .args(["-u", "-m", "http.server", "0", "--bind", "127.0.0.1"])
            .arg("--directory")
            .arg(folder.path())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("python3 is not installed: make install-deps"),
    );
    let mut line = String::new();
    let mut output = BufReader::new(server.0.stdout.take().unwrap());
    output.read_line(&mut line).unwrap();
    // "Serving HTTP on 127.0.0.1 port 40123 (http://127.0.0.1:40123/) ..."
    let port = line.split_whitespace().nth(5).unwrap();
    let harvest = crawl_started(format!("http://127.0.0.1:{port}/"));
    assert_eq!(found(&harvest), everything());
    assert_eq!(harvest.failed.len(), 0);
}

#[test]
fn every_file_that_nginx_serves_is_found_and_known_again() {
    let folder = tempfile::tempdir().unwrap();
    let site = folder.path().join("site");
    lay_out(&site);
    let port = {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        listener.local_addr().unwrap().port()
    };
    let root = folder.path().display();
    let config = format!(
        "daemon off; master_process off; pid {root}/pid; error_log {root}/error.log;
         events {{}}
         http {{
            access_log off;
            client_body_temp_path {root}/1; proxy_temp_path {root}/2; fastcgi_temp_path {root}/3;
            uwsgi_temp_path {root}/4; scgi_temp_path {root}/5;
            server {{ listen 127.0.0.1:{port}; root {root}/site; autoindex on; }}
         }}"
    );
    let file = folder.path().join("nginx.conf");
    fs::write(&file, config).unwrap();
    let _server = Process(
        Command::new("nginx")
            .arg("-c")
            .arg(&file)
            .arg("-e")
            .arg(folder.path().join("error.log"))
            .stderr(Stdio::null())
            .spawn()
            .expect("nginx is not installed: make install-deps"),
    );
    let url = format!("http://127.0.0.1:{port}/");
    let first = crawl_started(url.clone());
    assert_eq!(found(&first), everything());
    assert_eq!(first.failed.len(), 0);
    let again = crate::support::harvest::crawl_again(plan(Place::Web(web(url))), first.known());
    assert_eq!(again.unchanged.len(), NAMES.len());
    // The listings of the site and of its folder, whose links are wanted.
    assert_eq!(again.artefacts.len(), 2);
}
