//! Which environment to compare with.

use super::{attempt, place, show};
use crate::app::panes::variables::{self, Candidate, Choose, Dialog};
use crate::app::state::State;
use crate::model::{Capability, Scoped};

/// Opens the list of environments to compare with.
pub(in crate::app::update) fn compare(state: &mut State) {
    attempt(state, |state| {
        let own = place(state)?.env;
        let mut all = candidates(state);
        all.retain(|candidate| candidate.env != own);
        if all.is_empty() {
            return Err("there is no other environment to compare with".to_owned());
        }
        let here = variables::title(state, &own);
        let app = here
            .as_str()
            .split('/')
            .next()
            .unwrap_or_default()
            .to_owned();
        // Those of the same app first: mostly one of them is meant.
        all.sort_by_key(|candidate| {
            let is_same = candidate.title.as_str().split('/').next() == Some(app.as_str());
            (!is_same, candidate.title.clone(), candidate.context.clone())
        });
        show(state, Dialog::Choose(Choose::new(all)));
        Ok(())
    });
}

/// Every environment whose variables can be read.
fn candidates(state: &State) -> Vec<Candidate> {
    let contexts = state.contexts.iter().filter(|context| {
        context.bad_credential.is_none() && !context.lacks(Capability::ListVariables)
    });
    let all = contexts.flat_map(|context| {
        let fleet = state.inventory.fleet(context.id).into_iter();
        let envs = fleet.flat_map(|fleet| fleet.environments.values());
        envs.map(|env| {
            let env = Scoped::new(context.id, env.id.clone());
            Candidate {
                title: variables::title(state, &env),
                context: context.name.clone(),
                env,
            }
        })
    });
    all.collect()
}
