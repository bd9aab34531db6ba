//! Mailbox addresses are compared without regard to case.

use crate::base::{Emit, Family, Kind, Regions, Shape, Strength, Unusable, Variant};

pub(super) static KIND: Kind = Kind {
    name: "email",
    profile: 1,
    family: Family::Contact,
    strength: Strength::Strong,
    canonical_form: "whole address case-folded; domain as IDNA A-label",
    check: "syntax; the domain has a known-shape TLD",
    source: "RFC 5321, RFC 5890",
    example: "anna@example.fi",
    headings: &["mail", "emailaddress", "sähköposti", "epost"],
    shape: Shape::Mailbox,
    canonical,
};

fn canonical(text: &str, _: &Regions, emit: Emit<'_>) -> Result<(), Unusable> {
    if !text.contains('@') {
        return Err(Unusable("no @"));
    }
    emit(&text.to_lowercase(), Variant::Exact);
    Ok(())
}
