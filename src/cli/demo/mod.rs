//! The whole job on a synthetic leak site: four days, then the people.

mod site;
mod truth;

use std::fs;
use std::path::Path;

use blindsift::fingerprint::Key;
use include_dir::{Dir, include_dir};

use super::arguments::{Build, Crawl, Resolve};
use super::outcome::{FAILED, FINISHED, Failure};
use super::terminal::Terminal;
use super::{checker, organisation};
use site::Site;

static FIXTURES: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/fixtures/demo");

/// Marks a folder as one that a demonstration made and may replace.
const MARKER: &str = ".blindsift-demo";

const DAYS: [(&str, &str); 4] = [
    (
        "day1",
        "a blog appears and publishes text files named after patients",
    ),
    ("day2", "it publishes more of them"),
    ("day3", "more again; one file is corrected, one taken away"),
    ("day4", "by mistake, a home folder with the whole database"),
];

/// Runs the demonstration in `out`.
pub(super) fn run(out: &Path, terminal: &Terminal) -> Result<u8, Failure> {
    prepare(out)?;
    let site = Site::open()
        .map_err(|error| Failure::failed(error, "the demo's site cannot be opened on 127.0.0.1"))?;
    say!(
        "The organisation makes a secret key and a list of hashed identifiers of its 1,000 patients.\n"
    );
    let (people, key, list) = (
        out.join("people.csv"),
        out.join("patients.key"),
        out.join("patients.bsw"),
    );
    write(&people, embedded("people.csv")?)?;
    Key::random()
        .and_then(|new| new.write(&key))
        .map_err(|error| Failure::failed(error, format!("{} cannot be made", key.display())))?;
    organisation::build(
        &Build {
            people: people.clone(),
            key: key.clone(),
            out: list,
            columns: Vec::new(),
            regions: vec!["FI".to_owned()],
            name: Some("patients".to_owned()),
            expires: None,
            kind_config: None,
        },
        terminal,
    )?;
    let config = out.join("blindsift.toml");
    write(&config, configuration(&site.url()).as_bytes())?;
    for (number, (folder, story)) in DAYS.iter().enumerate() {
        let instalment = FIXTURES
            .get_dir(format!("site/{folder}"))
            .ok_or_else(|| Failure::usage(format!("the demo's fixtures lack {folder}")))?;
        say!("\nDay {}: {story}.", number + 1);
        site.publish(instalment);
        checker::crawl(
            &Crawl {
                config: config.clone(),
                job: None,
                exit_code: None,
                checker_key: None,
                workers: None,
            },
            terminal,
        )?;
    }
    say!("\nThe organisation resolves the report to its own rows.\n");
    let affected = out.join("affected.csv");
    organisation::resolve(
        &Resolve {
            report: out.join("reports/patients/latest/report.json"),
            people,
            key,
            out: affected.clone(),
            columns: Vec::new(),
            regions: vec!["FI".to_owned()],
        },
        terminal,
    )?;
    let check = truth::check(&affected, embedded("truth.csv")?)?;
    say!("\n{check}");
    farewell(out)?;
    Ok(if check.is_right() { FINISHED } else { FAILED })
}

/// Makes the folder, or empties one that an earlier demonstration made.
fn prepare(out: &Path) -> Result<(), Failure> {
    let failed = |error| {
        Failure::failed(error, format!("{} cannot be written", out.display()))
            .advise("name another folder with --out")
    };
    if out.join(MARKER).is_file() {
        fs::remove_dir_all(out).map_err(failed)?;
    }
    if out.exists() && fs::read_dir(out).map_err(failed)?.next().is_some() {
        return Err(Failure::usage(format!("{} is not empty", out.display()))
            .advise("name another folder with --out"));
    }
    fs::create_dir_all(out).map_err(failed)?;
    write(&out.join(MARKER), b"")
}

fn write(path: &Path, content: &[u8]) -> Result<(), Failure> {
    fs::write(path, content)
        .map_err(|error| Failure::failed(error, format!("{} cannot be written", path.display())))
}

fn embedded(name: &str) -> Result<&'static [u8], Failure> {
    FIXTURES
        .get_file(name)
        .map(include_dir::File::contents)
        .ok_or_else(|| Failure::usage(format!("the demo's fixtures lack {name}")))
}

fn configuration(url: &str) -> String {
    format!(
        "\
[job.patients]
watchlist = \"patients.bsw\"
key       = \"patients.key\"
schedule  = \"*/30 * * * *\"
sources   = [\"blog\"]
out       = \"reports\"

[source.blog]
url       = \"{url}\"          # a real job names an onion address and a proxy here
scope     = \"host\"
rate      = \"1000/s\"

[state]
url = \"sqlite:blindsift.db\"
"
    )
}

fn farewell(out: &Path) -> Result<(), Failure> {
    let out = out.display();
    say!(
        "
Where to look next:
  {out}/reports/patients/latest/report.html   the report, for a browser or a printer
  {out}/reports/patients/latest/report.json   the same for programs; matches.csv for a spreadsheet
  {out}/affected.csv                          whom to notify, and what was exposed; only the organisation has this
  {out}/patients.bsw                          the list: this and the key is all that a checker gets
  {out}/blindsift.toml                        the job
  blindsift evidence verify {out}/reports/patients/latest"
    );
    Ok(())
}
