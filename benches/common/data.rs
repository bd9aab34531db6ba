//! Makes what is measured: leaks, a list of people, and the truth about both.

use std::collections::{BTreeMap, HashSet};
use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use blindsift::fingerprint::Key;

use super::dice::Dice;
use super::formats::{Entry, Shape, Writer};
use super::people::{KINDS, Person};

pub(crate) const BLINDSIFT: &str = env!("CARGO_BIN_EXE_blindsift");

/// Changes whenever other bytes come out; older ones are made again.
const REVISION: &str = "1";
/// A fiftieth of the blocks of this many bytes are ISO-8859-1, the rest UTF-8.
const BLOCK: u64 = 1 << 20;

pub(crate) struct Size {
    /// Of each leak.
    pub(crate) bytes: u64,
    pub(crate) people: usize,
    /// Of them are in a leak; three in ten are in two.
    pub(crate) planted: usize,
}

pub(crate) struct Leak {
    pub(crate) shape: Shape,
    pub(crate) path: PathBuf,
    pub(crate) bytes: u64,
}

pub(crate) struct List {
    /// Half the work can be left undone for most candidates: see `formats.md`.
    pub(crate) has_hints: bool,
    pub(crate) path: PathBuf,
}

pub(crate) struct Data {
    pub(crate) folder: PathBuf,
    pub(crate) leaks: Vec<Leak>,
    /// The list without hints; then with them, if this version makes them.
    pub(crate) lists: Vec<List>,
    pub(crate) key: PathBuf,
    /// The listed addresses in clear, one a line.
    pub(crate) emails: PathBuf,
    people: PathBuf,
    truth: PathBuf,
}

impl Data {
    /// Makes what is not there yet.
    pub(crate) fn make(folder: &Path, size: &Size) -> Self {
        let mut data = Self {
            folder: folder.to_owned(),
            leaks: Vec::new(),
            lists: Vec::new(),
            key: folder.join("key"),
            emails: folder.join("emails.txt"),
            people: folder.join("people.csv"),
            truth: folder.join("truth.tsv"),
        };
        let mark = folder.join("revision");
        let of = format!("{REVISION} {} {} {}", size.bytes, size.people, size.planted);
        if fs::read_to_string(&mark).ok().as_ref() != Some(&of) {
            let _ = fs::remove_dir_all(folder);
            fs::create_dir_all(folder).unwrap();
            data.write(size);
            fs::write(mark, of).unwrap();
        }
        for shape in Shape::ALL {
            let path = folder.join(shape.file());
            let bytes = fs::metadata(&path).unwrap().len();
            data.leaks.push(Leak { shape, path, bytes });
        }
        // Made anew each time, for it is this version's list that counts.
        data.lists = data.lists();
        data
    }

    fn write(&self, size: &Size) {
        let people = listed(size.people);
        let mut rows = String::from("ref,email,phone,fi_hetu,iban\n");
        let mut emails = String::new();
        for (number, person) in people.iter().enumerate() {
            let _ = writeln!(rows, "{number},{}", person.identifiers.join(","));
            let _ = writeln!(emails, "{}", person.identifiers[0]);
        }
        fs::write(&self.people, rows).unwrap();
        fs::write(&self.emails, emails).unwrap();
        Key::from_bytes(&mut [7; 32]).write(&self.key).unwrap();
        let mut truth = String::new();
        for (at, shape) in Shape::ALL.into_iter().enumerate() {
            let is_here =
                |number: usize| number % 4 == at || (number % 10 < 3 && (number + 1) % 4 == at);
            let planted: Vec<usize> = (0..size.planted).filter(|n| is_here(*n)).collect();
            self.leak(shape, size.bytes, &people, &planted, &mut truth);
        }
        fs::write(&self.truth, truth).unwrap();
    }

    /// Writes one leak, the planted people spread over it, and what they carry.
    fn leak(
        &self,
        shape: Shape,
        bytes: u64,
        people: &[Person],
        planted: &[usize],
        truth: &mut String,
    ) {
        let path = self.folder.join(shape.file());
        let mut out = BufWriter::with_capacity(1 << 20, File::create(path).unwrap());
        let mut writer = Writer::new(shape);
        let mut text = shape.head().to_owned();
        let (mut written, mut number) = (0, 0);
        let step = (bytes - bytes / 32) / planted.len() as u64;
        let mut planted = planted.iter().zip(0..).peekable();
        loop {
            written += write(&mut out, &text, written);
            if written >= bytes {
                break;
            }
            number += 1;
            let mut entry = Entry {
                number,
                person: Person::new(&mut writer.dice, false),
                planted: None,
                carried: [false; 4],
            };
            if let Some((who, _)) = planted.next_if(|(_, nth)| written >= step * nth) {
                entry.planted = Some(&people[*who]);
                entry.carried = writer.carried();
                for (kind, _) in KINDS.iter().zip(entry.carried).filter(|(_, is)| *is) {
                    let _ = writeln!(truth, "{}\t{who}\t{kind}", shape.file());
                }
            }
            text.clear();
            writer.record(&entry, &mut text);
        }
        assert!(planted.next().is_none(), "the leak has room for all");
        out.flush().unwrap();
    }

    fn lists(&self) -> Vec<List> {
        let made = self.folder.join("made.bsw");
        blindsift(&[
            "watchlist".as_ref(),
            "build".as_ref(),
            &self.people,
            "--quiet".as_ref(),
            "--region".as_ref(),
            "FI".as_ref(),
            "--key".as_ref(),
            &self.key,
            "--out".as_ref(),
            &made,
        ]);
        let text = fs::read_to_string(&made).unwrap();
        let mut lists = vec![List {
            has_hints: false,
            path: self.folder.join("plain.bsw"),
        }];
        fs::write(&lists[0].path, without_hints(&text)).unwrap();
        if text.lines().any(|line| line.starts_with("hint: ")) {
            lists.push(List {
                has_hints: true,
                path: made,
            });
        }
        lists
    }

    /// What stands in `leak`: references and kinds of planted people.
    pub(crate) fn truth(&self, leak: &Leak) -> BTreeMap<(String, String), u64> {
        let truth = fs::read_to_string(&self.truth).unwrap();
        let here = truth.lines().filter_map(|line| {
            let [file, who, kind] = *line.split('\t').collect::<Vec<_>>() else {
                return None;
            };
            (file == leak.shape.file()).then(|| ((who.to_owned(), kind.to_owned()), 1))
        });
        here.collect()
    }

    /// Panics unless the report in `folder` is of everybody in `leak`, and of
    /// nobody else; otherwise says how many identifiers that are.
    pub(crate) fn check(&self, leak: &Leak, folder: &Path) -> usize {
        let affected = folder.join("affected.csv");
        let _ = fs::remove_file(&affected);
        blindsift(&[
            "resolve".as_ref(),
            &folder.join("report.json"),
            "--quiet".as_ref(),
            "--people".as_ref(),
            &self.people,
            "--key".as_ref(),
            &self.key,
            "--out".as_ref(),
            &affected,
        ]);
        let rows = fs::read_to_string(affected).unwrap();
        let found: BTreeMap<_, _> = rows
            .lines()
            .skip(1)
            .map(|row| {
                let fields: Vec<&str> = row.split(',').collect();
                let what = (fields[0].to_owned(), fields[1].to_owned());
                (what, fields[5].parse::<u64>().unwrap())
            })
            .collect();
        let truth = self.truth(leak);
        let is_missed = |what: &&(String, String)| !found.contains_key(*what);
        let missed = truth.keys().filter(is_missed).count();
        let wrong = found
            .iter()
            .filter(|(what, times)| truth.get(*what) != Some(*times))
            .count();
        assert!(
            missed == 0 && wrong == 0,
            "{}: of {} planted identifiers {missed} were missed, {wrong} found that are wrong",
            leak.shape.file(),
            truth.len()
        );
        truth.len()
    }
}

/// People with identifiers of their own.
fn listed(count: usize) -> Vec<Person> {
    let mut dice = Dice::new(0x3a7c);
    let (mut people, mut taken) = (Vec::new(), HashSet::new());
    while people.len() < count {
        let person = Person::new(&mut dice, true);
        if person.identifiers.iter().any(|one| taken.contains(one)) {
            continue;
        }
        taken.extend(person.identifiers.iter().cloned());
        people.push(person);
    }
    people
}

/// How many bytes `text` took, in the encoding of the block at `place`.
fn write(out: &mut impl std::io::Write, text: &str, place: u64) -> u64 {
    if place / BLOCK % 50 == 7 {
        let latin: Vec<u8> = text
            .chars()
            .map(|c| u8::try_from(c).unwrap_or(b'?'))
            .collect();
        out.write_all(&latin).unwrap();
        latin.len() as u64
    } else {
        out.write_all(text.as_bytes()).unwrap();
        text.len() as u64
    }
}

fn without_hints(list: &str) -> String {
    let (head, entries) = list.split_once("\n\n").unwrap();
    let mut plain = String::with_capacity(list.len());
    for line in head.lines().filter(|line| !line.starts_with("hint: ")) {
        let _ = writeln!(plain, "{line}");
    }
    plain.push('\n');
    for line in entries.lines() {
        let fields: Vec<&str> = line.split(' ').take(2).collect();
        let _ = writeln!(plain, "{}", fields.join(" "));
    }
    plain
}

fn blindsift(arguments: &[&Path]) {
    let status = Command::new(BLINDSIFT)
        .args(arguments)
        .stdout(Stdio::null())
        .status();
    assert!(status.unwrap().success());
}
