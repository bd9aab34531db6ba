//! What is compared: blindsift, and what people use today where this machine has it.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::data::{BLINDSIFT, Data, Leak};
use super::machine::{cores, has};
use super::meter::Series;

/// As many cores as a run may use.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cores {
    One,
    All,
}

/// Whose run it is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Whose {
    Theirs,
    /// Ours, with a list without hints.
    Plain,
    /// Ours, with hints.
    Hinted,
}

pub(crate) struct Peer {
    pub(crate) name: &'static str,
    pub(crate) finds: &'static str,
    pub(crate) whose: Whose,
    pub(crate) cores: Cores,
    pub(crate) bytes: u64,
    pub(crate) series: Series,
}

const SHAPES: &str = "four kinds by shape, unchecked";
const EMAILS: &str = "e-mails in one spelling, the list in clear";
const REGEXES: &str = concat!(
    r"(?-u)[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,}",
    r"|\b[0-3][0-9][01][0-9]{3}[-+A-FU-Y][0-9]{3}[0-9A-FHJ-NPR-Y]\b",
    r"|\b[A-Z]{2}[0-9]{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,4})?\b",
    r"|(?:\+|\b0)[0-9](?:[ -]?[0-9]){6,13}\b",
);

/// Which versions they are.
pub(crate) fn versions() -> Vec<String> {
    let programs = ["rg", "grep", "bulk_extractor"]
        .into_iter()
        .filter(|name| has(name));
    let versions = programs.map(|name| {
        let output = Command::new(name).arg("--version").output().unwrap();
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        format!("{name}: {}", text.lines().next().unwrap_or_default())
    });
    versions.collect()
}

/// Everything that is to be run on `leak`.
pub(crate) fn all(data: &Data, leak: &Leak) -> Vec<Peer> {
    let mut peers = Vec::new();
    for cores in [Cores::One, Cores::All] {
        peers.extend(ours(data, leak, cores));
    }
    peers.extend(readers(data, leak));
    if has("rg") {
        for cores in [Cores::One, Cores::All] {
            peers.extend(ripgrep(data, leak, cores));
        }
    }
    peers.extend(vectorscan(&data.folder).map(|program| {
        let command = [program.into_os_string(), leak.path.clone().into()];
        theirs("Vectorscan, start of match", SHAPES, leak, &command)
    }));
    if has("bulk_extractor") {
        for cores in [Cores::One, Cores::All] {
            peers.push(bulk_extractor(data, leak, cores));
        }
    }
    for peer in &mut peers {
        if peer.cores == Cores::One && has("taskset") {
            let last = (cores() - 1).to_string();
            let pin = ["taskset".into(), "-c".into(), last.into()];
            peer.series.command.splice(0..0, pin);
        }
    }
    peers
}

/// Runs of blindsift, one for each list.
pub(crate) fn ours(data: &Data, leak: &Leak, cores: Cores) -> Vec<Peer> {
    let each = data.lists.iter().map(|list| {
        let out = data.folder.join("report");
        let mut command: Vec<OsString> = vec![BLINDSIFT.into(), "scan".into()];
        command.push(leak.path.clone().into());
        let options: [(&str, &Path); 4] = [
            ("--watchlist", &list.path),
            ("--key", &data.key),
            ("--checker-key", &data.folder.join("checker.key")),
            ("--out", &out),
        ];
        for (option, value) in options {
            command.extend([option.into(), value.into()]);
        }
        command.push("--quiet".into());
        if cores == Cores::One {
            command.extend(["--workers".into(), "1".into()]);
        }
        let (name, whose) = if list.has_hints {
            ("blindsift, list with hints", Whose::Hinted)
        } else {
            ("blindsift", Whose::Plain)
        };
        let mut series = Series::new(&command);
        series.fresh = Some(out);
        Peer {
            name,
            finds: "four kinds in every spelling, checked; a signed report",
            whose,
            cores,
            bytes: leak.bytes,
            series,
        }
    });
    each.collect()
}

fn theirs<A: Into<OsString> + Clone>(
    name: &'static str,
    finds: &'static str,
    leak: &Leak,
    command: &[A],
) -> Peer {
    Peer {
        name,
        finds,
        whose: Whose::Theirs,
        cores: Cores::One,
        bytes: leak.bytes,
        series: Series::new(command),
    }
}

fn readers(data: &Data, leak: &Leak) -> Vec<Peer> {
    let (file, list) = (leak.path.as_os_str(), data.emails.as_os_str());
    let mut grep = ["env", "LC_ALL=C", "grep", "-a", "-o", "-F", "-f"]
        .map(OsString::from)
        .to_vec();
    grep.extend([list.into(), file.into()]);
    let mut grep = theirs("grep -F -f 40,000 e-mails", EMAILS, leak, &grep);
    grep.series.allowed = &[0, 1];
    vec![
        theirs("cat", "nothing", leak, &["cat".as_ref(), file]),
        grep,
    ]
}

fn ripgrep(data: &Data, leak: &Leak, on: Cores) -> [Peer; 2] {
    // Threads of ripgrep take files, so that all cores need several of them.
    let (threads, place) = match on {
        Cores::One => (1, leak.path.clone()),
        Cores::All => (cores(), parts(data, leak)),
    };
    let searches: [(_, _, &[&OsString]); 2] = [
        (
            "rg -F -f 40,000 e-mails",
            EMAILS,
            &[&"-F".into(), &"-f".into(), &data.emails.clone().into()],
        ),
        ("rg, four regexes", SHAPES, &[&"-e".into(), &REGEXES.into()]),
    ];
    searches.map(|(name, finds, what)| {
        let options = ["rg", "-a", "--no-config", "-N", "-I", "-o", "-j"];
        let mut command = options.map(OsString::from).to_vec();
        command.push(threads.to_string().into());
        command.extend(what.iter().copied().cloned());
        command.push(place.clone().into());
        let mut peer = theirs(name, finds, leak, &command);
        peer.cores = on;
        peer.series.allowed = &[0, 1];
        peer
    })
}

fn bulk_extractor(data: &Data, leak: &Leak, on: Cores) -> Peer {
    let out = data.folder.join("bulk");
    let threads = if on == Cores::One { 1 } else { cores() };
    let options = [
        "bulk_extractor",
        "-x",
        "all",
        "-e",
        "email",
        "-e",
        "accts",
        "-q",
        "-0",
        "-j",
    ];
    let mut command = options.map(OsString::from).to_vec();
    // A part of the leak, or it would take most of the hour.
    let part = parts(data, leak).join("aa");
    let bytes = fs::metadata(&part).unwrap().len();
    command.extend([
        threads.to_string().into(),
        "-o".into(),
        out.clone().into(),
        part.into(),
    ]);
    let mut peer = theirs("bulk_extractor", "its own shapes", leak, &command);
    peer.cores = on;
    peer.bytes = bytes;
    peer.series.fresh = Some(out);
    peer
}

/// The leak in two files a core, cut at line feeds.
fn parts(data: &Data, leak: &Leak) -> PathBuf {
    let folder = data.folder.join("parts").join(leak.shape.file());
    if !folder.exists() {
        fs::create_dir_all(&folder).unwrap();
        let status = Command::new("split")
            .arg("-n")
            .arg(format!("l/{}", 2 * cores()))
            .arg(&leak.path)
            .arg(format!("{}/", folder.display()))
            .status();
        assert!(status.unwrap().success());
    }
    folder
}

/// The program in `vectorscan.c`, where the library and a compiler are.
fn vectorscan(folder: &Path) -> Option<PathBuf> {
    let output = Command::new("pkg-config")
        .args(["--cflags", "--libs", "libhs"])
        .output();
    let flags = output.ok().filter(|output| output.status.success())?.stdout;
    let program = folder.join("vectorscan");
    let source = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/peers/vectorscan.c");
    let built = Command::new("cc")
        .args(["-O2", source, "-o"])
        .arg(&program)
        .args(String::from_utf8(flags).unwrap().split_whitespace())
        .status();
    assert!(built.unwrap().success(), "{source} does not build");
    Some(program)
}
