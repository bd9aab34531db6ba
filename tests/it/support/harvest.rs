//! A crawl that is read to its end, and everything that came of it.

use std::collections::{BTreeMap, HashMap};
use std::io::Read;
use std::sync::Arc;
use std::time::Duration;

use blindsift::base::{Limit, Origin, OriginKey, Reason, Stop};
use blindsift::config::{Limits, Place, Scope, Source, Web};
use blindsift::crawl::{
    Crawl, Event, Failure, Memory, Outcome, Plan, Recollection, Validator, start,
};

/// The name of the source, where there is one.
pub(crate) const SOURCE: &str = "site";

/// The key of all tests.
pub(crate) fn origins() -> OriginKey {
    OriginKey::new(&[9; 32])
}

/// The opaque name of `address` in the source.
pub(crate) fn origin(address: &str) -> Origin {
    origins().place(SOURCE, address.as_bytes())
}

/// A whole site, quickly.
pub(crate) fn web(url: String) -> Web {
    Web {
        url,
        proxy: None,
        scope: Scope::Host,
        max_depth: 9,
        pause: Duration::ZERO,
        parallel: 4,
        ca: None,
        timeout: Duration::from_secs(20),
        retries: 0,
        user_agent: "blindsift-test/1".to_owned(),
    }
}

/// A plan for one source.
pub(crate) fn plan(place: Place) -> Plan {
    let name = SOURCE.to_owned();
    Plan {
        sources: vec![Source { name, place }],
        limits: Limits::default(),
        origins: origins(),
        readers: 2,
        stop: Stop::default(),
    }
}

/// A plan for the site at `url`.
pub(crate) fn site(url: String) -> Plan {
    plan(Place::Web(web(url)))
}

/// What earlier runs know, in a map.
#[derive(Default)]
pub(crate) struct Known(pub(crate) HashMap<Origin, (Validator, bool, bool)>);

impl Memory for Known {
    fn recall(&self, source: &str, origin: Origin) -> Option<Recollection> {
        assert_eq!(source, SOURCE);
        let (validator, page, examined) = self.0.get(&origin)?.clone();
        Some(Recollection {
            validator,
            page,
            examined,
        })
    }
}

/// One artefact, read to its end.
pub(crate) struct Fruit {
    pub(crate) bytes: Vec<u8>,
    pub(crate) outcome: Outcome,
    pub(crate) is_page: bool,
    pub(crate) length: Option<u64>,
    pub(crate) validator: Validator,
    pub(crate) charset: Option<String>,
}

/// Everything that came of a crawl of one source.
#[derive(Default)]
pub(crate) struct Harvest {
    pub(crate) artefacts: HashMap<Origin, Fruit>,
    /// In the order in which they came.
    pub(crate) order: Vec<Origin>,
    pub(crate) unchanged: Vec<Origin>,
    pub(crate) failed: HashMap<Origin, Failure>,
    pub(crate) skipped: BTreeMap<Reason, u64>,
    pub(crate) limits: Vec<Limit>,
    /// How it ended: `Ok`, or how the front failed. `None` while it goes on.
    pub(crate) done: Option<Result<(), Failure>>,
}

impl Harvest {
    /// The bytes of what lies at `address`.
    pub(crate) fn bytes(&self, address: &str) -> &[u8] {
        &self
            .artefacts
            .get(&origin(address))
            .expect("not fetched")
            .bytes
    }

    /// Why `address` could not be fetched.
    pub(crate) fn failure(&self, address: &str) -> Option<Failure> {
        self.failed.get(&origin(address)).copied()
    }

    /// What a next run knows when all of this was examined.
    pub(crate) fn known(&self) -> Known {
        let entry = |(origin, fruit): (&Origin, &Fruit)| {
            (*origin, (fruit.validator.clone(), fruit.is_page, true))
        };
        Known(self.artefacts.iter().map(entry).collect())
    }
}

/// Crawls, knowing nothing.
pub(crate) fn crawl(plan: Plan) -> Harvest {
    crawl_again(plan, Known::default())
}

/// Crawls, knowing what earlier runs know.
pub(crate) fn crawl_again(plan: Plan, known: Known) -> Harvest {
    gather(&start(plan, Arc::new(known)).unwrap())
}

/// Reads everything that comes.
pub(crate) fn gather(crawl: &Crawl) -> Harvest {
    let mut harvest = Harvest::default();
    while let Some(event) = crawl.next() {
        assert!(harvest.done.is_none(), "something came after the end");
        match event {
            Event::Artefact(mut artefact) => {
                let state = artefact.body.outcome();
                let mut bytes = Vec::new();
                let read = artefact.body.read_to_end(&mut bytes);
                assert_eq!(read.is_ok(), state.now() == Outcome::Complete);
                let fruit = Fruit {
                    bytes,
                    outcome: state.now(),
                    is_page: artefact.page,
                    length: artefact.length,
                    validator: artefact.validator,
                    charset: artefact.charset,
                };
                harvest.order.push(artefact.origin);
                let earlier = harvest.artefacts.insert(artefact.origin, fruit);
                assert!(earlier.is_none(), "fetched twice");
            }
            Event::Unchanged { origin, .. } => harvest.unchanged.push(origin),
            Event::Failed {
                origin, failure, ..
            } => assert!(harvest.failed.insert(origin, failure).is_none()),
            Event::Skipped { reason, count, .. } => {
                *harvest.skipped.entry(reason).or_default() += count;
            }
            Event::LimitMet { limit, .. } => harvest.limits.push(limit),
            Event::Done { failure, .. } => {
                harvest.done = Some(failure.map_or(Ok(()), Err));
            }
        }
    }
    harvest
}
