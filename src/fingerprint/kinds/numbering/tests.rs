use rlibphonenumber::{
    NumberLengthType, PHONE_NUMBER_UTIL as LIBRARY, PhoneNumber, PhoneNumberFormat,
    PhoneNumberType as Type, Region,
};

use super::*;

const TYPES: [Type; 10] = [
    Type::FixedLine,
    Type::Mobile,
    Type::TollFree,
    Type::PremiumRate,
    Type::SharedCost,
    Type::PersonalNumber,
    Type::VoIP,
    Type::UAN,
    Type::Pager,
    Type::VoiceMail,
];

/// Those whose examples tell how the trunk prefix is written.
fn ordinary() -> impl Iterator<Item = Type> {
    TYPES.into_iter().take(8)
}

fn example(region: Region, of: Type) -> Option<PhoneNumber> {
    LIBRARY
        .get_example_number_for_type_and_region(region, of)
        .ok()
}

/// `+358` and the national number of `number`.
fn parts(number: &PhoneNumber) -> (String, String) {
    let whole = number.format_as(PhoneNumberFormat::E164).into_owned();
    let code = format!("+{}", number.country_code);
    let national = whole.strip_prefix(&code).unwrap().to_owned();
    (code, national)
}

/// The rows of regions; `001` is that of the world.
fn regional() -> impl Iterator<Item = (Region, &'static Row)> {
    let regional = ROWS.iter().filter(|row| row.0 != "001");
    regional.map(|row| (Region::from_code(row.0).unwrap(), row))
}

#[test]
fn every_region_and_code_of_the_library_has_its_line() {
    assert_eq!(regional().count(), LIBRARY.get_supported_regions().len());
    for (region, row) in regional() {
        let code = LIBRARY.get_country_code_for_region(region);
        assert_eq!(code, Some(i32::from(row.1)), "{}", row.0);
    }
    let mut codes: Vec<i32> = LIBRARY.get_supported_calling_codes().collect();
    codes.sort_unstable();
    let world = plans(&Regions::default()).world;
    let listed: Vec<i32> = world.iter().map(|plan| plan.code.into()).collect();
    assert_eq!(listed, codes);
    for country in ROWS.chunk_by(|one, next| one.1 == next.1) {
        let main = LIBRARY.get_region_for_country_code(country[0].1.into());
        assert_eq!(&*main.unwrap().as_region_str(), country[0].0);
    }
}

#[test]
fn trunk_prefixes_are_written_as_the_library_writes_them() {
    for (region, row) in regional() {
        if row.3 == Trunk::Irregular {
            continue;
        }
        let mut examples = ordinary().filter_map(|of| example(region, of));
        let is_written = examples.all(|number| {
            let written = number.format_as(PhoneNumberFormat::National);
            let digits: String = written.chars().filter(char::is_ascii_digit).collect();
            digits.starts_with(row.2)
        });
        let is_always = !row.2.is_empty() && is_written;
        assert_eq!(row.3 == Trunk::Always, is_always, "{}", row.0);
    }
}

#[test]
fn a_regular_plan_takes_away_what_the_library_takes_away() {
    let mut compared = 0;
    for (region, row) in regional() {
        if row.3 == Trunk::Irregular {
            continue;
        }
        for number in TYPES.into_iter().filter_map(|of| example(region, of)) {
            let (code, national) = parts(&number);
            let dialled = format!("{}{national}", row.2);
            // In Israel `019` is also dialled before a country code.
            let read = PhoneNumber::parse(&dialled, Some(region));
            if let Some(read) = read.ok().filter(PhoneNumber::is_valid) {
                assert_eq!(parts(&read), (code, national), "{}", row.0);
                compared += 1;
            }
        }
    }
    assert!(compared > 600, "{compared}");
}

#[test]
fn lengths_are_those_that_the_library_calls_possible() {
    for country in ROWS.chunk_by(|one, next| one.1 == next.1) {
        // It knows those of the main region only.
        for digits in 2..=17 {
            let number = PhoneNumber {
                country_code: country[0].1.into(),
                national_number: 10_u64.pow(u32::from(digits) - 1),
                ..PhoneNumber::default()
            };
            let is_possible = number.is_possible_with_reason() == Ok(NumberLengthType::IsPossible);
            let is_listed = country[0].4.contains(&digits);
            assert_eq!(is_listed, is_possible, "{} {digits}", country[0].0);
        }
    }
}

#[test]
fn no_valid_number_has_a_length_that_is_not_listed() {
    // Every example, cut or lengthened to every length.
    let (mut valid, mut shared) = (0, 0);
    for (region, row) in regional() {
        let plans = plans(&Regions::parse([row.0]).unwrap());
        let is_listed = |digits: usize| plans.home[0].lengths >> digits & 1 == 1;
        for number in TYPES.into_iter().filter_map(|of| example(region, of)) {
            let (code, national) = parts(&number);
            assert!(number.is_valid() && is_listed(national.len()), "{}", row.0);
            for digits in 2..=17 {
                for filling in ["0", "1", "2345678901234567", "7", "9876543210987654"] {
                    let longer = national.clone() + &filling.repeat(16);
                    let Ok(number) =
                        PhoneNumber::parse(format!("{code}{}", &longer[..digits]), None)
                    else {
                        continue;
                    };
                    if number.is_valid() {
                        let (_, national) = parts(&number);
                        assert!(is_listed(national.len()), "{} {national}", row.0);
                        valid += 1;
                    }
                    if number.is_valid_for_region(region) {
                        let digits = u8::try_from(parts(&number).1.len()).unwrap();
                        assert!(row.4.contains(&digits), "{} {digits}", row.0);
                        shared += 1;
                    }
                }
            }
        }
    }
    assert!(valid > 5_000 && shared > 5_000, "{valid} {shared}");
}

#[test]
fn what_is_dialled_before_a_country_code_is_what_the_library_takes_away() {
    let mut prefixes = 0;
    for (region, row) in regional() {
        let plans = plans(&Regions::parse([row.0]).unwrap());
        for prefix in plans.home[0].international {
            // PTS keeps this number for drama.
            let read = PhoneNumber::parse(format!("{prefix} 46 70 174 06 05"), Some(region));
            let read = read
                .unwrap()
                .format_as(PhoneNumberFormat::E164)
                .into_owned();
            assert_eq!(read, "+46701740605", "{} {prefix}", row.0);
            prefixes += 1;
        }
    }
    // One for each of 25 regions of code 1, and those of other countries.
    assert!(prefixes > 80, "{prefixes}");
}

#[test]
fn mobile_numbers_begin_and_end_as_they_are_listed() {
    let mut compared = 0;
    for (region, row) in regional().filter(|(_, row)| row.3 == Trunk::Always) {
        let (first, lengths) = mobile(row.0);
        let is_listed = |national: &str| {
            let digit = national.as_bytes()[0] & 0xf;
            first >> digit & 1 == 1 && lengths >> national.len() & 1 == 1
        };
        if let Some(number) = example(region, Type::Mobile) {
            let (_, national) = parts(&number);
            assert!(national.len() < 7 || is_listed(&national), "{}", row.0);
        }
        let code = format!("+{}", row.1);
        for begin in 0..100 {
            for digits in 7..=13 {
                let number = format!("{begin:02}{}", &"34567234567"[..digits - 2]);
                let Ok(number) = PhoneNumber::parse(format!("{code}{number}"), None) else {
                    continue;
                };
                let is_mobile = LIBRARY.get_number_type(&number) == Type::Mobile;
                if is_mobile && number.is_valid_for_region(region) {
                    let (_, national) = parts(&number);
                    // A trunk prefix was taken away, perhaps.
                    assert!(
                        national.len() < 7 || is_listed(&national),
                        "{} {national}",
                        row.0
                    );
                    compared += 1;
                }
            }
        }
    }
    assert!(compared > 500, "{compared}");
    let is_always =
        |row: &mobile::Row| regional().any(|(_, it)| it.0 == row.0 && it.3 == Trunk::Always);
    assert!(mobile::ROWS.iter().all(is_always));
}

#[test]
fn plans_of_regions_come_in_their_order() {
    let plans = plans(&Regions::parse(["SE", "UK", "FI", "ZZ", "GG"]).unwrap());
    let codes: Vec<u16> = plans.home.iter().map(|plan| plan.code).collect();
    assert_eq!(codes, [46, 358, 44]);
    let lengths = plans.home.iter().map(|plan| plan.lengths);
    // 6-10 and 12; 5-12; 7, 9 and 10 of Great Britain and Guernsey together.
    let expected = [0b1_0111_1100_0000, 0b1_1111_1110_0000, 0b110_1000_0000];
    assert!(lengths.eq(expected));
}

#[test]
fn no_country_code_begins_another() {
    let plans = plans(&Regions::default());
    let codes: Vec<String> = plans
        .world
        .iter()
        .map(|plan| plan.code.to_string())
        .collect();
    for code in &codes {
        let beginning = codes.iter().filter(|other| other.starts_with(code));
        assert_eq!(beginning.count(), 1, "{code}");
    }
}
