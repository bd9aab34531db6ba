//! `report.html`: one page that needs nothing else, for people who are no engineers.
//!
//! Names in a report come from configurations and lists, and the file may come
//! from anybody, so the page escapes all text, shows control and direction
//! characters as U+FFFD, and forbids itself scripts and every resource.

mod figure;
mod section;
mod words;

use jiff::Timestamp;
use minijinja::value::{Serde, Value};
use minijinja::{AutoEscape, Environment, UndefinedBehavior, context, escape_formatter};

use super::coverage::Share;
use super::number::{count, things};
use super::{Outcome, Report, verdict};

const TEMPLATE: &str = include_str!("../report.html.j2");

/// The page of `report`.
pub(super) fn page(report: &Report) -> Result<String, minijinja::Error> {
    let verdict = verdict(report);
    let share = Share::of(report);
    let (rows, rows_left_out) = section::matches(report);
    let view = context! {
        tool => Serde(&report.tool),
        job => &report.run.job,
        run => &report.run.id,
        from_to => from_to(report.run.started, report.run.finished),
        finished => moment(report.run.finished),
        outcome => words::outcome(verdict.outcome),
        verdict => context! {
            headline => verdict.headline,
            meaning => verdict.meaning,
            advice => verdict.advice,
            failed => verdict.outcome == Outcome::Failed,
        },
        tiles => tiles(report, share),
        list => Serde(&report.watchlist),
        listed => listed(report),
        kinds => Serde(figure::kinds(report)),
        chances => section::chances(report),
        sources => Serde(figure::sources(report)),
        timeline => Serde(figure::timeline(&report.matches)),
        gaps => Serde(section::gaps(report)),
        limits => section::limits(report),
        artefacts => Serde(&report.coverage.artefacts),
        bytes => Serde(&report.coverage.bytes),
        formats => section::formats(report),
        canaries => section::canaries(report),
        matched => report.summary.matched,
        rows => Serde(rows),
        rows_left_out => rows_left_out,
        most_rows => section::MOST_ROWS,
    };
    environment()?.get_template("report.html")?.render(view)
}

fn environment() -> Result<Environment<'static>, minijinja::Error> {
    let mut environment = Environment::new();
    environment.set_auto_escape_callback(|_| AutoEscape::Html);
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    let syntax = environment.syntax().to_builder();
    environment.set_syntax({ syntax }.trim_blocks(true).lstrip_blocks(true).build()?);
    environment.add_filter("count", count);
    environment.add_filter("size", super::number::size);
    environment.add_filter("kind", words::kind);
    environment.add_filter("unbroken", words::unbroken);
    environment.set_formatter(|out, state, value| match value.as_str() {
        Some(text) if !value.is_safe() && text.contains(is_hidden) => {
            let shown = text.replace(is_hidden, "\u{fffd}");
            escape_formatter(out, state, &Value::from(shown))
        }
        _ => escape_formatter(out, state, value),
    });
    environment.add_template("report.html", TEMPLATE)?;
    Ok(environment)
}

/// Characters that could make the page show something else than it says:
/// controls, and those of Unicode Standard Annex #9 that turn the direction.
fn is_hidden(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// `21 November 2026, 10:00 UTC`.
fn moment(at: Timestamp) -> String {
    at.strftime("%-d %B %Y, %H:%M UTC").to_string()
}

/// `21 November 2026, 10:00:00 to 10:00:09 UTC`.
fn from_to(from: Timestamp, to: Timestamp) -> String {
    let [first, last] = [from, to].map(|at| at.strftime("%-d %B %Y, ").to_string());
    let last = if first == last { "" } else { &last };
    let [from, to] = [from, to].map(|at| at.strftime("%H:%M:%S").to_string());
    format!("{first}{from} to {last}{to} UTC")
}

fn listed(report: &Report) -> u64 {
    let entries = report.watchlist.entries.values();
    entries.fold(0, |sum, number| sum.saturating_add(*number))
}

/// The four numbers below the headline: name, number, remark.
fn tiles(report: &Report, share: Share) -> Vec<[String; 3]> {
    let artefacts = report.coverage.artefacts;
    vec![
        [
            "Found".to_owned(),
            count(report.summary.matched),
            format!("of {} listed identifiers", count(listed(report))),
        ],
        [
            "New".to_owned(),
            count(report.summary.new),
            "in no earlier report of this job".to_owned(),
        ],
        [
            "Examined".to_owned(),
            share.percent(),
            format!(
                "of {}, {} in all",
                things(artefacts.found, "page or file", "pages and files"),
                super::number::size(u64::try_from(share.there).unwrap_or(u64::MAX))
            ),
        ],
        [
            "Not read".to_owned(),
            count(share.unread),
            format!(
                "{}, wholly or in part",
                if share.unread == 1 { "thing" } else { "things" }
            ),
        ],
    ]
}

#[cfg(test)]
mod tests;
