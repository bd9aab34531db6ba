//! The HTTP client of a source: its only way out, and what it calls its failures.
//!
//! | in  | how a source is configured                                         |
//! |-----|--------------------------------------------------------------------|
//! | out | a client that knows no cookies, no referrer, no redirects           |
//! | not | a proxy of the environment, a name of a private network, plan B     |

use std::error::Error as StdError;
use std::fs;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::header::{ACCEPT_ENCODING, HeaderMap, HeaderValue};
use reqwest::{Client, Proxy, redirect};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};
use url::{Host, Url};

use crate::config::Web;
use crate::crawl::{Error, Failure};

/// The client for `config`, whose address is `start`.
pub(super) fn client(source_index: usize, config: &Web, start: &Url) -> Result<Client, Error> {
    let broken = |_| Error::Client { source_index };
    let mut headers = HeaderMap::new();
    // Compressed on the way, the same bytes would be counted twice.
    headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("identity"));
    let mut builder = Client::builder()
        .no_proxy()
        .http1_only()
        .referer(false)
        .redirect(redirect::Policy::none())
        .retry(reqwest::retry::never())
        .connect_timeout(config.timeout)
        .pool_max_idle_per_host(config.parallel)
        .user_agent(config.user_agent.as_str())
        .default_headers(headers)
        .tls_backend_preconfigured(tls(source_index, config)?);
    let guard = match &config.proxy {
        Some(proxy) => {
            let proxy = socks(proxy).ok_or(Error::Proxy { source_index })?;
            let host = proxy.host_str().unwrap_or_default().to_owned();
            builder = builder.proxy(Proxy::all(proxy).map_err(|_| Error::Proxy { source_index })?);
            Guard::Only(host)
        }
        None if is_localhost(start) => Guard::Local,
        None => Guard::Public,
    };
    builder
        .dns_resolver(Arc::new(guard))
        .build()
        .map_err(broken)
}

fn socks(proxy: &str) -> Option<Url> {
    Url::parse(proxy)
        .ok()
        .filter(|url| url.scheme() == "socks5h" && url.has_host())
}

/// The public authorities as this version was built with them, or only the configured ones.
fn tls(source_index: usize, config: &Web) -> Result<ClientConfig, Error> {
    let mut roots = RootCertStore::empty();
    if let Some(path) = &config.ca {
        let pem = fs::read(path).map_err(|source| Error::CaFile {
            source_index,
            source,
        })?;
        let certificates = CertificateDer::pem_slice_iter(&pem).filter_map(Result::ok);
        if roots.add_parsable_certificates(certificates).0 == 0 {
            return Err(Error::CaEmpty { source_index });
        }
    } else {
        let public = webpki_root_certs::TLS_SERVER_ROOT_CERTS;
        roots.add_parsable_certificates(public.iter().cloned());
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|_| Error::Client { source_index })?;
    Ok(config.with_root_certificates(roots).with_no_client_auth())
}

/// Whether `url` names this machine. Addresses in figures need no such question:
/// whoever writes one means it.
fn is_localhost(url: &Url) -> bool {
    matches!(url.host(), Some(Host::Domain(name)) if name == "localhost" || name.ends_with(".localhost"))
}

/// Which names may be resolved here, and to what.
#[derive(Debug, Clone)]
enum Guard {
    /// The proxy's own name. Everything else is the proxy's to resolve.
    Only(String),
    /// This machine.
    Local,
    /// Names of the public internet.
    Public,
}

#[derive(Debug, thiserror::Error)]
#[error("refused")]
struct Private;

impl Guard {
    fn lets(&self, address: IpAddr) -> bool {
        match self {
            Self::Only(_) => true,
            Self::Local => address.is_loopback(),
            Self::Public => is_public(address),
        }
    }
}

impl Resolve for Guard {
    fn resolve(&self, name: Name) -> Resolving {
        let guard = self.clone();
        Box::pin(async move {
            let name = name.as_str();
            if matches!(&guard, Guard::Only(proxy) if !proxy.eq_ignore_ascii_case(name)) {
                return Err(io::Error::from(io::ErrorKind::NotFound).into());
            }
            let all: Vec<SocketAddr> = tokio::net::lookup_host((name, 0)).await?.collect();
            let found_some = !all.is_empty();
            let fit: Vec<SocketAddr> = all
                .into_iter()
                .filter(|address| guard.lets(address.ip()))
                .collect();
            if fit.is_empty() && found_some {
                return Err(Private.into());
            }
            Ok(Box::new(fit.into_iter()) as Addrs)
        })
    }
}

/// Whether an address is reachable from everywhere (IANA special-purpose registries).
fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let special = match address.octets() {
        // This network, private, loopback; multicast and reserved from 224 on.
        [0 | 10 | 127 | 224.., ..]
        // Private, and benchmarking.
        | [192, 168, ..]
        | [198, 18..=19, ..]
        // Protocol assignments, documentation, the 6to4 relay.
        | [192, 0, 0 | 2, _]
        | [198, 51, 100, _]
        | [203, 0, 113, _]
        | [192, 88, 99, _]
        // Link-local, private, shared by carriers.
        | [169, 254, ..]
        | [172, 16..=31, ..]
        | [100, 64..=127, ..] => true,
        _ => false,
    };
    !special
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    let inner = |high: u16, low: u16| {
        let [a, b] = high.to_be_bytes();
        let [c, d] = low.to_be_bytes();
        is_public_v4(Ipv4Addr::new(a, b, c, d))
    };
    match address.segments() {
        // NAT64 and 6to4 carry an address of version 4.
        [0x64, 0xff9b, 0, 0, 0, 0, high, low] | [0x2002, high, low, ..] => inner(high, low),
        // Protocol assignments (Teredo among them) and documentation.
        [0x2001, 0..=0x1ff | 0xdb8, ..] | [0x3fff, 0..=0xfff, ..] => false,
        // All that has been given out so far is in 2000::/3.
        [first, ..] => first >> 13 == 1,
    }
}

/// What a failed request is called.
pub(super) fn classify(error: &reqwest::Error, is_proxied: bool) -> Failure {
    let mut hung_up = false;
    for cause in std::iter::successors(error.source(), |error| cause(*error)) {
        if cause.is::<Private>() {
            return Failure::PrivateAddress;
        }
        if cause.is::<rustls::Error>() {
            return Failure::Tls;
        }
        // The type is not public; the sentence is all there is.
        let text = cause.to_string();
        if text.starts_with("SOCKS error: failed to create underlying connection") {
            return Failure::ProxyUnreachable;
        }
        if text.starts_with("SOCKS error:") {
            return Failure::ProxyRefused;
        }
        hung_up |= cause.is::<io::Error>();
    }
    match (error.is_connect(), is_proxied) {
        _ if error.is_timeout() => Failure::Timeout,
        _ if error.is_dns() && is_proxied => Failure::ProxyUnreachable,
        _ if error.is_dns() => Failure::NameNotResolved,
        (true, true) => Failure::ProxyRefused,
        (true, false) => Failure::Connect,
        // A server that hangs up before it answers is as good as absent.
        (false, _) if hung_up => Failure::Connect,
        (false, _) => Failure::Answer,
    }
}

/// What is below `error`. An `io::Error` passes over the error that it wraps.
fn cause<'a>(error: &'a (dyn StdError + 'static)) -> Option<&'a (dyn StdError + 'static)> {
    match error
        .downcast_ref::<io::Error>()
        .and_then(io::Error::get_ref)
    {
        Some(wrapped) => Some(wrapped),
        None => error.source(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn special_addresses_are_not_public() {
        for text in [
            "0.0.0.0",
            "10.1.2.3",
            "100.64.0.1",
            "127.0.0.1",
            "169.254.169.254",
            "172.31.0.1",
            "192.0.2.1",
            "192.168.1.1",
            "198.18.0.1",
            "203.0.113.9",
            "224.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::ffff:8.8.8.8",
            "64:ff9b::a00:1",
            "2001:db8::1",
            "2002:7f00:1::1",
            "fc00::1",
            "fe80::1",
            "ff02::1",
            "3fff:1::1",
        ] {
            assert!(!is_public(text.parse().unwrap()), "{text}");
        }
    }

    #[test]
    fn addresses_of_root_servers_are_public() {
        for text in [
            "198.41.0.4",
            "2001:503:ba3e::2:30",
            "172.15.0.1",
            "64:ff9b::c629:4",
        ] {
            assert!(is_public(text.parse().unwrap()), "{text}");
        }
    }

    #[test]
    fn only_socks_with_names_resolved_there_is_a_proxy() {
        assert!(socks("socks5h://127.0.0.1:9050").is_some());
        for text in [
            "socks5://127.0.0.1:9050",
            "http://127.0.0.1:8080",
            "127.0.0.1:9050",
            "",
        ] {
            assert!(socks(text).is_none(), "{text}");
        }
    }

    /// A port of this machine at which nobody answers, and asking for it by name.
    async fn ask(guard: Guard) -> (Failure, bool) {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let port = listener.local_addr().unwrap().port();
        let client = Client::builder()
            .dns_resolver(Arc::new(guard))
            .tls_backend_preconfigured(
                ClientConfig::builder_with_provider(
                    rustls::crypto::ring::default_provider().into(),
                )
                .with_safe_default_protocol_versions()
                .unwrap()
                .with_root_certificates(RootCertStore::empty())
                .with_no_client_auth(),
            )
            .build()
            .unwrap();
        let url = format!("http://localhost:{port}/");
        let error = client.get(url).send().await.unwrap_err();
        (classify(&error, false), listener.accept().is_ok())
    }

    #[tokio::test]
    async fn a_name_that_leads_to_this_machine_is_refused_before_a_connection() {
        assert_eq!(ask(Guard::Public).await, (Failure::PrivateAddress, false));
    }

    #[tokio::test]
    async fn behind_a_proxy_no_name_but_its_own_is_resolved() {
        let guard = Guard::Only("proxy.example".to_owned());
        assert_eq!(ask(guard).await, (Failure::NameNotResolved, false));
    }
}
