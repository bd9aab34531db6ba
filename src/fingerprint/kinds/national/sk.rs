//! Slovak birth numbers.
//!
//! Zákon č. 301/1995 Z. z. o rodnom čísle: the number of Czechoslovakia, which the
//! Czech one is as well; see there for what it is made of and how it is read. The
//! two are different kinds, for a list says whose numbers it holds.

use super::cz::{SPACE, born, read};
use crate::base::{Emit, Family, Kind, Regions, Shape, Strength, Unusable};

pub(in super::super) static RC: Kind = Kind {
    name: "sk-rc",
    profile: 1,
    family: Family::National,
    strength: Strength::Strong,
    canonical_form: "nine or ten digits",
    check: "a real date; ten digits: a multiple of 11; nine: born until 1953",
    source: "Zákon č. 301/1995 Z. z.",
    example: "6052299011",
    headings: &[
        "rodnecislosk",
        "skrodnecislo",
        "slovenskerodnecislo",
        "slovakbirthnumber",
    ],
    shape: Shape::Code {
        layouts: &["999999-9999", "9999999999", "999999-999", "999999999"],
    },
    space: Some(SPACE),
    rate: None,
    born: Some(born),
    canonical,
};

fn canonical(text: &str, _: &Regions, emit: Emit<'_>) -> Result<(), Unusable> {
    read(text, emit)
}
