//! Questions and what is asked for them.

use super::api::Api;
use super::failure::unbuilt;
use crate::model::{
    Account, Activity, App, AppId, Deployment, DeploymentId, DeploymentScope, Domain, EnvId,
    Environment, Failure, InstanceSize, Job, MaintenanceRun, Metric, Organisation, Other, Page,
    PageRequest, Region, Service, ServiceKind, Unit, Variable,
};

pub(super) fn has_apps(_api: &Api) -> bool {
    false
}

macro_rules! unbuilt {
    ($($name:ident($($arg:ident: $kind:ty),*) -> $answer:ty;)*) => {$(
        pub(super) async fn $name(_api: &Api, $($arg: $kind),*) -> Result<$answer, Failure> {
            $(let _ = $arg;)*
            Err(unbuilt())
        }
    )*};
}

unbuilt! {
    account() -> Account;
    teams() -> Page<Organisation>;
    apps() -> Page<App>;
    all_processes() -> Page<Environment>;
    processes(of: &AppId) -> Page<Environment>;
    process(id: &EnvId) -> Environment;
    deploys(of: &DeploymentScope, page: PageRequest) -> Page<Deployment>;
    deploy(id: &DeploymentId) -> Deployment;
    variables(of: &EnvId) -> Page<Variable>;
    domains(of: &EnvId) -> Page<Domain>;
    services(of: &EnvId) -> Page<Service>;
    service_kinds() -> Page<ServiceKind>;
    jobs(of: &EnvId) -> Page<Job>;
    events(of: Option<&AppId>, page: PageRequest) -> Page<Activity>;
    blocks(of: Option<&AppId>) -> Page<MaintenanceRun>;
    metrics(of: &EnvId) -> Vec<Metric>;
    units(of: &EnvId) -> Page<Unit>;
    plans() -> Page<InstanceSize>;
    pools() -> Page<Region>;
    others(kind: &'static str) -> Page<Other>;
}
