//! National identification numbers, a file for each country.
//!
//! Each number's header says what it is made of and where its rule is published;
//! `fixtures/kinds/<kind>.tsv` holds vectors.

pub(super) mod ar;
pub(super) mod at;
pub(super) mod au;
pub(super) mod be;
pub(super) mod br;
pub(super) mod ca;
pub(super) mod ch;
pub(super) mod cl;
pub(super) mod cn;
pub(super) mod de;
pub(super) mod es;
pub(super) mod fi;
pub(super) mod fr;
pub(super) mod gb;
pub(super) mod ie;
pub(super) mod il;
pub(super) mod india;
pub(super) mod it;
pub(super) mod jp;
pub(super) mod kr;
pub(super) mod mx;
pub(super) mod nl;
pub(super) mod nz;
pub(super) mod pt;
pub(super) mod tr;
pub(super) mod ua;
pub(super) mod us;
pub(super) mod za;
