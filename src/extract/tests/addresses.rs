use super::*;

fn addresses_in(text: &str, layout: Layout, regions: &[&str]) -> Vec<String> {
    let records = match layout {
        Layout::Lines => lines(text),
        Layout::Rows => vec![Record {
            start: 0,
            end: u32::try_from(text.len()).unwrap(),
            number: 1,
        }],
    };
    let regions = Regions::parse(regions.iter().copied()).unwrap();
    let mut extractor = Extractor::new(&[&ADDRESS], ALL, &regions);
    let mut found = Vec::new();
    extractor.candidates(&piece(text, layout, &records), &mut |candidate| {
        found.push(candidate.canonical.to_owned());
    });
    found
}

#[test]
fn written_forms_of_an_address_are_found() {
    for text in [
        "mannerheimintie 10 00100",
        "Mannerheimintie 10 A 5, 00100 Helsinki",
        "Mannerheimintie 10 A 5 00100 HELSINKI",
        "MANNERHEIMINTIE 10a, FI-00100 HELSINKI",
        "Asuu osoitteessa Mannerheimintie 10 as. 5, 00100 Helsinki.",
        "00100 Helsinki, Mannerheimintie 10",
        "Anna Virtanen\nMannerheimintie 10 A 5\n00100 Helsinki",
        "Osoite: Mannerheimintie 10\nPostinumero: 00100",
        "osoite=Mannerheimint. 10;postinro=00100",
        "Anna Virtanen, Mannerheimintie 10, 00100 Helsinki, 040 123 4567",
        "\"Mannerheimintie 10\",\"00100\",\"Helsinki\"",
    ] {
        let found = addresses_in(text, Layout::Lines, &["FI"]);
        let expected = "mannerheimintie 10 00100".to_owned();
        assert!(found.contains(&expected), "{text}: {found:?}");
    }
    for text in [
        "Anna Virtanen\nMannerheimintie 10 A 5\n00100\nHelsinki",
        "00100\nHelsinki\nMannerheimintie 10",
        "Mannerheimintie\n10\n00100",
        "Mannerheimintie 10 A 5, 00100 Helsinki",
    ] {
        let found = addresses_in(text, Layout::Rows, &["FI"]);
        let expected = "mannerheimintie 10 00100".to_owned();
        assert!(found.contains(&expected), "{text}: {found:?}");
    }
}

#[test]
fn every_country_is_read_as_it_writes() {
    for (text, region, form) in [
        ("Storgatan 5, 111 29 Stockholm", "SE", "storgatan 5 11129"),
        (
            "Karl Johans gate 22, 0026 Oslo",
            "NO",
            "karljohansgata 22 0026",
        ),
        ("Storg. 2, 1606 København", "DK", "storgade 2 1606"),
        ("Viru tn 4, 10140 Tallinn", "EE", "virutanav 4 10140"),
        (
            "Straße des 17. Juni 135, 10623 Berlin",
            "DE",
            "strassedes17juni 135 10623",
        ),
        ("Damrak 1, 1012 LG Amsterdam", "NL", "damrak 1 1012lg"),
        (
            "10 Downing St, London SW1A 2AA",
            "GB",
            "downingstreet 10 sw1a2aa",
        ),
        (
            "10, Downing Street, London SW1A2AA",
            "GB",
            "downingstreet 10 sw1a2aa",
        ),
        (
            "350 Fifth Ave Apt 5, New York, NY 10118-0110",
            "US",
            "fifthavenue 350 10118",
        ),
        (
            "12345 N Main St NW, Dallas, TX 75201",
            "US",
            "northmainstreetnorthwest 12345 75201",
        ),
    ] {
        for regions in [&[region][..], &[]] {
            let found = addresses_in(text, Layout::Lines, regions);
            assert!(found.iter().any(|one| one == form), "{text}: {found:?}");
        }
    }
    let found = addresses_in("10 Downing St, London SW1A 2AA", Layout::Lines, &["FI"]);
    assert_eq!(found, [""; 0]);
}

#[test]
fn what_is_no_address_is_not_tried() {
    for text in [
        "PL 123, 00101 Helsinki",
        "P.O. Box 123, 00101 Helsinki",
        "klo 9.00, 00100 Helsinki",
        "Mannerheimintie 010, 00100",
        "Mannerheimintie 10, 100100",
        "Mannerheimintie 10\n\n00100 Helsinki",
        "puh. 040 123 4567 00100",
        "Mannerheimintie 10, summa 12345.67",
    ] {
        let found = addresses_in(text, Layout::Lines, &["FI"]);
        let found: Vec<_> = found
            .iter()
            .filter(|form| !form.starts_with("kello"))
            .collect();
        assert_eq!(found, [""; 0], "{text}");
    }
}

#[test]
fn tries_of_one_record_are_bounded() {
    let row = "Katu 1\n".repeat(40) + &"00100\n".repeat(40);
    let records = [Record {
        start: 0,
        end: u32::try_from(row.len()).unwrap(),
        number: 1,
    }];
    let regions = Regions::parse(["FI"]).unwrap();
    let mut extractor = Extractor::new(&[&ADDRESS], ALL, &regions).with_names_limit(100);
    let mut count = 0;
    extractor.candidates(&piece(&row, Layout::Rows, &records), &mut |_| count += 1);
    assert_eq!(count, 100);
    assert!(extractor.names_limit_met());
    assert!(!extractor.names_limit_met());
}
