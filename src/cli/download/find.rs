//! Which backup is meant: the newest complete one of an environment, or the one of that id.

use super::super::exit::CliError;
use super::super::fleet::Fleet;
use super::super::operate::the_app;
use super::super::pages::Pages;
use super::super::target::{self, AppPlace, Target};
use crate::model::{Backup, BackupId, BackupState, Environment, Failure, Query, Text};

/// A backup and what it is of.
pub(super) struct Found {
    pub(super) place: AppPlace,
    pub(super) environment: Option<Environment>,
    pub(super) backup: BackupId,
}

/// Looks for an app of that name first: names are what people type, and no id is a name.
pub(super) async fn find(fleet: &mut Fleet, target: &Target) -> Result<Found, CliError> {
    match the_app(fleet, target).await {
        Ok(place) => newest(fleet, place, target).await,
        Err(error) => {
            let found = by_id(fleet, target).await?;
            found.ok_or_else(|| or_id(error, target))
        }
    }
}

async fn newest(fleet: &mut Fleet, place: AppPlace, target: &Target) -> Result<Found, CliError> {
    let environment = target::environment(fleet, &place, target).await?;
    let list = match &environment {
        Some(it) => {
            let query = Query::Backups(it.id.clone());
            fleet.one(place.context, query).await?.backups()
        }
        None => Vec::new(),
    };
    let complete = list.into_iter().filter(|it| it.state == BackupState::Done);
    let newest = complete.max_by_key(|backup| backup.taken_at);
    let Some(Backup { id, .. }) = newest else {
        let subject = Text::clean(&format!("a complete backup of {target}"));
        return Err(CliError::Failure {
            context: fleet.contexts()[place.context].name.to_string(),
            failure: Failure::NotFound { subject },
        });
    };
    Ok(Found {
        place,
        environment,
        backup: id,
    })
}

/// The backup of that id, in whichever context has it.
async fn by_id(fleet: &mut Fleet, target: &Target) -> Result<Option<Found>, CliError> {
    let (Some(id), None) = (target.app.as_deref(), &target.environment) else {
        return Ok(None);
    };
    let id = BackupId::new(id);
    let contexts = target::contexts(fleet, Some(target))?;
    let question = |context: usize| (context, Query::Backup(id.clone()));
    let answers = fleet
        .ask(contexts.into_iter().map(question).collect())
        .await;
    let found = answers
        .into_iter()
        .find_map(|pages: Pages| Some((pages.context, pages.backup()?)));
    let Some((context, backup)) = found else {
        return Ok(None);
    };
    let lost = || CliError::Failure {
        context: String::from("this backup"),
        failure: Failure::NotFound {
            subject: Text::clean("the environment it is of"),
        },
    };
    let query = Query::Environment(backup.environment.clone().ok_or_else(lost)?);
    let environment = fleet.one(context, query).await?.environment();
    let environment = environment.ok_or_else(lost)?;
    let apps = fleet.apps(&[context]).await;
    let mut apps = apps.into_iter();
    let place = apps.find(|place| place.app.id == environment.app);
    Ok(Some(Found {
        place: place.ok_or_else(lost)?,
        environment: Some(environment),
        backup: backup.id,
    }))
}

/// Says that an id was looked for, too.
fn or_id(error: CliError, target: &Target) -> CliError {
    if let CliError::Usage(text) = &error
        && target.environment.is_none()
    {
        return CliError::Usage(format!("{text}; nor is there a backup of that id"));
    }
    error
}
