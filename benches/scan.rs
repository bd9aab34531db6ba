//! `blindsift scan` beside everything else on this machine that looks for
//! identifiers or for listed strings, on the same files in one run.
//!
//! Makes its own data from a seed: four leaks, and a list of 40,000 people of whom
//! 2,000 stand in them. All commands run in turns, several times. Megabytes for each
//! second of processor time (user and system) survive a noisy machine; both that and
//! the time that passed are shown with their spread. What blindsift reports is held
//! against what was planted: a run that misses something, or reports what is not
//! there, fails.
//!
//! `BENCH_MIB` sets the size of each leak (256), `BENCH_RUNS` the number of turns (3).
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
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use common::chart::{self, Bar, number};
use common::data::{Data, Leak, Size};
use common::machine;
use common::meter::{self, Series};
use common::peers::{self, Cores, Peer, Whose};

const RESULTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/results");

fn main() {
    // `cargo test --benches` only wants to know that it builds.
    if meter::has_metered() || !env::args().any(|argument| argument == "--bench") {
        return;
    }
    let mib = machine::number("BENCH_MIB", 256);
    let runs = machine::number("BENCH_RUNS", 3).max(1);
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("bench-{mib}"));
    let size = Size {
        bytes: mib << 20,
        people: 40_000,
        planted: 2_000,
    };
    let data = Data::make(&folder, &size);
    let mut facts = machine::description();
    facts.extend(peers::versions());
    facts.push(format!(
        "data: {mib} MiB each, 40,000 people listed, {runs} runs"
    ));
    println!("{}\n", facts.join("\n"));
    let start = start_up(&data, runs);
    let mut table = String::new();
    let mut groups = Vec::new();
    for leak in &data.leaks {
        let mut peers = peers::all(&data, leak);
        let found = compare(&data, leak, &mut peers, runs);
        show(leak, &peers, found, &start);
        write_rows(&mut table, leak, &peers);
        groups.push((leak.shape.words().to_owned(), bars(&peers)));
    }
    fs::create_dir_all(RESULTS).unwrap();
    let facts = format!("# {}\n", facts.join("\n# "));
    fs::write(format!("{RESULTS}/latest.tsv"), facts + COLUMNS + &table).unwrap();
    let title = "Searched on one core, MB for each second of processor time";
    let note = format!(
        "{mib} MiB each; 40,000 people listed; best of {runs}, with the spread. Longer is faster; the scale is logarithmic."
    );
    let chart = chart::bars(title, &note, &groups);
    fs::write(format!("{RESULTS}/throughput.svg"), chart).unwrap();
}

/// Runs all of them in turns; how many identifiers each of ours found.
fn compare(data: &Data, leak: &Leak, peers: &mut [Peer], runs: u64) -> usize {
    let mut found = 0;
    // Once unmeasured, so that the leak is in the cache of the kernel.
    fs::read(&leak.path).unwrap();
    for _ in 0..runs {
        for peer in &mut *peers {
            peer.series.run(&data.folder);
            if peer.whose != Whose::Theirs {
                found = data.check(leak, &data.folder.join("report"));
            }
        }
    }
    found
}

/// What a scan costs that has nothing to read, for each list.
fn start_up(data: &Data, runs: u64) -> Vec<(Whose, Series)> {
    let path = data.folder.join("nothing.txt");
    fs::write(&path, "-\n").unwrap();
    let nothing = Leak {
        shape: common::formats::Shape::Prose,
        path,
        bytes: 2,
    };
    let mut all = peers::ours(data, &nothing, Cores::One);
    for _ in 0..runs {
        for peer in &mut all {
            peer.series.run(&data.folder);
        }
    }
    for peer in &all {
        let [least, most] = peer.series.spread(|run| run.cpu);
        println!(
            "start-up of {}: {:.0} ms ({:.0})",
            peer.name,
            least * 1e3,
            most * 1e3
        );
    }
    all.into_iter()
        .map(|peer| (peer.whose, peer.series))
        .collect()
}

/// Best and worst, in MB a second: of processor time on one core, of time that
/// passed on all of them.
fn rates(peer: &Peer) -> [f64; 2] {
    let seconds = match peer.cores {
        Cores::One => peer.series.spread(|run| run.cpu),
        Cores::All => peer.series.spread(|run| run.wall),
    };
    seconds.map(|seconds| peer.bytes as f64 / 1e6 / seconds)
}

/// How many times as fast as `peer` ours is: best against best, and how far the
/// runs of both leave that open.
fn ratio(peers: &[Peer], whose: Whose, peer: &Peer) -> Option<[f64; 3]> {
    let is_it = |ours: &&Peer| ours.whose == whose && ours.cores == peer.cores;
    let ours = rates(peers.iter().find(is_it)?);
    let theirs = rates(peer);
    Some([
        ours[0] / theirs[0],
        ours[1] / theirs[0],
        ours[0] / theirs[1],
    ])
}

fn show(leak: &Leak, peers: &[Peer], found: usize, start: &[(Whose, Series)]) {
    println!(
        "\n{}: all {found} planted identifiers found\n",
        leak.shape.words()
    );
    println!(
        "| command | finds | cores | MB/s | (worst) | peak MB | blindsift is faster so many times | with hints |"
    );
    println!("|---|---|---|---|---|---|---|---|");
    for peer in peers {
        let [best, worst] = rates(peer).map(number);
        let times = [Whose::Plain, Whose::Hinted].map(|whose| {
            let Some([best, least, most]) = ratio(peers, whose, peer) else {
                return "-".to_owned();
            };
            format!("{} ({}-{})", number(best), number(least), number(most))
        });
        println!(
            "| {} | {} | {} | {best} | {worst} | {} | {} | {} |",
            peer.name,
            peer.finds,
            if peer.cores == Cores::One {
                "one"
            } else {
                "all"
            },
            peer.series.peak() / 1_000_000,
            times[0],
            times[1]
        );
    }
    for peer in peers.iter().filter(|peer| peer.whose != Whose::Theirs) {
        let [least, _] = peer.series.spread(|run| run.cpu);
        let before = start.iter().find(|(whose, _)| *whose == peer.whose);
        let Some((_, before)) = before.filter(|_| peer.cores == Cores::One) else {
            continue;
        };
        let engine = (least - before.spread(|run| run.cpu)[0]).max(1e-6);
        let rate = peer.bytes as f64 / 1e6 / engine;
        println!("{} without its start-up: {} MB/s", peer.name, number(rate));
        let all = peers
            .iter()
            .find(|all| all.whose == peer.whose && all.cores == Cores::All);
        let [one, all] =
            [Some(peer), all].map(|p| p.map_or(1.0, |p| p.series.spread(|run| run.wall)[0]));
        println!(
            "{} on all cores: {} times as fast as on one",
            peer.name,
            number(one / all)
        );
    }
}

const COLUMNS: &str = "leak\tcommand\tcores\tbytes\truns\tcpu_s_best\tcpu_s_worst\twall_s_best\twall_s_worst\tpeak_bytes\tmb_per_s\tmb_per_s_worst\tratio\tratio_least\tratio_most\tratio_hinted\tratio_hinted_least\tratio_hinted_most\n";

fn write_rows(table: &mut String, leak: &Leak, peers: &[Peer]) {
    for peer in peers {
        let [cpu, cpu_worst] = peer.series.spread(|run| run.cpu);
        let [wall, wall_worst] = peer.series.spread(|run| run.wall);
        let [best, worst] = rates(peer);
        let _ = write!(
            table,
            "{}\t{}\t{}\t{}\t{}\t{cpu:.4}\t{cpu_worst:.4}\t{wall:.4}\t{wall_worst:.4}\t{}\t{best:.1}\t{worst:.1}",
            leak.shape.file(),
            peer.name,
            if peer.cores == Cores::One {
                "one"
            } else {
                "all"
            },
            peer.bytes,
            peer.series.runs.len(),
            peer.series.peak()
        );
        for whose in [Whose::Plain, Whose::Hinted] {
            match ratio(peers, whose, peer) {
                Some(of) => of.map(|one| write!(table, "\t{one:.3}")),
                None => [0; 3].map(|_| write!(table, "\t")),
            }
            .into_iter()
            .collect::<Result<(), _>>()
            .unwrap();
        }
        table.push('\n');
    }
}

/// The bars of one leak: one core, ours first.
fn bars(peers: &[Peer]) -> Vec<Bar> {
    let on_one = peers.iter().filter(|peer| peer.cores == Cores::One);
    let bars = on_one.map(|peer| {
        let [best, worst] = rates(peer);
        Bar {
            name: peer.name.to_owned(),
            value: best,
            spread: [worst, best],
            colour: match peer.whose {
                Whose::Theirs => 5,
                Whose::Plain => 2,
                Whose::Hinted => 3,
            },
        }
    });
    bars.collect()
}
