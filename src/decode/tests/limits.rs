//! What is too much is left, and the rest is read.

use super::*;

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
    let (found, tally) = read_spooled(&generous(), (10, 300), &bytes[..], None);
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
