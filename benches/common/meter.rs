//! What a command takes, as the kernel accounts for it when it has ended.
//!
//! The program calls itself once more for each command: the children of that
//! process are then this command and nothing else, so that their times (to the
//! microsecond) and their peak memory are its own. Peaks below that of the process
//! in between, 3 MB or so, cannot be seen.

use std::env;
use std::ffi::OsString;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use nix::sys::resource::{UsageWho, getrusage};

/// What one run took.
#[derive(Clone, Copy)]
pub(crate) struct Cost {
    /// Seconds of processor time, user and system.
    pub(crate) cpu: f64,
    /// Seconds that passed.
    pub(crate) wall: f64,
    /// Bytes of memory at most.
    pub(crate) peak: u64,
}

/// A command, and what several runs of it took.
pub(crate) struct Series {
    pub(crate) command: Vec<OsString>,
    /// Exit codes that are no failure.
    pub(crate) allowed: &'static [i32],
    /// A folder that the command wants to make itself.
    pub(crate) fresh: Option<PathBuf>,
    pub(crate) runs: Vec<Cost>,
}

impl Series {
    pub(crate) fn new<A: Into<OsString> + Clone>(command: &[A]) -> Self {
        Self {
            command: command.iter().cloned().map(Into::into).collect(),
            allowed: &[0],
            fresh: None,
            runs: Vec::new(),
        }
    }

    /// Runs once more; what it prints goes to files in `folder`.
    pub(crate) fn run(&mut self, folder: &Path) {
        if let Some(fresh) = &self.fresh {
            let _ = fs::remove_dir_all(fresh);
        }
        let output = Command::new(env::current_exe().unwrap())
            .arg("--meter")
            .arg(folder)
            .args(&self.command)
            .stderr(Stdio::inherit())
            .output()
            .unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        let numbers: Vec<i64> = text.split(' ').map(|n| n.parse().unwrap()).collect();
        let [cpu, wall, peak, code] = numbers[..] else {
            unreachable!("the meter writes four numbers");
        };
        assert!(
            self.allowed
                .iter()
                .any(|allowed| i64::from(*allowed) == code),
            "{:?} ended with {code}; see {}",
            self.command,
            folder.join("stderr").display()
        );
        self.runs.push(Cost {
            cpu: (cpu.max(1) as f64) / 1e6,
            wall: (wall.max(1) as f64) / 1e6,
            peak: u64::try_from(peak).unwrap(),
        });
    }

    /// The least and the most of what `of` tells about the runs.
    pub(crate) fn spread(&self, of: impl Fn(&Cost) -> f64) -> [f64; 2] {
        let all = self.runs.iter().map(of);
        all.fold([f64::MAX, 0.0], |[least, most], one| {
            [least.min(one), most.max(one)]
        })
    }

    pub(crate) fn peak(&self) -> u64 {
        self.runs.iter().map(|run| run.peak).max().unwrap_or(0)
    }
}

/// Whether this process is the one in between; if so, it has done its work.
pub(crate) fn has_metered() -> bool {
    let mut arguments = env::args_os().skip(1);
    if arguments.next().as_deref() != Some("--meter".as_ref()) {
        return false;
    }
    let folder = PathBuf::from(arguments.next().unwrap());
    let command: Vec<OsString> = arguments.collect();
    let start = Instant::now();
    // A file, not /dev/null: grep stops at the first match when it sees that.
    let status = Command::new(&command[0])
        .args(&command[1..])
        .stdin(Stdio::null())
        .stdout(File::create(folder.join("stdout")).unwrap())
        .stderr(File::create(folder.join("stderr")).unwrap())
        .status()
        .unwrap();
    let wall = start.elapsed().as_micros();
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN).unwrap();
    let micros = |time: nix::sys::time::TimeVal| time.tv_sec() * 1_000_000 + time.tv_usec();
    let cpu = micros(usage.user_time()) + micros(usage.system_time());
    let code = status.code().unwrap_or(-1);
    print!("{cpu} {wall} {} {code}", usage.max_rss() * 1024);
    true
}
