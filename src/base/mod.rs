//! The words that every stage speaks.
//!
//! A type lives in the stage that makes it; what three stages or more speak of
//! lives here.

mod address;
mod budget;
mod date;
mod digest;
mod file;
mod format;
mod kind;
mod mac;
mod month;
mod name;
mod origin;
mod own;
mod piece;
mod plan;
mod postcode;
mod reason;
mod secret;
mod spelling;
mod stop;
mod street;
pub mod vector;

pub use address::{HouseNumber, NOTATIONS, Notation, address_form, is_box};
pub use budget::{Budget, Limit, LimitMet};
pub use date::{Date, Readings};
pub use digest::{Hasher, Sha256, hex};
pub use file::{Whole, private_file};
pub use format::Format;
pub use kind::{Anchor, Emit, Family, Kind, Regions, Runs, Shape, Strength, Unusable, Variant};
pub use mac::{Blocks, Mac};
pub use name::{fold_name, has_leftovers, is_apostrophe, name_parts};
pub use origin::{Origin, OriginKey};
pub use own::{Check, Definition, Fold, Pattern};
pub use piece::{Cell, Layout, Piece, Record};
pub use plan::{Plan, Plans};
pub use postcode::Postcode;
pub use reason::Reason;
pub use secret::{Secret, SecretBytes};
pub use spelling::{fold_case, is_blank, is_dash, is_word, plain, plain_char};
pub use stop::Stop;
pub use street::Street;
