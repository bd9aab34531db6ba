//! Free text, and how pieces of any text are cut.

use std::io::{self, Read};

use proptest::prelude::*;

use super::{CHUNK, Found, PIECE, budget, context, found, found_in, origins, read_in, sniff};
use crate::base::{Budget, Format, OriginKey};
use crate::decode::text::read;

fn origin() -> crate::base::Origin {
    OriginKey::new(&[2; 32]).place("s", b"x")
}

/// A stream that gives `left` bytes of one line, then fails or ends.
struct Endless {
    left: usize,
    fails: bool,
}

impl Read for Endless {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        if self.left == 0 && self.fails {
            return Err(io::Error::other("the line is dead"));
        }
        let count = to.len().min(self.left).min(5000);
        to[..count].fill(b'x');
        self.left -= count;
        Ok(count)
    }
}

#[test]
fn a_line_of_300_mb_comes_in_pieces_of_bounded_size() {
    let left = 300 << 20;
    let mut found = Found {
        counts_only: true,
        ..Found::default()
    };
    let mut stream = Endless { left, fails: false };
    let (tally, error) = read(
        b"head ",
        &mut stream,
        None,
        Format::Text,
        origin(),
        context(&budget(), &origins()),
        &mut found,
    );
    assert!(error.is_none());
    assert_eq!(tally.bytes, left as u64 + 5);
    assert_eq!(found.ended, Some(left as u64 + 5));
    assert_eq!(found.bytes, left + 5);
    assert!(found.longest <= PIECE + 2048, "{}", found.longest);
}

#[test]
fn an_error_of_the_stream_keeps_what_came_before() {
    let mut found = Found::default();
    let mut stream = Endless {
        left: 70_000,
        fails: true,
    };
    let (tally, error) = read(
        b"anna@example.fi\n",
        &mut stream,
        None,
        Format::Text,
        origin(),
        context(&budget(), &origins()),
        &mut found,
    );
    assert_eq!(error.unwrap().to_string(), "the line is dead");
    assert_eq!(tally.bytes, 70_016);
    assert_eq!(found.ended, Some(70_016));
    assert_eq!(found.owned.len(), 70_016);
    assert!(found.owned.starts_with("anna@example.fi\nxxx"));
}

#[test]
fn time_that_is_up_stops_the_reading() {
    let budget = Budget::new(0, 0, 0, Some(std::time::Instant::now()));
    let mut found = Found::default();
    let mut stream = b"text".as_slice();
    let (tally, error) = read(
        b"",
        &mut stream,
        None,
        Format::Text,
        origin(),
        context(&budget, &origins()),
        &mut found,
    );
    assert_eq!(error.unwrap().to_string(), "the limit `time` was met");
    // What was read to tell the character set is examined all the same.
    assert_eq!((tally.bytes, found.owned.as_str()), (4, "text"));
}

#[test]
fn a_declared_character_set_is_used() {
    let mut found = Found::default();
    let mut stream = b"\xa3\xf3d\x9f".as_slice();
    let head = b"miasto ";
    read(
        head,
        &mut stream,
        Some("windows-1250"),
        Format::Text,
        origin(),
        context(&budget(), &origins()),
        &mut found,
    );
    assert_eq!(found.texts(), ["miasto Łódź"]);
}

#[test]
fn every_kind_of_line_end_ends_a_record() {
    let found = found("one\r\ntwo\rthree\n\nfive");
    let lines: Vec<_> = found
        .records
        .iter()
        .map(|(n, l)| (*n, l[0].as_str()))
        .collect();
    assert_eq!(lines, [(1, "one"), (2, "two"), (3, "three"), (5, "five")]);
}

#[test]
fn pieces_are_cut_at_blank_lines_where_there_are_any() {
    let paragraph = format!("{}\n{}\n\n", "a".repeat(700), "b".repeat(700));
    let text = paragraph.repeat(10);
    let mut cuts = Cuts::default();
    read_in(text.as_bytes(), Format::Text, CHUNK, 4096, &mut cuts);
    assert!(cuts.0.len() > 2);
    assert!(cuts.0.iter().all(|piece| piece.ends_with("\n\n")));
}

#[derive(Default)]
struct Cuts(Vec<String>);

impl crate::decode::Out for Cuts {
    fn begin(&mut self, _: crate::base::Origin, _: Format) {}
    fn piece(&mut self, piece: &crate::base::Piece<'_>) {
        self.0.push(piece.text[piece.own.clone()].to_owned());
    }
    fn end(&mut self, _: u64) {}
    fn container(&mut self, _: crate::base::Origin, _: Format) {}
    fn missed(&mut self, _: crate::base::Origin, _: crate::base::Reason) {}
    fn limit(&mut self, _: crate::base::Limit) {}
}

#[test]
fn an_address_at_any_cut_is_whole_in_the_piece_that_owns_its_start() {
    struct Starts(Vec<usize>);
    impl crate::decode::Out for Starts {
        fn begin(&mut self, _: crate::base::Origin, _: Format) {}
        fn piece(&mut self, piece: &crate::base::Piece<'_>) {
            for (start, _) in piece.text.match_indices("anna@example.fi ") {
                if piece.own.contains(&start) {
                    self.0.push(start);
                }
            }
        }
        fn end(&mut self, _: u64) {}
        fn container(&mut self, _: crate::base::Origin, _: Format) {}
        fn missed(&mut self, _: crate::base::Origin, _: crate::base::Reason) {}
        fn limit(&mut self, _: crate::base::Limit) {}
    }
    for spelling in [
        "anna@example.fi ",
        "anna&#64;example.fi ",
        "anna\\u0040example.fi ",
    ] {
        let text = spelling.repeat(5000);
        let mut starts = Starts(Vec::new());
        read_in(text.as_bytes(), Format::Text, 1000, 4096, &mut starts);
        assert_eq!(starts.0.len(), 5000, "{spelling}");
    }
}

#[test]
fn what_is_no_text_is_told() {
    let random: Vec<u8> = (0..4096_u64)
        .map(|n| n.wrapping_mul(0x9e37_79b9_7f4a_7c15).to_be_bytes()[3])
        .collect();
    for binary in [
        b"%PDF-1.7 text".as_slice(),
        b"{\\rtf1\\ansi text}",
        b"\x89PNG\r\n\x1a\n",
        b"\0\0\0\0\0\0\0\0",
        b"ab\0\0\x01\0c\0\0\x02d",
        &random,
    ] {
        assert_eq!(sniff(binary, true), None, "{:?}", &binary[..8]);
    }
    let padded = [b"anna@example.fi\n".as_slice(), &[0; 500]].concat();
    assert_eq!(sniff(&padded, true), Some(Format::Text));
}

#[test]
fn formats_are_told_by_content() {
    for (text, format) in [
        (
            "Anna Virtanen\nborn in Turku, lives in Oulu\n",
            Format::Text,
        ),
        ("anna@example.fi\nbo@example.se\n", Format::Text),
        ("[INFO] started\n[INFO] stopped\n", Format::Text),
        ("[2026-11-21 10:00] <anna> hello\n", Format::Text),
        (
            "Dear Anna, hello, you\nThis is, well, prose,\nand no more. Yes, it is\n",
            Format::Text,
        ),
        ("a,b,c\n1,2,3\n", Format::Csv),
        ("name;email\nAnna;anna@example.fi\n", Format::Csv),
        ("a\tb\n1,5\t2,5\n", Format::Csv),
        ("1|2|3\n4|5|6\n", Format::Csv),
        ("{\"a\":1}\n{\"a\":2}\n", Format::Json),
        ("  [ {\"a\": [1, 2.5e3, null]} ]", Format::Json),
        ("[[\"a\",1],[\"b\",2]]", Format::Json),
        ("{name} wrote this", Format::Text),
        ("-- MySQL dump 10.13\n", Format::Sql),
        ("\n insert into `t` values (1,'a');", Format::Sql),
        ("COPY public.t (a, b) FROM stdin;\n1\t2\n\\.\n", Format::Sql),
        ("Insert your coin and copy the text\n", Format::Text),
        ("<!DOCTYPE html><p>x", Format::Html),
        ("<p>Hello</p>", Format::Html),
        ("<?xml version='1.0'?><a/>", Format::Xml),
        ("<people><person/></people>", Format::Xml),
        ("<anna> hello\n<bo> hello\n", Format::Text),
    ] {
        assert_eq!(sniff(text.as_bytes(), true), Some(format), "{text}");
        let utf16: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(sniff(&utf16, true), Some(format), "{text} in UTF-16");
    }
}

proptest! {
    #[test]
    fn every_byte_of_plain_text_is_owned_once(
        lines in prop::collection::vec("[a-zåäö .\n]{0,3000}", 0..20),
        chunk in 1_usize..5000,
    ) {
        let text = lines.concat();
        let found = found_in(text.as_bytes(), Format::Text, chunk, 4096);
        prop_assert_eq!(found.owned, text);
    }
}
