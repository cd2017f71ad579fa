//! What an operation wants of a spec.

use super::edit::{Edit, Place, check};
use crate::model::{DomainChange, Failure, Operation, OperationKind, VariableId, VariableWish};
use crate::platforms::digitalocean::ids;

/// The changes that an operation makes to the spec, checked as far as can be without it. Absent
/// for an operation that leaves the spec alone.
pub(crate) fn edits(operation: &Operation) -> Option<Result<Vec<Edit>, Failure>> {
    let edits = wanted(operation)?;
    Some(edits.and_then(|edits| {
        edits.iter().try_for_each(check)?;
        Ok(edits)
    }))
}

#[expect(clippy::too_many_lines, reason = "an arm per operation")]
fn wanted(operation: &Operation) -> Option<Result<Vec<Edit>, Failure>> {
    Some(match &operation.kind {
        OperationKind::SetVariable {
            id,
            name,
            value,
            is_sensitive,
        } => {
            let (value, is_sensitive) = (value.clone(), *is_sensitive);
            let wish = VariableWish::Set {
                value,
                is_sensitive,
            };
            variable(operation, id.as_ref(), name, &wish).map(one)
        }
        OperationKind::UnsetVariable { id, name } => {
            variable(operation, id.as_ref(), name, &VariableWish::Unset).map(one)
        }
        OperationKind::ChangeVariables(changes) => changes
            .iter()
            .map(|it| variable(operation, it.id.as_ref(), &it.name, &it.wish))
            .collect(),
        OperationKind::Scale {
            process,
            units,
            size,
        } => component(operation, process.as_deref())
            .map(|component| scaling(component, *units, size.as_deref())),
        OperationKind::Autoscale { cpu: Some(_), .. } => Err(Failure::invalid(
            "cpu",
            "the threshold stands in the component's spec: change it in the control panel",
        )),
        OperationKind::Autoscale {
            process,
            limits,
            cpu: None,
        } => component(operation, process.as_deref())
            .map(|component| one(bounds(component, *limits))),
        OperationKind::AddDomain { name } => Ok(one(Edit::AddDomain { name: name.clone() })),
        OperationKind::RemoveDomain { id, .. } => ids::of_domain(id).map(|(_, name)| {
            one(Edit::RemoveDomain {
                name: name.to_owned(),
            })
        }),
        OperationKind::UpdateDomain { id, change } => match change {
            DomainChange::MakePrimary => ids::of_domain(id).map(|(_, name)| {
                one(Edit::MakePrimary {
                    name: name.to_owned(),
                })
            }),
            DomainChange::Redirect(_) => Err(Failure::invalid(
                "change",
                "App Platform redirects by its ingress rules, not by domain: \
                 change them in the control panel",
            )),
        },
        OperationKind::UpdateApp { name } => Ok(one(Edit::Name { name: name.clone() })),
        OperationKind::UpdateEnvironment { branch } => {
            component(operation, None).map(|component| {
                one(Edit::Branch {
                    component,
                    branch: branch.clone(),
                })
            })
        }
        OperationKind::Deploy { .. }
        | OperationKind::DeployImage { .. }
        | OperationKind::RetryDeployment { .. }
        | OperationKind::RollBack { .. }
        | OperationKind::CommitRollback
        | OperationKind::RevertRollback
        | OperationKind::CancelDeployment { .. }
        | OperationKind::Restart { .. }
        | OperationKind::Stop { .. }
        | OperationKind::Start { .. }
        | OperationKind::KillUnit { .. }
        | OperationKind::RunCommand { .. }
        | OperationKind::Console { .. }
        | OperationKind::CreateBackup { .. }
        | OperationKind::RestoreBackup { .. }
        | OperationKind::PrepareDownload { .. }
        | OperationKind::VerifyDomain { .. }
        | OperationKind::CompleteInstallation { .. }
        | OperationKind::CreateService { .. }
        | OperationKind::ProvisionService { .. }
        | OperationKind::AttachService { .. }
        | OperationKind::DetachService { .. }
        | OperationKind::RemoveService { .. }
        | OperationKind::CreateJob(_)
        | OperationKind::UpdateJob { .. }
        | OperationKind::RemoveJob { .. }
        | OperationKind::CancelJobRun { .. }
        | OperationKind::CancelEvent { .. }
        | OperationKind::RunMaintenance { .. }
        | OperationKind::SkipMaintenance { .. }
        | OperationKind::CancelMaintenance { .. }
        | OperationKind::CreateApp { .. }
        | OperationKind::DeleteApp { .. }
        | OperationKind::CopyEnvironment { .. }
        | OperationKind::RenameOrganisation { .. }
        | OperationKind::Special { .. } => return None,
    })
}

fn one(edit: Edit) -> Vec<Edit> {
    vec![edit]
}

fn scaling(component: String, units: u32, size: Option<&str>) -> Vec<Edit> {
    let size = size.map(|slug| Edit::Size {
        component: component.clone(),
        slug: slug.to_owned(),
    });
    let count = Edit::Count { component, units };
    size.into_iter().chain([count]).collect()
}

fn bounds(component: String, limits: Option<(u32, u32)>) -> Edit {
    match limits {
        Some((least, most)) => Edit::Bounds {
            component,
            least,
            most,
        },
        None => Edit::EndBounds { component },
    }
}

/// One that is known stands where its identifier says; a new one is the component's own.
fn variable(
    operation: &Operation,
    id: Option<&VariableId>,
    name: &str,
    wish: &VariableWish,
) -> Result<Edit, Failure> {
    let (place, key) = match id {
        Some(id) => {
            let (_, component, key) = ids::of_variable(id)?;
            let place = component.map_or(Place::App, |name| Place::Component(name.to_owned()));
            (place, key.to_owned())
        }
        None if operation.target.environment.is_none() => (Place::App, name.to_owned()),
        None => {
            let component = component(operation, None)?;
            (Place::Component(component), name.to_owned())
        }
    };
    Ok(match wish {
        VariableWish::Set {
            value,
            is_sensitive,
        } => Edit::SetVariable {
            place,
            key,
            value: value.clone(),
            is_secret: *is_sensitive,
            exists: id.is_some(),
        },
        VariableWish::Unset => Edit::UnsetVariable { place, key },
    })
}

/// The component that is named, else the one that is chosen.
fn component(operation: &Operation, named: Option<&str>) -> Result<String, Failure> {
    if let Some(name) = named {
        return Ok(name.to_owned());
    }
    let Some(id) = &operation.target.environment else {
        return Err(Failure::invalid("component", "choose one"));
    };
    ids::of_environment(id).map(|(_, name)| name.to_owned())
}
