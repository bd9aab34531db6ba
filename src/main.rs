//! The command line: arguments in, a call of the library, an outcome out.
#![expect(clippy::print_stdout, reason = "this is the command line")]

mod cli;

fn main() -> std::process::ExitCode {
    cli::main()
}
