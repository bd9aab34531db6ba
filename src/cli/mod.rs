//! Arguments to library calls, results to exit codes. Decides nothing.

/// Writes a line to stdout. `println!` panics when nobody reads it any more.
macro_rules! say {
    ($($part:tt)*) => {
        crate::cli::reports::print(format!("{}\n", format_args!($($part)*)).as_bytes())?
    };
}

mod arguments;
mod checker;
mod demo;
mod organisation;
mod outcome;
mod registry;
mod reports;
mod summary;
mod terminal;

use std::io::{self, Write};
use std::panic;
use std::process::ExitCode;

use clap::Parser;

use arguments::{Arguments, Command};
use outcome::Failure;
use terminal::Terminal;

pub(crate) fn main() -> ExitCode {
    // A panic's message may quote what it choked on: only its place is shown.
    panic::set_hook(Box::new(|info| {
        let place = info
            .location()
            .map(|place| format!("{}:{}", place.file(), place.line()))
            .unwrap_or_default();
        // Printing to a stderr that is full would panic again, and abort.
        let _ = writeln!(io::stderr(), "internal error at {place}; please report it");
    }));
    // No core dump: it would hold what streams through memory.
    forbid_core_dumps();
    let arguments = Arguments::parse();
    let terminal = Terminal::new(&arguments);
    match dispatch(arguments.command, &terminal) {
        Ok(code) => ExitCode::from(code),
        Err(failure) => {
            terminal.error(&failure);
            ExitCode::from(failure.code)
        }
    }
}

fn dispatch(command: Command, terminal: &Terminal) -> Result<u8, Failure> {
    match command {
        Command::Demo { out } => demo::run(&out, terminal),
        Command::Key(command) => organisation::key(command),
        Command::Watchlist(command) => organisation::watchlist(command, terminal),
        Command::Normalize {
            kind,
            kind_config,
            regions,
        } => organisation::normalize(kind.as_deref(), kind_config.as_deref(), &regions),
        Command::Kinds { json, kind_config } => registry::kinds(json, kind_config.as_deref()),
        Command::Scan(options) => checker::scan(&options, terminal),
        Command::Crawl(options) => checker::crawl(&options, terminal),
        Command::Report(command) => reports::report(command),
        Command::Resolve(options) => organisation::resolve(&options, terminal),
        Command::Evidence(command) => reports::evidence(command),
        Command::Completions { shell } => reports::completions(shell),
        Command::Man { folder } => reports::man(&folder),
    }
}

fn forbid_core_dumps() {
    use rustix::process::{Resource, Rlimit, setrlimit};
    // Where the system refuses there is nothing better to do than to go on.
    let _ = setrlimit(
        Resource::Core,
        Rlimit {
            current: Some(0),
            maximum: Some(0),
        },
    );
}
