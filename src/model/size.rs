//! Sizes in words.

use std::fmt;

/// A number of bytes, with at most three figures: `412 B`, `1.2 GB`, `87 MB`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bytes(pub u64);

impl fmt::Display for Bytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const UNITS: [&str; 5] = ["kB", "MB", "GB", "TB", "PB"];
        let Self(mut scaled) = *self;
        if scaled < 1_000 {
            return write!(f, "{scaled} B");
        }
        for unit in UNITS {
            // One more digit than is shown, in whole numbers: no float is involved.
            if scaled < 9_950 {
                let tenths = (scaled + 50) / 100;
                return write!(f, "{}.{} {unit}", tenths / 10, tenths % 10);
            }
            if scaled < 999_500 {
                return write!(f, "{} {unit}", (scaled + 500) / 1_000);
            }
            scaled /= 1_000;
        }
        write!(f, "{scaled} PB")
    }
}
