//! Services: what an app is bound to, what it could be bound to, and what could be made.

use futures_util::future::join_all;

use super::fleet::soon;
use crate::model::{EnvId, Failure, Page, Service, ServiceKind};
use crate::platforms::tsuru::api::Api;
use crate::platforms::tsuru::ids;
use crate::platforms::tsuru::map;
use crate::platforms::tsuru::paths::Op;
use crate::platforms::tsuru::wire;

/// So many services are asked for their plans; of the others, the default plan is offered.
const ASKED: usize = 40;

/// At once.
const TOGETHER: usize = 4;

pub(in crate::platforms::tsuru) async fn services(
    api: &Api,
    of: &EnvId,
) -> Result<Page<Service>, Failure> {
    let name = ids::of_environment(of)?.app;
    let entries = api.list::<wire::ServiceEntry>(Op::InstancesList, &[], &[]);
    let (app, entries) = tokio::join!(api.app(name), entries);
    Ok(Page::whole(map::services(&*app?, &entries?, of)))
}

pub(in crate::platforms::tsuru) async fn service_kinds(
    api: &Api,
) -> Result<Page<ServiceKind>, Failure> {
    let entries: Vec<wire::ServiceEntry> = api.list(Op::ServicesList, &[], &[]).await?;
    let mut kinds = Vec::new();
    for (at, some) in entries.chunks(TOGETHER).enumerate() {
        let is_asked = at * TOGETHER < ASKED;
        let plans = some.iter().map(async |entry| {
            if is_asked {
                api.plans_of(&entry.service).await
            } else {
                Vec::new()
            }
        });
        let plans = join_all(plans).await;
        kinds.extend(
            some.iter()
                .zip(plans)
                .flat_map(|(entry, plans)| map::kinds(&entry.service, &plans)),
        );
    }
    Ok(Page::whole(kinds))
}

impl Api {
    /// The plans of a service; none where it does not tell.
    async fn plans_of(&self, service: &str) -> Vec<wire::ServicePlan> {
        let ids = [service];
        let read = self.list(Op::ServicePlans, &ids, &[]);
        soon("the plans of a service", read)
            .await
            .unwrap_or_default()
    }
}
