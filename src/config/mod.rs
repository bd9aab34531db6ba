//! `blindsift.toml` in, a configuration out in which nothing is left to check.
//!
//! | in  | a TOML file, `BLINDSIFT_…` variables of the environment             |
//! |-----|---------------------------------------------------------------------|
//! | out | a [`Config`]: paths resolved, names looked up, defaults filled in   |
//! | not | unknown keys: each is an error with its line and the nearest key    |
//!
//! The way through the files: `document` reads tables of known [`keys`],
//! `environment` overrides values, `assemble` checks them.

mod assemble;
mod document;
mod environment;
mod error;
pub mod keys;
mod kinds;
mod limits;
#[cfg(test)]
mod tests;
mod value;

use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

pub use environment::{ELSEWHERE, LOG_PREFIX};
pub use error::{At, Error};
pub use kinds::{OwnKind, own_kinds};
pub use limits::Limits;

/// A configuration with every key, its default and what it means.
pub const EXAMPLE: &str = include_str!("../../fixtures/config/example/blindsift.toml");

/// The longest file that is read, in bytes: a wrong path must not fill the memory.
const LONGEST: u64 = 1 << 20;

/// Everything that a checker was told.
#[derive(Debug, Clone)]
pub struct Config {
    /// The jobs, in the file's order.
    pub jobs: Vec<Job>,
    /// What one artefact, page or source may cost.
    pub limits: Limits,
    /// The catalog: an SQLite file.
    pub state: PathBuf,
}

impl Config {
    /// Reads the file at `path`; variables of the `environment` override it.
    ///
    /// Relative paths in it begin in its folder.
    ///
    /// # Errors
    ///
    /// [`Error`], with the line: the first thing that is wrong with it.
    pub fn read(
        path: &Path,
        environment: impl Iterator<Item = (String, String)>,
    ) -> Result<Self, Error> {
        let text = text_of(path)?;
        let base = path.parent().unwrap_or(Path::new(""));
        Self::parse(&text, base, environment)
    }

    /// Reads `text` as if it stood in a file in the folder `base`.
    ///
    /// ```
    /// use std::path::Path;
    /// use blindsift::config::{Config, EXAMPLE};
    ///
    /// let config = Config::parse(EXAMPLE, Path::new("/etc/blindsift"), std::iter::empty())?;
    /// assert_eq!(config.jobs[0].watchlist, Path::new("/etc/blindsift/patients.bsw"));
    /// # Ok::<(), blindsift::config::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error`], with the line: the first thing that is wrong with it.
    pub fn parse(
        text: &str,
        base: &Path,
        environment: impl Iterator<Item = (String, String)>,
    ) -> Result<Self, Error> {
        let mut document = document::Document::read(text)?;
        environment::apply(&mut document, environment)?;
        assemble::assemble(&document, base)
    }
}

/// The text of the file at `path`.
fn text_of(path: &Path) -> Result<String, Error> {
    let mut bytes = Vec::new();
    File::open(path)
        .and_then(|file| file.take(LONGEST + 1).read_to_end(&mut bytes))
        .map_err(Error::Io)?;
    if bytes.len() as u64 > LONGEST {
        return Err(Error::TooLong { most: LONGEST });
    }
    String::from_utf8(bytes).map_err(|_| Error::NotText)
}

/// A watchlist, where to look for it, and when.
#[derive(Debug, Clone)]
pub struct Job {
    /// Its name in the file.
    pub name: String,
    /// The list.
    pub watchlist: PathBuf,
    /// The list's key.
    pub key: PathBuf,
    /// Five-field cron, for `watch`.
    pub schedule: Option<String>,
    /// Where to look, in the order named.
    pub sources: Vec<Source>,
    /// Where reports go: `out/<job>/<run id>/`.
    pub out: PathBuf,
}

/// A configured place.
#[derive(Debug, Clone)]
pub struct Source {
    /// Its name in the file.
    pub name: String,
    /// What it is.
    pub place: Place,
}

/// What a source is.
#[derive(Debug, Clone)]
pub enum Place {
    /// A web site, or one address of it.
    Web(Web),
    /// A local file or folder.
    Path(PathBuf),
}

/// A web site and how to behave there.
#[derive(Debug, Clone)]
pub struct Web {
    /// Where to begin: `http://` or `https://`.
    pub url: String,
    /// The only way out, `socks5h://host:port`; `None` is a direct connection.
    pub proxy: Option<String>,
    /// What belongs to the source.
    pub scope: Scope,
    /// Clicks away from `url`.
    pub max_depth: u32,
    /// Pause between the beginnings of two requests.
    pub pause: Duration,
    /// Connections at once.
    pub parallel: usize,
    /// A PEM file with the only certificate authorities to trust, instead of the
    /// public ones.
    pub ca: Option<PathBuf>,
    /// How long a server may say nothing before the connection is given up.
    pub timeout: Duration,
    /// How often a request is repeated after a failure that may pass.
    pub retries: u32,
    /// Sent as `User-Agent`.
    pub user_agent: String,
}

/// What belongs to a source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// The address alone.
    Page,
    /// What begins with the address, up to its last slash.
    Prefix,
    /// The address's scheme, host and port.
    Host,
}
