//! What a person has to do after an operation, where the platform says so only when it is asked.

use super::given;
use super::subject::Subject;
use crate::engine::read_all;
use crate::model::{Capability, OperationKind, Payload, Query, Text};
use crate::shell;

/// What is to be found out once an operation is done. What cannot be read is left out: the
/// operation is done all the same.
pub(super) enum After {
    /// Which DNS records a new domain needs.
    Records(String),
    /// Whether a variable that existed is hidden now: on some platforms that is said once, when it
    /// is created.
    Hidden(String),
    /// How to go on after a roll-back that is pinned.
    Pinned,
    /// Nothing.
    Nothing,
}

impl After {
    pub(super) fn of(kind: &OperationKind) -> Self {
        if let OperationKind::RollBack { pin: true, .. } = kind {
            return Self::Pinned;
        }
        if let OperationKind::AddDomain { name } = kind {
            return Self::Records(name.clone());
        }
        if let OperationKind::SetVariable {
            id: Some(_),
            name,
            is_sensitive: true,
            ..
        } = kind
        {
            return Self::Hidden(name.clone());
        }
        Self::Nothing
    }

    pub(super) async fn steps(self, subject: &Subject) -> Vec<Text> {
        let found = match self {
            Self::Records(name) => records(subject, &name).await,
            Self::Hidden(name) => still_visible(subject, &name).await,
            Self::Pinned => Some(ends_of_pin(subject)),
            Self::Nothing => None,
        };
        found.unwrap_or_default()
    }
}

/// The commands that end it.
fn ends_of_pin(subject: &Subject) -> Vec<Text> {
    let target = subject.title();
    let target = target
        .split_once('/')
        .map_or(target.as_str(), |(app, _)| app);
    let ways = [
        ("keep-rollback", "stays there"),
        ("undo-rollback", "leaves it again"),
    ];
    let each = ways.map(|(name, what)| format!("flightdeck do {name} {target} --yes   {what}"));
    each.iter().map(|it| Text::clean(it)).collect()
}

async fn records(subject: &Subject, name: &str) -> Option<Vec<Text>> {
    let is_listed = subject.platform.support(Capability::ListDomains).refusal();
    let environment = subject.target.environment.clone();
    let query = Query::Domains(environment.filter(|_| is_listed.is_none())?);
    let answer = read_all(subject.platform.as_ref(), &query, shell::now).await;
    let Ok(Payload::Domains(page)) = answer else {
        return None;
    };
    let mut domains = page.items.into_iter();
    let found = domains.find(|it| it.name.as_str().eq_ignore_ascii_case(name));
    found.map(|domain| domain.instructions)
}

async fn still_visible(subject: &Subject, name: &str) -> Option<Vec<Text>> {
    let variables = given::variables(subject).await.ok()??;
    let variable = given::named(&variables, name).ok()??;
    let advice = format!(
        "the value of {name} is not hidden: unset it, then set it anew with --sensitive, if it \
         must be"
    );
    (!variable.is_sensitive).then(|| vec![Text::clean(&advice)])
}
