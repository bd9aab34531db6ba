//! What can go wrong inside the organisation.

use std::io;

use super::build::Summary;
use super::column::Headings;
use crate::fingerprint::KeyId;
use crate::matching;

/// Why a list of people cannot be used.
///
/// Headings of the organisation's own file are shown, cut and unless they look
/// like data; its cells never.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The file could not be read.
    #[error("the people file could not be read")]
    Read(#[source] io::Error),
    /// There is nothing in it.
    #[error("the people file is empty")]
    Empty,
    /// It is no text.
    #[error("the people file is not a CSV file: it is {what}")]
    Binary {
        /// What it is instead.
        what: &'static str,
    },
    /// It begins with data.
    #[error("the file does not begin with a line of headings")]
    NoHeader,
    /// No column holds anything that can be listed.
    #[error("no column of the file is recognised; the columns are: {found}")]
    NoColumn {
        /// The file's headings.
        found: Headings,
    },
    /// A column was named that is not there.
    #[error("there is no column `{heading}`; the columns are: {found}")]
    NoSuchColumn {
        /// What it was called.
        heading: String,
        /// The file's headings.
        found: Headings,
    },
    /// A column was named in another form.
    #[error("a column is named as HEADER=KIND")]
    Naming,
    /// A column was named to be something that does not exist.
    #[error("there is no kind of column `{name}`")]
    Role {
        /// What it was called.
        name: String,
    },
    /// It has more columns than a spreadsheet.
    #[error("the file has more than 16,384 columns")]
    TooManyColumns,
    /// A row does not come to an end.
    #[error("the row that begins near line {line} is longer than 16 MiB")]
    RowTooLong {
        /// Where it begins; empty lines before it may be counted to it.
        line: u64,
    },
    /// No row gave an entry.
    #[error(
        "nobody can be listed: {} rows, {} rejects",
        .0.rows,
        .0.rejects.total
    )]
    NobodyListed(Box<Summary>),
    /// The result would be written over the people file.
    #[error("the result would be written over the people file")]
    SameFile,
    /// The watchlist could not be made.
    #[error("the watchlist could not be made")]
    List(#[source] matching::Error),
    /// The report does not say which key its list was made with.
    #[error("the report does not say which key its list was made with")]
    KeyId,
    /// A kind that the report's list defines itself cannot be used.
    #[error("a kind that the report's list defines cannot be used: {what}")]
    OwnKind {
        /// Why.
        what: &'static str,
    },
    /// The report's list was made with another key.
    #[error("the report is about a list of key {report}, and this is key {key}")]
    WrongKey {
        /// The key that the report names.
        report: KeyId,
        /// The key that was given.
        key: KeyId,
    },
    /// The file of the affected could not be written.
    #[error("the list of the affected could not be written")]
    Write(#[source] io::Error),
}

impl Error {
    /// What the user can do about it.
    pub fn advice(&self) -> &'static str {
        match self {
            Self::Read(_) => "check the path and its permissions",
            Self::Empty => "export the list again",
            Self::Binary { .. } => "save it as \"CSV UTF-8\" in the program that made it",
            Self::NoHeader => {
                "put a line of headings in front, such as `ref,name,date_of_birth,email,phone`, and close every quotation mark"
            }
            Self::NoColumn { .. } | Self::NoSuchColumn { .. } => {
                "name the columns with `--column HEADER=KIND`, for example `--column \"Work mail=email\"`; name and date of birth together make a person"
            }
            Self::Naming => "for example `--column \"Work mail=email\"`",
            Self::Role { .. } => {
                "use ref, name, first_name, last_name, date_of_birth, street, house_number, postcode, ignore, or a kind that `blindsift kinds` lists"
            }
            Self::TooManyColumns => "export only the columns that are needed",
            Self::RowTooLong { .. } => "a quotation mark is opened there and never closed",
            Self::NobodyListed(_) => {
                "look at the rejects; name the columns with `--column HEADER=KIND` and give a `--region` for national telephone numbers"
            }
            Self::SameFile => "choose another name for the result",
            Self::List(error) => error.advice(),
            Self::OwnKind { .. } => "use the version that the report was made with, or a newer one",
            Self::KeyId => "write the report again with this version",
            Self::WrongKey { .. } => "use the key that the list was made with",
            Self::Write(_) => "check the folder's permissions and the space left on the disk",
        }
    }
}
