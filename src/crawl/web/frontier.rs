//! The addresses of one source: which are known, which are next.
//!
//! Addresses are visited level by level, a level being the number of clicks from
//! the start, so that the depth at which something lies does not depend on which
//! answer came first.

use std::collections::{HashSet, VecDeque};

use url::Url;

use super::address::{self, Territory, is_same_listing, normal};
use crate::base::{Limit, Origin, OriginKey, Reason};

/// Bytes of addresses that wait. More counts as meeting the limit `links`.
const WAITING_BYTES: usize = 128 << 20;
/// Redirects in a row (the limit of the Fetch Standard is 20, that of curl 50).
const MOST_REDIRECTS: u8 = 10;

/// One address to be visited.
#[derive(Clone)]
pub(super) struct Visit {
    pub(super) url: Url,
    pub(super) origin: Origin,
    /// Clicks from the start.
    pub(super) depth: u32,
    /// The addresses that redirected to this one.
    trail: Vec<Origin>,
    /// When it was handed out; see [`Frontier::links_known`].
    round: u64,
}

/// What a redirect comes to.
pub(super) enum Moved {
    /// The target waits, or is known already.
    Followed,
    /// It goes in a circle.
    Loop,
    /// Too many in a row.
    TooMany,
    /// It leads out of the scope.
    Outside,
    /// It is no address.
    Invalid,
    /// The limit `links` is used up; it is counted.
    NoRoom,
}

pub(super) struct Frontier {
    source: String,
    origins: OriginKey,
    territory: Territory,
    max_depth: u32,
    max_links: u64,
    known: HashSet<Origin>,
    /// Addresses that are not visited, to count each once.
    outside: HashSet<Origin>,
    beyond: HashSet<Origin>,
    over_limit: u64,
    /// Links that could not be read, so far as they can be counted.
    links_unread: u64,
    /// More than `max_links` different ones; counted by mention from there on.
    outside_more: u64,
    page_limit: bool,
    level: u32,
    now: VecDeque<Visit>,
    later: VecDeque<Visit>,
    waiting_bytes: usize,
    /// Visits handed out in this round whose links are not known yet.
    unread: usize,
    round: u64,
}

impl Frontier {
    pub(super) fn new(
        source: String,
        origins: OriginKey,
        territory: Territory,
        max_depth: u32,
        max_links: u64,
    ) -> Self {
        Self {
            source,
            origins,
            territory,
            max_depth,
            max_links: max_links.max(1),
            known: HashSet::new(),
            outside: HashSet::new(),
            beyond: HashSet::new(),
            over_limit: 0,
            links_unread: 0,
            outside_more: 0,
            page_limit: false,
            level: 0,
            now: VecDeque::new(),
            later: VecDeque::new(),
            waiting_bytes: 0,
            unread: 0,
            round: 0,
        }
    }

    /// Adds the address to begin with.
    pub(super) fn start(&mut self, url: Url) {
        let origin = self.origin(&url);
        self.known.insert(origin);
        self.wait(url, origin, 0, Vec::new());
    }

    /// The next address; `None` while this level's links are not all known, or at the end.
    pub(super) fn take(&mut self) -> Option<Visit> {
        if self.now.is_empty() && self.unread == 0 {
            self.advance();
        }
        let mut visit = self.now.pop_front()?;
        self.waiting_bytes = self.waiting_bytes.saturating_sub(visit.url.as_str().len());
        visit.round = self.round;
        self.unread += 1;
        Some(visit)
    }

    /// Goes on to the next level, although a page of this one is still unread.
    pub(super) fn advance(&mut self) {
        if self.now.is_empty() && !self.later.is_empty() {
            self.now = std::mem::take(&mut self.later);
            self.level = self.now.front().map_or(self.level, |visit| visit.depth);
            self.unread = 0;
            self.round += 1;
        }
    }

    /// Whether something waits for the links of this level.
    pub(super) fn is_held_up(&self) -> bool {
        self.now.is_empty() && !self.later.is_empty() && self.unread > 0
    }

    /// All links of a visit of that round have been added.
    pub(super) fn links_known(&mut self, round: u64) {
        if round == self.round {
            self.unread = self.unread.saturating_sub(1);
        }
    }

    /// Adds what a page links to: `reference`, as it stands on `page`, resolved
    /// against `base`.
    pub(super) fn link(&mut self, page: &Visit, base: &Url, reference: &str) {
        if reference.len() > address::LONGEST {
            // An inline image is part of the page, which was examined.
            if !has_scheme(reference, &["data"]) {
                self.links_unread += 1;
            }
            return;
        }
        let Ok(target) = base.join(reference) else {
            return;
        };
        let scheme = target.scheme();
        if matches!(scheme, "mailto" | "tel" | "javascript" | "data" | "about") {
            // These lead to nothing that could be fetched.
            return;
        }
        let Some(target) = normal(target.clone()) else {
            let origin = self.origin(&target);
            self.skip_outside(origin);
            return;
        };
        if is_same_listing(&page.url, &target) {
            return;
        }
        if target.as_str().len() > address::LONGEST {
            self.links_unread += 1;
            return;
        }
        self.add(target, page.depth.saturating_add(1));
    }

    fn add(&mut self, target: Url, depth: u32) {
        let origin = self.origin(&target);
        if self.known.contains(&origin) {
            return;
        }
        if !self.territory.holds(&target) {
            self.skip_outside(origin);
        } else if depth > self.max_depth {
            if (self.beyond.len() as u64) < self.max_links {
                self.beyond.insert(origin);
            }
        } else if self.is_full() {
            self.over_limit += 1;
        } else {
            self.beyond.remove(&origin);
            self.known.insert(origin);
            self.wait(target, origin, depth, Vec::new());
        }
    }

    /// Follows a redirect of `visit` to `location`.
    pub(super) fn redirect(&mut self, visit: &Visit, location: &str) -> Moved {
        if location.len() > address::LONGEST {
            return Moved::Invalid;
        }
        let target = visit.url.join(location).ok().and_then(normal);
        let Some(target) = target.filter(|url| url.as_str().len() <= address::LONGEST) else {
            return Moved::Invalid;
        };
        if !self.territory.holds(&target) {
            return Moved::Outside;
        }
        let origin = self.origin(&target);
        let mut trail = visit.trail.clone();
        trail.push(visit.origin);
        if trail.contains(&origin) {
            return Moved::Loop;
        }
        if trail.len() > usize::from(MOST_REDIRECTS) {
            return Moved::TooMany;
        }
        if self.known.contains(&origin) {
            return Moved::Followed;
        }
        if self.is_full() {
            self.over_limit += 1;
            return Moved::NoRoom;
        }
        self.beyond.remove(&origin);
        self.known.insert(origin);
        self.wait(target, origin, visit.depth, trail);
        Moved::Followed
    }

    /// Only the first part of a page was searched for links.
    pub(super) fn page_limit_met(&mut self) {
        self.page_limit = true;
    }

    /// Tags that were too long to be read, or pages that came compressed.
    pub(super) fn links_unread(&mut self, count: u64) {
        self.links_unread += count;
    }

    /// How many addresses wait.
    pub(super) fn waiting(&self) -> u64 {
        (self.now.len() + self.later.len()) as u64
    }

    /// The limits that were met.
    pub(super) fn limits_met(&self) -> Vec<Limit> {
        [
            (self.page_limit, Limit::Page),
            (self.over_limit > 0, Limit::Links),
            (!self.beyond.is_empty(), Limit::LinkDepth),
        ]
        .into_iter()
        .filter_map(|(met, limit)| met.then_some(limit))
        .collect()
    }

    /// What was linked and not visited. What does not fit in the memory for telling
    /// repetitions apart is counted by mention.
    pub(super) fn skipped(&self) -> [(Reason, u64); 4] {
        [
            (
                Reason::OutOfScope,
                self.outside.len() as u64 + self.outside_more,
            ),
            (Reason::LimitDepth, self.beyond.len() as u64),
            (Reason::LimitMembers, self.over_limit),
            (Reason::FetchFailed, self.links_unread),
        ]
    }

    fn skip_outside(&mut self, origin: Origin) {
        if (self.outside.len() as u64) < self.max_links {
            self.outside.insert(origin);
        } else if !self.outside.contains(&origin) {
            self.outside_more += 1;
        }
    }

    fn is_full(&self) -> bool {
        self.known.len() as u64 >= self.max_links || self.waiting_bytes >= WAITING_BYTES
    }

    fn origin(&self, url: &Url) -> Origin {
        self.origins.place(&self.source, url.as_str().as_bytes())
    }

    fn wait(&mut self, url: Url, origin: Origin, depth: u32, trail: Vec<Origin>) {
        self.waiting_bytes += url.as_str().len();
        let visit = Visit {
            url,
            origin,
            depth,
            trail,
            round: 0,
        };
        if depth <= self.level {
            self.now.push_back(visit);
        } else {
            self.later.push_back(visit);
        }
    }
}

impl Visit {
    /// The round in which it was handed out.
    pub(super) fn round(&self) -> u64 {
        self.round
    }
}

fn has_scheme(reference: &str, schemes: &[&str]) -> bool {
    let scheme = reference.split_once(':').map_or("", |(scheme, _)| scheme);
    schemes
        .iter()
        .any(|known| scheme.trim().eq_ignore_ascii_case(known))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Scope;

    fn frontier(max_depth: u32, max_links: u64) -> Frontier {
        let start = Url::parse("http://h.example/").unwrap();
        let territory = Territory::new(start.clone(), Scope::Host);
        let origins = OriginKey::new(&[1; 32]);
        let mut frontier = Frontier::new("s".into(), origins, territory, max_depth, max_links);
        frontier.start(start);
        frontier
    }

    fn link(frontier: &mut Frontier, page: &Visit, references: &[&str]) {
        for reference in references {
            frontier.link(page, &page.url.clone(), reference);
        }
    }

    fn count(frontier: &Frontier, reason: Reason) -> u64 {
        let skipped = frontier.skipped();
        skipped
            .iter()
            .find(|(found, _)| *found == reason)
            .unwrap()
            .1
    }

    #[test]
    fn each_address_is_visited_once() {
        let mut frontier = frontier(5, 100);
        let front = frontier.take().unwrap();
        link(
            &mut frontier,
            &front,
            &[
                "a",
                "/a",
                "./x/../a#b",
                "//h.example/a",
                "http://h.example:80/a",
                ".",
            ],
        );
        frontier.links_known(front.round());
        assert_eq!(frontier.take().unwrap().url.path(), "/a");
        assert!(frontier.take().is_none());
    }

    #[test]
    fn the_next_level_waits_for_the_links_of_this_one() {
        let mut frontier = frontier(5, 100);
        let front = frontier.take().unwrap();
        link(&mut frontier, &front, &["a", "b"]);
        assert!(frontier.take().is_none());
        assert!(frontier.is_held_up());
        frontier.links_known(front.round());
        let a = frontier.take().unwrap();
        link(&mut frontier, &a, &["c"]);
        frontier.links_known(a.round());
        let b = frontier.take().unwrap();
        assert_eq!((a.url.path(), b.url.path()), ("/a", "/b"));
        assert!(frontier.take().is_none());
        frontier.advance();
        assert_eq!(frontier.take().unwrap().url.path(), "/c");
    }

    #[test]
    fn what_lies_outside_is_counted_once_each() {
        let mut frontier = frontier(5, 100);
        let front = frontier.take().unwrap();
        link(
            &mut frontier,
            &front,
            &[
                "http://other.example/",
                "//other.example",
                "ftp://h.example/x",
                "mailto:anna@example.fi",
                "data:,x",
            ],
        );
        assert_eq!(count(&frontier, Reason::OutOfScope), 2);
        assert_eq!(frontier.waiting(), 0);
    }

    #[test]
    fn links_beyond_the_depth_and_over_the_limit_are_counted() {
        let mut frontier = frontier(1, 3);
        let front = frontier.take().unwrap();
        link(&mut frontier, &front, &["a", "b", "c", "d"]);
        frontier.links_known(front.round());
        let a = frontier.take().unwrap();
        link(&mut frontier, &a, &["/deep", "/deep", "/b"]);
        assert_eq!(count(&frontier, Reason::LimitMembers), 2);
        assert_eq!(count(&frontier, Reason::LimitDepth), 1);
        assert_eq!(frontier.limits_met(), [Limit::Links, Limit::LinkDepth]);
    }

    #[test]
    fn redirects_end() {
        let mut frontier = frontier(1, 100);
        let mut visit = frontier.take().unwrap();
        assert!(matches!(frontier.redirect(&visit, "/"), Moved::Loop));
        assert!(matches!(
            frontier.redirect(&visit, "//o.example/"),
            Moved::Outside
        ));
        assert!(matches!(
            frontier.redirect(&visit, "data:,x"),
            Moved::Invalid
        ));
        for hop in 0..10 {
            let to = format!("/{hop}");
            assert!(matches!(frontier.redirect(&visit, &to), Moved::Followed));
            visit = frontier.take().unwrap();
        }
        assert!(matches!(frontier.redirect(&visit, "/10"), Moved::TooMany));
    }
}
