//! The command line: arguments in, a call of the library, an outcome out.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "this is the command line"
)]

mod cli;

fn main() -> std::process::ExitCode {
    cli::main()
}
