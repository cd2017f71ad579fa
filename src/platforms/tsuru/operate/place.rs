//! What an operation acts on: an app, a process of it, a version of that.

use crate::model::{Failure, Operation};
use crate::platforms::tsuru::ids::{Place, of_environment};

/// The app.
pub(in super::super) fn app(operation: &Operation) -> Result<&str, Failure> {
    let target = &operation.target;
    match (&target.app, &target.environment) {
        (Some(app), _) => Ok(app.as_str()),
        (None, Some(environment)) => of_environment(environment).map(|place| place.app),
        (None, None) => Err(Failure::invalid("app", "choose one")),
    }
}

/// The same with the process and the version that the target names. A process that was asked for by
/// name counts more; it has the version of the target only if that is one of its own.
pub(in super::super) fn place<'a>(
    operation: &'a Operation,
    asked: Option<&'a str>,
) -> Result<Place<'a>, Failure> {
    let known = match &operation.target.environment {
        Some(environment) => of_environment(environment)?,
        None => Place {
            app: app(operation)?,
            process: None,
            version: None,
        },
    };
    Ok(match asked {
        Some(process) if known.process != Some(process) => Place {
            process: Some(process),
            version: None,
            ..known
        },
        Some(_) | None => known,
    })
}
