//! Kinds that behave as simply as a test can show: what this stage does must not
//! depend on how a kind reads its identifiers.

use crate::base::{Date, Family, Kind, Shape, Strength, Unusable, Variant};

/// The registered `email` and stand-ins for the kinds that this stage treats apart.
pub(super) fn kinds() -> Vec<&'static Kind> {
    let email = crate::fingerprint::kinds::named("email").unwrap();
    vec![email, &PHONE, &HETU, &PERSON]
}

/// Reads `04…` as Finnish and as Swedish, `07…` as Swedish, `+…` as it stands.
pub(super) static PHONE: Kind = Kind {
    name: "phone",
    family: Family::Contact,
    canonical: |text, regions, emit| {
        if text.starts_with('+') {
            emit(text, Variant::Exact);
            return Ok(());
        }
        let mut is_read = false;
        for region in regions.codes() {
            let code = match (region, text.get(..2)) {
                ("FI", Some("04")) => "+358",
                ("SE", Some("04" | "07")) => "+46",
                _ => continue,
            };
            emit(&format!("{code}{}", &text[1..]), Variant::Exact);
            is_read = true;
        }
        is_read.then_some(()).ok_or(Unusable("no number"))
    },
    ..PERSON
};

/// Anything of eleven characters.
pub(super) static HETU: Kind = Kind {
    name: "fi-hetu",
    family: Family::National,
    canonical: |text, _, emit| {
        if text.len() != 11 {
            return Err(Unusable("not eleven characters"));
        }
        emit(text, Variant::Exact);
        Ok(())
    },
    // The date as it stands in a code of the 20th century: `131052-`.
    born: Some(|code| {
        let number = |at: std::ops::Range<usize>| code.get(at)?.parse::<u8>().ok();
        Date::new(
            1900 + u16::from(number(4..6)?),
            number(2..4)?,
            number(0..2)?,
        )
    }),
    ..PERSON
};

/// Never read from one text in these tests.
pub(super) static PERSON: Kind = Kind {
    name: "person",
    profile: 1,
    family: Family::Composite,
    strength: Strength::Compound,
    canonical_form: "",
    check: "",
    source: "",
    example: "",
    headings: &["name"],
    shape: Shape::Person,
    space: None,
    rate: None,
    born: None,
    canonical: |_, _, _| Err(Unusable("no person")),
};
