//! What is found in whole leaves, whatever the format.

mod common;
mod fast;
mod fixtures;
mod hostile;
mod plain;

use super::builder::Builder;
use super::{CHUNK, PIECE, Stream, read_all, sniff};
use crate::base::{Budget, Format, Layout, Limit, Origin, OriginKey, Piece, Reason};
use crate::decode::{Context, Out};

/// Takes down what comes out.
#[derive(Default)]
struct Found {
    /// What the pieces own, one after the other.
    owned: String,
    /// Records: their number, and their cells as `column=text`, or their line.
    records: Vec<(u64, Vec<String>)>,
    /// Records: their number, and their text with all cells.
    texts: Vec<(u64, String)>,
    /// Nobody looks at cells: text is read the fast way.
    skips_cells: bool,
    /// Bytes of the longest piece.
    longest: usize,
    /// Bytes that were owned, counted even where `owned` is not kept.
    bytes: usize,
    pieces: usize,
    /// Keeps counts only.
    counts_only: bool,
    ended: Option<u64>,
}

impl Found {
    /// The texts of all cells, or of all lines.
    fn texts(&self) -> Vec<&str> {
        let cells = self.records.iter().flat_map(|(_, cells)| cells);
        cells.map(String::as_str).collect()
    }

    /// The cells of each record.
    fn rows(&self) -> Vec<Vec<&str>> {
        let rows = self.records.iter().map(|(_, cells)| cells);
        rows.map(|cells| cells.iter().map(String::as_str).collect())
            .collect()
    }
}

impl Out for Found {
    fn wants_cells(&self) -> bool {
        !self.skips_cells
    }

    fn begin(&mut self, _: Origin, _: Format) {}

    fn piece(&mut self, piece: &Piece<'_>) {
        self.longest = self.longest.max(piece.text.len());
        self.bytes += piece.own.len();
        self.pieces += 1;
        assert!(piece.own.start < piece.own.end || piece.own.is_empty());
        assert!(piece.records.is_sorted_by(|a, b| a.end <= b.start));
        assert!(piece.cells.is_sorted_by(|a, b| a.end <= b.start));
        if self.counts_only {
            return;
        }
        self.owned.push_str(&piece.text[piece.own.clone()]);
        for record in piece.records {
            let text = &piece.text[record.start as usize..record.end as usize];
            self.texts.push((record.number, text.to_owned()));
            let mut cells = Vec::new();
            let rows = (piece.layout == Layout::Rows).then(|| piece.cells_of(record));
            for (cell, column) in rows.into_iter().flatten() {
                let text = &piece.text[cell];
                let column = column.and_then(|column| piece.columns.get(usize::from(column)));
                cells.push(match column {
                    Some(column) => format!("{column}={text}"),
                    None => text.to_owned(),
                });
            }
            if piece.layout == Layout::Lines {
                let range = record.start as usize..record.end as usize;
                cells.push(piece.text[range].to_owned());
            }
            self.records.push((record.number, cells));
        }
    }

    fn end(&mut self, bytes: u64) {
        self.ended = Some(bytes);
    }
    fn container(&mut self, _: Origin, _: Format) {}
    fn missed(&mut self, _: Origin, _: Reason) {}
    fn limit(&mut self, _: Limit) {}
}

fn budget() -> Budget {
    Budget::new(0, 0, 0, None)
}

fn origins() -> OriginKey {
    OriginKey::new(&[1; 32])
}

fn context<'a>(budget: &'a Budget, origins: &'a OriginKey) -> Context<'a> {
    Context {
        budget,
        origins,
        spool_memory: 0,
        spool_bytes: 0,
        piece_bytes: PIECE,
        ahead: false,
    }
}

/// Reads `input` as `format`, in chunks and pieces of these sizes.
fn found_in(input: &[u8], format: Format, chunk: usize, piece: usize) -> Found {
    let mut found = Found::default();
    read_in(input, format, chunk, piece, &mut found);
    found
}

fn read_in(input: &[u8], format: Format, chunk: usize, piece: usize, out: &mut dyn Out) {
    let mut stream = input;
    let mut source = Stream::new(b"", &mut stream, None, chunk);
    let error = read_all(
        &mut source,
        format,
        context(&budget(), &origins()),
        &mut Builder::new(out, piece),
    );
    assert!(error.is_none());
}

/// Reads `input` as what it is.
fn found(input: &str) -> Found {
    let format = sniff(input.as_bytes(), true).unwrap();
    found_in(input.as_bytes(), format, CHUNK, PIECE)
}
