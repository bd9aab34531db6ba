//! National identification numbers, a file for each country.
//!
//! Each number's header says what it is made of and where its rule is published;
//! `fixtures/kinds/<kind>.tsv` holds vectors.

pub(super) mod ar;
pub(super) mod au;
pub(super) mod br;
pub(super) mod cl;
pub(super) mod cn;
pub(super) mod fi;
pub(super) mod il;
// `in` is a word of the language.
pub(super) mod india;
pub(super) mod jp;
pub(super) mod kr;
pub(super) mod mx;
pub(super) mod nz;
pub(super) mod tr;
pub(super) mod ua;
pub(super) mod za;
