//! Real servers on loopback, with names that are hard to link to.
//!
//! They must be installed (`make install-deps`): a test that skips itself shows nothing.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use blindsift::config::{Place, Web};
use blindsift::crawl::Outcome;

use crate::support::harvest::{Harvest, crawl, plan, web};
use crate::support::real::Real;

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
    let server = Real::python(folder.path());
    let harvest = crawl_started(server.url());
    assert_eq!(found(&harvest), everything());
    assert_eq!(harvest.failed.len(), 0);
}

#[test]
fn every_file_that_nginx_serves_is_found_and_known_again() {
    let folder = tempfile::tempdir().unwrap();
    let site = folder.path().join("site");
    lay_out(&site);
    let server = Real::nginx(&site, folder.path());
    let url = server.url();
    let first = crawl_started(url.clone());
    assert_eq!(found(&first), everything());
    assert_eq!(first.failed.len(), 0);
    let again = crate::support::harvest::crawl_again(plan(Place::Web(web(url))), first.known());
    assert_eq!(again.unchanged.len(), NAMES.len());
    // The listings of the site and of its folder, whose links are wanted.
    assert_eq!(again.artefacts.len(), 2);
}
