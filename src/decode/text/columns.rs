//! The headings of a leaf, each once.

use std::collections::HashMap;

/// Headings of one leaf; further ones are not told apart.
const MOST: usize = 4096;
/// Bytes of a heading; what is longer is content, not a heading.
const LONGEST: usize = 128;

/// Names of columns, and their numbers.
#[derive(Default)]
pub(super) struct Columns {
    names: Vec<String>,
    numbers: HashMap<String, u16>,
    /// For each column, the one that followed it last time: records repeat their
    /// columns in one order, and comparing is cheaper than hashing.
    following: Vec<u16>,
    last: u16,
}

impl Columns {
    /// The names, in order of their numbers.
    pub(super) fn names(&self) -> &[String] {
        &self.names
    }

    /// The number of the column called `name`, new or known; `None` when there
    /// are too many, or it is too long for a heading.
    pub(super) fn number(&mut self, name: &[u8]) -> Option<u16> {
        let guess = self.following.get(usize::from(self.last)).copied();
        if let Some(guess) = guess
            && self
                .names
                .get(usize::from(guess))
                .is_some_and(|n| n.as_bytes() == name)
        {
            self.last = guess;
            return Some(guess);
        }
        let number = self.look_up(name)?;
        if let Some(following) = self.following.get_mut(usize::from(self.last)) {
            *following = number;
        }
        self.last = number;
        Some(number)
    }

    /// Adds a column at the end, even if there is one of that name.
    pub(super) fn add(&mut self, name: &[u8]) -> Option<u16> {
        let name = std::str::from_utf8(name).ok()?;
        if self.names.len() >= MOST || name.len() > LONGEST {
            return None;
        }
        let number = u16::try_from(self.names.len()).ok()?;
        self.names.push(name.to_owned());
        self.following.push(number);
        Some(number)
    }

    fn look_up(&mut self, name: &[u8]) -> Option<u16> {
        if name.is_empty() || name.len() > LONGEST {
            return None;
        }
        let text = std::str::from_utf8(name).ok()?;
        if let Some(number) = self.numbers.get(text) {
            return Some(*number);
        }
        let number = self.add(name)?;
        self.numbers.insert(text.to_owned(), number);
        Some(number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_keeps_its_number() {
        let mut columns = Columns::default();
        for _ in 0..3 {
            assert_eq!(columns.number(b"id"), Some(0));
            assert_eq!(columns.number(b"email"), Some(1));
            assert_eq!(columns.number(b"email"), Some(1));
        }
        assert_eq!(columns.names(), ["id", "email"]);
    }

    #[test]
    fn columns_are_bounded() {
        let mut columns = Columns::default();
        for n in 0..10_000 {
            columns.number(n.to_string().as_bytes());
        }
        assert_eq!(columns.names().len(), MOST);
        assert_eq!(columns.number(&[b'a'; LONGEST + 1]), None);
    }
}
