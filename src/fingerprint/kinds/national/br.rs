//! Brazilian individual taxpayer numbers (Cadastro de Pessoas Físicas).
//!
//! The Federal Revenue Service, Normative Instruction RFB 2.172 of 2024. Nine
//! digits, of which the ninth tells the fiscal region, and two check digits, modulo
//! 11. Numbers of one digit eleven times fit their check digits and belong to
//! nobody: they are what forms are filled with, so they are refused here, as the
//! Revenue's own forms do.

use super::super::rules::{compact, part, weighted};
use crate::base::{Emit, Family, Kind, Regions, Shape, Strength, Unusable, Variant};

pub(in super::super) static CPF: Kind = Kind {
    name: "br-cpf",
    profile: 1,
    family: Family::National,
    strength: Strength::Strong,
    canonical_form: "eleven digits",
    check: "not one digit eleven times; two check digits (mod 11)",
    source: "Receita Federal, Instrução Normativa RFB 2.172/2024",
    // The one that manuals print.
    example: "12345678909",
    headings: &[
        "cpf",
        "cpfcnpj",
        "nrcpf",
        "nucpf",
        "numcpf",
        "numerocpf",
        "númerocpf",
        "númerodocpf",
        "cadastrodepessoasfísicas",
        "cadastrodepessoasfisicas",
    ],
    shape: Shape::Code {
        layouts: &[
            "999-999-999-99",
            "99999999999",
            "999999999-99",
            // Without one zero, without two.
            "9999999999",
            "999999999",
        ],
    },
    // The first nine digits; the others follow from them.
    space: Some(1.0e9),
    rate: None,
    born: None,
    canonical,
};

// The published weights go down from 10 and 11; taken from 11, they go up.
const FIRST: [u32; 9] = [1, 2, 3, 4, 5, 6, 7, 8, 9];
const SECOND: [u32; 10] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];

fn canonical(text: &str, _: &Regions, emit: Emit<'_>) -> Result<(), Unusable> {
    let number = compact::<11>(text)?.digits(2)?;
    let digits = number.bytes();
    let first = weighted(digits, &FIRST) % 11 % 10;
    let second = weighted(digits, &SECOND) % 11 % 10;
    if part(digits, 9..11) != u64::from(10 * first + second) {
        return Err(Unusable("the check digits do not fit"));
    }
    if digits
        .windows(2)
        .all(|pair| matches!(pair, [a, b] if a == b))
    {
        return Err(Unusable("one digit eleven times is nobody's number"));
    }
    emit(number.text(), Variant::Exact);
    Ok(())
}
