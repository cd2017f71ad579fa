//! Whose token it is. Nothing of this is published for managed apps.
//!
//! Source: PandaStack contract, sections 7 and 9.

use crate::model::{Account, OrgId, Organisation, Text};
use crate::platforms::details::Details;
use crate::platforms::pandastack::decode::Record;
use crate::platforms::pandastack::dialect::{Served, Whoami};

/// Names of a user, best first.
const NAMES: &[&str] = &[
    "email",
    "username",
    "login",
    "fullname",
    "displayname",
    "name",
];

/// Who it is: the user where one is told, else the organisation.
pub(in crate::platforms::pandastack) fn account(
    user: Option<&Record>,
    served: &Served,
    organisation: Option<&OrgId>,
) -> Account {
    let whoami = served.whoami.as_ref();
    let inner = user.and_then(|user| user.child("user"));
    let told = |names: &[&str]| {
        let inside = inner.as_ref().and_then(|user| user.text(names));
        inside.or_else(|| user?.text(names))
    };
    let org_name = || whoami.and_then(|who| who.org_name.clone());
    let by_id = || organisation.map(|id| Text::clean(&format!("organisation {}", id.to_text())));
    let name = told(NAMES).or_else(org_name).or_else(by_id);
    Account {
        name: name.unwrap_or_else(|| "an API token".into()),
        details: Details::default()
            .text("Name", told(&["name", "fullname", "displayname"]))
            .text("E-mail", told(&["email"]))
            .text("Role", told(&["role"]).or_else(|| whoami?.role.clone()))
            .text("Organisation", org_name())
            .text("Organisation id", organisation.map(OrgId::to_text))
            .text("Plan", whoami.and_then(|who| who.plan.clone()))
            .text("Managed apps", served.notice.map(Text::from))
            .done(),
    }
}

/// The organisation that is kept to; its name where dialect `v1` tells it.
pub(in crate::platforms::pandastack) fn organisation(
    id: &OrgId,
    whoami: Option<&Whoami>,
) -> Organisation {
    let is_same = |who: &&Whoami| who.org_id.as_ref().is_none_or(|of| of == id);
    let own = whoami.filter(is_same);
    let other = whoami
        .filter(|who| !is_same(who))
        .and_then(|who| who.org_id.as_ref());
    Organisation {
        id: id.clone(),
        name: own
            .and_then(|who| who.org_name.clone())
            .unwrap_or_else(|| id.to_text()),
        details: Details::default()
            .text("Id", Some(id.to_text()))
            .text("Role", own.and_then(|who| who.role.clone()))
            .text("Plan", own.and_then(|who| who.plan.clone()))
            .text("The token belongs to", other.map(OrgId::to_text))
            .done(),
    }
}
