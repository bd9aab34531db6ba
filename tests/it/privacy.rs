//! Nothing from the leak in any file or stream, names included.
//!
//! Canaries stand in content, names of files and members, link texts, headers and
//! error pages. Afterwards every file that the program wrote, anywhere in its home,
//! working and temporary folders, and both its streams are searched for each of
//! them in every encoding that a careless program would use.

use std::fs;
use std::path::Path;

use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};

use crate::command::Desk;
use crate::support::server::{Reply, Server};

const IN_CONTENT: &str = "Kanarialintu";
const IN_FILE_NAME: &str = "Tiedostonimessa";
const IN_MEMBER_NAME: &str = "Jasenennimessa";
const IN_LINK_TEXT: &str = "Linkkitekstissa";
const IN_HEADER: &str = "Otsakkeessa";
const IN_ERROR_PAGE: &str = "Virhesivulla";
const IN_HEADING: &str = "Sarakeotsikossa";
const ALL: [&str; 7] = [
    IN_CONTENT,
    IN_FILE_NAME,
    IN_MEMBER_NAME,
    IN_LINK_TEXT,
    IN_HEADER,
    IN_ERROR_PAGE,
    IN_HEADING,
];

fn encodings(canary: &str) -> Vec<(&'static str, Vec<u8>)> {
    let utf_16: Vec<u16> = canary.encode_utf16().collect();
    let hex: String = canary.bytes().map(|b| format!("{b:02x}")).collect();
    let percent: String = canary.bytes().map(|b| format!("%{b:02X}")).collect();
    let mut found = vec![
        ("raw", canary.as_bytes().to_vec()),
        ("lower case", canary.to_lowercase().into_bytes()),
        ("upper case", canary.to_uppercase().into_bytes()),
        (
            "UTF-16 LE",
            utf_16.iter().flat_map(|unit| unit.to_le_bytes()).collect(),
        ),
        (
            "UTF-16 BE",
            utf_16.iter().flat_map(|unit| unit.to_be_bytes()).collect(),
        ),
        ("hex", hex.to_uppercase().into_bytes()),
        ("percent", percent.clone().into_bytes()),
        ("percent", percent.to_lowercase().into_bytes()),
        ("hex", hex.into_bytes()),
    ];
    // Base64 of a text depends on where in a group of three it begins; its inner
    // characters are the same for each of the three beginnings.
    for (lead, skip) in [("", 0), ("x", 2), ("xx", 3)] {
        for engine in [&STANDARD as &dyn Encode, &URL_SAFE_NO_PAD] {
            let text = engine.text(&format!("{lead}{canary}"));
            found.push(("base64", text.as_bytes()[skip..text.len() - 4].to_vec()));
        }
    }
    found
}

trait Encode {
    fn text(&self, text: &str) -> String;
}

impl<E: base64::Engine> Encode for E {
    fn text(&self, text: &str) -> String {
        self.encode(text)
    }
}

fn assert_clean(place: &str, bytes: &[u8]) {
    for canary in ALL {
        for (encoding, needle) in encodings(canary) {
            let is_there = bytes.windows(needle.len()).any(|window| window == needle);
            assert!(!is_there, "{canary} as {encoding} in {place}");
        }
    }
}

fn search(folder: &Path) -> usize {
    let mut files = 0;
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let path = entry.path();
        assert_clean(
            &format!("the name of {}", path.display()),
            entry.file_name().as_encoded_bytes(),
        );
        if entry.file_type().unwrap().is_dir() {
            files += search(&path);
        } else if entry.file_type().unwrap().is_file() {
            assert_clean(&path.display().to_string(), &fs::read(&path).unwrap());
            files += 1;
        }
    }
    files
}

fn leaky_server() -> Server {
    let member = {
        let mut out = tar::Builder::new(Vec::new());
        let text = format!("{IN_CONTENT} aino.rautio@example.org 131052-9063 {IN_CONTENT}\n");
        let mut header = tar::Header::new_gnu();
        header.set_size(text.len() as u64);
        header.set_mode(0o600);
        out.append_data(
            &mut header,
            format!("{IN_MEMBER_NAME}.txt"),
            text.as_bytes(),
        )
        .unwrap();
        out.into_inner().unwrap()
    };
    Server::http(move |request| {
        match request.target.as_str() {
        "/" => Reply::page(&format!(
            "<html><title>{IN_CONTENT}</title><a href='/{IN_FILE_NAME}.txt'>{IN_LINK_TEXT}</a>\
             <a href='/{IN_FILE_NAME}.tar'>{IN_LINK_TEXT}</a>\
             <a href='/{IN_FILE_NAME}.csv'>x</a><a href='/{IN_FILE_NAME}.json'>x</a><a href='/{IN_FILE_NAME}.missing'>x</a>\
             <a href='http://{IN_FILE_NAME}.example/'>{IN_LINK_TEXT}</a><a href='/{IN_FILE_NAME}.short'>x</a>\
             <a href='/{IN_FILE_NAME}.away'>x</a></html>"
        ))
        .with("Server", IN_HEADER)
        .with("Set-Cookie", IN_HEADER),
        path if path.ends_with(".txt") => Reply::file(format!(
            "{IN_CONTENT} 040 765 4321 {IN_CONTENT} aino.rautio@example.org"
        ))
        .with("ETag", &format!("\"{IN_HEADER}\""))
        .with("X-Name", IN_HEADER),
        path if path.ends_with(".csv") => Reply::file(format!(
            "id,{IN_HEADING},email,password {IN_HEADING}\n1,x,aino.rautio@example.org,y\n2,x,a@b.fi,y\n"
        )),
        path if path.ends_with(".json") => Reply::file(format!(
            "[{{\"{IN_HEADING}\":1,\"salary{IN_HEADING}\":2,\"email\":\"aino.rautio@example.org\"}}]"
        )),
        path if path.ends_with(".tar") => Reply::file(member.clone()),
        path if path.ends_with(".short") => Reply::file(IN_CONTENT).cut_off(9999),
        path if path.ends_with(".away") => Reply::redirect(&format!("http://127.0.0.1:1/{IN_HEADER}")),
        _ => Reply::new(500, format!("<html>{IN_ERROR_PAGE}</html>")),
    }
    })
}

#[test]
fn no_canary_is_in_any_file_or_stream() {
    let server = leaky_server();
    for format in ["text", "json"] {
        let desk = Desk::new();
        desk.write(
            "b.toml",
            format!(
                "[job.patients]\nwatchlist = \"list.bsw\"\nkey = \"key\"\nsources = [\"site\"]\nout = \"reports\"\n\
                 [source.site]\nurl = \"{}\"\nrate = \"1000/s\"\nretries = 0\n[state]\nurl = \"sqlite:c.db\"\n",
                server.url("/")
            ),
        );
        for _ in 0..2 {
            let done = desk
                .run(["crawl", "--config", "b.toml", "-v", "--log-format", format])
                .exits(3);
            assert_clean("stdout", done.stdout.as_bytes());
            assert_clean("stderr", done.stderr.as_bytes());
        }
        let report = desk.json("reports/patients/latest/report.json");
        assert_eq!(
            report["summary"]["matched"], 3,
            "the leak was read: {report:#}"
        );
        let files = search(desk.folder());
        assert!(files >= 2 * 6 + 3, "only {files} files were searched");
    }
}

#[test]
fn a_scan_of_files_named_after_patients_names_none_of_them() {
    let desk = Desk::new();
    let leak = tempfile::tempdir().unwrap();
    let folder = leak.path().join(IN_FILE_NAME);
    fs::create_dir(&folder).unwrap();
    let file = folder.join(format!("{IN_FILE_NAME}.txt"));
    fs::write(&file, format!("{IN_CONTENT} aino.rautio@example.org")).unwrap();
    fs::write(folder.join("b.zip"), b"PK\x03\x04 broken Jasenennimessa").unwrap();
    let list = [
        "--watchlist",
        "list.bsw",
        "--key",
        "key",
        "--out",
        "out",
        "-v",
    ];
    let paths = [folder.to_str().unwrap(), file.to_str().unwrap()];
    let done = desk
        .run(["scan"].iter().chain(&paths).chain(&list))
        .succeeds();
    assert_clean("stdout", done.stdout.as_bytes());
    assert_clean("stderr", done.stderr.as_bytes());
    assert!(search(desk.folder()) > 6);
    assert_eq!(desk.json("out/report.json")["summary"]["matched"], 1);
}

#[test]
fn nothing_but_the_catalog_and_the_report_is_opened_for_writing() {
    let desk = Desk::new();
    let leak = tempfile::tempdir().unwrap();
    // A zip in a gzip needs random access to what is no file: the spool.
    let zip = include_bytes!("../../fixtures/decode/zip/zip64.zip");
    fs::write(leak.path().join("a.gz"), crate::leak::gzip(zip)).unwrap();
    desk.write(
        "b.toml",
        format!(
            "[job.patients]\nwatchlist = \"list.bsw\"\nkey = \"key\"\nsources = [\"drop\"]\nout = \"reports\"\n\
             [source.drop]\npath = \"{}\"\n[state]\nurl = \"sqlite:c.db\"\n[limits]\nspool-memory = 1\n",
            leak.path().display()
        ),
    );
    let traced = std::process::Command::new("strace")
        .args([
            "-f",
            "-e",
            "trace=open,openat,creat,memfd_create",
            "-o",
            "trace",
        ])
        .args([
            env!("CARGO_BIN_EXE_blindsift"),
            "crawl",
            "--config",
            "b.toml",
        ])
        .current_dir(desk.folder())
        .env("HOME", desk.folder())
        .env("TMPDIR", desk.temporary())
        .output()
        .expect("strace is installed by `make install-deps`");
    assert!(
        traced.status.success(),
        "{}",
        String::from_utf8_lossy(&traced.stderr)
    );
    let spool = format!("\"{}", desk.temporary().display());
    let (mut reports, mut spools) = (0, 0);
    for line in desk.read("trace").lines() {
        let writes = ["O_WRONLY", "O_RDWR", "creat(", "memfd_create("]
            .iter()
            .any(|word| line.contains(word));
        if !writes || line.contains("ENOENT") || line.contains("/dev/null") {
            continue;
        }
        if line.contains(&spool) {
            // Encrypted, and without a name: see the tests of the spool.
            assert!(
                line.contains("O_TMPFILE") || line.contains("O_EXCL"),
                "{line}"
            );
            spools += 1;
            continue;
        }
        let allowed = ["reports/patients/.", "\"c.db", "/c.db"]
            .iter()
            .any(|place| line.contains(place));
        assert!(allowed, "{line}");
        reports += u32::from(line.contains("reports/"));
    }
    assert_eq!(reports, 6);
    assert!(spools > 0, "the spool was not needed");
}

#[test]
fn every_canary_would_be_seen_in_every_encoding() {
    for canary in ALL {
        for (encoding, needle) in encodings(canary) {
            let hidden = [b"abc".as_slice(), &needle, b"def"].concat();
            let seen = std::panic::catch_unwind(|| assert_clean("here", &hidden)).is_err();
            assert!(seen, "{canary} as {encoding}");
        }
    }
}
