use super::*;

// Nine digits, a tenth of which pass.
static WEAK: Kind = norwegian("no-weak", 1e8);
// Nine digits with a check that hardly any pass.
static RARE: Kind = norwegian("no-rare", 1e4);

const fn norwegian(name: &'static str, space: f64) -> Kind {
    let layouts = &["999999999", "99999-9999"];
    Kind {
        family: Family::National,
        space: Some(space),
        example: "123456789",
        ..kind(name, Shape::Code { layouts }, digits)
    }
}

#[expect(clippy::unnecessary_wraps, reason = "what a kind's rule looks like")]
fn digits(text: &str, _: &Regions, emit: Emit<'_>) -> Result<(), Unusable> {
    emit(text, Variant::Exact);
    Ok(())
}

fn beside_mail(
    listed: &[&'static Kind],
    known: &[&'static Kind],
    region: &str,
) -> Vec<&'static str> {
    let text = "anna@example.fi 123456789";
    let records = lines(text);
    let piece = piece(text, Layout::Rows, &records);
    let regions = Regions::parse([region]).unwrap();
    let mut extractor = Extractor::new(listed, known, &regions);
    extractor.candidates(&piece, &mut |_| {});
    extractor.exposed_with(&piece, &MAIL, &(0..15))
}

#[test]
fn a_kind_that_chance_makes_is_named_only_where_it_is_likely() {
    assert_eq!(beside_mail(&[&MAIL], &[&MAIL, &WEAK], "FI"), [""; 0]);
    assert_eq!(beside_mail(&[&MAIL], &[&MAIL, &WEAK], "NO"), ["no-weak"]);
    assert_eq!(
        beside_mail(&[&MAIL, &WEAK], &[&MAIL, &WEAK], "FI"),
        ["no-weak"]
    );
    assert_eq!(beside_mail(&[&MAIL], &[&MAIL, &RARE], "FI"), ["no-rare"]);
}

#[test]
fn digits_in_groups_are_claimed_by_a_check_that_few_pass() {
    let regions = Regions::parse(["NO"]).unwrap();
    let claimed = |kind, text: &str| {
        let records = lines(text);
        let piece = piece(text, Layout::Rows, &records);
        let span = 0..text.len();
        Extractor::new(&[kind], &[kind], &regions).claimed(&piece, &span)
    };
    assert!(!claimed(&WEAK, "12345 6789"));
    assert!(claimed(&RARE, "12345 6789"));
    // All digits together are what telephone numbers are, too.
    assert!(!claimed(&RARE, "123456789"));
    assert!(!claimed(&RARE, "+12345 6789"));
}
