//! One spelling for each address, and the border of a source.

use url::Url;

use crate::base::hex;
use crate::config::Scope;

/// Bytes of an address. Servers take 8 KiB at most (RFC 9110, section 4.1).
pub(super) const LONGEST: usize = 8 << 10;

/// The one spelling of `url`, or `None` if it is no `http` or `https` address.
///
/// Without fragment, name and password; percent-encoding as RFC 3986, section
/// 6.2.2, wants it. The query is kept: it may name a file.
pub(super) fn normal(mut url: Url) -> Option<Url> {
    if !matches!(url.scheme(), "http" | "https") || !url.has_host() {
        return None;
    }
    url.set_fragment(None);
    if url.query() == Some("") {
        url.set_query(None);
    }
    url.set_username("").ok()?;
    url.set_password(None).ok()?;
    let path = tidy(url.path());
    if path != url.path() {
        url.set_path(&path);
    }
    Some(url)
}

/// Percent-encoded characters that need not be so, decoded; the rest in upper case.
fn tidy(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    let mut rest = path;
    while let Some((before, after)) = rest.split_once('%') {
        out.push_str(before);
        rest = after;
        let byte = after
            .split_at_checked(2)
            .filter(|(digits, _)| digits.bytes().all(|digit| digit.is_ascii_hexdigit()))
            .and_then(|(digits, tail)| Some((u8::from_str_radix(digits, 16).ok()?, tail)));
        match byte {
            Some((byte, tail)) => {
                rest = tail;
                if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'~') {
                    out.push(char::from(byte));
                } else {
                    // A dot stays as it is: decoded, `%2e%2e` would be a step up.
                    let upper = hex::encode(&[byte]).to_ascii_uppercase();
                    out.extend(["%", &upper]);
                }
            }
            None => out.push('%'),
        }
    }
    out.push_str(rest);
    out
}

/// What belongs to a source.
pub(super) struct Territory {
    start: Url,
    scope: Scope,
}

impl Territory {
    /// What `scope` makes of `start`, which is in its normal spelling.
    pub(super) fn new(start: Url, scope: Scope) -> Self {
        Self { start, scope }
    }

    /// Whether `url`, in its normal spelling, belongs to it.
    pub(super) fn holds(&self, url: &Url) -> bool {
        let same_server = url.scheme() == self.start.scheme()
            && url.host() == self.start.host()
            && url.port_or_known_default() == self.start.port_or_known_default();
        let inside = match self.scope {
            Scope::Host => true,
            Scope::Page => *url == self.start,
            Scope::Prefix => {
                let path = self.start.path();
                let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
                url.path()
                    .strip_prefix(folder)
                    .is_some_and(|rest| rest.starts_with('/') && !steps_up(rest))
            }
        };
        same_server && inside
    }
}

/// Whether a server that decodes before it splits could be led upwards by `path`.
fn steps_up(path: &str) -> bool {
    let plain = path
        .to_ascii_lowercase()
        .replace("%2e", ".")
        .replace("%2f", "/")
        .replace("%5c", "/")
        .replace('\\', "/");
    plain.split('/').any(|segment| segment == "..")
}

/// Whether `target` is the listing `page` in another order or layout.
///
/// Apache and the fancy index of nginx link each listing eight times over
/// (`?C=N;O=D`), Caddy as well (`?sort=name&order=desc`). They list the same
/// entries, so following them would examine every listing nine times.
pub(super) fn is_same_listing(page: &Url, target: &Url) -> bool {
    let Some(query) = target.query() else {
        return false;
    };
    page.path() == target.path()
        && page.path().ends_with('/')
        && query.split(['&', ';']).all(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            match name {
                "C" => matches!(value, "N" | "M" | "S" | "D"),
                "O" => matches!(value, "A" | "D"),
                "sort" => matches!(value, "name" | "namedirfirst" | "size" | "time"),
                "order" => matches!(value, "asc" | "desc"),
                "layout" => matches!(value, "grid" | "list"),
                _ => false,
            }
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Url {
        normal(Url::parse(text).unwrap()).unwrap()
    }

    #[test]
    fn spellings_of_one_address_meet() {
        for text in [
            "HTTP://Example.ORG:80/a/%7euser/%c3%a4#top",
            "http://example.org/b/../a/~user/%C3%A4?",
            "http://anna:secret@example.org/a/%7Euser/ä",
        ] {
            assert_eq!(url(text).as_str(), "http://example.org/a/~user/%C3%A4");
        }
    }

    #[test]
    fn reserved_characters_stay_encoded() {
        for text in [
            "http://h/a%2Fb%23c%3Fd%25e",
            "http://h/100%",
            "http://h/a?x=%41",
        ] {
            assert_eq!(url(text).as_str(), text);
        }
    }

    #[test]
    fn other_schemes_are_no_addresses() {
        for text in ["ftp://h/", "file:///etc/passwd", "javascript:x", "data:,x"] {
            assert_eq!(normal(Url::parse(text).unwrap()), None);
        }
    }

    #[test]
    fn another_port_scheme_or_host_is_outside() {
        let host = Territory::new(url("http://h.example:8080/a/"), Scope::Host);
        assert!(host.holds(&url("http://h.example:8080/b")));
        for text in [
            "http://h.example/a/",
            "https://h.example:8080/a/",
            "http://h.example.org:8080/a/",
            "http://www.h.example:8080/a/",
            "http://127.0.0.1:8080/a/",
        ] {
            assert!(!host.holds(&url(text)), "{text}");
        }
    }

    #[test]
    fn a_prefix_ends_at_the_last_slash_and_cannot_be_left_upwards() {
        let prefix = Territory::new(url("http://h/leak/index.html"), Scope::Prefix);
        for text in [
            "http://h/leak/",
            "http://h/leak/a/b?c",
            "http://h/leak/x/../y",
        ] {
            assert!(prefix.holds(&url(text)), "{text}");
        }
        for text in [
            "http://h/",
            "http://h/leak",
            "http://h/leaks/a",
            "http://h/leak/../a",
            "http://h/leak/%2e%2e/a",
            "http://h/leak/..%2fa",
            "http://h/leak/x%5C..%5c..%5Ca",
        ] {
            assert!(!prefix.holds(&url(text)), "{text}");
        }
    }

    #[test]
    fn a_page_is_itself_alone() {
        let page = Territory::new(url("http://h/a?b=1"), Scope::Page);
        assert!(page.holds(&url("http://h/a?b=1#c")));
        assert!(!page.holds(&url("http://h/a")));
    }

    #[test]
    fn other_orders_of_a_listing_are_known_and_files_are_not() {
        let page = url("http://h/leak/");
        for text in [
            "?C=N;O=D",
            "?C=M&O=A",
            "?sort=size&order=asc",
            "?layout=grid",
        ] {
            assert!(is_same_listing(&page, &page.join(text).unwrap()), "{text}");
        }
        for text in ["?file=1", "?C=N;O=D;P=x", "?C=Anna", "other/?C=N;O=D", "?"] {
            assert!(!is_same_listing(&page, &page.join(text).unwrap()), "{text}");
        }
    }
}
