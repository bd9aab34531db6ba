//! The four shapes of leaked text that are measured.

use std::fmt::Write as _;

use super::dice::Dice;
use super::people::{KINDS, Person, spelled};
use super::words::Words;

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    /// Rows of 160 bytes with three identifiers each.
    Dense,
    /// `INSERT`s of 1 MB with password hashes, times and addresses of machines.
    Sql,
    /// Objects in objects, half of the lines with `\u` escapes.
    Json,
    /// Pages of notes with an identifier in every few.
    Prose,
}

impl Shape {
    pub(crate) const ALL: [Self; 4] = [Self::Dense, Self::Sql, Self::Json, Self::Prose];

    pub(crate) fn file(self) -> &'static str {
        match self {
            Self::Dense => "dense.csv",
            Self::Sql => "dump.sql",
            Self::Json => "rows.jsonl",
            Self::Prose => "prose.txt",
        }
    }

    pub(crate) fn words(self) -> &'static str {
        match self {
            Self::Dense => "dense CSV",
            Self::Sql => "SQL dump",
            Self::Json => "JSON lines",
            Self::Prose => "prose",
        }
    }

    /// What the file begins with.
    pub(crate) fn head(self) -> &'static str {
        match self {
            Self::Dense => "id,name,email,phone,hetu,street,postcode,city,notes\n",
            Self::Sql => SQL_HEAD,
            Self::Json | Self::Prose => "",
        }
    }
}

/// What stands in one record: somebody, with the identifiers of somebody listed in
/// the place of their own where these are planted.
pub(crate) struct Entry<'a> {
    pub(crate) number: u64,
    pub(crate) person: Person,
    pub(crate) planted: Option<&'a Person>,
    /// Which of the [`KINDS`] are the planted person's.
    pub(crate) carried: [bool; 4],
}

impl Entry<'_> {
    /// The identifier at `kind` of [`KINDS`], spelled by chance.
    fn identifier(&self, dice: &mut Dice, kind: usize) -> String {
        let of = match self.planted {
            Some(planted) if self.carried[kind] => planted,
            _ => &self.person,
        };
        spelled(dice, kind, &of.identifiers[kind])
    }
}

/// Writes records of one shape.
pub(crate) struct Writer {
    pub(crate) dice: Dice,
    words: Words,
    shape: Shape,
    /// Bytes of the `INSERT` that is being written.
    statement: usize,
}

impl Writer {
    pub(crate) fn new(shape: Shape) -> Self {
        Self {
            dice: Dice::new(20_201_021 + shape as u64),
            words: Words::new(),
            shape,
            statement: 0,
        }
    }

    /// Which of the [`KINDS`] the next planted person's record carries.
    pub(crate) fn carried(&mut self) -> [bool; 4] {
        if self.shape == Shape::Prose {
            let only = [0, 0, 0, 0, 1, 1, 2, 3][usize::try_from(self.dice.roll(8)).unwrap()];
            return [0, 1, 2, 3].map(|kind| kind == only);
        }
        let has_iban = self.shape == Shape::Json;
        match self.dice.roll(4) {
            0 | 1 => [true, true, true, has_iban],
            2 => [true, false, false, false],
            _ => [false, false, true, false],
        }
    }

    pub(crate) fn record(&mut self, entry: &Entry<'_>, out: &mut String) {
        match self.shape {
            Shape::Dense => self.dense(entry, out),
            Shape::Sql => self.sql(entry, out),
            Shape::Json => self.json(entry, out),
            Shape::Prose => self.prose(entry, out),
        }
    }

    fn dense(&mut self, entry: &Entry<'_>, out: &mut String) {
        let [email, phone, hetu] = [0, 1, 2].map(|kind| entry.identifier(&mut self.dice, kind));
        let person = &entry.person;
        let notes = self.words.notes(&mut self.dice);
        let quote = if notes.contains(',') { "\"" } else { "" };
        let _ = writeln!(
            out,
            "{},{},{email},{phone},{hetu},{},{},{},{quote}{notes}{quote}",
            entry.number, person.name, person.street, person.postcode, person.city
        );
    }

    fn sql(&mut self, entry: &Entry<'_>, out: &mut String) {
        let [email, phone, hetu] = [0, 1, 2].map(|kind| entry.identifier(&mut self.dice, kind));
        let (dice, person) = (&mut self.dice, &entry.person);
        out.push_str(if self.statement == 0 {
            "INSERT INTO `asiakas` VALUES "
        } else {
            ","
        });
        let hetu = match entry.planted {
            None if dice.is_under(30) => "NULL".to_owned(),
            _ => format!("'{hetu}'"),
        };
        let hash = dice.text(53, BASE64);
        let (time, address) = (time(dice, " "), address(dice));
        let notes = match self.words.notes(dice) {
            notes if notes.is_empty() => "NULL".to_owned(),
            notes => format!("'{notes}'"),
        };
        let _ = write!(
            out,
            "({},'{}','{email}','$2y$10${hash}','{phone}',{hetu},'{}','{}','{}','{time}','{address}',{},{notes})",
            10_000_000 + entry.number,
            person.name,
            person.street,
            person.postcode,
            person.city,
            dice.roll(4)
        );
        self.statement += out.len();
        if self.statement > 1_000_000 {
            out.push_str(";\n");
            self.statement = 0;
        }
    }

    fn json(&mut self, entry: &Entry<'_>, out: &mut String) {
        let [email, phone, hetu, iban] =
            [0, 1, 2, 3].map(|kind| entry.identifier(&mut self.dice, kind));
        let (dice, person) = (&mut self.dice, &entry.person);
        let is_escaped = dice.is_under(50);
        let text = |text: &str| {
            if is_escaped {
                escaped(text)
            } else {
                text.to_owned()
            }
        };
        let hetu = match entry.planted {
            None if dice.is_under(30) => "null".to_owned(),
            _ => format!("\"{hetu}\""),
        };
        let iban = if entry.carried[3] || dice.is_under(30) {
            format!(",\"iban\":\"{iban}\"")
        } else {
            String::new()
        };
        let _ = write!(
            out,
            "{{\"_id\":\"{}\",\"id\":{},\"name\":\"{}\",\"email\":\"{email}\",\"phones\":[\"{phone}\"],\"ssn\":{hetu}{iban}",
            dice.text(24, b"0123456789abcdef"),
            20_000_000 + entry.number,
            text(&person.name)
        );
        let _ = write!(
            out,
            ",\"address\":{{\"street\":\"{}\",\"postcode\":\"{}\",\"city\":\"{}\",\"country\":\"FI\"}}",
            text(&person.street),
            person.postcode,
            text(person.city)
        );
        let _ = write!(
            out,
            ",\"created_at\":\"{}.{:03}Z\",\"ts\":{},\"last_ip\":\"{}\",\"geo\":[{}.{:06},{}.{:06}]",
            time(dice, "T"),
            dice.roll(1000),
            1_300_000_000_000 + dice.roll(400_000_000_000),
            address(dice),
            dice.between(60, 69),
            dice.roll(1_000_000),
            dice.between(20, 30),
            dice.roll(1_000_000)
        );
        let _ = writeln!(
            out,
            ",\"flags\":{{\"newsletter\":{},\"verified\":{}}},\"bio\":\"{}\"}}",
            dice.is_under(50),
            dice.is_under(80),
            text(&self.words.notes(dice))
        );
    }

    fn prose(&mut self, entry: &Entry<'_>, out: &mut String) {
        let (dice, words) = (&mut self.dice, &self.words);
        let _ = writeln!(
            out,
            "{}.{}.{} klo {}.{:02} Käynti {}",
            dice.between(1, 28),
            dice.between(1, 12),
            dice.between(2009, 2020),
            dice.between(8, 17),
            dice.roll(4) * 15,
            entry.number % 60 + 1
        );
        for _ in 0..dice.between(3, 9) {
            for _ in 0..dice.between(3, 9) {
                words.sentence(dice, out);
                out.push(' ');
            }
            out.push('\n');
        }
        if entry.planted.is_some() || dice.is_under(25) {
            let planted = entry.carried.iter().position(|carried| *carried);
            let kind = planted.unwrap_or_else(|| usize::try_from(dice.roll(4)).unwrap());
            let identifier = entry.identifier(dice, kind);
            let before = match KINDS[kind] {
                "email" => "Asiakkaan sähköposti",
                "phone" => "Puh.",
                "iban" => "Tili",
                _ => "Hetu",
            };
            let _ = writeln!(out, "{before} {identifier}, sovittu.");
        }
        out.push('\n');
    }
}

fn time(dice: &mut Dice, between: &str) -> String {
    format!(
        "{}-{:02}-{:02}{between}{:02}:{:02}:{:02}",
        dice.between(2009, 2022),
        dice.between(1, 12),
        dice.between(1, 28),
        dice.roll(24),
        dice.roll(60),
        dice.roll(60)
    )
}

fn address(dice: &mut Dice) -> String {
    format!(
        "10.{}.{}.{}",
        dice.roll(256),
        dice.roll(256),
        dice.between(1, 254)
    )
}

/// As JSON writers do that trust nothing but ASCII.
fn escaped(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        if c.is_ascii() {
            out.push(c);
        } else {
            let _ = write!(out, "\\u{:04x}", u32::from(c));
        }
    }
    out
}

const BASE64: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789./";

const SQL_HEAD: &str = "\
-- MySQL dump 10.13  Distrib 5.7.33
/*!40101 SET NAMES utf8 */;
DROP TABLE IF EXISTS `asiakas`;
CREATE TABLE `asiakas` (
  `id` int(11) NOT NULL AUTO_INCREMENT,
  `nimi` varchar(120) DEFAULT NULL,
  `email` varchar(190) DEFAULT NULL,
  `salasana` varchar(72) DEFAULT NULL,
  `puh` varchar(32) DEFAULT NULL,
  `hetu` char(11) DEFAULT NULL,
  `katu` varchar(120),
  `pnro` char(5),
  `kaupunki` varchar(64),
  `luotu` datetime,
  `ip` varchar(45),
  `tila` tinyint(4),
  `muistiinpano` text,
  PRIMARY KEY (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8;
LOCK TABLES `asiakas` WRITE;
";
