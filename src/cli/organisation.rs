//! `key`, `watchlist`, `normalize`, `kinds`, `resolve`: the organisation's side.

use std::fs;
use std::io::{self, BufRead, Write};
use std::path::Path;

use blindsift::base::{Kind, Regions, Shape, Variant};
use blindsift::config;
use blindsift::fingerprint::kinds::custom;
use blindsift::fingerprint::{self, Key, kinds};
use blindsift::matching::{Hints, Watchlist};
use blindsift::resolve::{self as resolving, Naming, Options, Reading, Rejects, Summary};
use indicatif::HumanCount;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde_json::json;

use super::arguments::{Build, KeyCommand, Resolve, WatchlistCommand};
use super::outcome::{FINISHED, Failure};
use super::reports;
use super::terminal::Terminal;

/// Headings of columns that were not read that are named one by one.
const HEADINGS: usize = 20;

pub(super) fn key(command: KeyCommand) -> Result<u8, Failure> {
    match command {
        KeyCommand::New { file } => {
            let key = Key::random()
                .and_then(|key| key.write(&file).map(|()| key))
                .map_err(|error| key_failure(error, &file))?;
            say!("{}", key.id());
        }
        KeyCommand::Id { file } => say!("{}", read_key(&file)?.id()),
    }
    Ok(FINISHED)
}

fn read_key(file: &Path) -> Result<Key, Failure> {
    Key::read(file).map_err(|error| key_failure(error, file))
}

fn key_failure(error: fingerprint::Error, file: &Path) -> Failure {
    let advice = error.advice();
    Failure::unusable(error, format!("the key {} cannot be used", file.display())).advise(advice)
}

pub(super) fn watchlist(command: WatchlistCommand, terminal: &Terminal) -> Result<u8, Failure> {
    match command {
        WatchlistCommand::Build(options) => build(&options, terminal),
        WatchlistCommand::Info { list, json } => info(&list, json),
    }
}

/// Turns a list of people into hashed identifiers.
pub(super) fn build(arguments: &Build, terminal: &Terminal) -> Result<u8, Failure> {
    let key = read_key(&arguments.key)?;
    refuse_to_replace(&arguments.key, "key", &arguments.out)?;
    let name = arguments.name.clone().unwrap_or_else(|| {
        let stem = arguments.out.file_stem().unwrap_or_default();
        stem.to_string_lossy().into_owned()
    });
    let own = own_kinds(arguments.kind_config.as_deref())?;
    let mut options = Options::new(name, now());
    options.columns = namings(&arguments.columns, &own)?;
    options.kinds.extend(own);
    options.regions = known_regions(&arguments.regions)?;
    options.expires = arguments.expires.as_deref().map(expiry).transpose()?;
    let summary = terminal
        .follow_bytes(file_size(&arguments.people), |progress| {
            resolving::build(&arguments.people, &options, &key, &arguments.out, progress)
        })
        .map_err(|error| people_failure(error, &arguments.people))?;
    tell_rejects(&summary.rejects, terminal);
    tell_summary(arguments, &summary, terminal)?;
    Ok(FINISHED)
}

fn people_failure(error: resolving::Error, file: &Path) -> Failure {
    let advice = error.advice();
    let is_local = matches!(error, resolving::Error::Write(_));
    let what = format!("{} cannot be used", file.display());
    let failure = if is_local {
        Failure::failed(error, "the file cannot be written")
    } else {
        Failure::unusable(error, what)
    };
    failure.advise(advice)
}

fn tell_rejects(rejects: &Rejects, terminal: &Terminal) {
    for reject in &rejects.listed {
        let column = reject
            .column
            .as_deref()
            .map_or_else(String::new, |c| format!(", column `{c}`"));
        terminal.warning(&format!("line {}{column}: {}", reject.line, reject.reason));
    }
    let more = rejects.total - rejects.listed.len() as u64;
    if more > 0 {
        terminal.warning(&format!("{} more rejects are not listed", HumanCount(more)));
    }
}

fn tell_summary(arguments: &Build, summary: &Summary, terminal: &Terminal) -> Result<(), Failure> {
    if summary.ambiguous_dates > 0 {
        terminal.warning(&format!(
            "{} dates such as 1/2/1952 were read with the day first",
            HumanCount(summary.ambiguous_dates)
        ));
    }
    for warning in &summary.warnings {
        terminal.warning(&warning.to_string());
    }
    if !summary.ignored.is_empty() {
        let shown = summary.ignored.len().min(HEADINGS);
        let mut headings = summary.ignored.get(..shown).unwrap_or_default().to_vec();
        if summary.ignored.len() > shown {
            headings.push(format!("and {} more", summary.ignored.len() - shown));
        }
        terminal.warning(&format!(
            "columns that were not read: {}; name them with --column HEADER=KIND if they hold identifiers",
            headings.join(", ")
        ));
    }
    if terminal.is_quiet() {
        return Ok(());
    }
    say!("{}", arguments.out.display());
    say!("  {:>9} rows", HumanCount(summary.rows).to_string());
    for (kind, count) in &summary.entries {
        let shared = summary.shared.get(kind);
        let shared = shared.map_or_else(String::new, |shared| {
            format!(", {} shared by many people", HumanCount(*shared))
        });
        say!("  {:>9} {kind}{shared}", HumanCount(*count).to_string());
    }
    say!(
        "  {:>9} rejects",
        HumanCount(summary.rejects.total).to_string()
    );
    if summary.rows_without_entry > 0 {
        say!(
            "  {:>9} rows gave no entry at all",
            HumanCount(summary.rows_without_entry).to_string()
        );
    }
    for (heading, role) in &summary.recognised {
        say!("  column `{heading}` is {role}");
    }
    Ok(())
}

fn info(path: &Path, as_json: bool) -> Result<u8, Failure> {
    let list = Watchlist::read(path).map_err(|error| {
        let advice = error.advice();
        Failure::unusable(
            error,
            format!("the watchlist {} cannot be used", path.display()),
        )
        .advise(advice)
    })?;
    let regions: Vec<&str> = list.regions.codes().collect();
    if as_json {
        say!(
            "{:#}",
            json!({
                "name": list.name, "key_id": list.key_id.to_string(), "sha256": list.sha256,
                "created": list.created, "expires": list.expires, "regions": regions,
                "entries": list.entries.by_kind(), "hinted": list.entries.hinted(),
                "kinds": definitions(&list),
                "shared": list.entries.shared_by_kind(),
            })
        );
        return Ok(FINISHED);
    }
    say!("name      {}", list.name);
    say!("key id    {}", list.key_id);
    say!("sha256    {}", list.sha256);
    if let Some(created) = list.created {
        say!("created   {created}");
    }
    if let Some(expires) = list.expires {
        let note = if list.is_expired(now()) {
            "  (expired)"
        } else {
            ""
        };
        say!("expires   {expires}{note}");
    }
    say!(
        "regions   {}",
        if regions.is_empty() {
            "none".to_owned()
        } else {
            regions.join(" ")
        }
    );
    say!("entries   {}", HumanCount(list.entries.total()));
    for (kind, count) in list.entries.by_kind() {
        say!("  {:>9} {kind}", HumanCount(count).to_string());
    }
    if list.entries.shared() > 0 {
        say!("shared    {}", HumanCount(list.entries.shared()));
    }
    say!("hints     {}", hints(&list));
    for definition in definitions(&list) {
        say!("kind      {definition}");
    }
    Ok(FINISHED)
}

/// The kinds that a list defines itself.
fn definitions(list: &Watchlist) -> Vec<String> {
    let definitions = list.own.iter().filter_map(|kind| kind.definition());
    definitions.map(ToString::to_string).collect()
}

/// How much of a list has hints.
fn hints(list: &Watchlist) -> String {
    match list.hints {
        None => "none: scanning takes longer".to_owned(),
        Some(Hints::Unknown) => {
            "of a kind that this version does not know: it matches in full".to_owned()
        }
        Some(Hints::Inner) => format!("{} entries", HumanCount(list.entries.hinted())),
    }
}

/// Says of every line on stdin what would be matched.
pub(super) fn normalize(
    kind: Option<&str>,
    kind_config: Option<&Path>,
    codes: &[String],
) -> Result<u8, Failure> {
    let regions = known_regions(codes)?;
    let all = all_kinds(kind_config)?;
    let kind = kind.map(|name| named_kind(name, &all)).transpose()?;
    let mut out = io::stdout().lock();
    for (number, line) in io::stdin().lock().split(b'\n').enumerate() {
        let line = line.map_err(|error| Failure::failed(error, "stdin cannot be read"))?;
        let line = String::from_utf8_lossy(&line);
        let text = line.trim_end_matches('\r');
        for object in read_as(text, kind, &all, &regions) {
            let mut object = object;
            if let Some(fields) = object.as_object_mut() {
                fields.insert("line".to_owned(), json!(number + 1));
            }
            match writeln!(out, "{object}") {
                Err(error) if error.kind() == io::ErrorKind::BrokenPipe => return Ok(FINISHED),
                written => {
                    written.map_err(|error| Failure::failed(error, "stdout cannot be written"))?;
                }
            }
        }
    }
    Ok(FINISHED)
}

/// One object for the kind that was asked for, or one for each kind that reads
/// the text.
fn read_as(
    text: &str,
    kind: Option<&'static Kind>,
    all: &[&'static Kind],
    regions: &Regions,
) -> Vec<serde_json::Value> {
    if let Some(kind) = kind {
        return vec![forms(kind, text, regions).unwrap_or_else(
            |reason| json!({"kind": kind.name, "canonical": null, "reason": reason}),
        )];
    }
    let read: Vec<_> = all
        .iter()
        .filter_map(|kind| forms(kind, text, regions).ok())
        .collect();
    if read.is_empty() {
        return vec![json!({"kind": null, "canonical": null, "reason": "no kind reads it"})];
    }
    read
}

fn forms(kind: &Kind, text: &str, regions: &Regions) -> Result<serde_json::Value, &'static str> {
    let mut forms: Vec<(String, Variant)> = Vec::new();
    kind.read(text, regions, &mut |form, variant| {
        forms.push((form.to_owned(), variant));
    })
    .map_err(|unusable| unusable.0)?;
    let mut forms = forms.into_iter();
    let (canonical, _) = forms.next().ok_or("it has no canonical form")?;
    let others: Vec<_> = forms
        .map(|(form, variant)| json!({"canonical": form, "variant": variant.name()}))
        .collect();
    let mut object = json!({"kind": kind.name, "canonical": canonical});
    if let (false, Some(fields)) = (others.is_empty(), object.as_object_mut()) {
        fields.insert("also".to_owned(), json!(others));
    }
    Ok(object)
}

/// From a report to the organisation's own rows.
pub(super) fn resolve(arguments: &Resolve, terminal: &Terminal) -> Result<u8, Failure> {
    let key = read_key(&arguments.key)?;
    let report = reports::read(&arguments.report)?;
    refuse_to_replace(&arguments.key, "key", &arguments.out)?;
    refuse_to_replace(&arguments.report, "report", &arguments.out)?;
    let own =
        resolving::own_kinds(&report).map_err(|error| people_failure(error, &arguments.report))?;
    let conflicts = resolving::conflicts_file(&arguments.out);
    refuse_to_replace(&arguments.key, "key", &conflicts)?;
    refuse_to_replace(&arguments.report, "report", &conflicts)?;
    let reading = Reading {
        columns: namings(&arguments.columns, &own)?,
        // As the list was made, unless somebody knows better.
        regions: if arguments.regions.is_empty() {
            regions(&report.watchlist.regions)?
        } else {
            known_regions(&arguments.regions)?
        },
    };
    let resolved = terminal
        .follow_bytes(file_size(&arguments.people), |progress| {
            resolving::resolve(&report, &arguments.people, &reading, &key, progress)
        })
        .map_err(|error| people_failure(error, &arguments.people))?;
    resolved
        .write(&arguments.out)
        .map_err(|error| people_failure(error, &arguments.out))?;
    tell_rejects(&resolved.rejects, terminal);
    if resolved.unresolved > 0 {
        terminal.warning(&format!(
            "{} matches belong to no row: was the list made from another file, or with other --column or --region?",
            HumanCount(resolved.unresolved)
        ));
    }
    if !resolved.conflicts.is_empty() {
        let (more, are) = match resolved.conflicts.len() {
            1 => ("", "pair of people stands"),
            _ if resolved.more_conflicts => ("more than ", "pairs of people stand"),
            _ => ("", "pairs of people stand"),
        };
        terminal.warning(&format!(
            "{more}{} {are} in one record of the leak, each with a strong identifier of their own; they are listed apart, and in {}",
            HumanCount(resolved.conflicts.len() as u64),
            conflicts.display()
        ));
    }
    if !terminal.is_quiet() {
        say!(
            "{} of {} people are affected: {} rows, one for each person and kind, in {}",
            HumanCount(resolved.people),
            HumanCount(resolved.rows),
            HumanCount(resolved.affected.len() as u64),
            arguments.out.display()
        );
    }
    Ok(FINISHED)
}

fn named_kind(name: &str, all: &[&'static Kind]) -> Result<&'static Kind, Failure> {
    let own = || all.iter().copied().find(|kind| kind.name == name);
    kinds::named(name).or_else(own).ok_or_else(|| {
        let names: Vec<&str> = all.iter().map(|kind| kind.name).collect();
        Failure::usage(format!("there is no kind `{name}`"))
            .advise(format!("kinds: {}", names.join(", ")))
    })
}

/// The registry, and the organisation's own kinds.
pub(super) fn all_kinds(kind_config: Option<&Path>) -> Result<Vec<&'static Kind>, Failure> {
    Ok([kinds::ALL, &own_kinds(kind_config)?].concat())
}

/// The kinds that the file `--kind-config` defines.
fn own_kinds(file: Option<&Path>) -> Result<Vec<&'static Kind>, Failure> {
    let Some(file) = file else {
        return Ok(Vec::new());
    };
    let what = || format!("{} cannot be used", file.display());
    let read = config::own_kinds(file).map_err(|error| {
        let advice = error.advice();
        Failure::unusable(error, what()).advise(advice)
    })?;
    let mut own = Vec::new();
    for config::OwnKind { definition, at } in read {
        custom::define(&definition)
            .and_then(|kind| custom::add(&mut own, kind))
            .map_err(|unusable| {
                Failure::unusable(unusable, format!("{}: {at}", what()))
                    .advise("correct the definition; the README says what a pattern may be")
            })?;
    }
    Ok(own)
}

fn namings(columns: &[String], own: &[&'static Kind]) -> Result<Vec<Naming>, Failure> {
    columns
        .iter()
        .map(|text| {
            Naming::parse(text, own).map_err(|error| {
                let advice = error.advice();
                Failure::unusable(error, format!("--column {text}")).advise(advice)
            })
        })
        .collect()
}

fn regions(codes: &[String]) -> Result<Regions, Failure> {
    // `--region FI,SE` is meant well.
    Regions::parse(codes.iter().flat_map(|text| text.split([',', ' '])))
        .map_err(|error| Failure::unusable(error, format!("--region {}", codes.join(" "))))
}

/// The same for what a user asks for, which must be a country with telephones:
/// with `UK` for `GB`, no number in national notation would be read.
fn known_regions(codes: &[String]) -> Result<Regions, Failure> {
    let regions = regions(codes)?;
    let plans = kinds::ALL.iter().find_map(|kind| match kind.shape {
        Shape::Telephone { plans } => Some(plans),
        _ => None,
    });
    let is_unknown = |code: &&str| {
        Regions::parse([*code]).is_ok_and(|one| plans.is_some_and(|of| of(&one).home.is_empty()))
    };
    if let Some(code) = regions.codes().find(is_unknown) {
        let what = format!("there is no region `{code}` that has telephone numbers");
        return Err(Failure::usage(what).advise("give the code of ISO 3166, such as FI, SE or GB"));
    }
    Ok(regions)
}

/// Refuses to write a result over what it is made with.
pub(super) fn refuse_to_replace(input: &Path, what: &str, out: &Path) -> Result<(), Failure> {
    match (input.canonicalize(), out.canonicalize()) {
        (Ok(one), Ok(other)) if one == other => Err(Failure::usage(format!(
            "the result would be written over the {what} {}",
            input.display()
        ))
        .advise("choose another name for the result")),
        _ => Ok(()),
    }
}

/// The first instant of a day, in UTC.
fn expiry(text: &str) -> Result<Timestamp, Failure> {
    let day: Result<Date, jiff::Error> = text.parse();
    day.and_then(|day| day.to_zoned(TimeZone::UTC))
        .map(|zoned| zoned.timestamp())
        .map_err(|error| {
            Failure::unusable(error, format!("--expires {text}")).advise("write it as 2027-11-21")
        })
}

fn file_size(path: &Path) -> Option<u64> {
    fs::metadata(path).ok().map(|metadata| metadata.len())
}

/// The time, to the second.
fn now() -> Timestamp {
    let now = Timestamp::now();
    Timestamp::from_second(now.as_second()).unwrap_or(now)
}
