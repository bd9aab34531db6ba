//! `scan` and `crawl`: the checker's side.

use std::env;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};
use std::thread;

use blindsift::base::Stop;
use blindsift::catalog::Catalog;
use blindsift::config::{self, Config, Job, Limits, Place, Source};
use blindsift::crawl;
use blindsift::run::{self, Checker, Destination, Finished, Request};

use super::arguments::{Crawl, Scan};
use super::outcome::{self, Failure};
use super::summary;
use super::terminal::Terminal;

/// Looks for listed people in files, folders or stdin.
pub(super) fn scan(options: &Scan, terminal: &Terminal) -> Result<u8, Failure> {
    let (lists, keys) = (&options.watchlist, &options.key);
    if lists.len() != keys.len() {
        let what = format!("there are {} lists and {} keys", lists.len(), keys.len());
        return Err(
            Failure::usage(what).advise("name a --key for each --watchlist, in the same order")
        );
    }
    let sources = scan_sources(&options.paths)?;
    let checker = match &options.checker_key {
        Some(path) => open_checker(path)?,
        None => own_checker(terminal)?,
    };
    // Each list has a past of its own: none.
    let catalogs = lists
        .iter()
        .map(|_| Catalog::in_memory().map(Arc::new))
        .collect::<Result<Vec<_>, _>>()
        .map_err(|error| Failure::failed(error, "the scan cannot begin"))?;
    let destination = options.out.as_deref().map(match lists.len() {
        1 => Destination::Folder,
        _ => Destination::List,
    });
    let jobs: Vec<run::Job<'_>> = lists
        .iter()
        .zip(keys)
        .zip(&catalogs)
        .map(|((watchlist, key), catalog)| run::Job {
            name: "scan",
            watchlist,
            key,
            destination,
            catalog,
        })
        .collect();
    let indexes = own_folder("XDG_CACHE_HOME", ".cache");
    let request = Request {
        jobs: &jobs,
        indexes: indexes.as_deref(),
        sources: &sources,
        limits: &Limits::default(),
        checker: &checker,
        workers: workers(options.workers),
        stop: &stop_on_signal(terminal),
    };
    let results = execute(&request, total_bytes(&sources), terminal)?;
    match <[_; 1]>::try_from(results) {
        Ok([only]) => Ok(outcome::of(&only?.report, options.exit_code)),
        Err(several) => Ok(worst(
            &codes(several, options.exit_code, terminal),
            options.exit_code,
        )),
    }
}

/// Runs the jobs of a configuration: those that have the same sources in one pass,
/// one pass after the other.
pub(super) fn crawl(options: &Crawl, terminal: &Terminal) -> Result<u8, Failure> {
    let config = read_config(&options.config)?;
    let jobs: Vec<&Job> = match &options.job {
        None => config.jobs.iter().collect(),
        Some(name) => vec![named_job(&config, name)?],
    };
    let stop = stop_on_signal(terminal);
    let mut all = Vec::new();
    for jobs in by_sources(jobs) {
        if stop.is_asked() {
            all.push(outcome::INCOMPLETE);
            break;
        }
        // What is wrong with one job is no reason to leave out the others.
        match run_jobs(&config, &jobs, options, &stop, terminal) {
            Ok(several) => all.extend(several),
            Err(failure) => {
                terminal.error(&failure);
                all.push(failure.code);
            }
        }
    }
    Ok(worst(&all, options.exit_code))
}

/// Puts jobs together that have the same sources, in the order of the first ones.
fn by_sources(jobs: Vec<&Job>) -> Vec<Vec<&Job>> {
    let names = |job: &Job| -> Vec<String> {
        let sources = job.sources.iter();
        sources.map(|source| source.name.clone()).collect()
    };
    let mut passes: Vec<(Vec<String>, Vec<&Job>)> = Vec::new();
    for job in jobs {
        let sources = names(job);
        match passes.iter_mut().find(|(same, _)| *same == sources) {
            Some((_, jobs)) => jobs.push(job),
            None => passes.push((sources, vec![job])),
        }
    }
    passes.into_iter().map(|(_, jobs)| jobs).collect()
}

/// Runs jobs that have the same sources; their exit codes.
fn run_jobs(
    config: &Config,
    jobs: &[&Job],
    options: &Crawl,
    stop: &Stop,
    terminal: &Terminal,
) -> Result<Vec<u8>, Failure> {
    let mut all = Vec::new();
    let mut locks = Vec::new();
    let mut free = Vec::new();
    for job in jobs {
        match lock(config, job) {
            Ok(lock) => {
                locks.push(lock);
                free.push(*job);
            }
            Err(failure) => {
                terminal.error(&failure);
                all.push(failure.code);
            }
        }
    }
    let Some(first) = free.first() else {
        return Ok(all);
    };
    let catalog = Catalog::open(&config.state)
        .map(Arc::new)
        .map_err(|error| {
            let advice = error.advice();
            Failure::failed(
                error,
                format!("{} cannot be opened", config.state.display()),
            )
            .advise(advice)
        })?;
    let beside_catalog = config.state.with_added_extension("key");
    let checker = open_checker(options.checker_key.as_deref().unwrap_or(&beside_catalog))?;
    let jobs: Vec<run::Job<'_>> = free
        .iter()
        .map(|job| run::Job {
            name: &job.name,
            watchlist: &job.watchlist,
            key: &job.key,
            destination: Some(Destination::Job(&job.out)),
            catalog: &catalog,
        })
        .collect();
    let request = Request {
        jobs: &jobs,
        indexes: Some(folder_of(&config.state)),
        sources: &first.sources,
        limits: &config.limits,
        checker: &checker,
        workers: options.workers.unwrap_or_else(|| workers_for(first)),
        stop,
    };
    let results = execute(&request, None, terminal)?;
    all.extend(codes(results, options.exit_code, terminal));
    Ok(all)
}

/// Shows what is wrong with jobs that have no report; the exit codes of all.
fn codes(
    results: Vec<Result<Finished, Failure>>,
    on_new_matches: Option<u8>,
    terminal: &Terminal,
) -> Vec<u8> {
    let code = |result| match result {
        Ok(Finished { report, .. }) => outcome::of(&report, on_new_matches),
        Err(failure) => {
            terminal.error(&failure);
            failure.code
        }
    };
    results.into_iter().map(code).collect()
}

/// Runs jobs, shows how it goes and what came of each.
fn execute(
    request: &Request<'_>,
    total: Option<u64>,
    terminal: &Terminal,
) -> Result<Vec<Result<Finished, Failure>>, Failure> {
    let names: Vec<&str> = request.jobs.iter().map(|job| job.name).collect();
    let results = terminal
        .follow(total, |audience| run::run(request, audience))
        .map_err(|error| explained(error, &names.join("`, `")))?;
    let mut explained_results = Vec::new();
    for (job, result) in request.jobs.iter().zip(results) {
        if let Ok(finished) = &result {
            // Scans of several lists have one name.
            let list = (request.jobs.len() > 1).then_some(job.watchlist);
            summary::print(finished, list).unwrap_or_else(|error| {
                terminal.warning(&format!("the result could not be printed: {error}"));
            });
        }
        explained_results.push(result.map_err(|error| explained(error, job.name)));
    }
    Ok(explained_results)
}

/// Why the job of that name failed, and what to do.
fn explained(error: run::Error, job: &str) -> Failure {
    let advice = error.advice();
    let what = format!("the job `{job}` failed");
    match error {
        run::Error::Watchlist { .. } | run::Error::Key { .. } | run::Error::Expired(_) => {
            Failure::unusable(error, what)
        }
        // A source that is configured wrongly.
        run::Error::Crawl(ref source) if !matches!(source, crawl::Error::Threads(_)) => {
            Failure::unusable(error, what)
        }
        _ => Failure::failed(error, what),
    }
    .advise(advice)
}

pub(super) fn read_config(path: &Path) -> Result<Config, Failure> {
    let environment = env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)));
    Config::read(path, environment).map_err(|error: config::Error| {
        let advice = error.advice();
        Failure::unusable(error, format!("{} cannot be used", path.display())).advise(advice)
    })
}

fn named_job<'a>(config: &'a Config, name: &str) -> Result<&'a Job, Failure> {
    config
        .jobs
        .iter()
        .find(|job| job.name == name)
        .ok_or_else(|| {
            let names: Vec<&str> = config.jobs.iter().map(|job| job.name.as_str()).collect();
            Failure::usage(format!("the configuration has no job `{name}`"))
                .advise(format!("its jobs are: {}", names.join(", ")))
        })
}

/// Keeps a second run of the same job out for as long as the file is open.
fn lock(config: &Config, job: &Job) -> Result<File, Failure> {
    let path = config
        .state
        .with_added_extension(format!("{}.lock", job.name));
    let failed = |error| Failure::failed(error, format!("{} cannot be made", path.display()));
    let file = File::create(&path).map_err(failed)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(fs::TryLockError::WouldBlock) => Err(Failure {
            code: outcome::FAILED,
            ..Failure::usage(format!("the job `{}` is running already", job.name))
        }
        .advise("wait for the other run, or stop it")),
        Err(fs::TryLockError::Error(error)) => Err(failed(error)),
    }
}

fn scan_sources(paths: &[PathBuf]) -> Result<Vec<Source>, Failure> {
    for path in paths {
        if path.as_os_str() != "-" {
            fs::symlink_metadata(path).map_err(|error| {
                Failure::unusable(error, format!("{} cannot be read", path.display()))
                    .advise("check the path and its permissions")
            })?;
        }
    }
    // The sources are numbered, not named: a shell's `*` names patients.
    let name = |number: usize, path: &Path| {
        if path.as_os_str() == "-" {
            return "stdin".to_owned();
        }
        format!("path-{}", number + 1)
    };
    Ok(paths
        .iter()
        .enumerate()
        .map(|(number, path)| Source {
            name: name(number, path),
            place: Place::Path(path.clone()),
        })
        .collect())
}

/// Bytes in all files, for the time left; `None` when stdin is among them.
fn total_bytes(sources: &[Source]) -> Option<u64> {
    let mut folders = Vec::new();
    let mut total = 0;
    for source in sources {
        match &source.place {
            Place::Path(path) if path.as_os_str() != "-" => folders.push(path.clone()),
            _ => return None,
        }
    }
    while let Some(path) = folders.pop() {
        let Ok(metadata) = fs::symlink_metadata(&path) else {
            continue;
        };
        if metadata.is_file() {
            total += metadata.len();
        } else if metadata.is_dir() {
            let entries = fs::read_dir(&path).into_iter().flatten().flatten();
            folders.extend(entries.map(|entry| entry.path()));
        }
    }
    Some(total)
}

fn open_checker(path: &Path) -> Result<Checker, Failure> {
    Checker::open(path).map_err(|error| {
        let advice = error.advice();
        Failure::unusable(
            error,
            format!("the checker's key {} cannot be used", path.display()),
        )
        .advise(advice)
    })
}

/// The checker's key in the user's state folder (XDG base directories).
fn own_checker(terminal: &Terminal) -> Result<Checker, Failure> {
    if let Some(folder) = own_folder("XDG_STATE_HOME", ".local/state")
        && fs::create_dir_all(&folder).is_ok()
    {
        return open_checker(&folder.join("checker.key"));
    }
    terminal.warning(
        "there is no folder for the checker's key, so the evidence is signed with one that is \
         forgotten afterwards; name one with --checker-key",
    );
    Checker::passing().map_err(|error| Failure::failed(error, "no key could be made"))
}

/// This program's folder below a base directory of the user, which `variable`
/// names or which stands in the home folder.
fn own_folder(variable: &str, in_home: &str) -> Option<PathBuf> {
    let named = |variable| env::var_os(variable).filter(|folder| !folder.is_empty());
    let base = named(variable).map(PathBuf::from);
    let base = base.or_else(|| Some(Path::new(&named("HOME")?).join(in_home)));
    base.map(|base| base.join("blindsift"))
}

/// The folder that `file` is in.
fn folder_of(file: &Path) -> &Path {
    match file.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

fn workers(asked: Option<usize>) -> usize {
    asked
        .or_else(|| thread::available_parallelism().ok().map(usize::from))
        .unwrap_or(1)
        .max(1)
}

/// One for each connection: a worker that reads from a slow site uses no core.
fn workers_for(job: &Job) -> usize {
    let connections = job.sources.iter().map(|source| match &source.place {
        Place::Web(web) => web.parallel,
        Place::Path(_) => 1,
    });
    workers(None).max(connections.max().unwrap_or(1))
}

/// Asks to stop at the first signal; at the second one the process ends.
fn stop_on_signal(terminal: &Terminal) -> Stop {
    static STOP: OnceLock<Stop> = OnceLock::new();
    if let Some(stop) = STOP.get() {
        return stop.clone();
    }
    let stop = STOP.get_or_init(Stop::default).clone();
    let asked = stop.clone();
    let own = terminal.clone();
    let handler = ctrlc::set_handler(move || {
        if asked.is_asked() {
            #[expect(clippy::exit, reason = "the second signal means it")]
            std::process::exit(130);
        }
        asked.ask();
        own.notice(
            "stopping: what is being written is finished, and the report will say what is missing",
        );
    });
    if handler.is_err() {
        terminal
            .warning("signals cannot be caught: stopping this process loses the artefact it is at");
    }
    stop
}

/// What a user who runs several jobs must hear of first.
fn worst(codes: &[u8], on_new_matches: Option<u8>) -> u8 {
    let order = [
        Some(outcome::FAILED),
        Some(outcome::UNUSABLE),
        on_new_matches,
        Some(outcome::INCOMPLETE),
    ];
    order
        .into_iter()
        .flatten()
        .find(|code| codes.contains(code))
        .unwrap_or(outcome::FINISHED)
}
