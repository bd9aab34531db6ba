//! Ways out: proxies, certificates, and what is refused before anything is sent.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use blindsift::config::{Place, Web};
use blindsift::crawl::{Error, Failure, start};

use crate::support::harvest::{Known, crawl, plan, site, web};
use crate::support::server::{Server, dead_port, small_site};
use crate::support::socks::{Manner, Socks, Wish};

fn tls(file: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/crawl/tls");
    folder.join(file)
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
