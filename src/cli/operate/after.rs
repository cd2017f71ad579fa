//! What a person has to do after an operation, where the platform says so only when it is asked.

use super::subject::Subject;
use crate::engine::read_all;
use crate::model::{Capability, OperationKind, Payload, Query, Text};
use crate::shell;

/// What is to be found out once an operation is done.
pub(super) enum After {
    /// Which DNS records a new domain needs.
    Records(String),
    /// Nothing.
    Nothing,
}

impl After {
    pub(super) fn of(kind: &OperationKind) -> Self {
        if let OperationKind::AddDomain { name } = kind {
            Self::Records(name.clone())
        } else {
            Self::Nothing
        }
    }

    /// Finds it out. What cannot be read is left out: the operation is done all the same.
    pub(super) async fn steps(self, subject: &Subject) -> Vec<Text> {
        let Self::Records(name) = self else {
            return Vec::new();
        };
        let capability = Capability::ListDomains;
        let is_listed = subject.platform.support(capability).refusal().is_none();
        let environment = subject.target.environment.clone();
        let Some(environment) = environment.filter(|_| is_listed) else {
            return Vec::new();
        };
        let query = Query::Domains(environment);
        let answer = read_all(subject.platform.as_ref(), &query, shell::now).await;
        let Ok(Payload::Domains(page)) = answer else {
            return Vec::new();
        };
        let mut domains = page.items.into_iter();
        let found = domains.find(|it| it.name.as_str().eq_ignore_ascii_case(&name));
        found.map(|domain| domain.instructions).unwrap_or_default()
    }
}
