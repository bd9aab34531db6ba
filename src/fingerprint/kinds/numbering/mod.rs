//! Numbering plans: what a finder of telephone numbers must know of them.

mod table;

use table::{ROWS, Row, Trunk};

use crate::base::{Plan, Plans, Regions};

/// The plans for a job: those of its regions, and those of the world.
pub(super) fn plans(regions: &Regions) -> Plans {
    let mut world = Vec::new();
    let mut home: Vec<(&str, Plan)> = Vec::new();
    for country in ROWS.chunk_by(|one, next| code(one) == code(next)) {
        // Regions that share a code are one numbering plan: a number of Guernsey
        // is read in that of Great Britain.
        let lengths = country.iter().fold(0, |all, row| all | lengths(row));
        world.extend(country.first().map(|main| Plan {
            has_written_trunk: false,
            ..plan(main, lengths)
        }));
        for row in country {
            if regions.codes().any(|region| region == row.0) {
                home.push((row.0, plan(row, lengths)));
            }
        }
    }
    let of = |region| home.iter().find(|(name, _)| *name == region);
    Plans {
        home: regions.codes().filter_map(of).map(|home| home.1).collect(),
        world,
    }
}

fn plan(row: &Row, lengths: u32) -> Plan {
    let (_, code, trunk, written, _) = *row;
    Plan {
        code,
        trunk,
        has_written_trunk: written == Trunk::Always,
        international: if code == 1 { "011" } else { "" },
        is_irregular: written == Trunk::Irregular,
        lengths,
    }
}

fn code(row: &Row) -> u16 {
    row.1
}

/// A bit for each.
fn lengths(row: &Row) -> u32 {
    row.4.iter().fold(0, |all, digits| all | 1 << digits)
}

#[cfg(test)]
mod tests;
