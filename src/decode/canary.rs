//! Small artefacts of every format, with the same values planted in each.

use std::fmt::Write as _;
use std::io::Write as _;

/// One artefact of each format; every one of `values` is in each.
///
/// The values are canonical forms of identifiers: letters, digits and plain
/// punctuation, so that no format needs to escape them.
pub fn artefacts(values: &[&str]) -> Vec<Vec<u8>> {
    let text = values.join("\n\n") + "\n";
    let texts = [
        text.clone(),
        csv(values),
        json(values),
        sql(values),
        html(values),
        xml(values),
    ];
    let mut artefacts: Vec<Vec<u8>> = texts.into_iter().map(String::into_bytes).collect();
    artefacts.push(utf_16(&text));
    artefacts.push(gzip(text.as_bytes()));
    artefacts.push(tar(text.as_bytes()));
    artefacts.push(zip(text.as_bytes()));
    artefacts.push(gzip(&tar(&zip(text.as_bytes()))));
    artefacts
}

fn csv(values: &[&str]) -> String {
    let mut text = String::from("number,value,note\n");
    for (number, value) in values.iter().enumerate() {
        let _ = writeln!(text, "{number},{value},-");
    }
    text
}

fn json(values: &[&str]) -> String {
    let mut text = String::new();
    for value in values {
        let _ = writeln!(text, "{{\"value\": \"{value}\"}}");
    }
    text
}

fn sql(values: &[&str]) -> String {
    let mut text = String::from("INSERT INTO `canary` (`id`, `value`) VALUES ");
    for (number, value) in values.iter().enumerate() {
        let comma = if number == 0 { "" } else { "," };
        let _ = write!(text, "{comma}({number},'{value}')");
    }
    text.push_str(";\n");
    text
}

fn html(values: &[&str]) -> String {
    let mut text = String::from("<!DOCTYPE html>\n<html><body>\n");
    for value in values {
        let _ = writeln!(text, "<p>{value}</p>");
    }
    text.push_str("</body></html>\n");
    text
}

fn xml(values: &[&str]) -> String {
    let mut text = String::from("<?xml version=\"1.0\"?>\n<list>\n");
    for value in values {
        let _ = writeln!(text, "<row><value>{value}</value></row>");
    }
    text.push_str("</list>\n");
    text
}

fn utf_16(text: &str) -> Vec<u8> {
    let mut bytes = vec![0xff, 0xfe];
    bytes.extend(text.encode_utf16().flat_map(u16::to_le_bytes));
    bytes
}

// Writing to memory does not fail; were it to, the canaries in it would be
// missed, and the run would say so.
fn gzip(content: &[u8]) -> Vec<u8> {
    let mut out = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    let _ = out.write_all(content);
    out.finish().unwrap_or_default()
}

fn tar(content: &[u8]) -> Vec<u8> {
    let mut out = ::tar::Builder::new(Vec::new());
    let mut header = ::tar::Header::new_gnu();
    header.set_size(content.len() as u64);
    header.set_mode(0o600);
    let _ = out.append_data(&mut header, "canary", content);
    out.into_inner().unwrap_or_default()
}

/// A zip archive of one deflated member, as section 4.3 of APPNOTE.TXT has it.
fn zip(content: &[u8]) -> Vec<u8> {
    let name = b"canary";
    let mut crc = flate2::Crc::new();
    crc.update(content);
    let mut deflated = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::fast());
    let _ = deflated.write_all(content);
    let packed = deflated.finish().unwrap_or_default();
    let size = |bytes: &[u8]| u32::try_from(bytes.len()).unwrap_or(u32::MAX).to_le_bytes();
    // Version 2.0, no flags, deflate, 1 January 1980, sizes, lengths of the name
    // and of nothing.
    let common = [
        &[20, 0, 0, 0, 8, 0, 0, 0, 0x21, 0],
        crc.sum().to_le_bytes().as_slice(),
        &size(&packed),
        &size(content),
        &[6, 0, 0, 0],
    ]
    .concat();
    let local = [b"PK\x03\x04", common.as_slice(), name, &packed].concat();
    let central = [b"PK\x01\x02\x14\0", common.as_slice(), &[0; 14], name].concat();
    let end = [
        b"PK\x05\x06\0\0\0\0\x01\0\x01\0".as_slice(),
        &size(&central),
        &size(&local),
        &[0, 0],
    ]
    .concat();
    [local, central, end].concat()
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Read as _};

    use super::*;

    #[test]
    fn other_readers_unpack_the_archives() {
        let mut archive = ::zip::ZipArchive::new(Cursor::new(zip(b"content"))).unwrap();
        let mut text = String::new();
        archive
            .by_index(0)
            .unwrap()
            .read_to_string(&mut text)
            .unwrap();
        assert_eq!(text, "content");
    }

    #[test]
    fn every_value_is_in_every_artefact_of_text() {
        for artefact in artefacts(&["a@b.example", "13"]).iter().take(6) {
            let text = String::from_utf8_lossy(artefact);
            assert!(text.contains("a@b.example") && text.contains("13"));
        }
    }
}
