//! What can go wrong between asking for something and having all of it.

use std::io;

use crate::base::Reason;

/// Why something was not fetched, or not to its end.
///
/// A class, never an address or a word of an answer: both come from the leak.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// Nobody listens there, or the connection was cut before an answer began.
    #[error("no connection to the server")]
    Connect,
    /// The server said nothing for longer than the source's `timeout`.
    #[error("the server did not answer in time")]
    Timeout,
    /// The server could not prove who it is, or speaks no TLS that we know.
    #[error("the server's certificate or TLS was refused")]
    Tls,
    /// The configured proxy itself does not answer.
    #[error("the proxy cannot be reached")]
    ProxyUnreachable,
    /// The proxy answered, and did not connect us.
    #[error("the proxy did not connect to the server")]
    ProxyRefused,
    /// A `.onion` name, and no proxy to take it to.
    #[error("an onion address needs a proxy")]
    ProxyNeeded,
    /// The name of the host has no address.
    #[error("the host's name cannot be resolved")]
    NameNotResolved,
    /// The name of the host leads into a private network.
    #[error("the host's name leads to a private or local address")]
    PrivateAddress,
    /// The server answered with this status instead of the thing asked for.
    #[error("the server answered with status {0}")]
    Status(u16),
    /// More redirects in a row than are followed.
    #[error("too many redirects")]
    RedirectLimit,
    /// A redirect that leads to where it came from.
    #[error("the redirects go round in a circle")]
    RedirectLoop,
    /// A redirect that leads out of the source's scope.
    #[error("the redirect leads out of the source's scope")]
    RedirectOutOfScope,
    /// A redirect to something that is no web address.
    #[error("the redirect leads to no web address")]
    RedirectInvalid,
    /// The answer's head broke off, is no HTTP, or goes beyond what a head may be.
    #[error("the server's answer broke off or is not understood")]
    Answer,
    /// The body broke off in the middle.
    #[error("the body broke off")]
    BodyBroken,
    /// The body is shorter than the server said.
    #[error("the body is shorter than announced")]
    BodyShort,
    /// A local file or folder could not be read.
    #[error("it cannot be read: {0}")]
    LocalIo(io::ErrorKind),
    /// The run was asked to stop.
    #[error("the run was stopped")]
    Stopped,
}

impl Failure {
    /// Whether asking again, later, may succeed.
    pub fn may_pass(self) -> bool {
        match self {
            Self::Connect
            | Self::Timeout
            | Self::ProxyUnreachable
            | Self::ProxyRefused
            | Self::NameNotResolved
            | Self::Answer
            | Self::BodyBroken
            | Self::BodyShort
            | Self::Stopped => true,
            // 408, 425 and 429 ask for patience (RFC 9110, RFC 8470, RFC 6585).
            Self::Status(status) => status >= 500 || matches!(status, 408 | 425 | 429),
            _ => false,
        }
    }

    /// What the user can do about it.
    pub fn advice(self) -> &'static str {
        match self {
            Self::Connect | Self::Timeout => {
                "check the source's url, and raise its timeout or retries"
            }
            Self::Tls => "if the server has a certificate of its own, name it with `ca`",
            Self::ProxyUnreachable => {
                "start the proxy, or correct the source's `proxy`; nothing was fetched without it"
            }
            Self::ProxyRefused => "the server may be down; look into the proxy's log",
            Self::ProxyNeeded => {
                "set the source's `proxy`, for example socks5h://127.0.0.1:9050 for Tor"
            }
            Self::NameNotResolved => "check the host in the source's url",
            Self::PrivateAddress => {
                "if the source really is in your own network, write its IP address into the url"
            }
            Self::Status(401 | 403 | 407) => "the server wants a login; blindsift never logs in",
            Self::Status(404 | 410) => "it is gone from the server",
            Self::Status(429) => "lower the source's `rate`",
            Self::Status(_) | Self::Answer => "run again later",
            Self::RedirectLimit | Self::RedirectLoop | Self::RedirectInvalid => {
                "the server is set up wrongly, or keeps visitors without cookies out"
            }
            Self::RedirectOutOfScope => {
                "open the source's url where that is safe to see where it leads, and configure that"
            }
            Self::BodyBroken | Self::BodyShort | Self::Stopped => {
                "run again: what was not read is fetched again"
            }
            Self::LocalIo(_) => "check that the file is there and may be read",
        }
    }

    /// The bin of the report for what was not examined because of this.
    pub fn reason(self) -> Reason {
        match self {
            Self::RedirectOutOfScope => Reason::OutOfScope,
            Self::Stopped => Reason::Interrupted,
            _ => Reason::FetchFailed,
        }
    }
}

impl From<Failure> for io::Error {
    fn from(failure: Failure) -> Self {
        Self::other(failure)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_page_is_final_and_a_busy_server_is_not() {
        assert!(!Failure::Status(404).may_pass());
        assert!(Failure::Status(503).may_pass());
        assert!(Failure::Status(429).may_pass());
    }
}
