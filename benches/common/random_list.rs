//! Lists of any size, of nobody.

use std::fmt::Write as _;
use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::Path;
use std::thread;
use std::time::Duration;

use blindsift::fingerprint::{Key, kinds};

use super::dice::Dice;
use super::people::KINDS;

/// Writes a list of `entries` random fingerprints for `key`, a quarter of each kind.
///
/// They come out sorted without being sorted: the first 8 bytes of each lie in the
/// entry's own share of all values.
pub(crate) fn write(path: &Path, key: &Key, entries: u64, has_hints: bool) {
    let mut out = BufWriter::with_capacity(1 << 20, File::create(path).unwrap());
    let hint = if has_hints {
        "hint: sha256-inner\n"
    } else {
        ""
    };
    write!(
        out,
        "blindsift-watchlist 1\nmode: keyed\nkey-id: {}\nname: {entries}\n\
         created: 2026-01-01T00:00:00Z\nregions: FI\n{hint}entries: {entries}\n\n",
        key.id()
    )
    .unwrap();
    let mut labels = KINDS.map(|kind| kinds::named(kind).unwrap().label());
    labels.sort();
    let mut dice = Dice::new(entries);
    let mut line = String::new();
    for (label, nth) in labels.iter().zip(0..) {
        let count = (entries + 3 - nth) / 4;
        let share = u64::MAX / count.max(1);
        for number in 0..count {
            let high = number * share + dice.roll(share);
            line.clear();
            let _ = write!(line, "{label} {high:016x}{:016x}", dice.bits());
            if has_hints {
                let _ = write!(line, " {:08x}", dice.bits() >> 32);
            }
            line.push('\n');
            out.write_all(line.as_bytes()).unwrap();
        }
    }
    out.flush().unwrap();
    // Of a list that was written a moment ago no index is kept.
    if entries > 500_000 {
        thread::sleep(Duration::from_secs(4));
    }
}
