//! National identification numbers, a file for each country.
//!
//! Each number's header says what it is made of and where its rule is published;
//! `fixtures/kinds/<kind>.tsv` holds vectors.

pub(super) mod at;
pub(super) mod be;
pub(super) mod ca;
pub(super) mod ch;
pub(super) mod de;
pub(super) mod es;
pub(super) mod fi;
pub(super) mod fr;
pub(super) mod gb;
pub(super) mod ie;
pub(super) mod it;
pub(super) mod nl;
pub(super) mod pt;
pub(super) mod us;
