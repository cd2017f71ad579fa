//! Which notebook a context has.

use std::path::Path;
use std::sync::Arc;

use crate::config::ContextConfig;
use crate::platforms::Connection;
use crate::store::notebook::Kept;

/// The connection of a context, whose adapter keeps its notes below the state folder. Without one
/// they end with the program: where there is no such folder, and in the demo.
#[must_use]
pub fn noting(context: &ContextConfig, state: Option<&Path>) -> Connection {
    let connection = context.connection.clone();
    let Some(state) = state else {
        return connection;
    };
    let origin = connection.base_url.origin().ascii_serialization();
    let kept = Kept::new(state, context.name.as_str(), &origin);
    Connection {
        notebook: Arc::new(kept),
        ..connection
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Environment, Origin, parse};

    fn context(base_url: &str) -> ContextConfig {
        let text = format!(
            "[contexts.a]\nplatform = \"pandastack\"\nbase_url = \"{base_url}\"\ntoken.env = \"A\"\n"
        );
        let origin = Origin {
            name: "f".into(),
            path: None,
            is_private: true,
            environment: Environment::fixed(&[]),
        };
        parse(&text, &origin).unwrap().contexts.remove(0)
    }

    fn notes(context: &ContextConfig, state: Option<&Path>) -> Vec<String> {
        noting(context, state).notebook.notes()
    }

    #[test]
    fn notes_outlive_the_program_where_they_can_be_kept() {
        let state = tempfile::tempdir().unwrap();
        let (here, elsewhere) = (
            context("https://a.example.com"),
            context("https://b.example.com"),
        );
        noting(&here, Some(state.path())).notebook.note("x");
        assert_eq!(notes(&here, Some(state.path())), ["x"]);
        assert_eq!(notes(&elsewhere, Some(state.path())), Vec::<String>::new());
        // The path of an address makes no other world.
        let same = context("https://a.example.com/api");
        assert_eq!(notes(&same, Some(state.path())), ["x"]);
        noting(&here, None).notebook.note("y");
        assert_eq!(
            notes(&context("https://a.example.com"), None),
            Vec::<String>::new()
        );
        assert_eq!(notes(&here, Some(state.path())), ["x"]);
    }
}
