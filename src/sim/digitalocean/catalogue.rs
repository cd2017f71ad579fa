//! What can be chosen from: regions and sizes of instances.
//! Source: DigitalOcean contract, section 5.2.

use serde_json::{Value, json};

use super::{
    call::Call,
    errors::Refusal,
    reply::{Outcome, Reply},
    wire::object,
};

/// A region.
pub(super) struct Region {
    pub(super) slug: &'static str,
    label: &'static str,
    flag: &'static str,
    continent: &'static str,
    data_centers: &'static [&'static str],
}

const fn place(
    slug: &'static str,
    label: &'static str,
    flag: &'static str,
    continent: &'static str,
    data_centers: &'static [&'static str],
) -> Region {
    Region {
        slug,
        label,
        flag,
        continent,
        data_centers,
    }
}

/// Where apps run; the second is the default.
pub(super) const REGIONS: [Region; 6] = [
    place("ams", "Amsterdam", "netherlands", "Europe", &["ams3"]),
    place("nyc", "New York", "usa", "North America", &["nyc1", "nyc3"]),
    place("fra", "Frankfurt", "germany", "Europe", &["fra1"]),
    place("sgp", "Singapore", "singapore", "Asia", &["sgp1"]),
    place("lon", "London", "uk", "Europe", &["lon1"]),
    place("tor", "Toronto", "canada", "North America", &["tor1"]),
];

const DEFAULT_REGION: usize = 1;
/// New apps are not taken there.
const FULL_REGION: usize = 5;

/// The place of a region in the list.
pub(super) fn region(slug: &str) -> Option<usize> {
    REGIONS.iter().position(|region| region.slug == slug)
}

/// A region on the wire.
pub(super) fn region_wire(place: usize) -> Value {
    let region = &REGIONS[place];
    let is_full = place == FULL_REGION;
    let reason = if is_full { "at capacity" } else { "" };
    object([
        ("slug", json!(region.slug)),
        ("label", json!(region.label)),
        ("flag", json!(region.flag)),
        ("continent", json!(region.continent)),
        ("data_centers", json!(region.data_centers)),
        ("default", json!(place == DEFAULT_REGION)),
        ("disabled", json!(is_full)),
        ("reason", json!(reason)),
    ])
}

#[expect(clippy::unnecessary_wraps, reason = "handlers share one signature")]
pub(super) fn list_regions(_call: &mut Call<'_>) -> Outcome {
    let regions: Vec<Value> = (0..REGIONS.len()).map(region_wire).collect();
    Ok(Reply::ok(json!({ "regions": regions })))
}

/// A size of instances.
pub(super) struct Size {
    pub(super) slug: &'static str,
    name: &'static str,
    cpus: u32,
    mebibytes: u64,
    pub(super) usd_per_month: u32,
    gibibytes_of_traffic: u32,
    pub(super) kind: SizeKind,
}

/// What a size is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SizeKind {
    /// Shared processors, one instance only.
    Single,
    /// Shared processors.
    Shared,
    /// Dedicated processors: these scale by themselves.
    Dedicated,
    /// No longer offered to new apps.
    Old,
}

const fn size(
    slug: &'static str,
    name: &'static str,
    (cpus, mebibytes): (u32, u64),
    usd_per_month: u32,
    gibibytes_of_traffic: u32,
    kind: SizeKind,
) -> Size {
    Size {
        slug,
        name,
        cpus,
        mebibytes,
        usd_per_month,
        gibibytes_of_traffic,
        kind,
    }
}

#[rustfmt::skip]
const SIZES: [Size; 11] = [
    size("apps-s-1vcpu-0.5gb", "Shared 1 vCPU 0.5 GB", (1, 512), 5, 50, SizeKind::Single),
    size("apps-s-1vcpu-1gb-fixed", "Shared 1 vCPU 1 GB fixed", (1, 1_024), 10, 100, SizeKind::Single),
    size("apps-s-1vcpu-1gb", "Shared 1 vCPU 1 GB", (1, 1_024), 12, 150, SizeKind::Shared),
    size("apps-s-1vcpu-2gb", "Shared 1 vCPU 2 GB", (1, 2_048), 25, 200, SizeKind::Shared),
    size("apps-s-2vcpu-4gb", "Shared 2 vCPU 4 GB", (2, 4_096), 50, 250, SizeKind::Shared),
    size("apps-d-1vcpu-0.5gb", "Dedicated 1 vCPU 0.5 GB", (1, 512), 29, 100, SizeKind::Dedicated),
    size("apps-d-1vcpu-1gb", "Dedicated 1 vCPU 1 GB", (1, 1_024), 34, 200, SizeKind::Dedicated),
    size("apps-d-1vcpu-2gb", "Dedicated 1 vCPU 2 GB", (1, 2_048), 39, 300, SizeKind::Dedicated),
    size("apps-d-2vcpu-4gb", "Dedicated 2 vCPU 4 GB", (2, 4_096), 78, 500, SizeKind::Dedicated),
    size("basic-xxs", "Basic XXS", (1, 512), 5, 40, SizeKind::Old),
    size("professional-xs", "Professional XS", (1, 1_024), 12, 100, SizeKind::Old),
];

/// The size with this name.
pub(super) fn size_named(slug: &str) -> Option<&'static Size> {
    SIZES.iter().find(|size| size.slug == slug)
}

fn size_wire(size: &Size) -> Value {
    const SECONDS_A_MONTH: f64 = 28.0 * 86_400.0;
    let dedicated = size.kind == SizeKind::Dedicated;
    object([
        ("name", json!(size.name)),
        ("slug", json!(size.slug)),
        (
            "cpu_type",
            json!(if dedicated { "DEDICATED" } else { "SHARED" }),
        ),
        ("cpus", json!(size.cpus.to_string())),
        ("memory_bytes", json!((size.mebibytes << 20).to_string())),
        ("usd_per_month", json!(format!("{}.00", size.usd_per_month))),
        (
            "usd_per_second",
            json!(format!(
                "{:.12}",
                f64::from(size.usd_per_month) / SECONDS_A_MONTH
            )),
        ),
        (
            "tier_slug",
            json!(if dedicated { "professional" } else { "basic" }),
        ),
        ("single_instance_only", json!(size.kind == SizeKind::Single)),
        ("scalable", json!(dedicated)),
        ("deprecation_intent", json!(size.kind == SizeKind::Old)),
        (
            "bandwidth_allowance_gib",
            json!(size.gibibytes_of_traffic.to_string()),
        ),
    ])
}

#[expect(clippy::unnecessary_wraps, reason = "handlers share one signature")]
pub(super) fn list_sizes(_call: &mut Call<'_>) -> Outcome {
    let sizes: Vec<Value> = SIZES.iter().map(size_wire).collect();
    Ok(Reply::ok(json!({ "instance_sizes": sizes })))
}

pub(super) fn get_size(call: &mut Call<'_>) -> Outcome {
    let size = size_named(call.given(0)).ok_or_else(Refusal::missing)?;
    Ok(Reply::ok(json!({ "instance_size": size_wire(size) })))
}
