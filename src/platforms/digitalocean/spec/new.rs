//! The spec of an app that is new, from the answers to what it needs.

use serde_json::{Map, Value, json};

use super::edit::Problem;
use super::{raw, scale};

/// What can be said of a new app.
const KEYS: [&str; 12] = [
    "github",
    "gitlab",
    "git",
    "image",
    "branch",
    "component",
    "kind",
    "size",
    "instances",
    "port",
    "region",
    "project",
];

/// The kinds of a component, with the list each stands in.
const KINDS: [(&str, &str); 4] = [
    ("service", "services"),
    ("worker", "workers"),
    ("job", "jobs"),
    ("static-site", "static_sites"),
];

/// What a component is called if nobody says.
const COMPONENT: &str = "web";

/// A spec, and the project the app is put into.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct NewApp {
    pub(crate) spec: String,
    pub(crate) project: Option<String>,
}

/// The app's other name.
pub(super) fn rename(spec: &str, name: &str) -> Result<String, Problem> {
    if raw::field_text(spec, "name").as_deref() == Some(name) {
        return Ok(spec.to_owned());
    }
    raw::put(spec, "name", Some(&raw::quoted(name))).ok_or_else(Problem::unreadable)
}

/// The spec of a new app of one component.
pub(crate) fn new_app(name: &str, inputs: &[(String, String)]) -> Result<NewApp, Problem> {
    check_name("name", name)?;
    let answers = Answers::read(inputs)?;
    let kind = answers.get("kind").unwrap_or("service");
    let found = KINDS.iter().find(|(word, _)| *word == kind);
    let Some((kind, list)) = found else {
        let words = KINDS.map(|(word, _)| word).join(", ");
        return Err(Problem::new("set", format!("kind is one of {words}")));
    };
    let mut spec = Map::new();
    spec.insert("name".into(), json!(name));
    if let Some(region) = answers.get("region") {
        spec.insert("region".into(), json!(region));
    }
    let component = answers.component(kind)?;
    spec.insert((*list).into(), json!([component]));
    Ok(NewApp {
        spec: Value::Object(spec).to_string(),
        project: answers.get("project").map(str::to_owned),
    })
}

struct Answers<'a>(&'a [(String, String)]);

impl<'a> Answers<'a> {
    fn read(inputs: &'a [(String, String)]) -> Result<Self, Problem> {
        for (at, (key, _)) in inputs.iter().enumerate() {
            if !KEYS.contains(&key.as_str()) {
                let text = format!("{key} is not known: choose among {}", KEYS.join(", "));
                return Err(Problem::new("set", text));
            }
            if inputs.iter().skip(at + 1).any(|(other, _)| other == key) {
                return Err(Problem::new(
                    "set",
                    format!("{key} is given twice: once is enough"),
                ));
            }
        }
        Ok(Self(inputs))
    }

    fn get(&self, key: &str) -> Option<&'a str> {
        let found = self.0.iter().find(|(it, _)| it == key);
        found
            .map(|(_, value)| value.trim())
            .filter(|it| !it.is_empty())
    }

    fn component(&self, kind: &str) -> Result<Value, Problem> {
        let name = self.get("component").unwrap_or(COMPONENT);
        check_name("set", name)?;
        let (source, at) = self.source()?;
        let mut component = json!({"name": name, source: at});
        if let Some(size) = self.get("size") {
            has(kind != "static-site", "size", kind)?;
            component[scale::SIZE] = json!(size);
        }
        if let Some(units) = self.get("instances") {
            has(matches!(kind, "service" | "worker"), "instances", kind)?;
            component[scale::COUNT] = json!(number("instances", units, scale::MOST_INSTANCES)?);
        }
        if let Some(port) = self.get("port") {
            has(kind == "service", "port", kind)?;
            component["http_port"] = json!(number("port", port, u16::MAX.into())?);
        }
        Ok(component)
    }

    /// Where the code or image comes from.
    fn source(&self) -> Result<(&'static str, Value), Problem> {
        let given = ["github", "gitlab", "git", "image"];
        let mut given = given.into_iter().filter_map(|it| Some((it, self.get(it)?)));
        let (Some((source, at)), None) = (given.next(), given.next()) else {
            let text = "say where it comes from with one of github=OWNER/REPO, \
                        gitlab=OWNER/REPO, git=URL, image=REGISTRY/NAME:TAG";
            return Err(Problem::new("set", text));
        };
        if source == "image" {
            has(self.get("branch").is_none(), "branch", "image")?;
            return Ok((source, image(at)?));
        }
        let Some(branch) = self.get("branch") else {
            return Err(Problem::new(
                "set",
                "branch is missing: name the branch to deploy",
            ));
        };
        let repo = if source == "git" {
            "repo_clone_url"
        } else {
            "repo"
        };
        Ok((source, json!({repo: at, "branch": branch})))
    }
}

/// Registry, name, and tag or digest.
///
/// Source: `DigitalOcean` contract, section 5.6, and the published description of the API.
fn image(at: &str) -> Result<Value, Problem> {
    let (path, digest) = match at.split_once('@') {
        Some((path, digest)) => (path, Some(digest)),
        None => (at, None),
    };
    let (path, tag) = match path.rsplit_once(':') {
        Some((path, tag)) if digest.is_none() && !tag.contains('/') => (path, Some(tag)),
        _ => (path, None),
    };
    let parts: Vec<&str> = path.split('/').collect();
    let mut image = match parts.as_slice() {
        ["registry.digitalocean.com", _, repository @ ..] if !repository.is_empty() => {
            json!({"registry_type": "DOCR", "repository": repository.join("/")})
        }
        ["ghcr.io", registry, repository @ ..] if !repository.is_empty() => {
            json!({"registry_type": "GHCR", "registry": registry, "repository": repository.join("/")})
        }
        ["docker.io", registry, repository] | [registry, repository]
            if !registry.contains(['.', ':']) =>
        {
            json!({"registry_type": "DOCKER_HUB", "registry": registry, "repository": repository})
        }
        [repository] | ["docker.io", repository] => {
            json!({"registry_type": "DOCKER_HUB", "registry": "library", "repository": repository})
        }
        _ => {
            let text = "image comes from registry.digitalocean.com, ghcr.io or docker.io: \
                        name it as REGISTRY/OWNER/NAME:TAG";
            return Err(Problem::new("set", text));
        }
    };
    match (digest, tag) {
        (Some(digest), _) => image["digest"] = json!(digest),
        (None, Some(tag)) => image["tag"] = json!(tag),
        (None, None) => {}
    }
    Ok(image)
}

fn has(it_has: bool, key: &str, kind: &str) -> Result<(), Problem> {
    if it_has {
        return Ok(());
    }
    let text = format!("{key} does not go with {kind}: leave it out");
    Err(Problem::new("set", text))
}

fn number(key: &str, value: &str, most: u32) -> Result<u32, Problem> {
    let number = value.parse().ok().filter(|it| (1..=most).contains(it));
    number.ok_or_else(|| Problem::new("set", format!("{key} is a number from 1 to {most}")))
}

/// Source: `DigitalOcean` contract, section 5.6 (name).
pub(super) fn check_name(field: &'static str, name: &str) -> Result<(), Problem> {
    let is_inner = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    let fits = (2..=32).contains(&name.len())
        && name.starts_with(|c: char| c.is_ascii_lowercase())
        && !name.ends_with('-')
        && name.chars().all(is_inner);
    if fits {
        return Ok(());
    }
    let text = format!(
        "{name} cannot be a name: it has 2 to 32 lower-case letters, digits and -, \
         begins with a letter and does not end with -"
    );
    Err(Problem::new(field, text))
}
