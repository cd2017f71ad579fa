//! From the platform's records to the model.
//!
//! Source: Pangea contract, section 9.

use super::memory::Changes;
use super::wire;
use crate::model::{Account, App, AppId, EnvId, Environment, OrgId, Organisation, Status, Text};
use crate::platforms::details::{Details, text};

/// A project. Nothing is known of its health, so none is invented.
pub(super) fn app(project: &wire::Project, changes: &Changes) -> App {
    App {
        organisation: text(&project.org).map(|id| OrgId::new(id.as_str())),
        status: Status::Present,
        reason: changes.of(project).map(Text::clean),
        created_at: *project.created_at,
        details: details(project),
        ..App::new(AppId::new(&project.id), shown_name(project))
    }
}

/// The one level below a project that the model wants: its region.
pub(super) fn region(project: &wire::Project, changes: &Changes) -> Environment {
    let name = text(&project.region).or_else(|| text(&project.geo));
    let name = name.unwrap_or_else(|| Text::clean("unknown"));
    Environment {
        is_synthetic: true,
        status: Status::Present,
        reason: changes.of(project).map(Text::clean),
        tells_lists: false,
        // Its details are those of the project.
        has_runtime_log: false,
        ..Environment::new(EnvId::new(&project.id), AppId::new(&project.id), name)
    }
}

/// The name by which people know a project, which is typed to delete it.
pub(super) fn shown_name(project: &wire::Project) -> Text {
    text(&project.name).unwrap_or_else(|| Text::clean(&project.id))
}

fn details(project: &wire::Project) -> Vec<crate::model::Detail> {
    Details::default()
        .text("Id", Text::non_empty(&project.id))
        .word("Geo", &project.geo)
        .word("Region", &project.region)
        .word("Organisation", &project.org)
        .time("Created", &project.created_at)
        .time("Changed", &project.updated_at)
        .done()
}

pub(super) fn organisation(wire: &wire::Organisation) -> Organisation {
    Organisation {
        id: OrgId::new(&wire.id),
        name: text(&wire.name).unwrap_or_else(|| Text::clean(&wire.id)),
        details: about(wire).done(),
    }
}

/// A token belongs to a client of an organisation: that is as much as is known of who asks. `remark`
/// is what speaks against the id in the configuration.
pub(super) fn account(wire: &wire::Organisation, remark: Option<Text>) -> Account {
    Account {
        name: text(&wire.name).unwrap_or_else(|| Text::clean(&wire.id)),
        details: about(wire).text("Remark", remark).done(),
    }
}

fn about(wire: &wire::Organisation) -> Details {
    Details::default()
        .text("Id", Text::non_empty(&wire.id))
        .word("Owner", &wire.owner)
        .word("E-mail of the owner", &wire.owner_email)
        .word("Cloud", &wire.csp)
        .time("Created", &wire.created_at)
        .time("Changed", &wire.updated_at)
}
