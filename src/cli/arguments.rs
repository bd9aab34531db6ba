//! What can be typed.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

/// Tells an organisation which of its people appear in a published leak, while
/// nobody handles the leak or the list.
#[derive(Debug, Parser)]
#[command(
    version,
    max_term_width = 100,
    after_help = "\
First steps:
  blindsift demo                                             the whole job on synthetic people
  blindsift key new patients.key
  blindsift watchlist build people.csv --key patients.key --region FI --out patients.bsw
  blindsift scan leak/ --watchlist patients.bsw --key patients.key --out report
  blindsift resolve report/report.json --people people.csv --key patients.key --out affected.csv

Exit codes: 0 finished; 1 failed; 2 wrong usage or configuration, or a file that was given cannot be
used; 3 finished, but something could not be fetched; N when `--exit-code N` asks and there are new
matches."
)]
pub(super) struct Arguments {
    #[command(subcommand)]
    pub(super) command: Command,

    /// Say nothing but errors and results
    #[arg(long, short, global = true, conflicts_with = "verbose")]
    pub(super) quiet: bool,

    /// Tell of every artefact, by its opaque id
    #[arg(long, short, global = true)]
    pub(super) verbose: bool,

    /// How events and errors are written to stderr
    #[arg(long, global = true, value_enum, default_value_t = LogFormat::Text, value_name = "FORMAT")]
    pub(super) log_format: LogFormat,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum LogFormat {
    /// Lines for people; progress bars on a terminal
    Text,
    /// One JSON object a line
    Json,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// The whole job on a synthetic leak site, embedded in the program
    Demo {
        /// Where the files of the demonstration go
        #[arg(long, value_name = "DIR", default_value = "demo-out")]
        out: PathBuf,
    },
    /// Make a secret key, or print a key's id
    #[command(subcommand)]
    Key(KeyCommand),
    /// Make a list of hashed identifiers, or look at one
    #[command(subcommand)]
    Watchlist(WatchlistCommand),
    /// Lines on stdin to JSON Lines on stdout: what would be matched, and why not
    #[command(after_help = "\
Examples:
  echo '040 123 4567' | blindsift normalize --kind phone --region FI
  blindsift normalize < lines.txt        every kind that reads a line")]
    Normalize {
        /// Read every line as this kind; without it, as every kind
        #[arg(long)]
        kind: Option<String>,
        /// Kinds of your own, as for `watchlist build`
        #[arg(long, value_name = "FILE")]
        kind_config: Option<PathBuf>,
        /// A country whose national notation is read, such as FI; may be repeated
        #[arg(long = "region", value_name = "CC")]
        regions: Vec<String>,
    },
    /// Every kind of identifier: canonical form, check, source
    Kinds {
        /// As JSON
        #[arg(long)]
        json: bool,
        /// Kinds of your own, as for `watchlist build`
        #[arg(long, value_name = "FILE")]
        kind_config: Option<PathBuf>,
    },
    /// Look for listed people in files, folders or stdin
    Scan(Scan),
    /// Fetch the configured sources and look for listed people in them
    Crawl(Crawl),
    /// Write a report in another form, or print its JSON Schema
    #[command(subcommand)]
    Report(ReportCommand),
    /// Inside the organisation: from a report to the people who are in it
    Resolve(Resolve),
    /// Check the signed evidence of a run
    #[command(subcommand)]
    Evidence(EvidenceCommand),
    /// Print completions for a shell
    #[command(
        after_help = "Example:\n  blindsift completions bash > /etc/bash_completion.d/blindsift"
    )]
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
    /// Write man pages to a folder
    Man {
        /// The folder
        #[arg(value_name = "DIR")]
        folder: PathBuf,
    },
}

#[derive(Debug, Subcommand)]
pub(super) enum KeyCommand {
    /// Make a secret key; a file of that name is never overwritten
    New {
        /// The key's file
        file: PathBuf,
    },
    /// Print a key's id, which says nothing about the key
    Id {
        /// The key's file
        file: PathBuf,
    },
}

#[derive(Debug, Subcommand)]
pub(super) enum WatchlistCommand {
    /// Turn a list of people into hashed identifiers
    #[command(after_help = "\
Example:
  blindsift watchlist build people.csv --key patients.key --out patients.bsw \\
      --region FI --column 'Contact 2=email' --column 'Remarks=ignore'

Columns are recognised by the names of kinds and by the usual English, Finnish and Swedish headings.
Cells that cannot be read are listed by line and reason, never by value.

Kinds of your own are defined in a file, and travel in the list to whoever uses it:
  [kind.patient-number]
  pattern = 'V-\\d{6}'")]
    Build(Build),
    /// What is in a list: kinds, counts, key id. Never needs the key
    Info {
        /// The list
        list: PathBuf,
        /// As JSON
        #[arg(long)]
        json: bool,
    },
}

#[derive(Debug, Args)]
pub(super) struct Build {
    /// People: CSV with a header
    pub(super) people: PathBuf,
    /// The secret key
    #[arg(long, value_name = "FILE")]
    pub(super) key: PathBuf,
    /// The list to write
    #[arg(long, value_name = "LIST")]
    pub(super) out: PathBuf,
    /// What a column holds, where its heading does not say it; may be repeated
    #[arg(long = "column", value_name = "HEADER=KIND")]
    pub(super) columns: Vec<String>,
    /// A country whose national notation is read, such as FI, the preferred one first; may be repeated
    #[arg(long = "region", value_name = "CC")]
    pub(super) regions: Vec<String>,
    /// Kinds of your own: tables `[kind.NAME]` with `pattern`, and `check`, `fold`, `strength`,
    /// `headings`
    #[arg(long, value_name = "FILE")]
    pub(super) kind_config: Option<PathBuf>,
    /// The list's name; the name of its file if not given
    #[arg(long)]
    pub(super) name: Option<String>,
    /// The day from which on the list must no longer be used
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub(super) expires: Option<String>,
}

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  blindsift scan leak/ dump.tar.gz --watchlist patients.bsw --key patients.key --out report
  curl -s URL | blindsift scan - --watchlist patients.bsw --key patients.key
  blindsift scan leak/ --watchlist a.bsw --key a.key --watchlist b.bsw --key b.key --out reports")]
pub(super) struct Scan {
    /// Files and folders; `-` is stdin
    #[arg(required = true, value_name = "PATH")]
    pub(super) paths: Vec<PathBuf>,
    /// The list; may be repeated, for several lists in one pass
    #[arg(long, required = true, value_name = "LIST")]
    pub(super) watchlist: Vec<PathBuf>,
    /// The list's secret key; as often as `--watchlist`, in the same order
    #[arg(long, required = true, value_name = "FILE")]
    pub(super) key: Vec<PathBuf>,
    /// Where the report's files go: with several lists, a folder for each in it, called by the
    /// list's name. Without it only a summary is printed
    #[arg(long, value_name = "DIR")]
    pub(super) out: Option<PathBuf>,
    /// Exit with this code when there are new matches
    #[arg(long, value_name = "N")]
    pub(super) exit_code: Option<u8>,
    /// The checker's own secret, which names places and signs evidence; made where there is none
    #[arg(long, value_name = "FILE", env = "BLINDSIFT_CHECKER_KEY")]
    pub(super) checker_key: Option<PathBuf>,
    /// Threads that examine; as many as there are cores if not given
    #[arg(long, value_name = "N")]
    pub(super) workers: Option<usize>,
}

#[derive(Debug, Args)]
#[command(after_help = "\
Example:
  blindsift crawl --config blindsift.toml --job patients --exit-code 10")]
pub(super) struct Crawl {
    /// The configuration
    #[arg(long, value_name = "FILE")]
    pub(super) config: PathBuf,
    /// Only this job
    #[arg(long, value_name = "NAME")]
    pub(super) job: Option<String>,
    /// Exit with this code when there are new matches
    #[arg(long, value_name = "N")]
    pub(super) exit_code: Option<u8>,
    /// The checker's own secret, which names places and signs evidence; beside the catalog if not given
    #[arg(long, value_name = "FILE", env = "BLINDSIFT_CHECKER_KEY")]
    pub(super) checker_key: Option<PathBuf>,
    /// Threads that examine; as many as there are cores if not given
    #[arg(long, value_name = "N")]
    pub(super) workers: Option<usize>,
}

#[derive(Debug, Subcommand)]
pub(super) enum ReportCommand {
    /// Write a report in another form
    Render {
        /// The report
        #[arg(value_name = "REPORT.json")]
        report: PathBuf,
        /// The form
        #[arg(long, value_enum)]
        format: Format,
        /// The file to write; `-` is stdout
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
    },
    /// Print the JSON Schema of report.json
    Schema,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(super) enum Format {
    /// A page for people
    Html,
    /// One row for each match and source
    Csv,
    /// One match a line
    Jsonl,
    /// A STIX 2.1 bundle
    Stix,
    /// A MISP event
    Misp,
}

#[derive(Debug, Args)]
#[command(after_help = "\
Example:
  blindsift resolve reports/patients/latest/report.json --people people.csv --key patients.key \\
      --out affected.csv")]
pub(super) struct Resolve {
    /// The report
    #[arg(value_name = "REPORT.json")]
    pub(super) report: PathBuf,
    /// People: the file that the list was made from
    #[arg(long, value_name = "PEOPLE.csv")]
    pub(super) people: PathBuf,
    /// The secret key that the list was made with
    #[arg(long, value_name = "FILE")]
    pub(super) key: PathBuf,
    /// The file to write: one row for each person and kind. It names people; keep it safe
    #[arg(long, value_name = "AFFECTED.csv")]
    pub(super) out: PathBuf,
    /// What a column holds, as for `watchlist build`; may be repeated
    #[arg(long = "column", value_name = "HEADER=KIND")]
    pub(super) columns: Vec<String>,
    /// A country whose national notation is read; those of the list if not given; may be repeated
    #[arg(long = "region", value_name = "CC")]
    pub(super) regions: Vec<String>,
}

#[derive(Debug, Subcommand)]
pub(super) enum EvidenceCommand {
    /// Check that the evidence is whole, signed, and that of the report beside it
    Verify {
        /// The folder of a run
        #[arg(value_name = "DIR")]
        folder: PathBuf,
        /// The checker's public key, as it was handed over; without it, the key in the folder
        #[arg(long, value_name = "FILE")]
        public_key: Option<PathBuf>,
    },
}
