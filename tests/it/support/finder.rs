//! Takes what decoders find and keeps what is found in it.

use blindsift::base::{Format, Limit, Origin, Piece, Reason, Variant};
use blindsift::decode::Out;
use blindsift::extract::Extractor;

/// Finds what is in a leak.
pub(crate) struct Finder {
    pub(crate) extractor: Extractor,
    pub(crate) found: Vec<(&'static str, Variant, String)>,
}

impl Out for Finder {
    fn wants_cells(&self) -> bool {
        false
    }

    fn piece(&mut self, piece: &Piece<'_>) {
        let mut candidates = Vec::new();
        self.extractor.candidates(piece, &mut |it| {
            candidates.push((
                it.kind,
                it.variant,
                it.canonical.to_owned(),
                it.span.clone(),
            ));
        });
        for (kind, variant, form, span) in candidates {
            if self.extractor.confirms(piece, kind, &form, &span) {
                self.found.push((kind.name, variant, form));
            }
        }
    }

    fn begin(&mut self, _: Origin, _: Format) {}
    fn end(&mut self, _: u64) {}
    fn container(&mut self, _: Origin, _: Format) {}
    fn missed(&mut self, _: Origin, _: Reason) {}
    fn limit(&mut self, _: Limit) {}
}
