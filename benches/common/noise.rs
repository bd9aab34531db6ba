//! Text in which nobody is: digits, UUIDs, times, log lines, source code, prose.

use std::fmt::Write as _;

use super::dice::Dice;
use super::words::Words;

/// Makes noise, block by block, each of one sort.
pub(crate) struct Noise {
    dice: Dice,
    words: Words,
}

/// Bytes of a block, or a little more.
const BLOCK: usize = 64 << 10;

impl Noise {
    pub(crate) fn new(seed: u64) -> Self {
        Self {
            dice: Dice::new(seed),
            words: Words::new(),
        }
    }

    /// Appends a block of one sort or another.
    pub(crate) fn block(&mut self, out: &mut String) {
        let end = out.len() + BLOCK;
        let line: fn(&mut Self, &mut String) = match self.dice.roll(6) {
            0 => Self::digits,
            1 => Self::uuids,
            2 => Self::times,
            3 => Self::log,
            4 => Self::source,
            _ => Self::prose,
        };
        while out.len() < end {
            line(self, out);
            out.push('\n');
        }
    }

    /// Runs of one to thirty digits, and what is written between numbers.
    fn digits(&mut self, out: &mut String) {
        for _ in 0..8 {
            let length = self.dice.between(1, 30);
            for _ in 0..length {
                out.extend(char::from_digit(self.digit(10), 10));
            }
            out.push_str(
                self.dice
                    .pick::<&str>(&[" ", ",", ";", "\t", "-", ".", ":", " - ", "/"]),
            );
        }
    }

    fn digit(&mut self, radix: u64) -> u32 {
        u32::try_from(self.dice.roll(radix)).unwrap()
    }

    fn hex(&mut self, length: usize, out: &mut String) {
        for _ in 0..length {
            out.extend(char::from_digit(self.digit(16), 16));
        }
    }

    fn uuids(&mut self, out: &mut String) {
        for length in [8, 4, 4, 4, 12] {
            self.hex(length, out);
            out.push('-');
        }
        out.pop();
    }

    /// Seconds, milliseconds and microseconds since 1970, and times of a clock.
    fn times(&mut self, out: &mut String) {
        let seconds = self.dice.between(900_000_000, 1_800_000_000);
        let fraction = self.dice.roll(1_000_000);
        let [month, day] = [12, 28].map(|most| self.dice.between(1, most));
        let [hour, minute, second] = [24, 60, 60].map(|most| self.dice.roll(most));
        let year = self.dice.between(1990, 2026);
        let _ = write!(
            out,
            "{seconds} {seconds}{:03} {seconds}{fraction:06} {seconds}.{fraction:06} \
             {year}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{fraction:06}Z \
             {day:02}/{month:02}/{year} {year}{month:02}{day:02}{hour:02}{minute:02}{second:02}",
            fraction / 1000
        );
    }

    fn log(&mut self, out: &mut String) {
        let part = |dice: &mut Dice| dice.roll(256);
        let address = [(); 4].map(|()| part(&mut self.dice).to_string()).join(".");
        let [status, bytes, pid] = [600, 10_000_000, 4_000_000].map(|most| self.dice.roll(most));
        self.times(out);
        let _ = write!(out, " {address} [{pid}] \"GET /");
        self.words.phrase(&mut self.dice, 1, out);
        let _ = write!(out, "/{bytes}?id=");
        self.hex(32, out);
        let _ = write!(
            out,
            " HTTP/1.1\" {status} {bytes} {}ms",
            self.dice.roll(100_000)
        );
    }

    fn source(&mut self, out: &mut String) {
        let number = self.dice.bits() >> self.dice.roll(63);
        match self.dice.roll(5) {
            0 => {
                let _ = write!(
                    out,
                    "const X{}: u64 = {number}; // 0x{number:x}",
                    number % 1000
                );
            }
            1 => {
                let _ = write!(
                    out,
                    "  v[{}] = {}.{:09};",
                    number % 100,
                    number % 10,
                    number % 1_000_000_000
                );
            }
            2 => {
                let _ = write!(out, "#define A{} 0x{number:016X}UL", number % 10_000);
            }
            3 => {
                let _ = write!(out, "  {{\"id\": {number}, \"sha\": \"");
                self.hex(40, out);
                out.push_str("\"},");
            }
            _ => {
                out.push_str("    return ");
                self.words.phrase(&mut self.dice, 1, out);
                let _ = write!(out, "_{}({number}, {});", number % 100, number % 7);
            }
        }
    }

    fn prose(&mut self, out: &mut String) {
        for _ in 0..5 {
            self.words.sentence(&mut self.dice, out);
            out.push(' ');
        }
    }
}
