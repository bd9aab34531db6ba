//! What a person sees while a command works.

use std::io::{IsTerminal, Write, stderr};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use blindsift::run::{Audience, Event, Progress};
use indicatif::{HumanBytes, HumanCount, ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::arguments::{Arguments, LogFormat};
use super::outcome::Failure;

const RED: &str = "\x1b[1;31m";
const YELLOW: &str = "\x1b[33m";
const DIM: &str = "\x1b[2m";
const PLAIN: &str = "\x1b[0m";

/// How often counters are shown on a terminal, and elsewhere.
const TICK: Duration = Duration::from_millis(125);
const LINE_EVERY: Duration = Duration::from_secs(10);

/// Writes a line to stderr. One that is closed or full is nobody's problem.
macro_rules! say {
    ($($line:tt)*) => {{
        let _ = writeln!(anstream::stderr(), $($line)*);
    }};
}

/// Where events, progress and errors go: stderr.
#[derive(Debug, Clone)]
pub(super) struct Terminal {
    quiet: bool,
    verbose: bool,
    json: bool,
}

impl Terminal {
    pub(super) fn new(arguments: &Arguments) -> Self {
        Self {
            quiet: arguments.quiet,
            verbose: arguments.verbose,
            json: arguments.log_format == LogFormat::Json,
        }
    }

    /// Whether only errors and results are wanted.
    pub(super) fn is_quiet(&self) -> bool {
        self.quiet
    }

    /// Writes what failed, on what, why, and what to do about it.
    pub(super) fn error(&self, failure: &Failure) {
        let message = format!("{:#}", failure.error);
        if self.json {
            self.line(&serde_json::json!({
                "level": "error", "message": message, "advice": failure.advice,
            }));
            return;
        }
        say!("{RED}error:{PLAIN} {message}");
        if let Some(advice) = &failure.advice {
            say!("  {DIM}what to do:{PLAIN} {advice}");
        }
    }

    /// Says how it goes on.
    pub(super) fn notice(&self, message: &str) {
        if self.quiet {
            return;
        }
        if self.json {
            self.line(&serde_json::json!({"level": "info", "message": message}));
        } else {
            say!("{message}");
        }
    }

    /// Writes something that needs attention but stops nothing.
    pub(super) fn warning(&self, message: &str) {
        if self.json {
            self.line(&serde_json::json!({"level": "warning", "message": message}));
        } else {
            say!("{YELLOW}warning:{PLAIN} {message}");
        }
    }

    /// Lets `work` tell its events and move its counters, and shows both.
    ///
    /// `total` are the bytes that there are to read, where that is known.
    pub(super) fn follow<T>(&self, total: Option<u64>, work: impl FnOnce(Audience<'_>) -> T) -> T {
        let progress = Progress::default();
        let bar = self.bar(total);
        let is_over = AtomicBool::new(false);
        let tell = |event: Event| bar.suspend(|| self.event(&event));
        thread::scope(|scope| {
            let shown = scope.spawn(|| self.show(&bar, total, &progress, &is_over));
            // Also when the work panics: the scope waits for the thread above.
            let _over = Over(&is_over, shown.thread().clone());
            work(Audience {
                progress: &progress,
                tell: &tell,
            })
        })
    }

    /// Lets `work` say how many bytes of `total` it has read, and shows it.
    pub(super) fn follow_bytes<T>(
        &self,
        total: Option<u64>,
        work: impl FnOnce(&mut dyn FnMut(u64)) -> T,
    ) -> T {
        let bar = self.bar(total);
        let done = work(&mut |bytes| bar.set_position(bytes));
        bar.finish_and_clear();
        done
    }

    fn bar(&self, total: Option<u64>) -> ProgressBar {
        if self.quiet || self.json || !stderr().is_terminal() {
            return ProgressBar::with_draw_target(total, ProgressDrawTarget::hidden());
        }
        let bar = ProgressBar::with_draw_target(total, ProgressDrawTarget::stderr());
        let template = match total {
            Some(_) => {
                "{bar:30} {percent:>3} %  {bytes} of {total_bytes}  {bytes_per_sec}  {eta} left  {msg}"
            }
            None => "{spinner} {bytes}  {bytes_per_sec}  {elapsed}  {msg}",
        };
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style.progress_chars("━╸─"));
        }
        bar
    }

    /// Shows the counters until the work is over.
    fn show(
        &self,
        bar: &ProgressBar,
        total: Option<u64>,
        progress: &Progress,
        is_over: &AtomicBool,
    ) {
        let start = Instant::now();
        let mut next_line = LINE_EVERY;
        while !is_over.load(Ordering::Relaxed) {
            bar.set_position(progress.bytes());
            bar.set_message(format!(
                "{} documents, {} matches",
                HumanCount(progress.artefacts()),
                HumanCount(progress.matches())
            ));
            bar.tick();
            if bar.is_hidden() && !self.quiet && start.elapsed() >= next_line {
                next_line += LINE_EVERY;
                self.progress_line(start, total, progress);
            }
            thread::park_timeout(TICK);
        }
        bar.finish_and_clear();
    }

    fn progress_line(&self, start: Instant, total: Option<u64>, progress: &Progress) {
        let (documents, bytes, matches) =
            (progress.artefacts(), progress.bytes(), progress.matches());
        let rate = bytes / start.elapsed().as_secs().max(1);
        let left = total
            .filter(|_| rate > 0)
            .map(|total| total.saturating_sub(bytes) / rate.max(1));
        if self.json {
            self.line(&serde_json::json!({
                "level": "info", "event": "progress", "documents": documents, "bytes": bytes,
                "bytes_per_second": rate, "matches": matches, "seconds_left": left,
            }));
            return;
        }
        let left = left.map_or_else(String::new, |seconds| format!(", about {seconds} s left"));
        say!(
            "{documents} documents, {}, {}/s, {matches} matches{left}",
            HumanBytes(bytes),
            HumanBytes(rate)
        );
    }

    fn event(&self, event: &Event) {
        let is_trouble = matches!(
            event,
            Event::Failed { .. }
                | Event::LimitMet { .. }
                | Event::SourceDone { error: Some(_), .. }
        );
        let is_detail = matches!(
            event,
            Event::Examined { .. }
                | Event::Unchanged { .. }
                | Event::SourceDone { error: None, .. }
        );
        if is_detail && !self.verbose || self.quiet {
            return;
        }
        let (name, mut fields) = describe(event);
        if self.json {
            fields.insert("event".into(), name.into());
            fields.insert(
                "level".into(),
                if is_trouble { "warning" } else { "info" }.into(),
            );
            self.line(&serde_json::Value::Object(fields));
            return;
        }
        let fields: Vec<String> = fields
            .iter()
            .filter(|(_, value)| !value.is_null())
            .map(|(key, value)| match value.as_str() {
                Some(text) => format!("{key}={text}"),
                None => format!("{key}={value}"),
            })
            .collect();
        let colour = if is_trouble { YELLOW } else { DIM };
        say!("{colour}{name}{PLAIN} {}", fields.join(" "));
    }

    #[expect(clippy::unused_self, reason = "it is this terminal's output")]
    fn line(&self, value: &serde_json::Value) {
        let mut line = value.to_string();
        line.push('\n');
        // A closed stderr is nobody's problem.
        let _ = stderr().write_all(line.as_bytes());
    }
}

struct Over<'a>(&'a AtomicBool, thread::Thread);

impl Drop for Over<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
        // It waits for its next tick; nobody should wait for that.
        self.1.unpark();
    }
}

type Fields = serde_json::Map<String, serde_json::Value>;

fn describe(event: &Event) -> (&'static str, Fields) {
    let (name, fields) = match event {
        Event::Indexing { entries } => ("indexing", serde_json::json!({"entries": entries})),
        Event::Begun { job, run, resumed } => (
            if *resumed { "resumed" } else { "begun" },
            serde_json::json!({"job": job, "run": run}),
        ),
        Event::Examined {
            source,
            origin,
            bytes,
            matches,
            missed,
        } => (
            "examined",
            serde_json::json!({
                "source": source, "origin": origin, "bytes": bytes, "matches": matches,
                "missed": (!missed.is_empty()).then_some(missed),
            }),
        ),
        Event::Unchanged { source, origin } => (
            "unchanged",
            serde_json::json!({"source": source, "origin": origin}),
        ),
        Event::Failed {
            source,
            origin,
            why,
        } => (
            "failed",
            serde_json::json!({"source": source, "origin": origin, "why": why}),
        ),
        Event::LimitMet { source, limit } => (
            "limit-met",
            serde_json::json!({"source": source, "limit": limit.name()}),
        ),
        Event::SourceDone { source, error } => (
            "source-done",
            serde_json::json!({"source": source, "error": error}),
        ),
    };
    match fields {
        serde_json::Value::Object(fields) => (name, fields),
        _ => (name, Fields::new()),
    }
}
