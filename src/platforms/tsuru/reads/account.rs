//! Whose token it is, and what the server has for everybody.

use serde::de::DeserializeOwned;

use super::fleet::soon;
use crate::model::{Account, Capability, Failure, InstanceSize, Organisation, Other, Page, Region};
use crate::platforms::tsuru::api::Api;
use crate::platforms::tsuru::map;
use crate::platforms::tsuru::paths::Op;
use crate::platforms::tsuru::wire;

pub(in crate::platforms::tsuru) async fn account(api: &Api) -> Result<Account, Failure> {
    let server = api.get::<wire::Server>(Op::ApiInfo, &[], &[]);
    let server = soon("the version of the server", server);
    let me = api.get::<wire::Me>(Op::UserGet, &[], &[]);
    let (me, server) = tokio::join!(me, server);
    Ok(map::account(&me?, server.as_ref()))
}

pub(in crate::platforms::tsuru) async fn teams(api: &Api) -> Result<Page<Organisation>, Failure> {
    let map = |wire: wire::Team| map::team(&wire);
    let mut found = api.whole(Op::TeamsList, &[], &[], map).await?;
    found.items.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(found)
}

/// Smallest first.
pub(in crate::platforms::tsuru) async fn plans(api: &Api) -> Result<Page<InstanceSize>, Failure> {
    let mut plans: Vec<wire::Plan> = api.list(Op::PlanList, &[], &[]).await?;
    plans.sort_by_key(|plan| (*plan.memory, *plan.cpu_milli));
    Ok(Page::whole(plans.iter().filter_map(map::size).collect()))
}

pub(in crate::platforms::tsuru) async fn pools(api: &Api) -> Result<Page<Region>, Failure> {
    let map = |wire: wire::Pool| map::pool(&wire);
    api.whole(Op::PoolList, &[], &[], map).await
}

/// A list of its own; see the profile for their names.
pub(in crate::platforms::tsuru) async fn others(
    api: &Api,
    kind: &'static str,
) -> Result<Page<Other>, Failure> {
    match kind {
        "pools" => listed(api, Op::PoolList, map::pool_entry).await,
        "platforms" => listed(api, Op::PlatformList, map::platform).await,
        "routers" => listed(api, Op::RouterList, map::router).await,
        "volumes" => listed(api, Op::VolumeList, map::volume_entry).await,
        "clusters" => listed(api, Op::ClusterList, map::cluster).await,
        "users" => listed(api, Op::UsersList, map::user).await,
        "tokens" => listed(api, Op::TeamTokensList, map::token).await,
        "roles" => listed(api, Op::PermissionList, map::permission).await,
        "webhooks" => listed(api, Op::WebhookList, map::webhook).await,
        "kinds" => listed(api, Op::EventKinds, map::event_kind).await,
        kind => Err(Failure::unsupported(
            Capability::ListOthers,
            &format!("tsuru has no list `{kind}`"),
        )),
    }
}

async fn listed<W: DeserializeOwned>(
    api: &Api,
    op: Op,
    map: fn(&W) -> Option<Other>,
) -> Result<Page<Other>, Failure> {
    api.whole(op, &[], &[], |wire: W| map(&wire)).await
}
