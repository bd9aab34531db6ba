//! A leak in every format that is read, each file with people of its own.

use std::fmt::Write as _;
use std::io::{Cursor, Write as _};

use super::people::Person;

/// Writes `people` in one format; the spelling changes from one to the next.
type Writer = fn(&[Person]) -> Vec<u8>;

/// Every format by name.
pub(crate) const FORMATS: [(&str, Writer); 27] = [
    ("utf8.txt", |p| page(p).into_bytes()),
    ("utf8-bom.txt", |p| {
        [b"\xef\xbb\xbf", page(p).as_bytes()].concat()
    }),
    ("utf16le-bom.txt", |p| {
        [b"\xff\xfe", utf_16(&page(p), u16::to_le_bytes).as_slice()].concat()
    }),
    ("utf16be-bom.txt", |p| {
        [b"\xfe\xff", utf_16(&page(p), u16::to_be_bytes).as_slice()].concat()
    }),
    ("utf16le.txt", |p| utf_16(&page(p), u16::to_le_bytes)),
    ("utf16be.txt", |p| utf_16(&page(p), u16::to_be_bytes)),
    ("latin1.txt", |p| one_byte(&page(p), &[])),
    ("cp1252.csv", |p| {
        one_byte(&csv(p, ';'), &[('Š', 0x8a), ('ž', 0x9e)])
    }),
    ("latin9.csv", |p| {
        one_byte(&csv(p, ';'), &[('Š', 0xa6), ('ž', 0xb8)])
    }),
    ("comma.csv", |p| csv(p, ',').into_bytes()),
    ("tab.tsv", |p| csv(p, '\t').into_bytes()),
    ("pretty.json", |p| json(p).into_bytes()),
    ("lines.jsonl", |p| json_lines(p).into_bytes()),
    ("mysql.sql", |p| mysql(p).into_bytes()),
    ("postgres.sql", |p| postgres(p).into_bytes()),
    ("page.html", |p| html(p).into_bytes()),
    ("export.xml", |p| xml(p).into_bytes()),
    ("access.log", |p| percent(p).into_bytes()),
    ("rows.csv.gz", |p| gzip(csv(p, ',').as_bytes())),
    ("two-members.gz", |p| {
        let text = csv(p, ',');
        let half = text.len() / 2;
        [
            gzip(&text.as_bytes()[..half]),
            gzip(&text.as_bytes()[half..]),
        ]
        .concat()
    }),
    ("stored.zip", |p| {
        zip(
            &csv(p, ',').into_bytes(),
            zip::CompressionMethod::Stored,
            false,
        )
    }),
    ("deflated.zip", |p| {
        zip(
            &page(p).into_bytes(),
            zip::CompressionMethod::Deflated,
            false,
        )
    }),
    ("zip64.zip", |p| {
        zip(
            &json(p).into_bytes(),
            zip::CompressionMethod::Deflated,
            true,
        )
    }),
    ("streamed.zip", |p| zip_streamed(&csv(p, ',').into_bytes())),
    ("ustar.tar", |p| {
        tar(&page(p).into_bytes(), "short.txt", true)
    }),
    ("gnu.tar", |p| {
        tar(&page(p).into_bytes(), &"long/".repeat(50), false)
    }),
    ("home.tar.gz", |p| {
        let inner = zip(
            &gzip(csv(p, ',').as_bytes()),
            zip::CompressionMethod::Deflated,
            false,
        );
        gzip(&tar(&inner, "backup/old.zip", false))
    }),
];

fn page(people: &[Person]) -> String {
    let mut text = String::new();
    for (way, person) in people.iter().enumerate() {
        let _ = write!(
            text,
            "Potilas: {} {}\nSyntynyt: {}\nHenkilötunnus: {}\nPuhelin: {}\nSähköposti: <{}>,\nTili: {}\n\n",
            person.given,
            person.family,
            person.born_finnish(),
            person.hetu_spelled(way),
            person.phone_spelled(way),
            person.email_spelled(way),
            person.iban_spelled(way),
        );
    }
    text
}

fn csv(people: &[Person], delimiter: char) -> String {
    let mut text = [
        "id",
        "etunimi",
        "sukunimi",
        "syntymäaika",
        "hetu",
        "puhelin",
        "email",
        "tili",
        "muuta",
    ]
    .join(&delimiter.to_string());
    text.push('\n');
    for (way, person) in people.iter().enumerate() {
        let cells = [
            way.to_string(),
            person.given.to_uppercase(),
            person.family.clone(),
            person.born_iso(),
            person.hetu_spelled(way),
            person.phone_spelled(way),
            person.email_spelled(way),
            person.iban_spelled(way),
            "\"ei, \"\"mitään\"\"\nmuuta\"".to_owned(),
        ];
        text += &cells.join(&delimiter.to_string());
        text.push('\n');
    }
    text
}

fn object(way: usize, person: &Person) -> String {
    format!(
        "{{\"id\": {way}, \"name\": {{\"first\": \"{}\", \"last\": \"{}\"}}, \"born\": \"{}\", \"ssn\": \"{}\", \
         \"contact\": {{\"phones\": [\"{}\"], \"email\": \"{}\"}}, \"account\": \"{}\"}}",
        escape(&person.given),
        person.family,
        person.born_iso(),
        person.hetu_spelled(way),
        person.phone_spelled(way),
        person.email_spelled(way).replace(
            '@',
            if way.is_multiple_of(2) {
                "@"
            } else {
                "\\u0040"
            }
        ),
        person.iban_spelled(way),
    )
}

fn escape(text: &str) -> String {
    text.chars()
        .map(|c| {
            if c.is_ascii() {
                c.to_string()
            } else {
                format!("\\u{:04x}", u32::from(c))
            }
        })
        .collect()
}

fn json(people: &[Person]) -> String {
    let objects: Vec<String> = people
        .iter()
        .enumerate()
        .map(|(way, p)| object(way, p))
        .collect();
    format!(
        "{{\"clinic\": {{\"patients\": [\n{}\n]}}}}\n",
        objects.join(",\n")
    )
}

fn json_lines(people: &[Person]) -> String {
    people
        .iter()
        .enumerate()
        .map(|(way, p)| object(way, p) + "\n")
        .collect()
}

fn mysql(people: &[Person]) -> String {
    let rows: Vec<String> = people
        .iter()
        .enumerate()
        .map(|(way, p)| {
            format!(
                "({way},'{}','{}','{}','{}','{}','{}','{}',NULL,'it''s \\'quoted\\'')",
                p.given,
                p.family.to_uppercase(),
                p.born_iso(),
                p.hetu_spelled(way),
                p.phone_spelled(way),
                p.email_spelled(way),
                p.iban_spelled(way)
            )
        })
        .collect();
    format!(
        "-- MySQL dump 10.13\nCREATE TABLE `patients` (\n  `id` int NOT NULL,\n  `first` varchar(40),\n  `last` varchar(40),\n  \
         `born` date,\n  `ssn` char(11),\n  `phone` varchar(20),\n  `email` varchar(80),\n  `iban` varchar(34),\n  `x` text,\n  \
         `note` text\n) ENGINE=InnoDB;\nINSERT INTO `patients` VALUES {};\n",
        rows.join(",")
    )
}

fn postgres(people: &[Person]) -> String {
    let mut text = "-- PostgreSQL database dump\nCOPY public.patients (id, first, last, born, ssn, phone, email, iban, note) FROM stdin;\n".to_owned();
    for (way, p) in people.iter().enumerate() {
        let _ = writeln!(
            text,
            "{way}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t\\N",
            p.given,
            p.family,
            p.born_iso(),
            p.hetu_spelled(way),
            p.phone_spelled(way),
            p.email_spelled(way),
            p.iban_spelled(way)
        );
    }
    text + "\\.\n"
}

fn html(people: &[Person]) -> String {
    let mut text = "<!DOCTYPE html><html><head><title>x</title></head><body><table>\n".to_owned();
    for (way, p) in people.iter().enumerate() {
        let entities: String = p
            .family
            .chars()
            .map(|c| {
                if c.is_ascii() {
                    c.to_string()
                } else {
                    format!("&#{};", u32::from(c))
                }
            })
            .collect();
        let _ = writeln!(
            text,
            "<tr><td>{}</td><td><b>{entities}</b></td><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>",
            p.given.replace('ä', "&auml;").replace('ö', "&ouml;"),
            p.born_finnish(),
            p.hetu_spelled(way),
            p.phone_spelled(way),
            p.email_spelled(way).replace(
                '@',
                if way.is_multiple_of(2) {
                    "&#64;"
                } else {
                    "<wbr>@"
                }
            ),
            p.iban_spelled(way),
        );
    }
    text + "</table></body></html>\n"
}

fn xml(people: &[Person]) -> String {
    let mut text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<export><patients>\n".to_owned();
    for (way, p) in people.iter().enumerate() {
        let _ = writeln!(
            text,
            "<patient id=\"{way}\" email=\"{}\"><name><first>{}</first><last><![CDATA[{}]]></last></name><born>{}</born>\
             <ssn>{}</ssn><phone>{}</phone><account>{}</account></patient>",
            p.email_spelled(way).replace('@', "&#x40;"),
            p.given,
            p.family,
            p.born_iso(),
            p.hetu_spelled(way),
            p.phone_spelled(way),
            p.iban_spelled(way),
        );
    }
    text + "</patients></export>\n"
}

fn percent(people: &[Person]) -> String {
    let encode = |text: &str| -> String {
        text.bytes()
            .map(|b| {
                if b.is_ascii_alphanumeric() {
                    char::from(b).to_string()
                } else {
                    format!("%{b:02X}")
                }
            })
            .collect()
    };
    people
        .iter()
        .enumerate()
        .map(|(way, p)| {
            format!(
                "GET /book?name={}&born={}&ssn={}&phone={}&mail={}&iban={} HTTP/1.1\n",
                encode(&format!("{} {}", p.given, p.family)),
                encode(&p.born_iso()),
                encode(&p.hetu_spelled(way)),
                encode(&p.phone_spelled(way)),
                encode(&p.email_spelled(way)),
                encode(&p.iban_spelled(way)),
            )
        })
        .collect()
}

fn utf_16(text: &str, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
    text.encode_utf16().flat_map(bytes).collect()
}

/// ISO-8859-1 but for the characters that `others` places elsewhere.
fn one_byte(text: &str, others: &[(char, u8)]) -> Vec<u8> {
    text.chars()
        .map(|c| match others.iter().find(|(other, _)| *other == c) {
            Some((_, byte)) => *byte,
            None => u8::try_from(u32::from(c)).unwrap(),
        })
        .collect()
}

pub(crate) fn gzip(content: &[u8]) -> Vec<u8> {
    let mut out = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    out.write_all(content).unwrap();
    out.finish().unwrap()
}

fn zip(content: &[u8], method: zip::CompressionMethod, large: bool) -> Vec<u8> {
    let options = zip::write::SimpleFileOptions::default()
        .compression_method(method)
        .large_file(large);
    let mut out = zip::ZipWriter::new(Cursor::new(Vec::new()));
    out.start_file("../../inside", options).unwrap();
    out.write_all(content).unwrap();
    out.finish().unwrap().into_inner()
}

/// Sizes behind the data, as a writer leaves them that cannot seek.
fn zip_streamed(content: &[u8]) -> Vec<u8> {
    let mut out = zip::ZipWriter::new_stream(Vec::new());
    let options = zip::write::SimpleFileOptions::default();
    out.start_file("inside", options).unwrap();
    out.write_all(content).unwrap();
    out.finish().unwrap().into_inner()
}

fn tar(content: &[u8], name: &str, is_ustar: bool) -> Vec<u8> {
    let mut out = tar::Builder::new(Vec::new());
    let mut header = if is_ustar {
        tar::Header::new_ustar()
    } else {
        tar::Header::new_gnu()
    };
    header.set_size(content.len() as u64);
    header.set_mode(0o600);
    header.set_entry_type(tar::EntryType::Regular);
    out.append_data(&mut header, name.trim_end_matches('/'), content)
        .unwrap();
    out.into_inner().unwrap()
}
