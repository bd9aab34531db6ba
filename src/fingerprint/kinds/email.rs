//! Mailbox addresses are compared without regard to case.
//!
//! RFC 5321, section 2.4, makes the local part case-sensitive. No large provider
//! follows it and leaks mix both spellings, so both parts are folded. The local
//! part is a dot-string (section 4.1.2), with the characters of RFC 6531 beyond
//! ASCII; quoted strings and address literals have no canonical form. The domain
//! becomes A-labels (RFC 5890) by UTS 46, and must end in a top-level domain's
//! shape: two letters or more, or an A-label (ICANN's root zone has no other).
//!
//! `anna (at) example (dot) fi` is read as what it hides. For Gmail dots in the local
//! part do not matter, and `googlemail.com` is the same (Google, Gmail Help, "Dots
//! don't matter in Gmail addresses"): the form without them is given beside the own.

use std::borrow::Cow;

use crate::base::vector::{self, Class, WORD};
use crate::base::{
    Emit, Family, Kind, Regions, Shape, Strength, Unusable, Variant, fold_case, is_word,
};

pub(super) static KIND: Kind = Kind {
    name: "email",
    profile: 1,
    family: Family::Contact,
    strength: Strength::Strong,
    canonical_form: "whole address case-folded; domain as IDNA A-label",
    check: "syntax; the domain has a known-shape TLD",
    source: "RFC 5321, RFC 6531, RFC 5890",
    example: "anna@example.fi",
    headings: &[
        "mail",
        "emailaddress",
        "sähköposti",
        "sähköpostiosoite",
        "epost",
    ],
    shape: Shape::Mailbox,
    space: None,
    rate: None,
    born: None,
    canonical,
};

/// RFC 5321, section 4.5.3.1.1, in octets.
const LOCAL: usize = 64;
/// RFC 5321, section 4.5.3.1.3: a path is 256 octets with its angle brackets.
const ADDRESS: usize = 254;
/// RFC 1035, section 2.3.4, in octets.
const LABEL: usize = 63;

fn canonical(text: &str, _: &Regions, emit: Emit<'_>) -> Result<(), Unusable> {
    if let Some(plain) = Plain::read(text) {
        plain.give(text, emit);
        return Ok(());
    }
    read(text, emit).or_else(|unusable| {
        let revealed = revealed(text).ok_or(unusable)?;
        // What the text would be if it hid nothing tells more.
        read(&revealed, emit).map_err(|_| unusable)
    })
}

fn read(text: &str, emit: Emit<'_>) -> Result<(), Unusable> {
    let address = bare(text);
    let (local, domain) = address.split_once('@').ok_or(Unusable("no @"))?;
    let local = unquoted(local, text);
    // Nothing this long can become a valid address by folding.
    if address.len() > 8 * ADDRESS {
        return Err(Unusable("the address is too long"));
    }
    let mut folded = String::with_capacity(address.len());
    fold_case(local, &mut folded);
    let at = folded.len();
    folded.push('@');
    folded.push_str(&ascii_domain(domain)?);
    checked(&folded, at, emit)
}

/// What a plain address is made of.
const CLASSES: [Class; 8] = [
    Class::DIGITS,
    Class::range(b'A', b'Z'),
    Class::range(b'a', b'z'),
    Class::byte(b'.'),
    Class::byte(b'@'),
    Class::byte(b'-'),
    Class::byte(b'_'),
    Class::byte(b'+'),
];

/// A valid address of at most 64 bytes and nothing around it, of ASCII letters,
/// digits, dots, hyphens, `_` and `+`: the rule in dense data. All others take the
/// long way.
struct Plain {
    bytes: [u8; WORD],
    at: usize,
    is_lower: bool,
    has_plus: bool,
}

impl Plain {
    fn read(text: &str) -> Option<Self> {
        let mut bytes = [0; WORD];
        let length = text.len();
        bytes.get_mut(..length)?.copy_from_slice(text.as_bytes());
        let [digits, upper, lower, dots, ats, hyphens, lines, pluses] =
            vector::mark_block(&bytes, &CLASSES);
        let letters = upper | lower;
        let signs = lines | pluses;
        let borders = dots | ats;
        // Zeros stand behind the text.
        let all = 1_u64
            .checked_shl(u32::try_from(length).ok()?)
            .unwrap_or(0)
            .wrapping_sub(1);
        let domain = all & !(ats | ats.wrapping_sub(1));
        let dots_behind = dots & domain;
        let before_top = 1_u64 << (u64::BITS - 1 - dots_behind.leading_zeros().min(u64::BITS - 1));
        let top = all & !(before_top | (before_top - 1));
        let is_plain = digits | letters | borders | hyphens | signs == all
            && ats.is_power_of_two()
            // No part is empty.
            && borders & (borders << 1 | 1) == 0
            // `xn--` and the like are for the long way.
            && hyphens & domain & (borders | hyphens) << 1 == 0
            && dots_behind & hyphens << 1 == 0
            && signs & domain == 0
            && dots_behind != 0
            && top & !letters == 0
            && top.count_ones() >= 2;
        is_plain.then_some(Self {
            bytes,
            at: ats.trailing_zeros() as usize,
            is_lower: upper == 0,
            has_plus: pluses != 0,
        })
    }

    /// Emits `text`, which is this address.
    fn give(mut self, text: &str, emit: Emit<'_>) {
        let form = if self.is_lower {
            text
        } else {
            self.bytes.make_ascii_lowercase();
            let lower = self.bytes.get(..text.len()).unwrap_or_default();
            std::str::from_utf8(lower).unwrap_or_default()
        };
        if self.has_plus || provider(form.get(self.at..).unwrap_or_default()).is_some() {
            give(form, self.at, emit);
        } else {
            emit(form, Variant::Exact);
        }
    }
}

/// `text` without what is commonly written around an address.
fn bare(text: &str) -> &str {
    let mut text = text.trim();
    if let Some((_, inside)) = text.rsplit_once('<') {
        text = inside.split_once('>').map_or(inside, |(inside, _)| inside);
    }
    text = trimmed(text);
    if let Some(scheme) = text.get(..7)
        && scheme.eq_ignore_ascii_case("mailto:")
    {
        text = trimmed(text.get(7..).unwrap_or_default());
    }
    // A query (`?subject=`) can only stand behind the address.
    let at = text.find('@').unwrap_or_default();
    let query = text.get(at..).and_then(|domain| domain.find('?'));
    query
        .and_then(|query| text.get(..at + query))
        .map_or(text, trimmed)
}

/// `local` without the quotes around a local part that needs none; the first one
/// was taken for what stands around the address.
fn unquoted<'a>(local: &'a str, text: &str) -> &'a str {
    let is_quoted = text.contains('"') && !local.contains(char::is_whitespace);
    local
        .strip_suffix('"')
        .filter(|_| is_quoted)
        .unwrap_or(local)
}

/// `text` with what stands in brackets for an `@` or a dot as that: `(at)`, `[dot]`;
/// also ` at ` and ` dot `, if both are there. `None` if nothing does.
fn revealed(text: &str) -> Option<String> {
    const ATS: [&str; 4] = ["at", "a", "ät", "@"];
    const DOTS: [&str; 5] = ["dot", "piste", "punkt", "punto", "."];
    if text.len() > 8 * ADDRESS {
        return None;
    }
    let is_one = |words: &[&str], word: &str| {
        let word = word.trim().to_lowercase();
        words.contains(&word.as_str())
    };
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, inside)) = rest.split_once(['(', '[', '{']) {
        let (word, behind) = inside.split_once([')', ']', '}'])?;
        let sign = if is_one(&ATS, word) {
            '@'
        } else if is_one(&DOTS, word) {
            '.'
        } else {
            return None;
        };
        plain.push_str(before.trim_end());
        plain.push(sign);
        rest = behind.trim_start();
    }
    plain.push_str(rest);
    if rest.len() < text.len() {
        return Some(plain);
    }
    let lower = text.to_lowercase();
    let is_spelt = lower.contains(" at ") && lower.contains(" dot ");
    is_spelt.then(|| lower.replace(" at ", "@").replace(" dot ", "."))
}

fn trimmed(text: &str) -> &str {
    let is_around = |c: char| match c {
        '"' | '\'' | '<' | '>' | '(' | ')' | '[' | ']' | ',' | ';' | ':' | '.' | '“' | '”'
        | '„' | '‘' | '’' | '«' | '»' | '‹' | '›' => true,
        c => c.is_whitespace(),
    };
    text.trim_matches(is_around)
}

fn ascii_domain(domain: &str) -> Result<Cow<'_, str>, Unusable> {
    idna::domain_to_ascii_cow(domain.as_bytes(), idna::AsciiDenyList::URL)
        .map_err(|_| Unusable("the domain is no internationalised domain name"))
}

/// Emits `folded`, whose `@` stands at `at`, if it keeps to the syntax.
fn checked(folded: &str, at: usize, emit: Emit<'_>) -> Result<(), Unusable> {
    let (local, domain) = folded.split_once('@').unwrap_or_default();
    if local.len() != at || folded.len() > ADDRESS || local.len() > LOCAL {
        return Err(Unusable("the address is too long"));
    }
    if !local.split('.').all(is_atom) {
        return Err(Unusable("the part before the @ is not a plain one"));
    }
    if !domain.split('.').all(is_label) {
        return Err(Unusable("the part behind the @ is no domain name"));
    }
    let (_, top) = domain.rsplit_once('.').unwrap_or_default();
    if !is_top(top) {
        return Err(Unusable("the domain ends in no top-level domain"));
    }
    give(folded, at, emit);
    Ok(())
}

/// Emits `folded`, whose `@` stands at `at`, and the addresses that it belongs to.
fn give(folded: &str, at: usize, emit: Emit<'_>) {
    emit(folded, Variant::Exact);
    let (local, domain) = folded.split_at_checked(at).unwrap_or_default();
    let (base, tag) = local
        .split_at_checked(local.find('+').unwrap_or(at))
        .unwrap_or_default();
    // `anna.+x@` has no base address: `anna.@` is none.
    let has_base = !tag.is_empty() && base.split('.').all(is_atom);
    if has_base {
        Address::of(base, false, "", domain).give(Variant::Subaddress, emit);
    }
    let Some(main) = provider(domain) else {
        return;
    };
    if (domain != main || base.contains('.')) && !base.is_empty() {
        Address::of(base, true, tag, main).give(Variant::ProviderAlias, emit);
        if has_base {
            Address::of(base, true, "", main).give(Variant::Subaddress, emit);
        }
    }
}

/// The domain, with its `@`, of a provider to whom dots do not matter.
fn provider(domain: &str) -> Option<&'static str> {
    matches!(domain, "@gmail.com" | "@googlemail.com").then_some("@gmail.com")
}

/// An address that is put together from parts of another, which is at least as long.
struct Address {
    bytes: [u8; ADDRESS],
    length: usize,
}

impl Address {
    /// `base`, perhaps without its dots, `tag` and `domain`.
    fn of(base: &str, without_dots: bool, tag: &str, domain: &str) -> Self {
        let mut address = Self {
            bytes: [0; ADDRESS],
            length: 0,
        };
        let base = base.bytes().filter(|byte| *byte != b'.' || !without_dots);
        for byte in base.chain(tag.bytes()).chain(domain.bytes()) {
            if let Some(to) = address.bytes.get_mut(address.length) {
                *to = byte;
                address.length += 1;
            }
        }
        address
    }

    fn give(&self, variant: Variant, emit: Emit<'_>) {
        let address = self.bytes.get(..self.length).unwrap_or_default();
        emit(std::str::from_utf8(address).unwrap_or_default(), variant);
    }
}

fn is_atom(atom: &str) -> bool {
    let belongs = |c: char| match c {
        '!' | '#' | '$' | '%' | '&' | '\'' | '*' | '+' | '-' | '/' | '=' | '?' | '^' | '_'
        | '`' | '{' | '|' | '}' | '~' => true,
        c => is_word(c),
    };
    !atom.is_empty() && atom.chars().all(belongs)
}

fn is_label(label: &str) -> bool {
    (1..=LABEL).contains(&label.len())
        && label
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        && !label.starts_with('-')
        && !label.ends_with('-')
}

fn is_top(top: &str) -> bool {
    top.starts_with("xn--")
        || (top.len() >= 2 && top.bytes().all(|byte| byte.is_ascii_alphabetic()))
}

#[cfg(test)]
mod tests {
    use super::super::forms;
    use super::*;
    use proptest::prelude::*;

    fn exact(text: &str) -> Result<String, &'static str> {
        forms(&KIND, text, &[]).map(|forms| forms[0].0.clone())
    }

    #[test]
    fn spellings_of_an_address_meet() {
        for text in [
            "anna@example.fi",
            "Anna@Example.FI",
            "mailto:anna@example.fi",
            "MAILTO:anna@example.fi?subject=a@b",
            "<anna@example.fi>,",
            "Anna Virtanen <anna@example.fi>",
            "\"Anna\" <mailto:anna@example.fi>;",
            " 'anna@example.fi'. ",
            "(anna@example.fi)",
            "“anna@example.fi”",
            "\"anna\"@example.fi",
            "anna@example.fi.",
        ] {
            assert_eq!(exact(text).as_deref(), Ok("anna@example.fi"), "{text}");
        }
    }

    #[test]
    fn domains_meet_their_a_labels() {
        // RFC 3492, section 7.1, spells labels so; `bücher` is the common example.
        for text in [
            "a@Bücher.example",
            "a@BU\u{308}CHER.example",
            "a@xn--bcher-kva.example",
        ] {
            assert_eq!(exact(text).as_deref(), Ok("a@xn--bcher-kva.example"));
        }
        // ICANN's test domain of 2007, U+6D4B U+8BD5.
        assert_eq!(
            exact("a@例子.测试").as_deref(),
            Ok("a@xn--fsqu00a.xn--0zwm56d")
        );
    }

    #[test]
    fn local_parts_beyond_ascii_are_folded_and_composed() {
        assert_eq!(
            exact("HA\u{308}RKA\u{308}@example.fi").as_deref(),
            Ok("härkä@example.fi")
        );
        assert_eq!(exact("STRASSE@example.de"), exact("straße@example.de"));
    }

    #[test]
    fn a_sub_address_also_gives_the_address_it_belongs_to() {
        let form = |form: &str, variant| (form.to_owned(), variant);
        assert_eq!(
            forms(&KIND, "Anna+Shop+x@example.fi", &[]).unwrap(),
            [
                form("anna+shop+x@example.fi", Variant::Exact),
                form("anna@example.fi", Variant::Subaddress)
            ]
        );
        for text in ["+shop@example.fi", "anna.+x@example.fi"] {
            assert_eq!(forms(&KIND, text, &[]).unwrap().len(), 1);
        }
    }

    #[test]
    fn dots_do_not_matter_to_gmail() {
        let form = |form: &str, variant| (form.to_owned(), variant);
        let alias = |text: &str| forms(&KIND, text, &[]).unwrap();
        for text in [
            "a.n.n.a@gmail.com",
            "anna@googlemail.com",
            "An.Na@GoogleMail.com",
        ] {
            assert_eq!(
                alias(text)[1..],
                [form("anna@gmail.com", Variant::ProviderAlias)]
            );
        }
        assert_eq!(
            alias("an.na+x.y@gmail.com"),
            [
                form("an.na+x.y@gmail.com", Variant::Exact),
                form("an.na@gmail.com", Variant::Subaddress),
                form("anna+x.y@gmail.com", Variant::ProviderAlias),
                form("anna@gmail.com", Variant::Subaddress),
            ]
        );
        for text in [
            "anna@gmail.com",
            "an.na@example.com",
            "an.na@xgmail.com",
            "a.b@gmail.com.fi",
        ] {
            assert_eq!(alias(text).len(), 1, "{text}");
        }
    }

    #[test]
    fn what_is_hidden_from_programs_is_read() {
        for text in [
            "anna(at)example.fi",
            "anna (at) example (dot) fi",
            "anna[at]example[dot]fi",
            "Anna {AT} Example {DOT} FI",
            "anna( at )example( dot )fi",
            "anna(a)example.fi",
            "anna(ät)example.fi",
            "anna (@) example.fi",
            "anna@example[.]fi",
            "anna@example(piste)fi",
            "anna at example dot fi",
            "ANNA AT EXAMPLE DOT FI",
            "mailto:anna(at)example.fi",
        ] {
            assert_eq!(exact(text).as_deref(), Ok("anna@example.fi"), "{text}");
        }
        for text in [
            "anna_at_example.fi",
            "anna at example.fi",
            "anna(b)example.fi",
            "anna(at example.fi",
            "anna (at) work",
            "(at)example.fi",
        ] {
            assert!(exact(text).is_err(), "{text}");
        }
        // A valid address hides nothing.
        assert_eq!(
            exact("a{dot}b@example.fi").as_deref(),
            Ok("a{dot}b@example.fi")
        );
    }

    #[test]
    fn addresses_that_break_the_syntax_have_no_form() {
        let (long, label) = ("a".repeat(65), "b".repeat(64));
        let domain = format!("{}.fi", [&label[1..]; 3].join("."));
        for text in [
            "",
            "anna",
            "@example.fi",
            "anna@",
            "anna@example",
            "anna@example.f",
            "anna@example.123",
            "anna@example..fi",
            "anna@-example.fi",
            "anna@example-.fi",
            "anna@exa_mple.fi",
            "anna@[192.0.2.1]",
            "anna@192.0.2.1",
            "\"anna v\"@example.fi",
            "an na@example.fi",
            "an..na@example.fi",
            "anna.@example.fi",
            "anna@example.fi@example.com",
            "anna@xn--a.fi",
            &format!("{long}@example.fi"),
            &format!("anna@{label}.fi"),
            &format!("{}@{domain}", &long[2..]),
        ] {
            assert!(exact(text).is_err(), "{text}");
        }
        assert!(exact(&format!("{}@example.fi", &long[1..])).is_ok());
    }

    #[test]
    fn the_short_way_agrees_with_the_long_one() {
        let mut short = 0;
        for local in [
            "a", "A.b", "a+b", "-a-", "a.", ".a", "a..b", "", "a@b", "é", "a'b",
        ] {
            for domain in [
                "b.fi",
                "B-c.Fi",
                "b--c.fi",
                "-b.fi",
                "b-.fi",
                "b.f",
                "b.f1",
                "b.f-i",
                "b",
                "b..fi",
                "b.fi.",
                "1.2.fi",
                "b_c.fi",
                "xn--bcher-kva.fi",
            ] {
                let text = format!("{local}@{domain}");
                if let Some(plain) = Plain::read(&text) {
                    // Angle brackets send it the long way.
                    assert_eq!(
                        forms(&KIND, &format!("<{text}>"), &[]),
                        forms(&KIND, &text, &[])
                    );
                    assert_eq!(plain.at, local.len());
                    short += 1;
                }
            }
        }
        // Four local parts (a, A.b, a+b, -a-) and three domains (b.fi, B-c.Fi, 1.2.fi).
        assert_eq!(short, 12);
    }

    proptest! {
        #[test]
        fn every_plain_address_is_read_as_the_long_way_reads_it(
            text in "[aZ0._+@-]{1,6}@[aZ0.@_-]{0,6}[.a][aZ0.-]{0,3}",
            stretch in 0_usize..70,
        ) {
            let text = format!("{}{text}", "b".repeat(stretch * (stretch % 3) / 2));
            if Plain::read(&text).is_some() {
                let long = forms(&KIND, &format!("<{text}>"), &[]);
                prop_assert_eq!(long, forms(&KIND, &text, &[]));
            }
        }
    }

    #[test]
    fn every_character_of_a_dot_string_is_kept() {
        let text = "a!#$%&'*+-/=?^_`{|}~.b@example.com";
        assert_eq!(exact(text).as_deref(), Ok(text));
    }
}
