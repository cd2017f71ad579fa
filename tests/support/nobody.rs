//! A recorder that keeps nothing, for tests that are about something else.

use flightdeck::engine::Recorder;
use flightdeck::model::{Consent, Ended, Failure, Follow, IntentId, Operation, Safety, Witness};

/// Writes nothing down.
#[derive(Debug)]
pub(crate) struct Nobody;

impl Recorder for Nobody {
    fn intent(
        &self,
        _: &Operation,
        _: Safety,
        _: &Consent,
        _: &Witness,
    ) -> Result<IntentId, Failure> {
        Ok(IntentId("1".into()))
    }

    fn accepted(&self, _: &IntentId, _: &Follow) -> Result<(), Failure> {
        Ok(())
    }

    fn ended(&self, _: &IntentId, _: &Ended) -> Result<(), Failure> {
        Ok(())
    }

    fn resolved(&self, _: &IntentId, _: &Ended) -> Result<(), Failure> {
        Ok(())
    }
}
