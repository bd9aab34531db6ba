use super::*;

// Nine digits, a tenth of which pass.
static WEAK: Kind = norwegian("no-weak", 1e8);
// Nine digits with a check that hardly any pass.
static RARE: Kind = norwegian("no-rare", 1e4);

const fn norwegian(name: &'static str, space: f64) -> Kind {
    let layouts = &["999999999"];
    Kind {
        family: Family::National,
        space: Some(space),
        example: "123456789",
        ..kind(name, Shape::Code { layouts }, digits)
    }
}

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
fn a_check_that_a_tenth_passes_claims_no_telephone_number() {
    let text = "123456789";
    let records = lines(text);
    let piece = piece(text, Layout::Rows, &records);
    let regions = Regions::parse(["NO"]).unwrap();
    let claimed = |kind| Extractor::new(&[kind], &[kind], &regions).claimed(&piece, &(0..9));
    assert!(!claimed(&WEAK));
    assert!(claimed(&RARE));
}
