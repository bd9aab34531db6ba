//! Slow servers, busy readers, and the wish to stop.

use std::collections::BTreeMap;
use std::io::Read;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use blindsift::base::Reason;
use blindsift::config::{Place, Web};
use blindsift::crawl::{Event, Failure, Outcome, start};

use crate::support::harvest::{Known, crawl, gather, origin, plan, site, web};
use crate::support::server::{Reply, Server, small_site};

fn short_timeout(url: String) -> blindsift::crawl::Plan {
    plan(Place::Web(Web {
        timeout: Duration::from_millis(200),
        ..web(url)
    }))
}

#[test]
fn a_silent_server_is_given_up() {
    let server = Server::http(|request| match request.target.as_str() {
        "/" => Reply::page("<a href=mute><a href=middle><a href=data.txt>"),
        "/mute" => Reply::mute(),
        "/middle" => Reply::file(vec![7; 1000]).then_silence(2000),
        _ => small_site(request),
    });
    let harvest = crawl(short_timeout(server.url("/")));
    assert_eq!(
        harvest.failure(&server.url("/mute")),
        Some(Failure::Timeout)
    );
    let middle = &harvest.artefacts[&origin(&server.url("/middle"))];
    assert_eq!(middle.outcome, Outcome::Broken(Failure::Timeout));
    assert_eq!(middle.bytes.len(), 1000);
    assert_eq!(harvest.bytes(&server.url("/data.txt")), b"Anna");
}

#[test]
fn a_stop_in_the_middle_of_a_body_ends_it_as_stopped() {
    let server = Server::http(|_| {
        let body = format!("<a href=a>{}", " ".repeat(1000));
        Reply::page(&body).then_silence(2000)
    });
    let plan = site(server.url("/"));
    let stop = plan.stop.clone();
    let crawl = start(plan, Arc::new(Known::default())).unwrap();
    let Some(Event::Artefact(mut artefact)) = crawl.next() else {
        panic!("no artefact");
    };
    let state = artefact.body.outcome();
    let mut some = [0; 10];
    artefact.body.read_exact(&mut some).unwrap();
    assert_eq!(state.now(), Outcome::Open);
    stop.ask();
    assert!(artefact.body.read_to_end(&mut Vec::new()).is_err());
    assert_eq!(state.now(), Outcome::Stopped);
    assert_eq!(gather(&crawl).done, Some(Ok(())));
    assert_eq!(server.requests().len(), 1);
}

#[test]
fn a_stop_wakes_a_reader_who_waits_and_counts_what_is_left() {
    let server = Server::http(|request| match request.target.as_str() {
        "/" => Reply::page("<a href=1><a href=2><a href=3>"),
        _ => Reply::file(vec![7; 1000]).then_silence(2000),
    });
    let mut plan = plan(Place::Web(Web {
        parallel: 1,
        ..web(server.url("/"))
    }));
    plan.readers = 1;
    let stop = plan.stop.clone();
    let crawl = start(plan, Arc::new(Known::default())).unwrap();
    let mut artefacts = Vec::new();
    while artefacts.len() < 2 {
        let Some(Event::Artefact(mut artefact)) = crawl.next() else {
            panic!("no artefact");
        };
        let mut start = [0; 10];
        artefact.body.read_exact(&mut start).unwrap();
        artefacts.push(artefact);
    }
    let mut waiting = artefacts.pop().unwrap().body;
    let reader = std::thread::spawn(move || waiting.read_to_end(&mut Vec::new()).is_err());
    stop.ask();
    assert!(reader.join().unwrap());
    let rest = gather(&crawl);
    assert_eq!(rest.skipped, BTreeMap::from([(Reason::Interrupted, 2)]));
    assert_eq!(rest.done, Some(Ok(())));
}

#[test]
fn a_page_that_trickles_does_not_hold_up_the_site() {
    let server = Server::http(|request| match request.target.as_str() {
        "/" => Reply::page("<a href=slow><a href=quick>"),
        "/slow" => Reply::page(&" ".repeat(1000)).then_silence(2000),
        "/quick" => Reply::page("<a href=data.txt>"),
        _ => small_site(request),
    });
    let harvest = crawl(short_timeout(server.url("/")));
    assert_eq!(harvest.bytes(&server.url("/data.txt")), b"Anna");
}

#[test]
fn no_more_bodies_are_open_than_readers_and_two() {
    let open = Arc::new(AtomicUsize::new(0));
    let count = open.clone();
    let server = Server::http(move |request| {
        if request.target == "/" {
            return Reply::page("<a href=1><a href=2><a href=3><a href=4><a href=5><a href=6>");
        }
        count.fetch_add(1, Ordering::SeqCst);
        Reply::file(vec![7; 1000]).then_silence(2000)
    });
    let mut plan = plan(Place::Web(Web {
        parallel: 16,
        ..web(server.url("/"))
    }));
    plan.readers = 1;
    let crawl = start(plan, Arc::new(Known::default())).unwrap();
    let mut held = Vec::new();
    // The front is read; the three that may be open come, and no fourth.
    while held.len() < 3 {
        let Some(Event::Artefact(mut artefact)) = crawl.next() else {
            panic!("no artefact");
        };
        if artefact.page {
            artefact.body.read_to_end(&mut Vec::new()).unwrap();
        } else {
            held.push(artefact);
        }
    }
    assert_eq!(open.load(Ordering::SeqCst), 3);
}

#[test]
fn long_bodies_do_not_wait_for_a_reader_at_the_server() {
    let server = Server::http(|request| match request.target.as_str() {
        "/" => Reply::page("<a href=long1><a href=long2><a href=long3><a href=short>"),
        "/short" => Reply::file("short"),
        _ => Reply::file(vec![7; 3 << 20]),
    });
    let mut plan = site(server.url("/"));
    plan.readers = 1;
    let crawl = start(plan, Arc::new(Known::default())).unwrap();
    let next = || match crawl.next() {
        Some(Event::Artefact(artefact)) => artefact,
        _ => panic!("no artefact"),
    };
    let mut front = next();
    front.body.read_to_end(&mut Vec::new()).unwrap();
    // One reader: of the long ones only one is opened, and the short one passes.
    let (first, second) = (next(), next());
    let lengths = [first.length, second.length];
    assert!(lengths.contains(&Some(5)) && lengths.contains(&Some(3 << 20)));
    for mut artefact in [first, second] {
        artefact.body.read_to_end(&mut Vec::new()).unwrap();
    }
    let rest = gather(&crawl);
    assert_eq!(rest.artefacts.len(), 2);
    for fruit in rest.artefacts.values() {
        assert_eq!(
            (fruit.bytes.len(), fruit.outcome),
            (3 << 20, Outcome::Complete)
        );
    }
}

#[test]
fn requests_of_a_source_keep_their_pause() {
    let server = Server::http(|request| match request.target.as_str() {
        "/" => Reply::page("<a href=1><a href=2><a href=3><a href=4>"),
        _ => Reply::file("x"),
    });
    let pause = Duration::from_millis(30);
    let begun = std::time::Instant::now();
    crawl(plan(Place::Web(Web {
        pause,
        ..web(server.url("/"))
    })));
    assert!(begun.elapsed() >= 4 * pause);
}
