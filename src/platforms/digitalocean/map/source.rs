//! Where a component comes from, and the short names of what runs.

use super::deployment::built;
use crate::model::Text;
use crate::platforms::address::address;
use crate::platforms::details::text;
use crate::platforms::digitalocean::wire;

/// The first digits of a commit, or of an image's digest.
pub(super) fn short(long: &str) -> String {
    let digits = long.strip_prefix("sha256:").unwrap_or(long);
    digits.chars().take(7).collect()
}

/// The shortest name of what a deployment runs: of one component, or of the first that has one.
pub(super) fn release_label(wire: &wire::Deployment, component: Option<&str>) -> Text {
    let is_meant = |name: Option<&str>| component.is_none() || name == component;
    let mut built = built(wire).filter(|built| is_meant(built.name.as_deref()));
    let push = wire
        .cause_details
        .as_ref()
        .and_then(|details| details.git_push.as_ref())
        .filter(|_| component.is_none());
    let pushed = push.and_then(|push| text(&push.commit_sha));
    let source = pushed.or_else(|| {
        built.find_map(|it| text(&it.source_commit_hash).or_else(|| text(&it.source_image_digest)))
    });
    if let Some(source) = source {
        return Text::clean(&short(source.as_str()));
    }
    let spec = wire.spec.as_deref();
    let images = spec.into_iter().flat_map(components);
    let image = images
        .filter(|(_, it)| is_meant(it.name.as_deref()))
        .find_map(|(_, it)| it.image.as_ref());
    let tag = image.and_then(|image| match text(&image.digest) {
        Some(digest) => Some(Text::clean(&short(digest.as_str()))),
        None => text(&image.tag),
    });
    tag.unwrap_or_else(|| Text::clean(&format!("d-{}", short(&wire.id))))
}

/// Every component but the databases, with its kind.
pub(super) fn components(
    spec: &wire::AppSpec,
) -> impl Iterator<Item = (&'static str, &wire::Component)> {
    [
        ("service", &spec.services),
        ("static site", &spec.static_sites),
        ("worker", &spec.workers),
        ("job", &spec.jobs),
        ("function", &spec.functions),
    ]
    .into_iter()
    .flat_map(|(kind, list)| {
        let list = list.as_deref().unwrap_or_default();
        list.iter().map(move |component| (kind, component))
    })
}

/// Where a component's source is.
#[derive(Default)]
pub(super) struct Source {
    pub(super) place: Option<Text>,
    pub(super) branch: Option<Text>,
    pub(super) on_push: bool,
}

pub(super) fn source(wire: &wire::Component) -> Source {
    let hosts = [
        ("github", &wire.github),
        ("gitlab", &wire.gitlab),
        ("bitbucket", &wire.bitbucket),
    ];
    for (host, repository) in hosts {
        if let Some(repository) = repository.as_ref() {
            let name = text(&repository.repo);
            return Source {
                place: name.map(|name| Text::clean(&format!("{host}:{name}"))),
                branch: text(&repository.branch),
                on_push: *repository.deploy_on_push == Some(true),
            };
        }
    }
    if let Some(git) = wire.git.as_ref() {
        return Source {
            place: git.repo_clone_url.as_deref().and_then(address),
            branch: text(&git.branch),
            on_push: false,
        };
    }
    let image = wire.image.as_ref();
    image.map(image_source).unwrap_or_default()
}

fn image_source(image: &wire::Image) -> Source {
    let path = [text(&image.registry), text(&image.repository)];
    let path: Vec<_> = path.iter().flatten().map(Text::as_str).collect();
    let version = match (text(&image.digest), text(&image.tag)) {
        (Some(digest), _) => format!("@{digest}"),
        (None, Some(tag)) => format!(":{tag}"),
        (None, None) => String::new(),
    };
    let registry = image.registry_type.as_deref().unwrap_or("image");
    let registry = registry.to_lowercase().replace('_', " ");
    let push = image.deploy_on_push.as_ref();
    Source {
        place: Text::non_empty(&format!("{registry}: {}{version}", path.join("/"))),
        branch: None,
        on_push: push.is_some_and(|push| *push.enabled == Some(true)),
    }
}
