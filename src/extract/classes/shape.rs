//! Secrets, addresses of machines, places and codes of illnesses by their looks.

use std::net::{Ipv4Addr, Ipv6Addr};

/// What the dictionary gives a class.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// A password hash that says how it was made.
    Crypt,
    /// The digits of a digest, beside a user.
    Digest,
    /// An address and a password.
    Login,
    /// An address of the web with a password in it.
    Link,
    /// Address of a machine.
    Ip,
    /// Address of a network card.
    Mac,
    /// A JSON Web Token (RFC 7519).
    Token,
    /// PEM (RFC 7468).
    PrivateKey,
    /// The key of a large service.
    AccessKey,
    /// Latitude and longitude.
    Coordinates,
    /// A date of birth, by the word before it.
    BirthDate,
    /// A code of an illness.
    Icd,
}

const NAMES: [(&str, Shape); Shape::COUNT] = [
    ("crypt", Shape::Crypt),
    ("digest", Shape::Digest),
    ("login", Shape::Login),
    ("link", Shape::Link),
    ("ip", Shape::Ip),
    ("mac", Shape::Mac),
    ("token", Shape::Token),
    ("private-key", Shape::PrivateKey),
    ("access-key", Shape::AccessKey),
    ("coordinates", Shape::Coordinates),
    ("birth-date", Shape::BirthDate),
    ("icd", Shape::Icd),
];

impl Shape {
    /// How many there are.
    pub(super) const COUNT: usize = 12;

    pub(super) fn named(name: &str) -> Option<Self> {
        let mut all = NAMES.into_iter();
        all.find(|(known, _)| *known == name)
            .map(|(_, shape)| shape)
    }
}

/// Whether `text` begins as the hash of a password does that says how it was made:
/// the formats of crypt(3), PHC strings, LDAP (RFC 2307), Django, Werkzeug, phpass.
pub(super) fn is_crypt(text: &str) -> bool {
    const DOLLAR: [&str; 20] = [
        "$2a$", "$2b$", "$2y$", "$2x$", "$argon2i", "$argon2d", "$scrypt$", "$7$", "$y$", "$gy$",
        "$6$", "$5$", "$1$", "$apr1$", "$P$", "$H$", "$S$", "$sha1$", "$pbkdf2", "$md5",
    ];
    const BRACED: [&str; 9] = [
        "{ssha}",
        "{sha}",
        "{smd5}",
        "{md5}",
        "{crypt}",
        "{ssha256}",
        "{ssha512}",
        "{sha256}",
        "{sha512}",
    ];
    const NAMED: [&str; 8] = [
        "pbkdf2_sha256$",
        "pbkdf2_sha1$",
        "pbkdf2:sha",
        "bcrypt$$2",
        "bcrypt_sha256$",
        "argon2$",
        "scrypt:",
        "sha1$",
    ];
    let begins = |starts: &[&str]| starts.iter().any(|start| text.starts_with(start));
    match text.as_bytes().first() {
        // Shorter ones are prices and variables.
        Some(b'$') => text.len() >= 8 && begins(&DOLLAR),
        Some(b'{') => BRACED.iter().any(|start| {
            let head = text.get(..start.len());
            text.len() > start.len() && head.is_some_and(|head| head.eq_ignore_ascii_case(start))
        }),
        Some(b'p' | b'b' | b'a' | b's') => text.len() >= 16 && begins(&NAMED),
        _ => false,
    }
}

/// Whether `text` is a digest in hexadecimal digits: MD5 or NTLM, SHA-1, SHA-256,
/// SHA-512.
pub(super) fn is_digest(text: &str) -> bool {
    matches!(text.len(), 32 | 40 | 64 | 128)
        && text.bytes().all(|byte| byte.is_ascii_hexdigit())
        && text.bytes().any(|byte| byte.is_ascii_alphabetic())
        && text.bytes().any(|byte| byte.is_ascii_digit())
}

/// Whether `text` is the address of a machine, not a version number.
pub(super) fn is_ip(text: &str) -> bool {
    let text = text.trim_end_matches('.');
    let is_version = text.len() < 8 || text.starts_with('0');
    text.parse::<Ipv4Addr>().is_ok_and(|_| !is_version)
}

/// The same in the notation of IPv6 (RFC 4291), in full or with `::`.
pub(super) fn is_ipv6(text: &str) -> bool {
    // `::` and `::1` say nothing, and `a::b` is what programmers write.
    text.len() >= 7
        && text.contains(|c: char| c.is_ascii_digit())
        && text.parse::<Ipv6Addr>().is_ok()
}

/// Whether `text` is the address of a network card.
pub(super) fn is_mac(text: &str) -> bool {
    let is_pair = |pair: &str| pair.len() == 2 && pair.bytes().all(|b| b.is_ascii_hexdigit());
    text.len() == 17
        && [':', '-']
            .iter()
            .any(|sign| text.split(*sign).count() == 6 && text.split(*sign).all(is_pair))
}

/// Whether `text` is a JSON Web Token: `{"` in base64, a dot, and a second part
/// that begins in the same way.
pub(super) fn is_token(text: &str) -> bool {
    let rest = text
        .strip_prefix("eyJ")
        .and_then(|rest| rest.split_once('.'));
    text.len() >= 36 && rest.is_some_and(|(_, rest)| rest.starts_with("eyJ"))
}

/// Whether `text` is a key of Amazon, GitHub, Google, Slack or Stripe.
pub(super) fn is_access_key(text: &str) -> bool {
    const STARTS: [(&str, usize); 13] = [
        ("AKIA", 20),
        ("ASIA", 20),
        ("ghp_", 40),
        ("gho_", 40),
        ("ghs_", 40),
        ("github_pat_", 60),
        ("glpat-", 20),
        ("AIza", 39),
        ("xoxb-", 24),
        ("xoxp-", 24),
        ("sk_live_", 24),
        ("rk_live_", 24),
        ("SG.", 60),
    ];
    let is_key = |(start, length): &(&str, usize)| text.len() >= *length && text.starts_with(start);
    STARTS.iter().any(is_key)
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"_-.".contains(&byte))
}

/// Whether `text` is a number of degrees up to `most`, so precise that it is a
/// place.
pub(super) fn is_degrees(text: &str, most: f64) -> bool {
    let number = text.strip_prefix('-').unwrap_or(text);
    let Some((whole, part)) = number.split_once('.') else {
        return false;
    };
    (1..=3).contains(&whole.len())
        && (4..=15).contains(&part.len())
        && number.bytes().all(|b| b.is_ascii_digit() || b == b'.')
        && number.parse::<f64>().is_ok_and(|degrees| degrees <= most)
}

/// Whether `text` is a date with a year, in figures.
pub(super) fn is_date(text: &str) -> bool {
    let mut parts = text.trim_end_matches('.').split(['.', '-', '/']);
    let mut next = || {
        parts
            .next()
            .filter(|part| part.bytes().all(|b| b.is_ascii_digit()))
    };
    let (Some(first), Some(middle), Some(last)) = (next(), next(), next()) else {
        return false;
    };
    let lengths = [first.len(), middle.len(), last.len()];
    matches!(lengths, [4, 1..=2, 1..=2] | [1..=2, 1..=2, 4 | 2]) && parts.next().is_none()
}

/// How sure a code of the International Classification of Diseases looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Icd {
    /// `F32.1`: with its dot.
    Dotted,
    /// `F32`, `F321`: beside words about health.
    Bare,
}

/// The code that `text` is, if it is one: a capital, two digits, and up to two
/// more signs behind a dot (WHO, ICD-10, and the Finnish and Swedish editions).
///
/// Versions (`V10.2`) are no codes; the few accidents under V are lost.
pub(super) fn icd(text: &str) -> Option<Icd> {
    let text = text.trim_end_matches('.');
    let bytes = text.as_bytes();
    let (Some(letter @ b'A'..=b'Z'), true) = (bytes.first(), (3..=6).contains(&bytes.len())) else {
        return None;
    };
    let are_digits = bytes.get(1..3)?.iter().all(u8::is_ascii_digit);
    let rest = bytes.get(3..)?;
    let is_rest = |rest: &[u8]| {
        rest.first().is_some_and(u8::is_ascii_digit)
            && rest
                .iter()
                .all(|b| b.is_ascii_digit() || b.is_ascii_uppercase())
    };
    if !are_digits || *letter == b'V' {
        return None;
    }
    match rest {
        [] => Some(Icd::Bare),
        [b'.', rest @ ..] if rest.len() <= 2 && is_rest(rest) => Some(Icd::Dotted),
        [_] if is_rest(rest) => Some(Icd::Bare),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_shape_has_a_name() {
        for (number, (name, shape)) in NAMES.into_iter().enumerate() {
            assert_eq!(shape as usize, number);
            assert_eq!(Shape::named(name), Some(shape));
        }
    }

    #[test]
    fn hashes_say_how_they_were_made() {
        for hash in [
            "$2y$10$QS2UZLyRNgQRgcVRY6bGagsdcbBq7lmAs4INPnAyVrrRCYyWnYLej",
            "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$RdescudvJCsgt3ub+b7dWA",
            "$6$saltstring$svn8UoSVapNtMuq1ukKS4tPQd8iKwSMHWjlO",
            "$1$abcd$efghijklmnop",
            "$P$9IQRaTwmfeRo7ud9Fh4E2PdI0S3r.L0",
            "{SSHA}DkMTwBl+a/3DQTxCYEApdUtNXGgdUac3",
            "pbkdf2_sha256$216000$abc$def=",
            "scrypt:32768:8:1$abc$def",
        ] {
            assert!(is_crypt(hash), "{hash}");
        }
        for text in ["$100", "$HOME/bin", "{key}", "{md5}", "parool", "$1$"] {
            assert!(!is_crypt(text), "{text}");
        }
    }

    #[test]
    fn digests_have_the_length_of_one() {
        // MD5 and SHA-1 of the empty text (RFC 1321, FIPS 180-4).
        assert!(is_digest("d41d8cd98f00b204e9800998ecf8427e"));
        assert!(is_digest("DA39A3EE5E6B4B0D3255BFEF95601890AFD80709"));
        assert!(!is_digest("d41d8cd98f00b204e9800998ecf8427"));
        assert!(!is_digest(&"0".repeat(32)));
        assert!(!is_digest("d41d8cd98f00b204e9800998ecf8427g"));
    }

    #[test]
    fn addresses_of_machines_are_no_versions_and_no_times() {
        assert!(is_ip("10.65.165.238") && is_ip("192.0.2.1."));
        assert!(!is_ip("1.2.3.4") && !is_ip("10.65.165.256") && !is_ip("10.65.165"));
        assert!(is_ipv6("2001:db8::1") && is_ipv6("fe80::1ff:fe23:4567:890a"));
        assert!(!is_ipv6("12:30:45") && !is_ipv6("::1") && !is_ipv6("std::vec"));
        assert!(is_mac("00:00:5e:00:53:01") && is_mac("00-00-5E-00-53-FF"));
        assert!(!is_mac("00:00:5e:00:53:0g") && !is_mac("2026-11-22-10-000"));
    }

    #[test]
    fn tokens_and_keys_begin_as_their_makers_say() {
        // RFC 7519, section 3.1, without its signature.
        assert!(is_token(
            "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAi"
        ));
        assert!(!is_token("eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9"));
        // The example key of Amazon's manuals.
        assert!(is_access_key("AKIAIOSFODNN7EXAMPLE"));
        assert!(
            !is_access_key("AKIA") && !is_access_key("AIza is a short word, not a key of Google's")
        );
    }

    #[test]
    fn places_are_precise_and_dates_have_a_year() {
        assert!(is_degrees("60.185180", 90.0) && is_degrees("-122.4194", 180.0));
        assert!(!is_degrees("122.4194", 90.0) && !is_degrees("12.34", 90.0));
        assert!(!is_degrees("1.2.3456", 90.0) && !is_degrees("60", 90.0));
        for date in [
            "13.10.1952",
            "1952-10-13",
            "13/10/1952",
            "1.2.52",
            "13.10.1952.",
        ] {
            assert!(is_date(date), "{date}");
        }
        for text in ["13.10", "1952", "192.0.2.1", "a.b.1952", "12-34-567"] {
            assert!(!is_date(text), "{text}");
        }
    }

    #[test]
    fn a_code_of_an_illness_is_a_letter_and_digits() {
        for (text, code) in [
            ("F32.1", Some(Icd::Dotted)),
            ("Z00.00", Some(Icd::Dotted)),
            ("C50.9.", Some(Icd::Dotted)),
            ("F32", Some(Icd::Bare)),
            ("F321", Some(Icd::Bare)),
            ("V10.2", None),
            ("f32.1", None),
            ("F3", None),
            ("F32.123", None),
            ("AB1.2", None),
            ("F32X", None),
            ("", None),
        ] {
            assert_eq!(icd(text), code, "{text}");
        }
    }
}
