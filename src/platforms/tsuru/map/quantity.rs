//! Quantities of Kubernetes: `120m`, `2000000Ki`, `2`, `1e3`.
//!
//! Source: tsuru contract, section 5 (apps).

/// What the last letters stand for.
const SUFFIXES: &[(&str, f64)] = &[
    ("Ki", 1024.0),
    ("Mi", 1_048_576.0),
    ("Gi", 1_073_741_824.0),
    ("Ti", 1_099_511_627_776.0),
    ("Pi", 1_125_899_906_842_624.0),
    ("n", 1e-9),
    ("u", 1e-6),
    ("m", 1e-3),
    ("k", 1e3),
    ("M", 1e6),
    ("G", 1e9),
    ("T", 1e12),
    ("P", 1e15),
];

/// The number that is meant; absent for what is none, or negative.
pub(super) fn quantity(written: &str) -> Option<f64> {
    let written = written.trim();
    let suffix = SUFFIXES
        .iter()
        .find_map(|(suffix, factor)| Some((written.strip_suffix(suffix)?, *factor)));
    let (digits, factor) = suffix.unwrap_or((written, 1.0));
    let number: f64 = digits.trim().parse().ok()?;
    (number.is_finite() && number >= 0.0).then_some(number * factor)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn every_suffix_counts() {
        let check = |written, expected: Option<f64>| {
            let read = quantity(written);
            let is_same = match (read, expected) {
                (Some(read), Some(expected)) => (read - expected).abs() < 1e-6,
                (None, None) => true,
                (Some(_), None) | (None, Some(_)) => false,
            };
            assert!(is_same, "{written}: {read:?}");
        };
        check("120m", Some(0.12));
        check("2000000Ki", Some(2_048_000_000.0));
        check("100Mi", Some(104_857_600.0));
        check("2", Some(2.0));
        check("1e3", Some(1000.0));
        check("1500000n", Some(0.0015));
        check("5G", Some(5e9));
        for bad in ["", "m", "-1", "NaN", "inf", "many"] {
            check(bad, None);
        }
    }

    proptest! {
        #[test]
        fn nothing_written_makes_it_fail(written in ".{0,12}") {
            prop_assert!(quantity(&written).is_none_or(|it| it >= 0.0));
        }
    }
}
