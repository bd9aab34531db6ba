use std::path::Path;
use std::time::Duration;

use super::keys::{Shape, TABLES};
use super::*;

const SMALLEST: &str = "\
[job.j]
watchlist = \"l.bsw\"
key = \"l.key\"
sources = [\"s\"]
[source.s]
url = \"http://leak.example/\"
";

fn parse(text: &str) -> Result<Config, Error> {
    parse_with(text, &[])
}

fn parse_with(text: &str, variables: &[(&str, &str)]) -> Result<Config, Error> {
    let variables = variables
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    Config::parse(text, Path::new("/conf"), variables)
}

fn smallest_and(more: &str) -> Result<Config, Error> {
    parse(&format!("{SMALLEST}{more}"))
}

fn web(config: &Config) -> &Web {
    match &config.jobs[0].sources[0].place {
        Place::Web(web) => web,
        Place::Path(_) => panic!("a web source was configured"),
    }
}

#[test]
fn the_example_of_the_documentation_is_read_as_it_says() {
    let config = parse(EXAMPLE).unwrap();
    let job = &config.jobs[0];
    assert_eq!(job.name, "patients");
    assert_eq!(job.watchlist, Path::new("/conf/patients.bsw"));
    assert_eq!(job.key, Path::new("/conf/patients.key"));
    assert_eq!(job.schedule.as_deref(), Some("*/30 * * * *"));
    assert_eq!(job.out, Path::new("/conf/reports"));
    let names: Vec<&str> = job.sources.iter().map(|s| s.name.as_str()).collect();
    assert_eq!(names, ["blog", "mirror"]);
    assert_eq!(
        web(&config).proxy.as_deref(),
        Some("socks5h://127.0.0.1:9050")
    );
    assert!(matches!(&job.sources[1].place, Place::Path(path) if path == Path::new("/conf/drop/")));
    assert_eq!(config.state, Path::new("/conf/blindsift.db"));
}

#[test]
fn defaults_that_the_example_shows_are_the_real_ones() {
    let shown = EXAMPLE.replace("\n#", "\n");
    // Headers that are prose begin with "# ", so only keys came alive.
    let keys_and_headings =
        |line: &&str| line.starts_with('[') || (line.contains('=') && !line.starts_with(' '));
    let shown: Vec<&str> = shown.lines().filter(keys_and_headings).collect();
    let shown = shown.join("\n");
    for table in TABLES {
        for key in table.keys {
            assert!(
                EXAMPLE.lines().any(|line| line
                    .trim_start_matches(['#', ' '])
                    .strip_prefix(key.name)
                    .is_some_and(|rest| rest.trim_start().starts_with('='))),
                "the example lacks {}",
                key.name
            );
        }
    }
    let (defaults, written) = (parse(EXAMPLE).unwrap(), parse(&shown).unwrap());
    assert_eq!(format!("{defaults:?}"), format!("{written:?}"));
}

#[test]
fn the_table_of_keys_says_the_same_limits_as_their_type() {
    assert_eq!(parse(SMALLEST).unwrap().limits, Limits::default());
}

#[test]
fn a_web_source_has_the_documented_defaults() {
    let config = parse(SMALLEST).unwrap();
    let web = web(&config);
    assert_eq!(web.url, "http://leak.example/");
    assert_eq!(web.proxy, None);
    assert_eq!(web.scope, Scope::Host);
    assert_eq!(web.max_depth, 6);
    assert_eq!(web.pause, Duration::from_millis(250));
    assert_eq!(web.parallel, 4);
    assert_eq!(web.ca, None);
    assert_eq!(web.timeout, Duration::from_mins(1));
    assert_eq!(web.retries, 4);
    assert_eq!(
        web.user_agent,
        format!("blindsift/{}", env!("CARGO_PKG_VERSION"))
    );
}

#[test]
fn jobs_stand_in_the_files_order() {
    let text = SMALLEST.replace(
        "[source.s]",
        "[job.a]\nwatchlist='w'\nkey='k'\nsources=['s']\n[source.s]",
    );
    let names: Vec<String> = parse(&text)
        .unwrap()
        .jobs
        .into_iter()
        .map(|job| job.name)
        .collect();
    assert_eq!(names, ["j", "a"]);
}

#[test]
fn an_unknown_key_is_named_with_its_line_and_the_nearest_key() {
    let error = smallest_and("proxi = \"x\"\n").unwrap_err();
    assert_eq!(error.line(), Some(7));
    assert_eq!(error.key(), Some("proxi"));
    assert_eq!(error.suggestion(), Some("proxy"));
    assert_eq!(
        error.to_string(),
        "line 7, `proxi = \"x\"`: unknown key `proxi`, the nearest is `proxy`"
    );
}

#[test]
fn every_misspelt_key_leads_back_to_itself() {
    for table in TABLES {
        for key in table.keys.iter().filter(|key| key.name.len() > 3) {
            let heading = if table.named { ".x" } else { "" };
            let wrong = format!("{}x", key.name);
            let text = format!("[{}{heading}]\n{wrong} = 1\n", table.heading);
            let error = parse(&text).unwrap_err();
            assert_eq!(error.suggestion(), Some(key.name));
            assert_eq!(error.line(), Some(2));
        }
    }
}

/// What is appended to the smallest file, or replaces it when it begins with
/// `!`; then the whole error.
const REFUSED: &[(&str, &str)] = &[
    (
        "[limit]\nbytes = 1",
        "line 7, `[limit]`: unknown key `limit`, the nearest is `limits`",
    ),
    (
        "!bytes = 1",
        "line 1, `bytes = 1`: unknown key `bytes`, it belongs in [limits]",
    ),
    (
        "!job = 1",
        "line 1, `job = 1`: `job` must be tables [job.NAME]",
    ),
    (
        "![job]\nkey = \"k\"",
        "line 2, `key = \"k\"`: `job` must be tables [job.NAME]",
    ),
    (
        "![[job]]\nkey = \"k\"",
        "line 1, `[[job]]`: `job` must be tables [job.NAME]",
    ),
    ("!", "the file: `[job.NAME]` is missing"),
    (
        "![job.\"../x\"]",
        "line 1, `[job.\"../x\"]`: `../x` is not a usable name",
    ),
    (
        "[source.S]\npath = \"x\"",
        "line 7, `[source.S]`: the names `S` and `s` differ in case or `-` and `_` only",
    ),
    (
        "![job.j]\nkey = \"k\"\nsources = [\"s\"]\n[source.s]\npath = \"x\"",
        "line 1, `[job.j]`: `watchlist` is missing",
    ),
    (
        "![job.j]\nwatchlist = \"w\"\nkey = \"k\"",
        "line 1, `[job.j]`: `sources` is missing",
    ),
    (
        "![job.j]\nwatchlist = \"w\"\nkey = \"k\"\nsources = []",
        "line 4, `sources = []`: `sources` must be a list of sources, at least one, each named once",
    ),
    (
        "![job.j]\nwatchlist = \"w\"\nkey = \"k\"\nsources = [\n\"bolg\"]\n[source.blog]\npath = \"x\"",
        "line 5, `\"bolg\"]`: there is no source `bolg`, the nearest is `blog`",
    ),
    (
        "![job.j]\nwatchlist = 7",
        "line 2, `watchlist = 7`: `watchlist` must be a string, in quotes",
    ),
    ("[source.t]", "line 7, `[source.t]`: `url` is missing"),
    (
        "path = \"x\"",
        "line 6, `url = \"http://leak.example/\"`: `url` cannot stand beside `path`",
    ),
    (
        "[source.t]\npath = \"x\"\nrate = \"1/s\"",
        "line 9, `rate = \"1/s\"`: `rate` cannot stand beside `path`",
    ),
    (
        "[source.t]\nurl = \"leak.example\"",
        "line 8, `url = \"leak.example\"`: `url` must be an address that begins with http:// or https://, without a login",
    ),
    (
        "[source.t]\nurl = \"http://abc.onion/\"",
        "line 8, `url = \"http://abc.onion/\"`: a .onion address needs a `proxy`",
    ),
    (
        "proxy = \"socks5://h:1\"",
        "line 7, `proxy = \"socks5://h:1\"`: `proxy` must be \"socks5h://HOST:PORT\"; with socks5:// this machine would look the names up itself and tell its DNS server where it goes",
    ),
    (
        "proxy = \"http://h:1\"",
        "line 7, `proxy = \"http://h:1\"`: `proxy` must be \"socks5h://HOST:PORT\"",
    ),
    (
        "scope = \"all\"",
        "line 7, `scope = \"all\"`: `scope` must be \"page\", \"prefix\" or \"host\"",
    ),
    (
        "rate = \"4\"",
        "line 7, `rate = \"4\"`: `rate` must be a rate of at most 1000/s, such as \"4/s\", \"30/min\" or \"1/h\"",
    ),
    (
        "parallel = 65",
        "line 7, `parallel = 65`: `parallel` must be a whole number from 1 to 64",
    ),
    (
        "parallel = 0",
        "line 7, `parallel = 0`: `parallel` must be a whole number from 1 to 64",
    ),
    (
        "parallel = \"8\"",
        "line 7, `parallel = \"8\"`: `parallel` must be a whole number that is not negative, without quotes",
    ),
    (
        "max_depth = -1",
        "line 7, `max_depth = -1`: `max_depth` must be a whole number that is not negative, without quotes",
    ),
    (
        "timeout = \"60\"",
        "line 7, `timeout = \"60\"`: `timeout` must be a time of at least a second, such as \"90s\", \"10m\" or \"24h\"",
    ),
    (
        "user_agent = \"\"",
        "line 7, `user_agent = \"\"`: `user_agent` must be 1 to 200 printable ASCII characters",
    ),
    (
        "[limits]\nbytes = \"10 gigs\"",
        "line 8, `bytes = \"10 gigs\"`: `bytes` must be a number of bytes, or a string such as \"10 GiB\" or \"500 MB\"",
    ),
    (
        "[limits]\ndepth = 101",
        "line 8, `depth = 101`: `depth` must be a whole number from 0 to 100",
    ),
    (
        "[state]\nurl = \"postgres://h/d\"",
        "line 8, `url = \"postgres://h/d\"`: `url` must be \"sqlite:FILE\"; this version cannot share a catalog in PostgreSQL yet",
    ),
    (
        "[state]\nurl = \"blindsift.db\"",
        "line 8, `url = \"blindsift.db\"`: `url` must be \"sqlite:FILE\"",
    ),
];

#[test]
fn what_is_wrong_is_said_with_its_line() {
    for (text, said) in REFUSED {
        let result = match text.strip_prefix('!') {
            Some(whole) => parse(whole),
            None => smallest_and(text),
        };
        let error = result.expect_err(text);
        assert_eq!(error.to_string(), *said);
        assert!(!error.advice().is_empty());
    }
}

#[test]
fn a_schedule_that_no_cron_reads_is_refused() {
    let text = SMALLEST.replace("[source.s]", "schedule = \"61 * * * *\"\n[source.s]");
    let error = parse(&text).unwrap_err();
    assert_eq!((error.line(), error.key()), (Some(5), Some("schedule")));
}

#[test]
fn broken_toml_is_an_error_with_its_line() {
    for (text, line) in [
        ("a = \n", 1),
        ("[job.j]\nkey = \"k\"\nkey = \"l\"", 3),
        ("[job.j", 1),
    ] {
        let error = parse(text).unwrap_err();
        assert!(matches!(error, Error::Syntax { .. }), "{error}");
        assert_eq!(error.line(), Some(line), "{error}");
    }
}

#[test]
fn variables_override_values_of_every_shape() {
    let config = parse_with(
        &format!("{SMALLEST}[source.a-b]\npath = \"x\"\n"),
        &[
            ("BLINDSIFT_LIMITS_BYTES", "3 KiB"),
            ("BLINDSIFT_LIMITS_SPOOL_MEMORY", "77"),
            ("BLINDSIFT_JOB_J_OUT", "/else"),
            ("BLINDSIFT_JOB_J_SOURCES", "s, a-b"),
            ("BLINDSIFT_SOURCE_A_B_PATH", "y"),
            ("BLINDSIFT_SOURCE_S_PROXY", "socks5h://h:1"),
            ("BLINDSIFT_SOURCE_S_MAX_DEPTH", "2"),
            ("BLINDSIFT_STATE_URL", "sqlite:/var/b.db"),
            ("BLINDSIFT_LOG", "debug"),
            ("BLINDSIFT_CHECKER_KEY", "k"),
            ("HOME", "/"),
        ],
    )
    .unwrap();
    assert_eq!(config.limits.bytes, 3 * 1024);
    assert_eq!(config.limits.spool_memory, 77);
    assert_eq!(config.jobs[0].out, Path::new("/else"));
    assert_eq!(config.jobs[0].sources.len(), 2);
    assert!(
        matches!(&config.jobs[0].sources[1].place, Place::Path(p) if p == Path::new("/conf/y"))
    );
    assert_eq!(web(&config).proxy.as_deref(), Some("socks5h://h:1"));
    assert_eq!(web(&config).max_depth, 2);
    assert_eq!(config.state, Path::new("/var/b.db"));
}

#[test]
fn an_unknown_variable_is_an_error_with_the_nearest_one() {
    let error = parse_with(SMALLEST, &[("BLINDSIFT_SOURCE_S_PROXI", "x")]).unwrap_err();
    assert_eq!(
        error.to_string(),
        "unknown variable BLINDSIFT_SOURCE_S_PROXI, the nearest is `BLINDSIFT_SOURCE_S_PROXY`"
    );
}

#[test]
fn the_value_of_a_variable_is_not_shown() {
    let error = parse_with(SMALLEST, &[("BLINDSIFT_SOURCE_S_PROXY", "hunter2")]).unwrap_err();
    assert_eq!(
        error.to_string(),
        "variable BLINDSIFT_SOURCE_S_PROXY: `proxy` must be \"socks5h://HOST:PORT\""
    );
}

#[test]
fn an_empty_proxy_variable_never_means_a_direct_connection() {
    assert!(parse_with(SMALLEST, &[("BLINDSIFT_SOURCE_S_PROXY", "")]).is_err());
}

#[test]
fn every_default_has_the_shape_of_its_key() {
    for key in TABLES.iter().flat_map(|table| table.keys) {
        let Some(default) = key.default else { continue };
        let fits = match key.shape {
            Shape::Text => !default.is_empty(),
            Shape::Whole => default.parse::<u64>().is_ok(),
            Shape::Size => value::size(default).is_some(),
            Shape::List => false,
        };
        assert!(fits, "{}", key.name);
    }
}

#[test]
fn a_file_of_another_kind_is_not_read_into_memory() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("dump.sql");
    std::fs::write(&path, vec![b'#'; usize::try_from(LONGEST).unwrap() + 1]).unwrap();
    let error = Config::read(&path, std::iter::empty()).unwrap_err();
    assert!(matches!(error, Error::TooLong { .. }));
    std::fs::write(&path, b"\xff\xfe\0").unwrap();
    let error = Config::read(&path, std::iter::empty()).unwrap_err();
    assert!(matches!(error, Error::NotText));
    let error = Config::read(&folder.path().join("none"), std::iter::empty()).unwrap_err();
    assert!(matches!(error, Error::Io(_)));
}

#[test]
fn relative_paths_begin_in_the_files_folder() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("blindsift.toml");
    std::fs::write(&path, SMALLEST).unwrap();
    let config = Config::read(&path, std::iter::empty()).unwrap();
    assert_eq!(config.jobs[0].key, folder.path().join("l.key"));
}
