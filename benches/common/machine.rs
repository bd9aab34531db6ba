//! On what something was measured.

use std::env;
use std::fs;
use std::process::Command;
use std::thread;

use blindsift::base::vector::Features;

/// One line each: `name: value`.
pub(crate) fn description() -> Vec<String> {
    vec![
        format!("blindsift: {}", env!("CARGO_PKG_VERSION")),
        format!("date: {}", jiff::Timestamp::now().strftime("%Y-%m-%d")),
        format!("processor: {}", processor()),
        format!("cores: {}", cores()),
        format!("instructions: {:?}", Features::found()),
        format!("compiler: {}", compiler()),
    ]
}

pub(crate) fn cores() -> usize {
    thread::available_parallelism().map_or(1, usize::from)
}

fn processor() -> String {
    let all = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let named = all.lines().find_map(|line| line.strip_prefix("model name"));
    let name = named.map(|name| name.trim_start_matches(['\t', ' ', ':']));
    name.unwrap_or("unknown").to_owned()
}

/// `rustc 1.95.0`
pub(crate) fn compiler() -> String {
    let rustc = env::var("RUSTC").unwrap_or_else(|_| "rustc".to_owned());
    let output = Command::new(rustc).arg("--version").output().unwrap();
    let version = String::from_utf8(output.stdout).unwrap();
    let words: Vec<&str> = version.split(' ').take(2).collect();
    words.join(" ")
}

/// Whether a program of that name is on the path.
pub(crate) fn has(program: &str) -> bool {
    let path = env::var_os("PATH").unwrap_or_default();
    env::split_paths(&path).any(|folder| folder.join(program).is_file())
}

/// The number that an environment variable holds.
pub(crate) fn number(name: &str, default: u64) -> u64 {
    let set = env::var(name).ok();
    set.and_then(|text| text.parse().ok()).unwrap_or(default)
}
