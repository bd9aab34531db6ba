//! A web site as a source: from its start along its links, within its scope.
//!
//! Each address is asked for once. A page is an artefact like everything else; its
//! links are followed when all of it, or as much as the limit `page` allows, is there.

mod address;
mod client;
mod fetch;
mod frontier;
mod links;
#[cfg(test)]
mod listings;
mod ticket;
mod transfer;

use std::sync::{Arc, Mutex};

use reqwest::Client;
use tokio::sync::Notify;
use tokio::task::JoinSet;
use tokio::time::sleep;
use url::{Host, Url};

use super::{Error, Event, Failure, Shared};
use crate::base::Reason;
use crate::config::Web;
use address::{Territory, normal};
use fetch::{Answer, Pace, fetch};
use frontier::{Frontier, Moved, Visit};
use ticket::{Ticket, Told, lock};

/// A web source, ready to be crawled.
pub(super) struct Site {
    index: usize,
    name: String,
    config: Web,
    start: Url,
    client: Client,
    pace: Pace,
    shared: Arc<Shared>,
}

impl Site {
    /// Checks how a source is configured, and builds its client.
    pub(super) fn new(
        index: usize,
        name: String,
        config: Web,
        shared: Arc<Shared>,
    ) -> Result<Self, Error> {
        let start = Url::parse(&config.url)
            .ok()
            .filter(|url| url.username().is_empty() && url.password().is_none())
            .and_then(normal)
            .ok_or(Error::Address {
                source_index: index,
            })?;
        let client = client::client(index, &config, &start)?;
        Ok(Self {
            index,
            name,
            pace: Pace::new(config.pause),
            config,
            start,
            client,
            shared,
        })
    }

    /// Reports `event`; false when nobody listens any more.
    async fn send(&self, event: Event) -> bool {
        self.shared.events.send(event).await.is_ok()
    }

    /// A name that only Tor can resolve must not be shown to a resolver (RFC 7686).
    fn needs_proxy(&self) -> bool {
        let top = match self.start.host() {
            Some(Host::Domain(name)) => name.trim_end_matches('.').rsplit('.').next(),
            _ => None,
        };
        top == Some("onion") && self.config.proxy.is_none()
    }
}

/// How a visit ended.
enum Ended {
    /// Everything is reported.
    Well,
    /// The start, or what it redirects to, could not be read.
    FrontFailed(Failure),
    /// Stopped before anything was reported.
    Untold,
}

/// Crawls all of `site`, and reports that it is done.
pub(super) async fn crawl(site: Site) {
    let territory = Territory::new(site.start.clone(), site.config.scope);
    let frontier = Arc::new(Mutex::new(Frontier::new(
        site.name.clone(),
        site.shared.origins.clone(),
        territory,
        site.config.max_depth,
        site.shared.limits.links,
    )));
    let site = Arc::new(site);
    lock(&frontier).start(site.start.clone());
    let (failure, untold) = walk(&site, &frontier).await;
    report(&site, &frontier, failure, untold).await;
}

/// Visits address after address. Gives back how the front failed, if it did, and
/// how many visits were cut off unreported.
async fn walk(site: &Arc<Site>, frontier: &Arc<Mutex<Frontier>>) -> (Option<Failure>, u64) {
    let changed = Arc::new(Notify::new());
    let mut stopped = site.shared.stopped.clone();
    let mut visits = JoinSet::new();
    let (mut failure, mut untold) = (None, 0);
    loop {
        while !*stopped.borrow() && visits.len() < site.config.parallel.max(1) {
            let Some(visit) = lock(frontier).take() else {
                break;
            };
            let ticket = Ticket::new(frontier, &changed, &visit);
            visits.spawn(until_stopped(site.clone(), frontier.clone(), visit, ticket));
        }
        if visits.is_empty() {
            return (failure, untold);
        }
        let held_up = lock(frontier).is_held_up();
        tokio::select! {
            ended = visits.join_next() => match ended {
                Some(Ok(Ended::FrontFailed(why))) => failure = Some(why),
                // A visit that panicked is missing, and must not be missed.
                Some(Ok(Ended::Untold) | Err(_)) => untold += 1,
                _ => {}
            },
            () = changed.notified() => {}
            // A page that trickles in must not hold up the whole site.
            () = sleep(site.config.timeout), if held_up => lock(frontier).advance(),
            result = stopped.wait_for(|stopped| *stopped), if !*stopped.borrow() => drop(result),
        }
    }
}

async fn until_stopped(
    site: Arc<Site>,
    frontier: Arc<Mutex<Frontier>>,
    visit: Visit,
    ticket: Ticket,
) -> Ended {
    let told = ticket.told();
    let mut stopped = site.shared.stopped.clone();
    tokio::select! {
        ended = go(&site, &frontier, visit, ticket) => ended,
        _ = stopped.wait_for(|stopped| *stopped) => {
            if told.is_set() { Ended::Well } else { Ended::Untold }
        }
    }
}

async fn go(site: &Site, frontier: &Arc<Mutex<Frontier>>, visit: Visit, ticket: Ticket) -> Ended {
    let told = ticket.told();
    if site.needs_proxy() {
        return fail(site, &visit, &told, Failure::ProxyNeeded, None, None).await;
    }
    match fetch(site, &visit).await {
        Answer::Found(response, slot) => {
            transfer::transfer(site, frontier, visit, ticket, response, slot).await;
            Ended::Well
        }
        Answer::Unchanged => {
            let event = Event::Unchanged {
                source: site.index,
                origin: visit.origin,
            };
            if site.send(event).await {
                told.set();
            }
            Ended::Well
        }
        Answer::Moved { location, status } => {
            let moved = lock(frontier).redirect(&visit, &location);
            let failure = match moved {
                Moved::Followed | Moved::NoRoom => {
                    told.set();
                    return Ended::Well;
                }
                Moved::Loop => Failure::RedirectLoop,
                Moved::TooMany => Failure::RedirectLimit,
                Moved::Outside => Failure::RedirectOutOfScope,
                Moved::Invalid => Failure::RedirectInvalid,
            };
            fail(site, &visit, &told, failure, Some(status), None).await
        }
        Answer::Failed {
            failure,
            status,
            known_length,
            ..
        } => fail(site, &visit, &told, failure, status, known_length).await,
    }
}

async fn fail(
    site: &Site,
    visit: &Visit,
    told: &Told,
    failure: Failure,
    status: Option<u16>,
    known_length: Option<u64>,
) -> Ended {
    let event = Event::Failed {
        source: site.index,
        origin: visit.origin,
        failure,
        known_length,
        status,
    };
    if site.send(event).await {
        told.set();
    }
    if visit.depth == 0 {
        Ended::FrontFailed(failure)
    } else {
        Ended::Well
    }
}

/// The sums, and the end.
async fn report(site: &Site, frontier: &Mutex<Frontier>, failure: Option<Failure>, untold: u64) {
    let source = site.index;
    let (limits, mut skipped, waiting) = {
        let frontier = lock(frontier);
        let skipped = Vec::from(frontier.skipped());
        (frontier.limits_met(), skipped, frontier.waiting())
    };
    skipped.push((Reason::Interrupted, waiting + untold));
    for limit in limits {
        site.send(Event::LimitMet { source, limit }).await;
    }
    for (reason, count) in skipped.into_iter().filter(|(_, count)| *count > 0) {
        let event = Event::Skipped {
            source,
            origin: None,
            reason,
            count,
        };
        site.send(event).await;
    }
    site.send(Event::Done { source, failure }).await;
}
