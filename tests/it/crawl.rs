//! Sites, folders and proxies on loopback, crawled; the servers are hostile.

use std::collections::BTreeMap;
use std::fs;
use std::io::Read;
use std::net::TcpListener;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use blindsift::base::{Limit, Reason};
use blindsift::config::{Place, Scope, Web};
use blindsift::crawl::{Error, Event, Failure, Outcome, Validator, start};

use crate::support::harvest::{Known, crawl, crawl_again, gather, origin, plan, web};
use crate::support::server::{Reply, Request, Server};
use crate::support::socks::{Manner, Socks, Wish};

/// A server with a page and a file.
fn small_site(request: &Request) -> Reply {
    match request.target.as_str() {
        "/" => Reply::page("<a href=data.txt>data</a>"),
        "/data.txt" => Reply::file("Anna"),
        _ => Reply::missing(),
    }
}

fn site(url: String) -> blindsift::crawl::Plan {
    plan(Place::Web(web(url)))
}

fn short_timeout(url: String) -> blindsift::crawl::Plan {
    plan(Place::Web(Web {
        timeout: Duration::from_millis(200),
        ..web(url)
    }))
}

fn tls(file: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/crawl/tls");
    folder.join(file)
}

/// A port of loopback where nobody listens.
fn dead_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}

#[test]
fn a_page_and_what_it_links_to_are_fetched_once_each() {
    let server = Server::http(|request| match request.target.as_str() {
        "/" => Reply::page("<a href=a/>a</a><a href=/a/#x>a</a><img src='//h'><a href=gone>"),
        "/a/" => Reply::page("<base href=/b/><a href=x%20y?z=1><a href=/>"),
        "/b/x%20y?z=1" => Reply::file(vec![7; 300_000]),
        _ => Reply::missing(),
    });
    let harvest = crawl(site(server.url("/")));
    assert_eq!(server.targets(), ["/", "/a/", "/b/x%20y?z=1", "/gone"]);
    let file = &harvest.artefacts[&origin(&server.url("/b/x%20y?z=1"))];
    assert_eq!((file.bytes.len(), file.length), (300_000, Some(300_000)));
    assert_eq!((file.outcome, file.is_page), (Outcome::Complete, false));
    let front = &harvest.artefacts[&origin(&server.url("/"))];
    assert!(front.is_page);
    assert_eq!(front.charset.as_deref(), Some("UTF-8"));
    assert_eq!(
        harvest.failure(&server.url("/gone")),
        Some(Failure::Status(404))
    );
    assert_eq!(harvest.skipped, BTreeMap::from([(Reason::OutOfScope, 1)]));
    assert_eq!(harvest.done, Some(Ok(())));
}

#[test]
fn requests_say_nothing_but_what_they_must() {
    let server = Server::http(small_site);
    crawl(site(server.url("/")));
    for request in server.requests() {
        assert_eq!(request.method, "GET");
        assert_eq!(request.header("user-agent"), Some("blindsift-test/1"));
        assert_eq!(request.header("accept-encoding"), Some("identity"));
        for name in [
            "cookie",
            "referer",
            "authorization",
            "if-none-match",
            "range",
        ] {
            assert_eq!(request.header(name), None);
        }
    }
}

#[test]
fn a_server_out_of_scope_is_never_contacted() {
    let other = Server::http(small_site);
    let (a, b) = (other.url("/"), other.url("/data.txt"));
    let server = Server::http(move |request| match request.target.as_str() {
        "/" => Reply::page(&format!(
            "<a href={a}><img src={b}><a href=jump><a href=/leak/../up><meta http-equiv=refresh content='0;url={a}x'>"
        )),
        "/jump" => Reply::redirect(&b),
        _ => Reply::missing(),
    });
    let harvest = crawl(site(server.url("/")));
    assert_eq!(other.connections(), 0);
    assert_eq!(
        harvest.failure(&server.url("/jump")),
        Some(Failure::RedirectOutOfScope)
    );
    assert_eq!(harvest.skipped[&Reason::OutOfScope], 3);
}

#[test]
fn a_prefix_is_not_left() {
    let server = Server::http(|request| match request.target.as_str() {
        "/leak/" => Reply::page("<a href=../secret><a href=..%2fsecret><a href=in><a href=out>"),
        "/leak/in" => Reply::redirect("/leak/to"),
        "/leak/out" => Reply::redirect("/secret"),
        _ => Reply::file("x"),
    });
    let config = Web {
        scope: Scope::Prefix,
        ..web(server.url("/leak/"))
    };
    let harvest = crawl(plan(Place::Web(config)));
    assert_eq!(
        server.targets(),
        ["/leak/", "/leak/in", "/leak/out", "/leak/to"]
    );
    assert_eq!(harvest.bytes(&server.url("/leak/to")), b"x");
}

#[test]
fn a_page_alone_is_fetched_alone() {
    let server = Server::http(small_site);
    let config = Web {
        scope: Scope::Page,
        ..web(server.url("/"))
    };
    crawl(plan(Place::Web(config)));
    assert_eq!(server.targets(), ["/"]);
}

#[test]
fn redirects_in_a_circle_or_without_end_fail() {
    let server = Server::http(|request| match request.target.as_str() {
        "/" => Reply::page("<a href=ping><a href=/n/1>"),
        "/ping" => Reply::redirect("/pong"),
        "/pong" => Reply::redirect("/ping"),
        more => {
            let number: u32 = more[3..].parse().unwrap();
            Reply::redirect(&format!("/n/{}", number + 1))
        }
    });
    let harvest = crawl(site(server.url("/")));
    assert_eq!(
        harvest.failure(&server.url("/pong")),
        Some(Failure::RedirectLoop)
    );
    assert_eq!(
        harvest.failure(&server.url("/n/11")),
        Some(Failure::RedirectLimit)
    );
    assert_eq!(server.requests().len(), 1 + 2 + 11);
}

#[test]
fn limits_on_depth_links_and_pages_are_reported() {
    let server = Server::http(|request| {
        let next = format!("{}x", request.target);
        Reply::page(&format!("<a href={next}>{}<a href=/late>", " ".repeat(900)))
    });
    let mut deep = plan(Place::Web(Web {
        max_depth: 2,
        ..web(server.url("/"))
    }));
    deep.limits.page = 100;
    let harvest = crawl(deep);
    assert_eq!(server.targets(), ["/", "/x", "/xx"]);
    assert_eq!(harvest.limits, [Limit::Page, Limit::LinkDepth]);
    assert_eq!(harvest.skipped, BTreeMap::from([(Reason::LimitDepth, 1)]));
    // What lies behind the limit is not searched for links, but handed on.
    assert!(harvest.bytes(&server.url("/")).ends_with(b"<a href=/late>"));
    let mut few = site(server.url("/"));
    few.limits.links = 2;
    let harvest = crawl(few);
    assert_eq!(harvest.artefacts.len(), 2);
    assert_eq!(harvest.limits, [Limit::Links]);
}

#[test]
fn what_did_not_change_is_not_sent_again() {
    let server = Server::http(|request| {
        let tag = "\"anna-virtanen\"";
        match request.target.as_str() {
            "/" => Reply::page("<a href=tagged><a href=dated><a href=plain><a href=cut>")
                .with("ETag", tag),
            "/tagged" if request.header("if-none-match") == Some(tag) => Reply::new(304, ""),
            "/tagged" | "/cut" => Reply::file("x").with("ETag", tag),
            "/dated" if request.header("if-modified-since").is_some() => Reply::new(304, ""),
            "/dated" => Reply::file("x").with("Last-Modified", "Wed, 21 Oct 2020 07:28:00 GMT"),
            _ => Reply::file("x"),
        }
    });
    let first = crawl(site(server.url("/")));
    assert!(first.unchanged.is_empty());
    let mut known = first.known();
    let cut = known.0.get_mut(&origin(&server.url("/cut"))).unwrap();
    cut.2 = false;
    let second = crawl_again(site(server.url("/")), known);
    let mut unchanged = second.unchanged.clone();
    unchanged.sort();
    let mut expected = ["/tagged", "/dated"].map(|path| origin(&server.url(path)));
    expected.sort();
    assert_eq!(unchanged, expected);
    assert_eq!(second.artefacts.len(), 3);
    let asked = server.requests();
    let again = |target: &str| {
        let mut all = asked.iter().filter(|request| request.target == target);
        all.nth(1).unwrap().header("if-none-match").is_some()
    };
    assert_eq!(
        (again("/tagged"), again("/"), again("/cut")),
        (true, false, false)
    );
}

#[test]
fn a_kept_validator_does_not_show_what_the_server_wrote() {
    let server = Server::http(|_| {
        let reply = Reply::file("x").with("ETag", "\"anna-virtanen\"");
        reply.with("Last-Modified", "Anna Virtanen")
    });
    let harvest = crawl(site(server.url("/")));
    let kept = &harvest.artefacts[&origin(&server.url("/"))].validator;
    assert!(kept.etag.is_some() && kept.last_modified.is_none());
    assert!(!serde_json::to_string(kept).unwrap().contains("anna"));
}

#[test]
fn a_304_that_nobody_asked_for_is_a_failure() {
    let server = Server::http(|_| Reply::new(304, ""));
    let harvest = crawl(site(server.url("/")));
    assert_eq!(harvest.done, Some(Err(Failure::Status(304))));
}

#[test]
fn bodies_that_end_too_early_are_broken_and_the_rest_is_read() {
    let server = Server::http(|request| match request.target.as_str() {
        "/" => Reply::page("<a href=short><a href=chunks><a href=whole>"),
        "/short" => Reply::file("half").cut_off(8),
        "/chunks" => Reply::file("half").cut_in_chunks(),
        _ => Reply::file("whole"),
    });
    let harvest = crawl(site(server.url("/")));
    let outcome = |path| {
        let fruit = &harvest.artefacts[&origin(&server.url(path))];
        (fruit.bytes.clone(), fruit.outcome)
    };
    assert_eq!(
        outcome("/short"),
        (b"half".to_vec(), Outcome::Broken(Failure::BodyShort))
    );
    assert_eq!(
        outcome("/chunks"),
        (b"half".to_vec(), Outcome::Broken(Failure::BodyBroken))
    );
    assert_eq!(outcome("/whole"), (b"whole".to_vec(), Outcome::Complete));
}

#[test]
fn links_of_a_broken_page_are_followed() {
    let server = Server::http(|request| match request.target.as_str() {
        "/" => Reply::page("<a href=data.txt><a hre").cut_off(99),
        _ => small_site(request),
    });
    let harvest = crawl(site(server.url("/")));
    assert_eq!(harvest.bytes(&server.url("/data.txt")), b"Anna");
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
fn a_failure_that_passes_is_waited_for() {
    let asked = Arc::new(AtomicUsize::new(0));
    let count = asked.clone();
    let server = Server::http(move |_| match count.fetch_add(1, Ordering::SeqCst) {
        0 => Reply::new(503, "busy"),
        _ => Reply::file("here"),
    });
    let config = Web {
        retries: 1,
        ..web(server.url("/"))
    };
    let harvest = crawl(plan(Place::Web(config)));
    assert_eq!(harvest.bytes(&server.url("/")), b"here");
    assert_eq!(asked.load(Ordering::SeqCst), 2);
}

#[test]
fn a_dead_server_fails_its_source() {
    let url = format!("http://127.0.0.1:{}/", dead_port());
    let harvest = crawl(site(url.clone()));
    assert_eq!(harvest.failure(&url), Some(Failure::Connect));
    assert_eq!(harvest.done, Some(Err(Failure::Connect)));
}

#[test]
fn names_are_resolved_at_the_proxy() {
    let server = Server::http(small_site);
    let socks = Socks::new(Manner::LeadTo(server.port()));
    let config = Web {
        proxy: Some(socks.url()),
        ..web("http://leak.onion/".to_owned())
    };
    let harvest = crawl(plan(Place::Web(config)));
    assert_eq!(harvest.bytes("http://leak.onion/data.txt"), b"Anna");
    let wishes = socks.wishes();
    assert!(!wishes.is_empty());
    for wish in wishes {
        assert_eq!(wish, Wish::Name("leak.onion".to_owned(), 80));
    }
    assert_eq!(server.requests()[0].header("host"), Some("leak.onion"));
}

#[test]
fn a_dead_proxy_is_not_gone_around() {
    let server = Server::http(small_site);
    let config = Web {
        proxy: Some(format!("socks5h://127.0.0.1:{}", dead_port())),
        ..web(server.url("/"))
    };
    let harvest = crawl(plan(Place::Web(config)));
    assert_eq!(harvest.done, Some(Err(Failure::ProxyUnreachable)));
    assert_eq!(server.connections(), 0);
}

#[test]
fn a_proxy_that_refuses_is_not_gone_around() {
    let server = Server::http(small_site);
    let socks = Socks::new(Manner::Refuse);
    let config = Web {
        proxy: Some(socks.url()),
        ..web(server.url("/"))
    };
    let harvest = crawl(plan(Place::Web(config)));
    assert_eq!(harvest.done, Some(Err(Failure::ProxyRefused)));
    assert_eq!(socks.wishes().len(), 1);
    assert_eq!(server.connections(), 0);
}

#[test]
fn an_onion_address_is_not_shown_to_a_resolver() {
    let harvest = crawl(site("http://leak.onion/".to_owned()));
    assert_eq!(harvest.done, Some(Err(Failure::ProxyNeeded)));
}

#[test]
fn https_trusts_the_configured_authority_and_no_other() {
    let server = Server::https(small_site);
    let url = format!("https://localhost:{}/", server.port());
    let trusting = Web {
        ca: Some(tls("authority.pem")),
        ..web(url.clone())
    };
    let harvest = crawl(plan(Place::Web(trusting)));
    assert_eq!(harvest.bytes(&format!("{url}data.txt")), b"Anna");
    let harvest = crawl(site(url));
    assert_eq!(harvest.done, Some(Err(Failure::Tls)));
}

#[test]
fn https_goes_through_the_proxy_too() {
    let server = Server::https(small_site);
    let socks = Socks::new(Manner::LeadTo(server.port()));
    let config = Web {
        ca: Some(tls("authority.pem")),
        proxy: Some(socks.url()),
        ..web("https://localhost/".to_owned())
    };
    let harvest = crawl(plan(Place::Web(config)));
    assert_eq!(harvest.bytes("https://localhost/data.txt"), b"Anna");
    assert_eq!(socks.wishes()[0], Wish::Name("localhost".to_owned(), 443));
}

#[test]
fn a_source_that_is_configured_wrongly_is_refused_before_anything_is_sent() {
    let refused = |config: Web| start(plan(Place::Web(config)), Arc::new(Known::default())).err();
    let url = || "http://h.example/".to_owned();
    assert!(matches!(
        refused(web("ftp://h.example/".into())),
        Some(Error::Address { .. })
    ));
    assert!(matches!(
        refused(web("http://anna:x@h.example/".into())),
        Some(Error::Address { .. })
    ));
    let proxy = Some("socks5://127.0.0.1:1".to_owned());
    assert!(matches!(
        refused(Web {
            proxy,
            ..web(url())
        }),
        Some(Error::Proxy { .. })
    ));
    let ca = Some(tls("none.pem"));
    assert!(matches!(
        refused(Web { ca, ..web(url()) }),
        Some(Error::CaFile { .. })
    ));
    let ca = Some(tls("README.md"));
    assert!(matches!(
        refused(Web { ca, ..web(url()) }),
        Some(Error::CaEmpty { .. })
    ));
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

#[test]
fn a_folder_is_walked_in_byte_order_and_links_are_not_followed() {
    let folder = tempfile::tempdir().unwrap();
    let outside = tempfile::tempdir().unwrap();
    fs::write(outside.path().join("secret"), "no").unwrap();
    let root = folder.path();
    fs::create_dir(root.join("b")).unwrap();
    fs::write(root.join("b/inner"), "1").unwrap();
    fs::write(root.join("a"), "22").unwrap();
    fs::write(root.join("ä"), "333").unwrap();
    symlink(outside.path(), root.join("link")).unwrap();
    symlink(outside.path().join("secret"), root.join("file")).unwrap();
    let harvest = crawl(plan(Place::Path(root.to_owned())));
    let order = ["a", "b/inner", "ä"];
    assert_eq!(harvest.order, order.map(origin));
    assert_eq!(order.map(|name| harvest.bytes(name).len()), [2, 1, 3]);
    assert_eq!(harvest.skipped, BTreeMap::from([(Reason::NotAFile, 2)]));
    assert_eq!(harvest.done, Some(Ok(())));
}

#[test]
fn a_file_that_did_not_change_is_not_read_again() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("same"), "1").unwrap();
    fs::write(folder.path().join("grown"), "1").unwrap();
    let first = crawl(plan(Place::Path(folder.path().to_owned())));
    fs::write(folder.path().join("grown"), "12").unwrap();
    let second = crawl_again(plan(Place::Path(folder.path().to_owned())), first.known());
    assert_eq!(second.unchanged, [origin("same")]);
    assert_eq!(second.order, [origin("grown")]);
}

#[test]
fn a_single_file_is_known_by_its_name_and_can_be_read_in_any_order() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("dump.sql");
    fs::write(&path, "0123456789").unwrap();
    let crawl = start(plan(Place::Path(path)), Arc::new(Known::default())).unwrap();
    let Some(Event::Artefact(mut artefact)) = crawl.next() else {
        panic!("no artefact");
    };
    assert_eq!(artefact.origin, origin("dump.sql"));
    let mut whole = String::new();
    artefact.file.unwrap().read_to_string(&mut whole).unwrap();
    let mut body = String::new();
    artefact.body.read_to_string(&mut body).unwrap();
    assert_eq!(
        (whole.as_str(), body.as_str()),
        ("0123456789", "0123456789")
    );
}

#[test]
fn a_path_that_is_not_there_fails_its_source() {
    let folder = tempfile::tempdir().unwrap();
    let harvest = crawl(plan(Place::Path(folder.path().join("none"))));
    let failure = Failure::LocalIo(std::io::ErrorKind::NotFound);
    assert_eq!(harvest.done, Some(Err(failure)));
    assert_eq!(harvest.failure(""), Some(failure));
}

#[test]
fn a_validator_survives_being_written_down() {
    let kept = Validator {
        etag: None,
        last_modified: None,
        modified: Some(1_603_265_280_123_456_789),
        length: Some(u64::MAX),
    };
    let text = serde_json::to_string(&kept).unwrap();
    assert!(serde_json::from_str::<Validator>(&text).unwrap() == kept);
}
