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
fn sentences_in_a_cell_lend_only_words_with_a_capital() {
    let names = |text| {
        let mut names: Vec<String> = people_in(text, Layout::Rows)
            .iter()
            .map(|form| form.replace(" 1952-10-13", ""))
            .collect();
        names.sort();
        names
    };
    let note = "Soitti ja kertoi että poika voi hyvin";
    let row = format!("Virtanen\nAnna\n1952-10-13\n{note}");
    assert_eq!(
        names(&row),
        ["anna soitti", "anna virtanen", "soitti virtanen"]
    );
    // Where nothing has a capital, any word can be a name.
    let lower = row.to_lowercase();
    assert!(names(&lower).len() > 20);
    // Four words are a name, whatever their case.
    assert_eq!(
        names("anna maria af ursin\n1952-10-13\nOulu\nSuomi").len(),
        6 * 5 / 2
    );
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
    let row = format!(
        "{}Anna Virtanen 1952-10-13",
        "aa bb cc\ndd ee ff\n".repeat(3)
    );
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

#[test]
fn written_forms_of_a_person_are_found_in_a_line() {
    // Anna Maria Virtanen, born on 13 October 1952: 131052308 / 31 leaves 25, a T.
    for text in [
        "Anna Virtanen s. 13.10.1952",
        "VIRTANEN, Anna Maria (131052-308T)",
        "Anna Virtanen, born 13 October 1952",
        "Anna Virtanen f. 1952-10-13",
        "Anna Virtanen f.1952-10-13",
        "Anna Virtanen geb. 13.10.1952",
        "Anna Virtanen * 13.10.1952",
        "Anna Virtanen *13.10.1952",
        "Anna Virtanen (13.10.1952)",
        "Anna Virtanen [1952-10-13]",
        "Anna Virtanen, 13.10.1952",
        "Anna Virtanen,13.10.1952,Helsinki",
        "Anna Virtanen; 13.10.1952; Helsinki",
        "Anna Virtanen | 13.10.1952 | Helsinki",
        "Anna Virtanen\t13.10.1952\tHelsinki",
        "13.10.1952 Anna Virtanen",
        "1952-10-13: Virtanen Anna",
        "Anna Virtanen 13/10/1952",
        "Anna Virtanen 10/13/1952",
        "Anna Virtanen 13-10-1952",
        "Anna Virtanen 1952/10/13",
        "Anna Virtanen 1952.10.13",
        "Anna Virtanen 13. 10. 1952",
        "Anna Virtanen 19521013",
        "Anna Virtanen 1952-10-13T00:00:00Z",
        "Anna Virtanen 1952-10-13 00:00:00",
        "Anna Virtanen 13.10.52",
        "Anna Virtanen 13/10/52",
        "Anna Virtanen, syntynyt 13. lokakuuta 1952",
        "Anna Virtanen, syntynyt 13. lokakuuta 1952 Helsingissä",
        "Anna Virtanen, född den 13 oktober 1952",
        "Anna Virtanen, født 13. oktober 1952",
        "Anna Virtanen, geboren am 13. Oktober 1952",
        "Anna Virtanen, sündinud 13. oktoober 1952",
        "Anna Virtanen, geboren op 13 oktober 1952",
        "Anna Virtanen, née le 13 octobre 1952",
        "Anna Virtanen, nacida el 13 de octubre de 1952",
        "Anna Virtanen, October 13, 1952",
        "Anna Virtanen, Oct 13 1952",
        "Anna Virtanen 13-Oct-1952",
        "Anna Virtanen 13 OCT 1952",
        "Anna Virtanen the 13th of October 1952",
        "October 13th, 1952: Anna Virtanen",
        "Virtanen Anna 131052-308T",
        "VIRTANEN ANNA 131052-308T",
        "virtanen anna 13.10.1952",
        "anna virtanen, born 13 october 1952",
        "Potilas Anna Maria Virtanen (s. 13.10.1952) saapui vastaanotolle.",
        "Anna-Maria Virtanen s. 13.10.1952",
        "Anna Virtanen-Korhonen s. 13.10.1952",
        "A. Anna Virtanen 13.10.1952",
        "Rouva Virtanen, Anna, 13.10.1952",
        "name=Anna Virtanen&dob=1952-10-13",
        "name=\"Anna Virtanen\" dob=\"1952-10-13\"",
        "Nimi: Anna Virtanen, syntymäaika: 13.10.1952",
        "<b>Anna Virtanen</b> 13.10.1952",
        "- Anna Virtanen – 13.10.1952",
        "Änna Virtanen 13.10.1952",
        "Anna Virtanen 13.10.1952.",
        "Anna_Virtanen 13.10.1952 anna.virtanen@example.fi Anna Virtanen",
        "Nimi\tAnna Virtanen\tSynt.\t13.10.1952",
    ] {
        let found = people_in(text, Layout::Lines);
        let is_found = found.iter().any(|form| form == "anna virtanen 1952-10-13");
        assert!(is_found, "{text}: {found:?}");
    }
}

#[test]
fn names_of_all_sorts_are_found() {
    for (text, form) in [
        ("Ursula von der Leyen 8.10.1958", "leyen ursula 1958-10-08"),
        ("Juana de la Cruz 1.2.1960", "cruz juana 1960-02-01"),
        ("Ursin, Carl af, 1.2.1960", "carl ursin 1960-02-01"),
        ("Guðrún Jónsdóttir 1.2.1960", "gudrun jonsdottir 1960-02-01"),
        ("Guðrún Jónsdóttir 1.2.1960", "guðrun jonsdottir 1960-02-01"),
        (
            "Anna Sergejevna Ivanova 1.2.1960",
            "anna ivanova 1960-02-01",
        ),
        ("Seán O'Brien 1.2.1960", "obrien sean 1960-02-01"),
        ("Seán O Brien 1.2.1960", "brien sean 1960-02-01"),
        ("Ayşe Yıldız 1.2.1960", "ayse yildiz 1960-02-01"),
        ("Jörg Müller 1.2.1960", "jorg muller 1960-02-01"),
        ("JOERG MUELLER 1.2.1960", "joerg mueller 1960-02-01"),
        ("Андрей Иванов 1.2.1960", "андреи иванов 1960-02-01"),
        (
            "Maija Virtanen-Korhonen 1.2.1960",
            "korhonen maija 1960-02-01",
        ),
    ] {
        let found = people_in(text, Layout::Lines);
        assert!(found.iter().any(|one| one == form), "{text}: {found:?}");
    }
    let found = people_in("A. Virtanen 1.2.1960", Layout::Lines);
    assert_eq!(found, [""; 0]);
}

#[test]
fn people_in_one_line_do_not_swap_dates() {
    for text in [
        "Anna Virtanen s. 13.10.1952, Matti Niemi s. 31.1.1960",
        "Anna Virtanen (13.10.1952), Matti Niemi (31.1.1960)",
        "Anna Virtanen, born 13 October 1952, and Matti Niemi, born 31 January 1960",
        "Virtanen Anna, 13.10.1952; Niemi Matti, 31.1.1960",
        "Anna Virtanen 13.10.1952 ja Matti Niemi 31.1.1960",
        "Anna Virtanen 1952-10-13\nMatti Niemi 1960-01-31",
        "| Anna Virtanen | 13.10.1952 |\n| Matti Niemi | 31.1.1960 |",
    ] {
        let found = people_in(text, Layout::Lines);
        let has = |one: &str, date| {
            found
                .iter()
                .any(|form| form.contains(one) && form.ends_with(date))
        };
        assert!(has("anna virtanen", "1952-10-13"), "{text}: {found:?}");
        assert!(has("matti niemi", "1960-01-31"), "{text}: {found:?}");
        for (name, date) in [
            ("anna", "1960-01-31"),
            ("virtanen", "1960-01-31"),
            ("matti", "1952-10-13"),
            ("niemi", "1952-10-13"),
        ] {
            assert!(!has(name, date), "{text}: {found:?}");
        }
    }
}

#[test]
fn where_it_is_open_whose_a_date_is_every_name_goes_with_it() {
    for text in [
        "Anna Virtanen 1.1.2020 Sairaala Helsinki 13.10.1952",
        "Anna Virtanen, 1.1.2020, Sairaala Helsinki, 13.10.1952",
        "Potilas Anna Virtanen saapui 1.1.2020, Lääkäri Niemi kirjasi 13.10.1952",
        "1.1.2020 Anna Virtanen 13.10.1952 Helsinki Kela",
    ] {
        let found = people_in(text, Layout::Lines);
        let is_found = found.iter().any(|form| form == "anna virtanen 1952-10-13");
        assert!(is_found, "{text}: {found:?}");
    }
}

#[test]
fn two_digits_are_a_year_where_there_is_no_other_date() {
    let row = "Anna\nVirtanen\n13.10.52";
    assert_eq!(people_in(row, Layout::Rows), ["anna virtanen 1952-10-13"]);
    let dated = "Anna\nVirtanen\n13.10.52\n2020-01-01";
    assert_eq!(people_in(dated, Layout::Rows), ["anna virtanen 2020-01-01"]);
    for text in ["Anna Virtanen 1.2.34.5", "Anna Virtanen 10.20.30"] {
        assert_eq!(people_in(text, Layout::Lines), [""; 0], "{text}");
    }
}

#[test]
fn eight_digits_with_the_day_first_are_a_date_in_a_cell_of_their_own() {
    let row = "Anna\nVirtanen\n13101952";
    assert_eq!(people_in(row, Layout::Rows), ["anna virtanen 1952-10-13"]);
    assert_eq!(people_in("Anna Virtanen 13101952", Layout::Rows), [""; 0]);
    assert_eq!(people_in("Anna Virtanen 13101952", Layout::Lines), [""; 0]);
}
