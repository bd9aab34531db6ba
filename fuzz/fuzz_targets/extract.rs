//! Any text, through every finder: no panic, and every span within the text.
#![no_main]

use blindsift::base::{Layout, Piece, Record, Regions};
use blindsift::extract::Extractor;
use blindsift::fingerprint::kinds;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let Ok(regions) = Regions::parse(["FI", "SE"]) else {
        return;
    };
    let Ok(end) = u32::try_from(text.len()) else {
        return;
    };
    let mut extractor = Extractor::new(kinds::ALL, kinds::ALL, &regions);
    for layout in [Layout::Lines, Layout::Rows] {
        let records = [Record { start: 0, end, number: 1 }];
        let piece = Piece {
            text,
            own: 0..text.len(),
            is_whole: true,
            layout,
            records: &records,
            cells: &[],
            columns: &[],
        };
        let mut spans = Vec::new();
        extractor.candidates(&piece, &mut |candidate| {
            assert!(text.get(candidate.span.clone()).is_some());
            assert!(!candidate.canonical.is_empty());
            spans.push((candidate.kind, candidate.span.clone()));
        });
        for (kind, span) in spans.into_iter().take(4) {
            extractor.exposed_with(&piece, kind, &span);
            extractor.claimed(&piece, &span);
        }
    }
});
