//! What the processor can do, asked while running.

use std::fmt;

/// Instructions that this processor has and that we may use.
///
/// A value never claims what the processor lacks: it comes from asking, or from
/// another one by leaving something out.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Features {
    avx2: bool,
    avx512: bool,
    sha: bool,
}

impl Features {
    /// Nothing that a processor of this architecture may lack.
    pub const NONE: Self = Self {
        avx2: false,
        avx512: false,
        sha: false,
    };

    /// All that this processor has.
    #[cfg(target_arch = "x86_64")]
    pub fn found() -> Self {
        // The standard library asks once and remembers.
        Self {
            avx2: is_x86_feature_detected!("avx2"),
            avx512: is_x86_feature_detected!("avx512f") && is_x86_feature_detected!("avx512bw"),
            sha: is_x86_feature_detected!("sha") && is_x86_feature_detected!("sse4.1"),
        }
    }

    /// All that this processor has: only x86-64 is asked.
    #[cfg(not(target_arch = "x86_64"))]
    pub fn found() -> Self {
        Self::NONE
    }

    /// Each choice among the features found, the largest last: what tests compare.
    pub fn choices() -> impl Iterator<Item = Self> {
        let found = Self::found();
        (0..8_u8)
            .map(|chosen| Self {
                avx2: chosen & 1 != 0,
                avx512: chosen & 2 != 0,
                sha: chosen & 4 != 0,
            })
            .filter(move |choice| {
                choice.avx2 <= found.avx2
                    && choice.avx512 <= found.avx512
                    && choice.sha <= found.sha
            })
    }

    /// AVX2: 32 bytes at once.
    pub fn has_avx2(self) -> bool {
        self.avx2
    }

    /// AVX-512F and AVX-512BW: 64 bytes at once.
    pub fn has_avx512(self) -> bool {
        self.avx512
    }

    /// The SHA instructions and SSE4.1: SHA-256, one message at once.
    pub fn has_sha(self) -> bool {
        self.sha
    }
}

impl fmt::Debug for Features {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = [
            (self.avx2, "avx2"),
            (self.avx512, "avx512"),
            (self.sha, "sha"),
        ];
        f.debug_set()
            .entries(names.iter().filter(|(has, _)| *has).map(|(_, name)| name))
            .finish()
    }
}
