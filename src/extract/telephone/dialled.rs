//! The digits of one number, as they are dialled.

/// E.164 has 15 digits; `00` and a trunk prefix may come first.
const LONGEST: usize = 19;
/// Bytes that are read or written at once.
const WORD: usize = 16;
/// A whole word can be read or written at each of the digits.
const ROOM: usize = LONGEST + WORD + 5;

/// The first so many bytes of a word.
static FIRST: [u128; WORD] = {
    let mut first = [0; WORD];
    let mut bytes = 1;
    while bytes < WORD {
        #[expect(clippy::indexing_slicing, reason = "checked while this compiles")]
        {
            first[bytes] = first[bytes - 1] << 8 | 0xff;
        }
        bytes += 1;
    }
    first
};

/// The digits of one number so far.
#[derive(Debug)]
pub(super) struct Dialled {
    /// Zero bytes behind the last one.
    digits: [u8; ROOM],
    length: usize,
    /// Where a zero in parentheses stands: `(0)`.
    bracketed: Option<usize>,
}

impl Dialled {
    pub(super) const fn new() -> Self {
        Self {
            digits: [0; ROOM],
            length: 0,
            bracketed: None,
        }
    }

    pub(super) fn length(&self) -> usize {
        self.length
    }

    /// Adds the digits of `text` at `from`, one at least; `false` if there is no
    /// room.
    pub(super) fn push(&mut self, text: &[u8], from: usize, count: usize) -> bool {
        if self.length + count > LONGEST {
            return false;
        }
        self.append(word(text, from), count.min(WORD));
        if count > WORD {
            self.append(word(text, from + WORD), count - WORD);
        }
        true
    }

    /// Adds the first `count` bytes of `word`, of which there are one to 16.
    fn append(&mut self, word: u128, count: usize) {
        let kept = word & FIRST.get(count).copied().unwrap_or(u128::MAX);
        let room = self.digits.get_mut(self.length..);
        if let Some(room) = room.and_then(<[u8]>::first_chunk_mut) {
            *room = kept.to_le_bytes();
        }
        self.length += count;
    }

    /// Notes that the last digit is a zero in parentheses.
    pub(super) fn bracket(&mut self) {
        self.bracketed = self.length.checked_sub(1);
    }

    /// The same without the zero in parentheses, if there is one.
    pub(super) fn without_zero(&self) -> Option<Self> {
        let zero = self.bracketed?;
        let mut without = Self::new();
        for (from, to) in [(0, zero), (zero + 1, self.length)] {
            if from < to {
                without.push(&self.digits, from, to - from);
            }
        }
        Some(without)
    }

    /// The digit at `at`, zero behind the last one.
    pub(super) fn at(&self, at: usize) -> u8 {
        self.digits.get(at).copied().unwrap_or_default()
    }

    /// The first two.
    pub(super) fn beginning(&self) -> [u8; 2] {
        let [first, second, ..] = self.digits;
        [first, second]
    }

    /// Sixteen from `at` on, the first one lowest.
    pub(super) fn from(&self, at: usize) -> u128 {
        word(&self.digits, at)
    }
}

/// Digits that a number may begin with; at most eight.
#[derive(Debug, Clone, Copy)]
pub(super) struct Prefix {
    digits: u64,
    mask: u64,
    length: usize,
}

impl Prefix {
    pub(super) fn of(text: &str) -> Self {
        let mut digits = [0; 8];
        let length = text.len().min(digits.len());
        for (to, digit) in digits.iter_mut().zip(text.bytes()) {
            *to = digit;
        }
        let mask = digits.map(|digit| if digit == 0 { 0 } else { 0xff });
        Self {
            digits: u64::from_le_bytes(digits),
            mask: u64::from_le_bytes(mask),
            length,
        }
    }

    /// The first one lowest.
    pub(super) fn digits(self) -> u64 {
        self.digits
    }

    pub(super) fn length(self) -> usize {
        self.length
    }

    pub(super) fn is_empty(self) -> bool {
        self.length == 0
    }

    /// Whether `dialled` has these digits from `from` on.
    pub(super) fn begins(self, dialled: &Dialled, from: usize) -> bool {
        let rest = dialled.digits.get(from..).unwrap_or_default();
        let word = rest
            .first_chunk()
            .map_or(0, |eight| u64::from_le_bytes(*eight));
        word & self.mask == self.digits
    }

    /// Whether a number that begins with `two` may have these digits; none may
    /// have those of an empty prefix.
    pub(super) fn may_begin(self, two: [u8; 2]) -> bool {
        let agrees = |(digit, of): (u8, &u8)| *of == 0 || digit == *of;
        !self.is_empty() && two.into_iter().zip(&self.digits.to_le_bytes()).all(agrees)
    }
}

/// Sixteen bytes of `text` from `at` on, the first one lowest; zeros behind its end.
fn word(text: &[u8], at: usize) -> u128 {
    let rest = text.get(at..).unwrap_or_default();
    if let Some(whole) = rest.first_chunk::<WORD>() {
        return u128::from_le_bytes(*whole);
    }
    let rest = rest.iter().rev();
    rest.fold(0, |word, byte| word << 8 | u128::from(*byte))
}

/// Where the run of digits that begins at `from` ends, if within sixteen bytes.
pub(super) fn near_end(text: &[u8], from: usize) -> Option<usize> {
    let each = |byte: u8| u128::from_le_bytes([byte; WORD]);
    // Of a digit, and of nothing else below 128, less than ten is left.
    let values = word(text, from) ^ each(b'0');
    let others = (((values & each(0x7f)) + each(0x80 - 10)) | values) & each(0x80);
    let digits = usize::try_from(others.trailing_zeros() / 8).ok()?;
    (digits < WORD).then_some(from + digits)
}
