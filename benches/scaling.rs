//! How the cost of a scan grows: with the list, with what a leak is full of, with
//! the number of lists under keys of their own, with cores, with the number of files.
//!
//! `BENCH_MIB` sets the size of a leak (64), `BENCH_RUNS` how often each point is
//! measured (3, the best counts). Lists go up to 10^7 entries; with `BENCH_BIG=1` to
//! 10^8, which takes 10 GB of disk and some minutes. `BENCH_ONLY` names one curve.
#![expect(clippy::print_stdout, reason = "this is its report")]
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    reason = "a benchmark that meets the unexpected should stop, and its figures are rough"
)]

#[allow(dead_code, reason = "each bench takes what it needs")]
mod common;

use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use blindsift::fingerprint::Key;
use common::curves::Curves;
use common::data::{BLINDSIFT, Data, Leak, Size};
use common::formats::Shape;
use common::machine::{self, cores, has};
use common::meter::{self, Series};
use common::random_list;

fn main() {
    // `cargo test --benches` only wants to know that it builds.
    if meter::has_metered() || !env::args().any(|argument| argument == "--bench") {
        return;
    }
    let mib = machine::number("BENCH_MIB", 64);
    let size = Size {
        bytes: mib << 20,
        people: 40_000,
        planted: 2_000,
    };
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("scaling-{mib}"));
    let mut bench = Bench {
        data: Data::make(&folder, &size),
        runs: machine::number("BENCH_RUNS", 3).max(1),
        curves: Curves::default(),
    };
    let mut facts = machine::description();
    facts.push(format!("data: {mib} MiB, best of {} runs", bench.runs));
    println!("{}\n", facts.join("\n"));
    println!("| diagram | curve | across | up |\n|---|---|---|---|");
    let only = env::var("BENCH_ONLY").unwrap_or_default();
    let steps: [(&str, Step); 5] = [
        ("lists", Bench::lists),
        ("density", Bench::density),
        ("keys", Bench::keys),
        ("workers", Bench::workers),
        ("files", Bench::files),
    ];
    for (name, step) in steps {
        if only.is_empty() || only == name {
            step(&mut bench);
        }
    }
    // A part of the whole is for looking at, not for keeping.
    if only.is_empty() {
        bench.curves.write(&facts);
    }
}

type Step = fn(&mut Bench);

struct Bench {
    data: Data,
    runs: u64,
    curves: Curves,
}

/// How the command line is told what to do.
struct Scan<'a> {
    lists: &'a [(PathBuf, PathBuf)],
    place: &'a Path,
    workers: usize,
}

impl Bench {
    /// Scans several times.
    fn scan(&self, scan: &Scan<'_>) -> Series {
        let mut series = self.series(scan);
        for _ in 0..self.runs {
            series.run(&self.data.folder);
        }
        series
    }

    fn series(&self, scan: &Scan<'_>) -> Series {
        let folder = &self.data.folder;
        let mut command: Vec<OsString> = vec!["env".into()];
        let mut cache = OsString::from("XDG_CACHE_HOME=");
        cache.push(folder.join("cache"));
        command.push(cache);
        if scan.workers == 1 && has("taskset") {
            command.extend([
                "taskset".into(),
                "-c".into(),
                (cores() - 1).to_string().into(),
            ]);
        }
        command.extend([BLINDSIFT.into(), "scan".into(), scan.place.into()]);
        for (list, key) in scan.lists {
            command.extend([
                "--watchlist".into(),
                list.into(),
                "--key".into(),
                key.into(),
            ]);
        }
        command.extend(["--checker-key".into(), folder.join("checker.key").into()]);
        command.extend(["--out".into(), folder.join("report").into()]);
        command.extend([
            "--quiet".into(),
            "--workers".into(),
            scan.workers.to_string().into(),
        ]);
        let mut series = Series::new(&command);
        series.fresh = Some(folder.join("report"));
        series
    }

    fn leak(&self, shape: Shape) -> &Leak {
        let is_it = |leak: &&Leak| leak.shape == shape;
        self.data.leaks.iter().find(is_it).unwrap()
    }

    /// A file with nothing in it, to see what a run costs beside the leak.
    fn nothing(&self) -> PathBuf {
        let path = self.data.folder.join("nothing.txt");
        fs::write(&path, "-\n").unwrap();
        path
    }

    /// 10^3 entries and more, nearly none of them in the leak.
    fn lists(&mut self) {
        const ACROSS: &str = "entries";
        const RATE: &str = "MB/s of CPU, dense CSV, without start-up";
        let most = if machine::number("BENCH_BIG", 0) > 0 {
            8
        } else {
            7
        };
        let key = Key::read(&self.data.key).unwrap();
        let path = self.data.folder.join("random.bsw");
        let kinds: &[bool] = if self.data.lists.len() > 1 {
            &[false, true]
        } else {
            &[false]
        };
        for entries in (3..=most).map(|power| 10_u64.pow(power)) {
            for has_hints in kinds.iter().copied() {
                let name = if has_hints {
                    "with hints"
                } else {
                    "without hints"
                };
                random_list::write(&path, &key, entries, has_hints);
                let pair = [(path.clone(), self.data.key.clone())];
                let mut scan = Scan {
                    lists: &pair,
                    place: &self.nothing(),
                    workers: 1,
                };
                // It leaves an index behind for those after it.
                let mut first = self.series(&scan);
                first.run(&self.data.folder);
                let start = self.scan(&scan);
                let leak = self.leak(Shape::Dense);
                scan.place = &leak.path;
                let whole = self.scan(&scan);
                let [open, _] = start.spread(|run| run.wall);
                let engine = whole.spread(|run| run.cpu)[0] - start.spread(|run| run.cpu)[0];
                let rate = leak.bytes as f64 / 1e6 / engine;
                let peak = whole.peak() as f64 / 1e6;
                let at = entries as f64;
                // Where the noise of the start is larger than the scan, there is no rate.
                if engine > 0.0 {
                    self.curves.point(RATE, ACROSS, name, [at, rate]);
                }
                let first = [at, first.runs[0].wall * 1e3];
                self.curves
                    .point("start-up, ms", ACROSS, &format!("{name}, first"), first);
                self.curves
                    .point("start-up, ms", ACROSS, name, [at, open * 1e3]);
                self.curves.point("peak MB", ACROSS, name, [at, peak]);
                let _ = fs::remove_file(&path);
                let _ = fs::remove_dir_all(self.data.folder.join("cache"));
            }
        }
    }

    /// Prose with more and more rows in it.
    fn density(&mut self) {
        let [dense, prose] =
            [Shape::Dense, Shape::Prose].map(|shape| fs::read(&self.leak(shape).path).unwrap());
        let path = self.data.folder.join("mixed.txt");
        for parts in [0, 1, 4, 16, 64] {
            let mixed = mixed(&dense, &prose, parts);
            fs::write(&path, &mixed).unwrap();
            let list = self.data.lists.last().unwrap();
            let pair = [(list.path.clone(), self.data.key.clone())];
            let series = self.scan(&Scan {
                lists: &pair,
                place: &path,
                workers: 1,
            });
            let megabytes = mixed.len() as f64 / 1e6;
            let candidates = self.candidates() / megabytes;
            let rate = megabytes / series.spread(|run| run.cpu)[0];
            self.curves.point(
                "MB/s of CPU by density",
                "candidates per MB",
                "rows in prose",
                [candidates, rate],
            );
        }
        fs::remove_file(path).unwrap();
    }

    /// How many candidates the last run saw.
    fn candidates(&self) -> f64 {
        let report = fs::read_to_string(self.data.folder.join("report/report.json")).unwrap();
        let report: serde_json::Value = serde_json::from_str(&report).unwrap();
        let candidates = &report["coverage"]["candidates"];
        let by_kind = candidates.as_object().into_iter().flatten();
        by_kind.filter_map(|(_, count)| count.as_f64()).sum()
    }

    /// One list and more, each of 160,000 entries under a key of its own.
    fn keys(&mut self) {
        let has_hints = self.data.lists.len() > 1;
        let mut pairs = Vec::new();
        for number in 1..=8 {
            let [list, place] =
                ["bsw", "key"].map(|end| self.data.folder.join(format!("{number}.{end}")));
            let key = Key::from_bytes(&mut [number; 32]);
            let _ = fs::remove_file(&place);
            key.write(&place).unwrap();
            random_list::write(&list, &key, 160_000, has_hints);
            pairs.push((list, place));
        }
        for count in [1, 2, 3, 4, 6, 8] {
            let scan = Scan {
                lists: &pairs[..count],
                place: &self.leak(Shape::Dense).path,
                workers: 1,
            };
            let [seconds, _] = self.scan(&scan).spread(|run| run.cpu);
            self.curves.point(
                "CPU seconds with several lists, each its key",
                "keys",
                "all of them",
                [count as f64, seconds],
            );
        }
    }

    fn workers(&mut self) {
        for shape in Shape::ALL {
            for workers in 1..=cores() {
                let list = self.data.lists.last().unwrap();
                let pair = [(list.path.clone(), self.data.key.clone())];
                let leak = self.leak(shape);
                let scan = Scan {
                    lists: &pair,
                    place: &leak.path,
                    workers,
                };
                let bytes = leak.bytes as f64;
                let [seconds, _] = self.scan(&scan).spread(|run| run.wall);
                self.curves.point(
                    "MB/s of time that passes, one file",
                    "workers",
                    shape.words(),
                    [workers as f64, bytes / 1e6 / seconds],
                );
            }
        }
    }

    /// Small files, beside ripgrep with the raw list over the same tree.
    fn files(&mut self) {
        let rows = fs::read(&self.leak(Shape::Dense).path).unwrap();
        let tree = self.data.folder.join("tree");
        let _ = fs::remove_dir_all(&tree);
        let mut made = 0;
        for count in (0..=5).map(|power| 10_usize.pow(power)) {
            for number in made..count {
                let folder = tree.join((number / 1000).to_string());
                if number == made || number % 1000 == 0 {
                    fs::create_dir_all(&folder).unwrap();
                }
                fs::write(folder.join(format!("{number}.csv")), small(&rows, number)).unwrap();
            }
            made = count;
            let list = self.data.lists.last().unwrap();
            let pair = [(list.path.clone(), self.data.key.clone())];
            let series = self.scan(&Scan {
                lists: &pair,
                place: &tree,
                workers: cores(),
            });
            let rate = |series: &Series| count as f64 / series.spread(|run| run.wall)[0];
            let at = count as f64;
            self.curves.point(
                "files a second",
                "files of 1.5 KB",
                "blindsift",
                [at, rate(&series)],
            );
            if has("rg") {
                let options = ["rg", "-a", "--no-config", "-o", "-F", "-f"];
                let mut command = options.map(OsString::from).to_vec();
                command.extend([self.data.emails.clone().into(), tree.clone().into()]);
                let mut series = Series::new(&command);
                series.allowed = &[0, 1];
                for _ in 0..self.runs {
                    series.run(&self.data.folder);
                }
                self.curves.point(
                    "files a second",
                    "files of 1.5 KB",
                    "rg -F -f",
                    [at, rate(&series)],
                );
            }
        }
        fs::remove_dir_all(tree).unwrap();
    }
}

/// `parts` of 64 blocks are rows, the others prose, and all of it reads as text:
/// the first block is always prose.
fn mixed(dense: &[u8], prose: &[u8], parts: usize) -> Vec<u8> {
    const BLOCK: usize = 64 << 10;
    let mut mixed = prose[..2 * BLOCK].to_vec();
    let blocks = dense.chunks(BLOCK).zip(prose.chunks(BLOCK));
    for (number, (rows, notes)) in blocks.enumerate() {
        // Spread out: 16 of 64 are every fourth.
        let is_dense = number * parts % 64 < parts;
        mixed.extend_from_slice(if is_dense { rows } else { notes });
    }
    mixed
}

/// Ten rows or so.
fn small(rows: &[u8], number: usize) -> &[u8] {
    const BYTES: usize = 1536;
    let start = number * BYTES % (rows.len() - 2 * BYTES);
    &rows[start..start + BYTES]
}
