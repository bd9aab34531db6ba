//! People who do not exist, and the ways in which their identifiers are written.
//!
//! Mailboxes are below the domains of RFC 2606, identity codes have the individual
//! numbers from 900 on, which no resident is given, accounts the unused bank group 9.

use super::dice::Dice;

/// The kinds of [`Person::identifiers`], by the names that reports use.
pub(crate) const KINDS: [&str; 4] = ["email", "phone", "fi-hetu", "iban"];

pub(crate) struct Person {
    pub(crate) name: String,
    pub(crate) street: String,
    pub(crate) postcode: String,
    pub(crate) city: &'static str,
    /// In canonical form, in the order of [`KINDS`].
    pub(crate) identifiers: [String; 4],
}

impl Person {
    /// Somebody by chance. No identifier of a listed person is one of somebody who
    /// is not: numbers of the listed are multiples of 8, those of others never.
    pub(crate) fn new(dice: &mut Dice, is_listed: bool) -> Self {
        let first = *dice.pick(FIRST);
        let last = format!("{}{}", dice.pick(ROOTS), dice.pick(ENDINGS));
        let (year, month, day) = (
            dice.between(1930, 2012),
            dice.between(1, 12),
            dice.between(1, 28),
        );
        let mut number = |below: u64| {
            let base = dice.roll(below / 8) * 8;
            if is_listed {
                base
            } else {
                base + 1 + dice.roll(7)
            }
        };
        let [tag, line, account] = [10_000, 10_000_000, 1_000_000_000_000].map(&mut number);
        let individual = 900 + number(96);
        Self {
            identifiers: [
                email(dice, first, &last, tag),
                format!("+358{}{line:07}", dice.pick(&[40, 41, 44, 45, 46, 50])),
                hetu(dice, [year, month, day], individual),
                iban(account),
            ],
            name: format!("{first} {last}"),
            street: format!(
                "{}{} {} {} {}",
                dice.pick(ROOTS),
                dice.pick(&["katu", "tie", "kuja", "polku", "raitti"]),
                dice.between(1, 140),
                dice.pick(&["A", "B", "C", "D"]),
                dice.between(1, 90)
            ),
            postcode: format!("{:05}", dice.between(10, 9999) * 10),
            city: *dice.pick(CITIES),
        }
    }
}

/// One of the spellings in which leaks have the identifier at `kind` of [`KINDS`].
pub(crate) fn spelled(dice: &mut Dice, kind: usize, canonical: &str) -> String {
    match KINDS[kind] {
        "email" => match dice.roll(12) {
            0 => canonical.to_ascii_uppercase(),
            1 => capitalised(canonical),
            _ => canonical.to_owned(),
        },
        "phone" => {
            let national = &canonical[4..];
            let (network, [middle, end]) = (&national[..2], [&national[2..5], &national[5..]]);
            match dice.roll(6) {
                0 => canonical.to_owned(),
                1 => format!("0{national}"),
                2 => format!("0{network} {middle} {end}"),
                3 => format!("0{network}-{middle}{end}"),
                4 => format!("+358 {network} {middle} {end}"),
                _ => format!("00358{national}"),
            }
        }
        "iban" if dice.is_under(40) => {
            let groups: Vec<&str> = (0..canonical.len())
                .step_by(4)
                .map(|at| &canonical[at..canonical.len().min(at + 4)])
                .collect();
            groups.join(" ")
        }
        _ => canonical.to_owned(),
    }
}

fn capitalised(text: &str) -> String {
    let mut is_first = true;
    let upper = |c: char| {
        let c = if is_first { c.to_ascii_uppercase() } else { c };
        is_first = c == '.' || c == '@';
        c
    };
    text.chars().map(upper).collect()
}

fn email(dice: &mut Dice, first: &str, last: &str, tag: u64) -> String {
    let [first, last] = [first, last].map(ascii);
    let local = match dice.roll(10) {
        0..=3 => format!("{first}.{last}{tag}"),
        4..=5 => format!("{}.{last}{tag}", &first[..1]),
        6 => format!("{first}_{last}{tag}"),
        7 => format!("{first}{last}{tag}"),
        8 => format!("{last}-{first}.{tag}"),
        _ => format!("{first}.{last}{tag}+{}", dice.pick(&["kauppa", "uutiset"])),
    };
    format!("{local}@{}", dice.pick(DOMAINS))
}

fn ascii(text: &str) -> String {
    let folded = text.chars().map(|c| match c {
        'ä' | 'å' | 'Ä' | 'Å' => 'a',
        'ö' | 'Ö' => 'o',
        c => c.to_ascii_lowercase(),
    });
    folded.collect()
}

fn hetu(dice: &mut Dice, [year, month, day]: [u64; 3], individual: u64) -> String {
    // Five more signs stand beside the hyphen, and beside the A, since 2023.
    let signs: &[u8] = if year < 2000 {
        b"------YXWVU"
    } else {
        b"AAAAAABCDEF"
    };
    let sign = char::from(*dice.pick(signs));
    let date = format!("{day:02}{month:02}{:02}", year % 100);
    let rest = format!("{date}{individual}").parse::<u64>().unwrap() % 31;
    let check = b"0123456789ABCDEFHJKLMNPRSTUVWXY"[usize::try_from(rest).unwrap()];
    format!("{date}{sign}{individual}{}", char::from(check))
}

/// The account with the 12 digits of `number`: ISO 7064 around Luhn's.
pub(crate) fn iban(number: u64) -> String {
    let digits = format!("9{number:012}");
    let luhn: u32 = digits
        .bytes()
        .rev()
        .enumerate()
        .map(|(at, digit)| {
            let value = u32::from(digit - b'0') * if at % 2 == 0 { 2 } else { 1 };
            if value > 9 { value - 9 } else { value }
        })
        .sum();
    let account = format!("{digits}{}", (10 - luhn % 10) % 10);
    // F is 15, I is 18, and the check digits are zeros while they are computed.
    let rest = format!("{account}151800")
        .bytes()
        .fold(0, |rest, digit| (rest * 10 + u32::from(digit - b'0')) % 97);
    format!("FI{:02}{account}", 98 - rest)
}

const FIRST: &[&str] = &[
    "Aada", "Aino", "Aleksi", "Anni", "Arvo", "Asko", "Eero", "Eeva", "Elina", "Emilia", "Esa",
    "Hanna", "Heikki", "Iida", "Inkeri", "Jaakko", "Jari", "Johanna", "Jouni", "Juhani", "Kaarina",
    "Kaisa", "Katja", "Kimmo", "Lauri", "Leena", "Maarit", "Markku", "Matti", "Mika", "Noora",
    "Oskari", "Outi", "Päivi", "Pekka", "Riikka", "Saara", "Seppo", "Sirpa", "Taina", "Tapio",
    "Teemu", "Tiina", "Tuomas", "Ulla", "Väinö", "Venla", "Ville", "Yrjö", "Åke", "Östen",
];
const ROOTS: &[&str] = &[
    "Koivu", "Mänty", "Järvi", "Lahti", "Niemi", "Vuori", "Suo", "Harju", "Ranta", "Saari",
    "Kallio", "Metsä", "Pelto", "Oja", "Laakso", "Kuusi", "Haapa", "Leppä", "Pihlaja", "Kettu",
    "Hirvi", "Kivi", "Lumi", "Tuuli", "Tähti", "Korpi", "Salo", "Joki", "Lampi", "Sumu",
];
const ENDINGS: &[&str] = &[
    "nen", "la", "lä", "mäki", "vaara", "koski", "salmi", "kangas", "maa", "pää", "virta", "kari",
    "linna", "aro", "luoma", "perä", "sto", "viita",
];
const CITIES: &[&str] = &[
    "Koivulahti",
    "Järvikylä",
    "Peltosaari",
    "Hirvikoski",
    "Ylämaa",
    "Kettula",
    "Vuorela",
    "Itäsuo",
    "Länsiharju",
    "Tähtiniemi",
];
const DOMAINS: &[&str] = &[
    "posti.example.com",
    "gmail.example.com",
    "mail.example.org",
    "luukku.example.net",
    "hotmail.example.com",
    "outlook.example.org",
    "suomi.example.net",
    "yahoo.example.com",
    "pp.example.org",
];
