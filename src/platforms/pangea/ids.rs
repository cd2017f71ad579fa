//! Identifiers: what they look like. They are checked before anything is sent.
//!
//! Source: Pangea contract, section 7.

use crate::model::{Failure, Text};

/// Letters and digits behind the prefix, in practice.
const LENGTH: usize = 32;

/// A kind of identifier.
#[derive(Clone, Copy, Debug)]
pub struct Kind {
    prefix: &'static str,
    /// The field that complaints are about.
    field: &'static str,
    noun: &'static str,
}

/// An organisation.
pub const ORGANISATION: Kind = Kind {
    prefix: "poi_",
    field: "organisation",
    noun: "an organisation",
};

/// A project.
pub const PROJECT: Kind = Kind {
    prefix: "ppi_",
    field: "project",
    noun: "a project",
};

/// Checks an identifier. One of another length than usual may do all the same: the remark says so.
///
/// # Errors
/// `Validation` for what names nothing of that kind.
pub fn check(kind: Kind, id: &str) -> Result<Option<Text>, Failure> {
    let rest = id.strip_prefix(kind.prefix).unwrap_or_default();
    let is_usual = |c: char| c.is_ascii_lowercase() || ('2'..='7').contains(&c);
    if rest.is_empty() || !rest.chars().all(is_usual) {
        let problem = format!(
            "`{}` is no id of {}: these are `{}` and then letters a to z and digits 2 to 7",
            Text::clean(id),
            kind.noun,
            kind.prefix
        );
        return Err(Failure::invalid(kind.field, &problem));
    }
    Ok((rest.len() != LENGTH).then(|| {
        let usual = LENGTH + kind.prefix.len();
        Text::clean(&format!(
            "the id of {} usually has {usual} characters, and {id} has {}",
            kind.noun,
            id.len()
        ))
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_refused_by_its_letters_and_only_remarked_on_by_its_length() {
        let usual = format!("ppi_{}", "a".repeat(32));
        assert_eq!(check(PROJECT, &usual), Ok(None));
        let short = check(PROJECT, "ppi_abc234").unwrap().unwrap();
        assert!(short.as_str().contains("usually has 36"), "{short}");
        for bad in [
            "", "ppi_", "poi_abc", "ppi_ABC", "ppi_a1", "ppi_a/b", " ppi_a", "ppi_é",
        ] {
            let failure = check(PROJECT, bad).unwrap_err();
            assert!(matches!(failure, Failure::Validation(_)), "{bad:?}");
        }
        assert!(check(ORGANISATION, "ppi_abc").is_err());
    }
}
