//! The words the worlds are made of: names, commit messages, people.

/// Short names of applications; the first few play in the story.
pub(crate) const APPS: &[&str] = &[
    "shop-api",
    "billing",
    "www",
    "docs",
    "auth",
    "search",
    "mailer",
    "intranet",
    "status",
    "wiki",
    "assets",
    "checkout",
    "newsletter",
    "reports",
    "gateway",
    "jobs",
    "maps",
    "events",
    "payroll",
    "library",
    "tickets",
    "forum",
    "careers",
    "press",
    "inventory",
    "calendar",
    "surveys",
    "partners",
    "alerts",
    "archive",
];

/// Short names in the second account.
pub(crate) const LAB_APPS: &[&str] = &[
    "sandbox",
    "playground",
    "demo-shop",
    "search-spike",
    "docs-next",
    "load-test",
];

/// Names of organisations.
pub(crate) const ORGANISATIONS: &[&str] = &["Harbour Works", "Lantern Press", "Side Projects"];

/// Name of the organisation of the second account.
pub(crate) const LAB_ORGANISATIONS: &[&str] = &["Harbour Lab"];

/// People, by handle; the first is the user of the token.
pub(crate) const PEOPLE: &[&str] = &["ana", "bo", "ci", "dee", "eli"];

/// First lines of commits.
pub(crate) const COMMITS: &[&str] = &[
    "Fix rounding of totals",
    "Update dependencies",
    "Cache the price list for a minute",
    "Show the delivery date in the cart",
    "Retry the payment webhook",
    "Drop the unused index",
    "Translate the error pages",
    "Make the health check cheaper",
    "Move session storage to the database",
    "Add a dry run to the importer",
    "Escape names in mail headers",
    "Log the request id",
];

/// Paths that visitors ask for.
pub(crate) const PATHS: &[&str] = &[
    "/",
    "/health/",
    "/login/",
    "/api/v1/items/",
    "/api/v1/cart/",
    "/static/app.css",
    "/search/",
    "/media/cover.jpg",
    "/admin/",
    "/feed.xml",
    "/api/v1/orders/",
    "/favicon.ico",
];

/// The name of the thing with this ordinal, made of one of so many: `shop-api`, later
/// `shop-api-2`.
pub(crate) fn numbered(name: &str, ordinal: usize, of: usize) -> String {
    match ordinal / of {
        0 => name.to_owned(),
        again => format!("{name}-{}", again + 1),
    }
}

/// What workers do.
pub(crate) const TASKS: &[&str] = &[
    "send_mail",
    "resize_image",
    "sync_stock",
    "expire_sessions",
    "build_feed",
    "refresh_prices",
];

/// Why release commands fail; the deployment log ends with one of these.
pub(crate) const RELEASE_FAILURES: &[&str] = &[
    "lock timeout: could not get ACCESS EXCLUSIVE lock on table \"orders\" within 10 s",
    "column \"delivery_date\" of relation \"cart\" already exists",
    "relation \"price_list\" does not exist",
];
