//! Sites on loopback, crawled: what is fetched, and what is not.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use blindsift::base::{Limit, Reason};
use blindsift::config::{Place, Scope, Web};
use blindsift::crawl::{Failure, Outcome};

use crate::support::harvest::{crawl, crawl_again, origin, plan, site, web};
use crate::support::server::{Reply, Server, dead_port, small_site};

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
fn an_answer_with_too_much_of_a_head_is_not_taken_in() {
    let server = Server::http(|_| {
        let many = (0..1000).map(|number| number.to_string());
        many.fold(Reply::file("x"), |reply, name| reply.with("X", &name))
    });
    let harvest = crawl(site(server.url("/")));
    assert_eq!(harvest.done, Some(Err(Failure::Answer)));
}
