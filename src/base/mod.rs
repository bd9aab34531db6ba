//! The words that every stage speaks.
//!
//! A type lives in the stage that makes it; what three stages or more speak of
//! lives here.

mod budget;
mod digest;
mod file;
mod format;
mod kind;
mod origin;
mod piece;
mod reason;
mod secret;
mod stop;

pub use budget::{Budget, Limit, LimitMet};
pub use digest::{Hasher, Mac, Sha256, hex};
pub use file::{Whole, private_file};
pub use format::Format;
pub use kind::{Anchor, Emit, Family, Kind, Regions, Shape, Strength, Unusable, Variant};
pub use origin::{Origin, OriginKey};
pub use piece::{Cell, Layout, Piece, Record};
pub use reason::Reason;
pub use secret::{Secret, SecretBytes};
pub use stop::Stop;
