//! What the platform has to offer, as data: pools, plans, platforms, routers, clusters, teams.
//! Source: tsuru contract, section 5, "Services, volumes and platform lists".

/// A pool of nodes.
pub(super) struct Pool {
    pub(super) name: &'static str,
    pub(super) is_default: bool,
    pub(super) is_public: bool,
    pub(super) cluster: &'static str,
    pub(super) routers: &'static [&'static str],
}

/// What a unit gets.
pub(super) struct Plan {
    pub(super) name: &'static str,
    pub(super) memory: u64,
    pub(super) cpu_milli: u32,
    /// Default and highest factor of a burst.
    pub(super) burst: Option<(f64, f64)>,
    pub(super) is_default: bool,
}

/// A team, and whether the user of the token may change what is its.
pub(super) struct Team {
    pub(super) name: &'static str,
    pub(super) is_own: bool,
}

pub(super) const POOLS: [Pool; 3] = [
    Pool {
        name: "prod",
        is_default: true,
        is_public: true,
        cluster: "cluster-a",
        routers: &["ingress", "mesh"],
    },
    Pool {
        name: "staging",
        is_default: false,
        is_public: true,
        cluster: "cluster-b",
        routers: &["ingress"],
    },
    Pool {
        name: "batch",
        is_default: false,
        is_public: false,
        cluster: "cluster-a",
        routers: &[],
    },
];

const MEBI: u64 = 1 << 20;

pub(super) const PLANS: [Plan; 4] = [
    Plan {
        name: "c0.1m0.2",
        memory: 256 * MEBI,
        cpu_milli: 100,
        burst: None,
        is_default: true,
    },
    Plan {
        name: "c0.5m0.5",
        memory: 512 * MEBI,
        cpu_milli: 500,
        burst: Some((1.1, 2.0)),
        is_default: false,
    },
    Plan {
        name: "c1m1",
        memory: 1_024 * MEBI,
        cpu_milli: 1_000,
        burst: None,
        is_default: false,
    },
    Plan {
        name: "c2m4",
        memory: 4_096 * MEBI,
        cpu_milli: 2_000,
        burst: None,
        is_default: false,
    },
];

/// Platforms, and whether new apps may use them.
pub(super) const PLATFORMS: [(&str, bool); 5] = [
    ("go", true),
    ("java", true),
    ("nodejs", true),
    ("python", true),
    ("python2", false),
];

/// Routers with their types.
pub(super) const ROUTERS: [(&str, &str); 2] = [("ingress", "api"), ("mesh", "istio-gateway")];

pub(super) const CLUSTERS: [&str; 2] = ["cluster-a", "cluster-b"];

pub(super) const TEAMS: [Team; 4] = [
    Team {
        name: "web",
        is_own: true,
    },
    Team {
        name: "data",
        is_own: true,
    },
    Team {
        name: "platform",
        is_own: true,
    },
    Team {
        name: "payments",
        is_own: false,
    },
];

/// The pool with this name.
pub(super) fn pool(name: &str) -> Option<&'static Pool> {
    POOLS.iter().find(|pool| pool.name == name)
}

/// The plan with this name.
pub(super) fn plan(name: &str) -> Option<&'static Plan> {
    PLANS.iter().find(|plan| plan.name == name)
}
