//! National identification numbers, a file for each country.
//!
//! Each number's header says what it is made of and where its rule is published;
//! `fixtures/kinds/<kind>.tsv` holds vectors.

pub(super) mod bg;
pub(super) mod cz;
pub(super) mod dk;
pub(super) mod ee;
pub(super) mod fi;
pub(super) mod gr;
pub(super) mod hr;
pub(super) mod hu;
pub(super) mod is;
pub(super) mod lt;
pub(super) mod lv;
pub(super) mod no;
pub(super) mod pl;
pub(super) mod ro;
pub(super) mod se;
pub(super) mod si;
pub(super) mod sk;
