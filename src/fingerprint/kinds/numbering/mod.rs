//! Numbering plans: what a finder of telephone numbers must know of them.

mod mobile;
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
    let (region, code, trunk, written, _) = *row;
    let (mobile_first, mobile_lengths) = mobile(region);
    Plan {
        code,
        trunk,
        has_written_trunk: written == Trunk::Always,
        international: international(region, code),
        is_irregular: written == Trunk::Irregular,
        lengths,
        mobile_first,
        mobile_lengths,
    }
}

/// What is dialled before a country code, besides `00`: `internationalPrefix` of
/// libphonenumber. Left out are regions whose numbers only the library reads, and
/// carriers' codes of four digits and more, which nobody writes down; in Finland
/// `99x`, for which every number that begins with a nine would be looked at.
fn international(region: &str, code: u16) -> &'static [&'static str] {
    match region {
        "PW" => &["011", "012"],
        "MH" => &["011"],
        "RU" | "KZ" | "TJ" | "TM" => &["810"],
        "CU" => &["119"],
        "ID" => &["008", "009"],
        "SG" => &["001", "002", "008", "012", "013", "018", "019"],
        "TH" => &[
            "001", "002", "003", "004", "005", "006", "007", "008", "009",
        ],
        "HK" => &["001", "002", "006", "007", "008", "009"],
        "KH" => &["001", "004", "005", "006", "007", "008", "009"],
        "TW" => &["002", "005", "006", "007", "009", "019"],
        "IL" => &["012", "013", "014", "015", "016", "017", "018", "019"],
        "MU" => &["020", "030", "040", "050", "060", "070"],
        "KE" => &["000"],
        "TZ" => &["000", "005", "006"],
        "UG" => &["000", "005", "007"],
        "NG" => &["009"],
        "GY" | "MN" => &["001"],
        "FJ" => &["052"],
        "SC" => &["01", "02"],
        "SB" => &["01"],
        _ if code == 1 => &["011"],
        _ => &[],
    }
}

/// The digits that the region's mobile numbers begin with, and how many there are;
/// none where the trunk prefix need not be written.
fn mobile(region: &str) -> (u16, u32) {
    let row = mobile::ROWS.iter().find(|row| row.0 == region);
    let (_, first, lengths) = row.copied().unwrap_or_default();
    let first = first.bytes().map(|digit| 1 << (digit & 0xf));
    (
        first.fold(0, |all, bit: u16| all | bit),
        lengths.iter().fold(0, |all, digits| all | 1 << digits),
    )
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
