//! Numbers as people read them.

/// `1234567` as `1,234,567`.
pub(super) fn count(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() * 4 / 3 + 1);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Bytes in decimal units (IEC 80000-13: 1 kB is 1,000 bytes), to one decimal.
pub(super) fn size(bytes: u64) -> String {
    const UNITS: [&str; 6] = ["kB", "MB", "GB", "TB", "PB", "EB"];
    if bytes < 1000 {
        return format!("{bytes} B");
    }
    let mut tenths = u128::from(bytes);
    let mut scale: u128 = 100;
    tenths = (tenths + scale / 2) / scale;
    let mut unit = UNITS.first().copied().unwrap_or_default();
    for larger in UNITS.iter().skip(1) {
        if tenths < 10_000 {
            break;
        }
        scale *= 1000;
        tenths = (u128::from(bytes) + scale / 2) / scale;
        unit = larger;
    }
    format!("{}.{} {unit}", tenths / 10, tenths % 10)
}

/// `part` of `whole` in tenths of a per cent, rounded down; `None` of nothing.
pub(super) fn tenths_of_percent(part: u128, whole: u128) -> Option<u128> {
    part.checked_mul(1000)?.checked_div(whole)
}

/// Tenths of a per cent as `99.2 %`.
pub(super) fn percent(tenths: u128) -> String {
    match tenths {
        0 => "less than 0.1 %".to_owned(),
        1000 => "100 %".to_owned(),
        _ => format!("{}.{} %", tenths / 10, tenths % 10),
    }
}

/// A figure that is an estimate: `0.3`, `84`, `< 0.01`.
pub(super) fn estimate(figure: f64) -> String {
    match figure {
        // Also what a report may hold that nobody wrote.
        figure if !figure.is_finite() => "unknown".to_owned(),
        figure if figure <= 0.0 => "0".to_owned(),
        figure if figure < 0.01 => "< 0.01".to_owned(),
        figure if figure < 0.095 => format!("{figure:.2}"),
        figure if figure < 9.95 => format!("{figure:.1}"),
        figure if figure < 1e15 => {
            let whole: u64 = format!("{figure:.0}").parse().unwrap_or(u64::MAX);
            count(whole)
        }
        figure => format!("{figure:.0e}"),
    }
}

/// `1 thing`, `2 things`.
pub(super) fn things(number: u64, one: &str, more: &str) -> String {
    format!("{} {}", count(number), if number == 1 { one } else { more })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_set_apart() {
        let all = [0, 7, 999, 1000, 12_345, 1_234_567, u64::MAX].map(count);
        assert_eq!(
            all,
            [
                "0",
                "7",
                "999",
                "1,000",
                "12,345",
                "1,234,567",
                "18,446,744,073,709,551,615"
            ]
        );
    }

    #[test]
    fn sizes_are_rounded_to_a_tenth_and_move_up_a_unit() {
        let all = [0, 999, 1000, 1049, 1050, 999_949, 999_950, 10_900_000_000].map(size);
        assert_eq!(
            all,
            [
                "0 B", "999 B", "1.0 kB", "1.0 kB", "1.1 kB", "999.9 kB", "1.0 MB", "10.9 GB"
            ]
        );
        // 2^64 - 1 is 18.4 * 10^18.
        assert_eq!(size(u64::MAX), "18.4 EB");
    }

    #[test]
    fn an_estimate_has_as_many_digits_as_it_deserves() {
        let figures = [
            0.0,
            0.002,
            0.03,
            0.3,
            1.0,
            8.44,
            84.41,
            12_345.6,
            3e20,
            f64::NAN,
        ];
        assert_eq!(
            figures.map(estimate),
            [
                "0", "< 0.01", "0.03", "0.3", "1.0", "8.4", "84", "12,346", "3e20", "unknown"
            ]
        );
    }

    #[test]
    fn shares_are_rounded_down() {
        assert_eq!(
            tenths_of_percent(9999, 10_000).map(percent).unwrap(),
            "99.9 %"
        );
        assert_eq!(
            tenths_of_percent(1, 10_000).map(percent).unwrap(),
            "less than 0.1 %"
        );
        assert_eq!(tenths_of_percent(7, 7).map(percent).unwrap(), "100 %");
        assert_eq!(tenths_of_percent(0, 0), None);
    }
}
