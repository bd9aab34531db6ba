//! The command line: arguments in, a call of the library, an outcome out.

mod cli;

fn main() -> std::process::ExitCode {
    cli::main()
}
