//! Deploying and rolling back.

use serde_json::json;

use super::{Attempt, nothing_sent};
use crate::model::{Accepted, DeployMode, DeploymentId, Failure, Follow, Text};
use crate::platforms::divio::paths::Op;
use crate::platforms::divio::wire;

impl Attempt<'_> {
    /// Source: Divio contract, sections 5.3 and 7.1.
    pub(super) async fn deploy(&self, mode: DeployMode) -> Result<Accepted, Failure> {
        let build_mode = match mode {
            DeployMode::Auto => "AUTO",
            DeployMode::Adopt => "ADOPT",
            DeployMode::Force => "FORCE",
        };
        let environment = self.idle_environment().await?;
        let body = json!({"environment": environment, "build_mode": build_mode});
        self.begin(Op::CreateDeployment, body, follow).await
    }

    /// A roll-back is a deployment that adopts the image of an earlier one.
    pub(super) async fn roll_back(&self, to: &DeploymentId) -> Result<Accepted, Failure> {
        let environment = self.idle_environment().await?;
        let target = self
            .api
            .get::<wire::Deployment>(Op::GetDeployment, to.as_str())
            .await;
        if *target.map_err(nothing_sent)?.is_usable != Some(true) {
            return Err(conflict(
                "the image of that deployment can no longer be used",
            ));
        }
        let body = json!({
            "environment": environment,
            "build_mode": "ADOPT",
            "adopt_deployment": to.as_str(),
        });
        self.begin(Op::CreateDeployment, body, follow).await
    }

    /// The environment, unless a deployment runs: another would be queued behind it.
    async fn idle_environment(&self) -> Result<&str, Failure> {
        let id = self.environment()?;
        let record = self
            .api
            .get::<wire::Environment>(Op::GetEnvironment, id)
            .await;
        let record = record.map_err(nothing_sent)?;
        let running = record.currently_running_deployment.as_ref();
        if running.is_some_and(|deployment| deployment.ended_at.is_none()) {
            return Err(conflict("a deployment is already running"));
        }
        Ok(id)
    }
}

fn follow(id: &str) -> Follow {
    Follow::Deployment(DeploymentId::new(id))
}

fn conflict(text: &str) -> Failure {
    Failure::Conflict(Text::clean(text))
}
