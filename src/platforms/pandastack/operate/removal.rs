//! Deleting a managed app. Source: PandaStack contract, section 3.7.

use super::super::decode::Record;
use super::super::fresh;
use super::super::paths::Op;
use super::super::progress::Task;
use super::Managed;
use crate::model::{Accepted, Failure, Safety, Text};
use crate::platforms::http::unsent;

impl Managed<'_> {
    /// `title` is what the user was shown: the name of an app that is not listed any more.
    pub(super) async fn delete(&self, typed: &str, title: &str) -> Result<Accepted, Failure> {
        let apps = fresh::apps(self.api).await.map_err(unsent)?;
        let name = apps.find(self.id).and_then(Record::name);
        check(typed, name.as_ref(), title)?;
        let (op, ids) = (Op::DeleteManagedApp, [self.id]);
        let call = self.api.call(op, &ids, Safety::Repeatable).await?;
        let answer = self.api.answer(call).await;
        match answer {
            Err(Failure::NotFound { .. }) => {
                self.api.verdicts.forget(self.app);
                Ok(Accepted::noted("it was gone already"))
            }
            Err(failure) => Err(failure),
            Ok(_) => {
                self.api.verdicts.forget(self.app);
                Ok(Accepted::following(Task::deletion(self.app).follow()))
            }
        }
    }
}

/// What was typed is what the app is called.
fn check(typed: &str, name: Option<&Text>, title: &str) -> Result<(), Failure> {
    let shown = title.strip_suffix("/production").unwrap_or(title);
    let name = name.map_or(shown, Text::as_str);
    if typed == name {
        return Ok(());
    }
    let problem = format!("the app is called {name}: type that");
    Err(Failure::invalid("app", &problem))
}
