//! What only PandaStack has, declared: menus, forms and the command line are made from these rows, and
//! `operate` carries them out.

use crate::model::catalogue::{Field, Group, On, Recipe};
use crate::model::{Capability, OperationKind, Safety, Special, Stakes};

/// The name of the field with the settings of an app.
pub(super) const SETTINGS: &str = "settings";

/// Every operation that no other platform has, in the order of menus.
pub(super) const SPECIALS: &[&Special] = &[&CONFIGURE];

/// Changes the configuration of a managed app.
pub(super) static CONFIGURE: Special = Special {
    recipe: Recipe {
        name: "configure",
        capability: Capability::Special,
        group: Group::Own,
        letter: 'F',
        on: On::App,
        about: "Change the configuration of a managed app",
        fields: &[Field::text(
            SETTINGS,
            "A JSON object that is sent as it is: {\"plan\": \"small\"}",
        )],
        build: |inputs| {
            Ok(OperationKind::Special {
                what: &CONFIGURE,
                inputs: inputs.clone(),
            })
        },
    },
    verb: "configure",
    stakes: Stakes::Traffic,
    safety: Safety::Once,
    needs_no_credential: false,
};
