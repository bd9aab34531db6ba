//! What tells, without the bytes, that a thing is still the same.
//!
//! | in  | `ETag` and `Last-Modified` of an answer, or a file's metadata |
//! |-----|----------------------------------------------------------------|
//! | out | a [`Validator`] to be kept by the catalog                      |
//! | not | an entity tag in the clear                                     |
//!
//! An entity tag is any string that the server likes, a patient's name for
//! example. It is kept sealed under the checker's key for origins: whoever reads
//! the catalog without that key learns its length at most.

use jiff::fmt::rfc2822::{DateTimeParser, DateTimePrinter};
use reqwest::header::{self, HeaderMap};
use serde::{Deserialize, Serialize};

use crate::base::{Origin, OriginKey, hex};

/// Bytes of an entity tag. Longer ones are not kept; the thing is fetched again.
const LONGEST_TAG: usize = 256;
/// The index that no member has, so that no member's origin is a tag's.
const TAG: u64 = u64::MAX;

/// What tells, without the bytes, that a thing is still the same.
#[derive(Default, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Validator {
    /// The entity tag (RFC 9110, section 8.8.3), sealed, in hex.
    pub etag: Option<String>,
    /// `Last-Modified`, an HTTP date (RFC 9110, section 5.6.7).
    pub last_modified: Option<String>,
    /// When a local file was last written: nanoseconds since 1970.
    pub modified: Option<i128>,
    /// Bytes.
    pub length: Option<u64>,
}

impl Validator {
    /// What an answer says about the thing at `origin`.
    pub(super) fn of(headers: &HeaderMap, origins: &OriginKey, origin: Origin) -> Self {
        let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
        Self {
            etag: text(header::ETAG)
                .filter(|tag| is_tag(tag))
                .map(|tag| seal(origins, origin, tag)),
            last_modified: text(header::LAST_MODIFIED)
                .filter(|date| is_date(date))
                .map(str::to_owned),
            modified: None,
            length: text(header::CONTENT_LENGTH).and_then(|length| length.parse().ok()),
        }
    }

    /// The headers of a request that is answered by 304 when nothing changed.
    pub(super) fn conditions(&self, origins: &OriginKey, origin: Origin) -> HeaderMap {
        let mut headers = HeaderMap::new();
        let etag = self
            .etag
            .as_deref()
            .and_then(|sealed| unseal(origins, origin, sealed))
            .filter(|tag| is_tag(tag))
            .and_then(|tag| tag.parse().ok());
        if let Some(etag) = etag {
            headers.insert(header::IF_NONE_MATCH, etag);
        }
        let date = self.last_modified.as_deref().filter(|date| is_date(date));
        if let Some(date) = date.and_then(|date| date.parse().ok()) {
            headers.insert(header::IF_MODIFIED_SINCE, date);
        }
        headers
    }
}

/// RFC 9110, section 8.8.3: `[ W/ ] DQUOTE *etagc DQUOTE`, here ASCII only.
fn is_tag(text: &str) -> bool {
    let opaque = text.strip_prefix("W/").unwrap_or(text);
    let inner = opaque
        .strip_prefix('"')
        .and_then(|rest| rest.strip_suffix('"'));
    text.len() <= LONGEST_TAG
        && inner.is_some_and(|inner| {
            inner
                .bytes()
                .all(|byte| byte == 0x21 || (0x23..=0x7e).contains(&byte))
        })
}

/// The preferred form of an HTTP date and no other: it says a time and nothing else.
fn is_date(text: &str) -> bool {
    let Ok(time) = DateTimeParser::new().parse_timestamp(text) else {
        return false;
    };
    DateTimePrinter::new()
        .timestamp_to_rfc9110_string(&time)
        .is_ok_and(|spelled| spelled == text)
}

/// Encrypts `tag`: its keyed hash is the nonce, which keys a stream of further hashes.
///
/// The construction is that of SIV (RFC 5297): equal tags of one origin give equal
/// seals and nothing else is shown; a seal that was tampered with does not open.
fn seal(origins: &OriginKey, origin: Origin, tag: &str) -> String {
    let nonce = origins.member(origin, TAG, tag.as_bytes());
    let hidden = stream(origins, nonce, tag.as_bytes());
    format!("{nonce}{}", hex::encode(&hidden))
}

fn unseal(origins: &OriginKey, origin: Origin, sealed: &str) -> Option<String> {
    let (nonce, hidden) = sealed.split_at_checked(32)?;
    let nonce = Origin::try_from(nonce.to_owned()).ok()?;
    let hidden: Option<Vec<u8>> = hidden
        .as_bytes()
        .chunks(2)
        .map(|pair| {
            let [byte] = hex::decode::<1>(std::str::from_utf8(pair).ok()?)?;
            Some(byte)
        })
        .collect();
    let tag = String::from_utf8(stream(origins, nonce, &hidden?)).ok()?;
    (origins.member(origin, TAG, tag.as_bytes()) == nonce).then_some(tag)
}

/// `bytes` XOR the key stream of `nonce`.
fn stream(origins: &OriginKey, nonce: Origin, bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    for (index, block) in (0..).zip(bytes.chunks(16)) {
        let key = String::from(origins.member(nonce, index, b"etag"));
        let key = hex::decode::<16>(&key).unwrap_or_default();
        out.extend(block.iter().zip(key).map(|(byte, key)| byte ^ key));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key() -> (OriginKey, Origin) {
        let origins = OriginKey::new(&[7; 32]);
        let origin = origins.place("site", b"http://example.org/a");
        (origins, origin)
    }

    fn headers(pairs: &[(header::HeaderName, &str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(name, value)| (name.clone(), value.parse().unwrap()))
            .collect()
    }

    #[test]
    fn what_was_kept_asks_with_the_servers_own_words() {
        let (origins, origin) = key();
        for tag in [
            "\"5f0a-1c\"",
            "W/\"x\"",
            "\"\"",
            "\"a tag of more than sixteen bytes\"",
        ] {
            let answer = headers(&[
                (header::ETAG, &tag.replace(' ', "_")),
                (header::LAST_MODIFIED, "Sun, 06 Nov 1994 08:49:37 GMT"),
            ]);
            let conditions = Validator::of(&answer, &origins, origin).conditions(&origins, origin);
            assert_eq!(conditions[header::IF_NONE_MATCH], answer[header::ETAG]);
            assert_eq!(
                conditions[header::IF_MODIFIED_SINCE],
                answer[header::LAST_MODIFIED]
            );
        }
    }

    #[test]
    fn a_kept_tag_does_not_show_itself() {
        let (origins, origin) = key();
        let answer = headers(&[(header::ETAG, "\"anna-virtanen\"")]);
        let kept = Validator::of(&answer, &origins, origin);
        let text = serde_json::to_string(&kept).unwrap();
        assert!(!text.contains("anna"));
        assert!(!text.contains(&hex::encode(b"anna")));
    }

    #[test]
    fn a_tag_of_another_place_does_not_open() {
        let (origins, origin) = key();
        let other = origins.place("site", b"http://example.org/b");
        assert_eq!(
            unseal(&origins, other, &seal(&origins, origin, "\"x\"")),
            None
        );
    }

    #[test]
    fn tags_and_dates_that_are_none_are_not_kept() {
        let (origins, origin) = key();
        for (name, value) in [
            (header::ETAG, "no quotes"),
            (header::ETAG, "\"in\"side\""),
            (header::ETAG, "\"with space\""),
            (header::LAST_MODIFIED, "Anna Virtanen"),
            (header::LAST_MODIFIED, "Sunday, 06-Nov-94 08:49:37 GMT"),
            (
                header::LAST_MODIFIED,
                "Sun, 06 Nov 1994 08:49:37 GMT (Anna)",
            ),
        ] {
            let kept = Validator::of(&headers(&[(name, value)]), &origins, origin);
            assert!(kept == Validator::default(), "{value}");
        }
    }
}
