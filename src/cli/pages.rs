//! The answer to one question, page by page, and the entries in it.

use crate::model::{
    Account, Activity, Alert, App, Backup, Deployment, Domain, Environment, Failure, InstanceSize,
    Job, JobRun, Metric, Organisation, Other, Payload, Region, Service, Unit, Variable,
};

/// What a context answered to one question.
#[derive(Debug)]
pub(crate) struct Pages {
    /// The context, by its position in the configuration.
    pub(crate) context: usize,
    /// Why the answer is missing or ends early.
    pub(crate) failure: Option<Failure>,
    answers: Vec<Payload>,
}

impl Pages {
    /// An answer to come.
    pub(crate) fn new(context: usize) -> Self {
        Self {
            context,
            failure: None,
            answers: Vec::new(),
        }
    }

    /// Adds a page.
    pub(crate) fn push(&mut self, page: Payload) {
        self.answers.push(page);
    }

    /// The account.
    pub(crate) fn account(self) -> Option<Account> {
        let take = |page| {
            let Payload::Account(account) = page else {
                return None;
            };
            Some(account)
        };
        self.answers.into_iter().find_map(take)
    }

    /// The backup that was asked for by its id.
    pub(crate) fn backup(self) -> Option<Backup> {
        let take = |page| {
            let Payload::Backup(backup) = page else {
                return None;
            };
            Some(*backup)
        };
        self.answers.into_iter().find_map(take)
    }

    /// The environment that was asked for by its id.
    pub(crate) fn environment(self) -> Option<Environment> {
        let take = |page| {
            let Payload::Environment(environment) = page else {
                return None;
            };
            Some(*environment)
        };
        self.answers.into_iter().find_map(take)
    }

    /// The metrics.
    pub(crate) fn metrics(self) -> Vec<Metric> {
        self.entries(|page| {
            let Payload::Metrics(metrics) = page else {
                return Vec::new();
            };
            metrics
        })
    }

    fn entries<T>(self, of: impl Fn(Payload) -> Vec<T>) -> Vec<T> {
        self.answers.into_iter().flat_map(of).collect()
    }
}

macro_rules! lists {
    ($($name:ident $variant:ident $entity:ident;)*) => {
        impl Pages {$(
            pub(crate) fn $name(self) -> Vec<$entity> {
                self.entries(|page| {
                    let Payload::$variant(page) = page else {
                        return Vec::new();
                    };
                    page.items
                })
            }
        )*}
    };
}

lists! {
    organisations Organisations Organisation;
    apps Apps App;
    environments Environments Environment;
    deployments Deployments Deployment;
    backups Backups Backup;
    variables Variables Variable;
    domains Domains Domain;
    services Services Service;
    activity Activity Activity;
    units Units Unit;
    alerts Alerts Alert;
    jobs Jobs Job;
    job_runs JobRuns JobRun;
    sizes Sizes InstanceSize;
    regions Regions Region;
    others Others Other;
}
