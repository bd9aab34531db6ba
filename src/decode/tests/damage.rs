//! What is damaged or cut off is read as far as it goes.

use std::fmt::Write as _;

use super::*;

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
fn a_tar_header_without_a_readable_size_ends_nothing() {
    // What `tar --label` writes first: no mark, and a size of zero bytes only.
    for (size, missed) in [([0_u8; 12], vec![]), ([b'x'; 12], vec![Reason::Corrupt])] {
        let mut label = [0_u8; 512];
        label[..3].copy_from_slice(b"vol");
        label[124..136].copy_from_slice(&size);
        label[148..156].fill(b' ');
        label[156] = b'V';
        let sum: u32 = label.iter().map(|byte| u32::from(*byte)).sum();
        label[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
        let mut bytes = label.to_vec();
        bytes.extend(tar_of(&[("a", PLANTED[0].as_bytes())]));
        let (found, _) = read_all(&bytes);
        assert_eq!(found.planted(), PLANTED[..1]);
        assert_eq!(found.missed, missed);
    }
}

#[test]
fn a_zip_member_that_came_through_a_pipe_is_a_file() {
    let mut bytes = zip_of(&[("-", PLANTED[0].as_bytes())]);
    let at = memchr::memmem::find(&bytes, b"PK\x01\x02").unwrap();
    // APPNOTE, sections 4.4.2 and 4.4.15: made on Unix, mode 0o010600. So
    // `cat file | zip archive.zip -` writes it.
    bytes[at + 5] = 3;
    bytes[at + 38..at + 42].copy_from_slice(&0x1180_0000_u32.to_le_bytes());
    let (found, _) = read_all(&bytes);
    assert_eq!(found.planted(), PLANTED[..1]);
    assert!(found.missed.is_empty());
}

#[test]
fn text_behind_a_hole_is_read_and_zeros_alone_are_no_text() {
    for hole in [512, 100_000, 3 << 20] {
        let mut bytes = vec![0; hole];
        let (found, tally) = read_all(&bytes);
        assert_eq!(found.missed, [Reason::UnsupportedFormat], "{hole}");
        assert_eq!(tally.bytes, hole as u64);
        bytes.extend(PLANTED[0].as_bytes());
        let (found, tally) = read_all(&bytes);
        assert_eq!(found.planted(), PLANTED[..1], "{hole}");
        assert!(found.missed.is_empty(), "{hole}");
        assert_eq!(tally.bytes, bytes.len() as u64);
    }
}
