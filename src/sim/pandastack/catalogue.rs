//! The apps that can be installed, by their slugs: no operation lists them.

/// One app of the catalogue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) slug: &'static str,
    /// Whether it waits for a domain of its own before it is complete.
    pub(super) wants_domain: bool,
}

const fn entry(slug: &'static str, wants_domain: bool) -> Entry {
    Entry { slug, wants_domain }
}

/// All of them; the first few play in the story.
pub(super) const CATALOGUE: &[Entry] = &[
    entry("ghost", true),
    entry("n8n", false),
    entry("umami", false),
    entry("metabase", false),
    entry("gitea", false),
    entry("wordpress", true),
    entry("grafana", false),
    entry("directus", false),
    entry("nextcloud", true),
    entry("listmonk", false),
    entry("uptime-kuma", false),
    entry("outline", true),
    entry("minio", false),
    entry("keycloak", false),
    entry("wiki-js", false),
    entry("mattermost", true),
    entry("plausible", false),
    entry("strapi", false),
];

/// The app of a slug.
pub(super) fn find(slug: &str) -> Option<&'static Entry> {
    CATALOGUE.iter().find(|entry| entry.slug == slug)
}

/// Why installations fail.
pub(super) const CAUSES: &[&str] = &[
    "The health check failed: nothing answered on port 5678 within 5 minutes",
    "Pulling the image failed: the registry answered 429 Too Many Requests",
    "Not enough memory in the region: 1024 MB were asked for, 512 MB are free",
    "The database did not become ready within 3 minutes",
];
