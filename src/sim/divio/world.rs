//! The state of one account: what exists, and what requests and the story have changed.
//!
//! The skeleton (applications and environments) is made at the start; everything below an
//! environment is made when somebody looks at it. Nothing here depends on what time it is except
//! through the moments that are passed in.

use serde_json::{Map, Value};

use super::{
    activities::Activity,
    backups,
    downloads::Download,
    environment::{Environment, Profile, born},
    errors::Refusal,
    key::{Key, Kind},
    maintenance::{self, Run},
    repositories::{self, Webhook},
    restores::Restore,
};
use crate::sim::{
    Setup,
    clock::{Clock, Moment},
    dice::Dice,
    words,
};

/// Everything one token can see.
pub(super) struct World {
    pub(super) seed: u64,
    /// Seed of the other account: its identifiers are recognised, and refused.
    sibling: u64,
    pub(super) clock: Clock,
    pub(super) story: bool,
    pub(super) second: bool,
    pub(super) organisations: &'static [&'static str],
    pub(super) applications: Vec<Application>,
    pub(super) environments: Vec<Environment>,
    pub(super) downloads: Vec<Download>,
    pub(super) restores: Vec<Restore>,
    pub(super) activities: Vec<Activity>,
    pub(super) maintenance: Vec<Run>,
    pub(super) webhooks: Vec<Webhook>,
    /// How many events of the story have happened.
    pub(super) told: usize,
}

/// An application.
pub(super) struct Application {
    pub(super) name: String,
    pub(super) slug: String,
    pub(super) organisation: usize,
    pub(super) created: Moment,
    pub(super) oddity: Oddity,
    /// Its environments, oldest first, also those that are gone.
    pub(super) environments: Vec<usize>,
    /// Fields that were written since.
    pub(super) written: Map<String, Value>,
    pub(super) gone: bool,
}

/// What is special about an application.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Oddity {
    None,
    Suspended,
    Maintenance,
    /// The user may look and not touch.
    Locked,
    Mirror,
    Migration,
}

impl World {
    /// The world of a seed, as it is when the simulator starts.
    pub(super) fn new(setup: &Setup) -> World {
        let mut world = World {
            seed: setup.seed,
            sibling: setup.sibling,
            clock: setup.clock.clone(),
            story: setup.story,
            second: setup.second,
            organisations: if setup.second {
                words::LAB_ORGANISATIONS
            } else {
                words::ORGANISATIONS
            },
            applications: Vec::with_capacity(setup.apps),
            environments: Vec::with_capacity(setup.apps * 2),
            downloads: Vec::new(),
            restores: Vec::new(),
            activities: Vec::new(),
            maintenance: Vec::new(),
            webhooks: Vec::new(),
            told: 0,
        };
        for ordinal in 0..setup.apps {
            world.add_application(ordinal);
        }
        world.maintenance = maintenance::planned(setup.apps);
        world.webhooks = repositories::webhooks(setup.apps);
        world
    }

    fn add_application(&mut self, ordinal: usize) {
        let mut dice = Dice::new(self.seed, &[1, ordinal as u64]);
        let names = if self.second {
            words::LAB_APPS
        } else {
            words::APPS
        };
        let base = names[ordinal % names.len()];
        let slug = words::numbered(base, ordinal, names.len());
        let first = ordinal < self.organisations.len();
        let organisations = u32::try_from(self.organisations.len()).unwrap_or(1);
        let organisation = if first {
            0
        } else {
            dice.below(organisations) as usize
        };
        let created = self
            .clock
            .started()
            .plus(-86_400.0 * f64::from(dice.between(90, 1_500)));
        let oddity = if self.second {
            Oddity::None
        } else {
            oddity(ordinal, &mut dice)
        };
        let plan = plan(ordinal, self.second, &mut dice);
        let mut environments = Vec::with_capacity(plan.len());
        for (slug, branch, profile) in plan {
            environments.push(self.environments.len());
            let environment = born(
                self,
                self.environments.len(),
                ordinal,
                (slug, branch),
                created,
                *profile,
            );
            self.environments.push(environment);
        }
        self.applications.push(Application {
            name: title(&slug),
            slug,
            organisation,
            created,
            oddity,
            environments,
            written: Map::new(),
            gone: false,
        });
    }

    /// The identifier of an object on the wire.
    pub(super) fn id(&self, kind: Kind, parent: usize, ordinal: usize) -> String {
        Key::within(kind, parent, ordinal).text(self.seed)
    }

    /// The identifier of an object that belongs to no other.
    pub(super) fn root_id(&self, kind: Kind, ordinal: usize) -> String {
        Key::root(kind, ordinal).text(self.seed)
    }

    /// The object of this kind that an identifier names.
    pub(super) fn find(&self, text: &str, kind: Kind) -> Result<Key, Refusal> {
        if let Some(key) = Key::parse(text, self.seed) {
            let found = key.kind == kind && self.exists(key);
            return found.then_some(key).ok_or(Refusal::MISSING);
        }
        match Key::parse(text, self.sibling) {
            Some(_) => Err(Refusal::Forbidden),
            None => Err(Refusal::MISSING),
        }
    }

    fn exists(&self, key: Key) -> bool {
        let Key {
            kind,
            parent,
            ordinal,
        } = key;
        match kind {
            Kind::Organisation => ordinal < self.organisations.len(),
            Kind::Application | Kind::Repository => self.has_application(ordinal),
            Kind::Environment => self.has_environment(ordinal),
            Kind::Deployment | Kind::Build => {
                self.has_environment(parent) && ordinal < self.deployment_count(parent)
            }
            Kind::Variable => self.details(parent, |d| d.variables.iter().any(|v| v.n == ordinal)),
            Kind::Domain => self.details(parent, |d| d.domains.iter().any(|v| v.n == ordinal)),
            Kind::Instance => self.details(parent, |d| d.instances.iter().any(|v| v.n == ordinal)),
            Kind::Cronjob => self.details(parent, |d| d.cronjobs.iter().any(|v| v.n == ordinal)),
            Kind::Backup => self.has_environment(parent) && ordinal < backups::count(self, parent),
            Kind::BackupPart => {
                self.has_environment(parent) && backups::has_part(self, parent, ordinal)
            }
            Kind::Download => ordinal < self.downloads.len(),
            Kind::DownloadPart => self
                .downloads
                .get(parent)
                .is_some_and(|d| ordinal < d.parts.len()),
            Kind::Restore => ordinal < self.restores.len(),
            Kind::RestorePart => self
                .restores
                .get(parent)
                .is_some_and(|r| ordinal < r.parts.len()),
            Kind::Maintenance => ordinal < self.maintenance.len(),
            Kind::Webhook => ordinal < self.webhooks.len(),
            // Catalogues check the ordinal where they are read.
            Kind::User
            | Kind::Service
            | Kind::Region
            | Kind::Activity
            | Kind::Invoice
            | Kind::InvoiceItem
            | Kind::Template
            | Kind::Retention
            | Kind::Schedule
            | Kind::Metric
            | Kind::Subscription => true,
        }
    }

    fn has_application(&self, ordinal: usize) -> bool {
        self.applications
            .get(ordinal)
            .is_some_and(|application| !application.gone)
    }

    /// Whether an environment is there and visible.
    pub(super) fn has_environment(&self, ordinal: usize) -> bool {
        let environment = self.environments.get(ordinal);
        environment.is_some_and(|e| !e.gone && self.has_application(e.application))
    }

    fn details(&self, environment: usize, holds: impl Fn(&super::detail::Detail) -> bool) -> bool {
        self.has_environment(environment) && holds(self.detail(environment))
    }

    /// The environments a list is about: those of the `environment`, `application` and
    /// `organisation` filters that are given, all if none is.
    pub(super) fn scope(&self, call: &super::call::Call<'_>) -> Vec<usize> {
        let environments = call.filter("environment", Kind::Environment);
        let applications = call.filter("application", Kind::Application);
        let organisations = call.filter("organisation", Kind::Organisation);
        let has = |keys: Option<&Vec<Key>>, ordinal: usize| {
            keys.is_none_or(|keys| keys.iter().any(|key| key.ordinal == ordinal))
        };
        let candidates: Vec<usize> = match (&environments, &applications) {
            (Some(keys), _) => keys.iter().map(|key| key.ordinal).collect(),
            (None, Some(keys)) => {
                let owners = keys
                    .iter()
                    .filter_map(|key| self.applications.get(key.ordinal));
                owners
                    .flat_map(|owner| owner.environments.iter().copied())
                    .collect()
            }
            (None, None) => (0..self.environments.len()).collect(),
        };
        let visible = candidates
            .into_iter()
            .filter(|ordinal| self.has_environment(*ordinal));
        visible
            .filter(|ordinal| {
                let owner = self.environments[*ordinal].application;
                has(applications.as_ref(), owner)
                    && has(
                        organisations.as_ref(),
                        self.applications[owner].organisation,
                    )
            })
            .collect()
    }

    /// Whether the user may change an application.
    pub(super) fn may_change(&self, application: usize) -> Result<(), Refusal> {
        match self.applications[application].oddity {
            Oddity::Locked => Err(Refusal::Forbidden),
            Oddity::None
            | Oddity::Suspended
            | Oddity::Maintenance
            | Oddity::Mirror
            | Oddity::Migration => Ok(()),
        }
    }

    /// Whether the user may change what belongs to an environment.
    pub(super) fn may_change_environment(&self, environment: usize) -> Result<(), Refusal> {
        self.may_change(self.environments[environment].application)
    }

    /// The application that owns an environment.
    pub(super) fn owner(&self, environment: usize) -> &Application {
        &self.applications[self.environments[environment].application]
    }

    /// The environments of an application that are there.
    pub(super) fn environments_of(&self, application: usize) -> impl Iterator<Item = usize> {
        let all = self.applications[application].environments.iter().copied();
        all.filter(|ordinal| self.has_environment(*ordinal))
    }

    /// The environment with this slug in an application.
    pub(super) fn environment_named(&self, application: usize, slug: &str) -> Option<usize> {
        self.environments_of(application)
            .find(|ordinal| self.environments[*ordinal].slug == slug)
    }
}

fn oddity(ordinal: usize, dice: &mut Dice) -> Oddity {
    match ordinal {
        7 => Oddity::Suspended,
        9 => Oddity::Maintenance,
        10 => Oddity::Locked,
        11 => Oddity::Mirror,
        12 => Oddity::Migration,
        0..24 => Oddity::None,
        _ => match dice.below(100) {
            0..3 => Oddity::Suspended,
            3 => Oddity::Maintenance,
            4..6 => Oddity::Mirror,
            6 => Oddity::Migration,
            _ => Oddity::None,
        },
    }
}

type Plan = &'static [(&'static str, &'static str, Profile)];

/// Which environments an application has.
fn plan(ordinal: usize, second: bool, dice: &mut Dice) -> Plan {
    const BOTH: Plan = &[
        ("test", "develop", Profile::Ordinary),
        ("live", "main", Profile::Ordinary),
    ];
    const LIVE: Plan = &[("live", "main", Profile::Ordinary)];
    const THREE: Plan = &[
        ("test", "develop", Profile::Ordinary),
        ("live", "main", Profile::Ordinary),
        ("dev", "feature/next", Profile::Ordinary),
    ];
    const FLAPPING: Plan = &[
        ("test", "develop", Profile::Ordinary),
        ("live", "main", Profile::Flapping),
    ];
    const OVERDUE: Plan = &[
        ("test", "develop", Profile::Ordinary),
        ("live", "main", Profile::Overdue),
    ];
    const FAILING: Plan = &[
        ("test", "develop", Profile::Failing),
        ("live", "main", Profile::Ordinary),
    ];
    const NEW: Plan = &[
        ("test", "develop", Profile::NeverDeployed),
        ("live", "main", Profile::Ordinary),
    ];
    match ordinal {
        _ if second => BOTH,
        0 | 1 => BOTH,
        2 => FLAPPING,
        3 => OVERDUE,
        4 => FAILING,
        5 => NEW,
        6 => LIVE,
        8 => THREE,
        _ => match dice.below(100) {
            0..15 => LIVE,
            15..35 => THREE,
            35..39 => FAILING,
            39..41 => NEW,
            _ => BOTH,
        },
    }
}

/// `shop-api` as a name: `Shop api`.
fn title(slug: &str) -> String {
    let mut letters = slug
        .chars()
        .map(|letter| if letter == '-' { ' ' } else { letter });
    let first = letters.next().map(|letter| letter.to_ascii_uppercase());
    first.into_iter().chain(letters).collect()
}

#[cfg(test)]
mod tests {
    use super::{super::testing::still_world, *};

    #[test]
    fn same_seed_gives_the_same_world() {
        let describe = |world: &World| -> Vec<String> {
            let ids = (0..world.environments.len()).map(|n| world.root_id(Kind::Environment, n));
            ids.chain(
                world
                    .applications
                    .iter()
                    .map(|a| format!("{} {}", a.slug, a.organisation)),
            )
            .collect()
        };
        let (one, again) = (still_world(1, 60), still_world(1, 60));
        assert_eq!(describe(&one), describe(&again));
        assert_ne!(describe(&one), describe(&still_world(2, 60)));
    }

    #[test]
    fn slugs_are_unique_and_every_application_has_live() {
        let world = still_world(1, 100);
        let mut slugs: Vec<&str> = world.applications.iter().map(|a| a.slug.as_str()).collect();
        slugs.sort_unstable();
        slugs.dedup();
        assert_eq!(slugs.len(), 100);
        assert!((0..100).all(|n| world.environment_named(n, "live").is_some()));
    }

    #[test]
    fn objects_of_the_other_account_are_forbidden() {
        let world = still_world(1, 3);
        let foreign = Key::root(Kind::Application, 0).text(world.sibling);
        assert_eq!(
            world.find(&foreign, Kind::Application),
            Err(Refusal::Forbidden)
        );
        assert_eq!(
            world.find("nonsense", Kind::Application),
            Err(Refusal::MISSING)
        );
    }
}
