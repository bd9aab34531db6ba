//! Sizes, durations, rates, schedules and addresses, as people write them.
//!
//! Each function reads a whole string and gives `None` for anything else; the
//! caller knows the line.

use std::ops::RangeInclusive;
use std::time::Duration;

/// Factors of bytes: IEC 80000-13 for the binary ones, SI for the others.
const SIZES: [(&str, u64); 9] = [
    ("B", 1),
    ("kB", 1_000),
    ("MB", 1_000_000),
    ("GB", 1_000_000_000),
    ("TB", 1_000_000_000_000),
    ("KiB", 1 << 10),
    ("MiB", 1 << 20),
    ("GiB", 1 << 30),
    ("TiB", 1 << 40),
];

/// Seconds of a unit of time.
const TIMES: [(&str, u64); 4] = [("s", 1), ("m", 60), ("h", 3_600), ("d", 86_400)];

/// Seconds of the unit behind the slash of a rate.
const RATES: [(&str, u64); 3] = [("s", 1), ("min", 60), ("h", 3_600)];

/// More requests a second than any server should get from us.
const FASTEST: u64 = 1_000;

/// The fields of a schedule: minute, hour, day of month, month, day of week.
const CRON: [RangeInclusive<u32>; 5] = [0..=59, 0..=23, 1..=31, 1..=12, 0..=7];

/// Bytes: `10 GiB`, `500MB`, `1024`.
pub(super) fn size(text: &str) -> Option<u64> {
    let (number, unit) = number_and_unit(text)?;
    if unit.is_empty() {
        return Some(number);
    }
    let (_, factor) = SIZES
        .into_iter()
        .find(|(name, _)| name.eq_ignore_ascii_case(unit))?;
    number.checked_mul(factor)
}

/// A time of at least a second: `90s`, `10m`, `24h`, `7d`.
pub(super) fn duration(text: &str) -> Option<Duration> {
    let (number, unit) = number_and_unit(text)?;
    let (_, seconds) = TIMES.into_iter().find(|(name, _)| *name == unit)?;
    let seconds = number.checked_mul(seconds)?;
    // A century, so that no clock overflows when it is added.
    (1..=3_155_760_000)
        .contains(&seconds)
        .then(|| Duration::from_secs(seconds))
}

/// The pause between two requests of a rate: `4/s` is 250 ms.
pub(super) fn pause(text: &str) -> Option<Duration> {
    let (number, unit) = text.split_once('/')?;
    let number: u64 = digits(number.trim())?;
    let (_, seconds) = RATES.into_iter().find(|(name, _)| *name == unit.trim())?;
    if number == 0 || number > FASTEST * seconds {
        return None;
    }
    Some(Duration::from_nanos(seconds * 1_000_000_000 / number))
}

/// A five-field schedule, its fields separated by single spaces.
pub(super) fn cron(text: &str) -> Option<String> {
    let fields: Vec<&str> = text.split_ascii_whitespace().collect();
    let whole = fields.len() == CRON.len()
        && fields
            .iter()
            .zip(CRON)
            .all(|(field, range)| field.split(',').all(|item| is_cron_item(item, &range)));
    whole.then(|| fields.join(" "))
}

/// `*`, `7`, `1-5`, and these with a step: `*/30`, `1-31/2`.
fn is_cron_item(item: &str, range: &RangeInclusive<u32>) -> bool {
    let (item, step) = match item.split_once('/') {
        Some((item, step)) => (item, digits(step)),
        None => (item, Some(1)),
    };
    let numbers = match item.split_once('-') {
        Some((first, last)) => (cron_number(first), cron_number(last)),
        None if item == "*" => (Some(*range.start()), Some(*range.end())),
        None => (cron_number(item), cron_number(item)),
    };
    let (Some(first), Some(last)) = numbers else {
        return false;
    };
    let step_fits = step.is_some_and(|step| (1..=u64::from(*range.end())).contains(&step));
    step_fits && first <= last && range.contains(&first) && range.contains(&last)
}

fn cron_number(text: &str) -> Option<u32> {
    digits(text).and_then(|number| u32::try_from(number).ok())
}

/// An address of the web: `http://` or `https://` and a host, without a login.
pub(super) fn web_address(text: &str) -> Option<String> {
    let (scheme, rest) = text.split_once("://")?;
    let is_web = scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https");
    let clean = !text.contains(|c: char| c.is_whitespace() || c.is_control());
    let authority = rest.split(['/', '?', '#', '\\']).next()?;
    // GET only, never a login: no name and password in front of the host.
    (is_web && clean && !authority.contains('@') && is_authority(authority, false))
        .then(|| text.to_owned())
}

/// Whether the host of a web address is an onion service (RFC 7686).
pub(super) fn is_onion(address: &str) -> bool {
    let authority = address
        .split_once("://")
        .and_then(|(_, rest)| rest.split(['/', '?', '#', '\\']).next())
        .unwrap_or_default();
    let host = authority.split(':').next().unwrap_or_default();
    let host = host.strip_suffix('.').unwrap_or(host).to_ascii_lowercase();
    host.rsplit('.').next() == Some("onion")
}

/// `socks5h://HOST:PORT`.
pub(super) fn proxy(text: &str) -> Option<String> {
    let authority = text.strip_prefix("socks5h://")?;
    let authority = authority.strip_suffix('/').unwrap_or(authority);
    is_authority(authority, true).then(|| format!("socks5h://{authority}"))
}

/// A host name or address, and a port of 1 to 65535.
fn is_authority(text: &str, needs_port: bool) -> bool {
    let (host, port) = match text.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((host, port)) => {
            if host.parse::<std::net::Ipv6Addr>().is_err() {
                return false;
            }
            match port.strip_prefix(':') {
                Some(port) => (host, Some(port)),
                None if port.is_empty() => (host, None),
                None => return false,
            }
        }
        None => match text.split_once(':') {
            Some((host, port)) if is_host(host) => (host, Some(port)),
            None if is_host(text) => (text, None),
            _ => return false,
        },
    };
    let port_fits = match port {
        Some(port) => digits(port).is_some_and(|port| (1..=65_535).contains(&port)),
        None => !needs_port,
    };
    port_fits && !host.is_empty()
}

/// Letters (of any script: the crawler makes A-labels), digits, `.`, `-`, `_`.
fn is_host(text: &str) -> bool {
    !text.is_empty()
        && text
            .chars()
            .all(|c| c.is_alphanumeric() || matches!(c, '.' | '-' | '_'))
}

/// A field of a request: printable ASCII, at most 200 characters.
pub(super) fn header(text: &str) -> Option<String> {
    let fits = (1..=200).contains(&text.len())
        && text.bytes().all(|byte| matches!(byte, b' '..=b'~'))
        && text.trim() == text;
    fits.then(|| text.to_owned())
}

/// The file of an `sqlite:FILE` address.
pub(super) fn sqlite(text: &str) -> Option<String> {
    let file = text.strip_prefix("sqlite:")?;
    let file = file.strip_prefix("//").unwrap_or(file);
    // `:memory:` would forget what was reported; `?` begins options of other readers.
    let fits = !file.is_empty() && !file.starts_with(':') && !file.contains(['?', '\0']);
    fits.then(|| file.to_owned())
}

fn number_and_unit(text: &str) -> Option<(u64, &str)> {
    let text = text.trim();
    let end = text
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(text.len());
    let (number, unit) = text.split_at_checked(end)?;
    Some((digits(number)?, unit.trim_start()))
}

/// ASCII digits only: `parse` alone would take a sign.
fn digits(text: &str) -> Option<u64> {
    if !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    text.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_whole_numbers_with_a_unit() {
        assert_eq!(size("10 GiB"), Some(10 * 1024 * 1024 * 1024));
        assert_eq!(size("500 MB"), Some(500_000_000));
        assert_eq!(size("7kib"), Some(7 * 1024));
        assert_eq!(size("12"), Some(12));
        for wrong in [
            "",
            "GiB",
            "1.5 GiB",
            "-1 B",
            "10 Gib b",
            "99999999 TiB",
            "+1",
        ] {
            assert_eq!(size(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn durations_need_a_unit_and_are_never_nothing() {
        assert_eq!(duration("90s"), Some(Duration::from_secs(90)));
        assert_eq!(duration("10m"), Some(Duration::from_mins(10)));
        assert_eq!(duration("24h"), Some(Duration::from_hours(24)));
        for wrong in ["90", "0s", "1 week", "-1s", "", "999999999999d"] {
            assert_eq!(duration(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_rate_becomes_the_pause_between_requests() {
        assert_eq!(pause("4/s"), Some(Duration::from_millis(250)));
        assert_eq!(pause("30/min"), Some(Duration::from_secs(2)));
        assert_eq!(pause("1/h"), Some(Duration::from_hours(1)));
        for wrong in ["4", "0/s", "4/day", "/s", "-1/s", "1001/s", "1.5/s"] {
            assert_eq!(pause(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_schedule_has_five_fields_within_their_ranges() {
        for right in [
            "*/30 * * * *",
            "0 4 1-31/2 1,6,12 0-7",
            "59 23 31 12 7",
            "0,30 8-17 * * 1-5",
        ] {
            assert_eq!(cron(right).as_deref(), Some(right));
        }
        assert_eq!(cron(" 0  4 * * * ").as_deref(), Some("0 4 * * *"));
        for wrong in [
            "* * * *",
            "* * * * * *",
            "60 * * * *",
            "* 24 * * *",
            "* * 0 * *",
            "* * * 13 *",
            "* * * * 8",
            "*/0 * * * *",
            "5-1 * * * *",
            "1, * * * *",
            "@daily",
            "* * * * MON",
            "*/+5 * * * *",
        ] {
            assert_eq!(cron(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn only_http_and_https_without_a_login_are_web_addresses() {
        for right in [
            "http://a.example/",
            "HTTPS://a.example:8443/x?y#z",
            "http://[::1]:8080/",
            "http://127.0.0.1",
        ] {
            assert_eq!(web_address(right).as_deref(), Some(right));
        }
        for wrong in [
            "ftp://a.example/",
            "a.example",
            "http://",
            "http:///x",
            "http://user:pw@a.example/",
            "http://a.example:0/",
            "http://a.example:99999/",
            "http://a example/",
            "http://[zz]/",
            "file:///etc/passwd",
        ] {
            assert_eq!(web_address(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn an_onion_service_is_known_by_its_last_label() {
        assert!(is_onion("http://abc.ONION/x"));
        assert!(is_onion("https://abc.onion.:8443"));
        assert!(!is_onion("http://a.example/abc.onion"));
        assert!(!is_onion("http://onion.example/"));
    }

    #[test]
    fn a_proxy_resolves_names_itself() {
        assert_eq!(
            proxy("socks5h://127.0.0.1:9050/").as_deref(),
            Some("socks5h://127.0.0.1:9050")
        );
        assert!(proxy("socks5h://[::1]:9050").is_some());
        for wrong in [
            "socks5://127.0.0.1:9050",
            "http://127.0.0.1:8080",
            "socks5h://127.0.0.1",
            "socks5h://:9050",
            "socks5h://u:p@h:1",
            "",
        ] {
            assert_eq!(proxy(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn the_catalog_is_a_file() {
        assert_eq!(sqlite("sqlite:a/b.db").as_deref(), Some("a/b.db"));
        assert_eq!(sqlite("sqlite:///var/b.db").as_deref(), Some("/var/b.db"));
        for wrong in ["sqlite:", "sqlite::memory:", "b.db", "sqlite:b.db?mode=rw"] {
            assert_eq!(sqlite(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_header_is_printable_ascii() {
        assert!(header("Mozilla/5.0 (X)").is_some());
        for wrong in ["", "a\r\nb: c", "ä", " a"] {
            assert_eq!(header(wrong), None, "{wrong:?}");
        }
    }
}
