//! Any bytes, through every decoder: no panic, and every byte in exactly one bin.
#![no_main]

use blindsift::base::{Budget, Format, Limit, Origin, OriginKey, Piece, Reason};
use blindsift::decode::{Context, Input, Out, read};
use libfuzzer_sys::fuzz_target;

struct Sink {
    open: bool,
}

impl Out for Sink {
    fn begin(&mut self, _: Origin, _: Format) {
        assert!(!self.open, "a leaf in a leaf");
        self.open = true;
    }

    fn piece(&mut self, piece: &Piece<'_>) {
        assert!(self.open, "a piece of no leaf");
        assert!(piece.own.end <= piece.text.len());
        for record in piece.records {
            assert!(record.start <= record.end && record.end as usize <= piece.text.len());
        }
    }

    fn end(&mut self, _: u64) {
        self.open = false;
    }

    fn container(&mut self, _: Origin, _: Format) {}
    fn missed(&mut self, _: Origin, _: Reason) {}
    fn limit(&mut self, _: Limit) {}
}

fuzz_target!(|bytes: &[u8]| {
    let budget = Budget::new(64 << 20, 20, 10_000, None);
    let origins = OriginKey::new(&[0; 32]);
    let context = Context {
        budget: &budget,
        origins: &origins,
        spool_memory: 1 << 20,
        spool_bytes: 8 << 20,
        piece_bytes: blindsift::decode::text::PIECE,
        ahead: false,
    };
    let input = Input {
        stream: Box::new(bytes),
        random: None,
        charset: None,
    };
    let tally = read(input, origins.place("fuzz", b""), context, &mut Sink { open: false });
    assert_eq!(tally.bytes, bytes.len() as u64);
    let missed: u64 = tally.missed.iter().map(|missed| missed.bytes).sum();
    assert_eq!(tally.bytes_examined() + missed, tally.bytes);
});
