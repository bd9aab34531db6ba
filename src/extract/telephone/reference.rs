//! The finder as it is easiest to check: one character after the other, one plan
//! after the other. The fast one must find the same.

use std::ops::Range;

use super::super::anchor::{after, before, run_end};
use crate::base::{Kind, Plan, Plans, Regions, is_blank, is_dash, is_word};

/// E.164 has 15 digits; `00` and a trunk prefix may come first.
const LONGEST: usize = 19;
/// Digits of a number as it is dialled.
const SHORTEST: usize = 5;
/// E.164, section 6.1.
const E164: usize = 15;
/// Characters between two groups of digits: ` - `, `) `.
const SEPARATORS: usize = 3;

/// Takes a canonical form and where it stands.
type Each<'a> = &'a mut dyn FnMut(&str, Range<usize>);

/// Looks for numbers of one kind.
#[derive(Debug)]
pub(super) struct Telephone {
    pub(super) kind: &'static Kind,
    plans: Plans,
    /// Which digits a number without a `+` may begin with.
    first: [bool; 10],
    /// What was found lately and where that ends: one number can be read from
    /// its beginning and from its second group on.
    recent: [(u64, usize); 8],
    oldest: usize,
    form: String,
}

/// The digits of one number so far.
#[derive(Default)]
struct Digits {
    dialled: [u8; LONGEST],
    length: usize,
    /// Where a zero in parentheses stands: `(0)`.
    bracketed: Option<usize>,
}

impl Digits {
    /// Adds a group; `false` if there is no room.
    fn push(&mut self, group: &[u8]) -> bool {
        let Some(room) = self.dialled.get_mut(self.length..self.length + group.len()) else {
            return false;
        };
        room.copy_from_slice(group);
        self.length += group.len();
        true
    }

    fn text(&self) -> &str {
        let digits = self.dialled.get(..self.length).unwrap_or_default();
        std::str::from_utf8(digits).unwrap_or_default()
    }
}

/// What stands behind a group of digits.
enum Behind {
    /// Something that a number can end before.
    Border,
    /// A letter.
    Letter,
    /// The next group.
    Group { at: usize, may_end: bool },
}

impl Telephone {
    pub(super) fn new(kind: &'static Kind, plans: Plans) -> Self {
        let mut first = [false; 10];
        let mut allow = |digit: u8| {
            if let Some(first) = first.get_mut(usize::from(digit.wrapping_sub(b'0'))) {
                *first = true;
            }
        };
        allow(b'0');
        for plan in &plans.home {
            plan.code.to_string().bytes().take(1).for_each(&mut allow);
            plan.trunk.bytes().take(1).for_each(&mut allow);
            let prefixes = plan.international.iter();
            prefixes
                .flat_map(|prefix| prefix.bytes().take(1))
                .for_each(&mut allow);
            if plan.is_irregular || !plan.has_written_trunk {
                (b'0'..=b'9').for_each(&mut allow);
            }
        }
        Self {
            kind,
            plans,
            first,
            recent: [(0, 0); 8],
            oldest: 0,
            form: String::new(),
        }
    }

    /// Forgets what was found: another text follows.
    pub(super) fn reset(&mut self) {
        self.recent = [(0, 0); 8];
    }

    /// Hands every number that begins with the run of digits at `start`, and the
    /// sign before it, to `each`.
    pub(super) fn find(&mut self, text: &str, start: usize, regions: &Regions, each: Each<'_>) {
        self.find_groups(text, start, regions, each);
        self.find_alone(text, start, each);
    }

    /// A mobile number without its trunk prefix that is a whole line.
    fn find_alone(&mut self, text: &str, start: usize, each: Each<'_>) {
        let end = run_end(text.as_bytes(), start);
        let number = &text[start..end];
        let is_end = |c: Option<char>| c.is_none_or(|c| c == '\n');
        if !is_end(before(text, start)) || !is_end(after(text, end)) || number.len() > 14 {
            return;
        }
        let mut found = Vec::new();
        for plan in &self.plans.home {
            if plan.has_written_trunk
                && !plan.is_irregular
                && plan.mobile_first >> (number.as_bytes()[0] - b'0') & 1 == 1
                && plan.mobile_lengths & plan.lengths & 1 << number.len() != 0
            {
                found.push(plan.code);
            }
        }
        for code in found {
            self.give(code, number, &(start..end), each);
        }
    }

    /// The same, without those that stand alone and have lost their zero.
    fn find_groups(&mut self, text: &str, start: usize, regions: &Regions, each: Each<'_>) {
        let bytes = text.as_bytes();
        // Most digits begin no number: this is asked for every run of them.
        let first = bytes.get(start).map_or(0, |byte| byte.wrapping_sub(b'0'));
        let may_begin = self.first.get(usize::from(first)) == Some(&true);
        if !may_begin && !matches!(before(text, start), Some('+' | '＋' | '(')) {
            return;
        }
        let Some((begin, is_international)) = beginning(text, start) else {
            return;
        };
        if !is_international && !may_begin {
            return;
        }
        let mut digits = Digits::default();
        let mut at = start;
        loop {
            let end = run_end(bytes, at);
            if !digits.push(bytes.get(at..end).unwrap_or_default()) {
                return;
            }
            if end - at == 1 && text.get(at.saturating_sub(1)..=end) == Some("(0)") {
                digits.bracketed = Some(digits.length - 1);
            }
            let next = behind(text, end);
            if matches!(next, Behind::Border | Behind::Group { may_end: true, .. }) {
                self.read(text, &digits, is_international, begin..end, regions, each);
            }
            match next {
                Behind::Group { at: group, .. } => at = group,
                Behind::Border | Behind::Letter => return,
            }
        }
    }

    /// Every reading of `digits`, which stand at `span`.
    fn read(
        &mut self,
        text: &str,
        digits: &Digits,
        is_international: bool,
        span: Range<usize>,
        regions: &Regions,
        each: Each<'_>,
    ) {
        let dialled = digits.text();
        if dialled.len() < SHORTEST {
            return;
        }
        let mut numbers = Numbers {
            found: [""; 64],
            codes: [0; 64],
            length: 0,
            is_irregular: false,
        };
        let mut without = Digits::default();
        if is_international {
            self.international(dialled, &mut numbers);
            if let Some(zero) = digits.bracketed {
                let (code, rest) = dialled.split_at_checked(zero).unwrap_or_default();
                let rest = rest.get(1..).unwrap_or_default();
                if without.push(code.as_bytes()) && without.push(rest.as_bytes()) {
                    self.international(without.text(), &mut numbers);
                }
            }
        } else {
            if let Some(rest) = dialled.strip_prefix("00") {
                self.international(rest, &mut numbers);
            }
            for plan in &self.plans.home {
                self.national(plan, dialled, &mut numbers);
            }
        }
        if numbers.is_irregular {
            // The plan asks for more than prefixes: the kind reads it, at its price.
            let written = text.get(span.clone()).unwrap_or_default();
            let canonical = self.kind.canonical;
            // Unusable is no number, and no news.
            let _ = canonical(written, regions, &mut |form, _| {
                let digits = form.trim_start_matches('+');
                if self.is_new(digits.parse().unwrap_or_default(), &span) {
                    each(form, span.clone());
                }
            });
        }
        for (code, national) in numbers.all() {
            self.give(code, national, &span, each);
        }
    }

    /// `dialled` within the country of `plan`.
    fn national<'a>(&self, plan: &Plan, dialled: &'a str, numbers: &mut Numbers<'a>) {
        if plan.is_irregular {
            numbers.is_irregular = true;
            return;
        }
        for prefix in plan.international {
            if let Some(rest) = dialled.strip_prefix(prefix) {
                self.international(rest, numbers);
            }
        }
        let mut code = [0; 5];
        if dialled.starts_with(decimal(plan.code, &mut code)) {
            self.international(dialled, numbers);
        }
        // `00` begins a country code where `0` is the trunk prefix.
        let number = dialled.strip_prefix(plan.trunk);
        if let Some(number) = number.filter(|number| plan.trunk != "0" || !number.starts_with('0'))
        {
            numbers.add(plan, number);
        }
        if !plan.has_written_trunk && !plan.trunk.is_empty() {
            numbers.add(plan, dialled);
        }
    }

    /// The plan whose country code `digits` begin with.
    fn plan_of(&self, digits: &str) -> Option<&Plan> {
        let of = |plan: &&Plan| digits.starts_with(&plan.code.to_string());
        self.plans.world.iter().find(of)
    }

    /// `dialled` behind a `+` or `00`.
    fn international<'a>(&self, dialled: &'a str, numbers: &mut Numbers<'a>) {
        let Some(plan) = self.plan_of(dialled) else {
            return;
        };
        if plan.is_irregular {
            numbers.is_irregular = true;
            return;
        }
        let mut code = [0; 5];
        let length = decimal(plan.code, &mut code).len();
        let number = dialled.get(length..).unwrap_or_default();
        let stripped = number.strip_prefix(plan.trunk);
        if let Some(stripped) = stripped.filter(|_| !plan.trunk.is_empty()) {
            numbers.add(plan, stripped);
        }
        if stripped.is_none() || plan.trunk != "0" {
            numbers.add(plan, number);
        }
    }

    /// Hands one number on, unless it has just been read.
    fn give(&mut self, code: u16, national: &str, span: &Range<usize>, each: Each<'_>) {
        let mut digits = [0; 5];
        let code = decimal(code, &mut digits);
        if code.len() + national.len() > E164 {
            return;
        }
        let number = code.bytes().chain(national.bytes());
        let value = number.fold(0, |value, digit| {
            value * 10 + u64::from(digit.wrapping_sub(b'0'))
        });
        if self.is_new(value, span) {
            self.form.clear();
            self.form.push('+');
            self.form.push_str(code);
            self.form.push_str(national);
            each(&self.form, span.clone());
        }
    }

    fn is_new(&mut self, value: u64, span: &Range<usize>) -> bool {
        let known = |(number, end): &(u64, usize)| *number == value && span.start < *end;
        if self.recent.iter().any(known) {
            return false;
        }
        if let Some(oldest) = self.recent.get_mut(self.oldest) {
            *oldest = (value, span.end);
        }
        self.oldest = (self.oldest + 1) % self.recent.len();
        true
    }
}

/// The readings of one row of digits.
struct Numbers<'a> {
    codes: [u16; 64],
    found: [&'a str; 64],
    length: usize,
    is_irregular: bool,
}

impl<'a> Numbers<'a> {
    fn add(&mut self, plan: &Plan, national: &'a str) {
        let room = self.codes.get_mut(self.length);
        if let (Some(to), Some(found)) = (room, self.found.get_mut(self.length))
            && (4..E164).contains(&national.len())
            && plan.lengths >> national.len() & 1 == 1
        {
            (*to, *found) = (plan.code, national);
            self.length += 1;
        }
    }

    fn all(&self) -> impl Iterator<Item = (u16, &'a str)> {
        let pairs = self.codes.into_iter().zip(self.found);
        pairs.take(self.length)
    }
}

/// `code` in digits.
fn decimal(code: u16, digits: &mut [u8; 5]) -> &str {
    let mut rest = code;
    let mut length = 0;
    for digit in digits.iter_mut().rev() {
        *digit = b'0' + u8::try_from(rest % 10).unwrap_or_default();
        rest /= 10;
        length += 1;
        if rest == 0 {
            break;
        }
    }
    let written = digits.get(digits.len() - length..).unwrap_or_default();
    std::str::from_utf8(written).unwrap_or_default()
}

/// Where the number whose digits begin at `start` begins, and whether with a `+`;
/// nothing if it is glued to what stands before it.
fn beginning(text: &str, start: usize) -> Option<(usize, bool)> {
    let c = before(text, start);
    match c {
        Some('+' | '＋') => signed(text, start),
        Some('(') if matches!(before(text, start - 1), Some('+' | '＋')) => {
            signed(text, start - 1)
        }
        Some('(') => Some((start - 1, false)),
        Some(c) if is_word(c) => None,
        Some(c) if is_dash(c) || matches!(c, '.' | '/') => {
            let further = before(text, start - c.len_utf8());
            let is_glued = further.is_some_and(|c| c.is_ascii_digit());
            (!is_glued).then_some((start, false))
        }
        _ => Some((start, false)),
    }
}

/// The same for a `+` before `at`.
fn signed(text: &str, at: usize) -> Option<(usize, bool)> {
    let begin = at - before(text, at)?.len_utf8();
    let is_glued = before(text, begin).is_some_and(is_word);
    (!is_glued).then_some((begin, true))
}

/// What stands behind a group of digits that ends at `end`.
fn behind(text: &str, end: usize) -> Behind {
    let Some(c) = after(text, end) else {
        return Behind::Border;
    };
    if is_word(c) {
        let rest: String = text[end..].chars().take(6).collect();
        let rest = rest.to_ascii_lowercase();
        let rest = rest.strip_prefix("ext").or(rest.strip_prefix('x'));
        let rest = rest.map(|rest| rest.strip_prefix(['.', ':']).unwrap_or(rest));
        let rest = rest.map(|rest| rest.strip_prefix(' ').unwrap_or(rest));
        return if rest.is_some_and(|rest| rest.starts_with(is_digit)) {
            Behind::Border
        } else {
            Behind::Letter
        };
    }
    let (mut at, mut blanks, mut marks) = (end, 0, 0);
    for _ in 0..=SEPARATORS {
        match after(text, at) {
            Some(c) if is_digit(c) => {
                // `4567. 050` and `4567 /050` are two numbers.
                let is_two = marks > 0 && blanks > 0;
                return if is_two {
                    Behind::Border
                } else {
                    Behind::Group {
                        at,
                        may_end: blanks > 0,
                    }
                };
            }
            Some(c) if is_blank(c) => blanks += 1,
            Some('.' | '/') => marks += 1,
            Some(c) if is_dash(c) || matches!(c, '(' | ')') => {}
            _ => return Behind::Border,
        }
        at += after(text, at).map_or(0, char::len_utf8);
    }
    Behind::Border
}

fn is_digit(c: char) -> bool {
    c.is_ascii_digit()
}
