//! Whole ways: bytes of a leak, decoded, searched and read, give what is meant.

use blindsift::base::{Budget, Format, OriginKey, Regions, Variant};
use blindsift::decode::{Context, text};
use blindsift::extract::Extractor;
use blindsift::fingerprint::kinds;
use rlibphonenumber::{PHONE_NUMBER_UTIL as LIBRARY, PhoneNumberFormat, PhoneNumberType as Type};

use crate::support::finder::Finder;

/// What is found in `leak` with these regions.
fn found(leak: &str, format: Format, regions: &[&str]) -> Vec<(&'static str, Variant, String)> {
    let regions = Regions::parse(regions.iter().copied()).unwrap();
    let wanted: Vec<_> = ["email", "phone", "fi-hetu"]
        .into_iter()
        .filter_map(kinds::named)
        .collect();
    let mut finder = Finder {
        extractor: Extractor::new(&wanted, kinds::ALL, &regions),
        found: Vec::new(),
    };
    let origins = OriginKey::new(&[1; 32]);
    let budget = Budget::new(0, 0, 0, None);
    let context = Context {
        budget: &budget,
        origins: &origins,
        spool_memory: 0,
        spool_bytes: 0,
        piece_bytes: text::PIECE,
        ahead: false,
    };
    let origin = origins.place("leak", b"");
    let (_, error) = text::read(
        b"",
        &mut leak.as_bytes(),
        None,
        format,
        origin,
        context,
        &mut finder,
    );
    assert!(error.is_none());
    finder.found
}

/// A leak in each format, of a value in a cell of its own.
fn leaks(value: &str) -> [(Format, String); 6] {
    [
        (Format::Text, format!("name: Anna\n{value}\n")),
        (Format::Csv, format!("name,value\nAnna,{value}\nBo,x\n")),
        (
            Format::Json,
            format!("[{{\"n\":\"Anna\",\"v\":\"{value}\"}},{{\"n\":\"Bo\"}}]"),
        ),
        (
            Format::Sql,
            format!("INSERT INTO t VALUES ('Anna','{value}'),('Bo','x');\n"),
        ),
        (
            Format::Html,
            format!("<table><tr><td>Anna<td>{value}</tr><tr><td>Bo</table>"),
        ),
        (
            Format::Xml,
            format!("<l><p><n>Anna</n><v>{value}</v></p><p><n>Bo</n></p></l>"),
        ),
    ]
}

#[test]
fn every_spelling_of_an_identifier_is_found_in_every_format() {
    let hetu = ("fi-hetu", Variant::Exact, "131052-308T");
    let phone = ("phone", Variant::Exact, "+358401234567");
    let email = ("email", Variant::Exact, "anna@example.fi");
    let hidden = ("email", Variant::Obfuscated, "anna@example.fi");
    for ((kind, variant, form), spellings) in [
        (
            hetu,
            &[
                "１３１０５２－３０８Ｔ",
                "١٣١٠٥٢-٣٠٨T",
                "131052\u{2011}308T",
                "131052&#8209;308T",
                "13\u{ad}1052-\u{200b}308T",
                "131&shy;052&minus;308T",
                "131052\\u2011\\u00ad308T",
            ][..],
        ),
        (
            phone,
            &[
                "040\u{a0}123\u{a0}4567",
                "040&nbsp;123&nbsp;4567",
                "０４０　１２３　４５６７",
                "+358\u{2009}40\u{2013}1234567",
                "＋３５８４０１２３４５６７",
                "401234567",
                "358401234567",
                "040 123 4567 ext. 12",
                "0401234567x12",
                "+358 (0)40 123 4567",
                "040/123 4567",
                "00358 40 123 4567",
            ],
        ),
        (
            email,
            &[
                "anna@example.fi",
                "ａｎｎａ＠ｅｘａｍｐｌｅ．ｆｉ",
                "anna&#64;example.fi",
                "anna%40example.fi",
                "mailto:Anna@example.fi",
                "an&shy;na\\u200b@example.fi.",
            ],
        ),
        (
            hidden,
            &[
                "anna (at) example (dot) fi",
                "anna[at]example[dot]fi",
                "anna {AT} example {DOT} fi",
                "anna(a)example.fi",
                "anna(ät)example.fi",
                "anna&#40;at&#41;example.fi",
                "anna [@] example.fi",
                "anna@example[dot]fi",
            ],
        ),
    ] {
        for spelling in spellings {
            for (format, leak) in leaks(spelling) {
                // A row of an HTML table is one line: nothing stands alone there.
                if format == Format::Html && *spelling == "401234567" {
                    continue;
                }
                let found = found(&leak, format, &["FI"]);
                let expected = (kind, variant, form.to_owned());
                assert!(
                    found.contains(&expected),
                    "{format:?} {spelling}: {found:?}"
                );
            }
        }
    }
}

#[test]
fn numbers_of_every_region_are_found_as_that_region_writes_them() {
    let (mut regions, mut numbers, mut missed) = (0, 0, Vec::new());
    for region in LIBRARY.get_supported_regions() {
        let code = region.as_region_str();
        let code: &str = &code;
        let mut examples = Vec::new();
        for of in [Type::Mobile, Type::FixedLine] {
            let example = LIBRARY.get_example_number_for_type_and_region(region, of);
            // Four digits (Niue, Tokelau, Tristan da Cunha) are too few to look for.
            examples.extend(example.ok().filter(|it| it.national_number > 9999));
        }
        regions += usize::from(!examples.is_empty());
        for number in examples {
            let [e164, national, international] = [
                PhoneNumberFormat::E164,
                PhoneNumberFormat::National,
                PhoneNumberFormat::International,
            ]
            .map(|format| number.format_as(format).into_owned());
            let expected = ("phone", Variant::Exact, e164.clone());
            for spelling in [
                e164.clone(),
                e164.replace('+', "00"),
                e164.replace('+', ""),
                national.clone(),
                national.replace(|c: char| !c.is_ascii_digit(), ""),
                national.replace(' ', "-"),
                international,
            ] {
                let leak = format!("a;b\n{spelling};x\n");
                let found = found(&leak, Format::Csv, &[code]);
                if !found.contains(&expected) {
                    missed.push(format!("{code} {e164}: {spelling}: {found:?}\n"));
                }
                numbers += 1;
            }
        }
    }
    assert_eq!(missed, [""; 0], "{}", missed.concat());
    assert!(regions > 200 && numbers > 2_500, "{regions} {numbers}");
}

#[test]
fn a_number_is_found_behind_what_its_region_dials_before_it() {
    for (region, dialled) in [
        ("US", "011 358 40 123 4567"),
        ("RU", "810 358 40 123 4567"),
        ("JP", "010-358-40-1234567"),
        ("AU", "0011 358 40 1234567"),
        ("KE", "000 358 40 1234567"),
        ("SG", "001 358 40 1234567"),
        ("FI", "00 358 40 1234567"),
    ] {
        let found = found(dialled, Format::Text, &[region]);
        let expected = ("phone", Variant::Exact, "+358401234567".to_owned());
        assert!(found.contains(&expected), "{region} {dialled}: {found:?}");
    }
}

#[test]
fn an_address_of_gmail_is_found_by_any_of_its_names() {
    let listed = |text: &str| {
        let mut forms = Vec::new();
        let email = kinds::named("email").unwrap();
        email
            .read(text, &Regions::default(), &mut |form, variant| {
                if matches!(variant, Variant::Exact | Variant::ProviderAlias) {
                    forms.push(form.to_owned());
                }
            })
            .unwrap();
        forms
    };
    let names = [
        "anna@gmail.com",
        "a.n.n.a@gmail.com",
        "An.Na@googlemail.com",
    ];
    for name in names {
        for other in names
            .into_iter()
            .chain(["anna+x@gmail.com", "an.na(at)gmail.com"])
        {
            let found = found(other, Format::Text, &[]);
            let is_listed = found.iter().any(|(_, _, form)| listed(name).contains(form));
            assert!(is_listed, "{name} {other}: {found:?}");
        }
    }
}
