//! Turns one row of a list into canonical forms: the same ones whenever it is read.

use std::borrow::Cow;

use super::column::Role;
use super::people::Row;
use super::{date, person};
use crate::base::{Family, Kind, Regions, Unusable, Variant};

/// The kind that is put together from several columns, besides people.
const ADDRESS: &str = "address";

/// Takes what a row holds.
pub(super) trait Sink {
    /// A canonical form of `kind`.
    fn identifier(&mut self, kind: &'static Kind, canonical: &str);
    /// A cell that cannot be read, by its column's heading.
    fn reject(&mut self, heading: &str, reason: &'static str);
    /// A date that was read day first and could be meant month first.
    fn ambiguous_date(&mut self);
}

/// Which canonical forms of a name are made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Names {
    /// Those that go on a list.
    Listed,
    /// Those that could have been put on one under any heading.
    Sought,
}

/// How rows are read.
pub(super) struct Rules<'a> {
    /// The kinds that are made.
    pub(super) kinds: &'a [&'static Kind],
    /// Whose national notations are read, the first one that fits.
    pub(super) regions: &'a Regions,
    pub(super) names: Names,
}

/// What the cells of one row say about the person.
#[derive(Default)]
struct Somebody<'a> {
    names: Vec<&'a str>,
    given: Vec<&'a str>,
    family: Vec<&'a str>,
    born: Option<String>,
    /// The heading under which a name stands.
    heading: &'a str,
    home: Home<'a>,
}

/// What the cells of one row say about where the person lives.
#[derive(Default)]
struct Home<'a> {
    /// Streets or whole addresses, and their headings.
    streets: Vec<(&'a str, &'a str)>,
    number: Option<&'a str>,
    postcode: Option<&'a str>,
}

impl Rules<'_> {
    /// Hands what `row` holds to `sink`.
    pub(super) fn read(&self, row: &Row<'_>, sink: &mut dyn Sink) {
        let person = self.kinds.iter().find(|kind| kind.name == "person");
        let mut somebody = Somebody::default();
        let mut born_by_code = None;
        for (heading, role, cell) in row.cells() {
            let visible = visible(cell);
            if cell.contains('\u{fffd}') && role != Role::Ignore {
                sink.reject(heading, "the cell does not fit the file's encoding");
                continue;
            }
            match role {
                Role::Ref | Role::Ignore => {}
                Role::Name => somebody.add_name(heading, cell, |it| &mut it.names),
                Role::FirstName => somebody.add_name(heading, cell, |it| &mut it.given),
                Role::LastName => somebody.add_name(heading, cell, |it| &mut it.family),
                Role::DateOfBirth if person.is_none() || somebody.born.is_some() => {}
                Role::DateOfBirth => match date::parse(&visible) {
                    Ok(date) => {
                        if date.is_ambiguous {
                            sink.ambiguous_date();
                        }
                        somebody.born = Some(date.iso);
                    }
                    Err(reason) => sink.reject(heading, reason),
                },
                Role::Street => somebody.home.streets.push((heading, cell)),
                Role::Kind(kind) if kind.name == ADDRESS => {
                    somebody.home.streets.push((heading, cell));
                }
                Role::HouseNumber => somebody.home.number = Some(cell),
                Role::Postcode => somebody.home.postcode = Some(cell),
                Role::Kind(kind) => {
                    let born = kind.born;
                    if !(self.kinds.contains(&kind) || born.is_some() && person.is_some()) {
                        continue;
                    }
                    let Some(canonical) = self.read_cell(kind, heading, &visible, sink) else {
                        continue;
                    };
                    let told = born.and_then(|born| born(&canonical));
                    born_by_code = born_by_code.or(told.map(|date| date.to_string()));
                }
            }
        }
        somebody.born = somebody.born.or(born_by_code);
        if let Some(person) = person {
            self.read_person(person, &somebody, sink);
        }
        if let Some(address) = self.kinds.iter().find(|kind| kind.name == ADDRESS) {
            self.read_home(address, &somebody.home, sink);
        }
    }

    /// Hands on the addresses: whole ones, and those that the postcode makes whole.
    fn read_home(&self, kind: &'static Kind, home: &Home<'_>, sink: &mut dyn Sink) {
        for (heading, street) in &home.streets {
            let street = visible(street);
            let whole = self.forms(kind, &street).or_else(|reason| {
                let Some(postcode) = home.postcode else {
                    return Err(reason);
                };
                let (number, postcode) = (home.number.unwrap_or_default(), padded(postcode));
                let before = self.forms(kind, &format!("{street} {number}, {postcode}"));
                before.or_else(|reason| {
                    let first = self.forms(kind, &format!("{number} {street}, {postcode}"));
                    first.map_err(|_| reason)
                })
            });
            match whole {
                Ok(forms) => forms.iter().for_each(|form| sink.identifier(kind, form)),
                Err(reason) => sink.reject(heading, reason.0),
            }
        }
    }

    /// Hands on what `cell` holds, and gives back its first exact form.
    fn read_cell(
        &self,
        kind: &'static Kind,
        heading: &str,
        cell: &str,
        sink: &mut dyn Sink,
    ) -> Option<String> {
        let (forms, reject) = self.values(kind, cell);
        if let Some(reason) = reject {
            sink.reject(heading, reason);
        }
        if self.kinds.contains(&kind) {
            for form in &forms {
                sink.identifier(kind, form);
            }
        }
        forms.into_iter().next()
    }

    /// The forms of all values in `cell`, and why some of it or all was left out.
    ///
    /// A cell may hold several values. Where a reading of the whole would drop what
    /// stands behind the first (as an extension of a number, as a name before an
    /// address), and all parts can be read, they are meant.
    fn values(&self, kind: &Kind, cell: &str) -> (Vec<String>, Option<&'static str>) {
        let of_parts = |is_between: fn(char) -> bool| -> Vec<Option<Vec<String>>> {
            cell.split(is_between)
                .filter(|part| part.contains(char::is_alphanumeric))
                .map(|part| self.forms(kind, part.trim()).ok())
                .collect()
        };
        let all = |is_between: fn(char) -> bool| -> Option<Vec<String>> {
            let parts = of_parts(is_between);
            let forms: Option<Vec<_>> = parts.into_iter().collect();
            forms
                .filter(|forms| forms.len() > 1)
                .map(|forms| forms.concat())
        };
        let is_several = kind.family != Family::Composite;
        let is_listed = |c| matches!(c, ';' | '|' | '>' | '\n');
        let is_comma = |c| matches!(c, ';' | '|' | '>' | '\n' | ',');
        let is_loose = |c: char| matches!(c, ';' | '|' | '>' | ',' | '/') || c.is_whitespace();
        if is_several
            && cell.contains(is_comma)
            && let Some(forms) = all(is_listed).or_else(|| all(is_comma))
        {
            return (forms, None);
        }
        let why = match self.forms(kind, cell) {
            Ok(forms) => return (forms, None),
            Err(unusable) => unusable.0,
        };
        if !is_several {
            return (Vec::new(), Some(why));
        }
        // `040 123 4567 / 050 765 4321`, then `anna@example.fi bo@example.fi`.
        if let Some(forms) = all(|c| c == '/').or_else(|| all(is_loose)) {
            return (forms, None);
        }
        // `040 123 4567 (home)`.
        if let Some((value, remark)) = cell.split_once('(')
            && remark.find(')') == Some(remark.len() - 1)
            && !remark.contains(|c: char| c.is_numeric() || c == '@')
            && let Ok(forms) = self.forms(kind, value.trim())
        {
            return (forms, None);
        }
        // Not at a comma: `3,58401E+11` is no list.
        let forms: Vec<String> = of_parts(is_listed)
            .into_iter()
            .flatten()
            .flatten()
            .collect();
        let reason = if forms.is_empty() {
            why
        } else {
            "one of several values in the cell cannot be read"
        };
        (forms, Some(reason))
    }

    /// The forms of one value.
    ///
    /// Only the first exact one is listed: a listed form of a second region would be
    /// the number of somebody else. So are those that name the same mailbox.
    fn forms(&self, kind: &Kind, text: &str) -> Result<Vec<String>, Unusable> {
        let mut forms: Vec<String> = Vec::new();
        kind.read(text, self.regions, &mut |form, variant| {
            // `person`, from one cell, has a form for each pair of names.
            let is_first = forms.is_empty() || kind.name == "person";
            if variant == Variant::ProviderAlias || variant == Variant::Exact && is_first {
                forms.push(form.to_owned());
            }
        })?;
        Ok(forms)
    }

    fn read_person(&self, kind: &'static Kind, somebody: &Somebody<'_>, sink: &mut dyn Sink) {
        let Some(born) = &somebody.born else {
            return;
        };
        let (given, family) = (somebody.given.join(" "), somebody.family.join(" "));
        let mut forms = Vec::new();
        if !given.is_empty() && !family.is_empty() {
            forms.extend(person::pairs(&given, &family, born));
        }
        for name in &somebody.names {
            forms.extend(person::pairs_of_name(name, born));
        }
        if self.names == Names::Sought {
            let whole = [given, family].join(" ");
            for name in somebody.names.iter().copied().chain([whole.as_str()]) {
                forms.extend(person::all_pairs(name, born));
            }
        }
        for form in &forms {
            sink.identifier(kind, form);
        }
        if forms.is_empty() && somebody.has_name() {
            sink.reject(somebody.heading, "a name has two parts at least");
        }
    }
}

/// A postcode with the zeros that a spreadsheet took from its front: no country's has
/// three digits, and those of four that begin with none are written with four.
fn padded(postcode: &str) -> Cow<'_, str> {
    let postcode = postcode.trim();
    let is_cut = postcode.len() == 3 && postcode.bytes().all(|byte| byte.is_ascii_digit());
    if is_cut {
        return Cow::Owned(format!("00{postcode}"));
    }
    Cow::Borrowed(postcode)
}

/// `cell` without characters that cannot be seen, which come along from address
/// books and web pages, and without what keeps a spreadsheet from calculating: an
/// apostrophe in front, or `="…"` around.
fn visible(cell: &str) -> Cow<'_, str> {
    // Soft hyphen, zero width, marks and embeddings of direction, word joiner, BOM.
    let is_unseen = |c| {
        matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{2064}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
    };
    if cell.contains(is_unseen) {
        let seen: String = cell.chars().filter(|c| !is_unseen(*c)).collect();
        return Cow::Owned(calculated(seen.trim()).to_owned());
    }
    Cow::Borrowed(calculated(cell))
}

fn calculated(cell: &str) -> &str {
    let quoted = cell
        .strip_prefix("=\"")
        .and_then(|cell| cell.strip_suffix('"'));
    quoted
        .or_else(|| cell.strip_prefix('\''))
        .unwrap_or(cell)
        .trim()
}

impl<'a> Somebody<'a> {
    fn add_name(
        &mut self,
        heading: &'a str,
        cell: &'a str,
        part: impl Fn(&mut Self) -> &mut Vec<&'a str>,
    ) {
        self.heading = heading;
        part(self).push(cell);
    }

    fn has_name(&self) -> bool {
        !(self.names.is_empty() && self.given.is_empty() && self.family.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What `cell` is read as in Finland; the end of the list tells of a reject.
    fn read(kind: &str, cell: &str) -> Vec<String> {
        let kind = crate::fingerprint::kinds::named(kind).unwrap();
        let rules = Rules {
            kinds: &[kind],
            regions: &Regions::parse(["FI"]).unwrap(),
            names: Names::Listed,
        };
        let (mut forms, reject) = rules.values(kind, &visible(cell));
        forms.extend(reject.map(|_| "reject".to_owned()));
        forms
    }

    #[test]
    fn every_value_of_a_cell_with_several_is_read() {
        for cell in [
            "a@example.fi; b@example.fi",
            "a@example.fi / B@example.fi",
            "a@example.fi,b@example.fi,",
            "a@example.fi b@example.fi",
            "a@example.fi\nb@example.fi",
            "Ek, A <a@example.fi>, Ek, B <b@example.fi>",
            "A <a@example.fi> B <b@example.fi>",
            "a@example.fi (b@example.fi)",
        ] {
            assert_eq!(
                read("email", cell),
                ["a@example.fi", "b@example.fi"],
                "{cell}"
            );
        }
        for cell in [
            "040 123 4567, 050 765 4321",
            "+358401234567; +358507654321",
            "040 123 4567 / 050-7654321",
            "0401234567/0507654321",
            "0401234567 0507654321",
        ] {
            let both = ["+358401234567", "+358507654321"];
            assert_eq!(read("phone", cell), both, "{cell}");
        }
    }

    #[test]
    fn one_value_is_not_taken_apart() {
        for cell in [
            "Ek, A <a@example.fi>",
            "a@example.fi;",
            "a@example.fi (home)",
        ] {
            assert_eq!(read("email", cell), ["a@example.fi"], "{cell}");
        }
        assert_eq!(read("email", "a/b@example.fi"), ["a/b@example.fi"]);
        for cell in [
            "040/123 4567",
            "040 1234567, ext 12",
            "040 1234567 (koti)",
            "040 1234567;ext=1",
        ] {
            assert_eq!(read("phone", cell), ["+358401234567"], "{cell}");
        }
    }

    #[test]
    fn an_address_is_listed_under_all_names_of_its_mailbox() {
        assert_eq!(
            read("email", "An.Na@Googlemail.com"),
            ["an.na@googlemail.com", "anna@gmail.com"]
        );
        assert_eq!(read("email", "anna@gmail.com"), ["anna@gmail.com"]);
        assert_eq!(
            read("email", "anna (at) example (dot) fi"),
            ["anna@example.fi"]
        );
    }

    #[test]
    fn what_cannot_be_read_beside_other_values_is_a_reject() {
        assert_eq!(
            read("email", "a@example.fi; b@"),
            ["a@example.fi", "reject"]
        );
        assert_eq!(read("email", "a@; b@"), ["reject"]);
        assert_eq!(read("phone", "3,58401E+11"), ["reject"]);
    }

    #[test]
    fn an_address_is_read_from_one_cell_or_several() {
        struct Read(Vec<String>);
        impl Sink for Read {
            fn identifier(&mut self, _: &'static Kind, canonical: &str) {
                self.0.push(canonical.to_owned());
            }
            fn reject(&mut self, heading: &str, reason: &'static str) {
                self.0.push(format!("{heading}: {reason}"));
            }
            fn ambiguous_date(&mut self) {}
        }
        let read = |street, number, postcode| {
            let kind = crate::fingerprint::kinds::named(ADDRESS).unwrap();
            let rules = Rules {
                kinds: &[kind],
                regions: &Regions::parse(["FI", "GB"]).unwrap(),
                names: Names::Listed,
            };
            let home = Home {
                streets: vec![("street", street)],
                number,
                postcode,
            };
            let mut read = Read(Vec::new());
            rules.read_home(kind, &home, &mut read);
            read.0
        };
        let expected = ["mannerheimintie 10 00100"];
        assert_eq!(
            read("Mannerheimintie 10 A 5, 00100 Helsinki", None, None),
            expected
        );
        assert_eq!(
            read("Mannerheimintie 10 A 5", None, Some("00100")),
            expected
        );
        assert_eq!(
            read("Mannerheimintie", Some("10"), Some("00100 Helsinki")),
            expected
        );
        // A spreadsheet's number.
        assert_eq!(read("Mannerheimintie 10", None, Some("100")), expected);
        assert_eq!(
            read("Downing St", Some("10"), Some("SW1A 2AA")),
            ["downingstreet 10 sw1a2aa"]
        );
        assert_eq!(
            read("PL 12", None, Some("00101")),
            ["street: a PO box is no address"]
        );
    }

    #[test]
    fn what_cannot_be_seen_and_what_a_spreadsheet_needs_does_not_count() {
        for cell in [
            "\u{202a}+358 40 123 4567\u{202c}",
            "040\u{200b}1234567\u{feff}",
            "'0401234567",
            "=\"0401234567\"",
        ] {
            assert_eq!(read("phone", cell), ["+358401234567"], "{cell:?}");
        }
        assert_eq!(read("fi-hetu", "'131052-308T\u{200e}"), ["131052-308T"]);
    }
}
