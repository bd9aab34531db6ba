use super::*;

/// People in one record of `text`.
fn people_in(text: &str, layout: Layout) -> Vec<String> {
    let records = match layout {
        Layout::Lines => lines(text),
        Layout::Rows => vec![Record {
            start: 0,
            end: u32::try_from(text.len()).unwrap(),
            number: 1,
        }],
    };
    let mut found = Vec::new();
    extractor(&[&PERSON]).candidates(&piece(text, layout, &records), &mut |candidate| {
        found.push(candidate.canonical.to_owned());
    });
    found
}

#[test]
fn every_pair_of_words_in_a_row_goes_with_every_date_in_it() {
    assert_eq!(
        people_in(
            "1\nvirtanen\nANNA\n1952-10-13\nanna@example.fi",
            Layout::Rows
        ),
        ["anna virtanen 1952-10-13"]
    );
    let mut found = people_in("Aa Bb-Cc\n1/2/1952\n131052-308T", Layout::Rows);
    found.sort();
    let names = ["aa bb", "aa bbcc", "aa cc", "bb bbcc", "bb cc", "bbcc cc"];
    let dates = ["1952-01-02", "1952-02-01", "1952-10-13"];
    let mut expected: Vec<String> = names
        .iter()
        .flat_map(|name| dates.map(|date| format!("{name} {date}")))
        .collect();
    expected.sort();
    assert_eq!(found, expected);
}

#[test]
fn addresses_and_initials_lend_no_names() {
    for text in [
        "Anna\nV.\n1952-10-13",
        "Anna\nhttps://example.fi/Virtanen/Maija\n1952-10-13",
        "Anna\nMaija.Virtanen@example.fi\n1952-10-13",
        "Anna\nvirtanen1\n1952-10-13",
        "Anna\nVirtanen\n1952-13-10",
    ] {
        assert_eq!(people_in(text, Layout::Rows), [""; 0], "{text}");
    }
}

#[test]
fn a_line_with_names_and_a_date_stands_for_itself() {
    let text = "Anna Virtanen 1952-10-13\nMatti Niemi 1960-01-31\n";
    assert_eq!(
        people_in(text, Layout::Lines),
        ["anna virtanen 1952-10-13", "matti niemi 1960-01-31"]
    );
    let text = "anna virtanen 1952-10-13\nmatti niemi 1960-01-31\n";
    assert_eq!(
        people_in(text, Layout::Lines),
        ["anna virtanen 1952-10-13", "matti niemi 1960-01-31"]
    );
}

#[test]
fn a_date_without_names_belongs_to_its_paragraph() {
    for text in [
        "Virtanen\nAnna\nborn 1952-10-13",
        "Name: Virtanen, Anna\nDate of Birth: 13.10.1952",
        "Nimi: ANNA VIRTANEN\nHetu: 131052-308T\n\nMatti Niemi\nHetu: 010160-900Y",
        "Date of Birth: 13.10.1952\nName: Anna Virtanen",
    ] {
        let found = people_in(text, Layout::Lines);
        assert!(
            found.contains(&"anna virtanen 1952-10-13".to_owned()),
            "{text}: {found:?}"
        );
    }
    // 010160900 = 31 * 327770 + 30, which is Y.
    let list = "Anna Virtanen\n131052-308T\n\nMatti Niemi\n010160-900Y";
    assert_eq!(
        people_in(list, Layout::Lines),
        ["anna virtanen 1952-10-13", "matti niemi 1960-01-01"]
    );
}

#[test]
fn a_code_without_names_in_its_paragraph_belongs_to_the_page() {
    let text = "Anna Virtanen\n\n131052-308T\n\nKertoi unistaan.";
    let found = people_in(text, Layout::Lines);
    assert!(
        found.contains(&"anna virtanen 1952-10-13".to_owned()),
        "{found:?}"
    );
    let long = format!("{text}\n\n{}", "kertoi unistaan. ".repeat(1000));
    assert_eq!(people_in(&long, Layout::Lines), [""; 0]);
}

#[test]
fn pairs_are_bounded_and_capitalised_words_come_first() {
    let row = format!("{}Anna Virtanen 1952-10-13", "aa bb cc dd ee ff ".repeat(3));
    let records = [Record {
        start: 0,
        end: u32::try_from(row.len()).unwrap(),
        number: 1,
    }];
    let mut extractor = extractor(&[&PERSON]).with_names_limit(3);
    let mut found = Vec::new();
    extractor.candidates(&piece(&row, Layout::Rows, &records), &mut |candidate| {
        found.push(candidate.canonical.to_owned());
    });
    assert!(found.len() <= 3, "{found:?}");
    assert!(extractor.names_limit_met());
    assert!(!extractor.names_limit_met());
}

#[test]
fn labels_are_no_names() {
    for text in [
        "ADMIN_NAME=\"Anna Virtanen\"\nADMIN_DOB=1952-10-13\n",
        "Name | Anna Virtanen\nDate Of Birth | 1952-10-13\n",
    ] {
        let found = people_in(text, Layout::Lines);
        assert!(
            found.contains(&"anna virtanen 1952-10-13".to_owned()),
            "{text} {found:?}"
        );
    }
}

#[test]
fn what_rare_delimiters_part_is_no_address() {
    for delimiter in ["~", "^", "*", "#", "&"] {
        let text = ["Anna", "Virtanen", "1952-10-13", "anna@example.fi"].join(delimiter);
        let found = people_in(&text, Layout::Lines);
        assert_eq!(found, ["anna virtanen 1952-10-13"], "{text}");
    }
}

#[test]
fn a_label_that_comes_again_begins_the_next_one() {
    for text in [
        "name: Anna Virtanen\nborn: 1952-10-13\nname: Matti Niemi\nborn: 1960-01-31\n",
        "- name: Anna Virtanen\n  born: 1952-10-13\n- name: Matti Niemi\n  born: 1960-01-31\n",
        "BEGIN:VCARD\nFN:Anna Virtanen\nBDAY:1952-10-13\nEND:VCARD\n\
         BEGIN:VCARD\nFN:Matti Niemi\nBDAY:1960-01-31\nEND:VCARD\n",
    ] {
        let found = people_in(text, Layout::Lines);
        let has = |form: &str| found.iter().any(|one| one == form);
        assert!(has("anna virtanen 1952-10-13"), "{text} {found:?}");
        assert!(has("matti niemi 1960-01-31"), "{text} {found:?}");
        assert!(!has("anna virtanen 1960-01-31"), "{text}");
        assert!(!has("matti niemi 1952-10-13"), "{text}");
    }
    // The first name is a former one, and no date stood between.
    let text = "name: Anna Virtanen\nname: Anna Niemi\nborn: 1952-10-13\n";
    let found = people_in(text, Layout::Lines);
    assert!(
        found.contains(&"anna virtanen 1952-10-13".to_owned()),
        "{found:?}"
    );
}
