//! People who do not exist, from a seed.

/// A small generator of numbers (SplitMix64; Steele, Lea, Flood, OOPSLA 2014).
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    pub(crate) fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % sides
    }

    pub(crate) fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        from[usize::try_from(self.roll(from.len() as u64)).unwrap()]
    }

    pub(crate) fn digits(&mut self, count: usize) -> String {
        (0..count)
            .map(|_| char::from(b'0' + u8::try_from(self.roll(10)).unwrap()))
            .collect()
    }
}

#[derive(Debug, Clone)]
pub(crate) struct Person {
    pub(crate) reference: String,
    pub(crate) given: String,
    pub(crate) family: String,
    pub(crate) email: String,
    /// National: ten digits from 0.
    pub(crate) phone: String,
    pub(crate) hetu: String,
    pub(crate) iban: String,
    pub(crate) born: (u64, u64, u64),
}

const GIVEN: [&str; 12] = [
    "Aino", "Väinö", "Eeva", "Göran", "Åsa", "Pekka", "Märta", "Onni", "Sirkka", "Jörgen", "Hilja",
    "Tapio",
];
const FAMILY: [&str; 12] = [
    "Hämäläinen",
    "Sjöström",
    "Koskela",
    "Åkerlund",
    "Nieminen",
    "Björk",
    "Mäkelä",
    "Lindqvist",
    "Ylönen",
    "Saari",
    "Öhman",
    "Rautio",
];

/// `count` people, no two alike; `tag` keeps those of two calls apart.
pub(crate) fn people(dice: &mut Dice, tag: &str, count: usize) -> Vec<Person> {
    (0..count).map(|number| person(dice, tag, number)).collect()
}

fn person(dice: &mut Dice, tag: &str, number: usize) -> Person {
    let born = (1930 + dice.roll(70), 1 + dice.roll(12), 1 + dice.roll(28));
    Person {
        reference: format!("{tag}-{number}"),
        given: dice.pick(&GIVEN).to_owned(),
        family: dice.pick(&FAMILY).to_owned(),
        email: format!("{tag}.{number}.{}@example.org", dice.digits(4)),
        // 040, 044, 050: mobile numbers of seven further digits.
        phone: format!(
            "{}{}{}",
            dice.pick(&["040", "044", "050"]),
            2 + dice.roll(7),
            dice.digits(6)
        ),
        hetu: hetu(born, 900 + dice.roll(100)),
        iban: iban(&format!("9{}", dice.digits(13))),
        born,
    }
}

/// A Finnish personal identity code; numbers from 900 on are given to nobody.
pub(crate) fn hetu((year, month, day): (u64, u64, u64), number: u64) -> String {
    let century = if year < 2000 { '-' } else { 'A' };
    let digits = format!("{day:02}{month:02}{:02}{number:03}", year % 100);
    let check = usize::try_from(digits.parse::<u64>().unwrap() % 31).unwrap();
    let check = char::from(b"0123456789ABCDEFHJKLMNPRSTUVWXY"[check]);
    format!("{}{century}{}{check}", &digits[..6], &digits[6..])
}

/// A Finnish IBAN: check digits so that the whole is 1 modulo 97 (ISO 13616).
pub(crate) fn iban(account: &str) -> String {
    // F is 15 and I is 18.
    let number = format!("{account}151800");
    let rest = number.bytes().fold(0_u64, |rest, digit| {
        (rest * 10 + u64::from(digit - b'0')) % 97
    });
    format!("FI{:02}{account}", 98 - rest)
}

impl Person {
    /// `13.10.1952`
    pub(crate) fn born_finnish(&self) -> String {
        let (year, month, day) = self.born;
        format!("{day}.{month}.{year}")
    }

    /// `1952-10-13`
    pub(crate) fn born_iso(&self) -> String {
        let (year, month, day) = self.born;
        format!("{year}-{month:02}-{day:02}")
    }

    /// One of the spellings that a leak may use.
    pub(crate) fn phone_spelled(&self, way: usize) -> String {
        let (a, b, c) = (&self.phone[..3], &self.phone[3..6], &self.phone[6..]);
        match way % 6 {
            0 => self.phone.clone(),
            1 => format!("{a} {b} {c}"),
            2 => format!("+358 {} {b} {c}", &a[1..]),
            3 => format!("00358-{}-{b}{c}", &a[1..]),
            4 => format!("({a}) {b} {c}"),
            _ => format!("{a}-{b}{c}"),
        }
    }

    pub(crate) fn email_spelled(&self, way: usize) -> String {
        match way % 3 {
            0 => self.email.clone(),
            1 => self.email.to_uppercase(),
            _ => format!("mailto:{}", self.email),
        }
    }

    pub(crate) fn iban_spelled(&self, way: usize) -> String {
        if way.is_multiple_of(2) {
            return self.iban.clone();
        }
        let groups: Vec<&str> = (0..self.iban.len())
            .step_by(4)
            .map(|at| &self.iban[at..(at + 4).min(self.iban.len())])
            .collect();
        groups.join(" ")
    }

    pub(crate) fn hetu_spelled(&self, way: usize) -> String {
        if way % 3 == 1 {
            self.hetu.to_lowercase()
        } else {
            self.hetu.clone()
        }
    }
}
