//! Whole archives in, texts out. What the archives hold is in
//! `fixtures/decode/README.md`.

mod ahead;
mod damage;
mod limits;

use std::collections::BTreeSet;
use std::io::{self, Cursor, Read, Write as _};
use std::time::Instant;

use ::zip::ZipWriter;
use ::zip::write::SimpleFileOptions;
use flate2::Compression;
use flate2::read::GzEncoder;

use super::*;

const PLANTED: [&str; 3] = ["m1@example.com", "m2@example.com", "m3@example.com"];

/// Everything that the decoders said.
#[derive(Default)]
struct Found {
    text: String,
    longest_piece: usize,
    open: bool,
    containers: Vec<Format>,
    missed: Vec<Reason>,
    places: BTreeSet<Origin>,
    limits: Vec<Limit>,
}

impl Found {
    fn planted(&self) -> Vec<&str> {
        let holds = |planted: &&str| self.text.contains(planted);
        PLANTED.into_iter().filter(holds).collect()
    }
}

impl Out for Found {
    fn begin(&mut self, origin: Origin, _: Format) {
        assert!(!self.open, "leaves are never nested");
        self.open = true;
        self.places.insert(origin);
    }

    fn piece(&mut self, piece: &Piece<'_>) {
        self.longest_piece = self.longest_piece.max(piece.text.len());
        // Pieces may overlap: only what is there can be told, not how often.
        if self.text.len() < 1 << 20 || piece.text.contains("@example.com") {
            self.text.push_str(piece.text);
            self.text.push('\n');
        }
    }

    fn end(&mut self, _: u64) {
        assert!(self.open);
        self.open = false;
    }

    fn container(&mut self, _: Origin, format: Format) {
        self.containers.push(format);
    }

    fn missed(&mut self, _: Origin, reason: Reason) {
        self.missed.push(reason);
    }

    fn limit(&mut self, limit: Limit) {
        self.limits.push(limit);
    }
}

fn generous() -> Budget {
    Budget::new(1 << 40, 20, 1 << 20, None)
}

/// How much a spool may hold in memory, and at all.
const SPOOL: (u64, u64) = (1 << 20, 1 << 30);

fn read_with(budget: &Budget, stream: impl Read, random: Option<File>) -> (Found, Tally) {
    read_spooled(budget, SPOOL, stream, random)
}

fn read_spooled(
    budget: &Budget,
    (spool_memory, spool_bytes): (u64, u64),
    stream: impl Read,
    random: Option<File>,
) -> (Found, Tally) {
    let origins = OriginKey::new(&[9; 32]);
    read_in(
        Context {
            budget,
            origins: &origins,
            spool_memory,
            spool_bytes,
            piece_bytes: crate::decode::text::PIECE,
            ahead: false,
        },
        stream,
        random,
    )
}

fn read_in(context: Context<'_>, stream: impl Read, random: Option<File>) -> (Found, Tally) {
    let origins = context.origins;
    let input = Input {
        stream: Box::new(stream),
        random,
        charset: None,
    };
    let mut found = Found::default();
    let tally = read(input, origins.place("test", b""), context, &mut found);
    let missed: u64 = tally.missed.iter().map(|missed| missed.bytes).sum();
    assert_eq!(tally.bytes_examined() + missed, tally.bytes);
    assert_eq!(
        tally.missed.iter().map(|missed| missed.count).sum::<u64>(),
        found.missed.len() as u64,
        "what is missed is told and counted: {tally:?}"
    );
    (found, tally)
}

fn read_all(bytes: &[u8]) -> (Found, Tally) {
    let (found, tally) = read_with(&generous(), bytes, None);
    assert_eq!(tally.bytes, bytes.len() as u64);
    (found, tally)
}

fn fixture(path: &str) -> Vec<u8> {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/decode/");
    std::fs::read(format!("{root}{path}")).unwrap()
}

fn gzip(bytes: impl Read) -> Vec<u8> {
    let mut packed = Vec::new();
    let mut encoder = GzEncoder::new(bytes, Compression::fast());
    encoder.read_to_end(&mut packed).unwrap();
    packed
}

fn tar_of(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut builder = ::tar::Builder::new(Vec::new());
    for (name, bytes) in members {
        let mut header = ::tar::Header::new_ustar();
        header.set_size(bytes.len() as u64);
        builder.append_data(&mut header, name, *bytes).unwrap();
    }
    builder.into_inner().unwrap()
}

fn zip_of(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in members {
        writer
            .start_file(*name, SimpleFileOptions::default())
            .unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// The fixtures, how many of the three texts each holds, and what is missed.
const FIXTURES: [(&str, &[usize], &[Reason]); 27] = [
    ("gzip/three_members.gz", &[1, 2, 3], &[]),
    ("gzip/truncated.gz", &[1, 2, 3], &[Reason::Truncated]),
    ("gzip/wrong_crc.gz", &[1, 2, 3], &[Reason::Corrupt]),
    ("gzip/zeros_behind.gz", &[1, 2, 3], &[]),
    ("gzip/text_behind.gz", &[1, 2], &[]),
    ("tar/gnu_holes.tar.gz", &[1, 2], &[]),
    (
        "tar/gnu_long_name.tar",
        &[1, 2, 3],
        &[Reason::NotAFile, Reason::NotAFile],
    ),
    ("tar/pax_holes.tar.gz", &[1, 2], &[]),
    (
        "tar/pax_long_name.tar",
        &[1, 2, 3],
        &[Reason::NotAFile, Reason::NotAFile],
    ),
    ("tar/ustar.tar", &[1, 2, 3], &[]),
    ("tar/v7.tar", &[1, 2], &[]),
    ("zip/aes_member.zip", &[1], &[Reason::Encrypted]),
    ("zip/data_descriptor.zip", &[1, 2], &[]),
    ("zip/data_descriptor_stored.zip", &[1, 2], &[]),
    ("zip/data_descriptor_three.zip", &[1, 2, 3], &[]),
    ("zip/deflated.zip", &[1, 2, 3], &[]),
    ("zip/duplicate_names.zip", &[1, 2, 3], &[]),
    ("zip/empty.zip", &[], &[]),
    ("zip/encrypted_member.zip", &[1, 3], &[Reason::Encrypted]),
    ("zip/link_and_folder.zip", &[3], &[Reason::NotAFile]),
    ("zip/spanned_mark.zip", &[1, 2, 3], &[]),
    ("zip/stored.zip", &[1, 2], &[]),
    ("zip/text_behind.zip", &[1, 2, 3], &[]),
    ("zip/two_archives.zip", &[1, 2, 3], &[]),
    ("zip/unknown_method.zip", &[1], &[Reason::UnsupportedFormat]),
    ("zip/zip64.zip", &[1, 2], &[]),
    ("zip/zip_in_tar_in_gzip.zip", &[1, 2, 3], &[]),
];

#[test]
fn every_planted_text_arrives_and_every_gap_has_its_reason() {
    for (path, planted, missed) in FIXTURES {
        let (found, _) = read_all(&fixture(path));
        let planted: Vec<&str> = planted.iter().map(|number| PLANTED[number - 1]).collect();
        assert_eq!(found.planted(), planted, "{path}");
        assert_eq!(found.missed, missed, "{path}");
    }
}

#[test]
fn nested_containers_are_opened_one_after_the_other() {
    use Format::{Gzip, Tar, Zip};
    let (found, _) = read_all(&fixture("zip/zip_in_tar_in_gzip.zip"));
    assert_eq!(found.containers, [Zip, Gzip, Tar, Zip]);
}

#[test]
fn a_file_finds_the_same_as_the_spool_and_the_stream_is_read_to_its_end() {
    for (path, ..) in FIXTURES {
        let bytes = fixture(path);
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(&bytes).unwrap();
        let mut stream = Cursor::new(&bytes);
        let (found, tally) = read_with(&generous(), &mut stream, Some(file));
        assert_eq!(stream.position(), bytes.len() as u64);
        for memory in [0, 100, 1 << 20] {
            let spool = (memory, 1 << 30);
            let (spooled, spooled_tally) = read_spooled(&generous(), spool, &bytes[..], None);
            assert_eq!(found.planted(), spooled.planted(), "{path}");
            assert_eq!(tally, spooled_tally, "{path}");
        }
    }
}

#[test]
fn reading_byte_by_byte_finds_the_same() {
    struct Drip<R>(R);
    impl<R: Read> Read for Drip<R> {
        fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
            let most = into.len().min(1);
            self.0.read(&mut into[..most])
        }
    }
    for (path, ..) in FIXTURES {
        let bytes = fixture(path);
        let (dripped, tally) = read_with(&generous(), Drip(&bytes[..]), None);
        let (found, whole) = read_all(&bytes);
        assert_eq!(dripped.planted(), found.planted(), "{path}");
        assert_eq!(tally, whole, "{path}");
    }
}

#[test]
fn nothing_is_empty_and_binary_is_not_read() {
    let (found, tally) = read_all(b"");
    assert_eq!((found.missed, tally.bytes), (vec![Reason::Empty], 0));
    let elf = [
        &b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0\x03\0>\0"[..],
        &[0xfe; 3000],
    ]
    .concat();
    let (found, tally) = read_all(&elf);
    assert_eq!(found.missed, [Reason::UnsupportedFormat]);
    assert_eq!(tally.bytes_examined(), 0);
}

#[test]
fn members_of_the_same_name_have_their_own_places() {
    let (found, _) = read_all(&fixture("zip/duplicate_names.zip"));
    assert_eq!(found.places.len(), 3);
}
