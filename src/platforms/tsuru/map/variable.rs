//! Variables.
//!
//! Source: tsuru contract, section 5 (environment variables).

use crate::model::{Secret, Text, Variable, VariableId};
use crate::platforms::details::{Details, text};
use crate::platforms::tsuru::wire;

/// What the platform sets begins so.
const OWN: &str = "TSURU_";

/// The credentials of every bound service, whatever is said of it.
const SERVICES: &str = "TSURU_SERVICES";

/// A private value comes in clear: it is one to mask, not one that is hidden.
pub(in crate::platforms::tsuru) fn variable(wire: wire::EnvVar) -> Option<Variable> {
    let name = Text::non_empty(&wire.name)?;
    let managed_by = text(&wire.managed_by);
    let is_own = wire.name.starts_with(OWN);
    Some(Variable {
        id: Some(VariableId::new(&wire.name)),
        is_sensitive: *wire.public == Some(false) || wire.name == SERVICES,
        is_read_only: is_own || managed_by.is_some(),
        scope: None,
        changed_at: None,
        details: Details::default()
            .text(
                "Managed by",
                managed_by.or_else(|| is_own.then(|| Text::clean("tsuru"))),
            )
            .done(),
        value: Some(wire.value.0.unwrap_or_else(|| Secret::new(""))),
        name,
    })
}
