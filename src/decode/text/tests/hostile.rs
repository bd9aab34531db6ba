//! Input that was made to be slow, large or wrong.

use std::time::Instant;

use super::{CHUNK, Found, PIECE, found_in, read_in};
use crate::base::Format;

const MIB: usize = 1 << 20;

/// Reads a flood of `part`, 128 KiB and then 512 KiB of it, and wants the second to
/// take little more than four times as long: quadratic time would take sixteen.
fn takes_linear_time(part: &str, format: Format) {
    linear_time(part, format, false);
    if matches!(format, Format::Csv | Format::Json | Format::Sql) {
        linear_time(part, format, true);
    }
}

fn linear_time(part: &str, format: Format, skips_cells: bool) {
    let time = |bytes: usize| {
        let flood = part.repeat(bytes / part.len());
        let start = Instant::now();
        let mut found = Found {
            counts_only: true,
            skips_cells,
            ..Found::default()
        };
        read_in(flood.as_bytes(), format, CHUNK, PIECE, &mut found);
        assert!(found.longest <= PIECE + 4096, "{}", found.longest);
        start.elapsed()
    };
    let small = time(MIB / 8).max(std::time::Duration::from_millis(100));
    let large = time(MIB / 2);
    assert!(
        large < small * 10,
        "{format:?} {part:?}: {small:?}, {large:?}"
    );
    // Quadratic within a window of 64 KiB is linear, but slow beyond use.
    assert!(large.as_secs() < 5, "{format:?} {part:?}: {large:?}");
}

#[test]
fn floods_of_quotes_take_linear_time() {
    for part in ["\"", ",\"a", ",\"a\n", "\"a\" x,", "\"\n", "\" "] {
        takes_linear_time(part, Format::Csv);
    }
}

#[test]
fn floods_of_brackets_take_linear_time() {
    for part in [
        "[",
        "{",
        "[{",
        "{\"a\":",
        "[{\"a\":1,\"b\":",
        "]",
        "\\",
        "\"\\",
        "[1,{\"b\":2},",
    ] {
        takes_linear_time(part, Format::Json);
    }
}

#[test]
fn floods_of_statements_take_linear_time() {
    for part in [
        "insert ",
        "insert \n",
        "insert into t (a,\n",
        "insert [\n",
        "copy ;",
        "copy t from stdin;",
        "create table t (",
        "create table t (a);",
        "'",
        "('",
        "('\\",
        "((",
        "\n",
        "\nINSERT INTO t VALUES ('",
        "insert into t values (",
        "insert into t values /*",
        "insert into t values (1)/*",
    ] {
        takes_linear_time(part, Format::Sql);
    }
}

#[test]
fn floods_of_tags_take_linear_time() {
    for part in [
        "<",
        "<a",
        "<a ",
        "<a b='",
        "<a b='<c' b='<c' ",
        "<a href=\"",
        "<!--",
        "<!",
        "<![CDATA[",
        "</",
        "<script>",
        "</b>",
        "<b>",
        "<tr><td>",
        "<pre>",
        "<p>",
        "<?",
        "<a =",
        "<a ='\"",
        "\n ",
    ] {
        takes_linear_time(part, Format::Html);
        takes_linear_time(part, Format::Xml);
    }
}

#[test]
fn floods_of_escapes_take_linear_time() {
    for part in [
        "&", "&#", "&#64;", "&commat", "%", "%40", "%C3", "\\", "\\u", "\\ud83d", "&#0", "\\x",
    ] {
        takes_linear_time(part, Format::Text);
    }
}

#[test]
fn a_million_brackets_hide_nothing() {
    let deep = format!("{}\"anna@example.fi\"{}", "[".repeat(MIB), "]".repeat(MIB));
    let found = found_in(deep.as_bytes(), Format::Json, CHUNK, PIECE);
    assert_eq!(found.texts(), ["anna@example.fi"]);
}

#[test]
fn a_stray_quote_does_not_swallow_the_file() {
    let rows = "x,y,z\n".repeat(30_000);
    let text = format!("a,b,c\n1,\"stray,3\n{rows}");
    let found = found_in(text.as_bytes(), Format::Csv, CHUNK, PIECE);
    assert_eq!(found.records.len(), 30_002);
    assert_eq!(found.rows()[1], ["a=1", "b=\"stray", "c=3"]);
}

#[test]
fn a_line_that_was_cut_off_does_not_draw_in_the_next() {
    let text = "{\"a\":{\"b\":\"cut\n{\"a\":\"x\"}\n{\"a\":\"y\"}\n";
    let found = found_in(text.as_bytes(), Format::Json, CHUNK, PIECE);
    assert_eq!(found.rows(), [["b=cut"], ["a=x"], ["a=y"]]);
}

#[test]
fn a_string_that_nobody_closes_ends_with_the_next_statement() {
    let text = "INSERT INTO t VALUES (1,'cut\nINSERT INTO t VALUES (2,'x');\n";
    let found = found_in(text.as_bytes(), Format::Sql, CHUNK, PIECE);
    assert_eq!(found.rows(), [["1", "cut"], ["2", "x"]]);
}

#[test]
fn entities_of_a_document_are_never_expanded() {
    let bomb = "<?xml version='1.0'?><!DOCTYPE b [<!ENTITY a \"lol\"><!ENTITY b \"&a;&a;&a;\">]><b>&b;</b>";
    let found = found_in(bomb.as_bytes(), Format::Xml, CHUNK, PIECE);
    assert!(found.owned.contains("&b;"));
    assert!(!found.owned.contains("lollollol"));
}

#[test]
fn a_flood_of_columns_is_bounded() {
    let lines: Vec<String> = (0..100_000).map(|n| format!("{{\"k{n}\":1}}\n")).collect();
    let text = lines.concat();
    let found = found_in(text.as_bytes(), Format::Json, CHUNK, PIECE);
    assert_eq!(found.records.len(), 100_000);
    let with_columns = found.texts().iter().filter(|t| t.contains('=')).count();
    assert_eq!(with_columns, 4096);
}

#[test]
fn long_values_of_every_format_are_whole() {
    // Longer than a window, with an address across every place where one ends.
    let long = "anna@example.fi ".repeat(40_000);
    for (format, text) in [
        (Format::Text, long.clone()),
        (Format::Csv, format!("a,b\n1,{long}\n")),
        (Format::Csv, format!("a,b\n1,\"{long}\"\n")),
        (Format::Json, format!("{{\"a\":\"{long}\"}}")),
        (
            Format::Json,
            format!("[{{\"x\":1,\"v\":[{{\"y\":2}}],\"a\":\"{long}\"}}]"),
        ),
        (Format::Sql, format!("INSERT INTO t VALUES (1,'{long}');")),
        (
            Format::Sql,
            format!("COPY t (a) FROM stdin;\n{long}\n\\.\n"),
        ),
        (Format::Sql, format!("-- {long}\n")),
        (
            Format::Html,
            format!("<p>{long}<!--{long}--><a title=\"{long}\">"),
        ),
        (Format::Html, format!("<script>{long}")),
        (
            Format::Xml,
            format!("<l><p><a>{long}</a></p><p><a>b</a></p></l>"),
        ),
        (Format::Xml, format!("<p>{long}</p>")),
    ] {
        for size in [CHUNK, 70_001] {
            let found: Found = found_in(text.as_bytes(), format, size, PIECE);
            let wanted = text.matches("anna@example.fi").count();
            assert_eq!(
                found.owned.matches("anna@example.fi").count(),
                wanted,
                "{format:?}"
            );
            assert!(found.longest <= PIECE + 4096);
        }
    }
}
