//! National identification numbers, a file for each country.
//!
//! Each number's header says what it is made of and where its rule is published;
//! `fixtures/kinds/<kind>.tsv` holds vectors.

pub(super) mod ar;
pub(super) mod at;
pub(super) mod au;
pub(super) mod be;
pub(super) mod bg;
pub(super) mod br;
pub(super) mod ca;
pub(super) mod ch;
pub(super) mod cl;
pub(super) mod cn;
pub(super) mod cz;
pub(super) mod de;
pub(super) mod dk;
pub(super) mod ee;
pub(super) mod es;
pub(super) mod fi;
pub(super) mod fr;
pub(super) mod gb;
pub(super) mod gr;
pub(super) mod hr;
pub(super) mod hu;
pub(super) mod ie;
pub(super) mod il;
pub(super) mod india;
pub(super) mod is;
pub(super) mod it;
pub(super) mod jp;
pub(super) mod kr;
pub(super) mod lt;
pub(super) mod lv;
pub(super) mod mx;
pub(super) mod nl;
pub(super) mod no;
pub(super) mod nz;
pub(super) mod pl;
pub(super) mod pt;
pub(super) mod ro;
pub(super) mod se;
pub(super) mod si;
pub(super) mod sk;
pub(super) mod tr;
pub(super) mod ua;
pub(super) mod us;
pub(super) mod za;
