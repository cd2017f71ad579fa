//! Finds what exists by what people call it: an id, a name, or a word such as `latest`.

mod list;

use self::list::{Candidate, Listing, listing};
use super::subject::Subject;
use crate::cli::exit::CliError;
use crate::engine::read_all;
use crate::model::catalogue::{Chosen, Field, Pick, Recipe};
use crate::model::{BackupId, Capability, DeploymentId, Failure, Payload, Query, Text};
use crate::shell;

/// How many candidates are told when one is not found.
const MOST_TOLD: usize = 12;

/// A word for an entry of a list, whatever it is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Word {
    /// The newest.
    Latest,
    /// Deployments: the last good one before that which runs. Backups: the newest complete one.
    LastGood,
    /// The deployment under way.
    Running,
}

impl Word {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Latest => "latest",
            Self::LastGood => "last-good",
            Self::Running => "running",
        }
    }
}

/// The words for entries of a list.
pub(super) fn words(what: Pick) -> &'static [Word] {
    match what {
        Pick::Deployment => &[Word::Latest, Word::LastGood, Word::Running],
        Pick::Backup => &[Word::Latest, Word::LastGood],
        Pick::Variable
        | Pick::Domain
        | Pick::Service
        | Pick::ServiceKind
        | Pick::Job
        | Pick::JobRun
        | Pick::Unit
        | Pick::Event
        | Pick::Maintenance
        | Pick::Organisation => &[],
    }
}

/// What is meant where nothing is said.
pub(super) fn default_word(recipe: &Recipe, field: &Field) -> Option<Word> {
    match (recipe.name, field.name) {
        ("rollback", "to") => Some(Word::LastGood),
        ("cancel", "deployment") => Some(Word::Running),
        _ => None,
    }
}

/// What kind of thing it is, for people.
fn noun(what: Pick) -> &'static str {
    match what {
        Pick::Deployment => "deployment",
        Pick::Backup => "backup",
        Pick::Variable => "variable",
        Pick::Domain => "domain",
        Pick::Service => "service",
        Pick::ServiceKind => "kind of service",
        Pick::Job => "job",
        Pick::JobRun => "run under way",
        Pick::Unit => "instance",
        Pick::Event => "event that can be cancelled",
        Pick::Maintenance => "maintenance run",
        Pick::Organisation => "organisation",
    }
}

/// Finds the one entry that is meant.
pub(super) async fn find(
    subject: &Subject,
    what: Pick,
    option: &str,
    wanted: &str,
) -> Result<Chosen, CliError> {
    let query = query(subject, what)?;
    let Listing { candidates, is_cut } = read(subject, &query).await?;
    let found = select(&candidates, what, wanted);
    match found.as_slice() {
        // The one option for a deployment to go back to.
        [
            Candidate {
                out_of_reach: Some(why),
                chosen,
                ..
            },
        ] if option == "to" => {
            let text = format!("--{option}: {why} {}", chosen.title);
            Err(CliError::Usage(text))
        }
        [one] => Ok(one.chosen.clone()),
        [] => {
            if is_cut && let Some(older) = older(subject, what, wanted).await? {
                return Ok(older);
            }
            let all: Vec<_> = candidates.iter().collect();
            let what = noun(what);
            let wanted = Text::clean(wanted);
            let head = format!("--{option}: no {what} \"{wanted}\" in {}", subject.title());
            Err(choose(&head, &all))
        }
        many => {
            let wanted = Text::clean(wanted);
            Err(choose(
                &format!("--{option}: \"{wanted}\" is ambiguous"),
                many,
            ))
        }
    }
}

/// What has that id; else what the word means; else what has that name.
fn select<'a>(candidates: &'a [Candidate], what: Pick, wanted: &str) -> Vec<&'a Candidate> {
    let all = |fits: &dyn Fn(&Candidate) -> bool| candidates.iter().filter(|it| fits(it)).collect();
    let by_id: Vec<_> = all(&|it| it.chosen.id == wanted);
    if !by_id.is_empty() {
        return by_id;
    }
    if let Some(word) = words(what).iter().find(|word| word.as_str() == wanted) {
        return by_word(candidates, *word).into_iter().collect();
    }
    let exact: Vec<_> = all(&|it| it.names.iter().any(|name| name == wanted));
    if !exact.is_empty() {
        return exact;
    }
    all(&|it| {
        it.names
            .iter()
            .any(|name| name.eq_ignore_ascii_case(wanted))
    })
}

/// Lists of what has words are newest first.
fn by_word(candidates: &[Candidate], word: Word) -> Option<&Candidate> {
    match word {
        Word::Latest => candidates.first(),
        Word::Running => candidates.iter().find(|it| it.is_running),
        Word::LastGood => {
            let present = candidates.iter().position(|it| it.is_current);
            let before = present.map_or(0, |at| at + 1);
            candidates.iter().skip(before).find(|it| it.is_good)
        }
    }
}

fn choose(head: &str, candidates: &[&Candidate]) -> CliError {
    if candidates.is_empty() {
        return CliError::Usage(format!("{head}; there is none"));
    }
    let mut lines = vec![format!("{head}; there is")];
    lines.extend(candidates.iter().take(MOST_TOLD).map(|it| line(it)));
    if let more @ 1.. = candidates.len().saturating_sub(MOST_TOLD) {
        lines.push(format!("and {more} more"));
    }
    CliError::Usage(lines.join("\n  "))
}

fn line(Candidate { chosen, about, .. }: &Candidate) -> String {
    let id = Text::clean(&chosen.id);
    let title = Some(chosen.title.as_str()).filter(|title| *title != id.as_str());
    let parts = [Some(id.as_str()), title, Some(about.as_str())];
    let parts: Vec<&str> = parts.into_iter().flatten().collect();
    parts.join("  ").trim_end().to_owned()
}

/// What is asked for a list.
fn query(subject: &Subject, what: Pick) -> Result<Query, CliError> {
    let app = || subject.app.as_ref().map(|app| app.id.clone());
    Ok(match what {
        Pick::Deployment => Query::Deployments(subject.deployments()?),
        Pick::Backup => Query::Backups(subject.environment_id()?),
        Pick::Variable => Query::Variables(subject.speaker_id()?),
        Pick::Domain => Query::Domains(subject.speaker_id()?),
        Pick::Service => Query::Services(subject.speaker_id()?),
        Pick::ServiceKind => Query::ServiceKinds(app()),
        Pick::Job => Query::Jobs(subject.speaker_id()?),
        Pick::JobRun => Query::JobRuns(subject.environment_id()?),
        Pick::Unit => Query::Units(subject.environment_id()?),
        Pick::Event => Query::Activity(app()),
        Pick::Maintenance => Query::Maintenance(app()),
        Pick::Organisation => Query::Organisations,
    })
}

async fn read(subject: &Subject, query: &Query) -> Result<Listing, CliError> {
    let answer = read_all(subject.platform.as_ref(), query, shell::now).await;
    answer
        .map(|payload| listing(payload, subject, shell::now()))
        .map_err(|failure| subject.failed(failure))
}

/// Something too old for the list, by its id. It must be of the same target: what it is used for is
/// confirmed as what happens there.
async fn older(subject: &Subject, what: Pick, id: &str) -> Result<Option<Chosen>, CliError> {
    let query = match what {
        Pick::Deployment => Query::Deployment(DeploymentId::new(id)),
        Pick::Backup => Query::Backup(BackupId::new(id)),
        Pick::Variable
        | Pick::Domain
        | Pick::Service
        | Pick::ServiceKind
        | Pick::Job
        | Pick::JobRun
        | Pick::Unit
        | Pick::Event
        | Pick::Maintenance
        | Pick::Organisation => return Ok(None),
    };
    let answer = read_all(subject.platform.as_ref(), &query, shell::now).await;
    let found = match answer {
        Ok(Payload::Deployment(it)) => Some((it.environment, it.app, it.label)),
        Ok(Payload::Backup(it)) => Some((it.environment, None, it.id.to_text())),
        Ok(_) | Err(Failure::NotFound { .. }) => None,
        Err(failure) => return Err(subject.failed(failure)),
    };
    let environment = subject.target.environment.as_ref();
    let here = found.filter(|(of, app, _)| match environment {
        Some(environment) => of.as_ref() == Some(environment),
        None => app.is_some() && *app == subject.target.app,
    });
    Ok(here.map(|(_, _, title)| Chosen {
        id: id.to_owned(),
        title,
    }))
}

/// One line about the last good deployment, for whoever is about to say yes; absent where the
/// platform does not list them.
pub(super) async fn last_release(subject: &Subject) -> Option<String> {
    let capability = Capability::ListDeployments;
    told(subject, Pick::Deployment, capability).await
}

/// The same about the last good backup.
pub(super) async fn last_backup(subject: &Subject) -> Option<String> {
    told(subject, Pick::Backup, Capability::ListBackups).await
}

async fn told(subject: &Subject, what: Pick, capability: Capability) -> Option<String> {
    let is_listed = subject.platform.support(capability).refusal().is_none();
    let query = query(subject, what).ok().filter(|_| is_listed)?;
    let Ok(Listing { candidates, .. }) = read(subject, &query).await else {
        return Some("could not be read".into());
    };
    let found = candidates.iter().find(|it| it.is_good);
    Some(found.map_or_else(
        || "none".into(),
        |it| format!("{}, {}", it.chosen.title, it.about),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn candidate(id: &str, name: &str) -> Candidate {
        Candidate::new(id, Text::clean(name))
    }

    fn check(candidates: &[Candidate], wanted: &str, expected: &[&str]) {
        let found = select(candidates, Pick::Deployment, wanted);
        let found: Vec<&str> = found.iter().map(|it| it.chosen.id.as_str()).collect();
        assert_eq!(found, expected, "{wanted}");
    }

    #[test]
    fn an_id_goes_before_a_word_and_a_word_before_a_name() {
        let all = [
            candidate("1", "latest"),
            candidate("2", "V2"),
            candidate("3", "v2"),
            candidate("4", "1"),
        ];
        check(&all, "1", &["1"]);
        check(&all, "latest", &["1"]);
        check(&all, "v2", &["3"]);
        check(&all, "V2", &["2"]);
        check(&all, "running", &[]);
        check(&all, "none", &[]);
        let named = [candidate("latest", "a"), candidate("9", "b")];
        check(&named, "latest", &["latest"]);
        check(&named, "B", &["9"]);
    }

    #[test]
    fn the_last_good_one_is_before_the_present_one() {
        let good = |id| Candidate {
            is_good: true,
            ..candidate(id, "")
        };
        let all = [
            Candidate {
                is_running: true,
                ..candidate("5", "")
            },
            candidate("4", ""),
            Candidate {
                is_current: true,
                ..good("3")
            },
            candidate("2", ""),
            good("1"),
        ];
        check(&all, "last-good", &["1"]);
        check(&all, "running", &["5"]);
        check(&all[..4], "last-good", &[]);
    }
}
