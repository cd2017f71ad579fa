//! The document an app is made from, as far as it is shown. To change it, it is held as it came.
//!
//! Source: DigitalOcean contract, section 5.6.

use super::records;
use crate::model::Secret;

records! {
    AppSpec {
        name: String,
        region: String,
        services: Vec<Component>,
        workers: Vec<Component>,
        jobs: Vec<Component>,
        static_sites: Vec<Component>,
        functions: Vec<Component>,
        databases: Vec<Database>,
        domains: Vec<DomainSpec>,
        envs: Vec<Variable>,
        ingress: Ingress,
        maintenance: Maintenance,
        features: Vec<String>,
    }
    Component {
        name: String,
        github: Repository,
        gitlab: Repository,
        bitbucket: Repository,
        git: Git,
        image: Image,
        dockerfile_path: String,
        source_dir: String,
        environment_slug: String,
        envs: Vec<Variable>,
        instance_size_slug: String,
        instance_count: u64,
        autoscaling: Autoscaling,
        http_port: i64,
        internal_ports: Vec<String>,
        kind: String,
        schedule: Schedule,
        timeout: String,
        routes: Vec<Route>,
        output_dir: String,
        log_destinations: Vec<LogDestination>,
    }
    Repository {
        repo: String,
        branch: String,
        deploy_on_push: bool,
    }
    Git {
        repo_clone_url: String,
        branch: String,
    }
    Image {
        registry_type: String,
        registry: String,
        repository: String,
        tag: String,
        digest: String,
        deploy_on_push: DeployOnPush,
    }
    DeployOnPush {
        enabled: bool,
    }
    Autoscaling {
        min_instance_count: u64,
        max_instance_count: u64,
        metrics: AutoscalingMetrics,
    }
    AutoscalingMetrics {
        cpu: Cpu,
        requests_per_second: PerInstance,
        request_duration: Latency,
    }
    Cpu {
        percent: u64,
    }
    PerInstance {
        per_instance: u64,
    }
    Latency {
        p95_milliseconds: u64,
    }
    Schedule {
        cron: String,
        time_zone: String,
    }
    Route {
        path: String,
    }
    /// Only its name: the rest is credentials.
    LogDestination {
        name: String,
    }
    Database {
        name: String,
        engine: String,
        version: String,
        production: bool,
        cluster_name: String,
        db_name: String,
        db_user: String,
        size: String,
        num_nodes: i64,
    }
    DomainSpec {
        domain: String,
        #[serde(rename = "type")]
        kind: String,
        zone: String,
        wildcard: bool,
        minimum_tls_version: String,
        certificate: String,
    }
    Variable {
        key: String,
        value: Secret,
        scope: String,
        #[serde(rename = "type")]
        kind: String,
    }
    Ingress {
        rules: Vec<Rule>,
    }
    Rule {
        #[serde(rename = "match")]
        matches: Match,
        component: RuleComponent,
    }
    Match {
        path: PathMatch,
    }
    PathMatch {
        prefix: String,
        exact: String,
    }
    RuleComponent {
        name: String,
    }
    Maintenance {
        enabled: bool,
        archive: bool,
        offline_page_url: String,
    }
}
