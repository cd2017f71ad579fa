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

    /// How many entries came, and how many there are in all, where those are more.
    pub(crate) fn part(&self) -> Option<(u64, u64)> {
        let counted = self.answers.iter().map(counted);
        let came = counted.clone().map(|(came, _)| came as u64).sum();
        let total = counted.filter_map(|(_, total)| total).next_back()?;
        (total > came).then_some((came, total))
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

        /// How many entries a page has, and how many the whole list, where the platform says so.
        fn counted(page: &Payload) -> (usize, Option<u64>) {
            $(if let Payload::$variant(page) = page {
                return (page.items.len(), page.total);
            })*
            (0, None)
        }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{AppId, Page};

    fn page(ids: &[&str], total: Option<u64>) -> Payload {
        let apps = ids.iter().map(|id| App::new(AppId::new(*id), (*id).into()));
        Payload::Apps(Page {
            total,
            ..Page::whole(apps.collect())
        })
    }

    #[test]
    fn what_is_counted_and_did_not_come_is_told_over_all_pages() {
        let check = |pages: Vec<Payload>, expected| {
            let mut answer = Pages::new(0);
            for page in pages {
                answer.push(page);
            }
            assert_eq!(answer.part(), expected);
        };
        check(vec![page(&["a", "b"], Some(5))], Some((2, 5)));
        check(
            vec![page(&["a", "b"], Some(3)), page(&["c"], Some(3))],
            None,
        );
        check(
            vec![page(&["a"], Some(4)), page(&["b"], None)],
            Some((2, 4)),
        );
        check(vec![page(&["a"], None)], None);
        check(Vec::new(), None);
    }
}
