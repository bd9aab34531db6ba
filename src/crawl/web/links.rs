//! The links of a page.
//!
//! | in  | the first bytes of an HTML page                                      |
//! |-----|----------------------------------------------------------------------|
//! | out | every reference that it makes, as it stands there, and its base      |
//! | not | a tree: pages are hostile, and building one can take quadratic space |
//!
//! The tags are found by one linear walk that follows the tokenizer of the HTML
//! Standard (section 13.2.5); each tag that may hold a link is then read by the
//! HTML parser on its own. Nested formatting elements, which a tree builder copies
//! into every paragraph that follows, cost nothing that way.

use std::borrow::Cow;

use encoding_rs::{Encoding, UTF_8, WINDOWS_1252};
use scraper::Html;

/// Bytes of a tag. The parser compares each attribute with all before it, so a tag
/// without end would take quadratic time.
const LONGEST_TAG: usize = 16 << 10;
/// Bytes in which a page names its character set (HTML Standard, section 13.2.3.2).
const PRESCAN: usize = 1024;

/// Elements whose content is text, whatever it looks like.
const RAW: [&str; 5] = ["script", "style", "textarea", "title", "xmp"];

/// The attributes that hold links.
const LINKS: [(&str, &[&str]); 14] = [
    ("a", &["href"]),
    ("area", &["href"]),
    ("audio", &["src"]),
    ("embed", &["src"]),
    ("frame", &["src"]),
    ("iframe", &["src"]),
    ("img", &["src"]),
    ("link", &["href"]),
    ("meta", &["content"]),
    ("object", &["data"]),
    ("script", &["src"]),
    ("source", &["src"]),
    ("track", &["src"]),
    ("video", &["src", "poster"]),
];

/// A page, decoded.
pub(super) struct Page<'a> {
    text: Cow<'a, str>,
}

impl<'a> Page<'a> {
    /// Decodes `bytes`, in the character set called `charset` unless they say otherwise.
    pub(super) fn new(bytes: &'a [u8], charset: Option<&str>) -> Self {
        Self {
            text: text(bytes, charset),
        }
    }

    /// The first `<base href>`. It holds for all links, also for those above it.
    pub(super) fn base(&self) -> Option<String> {
        let mut tags = Tags::new(&self.text);
        while let Some((name, attributes)) = tags.next_tag() {
            if name.eq_ignore_ascii_case("base") && attributes.len() <= LONGEST_TAG {
                let mut base = None;
                read(name, &["href"], attributes, &mut |href| {
                    base = Some(href.to_owned());
                });
                if base.is_some() {
                    return base;
                }
            }
        }
        None
    }

    /// Passes each reference to `visit`, in the page's order. Gives back the number
    /// of tags that may hold one and are too long to be read.
    pub(super) fn each_link(&self, mut visit: impl FnMut(&str)) -> u64 {
        let mut too_long = 0;
        let mut tags = Tags::new(&self.text);
        while let Some((name, attributes)) = tags.next_tag() {
            let known = LINKS
                .iter()
                .find(|(element, _)| name.eq_ignore_ascii_case(element));
            let Some((element, wanted)) = known.filter(|_| attributes.contains('=')) else {
                continue;
            };
            if attributes.len() <= LONGEST_TAG {
                read(element, wanted, attributes, &mut visit);
            } else if !attributes
                .get(..64)
                .is_some_and(|start| start.contains("data:"))
            {
                // An inline image would be part of the page itself.
                too_long += 1;
            }
        }
        too_long
    }
}

/// Reads one tag's attributes.
fn read(element: &str, wanted: &[&str], attributes: &str, visit: &mut impl FnMut(&str)) {
    // As an image, because that stands anywhere and holds nothing.
    let html = Html::parse_fragment(&format!("<img {attributes}>"));
    let Some(tag) = html.root_element().child_elements().next() else {
        return;
    };
    for value in wanted.iter().filter_map(|name| tag.attr(name)) {
        if element != "meta" {
            visit(value);
        } else if tag
            .attr("http-equiv")
            .is_some_and(|name| name.trim().eq_ignore_ascii_case("refresh"))
            && let Some(target) = refresh_target(value)
        {
            visit(target);
        }
    }
}

/// The address in `5; url='x'` (HTML Standard, section 4.2.5.3).
fn refresh_target(content: &str) -> Option<&str> {
    let (_, rest) = content.split_once([';', ','])?;
    let rest = rest.trim_start();
    let named = rest
        .split_at_checked(3)
        .filter(|(name, _)| name.eq_ignore_ascii_case("url"))
        .and_then(|(_, rest)| rest.trim_start().strip_prefix('='));
    let value = named.unwrap_or(rest).trim();
    let quote = value
        .chars()
        .next()
        .filter(|first| matches!(first, '"' | '\''));
    let value = match quote {
        Some(quote) => value
            .strip_prefix(quote)
            .and_then(|rest| rest.split(quote).next()),
        None => Some(value),
    };
    value.filter(|value| !value.is_empty())
}

/// The page's text: a byte order mark decides, then the server, then the page.
fn text<'a>(page: &'a [u8], charset: Option<&str>) -> Cow<'a, str> {
    let named = charset
        .and_then(|label| Encoding::for_label(label.as_bytes()))
        .or_else(|| Encoding::for_label(meta_charset(page)?.as_bytes()));
    let encoding = named.unwrap_or_else(|| {
        // A page that is cut off in the middle of a character is UTF-8 still.
        let head = page.get(..page.len().saturating_sub(3)).unwrap_or_default();
        match std::str::from_utf8(head) {
            Ok(_) => UTF_8,
            Err(error) if error.error_len().is_none() => UTF_8,
            Err(_) => WINDOWS_1252,
        }
    });
    encoding.decode(page).0
}

fn meta_charset(page: &[u8]) -> Option<String> {
    let head = page.get(..page.len().min(PRESCAN))?;
    let head = String::from_utf8_lossy(head).to_ascii_lowercase();
    let (_, after) = head.split_once("charset")?;
    let after = after.trim_start().strip_prefix('=')?;
    let label =
        after.trim_start_matches(|c: char| c.is_ascii_whitespace() || matches!(c, '"' | '\''));
    let end =
        label.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | ':' | '.')));
    let label = label.get(..end.unwrap_or(label.len()))?;
    // A page whose declaration can be read as ASCII is not UTF-16.
    (!label.starts_with("utf-16")).then(|| label.to_owned())
}

/// Walks over the start tags of a page, each byte a bounded number of times.
struct Tags<'a> {
    page: &'a str,
    at: usize,
    /// Raw elements that are not closed anywhere below; their content is searched.
    unclosed: [bool; RAW.len()],
}

impl<'a> Tags<'a> {
    fn new(page: &'a str) -> Self {
        Self {
            page,
            at: 0,
            unclosed: [false; RAW.len()],
        }
    }

    fn rest(&self) -> &'a str {
        self.page.get(self.at..).unwrap_or_default()
    }

    /// The next start tag: its name and its attributes.
    fn next_tag(&mut self) -> Option<(&'a str, &'a str)> {
        loop {
            self.at += self.rest().find('<')? + 1;
            let rest = self.rest();
            if let Some(comment) = rest.strip_prefix("!--") {
                self.at += 3 + comment_length(comment)?;
            } else if rest.starts_with(['!', '?']) {
                self.at += rest.find('>')?;
            } else if rest.starts_with(|first: char| first.is_ascii_alphabetic()) {
                let is_end = |c: char| c.is_ascii_whitespace() || matches!(c, '/' | '>');
                let (name, after) = rest.split_at_checked(rest.find(is_end)?)?;
                let length = tag_length(after)?;
                self.at += name.len() + length + 1;
                self.skip_raw(name);
                return Some((name, after.get(..length)?));
            } else if let Some(end) = rest.strip_prefix('/')
                && end.starts_with(|first: char| first.is_ascii_alphabetic())
            {
                self.at += 1 + tag_length(end)?;
            }
        }
    }

    /// After `<script>` and its like, goes on at the end tag.
    fn skip_raw(&mut self, name: &str) {
        let raw = RAW
            .iter()
            .zip(&mut self.unclosed)
            .find(|(raw, _)| name.eq_ignore_ascii_case(raw));
        let Some((raw, unclosed)) = raw.filter(|(_, unclosed)| !**unclosed) else {
            return;
        };
        let rest = self.page.get(self.at..).unwrap_or_default();
        let mut searched = 0;
        while let Some(found) = rest.get(searched..).and_then(|rest| rest.find("</")) {
            searched += found + 2;
            let end = rest.get(searched..).unwrap_or_default();
            if end
                .split_at_checked(raw.len())
                .is_some_and(|(end, _)| end.eq_ignore_ascii_case(raw))
            {
                self.at += searched - 2;
                return;
            }
        }
        // A browser would take all of the page below for text. Links hidden that
        // way are wanted; and the search must not be done twice.
        *unclosed = true;
    }
}

/// Bytes of a comment's content and its end (HTML Standard, section 13.2.5.43 on).
fn comment_length(comment: &str) -> Option<usize> {
    if comment.starts_with('>') {
        return Some(1);
    }
    if comment.starts_with("->") {
        return Some(2);
    }
    let mut at = 0;
    loop {
        at += comment.get(at..)?.find("--")?;
        let end = comment.get(at + 2..)?;
        if end.starts_with('>') {
            return Some(at + 3);
        }
        if end.starts_with("!>") {
            return Some(at + 4);
        }
        at += 1;
    }
}

/// Bytes up to the `>` that ends a tag, which is not one inside a quoted value.
fn tag_length(attributes: &str) -> Option<usize> {
    enum State {
        Name,
        BeforeValue,
        Value,
        Quoted(u8),
    }
    let mut state = State::Name;
    for (at, byte) in attributes.bytes().enumerate() {
        state = match (state, byte) {
            (State::Quoted(quote), _) if byte == quote => State::Name,
            (State::Quoted(quote), _) => State::Quoted(quote),
            (_, b'>') => return Some(at),
            (State::Name, b'=') => State::BeforeValue,
            (State::BeforeValue, b'"' | b'\'') => State::Quoted(byte),
            (State::BeforeValue, _) if byte.is_ascii_whitespace() => State::BeforeValue,
            (State::BeforeValue, _) => State::Value,
            (State::Value, _) if byte.is_ascii_whitespace() => State::Name,
            (other, _) => other,
        };
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn links(page: &[u8], charset: Option<&str>) -> Vec<String> {
        let mut links = Vec::new();
        Page::new(page, charset).each_link(|link| links.push(link.to_owned()));
        links
    }

    fn found(page: &str) -> Vec<String> {
        links(page.as_bytes(), None)
    }

    #[test]
    fn every_linking_attribute_is_read() {
        let page = r#"<a href=a><AREA HREF='b'><link rel=x href="c"><iframe src=d></iframe>
            <frame src=e><img src=f><source src=g><script src=h></script><embed src=i>
            <object data=j></object><video src=k poster=l><meta http-equiv=Refresh content="0; URL='m'">
            <meta name=x content="0; url=no"><form action=no><p href=no>"#;
        let wanted = [
            "a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l", "m",
        ];
        assert_eq!(found(page), wanted);
    }

    #[test]
    fn what_is_no_tag_is_no_link() {
        let page = r#"<!-- <a href=no> --><!--><a href=1><!-- -- --!><a href=2>
            <script>"<a href=no>"</script><title><a href=no></TITLE><textarea><a href=no></textarea>
            <a title="> <a href=no>" href=3>< a href=no><a x="'" href='4>'></a href=no>
            <!doctype x><?php <a href=no> ?>"#;
        assert_eq!(found(page), ["1", "2", "3", "4>"]);
    }

    #[test]
    fn references_are_decoded_as_a_browser_does() {
        let page =
            "<a href='a&amp;b&#228;&#x20AC;'><a href=c/><a HREF = \"d e\"><a href=f href=no>";
        assert_eq!(found(page), ["a&bä€", "c/", "d e", "f"]);
    }

    #[test]
    fn links_below_an_unclosed_title_are_found() {
        assert_eq!(found("<title>x<a href=1><style><a href=2>"), ["1", "2"]);
    }

    #[test]
    fn the_first_base_counts() {
        let page = Page::new(
            b"<base target=x><base href=/a/><a href=x><base href=/b/>",
            None,
        );
        assert_eq!(page.base().as_deref(), Some("/a/"));
    }

    #[test]
    fn a_tag_without_measure_is_counted_and_not_read() {
        let page = format!(
            "<a b={}><a href=x><img src=\"data:{}\">",
            "b ".repeat(9000),
            "A".repeat(20_000)
        );
        let mut links = Vec::new();
        let count = Page::new(page.as_bytes(), None).each_link(|link| links.push(link.to_owned()));
        assert_eq!((links, count), (vec!["x".to_owned()], 1));
    }

    #[test]
    fn the_character_set_is_that_of_the_server_or_the_page() {
        let latin = b"<meta charset=iso-8859-1><a href=\"J\xe4rvi\">";
        assert_eq!(links(latin, None), ["Järvi"]);
        let latin = b"<a href=\"J\xe4rvi\">";
        assert_eq!(links(latin, Some("windows-1252")), ["Järvi"]);
        assert_eq!(links(latin, None), ["Järvi"]);
        let utf16: Vec<u8> = "\u{feff}<a href=Ä>"
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect();
        assert_eq!(links(&utf16, None), ["Ä"]);
    }

    #[test]
    fn a_refresh_is_read_in_all_its_spellings() {
        for content in ["0;url=x", "0; URL = x", "5, x", "0;url='x'y", "0 ; url=\"x"] {
            assert_eq!(refresh_target(content), Some("x"), "{content}");
        }
        assert_eq!(refresh_target("5"), None);
    }

    #[test]
    fn half_a_page_gives_the_links_of_that_half() {
        let page = "<a href=1><a href=2><!-- <a href=3> --><script>x</script><a href='4'>";
        for end in 0..page.len() {
            let found = found(&page[..end]);
            assert!(
                ["1", "2", "4"].starts_with(&found.iter().map(String::as_str).collect::<Vec<_>>())
            );
        }
    }
}
