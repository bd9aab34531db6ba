//! Irish personal public service numbers (PPS), once revenue and social insurance
//! numbers.
//!
//! Social Welfare Consolidation Act 2005, section 262, and Revenue, "PPSN check
//! character": seven digits, a check letter, and in numbers since 2013 a second
//! letter: A or B for people, H for others, which counts in the check with weight
//! nine. Old numbers can end with W, for the wife of the number's holder, T or X,
//! which do not count. The last letter is kept: with it, the number is another
//! person's.

use super::super::rules::{Compact, compact, weighted};
use crate::base::{Emit, Family, Kind, Regions, Shape, Strength, Unusable, Variant};

pub(in super::super) static PPS: Kind = Kind {
    name: "ie-pps",
    profile: 1,
    family: Family::National,
    strength: Strength::Strong,
    canonical_form: "seven digits and one or two letters, upper case",
    check: "check letter (mod 23)",
    source: "Social Welfare Consolidation Act 2005, Revenue",
    // Everybody's example.
    example: "1234567T",
    headings: &[
        "pps",
        "ppsn",
        "ppsno",
        "ppsnumber",
        "personalpublicservicenumber",
        "rsinumber",
        "uimhirpsp",
    ],
    shape: Shape::Code {
        layouts: &["9999999A", "9999999AA", "9999999-A", "9999999-AA"],
    },
    // Seven free digits, and seven endings: none, A, B, H, W, T, X.
    space: Some(7e7),
    rate: None,
    born: None,
    canonical,
};

const WEIGHTS: [u32; 7] = [8, 7, 6, 5, 4, 3, 2];
/// The remainder of division by 23 picks from these.
const CHECK: &[u8; 23] = b"WABCDEFGHIJKLMNOPQRSTUV";

fn canonical(text: &str, _: &Regions, emit: Emit<'_>) -> Result<(), Unusable> {
    const SHAPE: Unusable = Unusable("not seven digits and one or two letters");
    let number: Compact<9> = compact(text)?;
    let (digits, letters) = number.bytes().split_at_checked(7).ok_or(SHAPE)?;
    let all_digits = digits.iter().all(u8::is_ascii_digit);
    if !all_digits || !letters.iter().all(u8::is_ascii_uppercase) {
        return Err(SHAPE);
    }
    let (check, last) = match letters {
        [check] | [check, b'W' | b'T' | b'X'] => (check, 0),
        [check, last @ (b'A' | b'B' | b'H')] => (check, u32::from(last - b'A') + 1),
        [_, _] => return Err(Unusable("no number ends with that letter")),
        _ => return Err(SHAPE),
    };
    let remainder = (weighted(digits, &WEIGHTS) + 9 * last) % 23;
    let expected = usize::try_from(remainder).ok().and_then(|at| CHECK.get(at));
    if expected != Some(check) {
        return Err(Unusable("the check letter does not fit"));
    }
    emit(number.text(), Variant::Exact);
    Ok(())
}
