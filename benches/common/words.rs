//! Words that look like Finnish and mean nothing.

use super::dice::Dice;

/// Words, the frequent ones first.
pub(crate) struct Words(Vec<String>);

impl Words {
    pub(crate) fn new() -> Self {
        let mut dice = Dice::new(0x770c);
        // A word never mixes the vowels of both halves of the alphabet.
        let word = |_| {
            let (vowels, ends) = if dice.is_under(60) {
                (BACK, ["n", "ssa", "sta", "lla", "ksi", "t", "nut", ""])
            } else {
                (FRONT, ["n", "ssä", "stä", "llä", "ksi", "t", "nyt", ""])
            };
            let mut word = String::new();
            for _ in 0..dice.between(1, 3) {
                word.push_str(dice.pick::<&str>(CONSONANTS));
                word.push_str(dice.pick::<&str>(vowels));
            }
            word + *dice.pick(&ends)
        };
        Self((0..1 << 15).map(word).collect())
    }

    fn word(&self, dice: &mut Dice) -> &str {
        // Every doubling of the rank is as frequent, which is nearly Zipf's law.
        let octave = dice.roll(15);
        let rank = (1 << octave) + dice.roll(1 << octave);
        &self.0[usize::try_from(rank).unwrap()]
    }

    /// Appends words without a full stop.
    pub(crate) fn phrase(&self, dice: &mut Dice, count: u64, out: &mut String) {
        for number in 0..count {
            if number > 0 {
                out.push(' ');
            }
            out.push_str(self.word(dice));
        }
    }

    /// Appends a sentence, in which a comma or a number stands now and then.
    pub(crate) fn sentence(&self, dice: &mut Dice, out: &mut String) {
        let mut letters = self.word(dice).chars();
        out.extend(letters.next().into_iter().flat_map(char::to_uppercase));
        out.push_str(letters.as_str());
        for _ in 0..dice.between(4, 17) {
            if dice.is_under(8) {
                out.push(',');
            }
            if dice.is_under(1) {
                out.push(' ');
                out.push_str(&dice.between(1, 120).to_string());
            }
            out.push(' ');
            out.push_str(self.word(dice));
        }
        out.push(if dice.is_under(20) { '?' } else { '.' });
    }

    /// What somebody wrote in the last column: often nothing.
    pub(crate) fn notes(&self, dice: &mut Dice) -> String {
        let mut notes = String::new();
        match dice.roll(10) {
            0..=4 => {}
            5..=7 => {
                let count = dice.between(1, 5);
                self.phrase(dice, count, &mut notes);
            }
            _ => self.sentence(dice, &mut notes),
        }
        notes
    }
}

const CONSONANTS: &[&str] = &[
    "k", "t", "p", "s", "l", "n", "m", "r", "v", "h", "j", "kk", "tt", "ss", "ll", "nn", "nt",
    "lk", "st", "rt", "mm",
];
const BACK: &[&str] = &[
    "a", "o", "u", "i", "e", "aa", "uu", "ii", "ai", "oi", "uo", "ie", "au",
];
const FRONT: &[&str] = &[
    "ä", "ö", "y", "i", "e", "ää", "yy", "ii", "äi", "öi", "yö", "ie",
];
