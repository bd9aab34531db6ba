//! The stages in this process: all that benches use of the inside of the library.

use std::ops::Range;
use std::path::Path;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

use blindsift::base::{
    Cell, Format, Kind, Layout, Limit, Origin, OriginKey, Piece, Reason, Record,
};
use blindsift::config::Limits;
use blindsift::decode::{self, Context, Input, Out};
use blindsift::extract::Extractor;
use blindsift::fingerprint::{Fingerprint, Hint, Key, kinds};
use blindsift::matching::{Index, Slot, Watchlist};
use blindsift::pipeline::{Bytes, Engine};

/// Examines `leak` as a run does, on one thread: once, and once more inside of
/// `measure`. How many identifiers were found.
pub(crate) fn scan(list: &Path, key: &Path, leak: &[u8], measure: fn(&mut dyn FnMut())) -> usize {
    let (list, index) = open(list);
    let key = Key::read(key).unwrap();
    let origins = OriginKey::new(&[1; 32]);
    let engine = Engine::new([(&list, index, &key)], Limits::default(), origins.clone());
    let (matches, found) = (AtomicU64::new(0), AtomicUsize::new(0));
    engine.work(1, &matches, &|_, worker| {
        let origin = origins.place("bench", b"leak");
        let mut examine = || {
            let bytes = Bytes {
                stream: Box::new(leak),
                random: None,
                charset: None,
            };
            worker.examine(bytes, origin)
        };
        let mut verdicts = examine();
        measure(&mut || verdicts = examine());
        found.store(verdicts[0].findings.len(), Ordering::Relaxed);
    });
    found.into_inner()
}

/// Decodes `leak`.
pub(crate) fn decode(leak: &[u8], out: &mut dyn Out) {
    let (limits, origins) = (Limits::default(), OriginKey::new(&[1; 32]));
    let budget = limits.budget();
    let context = Context {
        budget: &budget,
        origins: &origins,
        spool_memory: limits.spool_memory,
        spool_bytes: limits.spool,
        piece_bytes: decode::text::PIECE,
        ahead: false,
    };
    let input = Input {
        stream: Box::new(leak),
        random: None,
        charset: None,
    };
    decode::read(input, origins.place("bench", b"leak"), context, out);
}

/// Takes what decoders find as a run does that looks for nobody by name, and does
/// nothing with it.
#[derive(Default)]
pub(crate) struct Counting {
    pub(crate) records: u64,
}

impl Out for Counting {
    fn begin(&mut self, _: Origin, _: Format) {}
    fn piece(&mut self, piece: &Piece<'_>) {
        self.records += piece.records.len() as u64;
    }
    fn end(&mut self, _: u64) {}
    fn container(&mut self, _: Origin, _: Format) {}
    fn missed(&mut self, _: Origin, _: Reason) {}
    fn limit(&mut self, _: Limit) {}
    fn wants_cells(&self) -> bool {
        false
    }
}

/// A piece that is kept.
pub(crate) struct Kept {
    text: String,
    own: Range<usize>,
    is_whole: bool,
    layout: Layout,
    records: Vec<Record>,
    cells: Vec<Cell>,
    columns: Vec<String>,
}

impl Kept {
    pub(crate) fn piece(&self) -> Piece<'_> {
        Piece {
            text: &self.text,
            own: self.own.clone(),
            is_whole: self.is_whole,
            layout: self.layout,
            records: &self.records,
            cells: &self.cells,
            columns: &self.columns,
        }
    }
}

/// Keeps all pieces.
#[derive(Default)]
pub(crate) struct Keeping(pub(crate) Vec<Kept>);

impl Out for Keeping {
    fn begin(&mut self, _: Origin, _: Format) {}
    fn piece(&mut self, piece: &Piece<'_>) {
        self.0.push(Kept {
            text: piece.text.to_owned(),
            own: piece.own.clone(),
            is_whole: piece.is_whole,
            layout: piece.layout,
            records: piece.records.to_vec(),
            cells: piece.cells.to_vec(),
            columns: piece.columns.to_vec(),
        });
    }
    fn end(&mut self, _: u64) {}
    fn container(&mut self, _: Origin, _: Format) {}
    fn missed(&mut self, _: Origin, _: Reason) {}
    fn limit(&mut self, _: Limit) {}
    fn wants_cells(&self) -> bool {
        false
    }
}

/// Finds what `list` holds, read as its header says.
pub(crate) fn extractor(list: &Path, wanted: &[&'static Kind]) -> Extractor {
    let list = Watchlist::read(list).unwrap();
    Extractor::new(wanted, kinds::ALL, &list.regions)
}

/// Looks identifiers of one kind up.
pub(crate) struct Prober {
    index: Index,
    slot: Slot,
}

impl Prober {
    pub(crate) fn open(list: &Path, kind: &Kind) -> Self {
        let (_, index) = open(list);
        let slot = index.slot_of(kind).unwrap();
        Self { index, slot }
    }

    #[inline]
    pub(crate) fn may_hold(&self, hint: Hint) -> bool {
        self.index.may_hint(self.slot, hint)
    }

    #[inline]
    pub(crate) fn holds(&self, fingerprint: &Fingerprint) -> bool {
        self.index.probe(self.slot, fingerprint).is_some()
    }
}

fn open(list: &Path) -> (Watchlist, Index) {
    Index::open(list, None, &|_| ()).unwrap()
}
