//! Changes to the spec: read, changed in its text, replaced as a whole.
//!
//! The platform knows no versions: whoever writes last wins. So the spec is read just before it is
//! replaced, and what moved since somebody looked is theirs to decide about.
//!
//! Source: DigitalOcean contract, section 5.6.

use bytes::Bytes;

use super::fresh::Fresh;
use super::{Attempt, SAFETY};
use crate::model::{Accepted, Failure, Follow, Revision, Text};
use crate::platforms::digitalocean::api::call;
use crate::platforms::digitalocean::paths::Op;
use crate::platforms::digitalocean::spec::{self, Edit};

impl Attempt<'_> {
    pub(super) async fn change_spec(
        &self,
        edits: &[Edit],
        seen: Option<&Revision>,
    ) -> Result<Accepted, Failure> {
        let before = self.deployable().await?;
        self.check_unmoved(&before, edits, seen)?;
        let changed = spec::apply(before.spec(), edits)?;
        if changed == before.spec() {
            return Ok(Accepted::noted("it is so already: nothing was sent"));
        }
        let mut call = call(Op::UpdateApp, &[&before.id], SAFETY)?;
        let body = Bytes::from(format!("{{\"spec\":{changed}}}"));
        call.body = Some(("application/json", body));
        call.secrets = spec::secrets(&changed, edits);
        let memory = &self.api.memory;
        memory
            .lock()
            .specs
            .asks(&before.id, before.spec(), &changed);
        let after = Fresh::of(&self.send(call).await?)?;
        memory
            .lock()
            .specs
            .wrote(&before.id, before.spec(), after.spec());
        after.remember(self.api);
        Ok(match after.begun(Some(&before)) {
            Some(deployment) => Accepted::following(Follow::Deployment(deployment)),
            None => Accepted::noted("nothing had to be deployed"),
        })
    }

    /// Refuses if somebody else changed the spec since it was seen. Our own change moves it too.
    fn check_unmoved(
        &self,
        now: &Fresh,
        edits: &[Edit],
        seen: Option<&Revision>,
    ) -> Result<(), Failure> {
        let Some(Revision(seen)) = seen else {
            return Ok(());
        };
        if seen.as_str() == spec::revision(now.spec()) {
            return Ok(());
        }
        let known = self.api.memory.lock();
        let Some(was) = known.specs.at(&now.id, seen.as_str()) else {
            let text = "the app's spec was changed since you looked: look again";
            return Err(Failure::Conflict(Text::clean(text)));
        };
        if known.specs.is_ours(&now.id, &was, now.spec()) {
            return Ok(());
        }
        let found = spec::differences(&was, now.spec());
        Err(Failure::Conflict(spec::conflict(&found, edits)))
    }
}
