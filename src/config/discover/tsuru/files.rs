//! The logins that the tsuru client keeps, in the files that it writes.
//!
//! A file of a target's own counts before the one for all of them, which holds what was logged in
//! to last. The client takes that one for any target; here it counts for the target in use only, and
//! not where it is known to be another's: a token goes to the server that gave it.
//!
//! Source: tsuru contract, section 4.

use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde::Deserialize;

use super::super::super::Environment;
use super::super::super::credential::token_of;
use super::super::kept::{self, said};
use super::targets::{Target, Targets, folder, is_same};
use crate::model::{Secret, Text};
use crate::platforms::http::oauth::Style;

/// A login and the file it stands in.
pub(super) struct Login {
    pub(super) file: PathBuf,
    pub(super) held: Held,
}

/// What a file holds.
pub(super) enum Held {
    /// A token, and nothing that renews it.
    Classic(Secret),
    /// A session that can be renewed.
    Session(Session),
}

impl Held {
    /// The token as it stands there.
    pub(super) fn token(&self) -> &Secret {
        match self {
            Self::Classic(token) => token,
            Self::Session(session) => &session.access_token,
        }
    }
}

/// A session (OIDC).
#[derive(Clone)]
pub(super) struct Session {
    pub(super) access_token: Secret,
    pub(super) refresh_token: Option<Secret>,
    /// Until when the access token is good; absent where that is not known.
    pub(super) expiry: Option<Timestamp>,
    pub(super) server: Server,
}

/// Where a session is renewed, and who asks.
#[derive(Clone)]
pub(super) struct Server {
    pub(super) token_url: String,
    pub(super) client_id: String,
    pub(super) client_secret: Secret,
    pub(super) style: Style,
}

/// A file: where it is for all targets, and for one with a label.
#[derive(Clone, Copy)]
pub(super) struct Kind {
    shared: &'static str,
    folder: &'static str,
    extension: &'static str,
    read: fn(&Path, &str) -> Result<Option<Held>, Text>,
}

/// Sessions.
pub(super) const SESSION: Kind = Kind {
    shared: "token-v2.json",
    folder: "token-v2.d",
    extension: ".json",
    read: session,
};

/// Bare tokens.
pub(super) const CLASSIC: Kind = Kind {
    shared: "token",
    folder: "token.d",
    extension: "",
    read: classic,
};

impl Kind {
    /// The file of a target of its own. A label that is no name of a file has none.
    pub(super) fn own(self, environment: &Environment, target: &Target) -> Option<PathBuf> {
        let label = target.label.as_deref()?;
        let is_name = !label.contains(['/', '\\']) && !label.starts_with('.');
        let file = format!("{label}{}", self.extension);
        is_name.then_some(folder(environment)?.join(self.folder).join(file))
    }

    /// The file for all targets.
    pub(super) fn shared(self, environment: &Environment) -> Option<PathBuf> {
        Some(folder(environment)?.join(self.shared))
    }

    fn login(self, file: Option<PathBuf>) -> Result<Option<Login>, Text> {
        let Some(file) = file else { return Ok(None) };
        let Some(text) = kept::text(&file)? else {
            return Ok(None);
        };
        let held = (self.read)(&file, &text)?;
        Ok(held.map(|held| Login { file, held }))
    }
}

/// The login for an address.
pub(super) fn login(
    environment: &Environment,
    targets: &Targets,
    address: &str,
) -> Result<Option<Login>, Text> {
    let target = targets.target(address);
    for kind in [SESSION, CLASSIC] {
        if let Some(login) = kind.login(kind.own(environment, &target))? {
            return Ok(Some(login));
        }
        if !targets.is_current(address) {
            continue;
        }
        if let Some(login) = kind.login(kind.shared(environment))?
            && !is_anothers(kind, environment, targets, address, &login)
        {
            return Ok(Some(login));
        }
    }
    Ok(None)
}

/// Whether what stands in the file for all targets is the login of another one.
fn is_anothers(
    kind: Kind,
    environment: &Environment,
    targets: &Targets,
    address: &str,
    login: &Login,
) -> bool {
    let all = targets.all();
    let others = all.iter().filter(|it| !is_same(&it.address, address));
    let mut logins = others.filter_map(|it| kind.login(kind.own(environment, it)).ok()?);
    logins.any(|other| other.held.token() == login.held.token())
}

/// What a file should not allow.
pub(super) fn caution(environment: &Environment, file: &Path) -> Option<Text> {
    kept::caution(environment, file, &folder(environment)?)
}

fn classic(file: &Path, text: &str) -> Result<Option<Held>, Text> {
    if text.trim().is_empty() {
        return Ok(None);
    }
    let token = token_of(text.trim(), || format!("file {}", file.display()))?;
    Ok(Some(Held::Classic(token)))
}

/// What the client writes, as far as it is used here. It takes no notice of other schemes.
#[derive(Deserialize)]
struct Written {
    #[serde(default)]
    scheme: String,
    oauth2_token: Option<WrittenToken>,
    oauth2_config: Option<WrittenConfig>,
}

#[derive(Deserialize)]
struct WrittenToken {
    #[serde(default)]
    access_token: String,
    #[serde(default)]
    refresh_token: String,
    expiry: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
struct WrittenConfig {
    #[serde(rename = "ClientID")]
    client_id: String,
    client_secret: String,
    endpoint: WrittenEndpoint,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct WrittenEndpoint {
    #[serde(rename = "TokenURL")]
    token_url: String,
    #[serde(rename = "AuthStyle")]
    style: i64,
}

fn session(file: &Path, text: &str) -> Result<Option<Held>, Text> {
    let written: Written = serde_json::from_str(text).map_err(|_| {
        let why = "is not as the tsuru client writes it: log in again with `tsuru login`";
        said(file, why)
    })?;
    let Some(token) = written.oauth2_token.filter(|_| written.scheme == "oidc") else {
        return Ok(None);
    };
    let access_token = token_of(&token.access_token, || format!("file {}", file.display()))?;
    let config = written.oauth2_config.unwrap_or_default();
    Ok(Some(Held::Session(Session {
        access_token,
        refresh_token: Some(token.refresh_token)
            .filter(|it| !it.is_empty())
            .map(Secret::new),
        expiry: token.expiry.as_deref().and_then(moment),
        server: Server {
            token_url: config.endpoint.token_url,
            client_id: config.client_id,
            client_secret: Secret::new(config.client_secret),
            style: style(config.endpoint.style),
        },
    })))
}

/// Go's zero time means that it is not known.
fn moment(written: &str) -> Option<Timestamp> {
    let moment: Timestamp = written.parse().ok()?;
    (moment > Timestamp::UNIX_EPOCH).then_some(moment)
}

/// Source: golang.org/x/oauth2, `AuthStyle`.
fn style(number: i64) -> Style {
    match number {
        1 => Style::Form,
        2 => Style::Header,
        _ => Style::Unknown,
    }
}
