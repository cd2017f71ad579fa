//! Event blocks: what keeps changes out.
//!
//! Source: tsuru contract, section 5 (events).

use super::words::{doing, target};
use crate::model::{AppId, Detail, MaintenanceId, MaintenanceRun, MaintenanceState, Text};
use crate::platforms::details::{Details, text};
use crate::platforms::tsuru::wire;

/// An app, and where it runs.
pub(in crate::platforms::tsuru) struct Place<'a> {
    pub(in crate::platforms::tsuru) app: &'a str,
    /// Absent where it is not known.
    pub(in crate::platforms::tsuru) pool: Option<&'a str>,
}

/// Whether a block may keep changes of an app out: it is about that app, or about none, and not
/// about another pool.
pub(in crate::platforms::tsuru) fn concerns(wire: &wire::Block, place: &Place<'_>) -> bool {
    let target = wire.target.as_ref();
    let kind = target.and_then(|it| it.kind.as_deref()).unwrap_or_default();
    let value = target
        .and_then(|it| it.value.as_deref())
        .unwrap_or_default();
    let is_meant = match kind {
        "" => true,
        "app" => value.is_empty() || value == place.app,
        "pool" => is_pool(value, place),
        _ => false,
    };
    let mut conditions = wire.conditions.iter().flatten();
    is_meant && conditions.all(|(name, value)| name != "pool" || is_pool(value, place))
}

fn is_pool(name: &str, place: &Place<'_>) -> bool {
    place.pool.is_none_or(|pool| pool == name)
}

pub(in crate::platforms::tsuru) fn block(wire: &wire::Block, of: Option<&AppId>) -> MaintenanceRun {
    let is_active = *wire.is_active == Some(true);
    let target = wire.target.as_ref();
    let own = target.filter(|it| it.kind.as_deref() == Some("app"));
    let own = own
        .and_then(|it| it.value.as_deref())
        .filter(|app| !app.is_empty());
    MaintenanceRun {
        id: MaintenanceId::new(&wire.id),
        app: own.map(AppId::new).or_else(|| of.cloned()),
        title: title(wire),
        state: if is_active {
            MaintenanceState::Running
        } else {
            MaintenanceState::Completed
        },
        planned_for: None,
        can_run: false,
        can_skip: false,
        can_cancel: is_active,
        details: details(wire),
    }
}

/// "freeze: no deploy".
fn title(wire: &wire::Block) -> Text {
    let kept_out = match text(&wire.kind_name) {
        Some(kind) => format!("no {}", doing(kind.as_str())),
        None => "no changes".to_owned(),
    };
    Text::clean(&match text(&wire.reason) {
        Some(reason) => format!("{reason}: {kept_out}"),
        None => kept_out,
    })
}

fn details(wire: &wire::Block) -> Vec<Detail> {
    let mut details = Details::default()
        .word("Kind", &wire.kind_name)
        .word("Of", &wire.owner_name)
        .text("Target", target(wire.target.as_ref()));
    for (name, value) in wire.conditions.iter().flatten() {
        details = details.text("Only where", Text::non_empty(&format!("{name} is {value}")));
    }
    details
        .time("Since", &wire.start_time)
        .time("Until", &wire.end_time)
        .done()
}
