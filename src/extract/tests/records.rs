use super::*;

fn beside(text: &str, layout: Layout, kind: &'static Kind, at: &str) -> Vec<&'static str> {
    let records = lines(text);
    let piece = piece(text, layout, &records);
    let mut extractor = extractor(&[]);
    extractor.candidates(&piece, &mut |_| {});
    let start = text.find(at).unwrap();
    extractor.exposed_with(&piece, kind, &(start..start + at.len()))
}

#[test]
fn what_stands_in_the_row_is_exposed_with_it() {
    let text = "anna@example.fi 131052-308T\n040 123 4567";
    for layout in [Layout::Rows, Layout::Lines] {
        assert_eq!(beside(text, layout, &MAIL, "anna@example.fi"), ["hetu"]);
    }
    assert_eq!(beside(text, Layout::Rows, &PHONE, "040 123 4567"), [""; 0]);
    assert_eq!(
        beside(text, Layout::Lines, &PHONE, "040 123 4567"),
        ["hetu", "mail"]
    );
}

#[test]
fn a_page_about_one_is_one_record_and_a_list_is_not() {
    let page = "anna@example.fi\n\n131052-308T\n040 123 4567\n\nanna@example.fi";
    assert_eq!(
        beside(page, Layout::Lines, &MAIL, "anna@example.fi"),
        ["hetu", "phone"]
    );
    assert_eq!(beside(page, Layout::Lines, &HETU, "131052-308T"), ["phone"]);
    let list = "anna@example.fi\n\n131052-308T\n\nmatti@example.fi";
    assert_eq!(
        beside(list, Layout::Lines, &MAIL, "anna@example.fi"),
        [""; 0]
    );
    assert_eq!(
        beside(list, Layout::Lines, &PERSON, "131052-308T"),
        ["hetu"]
    );
}
