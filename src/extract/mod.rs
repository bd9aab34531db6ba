//! Finds what looks like an identifier in decoded text.
//!
//! | in  | a [`Piece`] of text with its records                              |
//! |-----|-------------------------------------------------------------------|
//! | out | [`Candidate`]s: canonical forms, and where they stand             |
//! | not | kinds that no list holds: those are not even looked for           |
//!
//! This stage knows shapes, never kinds: a [`Kind`] brings its shape along.

use std::ops::Range;

use crate::base::{Kind, Piece, Regions, Variant};

/// Looks for the kinds that it was made for. One per worker: it owns buffers.
#[derive(Debug)]
pub struct Extractor {
    kinds: Vec<&'static Kind>,
    regions: Regions,
}

/// Something that looks like an identifier and passed its kind's check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate<'a> {
    /// What it is.
    pub kind: &'static Kind,
    /// In which way `canonical` stands for it.
    pub variant: Variant,
    /// Its canonical form.
    pub canonical: &'a str,
    /// Where it stands in the piece's text.
    pub span: Range<usize>,
    /// Index into the piece's records.
    pub record: usize,
}

impl Extractor {
    /// Looks for `kinds`, reading national notations with `regions`.
    pub fn new(kinds: &[&'static Kind], _all: &[&'static Kind], regions: &Regions) -> Self {
        Self {
            kinds: kinds.to_vec(),
            regions: regions.clone(),
        }
    }

    /// TEMP.
    #[must_use]
    pub fn with_names_limit(self, _n: usize) -> Self {
        self
    }
    /// TEMP.
    pub fn names_limit_met(&mut self) -> bool {
        false
    }
    /// TEMP.
    pub fn claimed(
        &mut self,
        _piece: &Piece<'_>,
        _kind: &'static Kind,
        _span: &Range<usize>,
    ) -> bool {
        false
    }

    /// Hands every candidate that begins in the piece's own bytes to `each`.
    pub fn candidates(&mut self, _piece: &Piece<'_>, _each: &mut dyn FnMut(&Candidate<'_>)) {
        let _ = (&self.kinds, &self.regions);
    }

    /// The kinds of identifiers that stand in the same record as `span`, other
    /// than `kind` itself, sorted by name.
    pub fn exposed_with(
        &mut self,
        _piece: &Piece<'_>,
        _kind: &'static Kind,
        _span: &Range<usize>,
    ) -> Vec<&'static str> {
        Vec::new()
    }
}
