//! One address asked for, as often as it takes.

use std::hash::{BuildHasher, Hasher, RandomState};
use std::time::Duration;

use reqwest::header::{HeaderMap, LOCATION, RETRY_AFTER};
use reqwest::{Response, StatusCode};
use tokio::sync::Mutex;
use tokio::time::{Instant, sleep, sleep_until, timeout};

use super::frontier::Visit;
use super::{Site, client};
use crate::crawl::Failure;
use crate::crawl::artefact::{AHEAD, Slot};

/// The pause before the first repetition; each further one is twice as long.
const FIRST_PAUSE: Duration = Duration::from_millis(500);
/// The longest pause, whatever the server asks for.
const LONGEST_PAUSE: Duration = Duration::from_mins(1);

/// What a server said.
pub(super) enum Answer {
    /// It sends the thing.
    Found(Response, Slot),
    /// It is as it was.
    Unchanged,
    /// It lies elsewhere.
    Moved {
        /// As the server writes it.
        location: String,
        status: u16,
    },
    /// It does not send the thing.
    Failed {
        failure: Failure,
        status: Option<u16>,
        known_length: Option<u64>,
        /// How long the server wants to be left alone.
        rest: Option<Duration>,
    },
}

impl Answer {
    fn failed(failure: Failure) -> Self {
        Self::Failed {
            failure,
            status: None,
            known_length: None,
            rest: None,
        }
    }
}

/// Spaces the requests of a source.
pub(super) struct Pace {
    pause: Duration,
    next: Mutex<Instant>,
}

impl Pace {
    pub(super) fn new(pause: Duration) -> Self {
        Self {
            pause,
            next: Mutex::new(Instant::now()),
        }
    }
}

/// Asks for `visit`, again where a failure may pass.
pub(super) async fn fetch(site: &Site, visit: &Visit) -> Answer {
    let conditions = conditions(site, visit).await;
    let mut repeated = 0;
    let mut long = None;
    loop {
        match ask(site, visit, conditions.clone()).await {
            Answer::Failed { failure, rest, .. }
                if failure.may_pass() && repeated < site.config.retries =>
            {
                sleep(pause(repeated, rest)).await;
                repeated += 1;
            }
            Answer::Found(response, mut slot) if is_long(&response) => {
                let bodies = site.shared.long_bodies.clone();
                slot.long = long
                    .take()
                    .or_else(|| bodies.clone().try_acquire_owned().ok());
                if slot.long.is_some() {
                    return Answer::Found(response, slot);
                }
                // All readers have a long body before them. This one is given up
                // and asked for again when one of them is through.
                drop((response, slot));
                long = bodies.acquire_owned().await.ok();
            }
            answer => return answer,
        }
    }
}

/// Whether the body may have to wait at the server for its reader. One without a
/// length is taken for a page made on the fly, which is short.
fn is_long(response: &Response) -> bool {
    response
        .content_length()
        .is_some_and(|length| length > AHEAD)
}

/// Half of the pause is left to chance, so that a crowd does not come back as one.
fn pause(repeated: u32, rest: Option<Duration>) -> Duration {
    let longest = FIRST_PAUSE.saturating_mul(2_u32.saturating_pow(repeated));
    let chance = RandomState::new().build_hasher().finish() % 1024;
    let chance = u32::try_from(chance).unwrap_or_default();
    let backoff = longest.min(LONGEST_PAUSE) / 2;
    let pause = backoff + backoff.saturating_mul(chance) / 1024;
    pause.max(rest.unwrap_or_default()).min(LONGEST_PAUSE)
}

/// The conditions under which the thing need not be sent.
async fn conditions(site: &Site, visit: &Visit) -> HeaderMap {
    let memory = site.shared.memory.clone();
    let (name, origin) = (site.name.clone(), visit.origin);
    let known = tokio::task::spawn_blocking(move || memory.recall(&name, origin)).await;
    match known {
        Ok(Some(known)) if known.examined && !known.page => {
            known.validator.conditions(&site.shared.origins, origin)
        }
        _ => HeaderMap::new(),
    }
}

async fn ask(site: &Site, visit: &Visit, conditions: HeaderMap) -> Answer {
    let is_conditional = !conditions.is_empty();
    let request = site.client.get(visit.url.clone()).headers(conditions);
    let Some(slot) = slot(site).await else {
        return Answer::failed(Failure::Stopped);
    };
    // From the first packet to the end of the head, connecting included.
    let Ok(result) = timeout(site.config.timeout, request.send()).await else {
        return Answer::failed(Failure::Timeout);
    };
    match result {
        Ok(response) => judge(response, slot, is_conditional),
        Err(error) => Answer::failed(client::classify(&error, site.config.proxy.is_some())),
    }
}

/// Waits until a body may be opened and a request may be sent.
async fn slot(site: &Site) -> Option<Slot> {
    // Held while waiting for the permit: otherwise those who waited would set out
    // together, without the pause.
    let mut next = site.pace.next.lock().await;
    sleep_until(*next).await;
    let permit = site.shared.bodies.clone().acquire_owned().await.ok()?;
    *next = Instant::now() + site.pace.pause;
    Some(Slot {
        _body: permit,
        long: None,
    })
}

fn judge(response: Response, slot: Slot, is_conditional: bool) -> Answer {
    let status = response.status();
    match status {
        StatusCode::NOT_MODIFIED if is_conditional => return Answer::Unchanged,
        // Nobody asked for a part.
        StatusCode::PARTIAL_CONTENT => {}
        _ if status.is_success() => return Answer::Found(response, slot),
        StatusCode::MOVED_PERMANENTLY
        | StatusCode::FOUND
        | StatusCode::SEE_OTHER
        | StatusCode::TEMPORARY_REDIRECT
        | StatusCode::PERMANENT_REDIRECT => {
            if let Some(location) = response.headers().get(LOCATION) {
                return Answer::Moved {
                    location: String::from_utf8_lossy(location.as_bytes()).into_owned(),
                    status: status.as_u16(),
                };
            }
        }
        _ => {}
    }
    let rest = response
        .headers()
        .get(RETRY_AFTER)
        .and_then(|value| value.to_str().ok()?.parse().ok())
        .map(Duration::from_secs);
    // The body of an error page is not the thing asked for. It is not even read.
    Answer::Failed {
        failure: Failure::Status(status.as_u16()),
        status: Some(status.as_u16()),
        known_length: None,
        rest,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_and_end_at_a_minute() {
        for _ in 0..100 {
            assert!((250..=500).contains(&pause(0, None).as_millis()));
            assert!((1000..=2000).contains(&pause(2, None).as_millis()));
            assert!((30_000..=60_000).contains(&pause(40, None).as_millis()));
        }
        let wish = |seconds| Some(Duration::from_secs(seconds));
        assert_eq!(pause(0, wish(7)), Duration::from_secs(7));
        assert_eq!(pause(0, wish(86_400)), LONGEST_PAUSE);
    }
}
