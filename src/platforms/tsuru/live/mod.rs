//! What actions of our own print, for whoever follows the deploy that they are.

/// What an action is about, so that its output is found by who follows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Subject {
    /// The app; absent where it is about none (a job, a service).
    pub(super) app: Option<String>,
    /// The kind of event that it makes: `app.deploy`.
    pub(super) kind: &'static str,
}

impl Subject {
    /// An action on an app.
    pub(super) fn of_app(app: &str, kind: &'static str) -> Self {
        Self {
            app: Some(app.to_owned()),
            kind,
        }
    }
}

/// The output of the actions under way.
#[derive(Default)]
pub(super) struct Live {}
