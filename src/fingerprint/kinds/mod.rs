//! The registry of kinds: one file each, one line each.
//!
//! Each file says in its header where its rule comes from, and its tests hold
//! vectors from that source.

mod address;
mod card;
pub mod custom;
mod email;
mod iban;
mod national;
mod numbering;
mod passport;
pub mod person;
mod phone;
mod romanised;
mod rules;

use crate::base::Kind;

/// Every kind, in the order in which `blindsift kinds` lists them.
pub static ALL: &[&Kind] = &[
    &email::KIND,
    &phone::KIND,
    &iban::KIND,
    &card::KIND,
    &national::fi::HETU,
    &national::se::PNR,
    &national::no::FNR,
    &national::dk::CPR,
    &national::is::KT,
    &national::ee::IK,
    &national::lv::PK,
    &national::lt::AK,
    &national::pl::PESEL,
    &national::de::IDNR,
    &national::nl::BSN,
    &national::be::NN,
    &national::fr::NIR,
    &national::es::DNI,
    &national::es::NIE,
    &national::it::CF,
    &national::pt::NIF,
    &national::ie::PPS,
    &national::gb::NHS,
    &national::gb::NINO,
    &national::ch::AHV,
    &national::at::VNR,
    &national::cz::RC,
    &national::sk::RC,
    &national::hu::TAJ,
    &national::ro::CNP,
    &national::bg::EGN,
    &national::hr::OIB,
    &national::si::EMSO,
    &national::gr::AMKA,
    &national::tr::TCKN,
    &national::ua::RNOKPP,
    &national::us::SSN,
    &national::ca::SIN,
    &national::br::CPF,
    &national::mx::CURP,
    &national::ar::DNI,
    &national::cl::RUT,
    &national::au::TFN,
    &national::au::MEDICARE,
    &national::nz::IRD,
    &national::india::AADHAAR,
    &national::india::PAN,
    &national::cn::RIC,
    &national::kr::RRN,
    &national::jp::MYNUMBER,
    &national::za::ID,
    &national::il::ID,
    &passport::KIND,
    &person::KIND,
    &address::KIND,
];

/// The kind of that name; `_` may stand for `-`.
pub fn named(name: &str) -> Option<&'static Kind> {
    ALL.iter()
        .copied()
        .find(|kind| kind.name == name || kind.name == name.replace('_', "-"))
}

/// Every canonical form of `text`, or why there is none.
#[cfg(test)]
fn forms(
    kind: &Kind,
    text: &str,
    regions: &[&str],
) -> Result<Vec<(String, crate::base::Variant)>, &'static str> {
    let regions = crate::base::Regions::parse(regions.iter().copied()).unwrap();
    let mut forms = Vec::new();
    kind.read(text, &regions, &mut |form, variant| {
        forms.push((form.to_owned(), variant));
    })
    .map_err(|unusable| {
        assert_eq!(forms, [], "nothing may be emitted before an error");
        unusable.0
    })?;
    Ok(forms)
}

#[cfg(test)]
mod tests;
