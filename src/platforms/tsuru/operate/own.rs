//! What only tsuru has. Declared in `special`.
//!
//! Source: tsuru contract, sections 4 and 5.

use serde::Deserialize;
use serde_json::json;

use super::{Attempt, app};
use crate::model::catalogue::{Chosen, Inputs};
use crate::model::{Accepted, DeploymentId, DomainId, Failure, Safety, Secret, Special, Text};
use crate::platforms::http::{Call, unsent};
use crate::platforms::tsuru::api::{Parameter, call, record, with_form};
use crate::platforms::tsuru::ids;
use crate::platforms::tsuru::operate::release::{among, deploys_of};
use crate::platforms::tsuru::paths::Op;
use crate::platforms::tsuru::special::{BESIDE, Own, REACHED, wrapped};

/// What the server gives for a password.
#[derive(Deserialize)]
struct Session {
    token: Secretive,
}

/// A token on its way: there is no `Debug` that could show it.
#[derive(Deserialize)]
struct Secretive(String);

impl Attempt<'_> {
    pub(super) async fn carry_out_own(
        &mut self,
        what: &Special,
        inputs: &Inputs,
    ) -> Result<Accepted, Failure> {
        let Some(own) = Own::of(what) else {
            let text = format!("tsuru has no {}", what.recipe.name);
            return Err(Failure::unsupported(what.recipe.capability, &text));
        };
        match own {
            Own::ReleaseVersion => self.release_version(inputs).await,
            Own::ConfigureApp => self.configure(inputs).await,
            Own::SetQuota => self.set_quota(inputs).await,
            Own::SetRoutable => self.set_routable(inputs).await,
            Own::DeleteVersion => self.delete_version(inputs).await,
            Own::BlockEvents => self.block(inputs).await,
            Own::GrantTeam => self.team(Op::AppTeamGrant, inputs).await,
            Own::RevokeTeam => self.team(Op::AppTeamRevoke, inputs).await,
            Own::RebuildRoutes => {
                let call = call(Op::AppRebuildRoutes, &[app(self.operation)?], Safety::Once)?;
                self.sent(Op::AppRebuildRoutes, call).await
            }
            Own::ForbidRollback => self.mark(inputs, true).await,
            Own::AllowRollback => self.mark(inputs, false).await,
            Own::SetCertificate => self.set_certificate(inputs).await,
            Own::RemoveCertificate => self.of_domain(Op::CertificateUnset, inputs).await,
            Own::SetIssuer => self.set_issuer(inputs).await,
            Own::TriggerJob => {
                let job = chosen(inputs, "job")?;
                let call = call(Op::TriggerJob, &[&job.id], Safety::Once)?;
                self.sent(Op::TriggerJob, call).await
            }
            Own::LogIn => self.log_in(inputs).await,
        }
    }

    async fn release_version(&mut self, inputs: &Inputs) -> Result<Accepted, Failure> {
        let flag = if inputs.maybe_text("versions").as_deref() == Some(BESIDE) {
            "new-version"
        } else {
            "override-versions"
        };
        let flags = [(flag, "true")];
        match (inputs.maybe_one("to"), inputs.maybe_text("image")) {
            (Some(to), _) => {
                self.roll_back(&DeploymentId::new(&to.id), false, &flags)
                    .await
            }
            (None, Some(image)) => self.deploy_image(&image, &flags).await,
            (None, None) => self.rebuild(&flags).await,
        }
    }

    async fn configure(&mut self, inputs: &Inputs) -> Result<Accepted, Failure> {
        let texts = ["plan", "platform", "description"].map(|it| (it, inputs.maybe_text(it)));
        let team = inputs.maybe_text("team");
        let tags = inputs.maybe_text("tags").unwrap_or_default();
        let mut fields: Vec<Parameter<'_>> = Vec::new();
        let texts = texts.iter().map(|(name, text)| (*name, text.as_deref()));
        for (name, text) in texts.chain([("teamOwner", team.as_deref())]) {
            fields.extend(text.map(|text| (name, text)));
        }
        let tags = tags.split(',').map(str::trim).filter(|it| !it.is_empty());
        fields.extend(tags.map(|tag| ("tag", tag)));
        if inputs.flag("no-restart") {
            fields.push(("noRestart", "true"));
        }
        let call = call(Op::AppUpdate, &[app(self.operation)?], Safety::Once)?;
        self.act(Op::AppUpdate, with_form(call, &fields), "app.update")
            .await
    }

    async fn set_quota(&mut self, inputs: &Inputs) -> Result<Accepted, Failure> {
        let limit = quota_of(inputs).to_string();
        let call = call(Op::AppQuotaChange, &[app(self.operation)?], Safety::Once)?;
        let call = with_form(call, &[("limit", &limit)]);
        self.sent(Op::AppQuotaChange, call).await
    }

    async fn set_routable(&mut self, inputs: &Inputs) -> Result<Accepted, Failure> {
        let routable = inputs.maybe_text("routable").as_deref() == Some(REACHED);
        let version = text(inputs, "version")?;
        let app = app(self.operation)?;
        let call = |name: &str| {
            let body = json!({"version": name, "isRoutable": routable});
            let call = call(Op::AppSetRoutable, &[app], Safety::Once)?;
            Ok(call.json(&body))
        };
        self.by_name(Op::AppSetRoutable, None, Some(&version), call)
            .await
    }

    async fn delete_version(&mut self, inputs: &Inputs) -> Result<Accepted, Failure> {
        let version = text(inputs, "version")?;
        let app = app(self.operation)?;
        let call = |name: &str| call(Op::AppVersionDelete, &[app, name], Safety::Once);
        let kind = Some("app.update");
        self.by_name(Op::AppVersionDelete, kind, Some(&version), call)
            .await
    }

    async fn block(&mut self, inputs: &Inputs) -> Result<Accepted, Failure> {
        let body = json!({
            "KindName": inputs.maybe_text("kind").unwrap_or_default(),
            "OwnerName": "",
            "Target": {"Type": "app", "Value": app(self.operation)?},
            "Reason": text(inputs, "reason")?,
        });
        let call = call(Op::EventBlockAdd, &[], Safety::Once)?.json(&body);
        self.send(Op::EventBlockAdd, call).await?;
        Ok(Accepted::noted(
            "it is among the app's maintenance: remove it there",
        ))
    }

    async fn team(&mut self, op: Op, inputs: &Inputs) -> Result<Accepted, Failure> {
        let team = chosen(inputs, "team")?;
        let call = call(op, &[app(self.operation)?, &team.id], Safety::Once)?;
        self.sent(op, call).await
    }

    /// By its whole image, as for a roll-back.
    async fn mark(&mut self, inputs: &Inputs, disable: bool) -> Result<Accepted, Failure> {
        let app = app(self.operation)?;
        let id = DeploymentId::new(&chosen(inputs, "deployment")?.id);
        let deploys = deploys_of(self.api, app).await.map_err(unsent)?;
        let deploy = among(&deploys, app, &id)?;
        let Some(image) = deploy.image.as_deref().filter(|it| !it.is_empty()) else {
            let text = "nothing came of this deploy: it has no image";
            return Err(Failure::Conflict(Text::clean(text)));
        };
        let reason = inputs.maybe_text("reason").unwrap_or_default();
        let disable = if disable { "true" } else { "false" };
        let mut fields = vec![("image", image), ("disable", disable)];
        if !reason.is_empty() {
            fields.push(("reason", &reason));
        }
        let call = call(Op::DeployRollbackUpdate, &[app], Safety::Once)?;
        self.sent(Op::DeployRollbackUpdate, with_form(call, &fields))
            .await
    }

    async fn set_certificate(&mut self, inputs: &Inputs) -> Result<Accepted, Failure> {
        let (app, name) = domain(inputs)?;
        let pem = |field| secret(inputs, field).map(|it| Secret::new(wrapped(it.expose())));
        let (certificate, key) = (pem("certificate")?, pem("key")?);
        let call = call(Op::CertificateSet, &[&app], Safety::Once)?;
        let fields = [
            ("cname", name.as_str()),
            ("certificate", certificate.expose()),
            ("key", key.expose()),
        ];
        let mut call = with_form(call, &fields);
        call.secrets = lines(&[certificate, key]);
        self.sent(Op::CertificateSet, call).await
    }

    async fn set_issuer(&mut self, inputs: &Inputs) -> Result<Accepted, Failure> {
        let Some(issuer) = inputs.maybe_text("issuer") else {
            return self.of_domain(Op::AppUnsetCertIssuer, inputs).await;
        };
        let (app, name) = domain(inputs)?;
        let call = call(Op::AppSetCertIssuer, &[&app], Safety::Once)?;
        let call = with_form(call, &[("cname", &name), ("issuer", &issuer)]);
        self.sent(Op::AppSetCertIssuer, call).await
    }

    async fn of_domain(&mut self, op: Op, inputs: &Inputs) -> Result<Accepted, Failure> {
        let (app, name) = domain(inputs)?;
        let call = call(op, &[&app], Safety::Once)?;
        self.sent(op, call.query([("cname", name.as_str())])).await
    }

    /// The token is kept in memory, and nowhere else.
    async fn log_in(&mut self, inputs: &Inputs) -> Result<Accepted, Failure> {
        let (email, password) = (text(inputs, "email")?, secret(inputs, "password")?);
        let call: Call = call(Op::Login, &[], Safety::Read)?;
        let fields = [("email", email.as_str()), ("password", password.expose())];
        let call = with_form(call, &fields).hiding(password.clone());
        let reply = self.api.http.send_bare(call).await?;
        let Session { token } = record(Op::Login, &reply)?;
        self.api.http.log_in(Secret::new(token.0.trim())).await;
        Ok(Accepted::noted(
            "for as long as flightdeck runs: the token is kept nowhere",
        ))
    }
}

/// The limit that is wished for; negative for none.
pub(in super::super) fn quota_of(inputs: &Inputs) -> i64 {
    inputs.maybe_count("limit").map_or(-1, i64::from)
}

/// App and name of the domain that was chosen.
pub(in super::super) fn domain(inputs: &Inputs) -> Result<(String, String), Failure> {
    let id = DomainId::new(&chosen(inputs, "domain")?.id);
    let (app, name) = ids::of_domain(&id)?;
    Ok((app.to_owned(), name.to_owned()))
}

pub(in super::super) fn chosen<'a>(
    inputs: &'a Inputs,
    field: &'static str,
) -> Result<&'a Chosen, Failure> {
    inputs.one(field).map_err(|it| missing(field, &it.problem))
}

pub(in super::super) fn text(inputs: &Inputs, field: &'static str) -> Result<String, Failure> {
    inputs.text(field).map_err(|it| missing(field, &it.problem))
}

fn secret(inputs: &Inputs, field: &'static str) -> Result<Secret, Failure> {
    inputs
        .secret(field)
        .map_err(|it| missing(field, &it.problem))
}

fn missing(field: &str, problem: &str) -> Failure {
    Failure::invalid(field, problem)
}

/// Whole and line by line: what is repeated of a key may be one of its lines.
fn lines(whole: &[Secret]) -> Vec<Secret> {
    let each = whole.iter().flat_map(|it| it.expose().lines());
    let lines = each
        .filter(|line| !line.starts_with("-----"))
        .map(Secret::from);
    whole.iter().cloned().chain(lines).collect()
}
