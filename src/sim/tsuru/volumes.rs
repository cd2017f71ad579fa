//! Volumes. Source: tsuru contract, section 5, "Services, volumes and platform lists".

use serde_json::{Value, json};

use super::{
    call::Call,
    errors::Refusal,
    reply::{Outcome, Reply},
};

/// A volume.
#[derive(Clone, Debug)]
pub(super) struct Volume {
    name: &'static str,
    pool: &'static str,
    plan: &'static str,
    team: &'static str,
    /// App, mount point, and whether it can only be read.
    binds: Vec<(String, &'static str, bool)>,
    capacity: &'static str,
}

/// All volumes.
#[derive(Clone, Debug)]
pub(super) struct Volumes(Vec<Volume>);

impl Volumes {
    /// What there is from the start.
    pub(super) fn new() -> Volumes {
        let of = |app: &str, path, is_read_only| (app.to_owned(), path, is_read_only);
        Volumes(vec![
            Volume {
                name: "media",
                pool: "prod",
                plan: "nfs",
                team: "web",
                binds: vec![
                    of("atlas", "/mnt/media", false),
                    of("cadence", "/mnt/media", true),
                ],
                capacity: "20Gi",
            },
            Volume {
                name: "exports",
                pool: "batch",
                plan: "ssd",
                team: "data",
                binds: Vec::new(),
                capacity: "5Gi",
            },
        ])
    }

    /// Where the volumes of an app are mounted.
    pub(super) fn binds_of(&self, app: &str) -> Vec<Value> {
        let all = self.0.iter().flat_map(Volume::binds);
        all.filter(|bind| bind["ID"]["App"] == app).collect()
    }
}

impl Volume {
    fn binds(&self) -> Vec<Value> {
        let binds = self.binds.iter().map(|(app, path, is_read_only)| {
            json!({
                "ID": { "App": app, "MountPoint": path, "Volume": self.name },
                "ReadOnly": is_read_only,
            })
        });
        binds.collect()
    }

    fn wire(&self) -> Value {
        let binds = self.binds();
        json!({
            "Name": self.name,
            "Pool": self.pool,
            "Plan": { "Name": self.plan, "Opts": { "storage-class": self.plan } },
            "TeamOwner": self.team,
            "Status": "",
            "Binds": if binds.is_empty() { Value::Null } else { json!(binds) },
            "Opts": { "capacity": self.capacity },
        })
    }
}

/// All volumes.
pub(super) fn list(call: &mut Call<'_>) -> Outcome {
    let all = call.world.volumes.0.iter().map(Volume::wire);
    Ok(Reply::list(all.collect()))
}

/// One volume.
pub(super) fn get(call: &mut Call<'_>) -> Outcome {
    let mut all = call.world.volumes.0.iter();
    let found = all.find(|volume| volume.name == call.given(0));
    let missing = || Refusal::missing("volume not found");
    Ok(Reply::ok(found.ok_or_else(missing)?.wire()))
}
