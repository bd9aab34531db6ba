//! The numbers that a row of digits can be, in the plans of a job.
//!
//! Everything that a [`Plan`] tells is laid out once, so that reading a number is
//! a look into a table, a shift and a comparison.

use super::dialled::{Dialled, Prefix};
use crate::base::{Plan, Plans};

/// Digits of a number as it is dialled: 5, to 19 with `00` and a trunk prefix.
const ANY: u32 = (1 << 20) - (1 << 5);
/// No digits to 19.
const EVERY: u32 = (1 << 20) - 1;
/// Digits of a national number that is looked at: 4 to 14.
const NATIONAL: u32 = (1 << 15) - (1 << 4);
/// E.164, section 6.1.
const E164: u32 = 15;

/// A number in its canonical form.
#[derive(Debug, Clone, Copy)]
pub(super) struct Number {
    /// `+` and digits, the first character lowest.
    pub(super) form: u128,
    /// How many characters.
    pub(super) length: usize,
}

/// The plans of a job.
#[derive(Debug)]
pub(super) struct Numbering {
    home: Vec<Reader>,
    world: Vec<Reader>,
    /// The plan of each three digits behind a `+`: its place in `world`.
    abroad: Vec<u16>,
    /// How many digits a number without a `+` can have, a bit for each: eleven
    /// entries for each first digit, ten by the second and one for all of them.
    lengths: [u32; 110],
    /// How many digits a mobile number at home can have that has lost its trunk
    /// prefix, by its first digit.
    bare: [u32; 10],
}

/// A [`Plan`], laid out.
#[derive(Debug)]
struct Reader {
    /// `+358`, as in [`Number::form`].
    sign: u128,
    code: Prefix,
    trunk: Prefix,
    /// Whether the trunk prefix is `0`: behind it no other zero stands.
    has_zero: bool,
    has_written_trunk: bool,
    international: Vec<Prefix>,
    is_irregular: bool,
    /// A bit for each number of national digits.
    lengths: u32,
    /// Digits that a number begins with that may have lost its trunk prefix, and
    /// how many it has; a bit for each.
    bare_first: u16,
    bare_lengths: u32,
}

impl Reader {
    fn of(plan: &Plan) -> Self {
        let code = plan.code.to_string();
        let code = Prefix::of(&code);
        let longest = E164.saturating_sub(u32::try_from(code.length()).unwrap_or_default());
        let lengths = plan.lengths & NATIONAL & ((2 << longest) - 1);
        let may_be_bare = plan.has_written_trunk && !plan.is_irregular;
        Self {
            sign: u128::from(b'+') | (u128::from(code.digits()) << 8),
            code,
            trunk: Prefix::of(plan.trunk),
            has_zero: plan.trunk == "0",
            has_written_trunk: plan.has_written_trunk,
            international: plan.international.iter().map(|it| Prefix::of(it)).collect(),
            is_irregular: plan.is_irregular,
            lengths,
            bare_first: plan.mobile_first,
            bare_lengths: if may_be_bare {
                plan.mobile_lengths & lengths
            } else {
                0
            },
        }
    }

    /// How many digits it can have that this plan reads behind a `+`.
    fn abroad(&self) -> u32 {
        if self.is_irregular {
            return EVERY;
        }
        (self.lengths | self.lengths << self.trunk.length()) << self.code.length()
    }

    /// How many digits a number that begins with `first` has if it has lost its
    /// trunk prefix.
    fn bare(&self, first: usize) -> u32 {
        if self.bare_first >> first & 1 == 1 {
            self.bare_lengths
        } else {
            0
        }
    }

    /// The number whose national digits begin at `from`.
    fn add(&self, dialled: &Dialled, from: usize, numbers: &mut Vec<Number>) {
        let digits = dialled.length().saturating_sub(from);
        if self.lengths >> digits & 1 == 1 {
            let sign = self.code.length() + 1;
            numbers.push(Number {
                form: self.sign | (dialled.from(from) << (8 * sign)),
                length: sign + digits,
            });
        }
    }
}

impl Numbering {
    pub(super) fn new(plans: &Plans) -> Self {
        let world: Vec<Reader> = plans.world.iter().map(Reader::of).collect();
        let mut abroad = vec![u16::MAX; 1000];
        for (at, plan) in (0..).zip(&plans.world) {
            let (code, width) = match usize::from(plan.code) {
                code @ 0..10 => (code * 100, 100),
                code @ 10..100 => (code * 10, 10),
                code => (code, 1),
            };
            let begin_so = abroad.get_mut(code..code + width);
            begin_so.unwrap_or_default().fill(at);
        }
        let mut numbering = Self {
            home: plans.home.iter().map(Reader::of).collect(),
            world,
            abroad,
            lengths: [0; 110],
            bare: [0; 10],
        };
        for (first, bare) in numbering.bare.iter_mut().enumerate() {
            let home = numbering.home.iter();
            *bare = home.fold(0, |all, plan| all | plan.bare(first));
        }
        let mut lengths = Vec::new();
        for first in b'0'..=b'9' {
            let all = (b'0'..=b'9').fold(0, |all, second| {
                lengths.push(numbering.lengths_of([first, second]));
                all | lengths.last().copied().unwrap_or_default()
            });
            lengths.push(all);
        }
        for (entry, lengths) in numbering.lengths.iter_mut().zip(lengths) {
            *entry = lengths;
        }
        numbering
    }

    /// How many digits a number without a `+` can have that begins so.
    fn lengths_of(&self, text: [u8; 2]) -> u32 {
        let is_zeros = text == *b"00";
        let any = |all, plan: &Reader| all | plan.abroad();
        let world = self.world.iter().fold(0, any);
        let mut lengths = if is_zeros { world << 2 } else { 0 };
        for plan in &self.home {
            let mut prefixes = plan.international.iter();
            if plan.is_irregular || prefixes.any(|prefix| prefix.may_begin(text)) {
                return ANY;
            }
            if plan.code.may_begin(text) {
                lengths |= world;
            }
            if plan.trunk.may_begin(text) && !(plan.has_zero && is_zeros) {
                lengths |= plan.lengths << plan.trunk.length();
            }
            if plan.trunk.is_empty() || !plan.has_written_trunk {
                lengths |= plan.lengths;
            }
        }
        lengths & ANY
    }

    /// How many digits a number without a `+` can have that begins with the digit
    /// `first`, and with `second` if that is one; a bit for each.
    #[inline]
    pub(super) fn lengths(&self, first: u8, second: u8) -> u32 {
        let [first, second] = [first, second].map(|digit| usize::from(digit.wrapping_sub(b'0')));
        let known = self.lengths.get(first * 11 + second.min(10));
        known.copied().unwrap_or_default()
    }

    /// How many digits a mobile number can have that begins with `first` and has
    /// lost its trunk prefix; a bit for each.
    #[inline]
    pub(super) fn bare(&self, first: u8) -> u32 {
        let bare = self.bare.get(usize::from(first.wrapping_sub(b'0')));
        bare.copied().unwrap_or_default()
    }

    /// Reads `dialled` as a number that has lost its trunk prefix.
    pub(super) fn without_trunk(&self, dialled: &Dialled, numbers: &mut Vec<Number>) {
        let first = usize::from(dialled.at(0) & 0xf);
        for plan in &self.home {
            if plan.bare(first) >> dialled.length() & 1 == 1 {
                plan.add(dialled, 0, numbers);
            }
        }
    }

    /// Reads `dialled`, which stands behind a `+`; whether a plan asks for more
    /// than prefixes.
    pub(super) fn international(&self, dialled: &Dialled, numbers: &mut Vec<Number>) -> bool {
        if ANY >> dialled.length() & 1 == 0 {
            return false;
        }
        let mut is_irregular = self.behind_plus(dialled, 0, numbers);
        if let Some(without) = &dialled.without_zero() {
            is_irregular |= self.behind_plus(without, 0, numbers);
        }
        is_irregular
    }

    /// The same for one without a `+`.
    pub(super) fn national(&self, dialled: &Dialled, numbers: &mut Vec<Number>) -> bool {
        let [first, second] = dialled.beginning();
        if self.lengths(first, second) >> dialled.length() & 1 == 0 {
            return false;
        }
        let mut is_irregular = false;
        if [first, second] == *b"00" {
            is_irregular |= self.behind_plus(dialled, 2, numbers);
        }
        for plan in &self.home {
            is_irregular |= self.in_country(plan, dialled, numbers);
        }
        is_irregular
    }

    fn in_country(&self, plan: &Reader, dialled: &Dialled, numbers: &mut Vec<Number>) -> bool {
        if plan.is_irregular {
            return true;
        }
        let mut is_irregular = false;
        for prefix in &plan.international {
            if prefix.begins(dialled, 0) {
                is_irregular |= self.behind_plus(dialled, prefix.length(), numbers);
            }
        }
        if plan.code.begins(dialled, 0) {
            is_irregular |= self.behind_plus(dialled, 0, numbers);
        }
        // `00` begins a country code where `0` is the trunk prefix.
        let trunk = plan.trunk.length();
        if plan.trunk.begins(dialled, 0) && !(plan.has_zero && dialled.at(trunk) == b'0') {
            plan.add(dialled, trunk, numbers);
        }
        if !plan.has_written_trunk && !plan.trunk.is_empty() {
            plan.add(dialled, 0, numbers);
        }
        is_irregular
    }

    /// The digits from `from` on, which begin with a country code.
    fn behind_plus(&self, dialled: &Dialled, from: usize, numbers: &mut Vec<Number>) -> bool {
        // Behind the last digit stand zeros: what is found with them must fit.
        let digit = |at| usize::from(dialled.at(from + at) & 0xf);
        let three = digit(0) * 100 + digit(1) * 10 + digit(2);
        let at = self.abroad.get(three).copied().unwrap_or(u16::MAX);
        let Some(plan) = self.world.get(usize::from(at)) else {
            return false;
        };
        let begin = from + plan.code.length();
        if begin > dialled.length() {
            return false;
        }
        if plan.is_irregular {
            return true;
        }
        let has_trunk = !plan.trunk.is_empty() && plan.trunk.begins(dialled, begin);
        if has_trunk {
            plan.add(dialled, begin + plan.trunk.length(), numbers);
        }
        if !has_trunk || !plan.has_zero {
            plan.add(dialled, begin, numbers);
        }
        false
    }
}
