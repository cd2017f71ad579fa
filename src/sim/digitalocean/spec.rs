//! The specifications the apps have from the start. Source: DigitalOcean contract, section 5.6.

use serde_json::{Map, Value, json};

use super::{plan::Profile, secret::sealed};
use crate::sim::dice::{Dice, mix};

/// What a specification is made for.
pub(super) struct Author<'a> {
    pub(super) seed: u64,
    pub(super) ordinal: usize,
    pub(super) name: &'a str,
    pub(super) region: &'static str,
}

impl Author<'_> {
    /// The specification of an app with this profile.
    pub(super) fn spec(&self, profile: Profile) -> Value {
        let mut spec = Map::new();
        spec.insert("name".into(), json!(self.name));
        spec.insert("region".into(), json!(self.region));
        for (list, items) in self.lists(profile) {
            spec.insert(list.into(), items);
        }
        spec.insert("envs".into(), self.shared_variables());
        spec.insert(
            "alerts".into(),
            json!([
                { "rule": "DEPLOYMENT_FAILED" },
                { "rule": "DOMAIN_FAILED", "disabled": true },
            ]),
        );
        // No document knows this one; whoever changes a specification has to keep it.
        spec.insert(
            "future_setting".into(),
            json!({ "level": 3, "empty": [], "off": false }),
        );
        Value::Object(spec)
    }

    fn lists(&self, profile: Profile) -> Vec<(&'static str, Value)> {
        match profile {
            Profile::Building => vec![
                (
                    "services",
                    json!([self.service("web", 2), self.service("api", 1)]),
                ),
                ("workers", json!([self.worker("mailer")])),
                (
                    "jobs",
                    json!([
                        self.job("migrate", "PRE_DEPLOY"),
                        self.job("report-failure", "FAILED_DEPLOY"),
                        self.scheduled("nightly"),
                    ]),
                ),
                ("static_sites", json!([self.site("assets")])),
                (
                    "databases",
                    json!([self.cluster("db", "PG", "16", "storefront-db")]),
                ),
                ("domains", self.domains()),
                ("ingress", ingress()),
            ],
            Profile::Pinned => vec![
                ("services", json!([self.service("web", 1)])),
                (
                    "databases",
                    json!([self.cluster("db", "MYSQL", "8", "ledger-db")]),
                ),
            ],
            Profile::Autoscaled => vec![
                ("services", json!([self.scaling("web")])),
                (
                    "databases",
                    json!([self.cluster("cache", "VALKEY", "8", "feeds-cache")]),
                ),
            ],
            Profile::Degraded => vec![
                ("services", json!([self.service("web", 3)])),
                ("workers", json!([self.worker("resizer")])),
            ],
            // One service, one site and one job: ten steps.
            Profile::Cancelled => vec![
                ("services", json!([self.service("web", 1)])),
                ("jobs", json!([self.job("migrate", "PRE_DEPLOY")])),
                ("static_sites", json!([self.site("assets")])),
            ],
            Profile::WorkerOnly => vec![("workers", json!([self.worker("consumer")]))],
            Profile::Functions => vec![
                ("functions", json!([self.functions("events")])),
                ("static_sites", json!([self.site("console")])),
            ],
            Profile::StaticSite => vec![("static_sites", json!([self.site("site")]))],
            Profile::Image => vec![("services", json!([self.image("web")]))],
            Profile::Failing | Profile::NeverDeployed | Profile::Stuck | Profile::LongHistory => {
                vec![("services", json!([self.service("web", 1)]))]
            }
            Profile::Ordinary => vec![
                ("services", json!([self.service("web", 1)])),
                ("workers", json!([self.worker("worker")])),
                ("jobs", json!([self.scheduled("cleanup")])),
                // Run by the platform itself, and in no list of clusters.
                (
                    "databases",
                    json!([{ "name": "db", "engine": "PG", "version": "16" }]),
                ),
            ],
        }
    }

    fn shared_variables(&self) -> Value {
        json!([
            { "key": "LOG_LEVEL", "value": "info", "scope": "RUN_AND_BUILD_TIME" },
            { "key": "SESSION_KEY", "value": self.secret("session"), "scope": "RUN_TIME", "type": "SECRET" },
        ])
    }

    fn own_variables(&self, component: &str) -> Value {
        let bound = "${db.DATABASE_URL}";
        json!([
            { "key": "DATABASE_URL", "value": bound, "scope": "RUN_TIME" },
            { "key": "API_TOKEN", "value": self.secret(component), "scope": "RUN_TIME", "type": "SECRET" },
            { "key": "WORKERS", "value": "2" },
        ])
    }

    fn secret(&self, of: &str) -> String {
        let plain = format!("sim-secret-{}-{of}", self.name);
        sealed(self.seed, &plain, mix(1, &[self.ordinal as u64]))
    }

    fn source(&self) -> Value {
        let repo = format!("harbour-works/{}", self.name);
        // Where nothing is deployed on push, the platform leaves the flag out.
        if Dice::new(self.seed, &[0xd0, 2, self.ordinal as u64]).chance(70) {
            json!({ "repo": repo, "branch": "main", "deploy_on_push": true })
        } else {
            json!({ "repo": repo, "branch": "main" })
        }
    }

    fn service(&self, name: &str, instances: u32) -> Value {
        // More than one instance is not for the smallest sizes.
        let size = if instances > 1 {
            "apps-s-1vcpu-1gb"
        } else {
            "apps-s-1vcpu-0.5gb"
        };
        json!({
            "name": name,
            "github": self.source(),
            "source_dir": name,
            "environment_slug": "node-js",
            "build_command": "npm run build",
            "run_command": "npm start",
            "http_port": 8080,
            "instance_size_slug": size,
            "instance_count": instances,
            "health_check": { "http_path": "/healthz", "initial_delay_seconds": 5 },
            "alerts": [{ "rule": "CPU_UTILIZATION", "operator": "GREATER_THAN", "value": 80, "window": "FIVE_MINUTES" }],
            "envs": self.own_variables(name),
            "x_placement": { "spread": true },
        })
    }

    fn scaling(&self, name: &str) -> Value {
        let mut item = self.service(name, 1);
        if let Some(fields) = item.as_object_mut() {
            fields.remove("instance_count");
            fields.insert("instance_size_slug".into(), json!("apps-d-1vcpu-1gb"));
            fields.insert(
                "autoscaling".into(),
                json!({
                    "min_instance_count": 2,
                    "max_instance_count": 8,
                    "metrics": { "cpu": { "percent": 70 } },
                }),
            );
        }
        item
    }

    fn image(&self, name: &str) -> Value {
        json!({
            "name": name,
            "image": {
                "registry_type": "DOCR",
                "repository": self.name,
                "tag": "latest",
                "deploy_on_push": {},
            },
            "http_port": 80,
            "instance_size_slug": "apps-s-1vcpu-0.5gb",
            "instance_count": 1,
            "routes": [{ "path": "/" }],
        })
    }

    fn worker(&self, name: &str) -> Value {
        json!({
            "name": name,
            "github": self.source(),
            "dockerfile_path": "Dockerfile",
            "run_command": format!("npm run {name}"),
            "instance_size_slug": "apps-s-1vcpu-0.5gb",
            "instance_count": 1,
            "envs": self.own_variables(name),
        })
    }

    fn job(&self, name: &str, kind: &str) -> Value {
        json!({
            "name": name,
            "github": self.source(),
            "run_command": format!("npm run {name}"),
            "kind": kind,
            "instance_size_slug": "apps-s-1vcpu-0.5gb",
            "instance_count": 1,
        })
    }

    fn scheduled(&self, name: &str) -> Value {
        let mut item = self.job(name, "SCHEDULED");
        if let Some(fields) = item.as_object_mut() {
            let schedule = json!({ "cron": "*/15 * * * *", "time_zone": "Europe/Berlin" });
            fields.insert("schedule".into(), schedule);
        }
        item
    }

    fn site(&self, name: &str) -> Value {
        json!({
            "name": name,
            "github": self.source(),
            "build_command": "npm run build",
            "output_dir": "dist",
            "index_document": "index.html",
        })
    }

    fn functions(&self, name: &str) -> Value {
        json!({ "name": name, "github": self.source(), "source_dir": "functions" })
    }

    #[expect(clippy::unused_self, reason = "as its siblings")]
    fn cluster(&self, name: &str, engine: &str, version: &str, cluster: &str) -> Value {
        json!({
            "name": name,
            "engine": engine,
            "version": version,
            "production": true,
            "cluster_name": cluster,
            "db_name": "app",
            "db_user": "app",
        })
    }

    fn domains(&self) -> Value {
        json!([
            { "domain": format!("{}.example.com", self.name), "type": "PRIMARY", "minimum_tls_version": "1.2" },
            { "domain": format!("www.{}.example.com", self.name), "type": "ALIAS" },
            { "domain": format!("{}.example.net", self.name), "type": "ALIAS" },
        ])
    }
}

fn ingress() -> Value {
    json!({
        "rules": [
            { "match": { "path": { "prefix": "/api" } }, "component": { "name": "api" } },
            { "match": { "path": { "prefix": "/assets" } }, "component": { "name": "assets" } },
            { "match": { "path": { "prefix": "/" } }, "component": { "name": "web" } },
        ],
    })
}
