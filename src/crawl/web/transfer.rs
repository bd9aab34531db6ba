//! An answer turned into an artefact: its head first, then its body as it is read.

use std::sync::{Arc, Mutex};

use encoding_rs::Encoding;
use jiff::Timestamp;
use reqwest::Response;
use reqwest::header::{CONTENT_ENCODING, CONTENT_TYPE, HeaderMap};
use tokio::time::{Instant, timeout, timeout_at};

use super::Site;
use super::address::LONGEST;
use super::frontier::{Frontier, Visit};
use super::links::Page;
use super::ticket::{Ticket, lock};
use crate::crawl::artefact::{Feed, Slot};
use crate::crawl::{Artefact, Body, Event, Failure, Validator};

/// Bytes in which a page shows that it is one.
const SNIFFED: usize = 512;

/// The body of an answer, with the time that the server has for each part of it.
struct Intake<'a> {
    site: &'a Site,
    response: Response,
    announced: Option<u64>,
    received: u64,
}

impl Intake<'_> {
    /// The next part, of any length; `None` at the end.
    async fn next(&mut self) -> Result<Option<Vec<u8>>, Failure> {
        let waited = timeout(self.site.config.timeout, self.response.chunk()).await;
        let short = self
            .announced
            .is_some_and(|announced| self.received < announced);
        match waited {
            Err(_) => Err(Failure::Timeout),
            Ok(Ok(Some(part))) => {
                self.received += part.len() as u64;
                Ok(Some(part.to_vec()))
            }
            Ok(_) if short => Err(Failure::BodyShort),
            Ok(Ok(None)) => Ok(None),
            Ok(Err(_)) => Err(Failure::BodyBroken),
        }
    }

    /// The first bytes, at least [`SNIFFED`] unless the body ends or trickles; and
    /// the end, if it was reached.
    async fn first(&mut self) -> (Vec<u8>, Option<Result<(), Failure>>) {
        let deadline = Instant::now() + self.site.config.timeout;
        let mut first = Vec::new();
        while first.len() < SNIFFED {
            match timeout_at(deadline, self.next()).await {
                Ok(Ok(Some(part))) => first.extend(part),
                Ok(Ok(None)) => return (first, Some(Ok(()))),
                Ok(Err(failure)) => return (first, Some(Err(failure))),
                Err(_) if first.is_empty() => return (first, Some(Err(Failure::Timeout))),
                Err(_) => break,
            }
        }
        (first, None)
    }
}

/// The part of a page that is searched for links.
struct Part {
    bytes: Vec<u8>,
    charset: Option<String>,
    ticket: Ticket,
}

/// Reports the thing that `response` holds, and passes its bytes on.
pub(super) async fn transfer(
    site: &Site,
    frontier: &Arc<Mutex<Frontier>>,
    visit: Visit,
    ticket: Ticket,
    response: Response,
    slot: Slot,
) {
    let told = ticket.told();
    let is_coded = is_coded(response.headers());
    let (body_feed, body) = Body::fed(slot, site.shared.stop.clone());
    let mut artefact = head(site, &visit, &response, body);
    let mut intake = Intake {
        site,
        announced: artefact.length,
        received: 0,
        response,
    };
    let (first, end) = if artefact.page {
        (Vec::new(), None)
    } else {
        intake.first().await
    };
    artefact.page |= begins_like_a_page(&first);
    let charset = artefact.charset.clone();
    if artefact.page && is_coded {
        // Nobody asked for that. The decoders may read it; its links are not seen.
        lock(frontier).links_unread(1);
    }
    let page = (artefact.page && !is_coded).then(|| Part {
        bytes: Vec::new(),
        charset,
        ticket,
    });
    if site.send(Event::Artefact(artefact)).await {
        told.set();
    }
    let links = Following {
        frontier,
        visit,
        page,
    };
    pass_on(intake, first, end, body_feed, links).await;
}

/// What the head of an answer says.
fn head(site: &Site, visit: &Visit, response: &Response, body: Body) -> Artefact {
    let (page, charset) = content_type(response.headers());
    Artefact {
        source: site.index,
        origin: visit.origin,
        status: Some(response.status().as_u16()),
        fetched_at: Timestamp::now(),
        length: response.content_length(),
        validator: Validator::of(response.headers(), &site.shared.origins, visit.origin),
        page,
        charset,
        body,
        file: None,
    }
}

/// Passes on what comes in, as fast as it is read, and follows the links in it.
async fn pass_on(
    mut intake: Intake<'_>,
    first: Vec<u8>,
    mut end: Option<Result<(), Failure>>,
    mut feed: Feed,
    mut links: Following<'_>,
) {
    let limit = intake.site.shared.limits.page;
    let mut part = first;
    loop {
        let is_read = part.is_empty() || feed.push(&part).await;
        links.take(&part, limit).await;
        if end.is_some() || (!is_read && links.page.is_none()) {
            break;
        }
        match intake.next().await {
            Ok(Some(next)) => part = next,
            Ok(None) => end = Some(Ok(())),
            Err(failure) => end = Some(Err(failure)),
        }
        if end.is_some() {
            break;
        }
    }
    // Without an end nobody wanted more; the body says that it is still open.
    feed.finish(end);
    links.finish().await;
}

/// A page on its way to being searched for links; `None` for anything else, and
/// when that is done.
struct Following<'a> {
    frontier: &'a Arc<Mutex<Frontier>>,
    visit: Visit,
    page: Option<Part>,
}

impl Following<'_> {
    /// Keeps `part`. Past `limit` bytes the page is searched as far as it goes.
    async fn take(&mut self, part: &[u8], limit: u64) {
        if let Some(mut page) = self.page.take_if(|page| page.is_over(part, limit)) {
            lock(self.frontier).page_limit_met();
            page.bytes
                .truncate(usize::try_from(limit).unwrap_or(usize::MAX));
            follow(self.frontier, &self.visit, page).await;
        }
    }

    async fn finish(self) {
        if let Some(page) = self.page {
            follow(self.frontier, &self.visit, page).await;
        }
    }
}

impl Part {
    /// Keeps `part`; whether there is more than `limit` bytes now.
    fn is_over(&mut self, part: &[u8], limit: u64) -> bool {
        self.bytes.extend_from_slice(part);
        self.bytes.len() as u64 > limit
    }
}

/// Adds the links of `part` to the addresses to be visited.
async fn follow(frontier: &Arc<Mutex<Frontier>>, visit: &Visit, part: Part) {
    let frontier = frontier.clone();
    let visit = visit.clone();
    let search = move || {
        let page = Page::new(&part.bytes, part.charset.as_deref());
        let base = page
            .base()
            .filter(|base| base.len() <= LONGEST)
            .and_then(|base| visit.url.join(&base).ok())
            .unwrap_or_else(|| visit.url.clone());
        // Locked for each link anew: a page may hold a million.
        let too_long = page.each_link(|link| lock(&frontier).link(&visit, &base, link));
        lock(&frontier).links_unread(too_long);
        drop(part.ticket);
    };
    // It fails only when the runtime ends.
    let _ = tokio::task::spawn_blocking(search).await;
}

/// Whether the body was compressed on the way, although that was not asked for.
fn is_coded(headers: &HeaderMap) -> bool {
    let codings = headers.get_all(CONTENT_ENCODING);
    codings.iter().any(|coding| {
        let coding = coding.as_bytes().trim_ascii();
        !coding.is_empty() && !coding.eq_ignore_ascii_case(b"identity")
    })
}

/// Whether the server says that it is a page, and in which character set it is.
fn content_type(headers: &HeaderMap) -> (bool, Option<String>) {
    let value = headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    let mut parts = value.unwrap_or_default().split(';');
    let kind = parts.next().unwrap_or_default().trim().to_ascii_lowercase();
    let charset = parts
        .filter_map(|part| part.split_once('='))
        .find(|(name, _)| name.trim().eq_ignore_ascii_case("charset"))
        .and_then(|(_, label)| Encoding::for_label(label.trim().trim_matches('"').as_bytes()))
        .map(|encoding| encoding.name().to_owned());
    let is_page = matches!(kind.as_str(), "text/html" | "application/xhtml+xml");
    (is_page, charset)
}

/// Whether `first` begins as browsers expect of a page (MIME Sniffing Standard,
/// section 7.1, without its formatting tags, which text may begin with).
fn begins_like_a_page(first: &[u8]) -> bool {
    let first = first.strip_prefix(b"\xef\xbb\xbf").unwrap_or(first);
    let first = first.trim_ascii_start();
    ["<!doctype html", "<html", "<head", "<body", "<title"]
        .iter()
        .any(|start| {
            first
                .split_at_checked(start.len())
                .is_some_and(|(begin, rest)| {
                    begin.eq_ignore_ascii_case(start.as_bytes())
                        && rest
                            .first()
                            .is_none_or(|next| next.is_ascii_whitespace() || *next == b'>')
                })
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_known_by_its_beginning() {
        for text in ["<!DOCTYPE html>", "\u{feff} \n<HTML lang=en>", "<head>"] {
            assert!(begins_like_a_page(text.as_bytes()), "{text}");
        }
        for text in [
            "",
            "<htm",
            "<?xml version='1.0'?>",
            "<headers>",
            "text <html>",
        ] {
            assert!(!begins_like_a_page(text.as_bytes()), "{text}");
        }
    }

    #[test]
    fn the_character_set_is_one_of_the_standard_or_none() {
        let of = |value: &str| {
            content_type(&HeaderMap::from_iter([(
                CONTENT_TYPE,
                value.parse().unwrap(),
            )]))
        };
        assert_eq!(of("text/html"), (true, None));
        assert_eq!(
            of("Text/HTML; charset=\"Latin1\""),
            (true, Some("windows-1252".into()))
        );
        assert_eq!(
            of("text/plain;x=y; CHARSET=utf-8"),
            (false, Some("UTF-8".into()))
        );
        assert_eq!(of("text/plain; charset=Anna Virtanen"), (false, None));
    }
}
