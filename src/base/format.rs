//! What a stream of bytes was found to be.

use serde::{Deserialize, Serialize};

/// A format, told by content and never by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Format {
    /// Text without a structure that is known.
    Text,
    /// Rows with a delimiter: CSV, TSV and their cousins.
    Csv,
    /// JSON, JSON Lines, concatenated JSON.
    Json,
    /// An SQL dump.
    Sql,
    /// A web page.
    Html,
    /// XML.
    Xml,
    /// A gzip stream (RFC 1952), of one or more members.
    Gzip,
    /// A zip archive.
    Zip,
    /// A tar archive.
    Tar,
    /// Something that no decoder reads.
    Unknown,
}

impl Format {
    /// The name that stands in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Csv => "csv",
            Self::Json => "json",
            Self::Sql => "sql",
            Self::Html => "html",
            Self::Xml => "xml",
            Self::Gzip => "gzip",
            Self::Zip => "zip",
            Self::Tar => "tar",
            Self::Unknown => "unknown",
        }
    }
}
