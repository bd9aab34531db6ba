//! `report`, `evidence`, `completions`, `man`: what is made of what is there.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use blindsift::base::Whole;
use blindsift::report::{self, Rendering};
use clap::CommandFactory;

use super::arguments::{Arguments, EvidenceCommand, Format, ReportCommand};
use super::organisation::refuse_to_replace;
use super::outcome::{FINISHED, Failure};

pub(super) fn report(command: ReportCommand) -> Result<u8, Failure> {
    match command {
        ReportCommand::Schema => {
            print(report::schema().as_bytes())?;
            Ok(FINISHED)
        }
        ReportCommand::Render {
            report,
            format,
            out,
        } => render(&report, format, &out),
    }
}

fn render(path: &Path, format: Format, out: &Path) -> Result<u8, Failure> {
    let report = read(path)?;
    refuse_to_replace(path, "report", out)?;
    let rendering = match format {
        Format::Html => Rendering::Html,
        Format::Csv => Rendering::Csv,
        Format::Jsonl => Rendering::Jsonl,
        Format::Stix => Rendering::Stix,
        Format::Misp => Rendering::Misp,
    };
    let failed = |error: io::Error| {
        Failure::failed(error, format!("{} cannot be written", out.display()))
            .advise("check that the folder can be written and that the disk is not full")
    };
    let mut text = Vec::new();
    report::render(&report, rendering, &mut text)
        .map_err(|error| Failure::failed(error, "the report cannot be rendered"))?;
    if out.as_os_str() == "-" {
        print(&text)?;
    } else {
        let mut file = Whole::create(out).map_err(failed)?;
        file.write_all(&text).map_err(failed)?;
        file.finish().map_err(failed)?;
    }
    Ok(FINISHED)
}

/// Reads a report.
pub(super) fn read(path: &Path) -> Result<report::Report, Failure> {
    report::read(path).map_err(|error| {
        let advice = error.advice();
        Failure::unusable(error, format!("{} cannot be used", path.display())).advise(advice)
    })
}

pub(super) fn evidence(command: EvidenceCommand) -> Result<u8, Failure> {
    let EvidenceCommand::Verify { folder, public_key } = command;
    let trusted = public_key
        .map(|path| {
            fs::read_to_string(&path).map_err(|error| {
                Failure::unusable(error, format!("{} cannot be read", path.display()))
            })
        })
        .transpose()?;
    let verified = report::evidence::verify(&folder, trusted.as_deref()).map_err(|error| {
        let advice = error.advice();
        Failure::failed(
            error,
            format!("the evidence in {} does not hold", folder.display()),
        )
        .advise(advice)
    })?;
    let whose = if trusted.is_some() {
        "signed with the key that you gave"
    } else {
        "signed with the key beside it; compare that with the one the checker gave you, or name it with --public-key"
    };
    say!(
        "good: run {}, {} artefacts, an unbroken chain, {whose}",
        verified.run,
        verified.lines
    );
    Ok(FINISHED)
}

pub(super) fn completions(shell: clap_complete::Shell) -> Result<u8, Failure> {
    let mut text = Vec::new();
    clap_complete::generate(shell, &mut Arguments::command(), "blindsift", &mut text);
    print(&text)?;
    Ok(FINISHED)
}

pub(super) fn man(folder: &Path) -> Result<u8, Failure> {
    let failed = |error: io::Error| {
        Failure::failed(
            error,
            format!("the man pages cannot be written to {}", folder.display()),
        )
        .advise("check that the folder can be written")
    };
    fs::create_dir_all(folder).map_err(failed)?;
    clap_mangen::generate_to(Arguments::command(), folder).map_err(failed)?;
    say!(
        "man pages written; try: man {}/blindsift.1",
        folder.display()
    );
    Ok(FINISHED)
}

/// Writes to stdout. A reader that has seen enough (`| head`) is no failure.
pub(super) fn print(text: &[u8]) -> Result<(), Failure> {
    match io::stdout()
        .write_all(text)
        .and_then(|()| io::stdout().flush())
    {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(Failure::failed(error, "stdout cannot be written"))
        }
        _ => Ok(()),
    }
}
