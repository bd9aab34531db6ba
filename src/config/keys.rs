//! Every key of `blindsift.toml`, its default and what it means.
//!
//! This is the only list of keys: reading, the names of the environment's
//! variables, suggestions, defaults and the manual are all made from it.

/// A table of the file and the keys that it may hold.
#[derive(Debug, PartialEq, Eq)]
pub struct Table {
    /// Its heading: `job` stands for `[job.NAME]` if it is named.
    pub heading: &'static str,
    /// Whether there may be several, each with a name of its own.
    pub named: bool,
    /// What may stand in it.
    pub keys: &'static [Key],
}

/// One key of a table.
#[derive(Debug, PartialEq, Eq)]
pub struct Key {
    /// As it is written in the file.
    pub name: &'static str,
    /// How its value is written.
    pub shape: Shape,
    /// What holds when it is absent, as it would be written; `None` if nothing does.
    pub default: Option<&'static str>,
    /// What it says, in words.
    pub meaning: &'static str,
}

/// How a value is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// A string.
    Text,
    /// A whole number, not negative.
    Whole,
    /// A whole number of bytes, or a string such as `"10 GiB"`.
    Size,
    /// A list of strings; in a variable, separated by commas.
    List,
}

/// Every table, in the order of the documentation.
pub static TABLES: [&Table; 4] = [&JOB, &SOURCE, &LIMITS, &STATE];

pub(super) static JOB: Table = Table {
    heading: "job",
    named: true,
    keys: &[
        text("watchlist", None, "the list of fingerprints to look for"),
        text("key", None, "the list's key"),
        text(
            "schedule",
            None,
            "five-field cron, for `watch`: \"*/30 * * * *\"",
        ),
        Key {
            name: "sources",
            shape: Shape::List,
            default: None,
            meaning: "names of the [source.NAME] tables to look through",
        },
        text("out", Some("reports"), "folder of the reports"),
    ],
};

/// An organisation's own kind; in a file of its own, that of `--kind-config`.
pub static KIND: Table = Table {
    heading: "kind",
    named: true,
    keys: &[
        text("pattern", None, "a regular expression, such as 'V-\\d{6}'"),
        text(
            "check",
            None,
            "its check digits: luhn, mod97, mod11 or verhoeff",
        ),
        text(
            "fold",
            None,
            "what makes no difference: upper, lower (case) or digits (all but them)",
        ),
        text(
            "strength",
            None,
            "what a match alone is worth: strong or weak; decided by the pattern if not given",
        ),
        Key {
            name: "headings",
            shape: Shape::List,
            default: None,
            meaning: "headings of the columns of a list that hold it, besides its name",
        },
    ],
};

pub(super) static SOURCE: Table = Table {
    heading: "source",
    named: true,
    keys: &[
        text("url", None, "where a web site begins: http:// or https://"),
        text("path", None, "a local file or folder, instead of `url`"),
        text("proxy", None, "the only way out: socks5h://HOST:PORT"),
        text(
            "scope",
            Some("host"),
            "what belongs to the source: page, prefix or host",
        ),
        whole("max_depth", "6", "clicks away from `url`, at most 1000"),
        text(
            "rate",
            Some("4/s"),
            "requests: \"4/s\", \"30/min\", \"1/h\"",
        ),
        whole("parallel", "4", "connections at once, 1 to 64"),
        text(
            "ca",
            None,
            "PEM file with the only certificate authorities to trust",
        ),
        text(
            "timeout",
            Some("60s"),
            "how long a server may say nothing: \"90s\", \"10m\"",
        ),
        whole(
            "retries",
            "4",
            "how often a request is repeated, at most 20",
        ),
        text(
            "user_agent",
            Some(concat!("blindsift/", env!("CARGO_PKG_VERSION"))),
            "sent as User-Agent",
        ),
    ],
};

pub(super) static LIMITS: Table = Table {
    heading: "limits",
    named: false,
    keys: &[
        size("bytes", "1 TiB", "what may be unpacked from one artefact"),
        whole("depth", "20", "containers inside each other, at most 100"),
        whole(
            "members",
            "5000000",
            "members of all containers of one artefact",
        ),
        text(
            "time",
            Some("24h"),
            "for one artefact: \"90s\", \"10m\", \"24h\"",
        ),
        size(
            "spool",
            "64 GiB",
            "bytes of one artefact held for random access",
        ),
        size(
            "spool-memory",
            "64 MiB",
            "how much of that is held in memory",
        ),
        whole(
            "exposures",
            "20",
            "listed one by one for a match and an artefact",
        ),
        size("page", "8 MiB", "bytes of a page searched for links"),
        whole("links", "1000000", "addresses of one source"),
        whole("names", "4096", "pairs of names tried in one record"),
    ],
};

pub(super) static STATE: Table = Table {
    heading: "state",
    named: false,
    keys: &[text(
        "url",
        Some("sqlite:blindsift.db"),
        "the catalog: sqlite:FILE",
    )],
};

impl Table {
    /// The key of that name.
    pub fn key(&self, name: &str) -> Option<&'static Key> {
        self.keys.iter().find(|key| key.name == name)
    }
}

const fn text(name: &'static str, default: Option<&'static str>, meaning: &'static str) -> Key {
    Key {
        name,
        shape: Shape::Text,
        default,
        meaning,
    }
}

const fn whole(name: &'static str, default: &'static str, meaning: &'static str) -> Key {
    Key {
        name,
        shape: Shape::Whole,
        default: Some(default),
        meaning,
    }
}

const fn size(name: &'static str, default: &'static str, meaning: &'static str) -> Key {
    Key {
        name,
        shape: Shape::Size,
        default: Some(default),
        meaning,
    }
}

/// What to say beside an unknown key of `table`: the table that it belongs to,
/// or the nearest key of this one.
pub(super) fn suggestion(table: &Table, word: &str) -> Option<String> {
    let home = TABLES
        .into_iter()
        .find(|other| other.key(word).is_some() && other.heading != table.heading);
    match home {
        Some(home) => Some(heading(home)),
        None => nearest(word, table.keys.iter().map(|key| key.name)).map(str::to_owned),
    }
}

/// The same for a word at the top of the file, where only tables stand.
pub(super) fn table_suggestion(word: &str) -> Option<String> {
    match TABLES.into_iter().find(|table| table.key(word).is_some()) {
        Some(home) => Some(heading(home)),
        None => nearest(word, TABLES.map(|table| table.heading)).map(str::to_owned),
    }
}

fn heading(table: &Table) -> String {
    let name = if table.named { ".NAME" } else { "" };
    format!("[{}{name}]", table.heading)
}

/// The candidate with the fewest changed letters; the first one if several have.
pub(super) fn nearest<'a>(
    word: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    // Nobody mistypes a key of 64 letters; the bound keeps the work small.
    let word: Vec<char> = word.chars().take(64).collect();
    candidates
        .into_iter()
        .min_by_key(|candidate| distance(&word, candidate))
}

/// Letters to insert, delete or replace (Levenshtein 1966), one row at a time.
fn distance(word: &[char], other: &str) -> usize {
    let mut row: Vec<usize> = (0..=word.len()).collect();
    for (line, theirs) in other.chars().enumerate() {
        let mut diagonal = line;
        let mut left = line + 1;
        if let Some(first) = row.first_mut() {
            *first = left;
        }
        for (cell, ours) in row.iter_mut().skip(1).zip(word) {
            let replaced = diagonal + usize::from(*ours != theirs);
            diagonal = *cell;
            left = replaced.min(diagonal + 1).min(left + 1);
            *cell = left;
        }
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kitten_becomes_sitting_in_three_steps() {
        // Wagner and Fischer's example: k>s, e>i, +g.
        let word: Vec<char> = "kitten".chars().collect();
        assert_eq!(distance(&word, "sitting"), 3);
        assert_eq!(distance(&word, ""), 6);
        assert_eq!(distance(&[], "abc"), 3);
    }

    #[test]
    fn a_key_of_another_table_is_sent_there() {
        assert_eq!(suggestion(&JOB, "proxy").unwrap(), "[source.NAME]");
        assert_eq!(suggestion(&JOB, "shedule").unwrap(), "schedule");
        assert_eq!(table_suggestion("bytes").unwrap(), "[limits]");
        assert_eq!(table_suggestion("jobs").unwrap(), "job");
    }

    #[test]
    fn no_table_has_two_keys_of_one_name() {
        for table in TABLES {
            for (i, key) in table.keys.iter().enumerate() {
                let first = table.keys.iter().position(|other| other.name == key.name);
                assert_eq!(first, Some(i), "{}.{}", table.heading, key.name);
            }
        }
    }
}
