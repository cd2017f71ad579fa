//! Whether a submitted specification is valid, and what it costs.
//! Source: DigitalOcean contract, section 5.6.

use std::collections::HashSet;

use serde_json::Value;

use super::{
    catalogue::{self, SizeKind, size_named},
    component::LISTS,
    errors::Refusal,
};

const SOURCES: [&str; 5] = ["github", "gitlab", "bitbucket", "git", "image"];
const MOST_INSTANCES: u64 = 250;

/// What a specification costs a month, in dollars, or why it is refused.
pub(super) fn price(spec: &Value) -> Result<u64, Refusal> {
    if !spec.is_object() {
        return Err(Refusal::bad("spec is required"));
    }
    let name = spec["name"].as_str().unwrap_or_default();
    if !is_name(name) {
        return Err(wrong(
            "name",
            "must be 2 to 32 lower-case letters, digits and dashes",
        ));
    }
    let region = spec.get("region").and_then(Value::as_str);
    if region.is_some_and(|slug| catalogue::region(slug).is_none()) {
        return Err(wrong("region", "unknown region"));
    }
    variables(spec, "envs")?;
    domains(spec)?;
    let mut names = HashSet::new();
    let mut cost = 0;
    for list in LISTS {
        let items = spec[list].as_array().map_or(&[][..], Vec::as_slice);
        for (place, item) in items.iter().enumerate() {
            let path = format!("{list}[{place}]");
            cost += component(list, &path, item)?;
            if !names.insert(item["name"].as_str().unwrap_or_default()) {
                return Err(wrong(
                    &format!("{path}.name"),
                    "is used by another component",
                ));
            }
        }
    }
    if names.is_empty() {
        return Err(Refusal::bad("error validating app spec: no components"));
    }
    Ok(cost)
}

fn wrong(path: &str, problem: &str) -> Refusal {
    Refusal::bad(format!(
        "error validating app spec field \"{path}\": {problem}"
    ))
}

fn is_name(text: &str) -> bool {
    let fits = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit();
    (2..=32).contains(&text.len())
        && text.starts_with(|letter: char| letter.is_ascii_lowercase())
        && text.ends_with(fits)
        && text.chars().all(|letter| fits(letter) || letter == '-')
}

fn component(list: &str, path: &str, item: &Value) -> Result<u64, Refusal> {
    const DEVELOPMENT_DATABASE: u64 = 7;
    if !is_name(item["name"].as_str().unwrap_or_default()) {
        return Err(wrong(&format!("{path}.name"), "is not a name"));
    }
    variables(item, &format!("{path}.envs"))?;
    match list {
        "databases" if item["production"] == true => Ok(0),
        "databases" => Ok(DEVELOPMENT_DATABASE),
        "static_sites" | "functions" => source(path, item).map(|()| 0),
        "jobs" => source(path, item)
            .and_then(|()| scale(path, item))
            .map(|_| 0),
        _ => source(path, item).and_then(|()| scale(path, item)),
    }
}

fn source(path: &str, item: &Value) -> Result<(), Refusal> {
    let given = SOURCES.iter().filter(|kind| item.get(**kind).is_some());
    match given.count() {
        1 => Ok(()),
        0 => Err(wrong(path, "has no source")),
        _ => Err(wrong(path, "has more than one source")),
    }
}

/// Checks size and number of instances; what they cost.
fn scale(path: &str, item: &Value) -> Result<u64, Refusal> {
    let field = |name: &str| format!("{path}.{name}");
    let slug = item["instance_size_slug"]
        .as_str()
        .unwrap_or("apps-s-1vcpu-0.5gb");
    let size = size_named(slug)
        .ok_or_else(|| wrong(&field("instance_size_slug"), "unknown instance size"))?;
    let count = item.get("instance_count").filter(|count| !count.is_null());
    let scaling = item.get("autoscaling").filter(|scaling| !scaling.is_null());
    let instances = match (count, scaling) {
        (Some(_), Some(_)) => {
            let problem = "must not be set together with autoscaling";
            return Err(wrong(&field("instance_count"), problem));
        }
        (None, Some(scaling)) => {
            if size.kind != SizeKind::Dedicated {
                let problem = "needs an instance size with dedicated processors";
                return Err(wrong(&field("autoscaling"), problem));
            }
            range(path, scaling)?
        }
        (Some(count), None) => {
            let count = count
                .as_u64()
                .filter(|count| (1..=MOST_INSTANCES).contains(count));
            count.ok_or_else(|| wrong(&field("instance_count"), "must be 1 to 250"))?
        }
        (None, None) => 1,
    };
    if instances > 1 && size.kind == SizeKind::Single {
        let problem = format!("instance size {slug} allows one instance only");
        return Err(wrong(&field("instance_count"), &problem));
    }
    Ok(u64::from(size.usd_per_month) * instances)
}

/// The least number of instances of a component that scales by itself.
fn range(path: &str, scaling: &Value) -> Result<u64, Refusal> {
    let number = |name: &str| scaling[name].as_u64().unwrap_or_default();
    let (least, most) = (number("min_instance_count"), number("max_instance_count"));
    if least < 1 || most < least || most > MOST_INSTANCES {
        let problem = "must have 1 <= min_instance_count <= max_instance_count <= 250";
        return Err(wrong(&format!("{path}.autoscaling"), problem));
    }
    if scaling["metrics"]
        .as_object()
        .is_none_or(serde_json::Map::is_empty)
    {
        return Err(wrong(&format!("{path}.autoscaling.metrics"), "is required"));
    }
    Ok(least)
}

fn variables(owner: &Value, path: &str) -> Result<(), Refusal> {
    const SCOPES: [&str; 4] = ["UNSET", "RUN_TIME", "BUILD_TIME", "RUN_AND_BUILD_TIME"];
    let mut keys = HashSet::new();
    for (place, variable) in owner["envs"].as_array().into_iter().flatten().enumerate() {
        let field = |name: &str| format!("{path}[{place}].{name}");
        let key = variable["key"].as_str().unwrap_or_default();
        if !is_key(key) {
            return Err(wrong(&field("key"), "is not a name of a variable"));
        }
        if !keys.insert(key) {
            return Err(wrong(&field("key"), &format!("\"{key}\" is there twice")));
        }
        let among = |name: &str, allowed: &[&str]| match variable.get(name) {
            None | Some(Value::Null) => true,
            Some(value) => value.as_str().is_some_and(|word| allowed.contains(&word)),
        };
        if !among("scope", &SCOPES) || !among("type", &["GENERAL", "SECRET"]) {
            return Err(wrong(&field("scope"), "unknown scope or type"));
        }
    }
    Ok(())
}

fn is_key(text: &str) -> bool {
    let fits = |letter: char| letter == '_' || letter.is_ascii_alphanumeric();
    text.chars().all(fits)
        && text.starts_with(|letter: char| letter == '_' || letter.is_ascii_alphabetic())
}

fn domains(spec: &Value) -> Result<(), Refusal> {
    let mut names = HashSet::new();
    for (place, domain) in spec["domains"].as_array().into_iter().flatten().enumerate() {
        let name = domain["domain"].as_str().unwrap_or_default();
        if !name.contains('.') || name.contains([' ', '/']) {
            return Err(wrong(
                &format!("domains[{place}].domain"),
                "is not a domain",
            ));
        }
        if !names.insert(name) {
            return Err(wrong(&format!("domains[{place}].domain"), "is there twice"));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{super::testing::still_world, *};

    /// The price of one service with these fields, or the words of the refusal.
    fn check(fields: &Value) -> Result<u64, String> {
        let mut service = json!({ "name": "web", "git": { "repo_clone_url": "x" } });
        let (service_fields, more) = (
            service.as_object_mut().unwrap(),
            fields.as_object().unwrap(),
        );
        service_fields.extend(more.clone());
        let spec = json!({ "name": "an-app", "services": [service] });
        price(&spec).map_err(|refusal| refusal.message().to_owned())
    }

    #[test]
    fn specifications_of_the_world_are_valid() {
        let world = still_world(1, 60);
        for app in 0..60 {
            assert!(price(&world.spec(app)).is_ok(), "{}", world.apps[app].name);
        }
    }

    #[test]
    fn cost_follows_size_and_number() {
        assert_eq!(
            check(&json!({ "instance_size_slug": "apps-s-1vcpu-1gb", "instance_count": 3 })),
            Ok(36)
        );
        let metrics = json!({ "cpu": { "percent": 70 } });
        let scaling =
            json!({ "min_instance_count": 2, "max_instance_count": 4, "metrics": metrics });
        let fields = json!({ "instance_size_slug": "apps-d-1vcpu-1gb", "autoscaling": scaling });
        assert_eq!(check(&fields), Ok(68));
    }

    #[test]
    fn what_contradicts_itself_is_refused_with_the_field() {
        let single = json!({ "instance_size_slug": "apps-s-1vcpu-0.5gb", "instance_count": 2 });
        assert!(check(&single).unwrap_err().contains("one instance only"));
        let both = json!({ "instance_count": 1, "autoscaling": { "min_instance_count": 1, "max_instance_count": 2 } });
        assert!(
            check(&both)
                .unwrap_err()
                .contains("together with autoscaling")
        );
        let unknown = json!({ "instance_size_slug": "huge" });
        assert!(
            check(&unknown)
                .unwrap_err()
                .contains("services[0].instance_size_slug")
        );
        let twice = json!({ "envs": [{ "key": "A" }, { "key": "A" }] });
        assert!(
            check(&twice)
                .unwrap_err()
                .contains("services[0].envs[1].key")
        );
        let shared = json!({ "autoscaling": { "min_instance_count": 1, "max_instance_count": 2, "metrics": { "cpu": {} } } });
        assert!(check(&shared).unwrap_err().contains("dedicated"));
    }
}
