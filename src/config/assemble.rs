//! Tables of known keys in, a checked configuration out.

use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};

use super::document::{Document, Entry, Section, Value};
use super::error::{At, Error};
use super::keys::nearest;
use super::{Config, Job, Limits, Place, Scope, Source, Web, value};

const A_PATH: &str = "a path that is not empty";
const A_TIME: &str = "a time of at least a second, such as \"90s\", \"10m\" or \"24h\"";

/// Checks every value; relative paths begin in `base`.
pub(super) fn assemble(document: &Document, base: &Path) -> Result<Config, Error> {
    let sources: Vec<Source> = document
        .sources
        .iter()
        .map(|section| source(section, base))
        .collect::<Result<_, _>>()?;
    let jobs: Vec<Job> = document
        .jobs
        .iter()
        .map(|section| job(section, &sources, base))
        .collect::<Result<_, _>>()?;
    if jobs.is_empty() {
        return Err(Error::Missing {
            at: At::File,
            key: "[job.NAME]",
        });
    }
    Ok(Config {
        jobs,
        limits: limits(&document.limits)?,
        state: state(&document.state, base)?,
    })
}

fn job(section: &Section, sources: &[Source], base: &Path) -> Result<Job, Error> {
    Ok(Job {
        name: section.name.clone(),
        watchlist: section.path("watchlist", base)?,
        key: section.path("key", base)?,
        schedule: section.optional(
            "schedule",
            "five cron fields, such as \"*/30 * * * *\": minute, hour, day, month, day of week",
            value::cron,
        )?,
        sources: job_sources(section, sources)?,
        out: section.path("out", base)?,
    })
}

fn job_sources(section: &Section, sources: &[Source]) -> Result<Vec<Source>, Error> {
    let missing = || Error::Missing {
        at: section.at.clone(),
        key: "sources",
    };
    let Entry { value, at } = section.holding("sources").ok_or_else(missing)?;
    let wrong = |at: At| Error::Value {
        at,
        key: "sources".to_owned(),
        expected: "a list of sources, at least one, each named once",
    };
    let Value::List(names) = value else {
        return Err(wrong(at));
    };
    let mut found: Vec<Source> = Vec::new();
    for (name, at) in names {
        let Some(source) = sources.iter().find(|source| source.name == name) else {
            let known = sources.iter().map(|source| source.name.as_str());
            return Err(Error::UnknownSource {
                at,
                suggestion: nearest(&name, known).map(str::to_owned),
                name: name.chars().filter(|c| !c.is_control()).take(64).collect(),
            });
        };
        if found.iter().any(|other| other.name == name) {
            return Err(wrong(at));
        }
        found.push(source.clone());
    }
    if found.is_empty() {
        return Err(wrong(at));
    }
    Ok(found)
}

fn source(section: &Section, base: &Path) -> Result<Source, Error> {
    let place = match (section.written("url"), section.written("path")) {
        (None, None) => {
            return Err(Error::Missing {
                at: section.at.clone(),
                key: "url",
            });
        }
        (Some(_), None) => Place::Web(web(section, base)?),
        (_, Some(_)) => {
            if let Some(key) = section.keys_written().find(|key| *key != "path") {
                let at = section
                    .written(key)
                    .map_or(At::File, |entry| entry.at.clone());
                let other = "path";
                return Err(Error::Clash { at, key, other });
            }
            Place::Path(section.path("path", base)?)
        }
    };
    Ok(Source {
        name: section.name.clone(),
        place,
    })
}

fn web(section: &Section, base: &Path) -> Result<Web, Error> {
    let url = section.needed(
        "url",
        "an address that begins with http:// or https://, without a login",
        value::web_address,
    )?;
    let proxy = section.proxy()?;
    if proxy.is_none() && value::is_onion(&url) {
        let at = section
            .written("url")
            .map_or(At::File, |entry| entry.at.clone());
        return Err(Error::OnionWithoutProxy { at });
    }
    Ok(Web {
        url,
        proxy,
        scope: section.needed("scope", "\"page\", \"prefix\" or \"host\"", scope)?,
        max_depth: section.count("max_depth", 0..=1000, "a whole number from 0 to 1000")?,
        pause: section.needed(
            "rate",
            "a rate of at most 1000/s, such as \"4/s\", \"30/min\" or \"1/h\"",
            value::pause,
        )?,
        parallel: section.count("parallel", 1..=64, "a whole number from 1 to 64")?,
        ca: match section.written("ca") {
            Some(_) => Some(section.path("ca", base)?),
            None => None,
        },
        timeout: section.needed("timeout", A_TIME, value::duration)?,
        retries: section.count("retries", 0..=20, "a whole number from 0 to 20")?,
        user_agent: section.needed(
            "user_agent",
            "1 to 200 printable ASCII characters",
            value::header,
        )?,
    })
}

fn scope(text: &str) -> Option<Scope> {
    match text {
        "page" => Some(Scope::Page),
        "prefix" => Some(Scope::Prefix),
        "host" => Some(Scope::Host),
        _ => None,
    }
}

fn limits(section: &Section) -> Result<Limits, Error> {
    let count = |key| section.count(key, 0..=u64::MAX, "a whole number");
    Ok(Limits {
        bytes: section.size("bytes")?,
        // Each level costs stack: a chain of a million gzips must not end it.
        depth: section.count("depth", 0..=100, "a whole number from 0 to 100")?,
        members: count("members")?,
        time: section.needed("time", A_TIME, value::duration)?,
        spool: section.size("spool")?,
        spool_memory: section.size("spool-memory")?,
        exposures: count("exposures")?,
        page: section.size("page")?,
        links: count("links")?,
        names: count("names")?,
    })
}

fn state(section: &Section, base: &Path) -> Result<PathBuf, Error> {
    let expected = match section.written("url") {
        Some(Entry {
            value: Value::Text(text),
            ..
        }) if text.starts_with("postgres") => {
            "\"sqlite:FILE\"; this version cannot share a catalog in PostgreSQL yet"
        }
        _ => "\"sqlite:FILE\"",
    };
    let file = section.needed("url", expected, value::sqlite)?;
    Ok(base.join(file))
}

impl Section {
    fn optional<T>(
        &self,
        key: &'static str,
        expected: &'static str,
        read: impl FnOnce(&str) -> Option<T>,
    ) -> Result<Option<T>, Error> {
        let Some(Entry { value, at }) = self.holding(key) else {
            return Ok(None);
        };
        let read = match value {
            Value::Text(text) => read(&text),
            Value::Whole(_) | Value::List(_) => None,
        };
        match read {
            Some(value) => Ok(Some(value)),
            None => Err(Error::Value {
                at,
                key: key.to_owned(),
                expected,
            }),
        }
    }

    fn needed<T>(
        &self,
        key: &'static str,
        expected: &'static str,
        read: impl FnOnce(&str) -> Option<T>,
    ) -> Result<T, Error> {
        self.optional(key, expected, read)?
            .ok_or_else(|| Error::Missing {
                at: self.at.clone(),
                key,
            })
    }

    fn path(&self, key: &'static str, base: &Path) -> Result<PathBuf, Error> {
        self.needed(key, A_PATH, |text| {
            (!text.is_empty() && !text.contains('\0')).then(|| base.join(text))
        })
    }

    fn proxy(&self) -> Result<Option<String>, Error> {
        let expected = match self.written("proxy") {
            Some(Entry {
                value: Value::Text(text),
                ..
            }) if text.starts_with("socks5://") => {
                "\"socks5h://HOST:PORT\"; with socks5:// this machine would look the names up itself and tell its DNS server where it goes"
            }
            _ => "\"socks5h://HOST:PORT\"",
        };
        self.optional("proxy", expected, value::proxy)
    }

    fn count<T: TryFrom<u64>>(
        &self,
        key: &'static str,
        range: RangeInclusive<u64>,
        expected: &'static str,
    ) -> Result<T, Error> {
        let Some(Entry { value, at }) = self.holding(key) else {
            return Err(Error::Missing {
                at: self.at.clone(),
                key,
            });
        };
        let number = match value {
            Value::Whole(number) if range.contains(&number) => T::try_from(number).ok(),
            _ => None,
        };
        number.ok_or_else(|| Error::Value {
            at,
            key: key.to_owned(),
            expected,
        })
    }

    fn size(&self, key: &'static str) -> Result<u64, Error> {
        if let Some(Entry {
            value: Value::Whole(bytes),
            ..
        }) = self.holding(key)
        {
            return Ok(bytes);
        }
        self.needed(
            key,
            "a number of bytes, or a string such as \"10 GiB\" or \"500 MB\"",
            value::size,
        )
    }
}
