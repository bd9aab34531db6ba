//! Whole archives in, texts out. What the archives hold is in
//! `fixtures/decode/README.md`.

use std::collections::BTreeSet;
use std::fmt::Write as _;
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

fn read_with(budget: &Budget, stream: impl Read, random: Option<File>) -> (Found, Tally) {
    let origins = OriginKey::new(&[9; 32]);
    let context = Context {
        budget,
        origins: &origins,
        spool_memory: 1000,
        spool_bytes: 1 << 30,
    };
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
        let (spooled, spooled_tally) = read_all(&bytes);
        assert_eq!(found.planted(), spooled.planted(), "{path}");
        assert_eq!(tally, spooled_tally, "{path}");
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
fn a_flipped_bit_at_any_byte_is_survived() {
    for (path, ..) in FIXTURES {
        let bytes = fixture(path);
        for at in 0..bytes.len().min(1000) {
            let mut damaged = bytes.clone();
            damaged[at] ^= 1 << (at % 8);
            read_all(&damaged);
        }
    }
}

#[test]
fn a_cut_anywhere_loses_nothing_before_it() {
    for (path, ..) in FIXTURES {
        let bytes = fixture(path);
        // Longer prefixes never hold less.
        let mut so_far = 0;
        let step = bytes.len().div_ceil(500);
        for length in (0..bytes.len()).step_by(step) {
            let (found, _) = read_all(&bytes[..length]);
            assert!(found.planted().len() >= so_far, "{path} {length}");
            so_far = found.planted().len();
        }
    }
}

#[test]
fn members_before_the_cut_are_read_without_the_directory() {
    for path in [
        "zip/deflated.zip",
        "zip/data_descriptor_three.zip",
        "zip/stored.zip",
    ] {
        let bytes = fixture(path);
        let mut archive = ::zip::ZipArchive::new(Cursor::new(&bytes)).unwrap();
        for index in 0..archive.len() {
            let member = archive.by_index(index).unwrap();
            let end = member.data_start().unwrap() + member.compressed_size();
            let end = usize::try_from(end).unwrap();
            let (found, _) = read_all(&bytes[..end]);
            assert_eq!(found.planted(), PLANTED[..=index], "{path}");
            assert_eq!(found.missed, [Reason::Truncated], "{path}");
        }
    }
}

#[test]
fn a_directory_that_points_nowhere_does_not_hide_the_members() {
    let mut bytes = fixture("zip/deflated.zip");
    let positions: Vec<usize> = memchr::memmem::find_iter(&bytes, b"PK\x01\x02").collect();
    for at in positions {
        // APPNOTE, section 4.3.12: the offset of the local header.
        bytes[at + 42..at + 46].copy_from_slice(&7_u32.to_le_bytes());
    }
    let (found, _) = read_all(&bytes);
    assert_eq!(found.planted(), PLANTED);
    assert_eq!(found.missed, [Reason::Corrupt; 3]);
}

#[test]
fn overlapping_members_are_unpacked_once() {
    let mut bytes = fixture("zip/deflated.zip");
    let positions: Vec<usize> = memchr::memmem::find_iter(&bytes, b"PK\x01\x02").collect();
    for at in positions {
        bytes[at + 42..at + 46].copy_from_slice(&0_u32.to_le_bytes());
    }
    let (found, _) = read_all(&bytes);
    // The first is listed three times; the others are found by their headers.
    assert_eq!(found.text.matches(PLANTED[0]).count(), 1);
    assert_eq!(found.planted(), PLANTED);
    assert_eq!(found.missed, [Reason::Corrupt; 2]);
}

#[test]
fn a_damaged_tar_header_loses_no_text() {
    // Each member of this archive is a header and three blocks.
    for header in [0, 2048, 4096] {
        for at in [0, 124, 156, 257] {
            let mut bytes = fixture("tar/ustar.tar");
            bytes[header + at] ^= 4;
            let (found, tally) = read_all(&bytes);
            // Without its mark, the first header makes the stream no archive.
            if (header, at) == (0, 257) {
                assert_eq!(found.missed, [Reason::UnsupportedFormat]);
                continue;
            }
            assert_eq!(found.planted(), PLANTED, "{header} {at}");
            assert_eq!(found.missed, [Reason::Corrupt], "{header} {at}");
            assert_eq!(tally.missed[0].bytes, 512);
        }
    }
}

#[test]
fn what_was_unpacked_before_the_damage_is_handed_on() {
    let mut text = String::new();
    for line in 0..20_000 {
        writeln!(text, "line {line}").unwrap();
    }
    let mut packed = Vec::new();
    let mut encoder = GzEncoder::new(text.as_bytes(), Compression::none());
    encoder.read_to_end(&mut packed).unwrap();
    // RFC 1952: a header of 10 bytes. RFC 1951, section 3.2.4: a stored block has
    // a byte with its type, its length twice, its data. Type 3 does not exist.
    let first = u16::from_le_bytes([packed[11], packed[12]]);
    let second = 10 + 5 + usize::from(first);
    packed[second] = 0b110;
    let (found, tally) = read_all(&packed);
    let unpacked = &text[..usize::from(first)];
    let last = unpacked.lines().nth_back(1).unwrap();
    let number: u32 = last.trim_start_matches("line ").parse().unwrap();
    assert!(found.text.contains(last));
    assert!(!found.text.contains(&format!("line {}", number + 2)));
    assert_eq!(found.missed, [Reason::Corrupt]);
    assert!(
        tally.missed[0]
            .bytes
            .abs_diff((packed.len() - second) as u64)
            < 8
    );
}

#[test]
fn a_stream_that_breaks_is_truncated_and_every_byte_of_it_counts() {
    struct Broken;
    impl Read for Broken {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            Err(io::ErrorKind::ConnectionReset.into())
        }
    }
    for path in ["gzip/three_members.gz", "tar/ustar.tar", "zip/deflated.zip"] {
        let bytes = fixture(path);
        let part = &bytes[..bytes.len() * 2 / 3];
        let (found, tally) = read_with(&generous(), part.chain(Broken), None);
        assert_eq!(tally.bytes, part.len() as u64, "{path}");
        assert!(found.missed.contains(&Reason::Truncated), "{path}");
        assert!(found.text.contains(PLANTED[0]), "{path}");
    }
}

#[test]
fn depth_is_shared_and_told_once() {
    let mut bytes = b"bottom".to_vec();
    for _ in 0..30 {
        bytes = tar_of(&[("a", &gzip(&bytes[..])), ("b", b"level")]);
    }
    let (found, tally) = read_all(&bytes);
    assert_eq!(found.containers.len(), 20);
    assert_eq!(found.limits, [Limit::Depth]);
    assert_eq!(found.missed, [Reason::LimitDepth]);
    // Ten of the twenty were tar archives with a text beside the next level.
    assert_eq!(found.text.matches("level").count(), 10);
    assert!(tally.missed[0].bytes > 0);
}

#[test]
fn bytes_are_shared_and_what_was_unpacked_before_the_limit_is_handed_on() {
    let text = format!("{}\n{}", PLANTED[0], "filler\n".repeat(100_000));
    let inner = gzip(text.as_bytes());
    let archive = tar_of(&[("a", &inner), ("b", &inner), ("c", b"costs nothing")]);
    let budget = Budget::new(300_000, 20, 100, None);
    let (found, tally) = read_with(&budget, &archive[..], None);
    assert_eq!(found.limits, [Limit::Bytes]);
    assert!(found.text.contains(PLANTED[0]));
    assert!(found.text.contains("costs nothing"));
    assert!(found.text.len() < 400_000);
    assert!(
        tally
            .missed
            .iter()
            .all(|missed| missed.reason == Reason::LimitBytes)
    );
    // The second member, and more than half of the first.
    assert!(tally.missed[0].bytes > inner.len() as u64);
}

#[test]
fn members_are_shared_and_the_rest_is_missed() {
    let members = [
        ("a", &b"first"[..]),
        ("b", b"second"),
        ("c", b"third"),
        ("d", b"fourth"),
    ];
    for archive in [tar_of(&members), zip_of(&members)] {
        let (found, tally) = read_with(&Budget::new(1000, 1, 2, None), &archive[..], None);
        assert!(found.text.contains("second") && !found.text.contains("third"));
        assert_eq!(found.limits, [Limit::Members]);
        assert!(
            tally
                .missed
                .iter()
                .all(|missed| missed.reason == Reason::LimitMembers)
        );
        assert!(tally.missed[0].bytes > 0);
    }
}

#[test]
fn no_time_left_means_nothing_is_unpacked() {
    let budget = || Budget::new(1 << 30, 20, 100, Some(Instant::now()));
    for bytes in [gzip(&b"text"[..]), zip_of(&[("a", b"text")])] {
        let (found, tally) = read_with(&budget(), &bytes[..], None);
        assert_eq!(found.text, "");
        assert_eq!(found.limits, [Limit::Time]);
        assert_eq!(tally.missed[0].reason, Reason::LimitTime);
    }
}

#[test]
fn a_spool_that_is_full_still_gives_the_members_in_it() {
    let bytes = fixture("zip/deflated.zip");
    let (budget, origins) = (generous(), OriginKey::new(&[9; 32]));
    let context = Context {
        budget: &budget,
        origins: &origins,
        spool_memory: 10,
        spool_bytes: 300,
    };
    let input = Input {
        stream: Box::new(&bytes[..]),
        random: None,
        charset: None,
    };
    let mut found = Found::default();
    let tally = read(input, origins.place("test", b""), context, &mut found);
    assert!(found.text.contains(PLANTED[0]));
    assert_eq!(found.limits, [Limit::Spool]);
    assert!(found.missed.contains(&Reason::LimitBytes));
    assert_eq!(tally.bytes, bytes.len() as u64);
}

#[test]
fn properties_of_any_claimed_size_are_not_held() {
    let mut header = ::tar::Header::new_ustar();
    header.set_entry_type(::tar::EntryType::XHeader);
    header.set_path("x").unwrap();
    header.set_size(8 << 30);
    header.set_cksum();
    let there = 4_u64 << 20;
    let stream = header.as_bytes().chain(io::repeat(b'a').take(there));
    let (found, tally) = read_with(&generous(), stream, None);
    assert_eq!(found.missed, [Reason::Corrupt, Reason::Truncated]);
    assert_eq!(tally.bytes, 512 + there);
    assert_eq!(tally.missed[0].bytes, there - (1 << 20));
}

#[test]
fn a_hole_of_a_petabyte_costs_nothing() {
    let bytes = fixture("tar/gnu_holes.tar.gz");
    let mut unpacked = Vec::new();
    flate2::read::GzDecoder::new(&bytes[..])
        .read_to_end(&mut unpacked)
        .unwrap();
    let mut header = ::tar::Header::new_gnu();
    header.as_mut_bytes().copy_from_slice(&unpacked[..512]);
    let gnu = header.as_gnu_mut().unwrap();
    gnu.set_real_size(1 << 50);
    gnu.sparse[3].offset = *b"\x80\0\0\0\0\x04\0\0\0\0\0\0";
    header.set_cksum();
    unpacked[..512].copy_from_slice(header.as_bytes());
    let budget = Budget::new(0, 20, 100, None);
    let (found, _) = read_with(&budget, &unpacked[..], None);
    assert_eq!(found.planted(), PLANTED[..2]);
    assert!(found.text.matches(PLANTED[0]).count() >= 12 * 128);
    assert_eq!(found.limits, []);
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

#[test]
fn a_long_member_comes_in_small_pieces() {
    /// The same line again and again.
    struct Lines(usize);
    impl Read for Lines {
        fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
            let line = b"a line of filler that says nothing about anybody.\n";
            let part = &line[self.0 % line.len()..];
            let count = part.len().min(into.len());
            into[..count].copy_from_slice(&part[..count]);
            self.0 += count;
            Ok(count)
        }
    }
    let length = 16_u64 << 20;
    let mut header = ::tar::Header::new_ustar();
    header.set_path("long").unwrap();
    header.set_size(length + PLANTED[2].len() as u64);
    header.set_cksum();
    let filler = Lines(0).take(length);
    let member = header.as_bytes().chain(filler).chain(PLANTED[2].as_bytes());
    let packed = GzEncoder::new(member, Compression::fast());
    let (found, _) = read_with(&generous(), packed, None);
    assert_eq!(found.planted(), PLANTED[2..]);
    assert!(found.longest_piece <= 1 << 20, "{}", found.longest_piece);
}

#[test]
fn two_hundred_levels_fit_the_stack_of_a_thread() {
    let mut bytes = PLANTED[0].as_bytes().to_vec();
    for level in 0..200 {
        bytes = match level % 3 {
            0 => gzip(&bytes[..]),
            1 => tar_of(&[("a", &bytes)]),
            _ => zip_of(&[("a", &bytes)]),
        };
    }
    let (found, _) = read_with(&Budget::new(1 << 40, 200, 1 << 20, None), &bytes[..], None);
    assert_eq!(found.containers.len(), 200);
    assert_eq!(found.planted(), PLANTED[..1]);
}
