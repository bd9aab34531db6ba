use super::*;
use crate::base::Regions;

fn read(kind: &Kind, text: &str) -> Result<String, &'static str> {
    let mut first = None;
    kind.read(text, &Regions::default(), &mut |form, _| {
        first.get_or_insert_with(|| form.to_owned());
    })
    .map_err(|unusable| unusable.0)?;
    Ok(first.unwrap())
}

fn kind(name: &str, pattern: &str, check: Option<Check>, fold: Option<Fold>) -> &'static Kind {
    let definition = Definition {
        check,
        fold,
        ..Definition::new(name, pattern)
    };
    define(&definition).unwrap()
}

fn refused(pattern: &str) -> &'static str {
    define(&Definition::new("refused", pattern)).unwrap_err().0
}

#[test]
fn a_match_without_blanks_is_the_canonical_form() {
    let patient = kind("patient-number", r"V-\d{6}", None, None);
    assert_eq!(read(patient, " V-123456 ").as_deref(), Ok("V-123456"));
    assert_eq!(read(patient, "V–１２３４５６").as_deref(), Ok("V-123456"));
    for text in [
        "v-123456",
        "V-12345",
        "V-1234567",
        "V123456",
        "xV-123456",
        "",
    ] {
        assert_eq!(
            read(patient, text),
            Err("not of the kind's pattern"),
            "{text}"
        );
    }
    let spaced = kind("spaced", r"V \d{3}\s?\d{3}", None, None);
    assert_eq!(read(spaced, "V 123 456").as_deref(), Ok("V123456"));
    // A canonical form is one of its own.
    assert_eq!(read(spaced, "V123456").as_deref(), Ok("V123456"));
}

#[test]
fn folding_makes_spellings_meet() {
    let upper = kind("upper", r"[A-Z]{2}-\d{4}", None, Some(Fold::Upper));
    let lower = kind("lower", r"[A-Z]{2}-\d{4}", None, Some(Fold::Lower));
    let digits = kind("digits", r"V-?\d{6}", None, Some(Fold::Digits));
    assert_eq!(read(upper, "ab-1234").as_deref(), Ok("AB-1234"));
    assert_eq!(read(upper, "AB-1234").as_deref(), Ok("AB-1234"));
    assert_eq!(read(lower, "Ab-1234").as_deref(), Ok("ab-1234"));
    for text in ["V-123456", "v123456", "123456"] {
        assert_eq!(read(digits, text).as_deref(), Ok("123456"), "{text}");
    }
    let letters = kind("letters", r"[A-ZÅÄÖ]{2}\d{3}", None, Some(Fold::Upper));
    assert_eq!(read(letters, "åä123").as_deref(), Ok("ÅÄ123"));
}

#[test]
fn check_digits_are_those_of_their_standards() {
    // ISO/IEC 7812-1, annex B: 7992739871 has 3. Verhoeff: 12345 has 1.
    // ISBN-10 0-306-40615-2 (ISO 2108:1992) and 0-8044-2957-X.
    // ISO 7064, MOD 97-10: 794 has 44.
    for (name, pattern, check, valid) in [
        ("of-luhn", r"K\d{11}", Check::Luhn, "K79927398713"),
        ("of-verhoeff", r"\d{5}-\d", Check::Verhoeff, "12345-1"),
        (
            "of-mod11",
            r"[\d-]{9,12}[\dX]",
            Check::Mod11,
            "0-306-40615-2",
        ),
        (
            "of-mod11-x",
            r"[\d-]{9,12}[\dX]",
            Check::Mod11,
            "0-8044-2957-X",
        ),
        ("of-mod97", r"\d{3}/\d\d", Check::Mod97, "794/44"),
    ] {
        let kind = kind(name, pattern, Some(check), None);
        assert_eq!(read(kind, valid).as_deref(), Ok(valid));
        let (head, last) = valid.split_at(valid.len() - 1);
        let others = (0..10).map(|digit| format!("{head}{digit}"));
        for other in others.filter(|other| !other.ends_with(last)) {
            assert_eq!(
                read(kind, &other),
                Err("the check digit does not fit"),
                "{other}"
            );
        }
    }
    // Letters count in mod 97-10: the account and then `FI` and the check digits of
    // FI21 1234 5600 0007 85 (IBAN registry).
    let letters = kind(
        "of-letters",
        r"\d{14}[A-Z]{2}\d\d",
        Some(Check::Mod97),
        None,
    );
    assert!(read(letters, "12345600000785FI21").is_ok());
    assert!(read(letters, "12345600000785SE21").is_err());
}

#[test]
fn what_cannot_be_searched_for_is_refused() {
    for (pattern, why) in [
        ("(", "no regular expression"),
        (r"(a)\1", "no regular expression"),
        ("(?=a)b", "no regular expression"),
        ("a*", "the empty text"),
        ("[a&&b]", "nothing at all"),
        (r"^V\d", "leave them out"),
        (r"\bV\d", "leave them out"),
        (r"V\n", "a line feed"),
        ("V[^0-9]", "a line feed"),
        (r"(?s)V.\d", "a line feed"),
        (r"\d{129}", "more than 128 bytes"),
        (r"(\d+x)+", "more than 128 bytes"),
        (r"(\d{1000}){1000}", ""),
        (r"\pL{30}\d", "too large"),
        ("ä+", "no text of its pattern is of ASCII"),
        ("1{8}", ""),
    ] {
        if pattern == "1{8}" {
            let definition = Definition {
                check: Some(Check::Luhn),
                ..Definition::new("refused", pattern)
            };
            let why = define(&definition).unwrap_err().0;
            assert!(why.contains("check digit that fits"), "{why}");
            continue;
        }
        let said = refused(pattern);
        assert!(said.contains(why), "{pattern}: {said}");
    }
    for name in ["email", "fi-hetu", "name", "date-of-birth", "A", "a_b", ""] {
        assert!(define(&Definition::new(name, r"V\d{6}")).is_err(), "{name}");
    }
    let digits = Definition {
        fold: Some(Fold::Digits),
        ..Definition::new("refused", r"V\d?x")
    };
    assert!(define(&digits).is_err());
}

#[test]
fn a_definition_is_made_once() {
    let one = Definition::new("made-once", r"V\d{6}");
    let kind = define(&one).unwrap();
    assert!(std::ptr::eq(define(&one).unwrap(), kind));
    let line = kind.definition().unwrap().to_string();
    assert_eq!(line, r"made-once pattern=V\d{6} strength=strong");
    let lines = of_lines([line.as_str()]).unwrap();
    assert!(std::ptr::eq(lines[0], kind));
    assert!(of_lines([line.as_str(), line.as_str()]).is_err());
    let many: Vec<String> = (0..33)
        .map(|n| format!("of-many-{n} pattern=V{n}x"))
        .collect();
    assert!(of_lines(many.iter().map(String::as_str)).is_err());
    assert!(of_lines(many.iter().take(32).map(String::as_str)).is_ok());
}

#[test]
fn a_kind_knows_how_many_identifiers_it_has_and_what_a_match_is_worth() {
    for (name, pattern, check, space, strength) in [
        ("space-a", r"V-\d{6}", None, Some(1e6), Strength::Strong),
        ("space-b", r"\d{8}", None, Some(1e8), Strength::Weak),
        (
            "space-c",
            r"\d{8}",
            Some(Check::Luhn),
            Some(1e7),
            Strength::Strong,
        ),
        (
            "space-d",
            r"[A-F]\d{1,2}",
            None,
            Some(6.0 * 110.0),
            Strength::Weak,
        ),
        ("space-e", r"V\d{6}|W\d{7}", None, None, Strength::Strong),
    ] {
        let kind = kind(name, pattern, check, None);
        let near = kind
            .space
            .zip(space)
            .is_none_or(|(one, other)| (one / other - 1.0).abs() < 1e-9);
        assert!(
            near && kind.space.is_some() == space.is_some(),
            "{pattern}: {:?}",
            kind.space
        );
        assert_eq!(kind.strength, strength, "{pattern}");
    }
    let cases = kind("space-f", r"[A-Z]\d", None, Some(Fold::Upper));
    assert_eq!(cases.space, Some(260.0));
}

#[test]
fn the_sample_is_read_as_the_example() {
    for (name, pattern, check, fold) in [
        ("sample-a", r"V-\d{6}", None, Some(Fold::Digits)),
        ("sample-b", r"\d{3} \d{3} \d{4}", Some(Check::Mod11), None),
        (
            "sample-c",
            r"[A-Z]{2}\d{10,12}",
            Some(Check::Mod97),
            Some(Fold::Upper),
        ),
        ("sample-d", r"\w{8}", Some(Check::Verhoeff), None),
    ] {
        let kind = kind(name, pattern, check, fold);
        assert_eq!(read(kind, kind.sample()).as_deref(), Ok(kind.example));
        assert_eq!(read(kind, kind.example).as_deref(), Ok(kind.example));
    }
}
