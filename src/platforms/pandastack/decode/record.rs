//! The fields of a record, under whatever names they go. Source: PandaStack contract, section 6.3.

use jiff::Timestamp;
use serde_json::{Map, Value};

use super::dns;
use super::names::{
    CREATED, DEPLOYED, DEPLOYMENT, DEPLOYMENT_INSIDE, DEPLOYMENTS, DNS, DOMAIN, ERROR, ID,
    ID_OF_DEPLOYMENT, INSIDE, INSTALLED, NAME, ORGANISATION, Of, SLUG, UPDATED, URL, VERIFIED,
    is_known,
};
use super::rest;
use super::scalar;
use crate::model::{OrgId, Text};
use crate::platforms::pandastack::failure;

/// A field under its name, and that name as it is compared.
#[derive(Clone, Debug)]
struct Field {
    folded: String,
    name: String,
    value: Value,
}

/// One record: an app, a deployment, the answer to an operation. Nothing in it is certain to be there.
#[derive(Clone, Debug, Default)]
pub(in crate::platforms::pandastack) struct Record {
    fields: Vec<Field>,
    /// Whether what is not found is looked for one level down.
    tells_inside: bool,
    /// Its id where it has none: the name it stood under.
    key: Option<Text>,
}

impl Record {
    pub(super) fn new(fields: Map<String, Value>, tells_inside: bool) -> Self {
        let fields = fields.into_iter().filter(|(_, value)| !value.is_null());
        let fields = fields.map(|(name, value)| Field {
            folded: scalar::fold(&name),
            name,
            value,
        });
        Self {
            fields: fields.collect(),
            tells_inside,
            key: None,
        }
    }

    /// A record that stood under a name.
    pub(super) fn under(key: &str, fields: Map<String, Value>) -> Self {
        Self {
            key: Text::non_empty(key),
            ..Self::new(fields, false)
        }
    }

    fn field(&self, name: &str) -> Option<&Value> {
        let field = self.fields.iter().find(|field| field.folded == name)?;
        Some(&field.value)
    }

    /// What the first of these names gives that can be read, here or one level down.
    fn find<T>(&self, names: &[&str], read: impl Fn(&Value) -> Option<T>) -> Option<T> {
        let inside = || {
            let mut inside = self.inside();
            inside.find_map(|(_, inner)| inner.here(names, &read))
        };
        self.here(names, &read).or_else(inside)
    }

    /// The same, here only.
    fn here<T>(&self, names: &[&str], read: impl Fn(&Value) -> Option<T>) -> Option<T> {
        names.iter().find_map(|name| read(self.field(name)?))
    }

    /// What is told one level down: of the deployment, of the app.
    fn inside(&self) -> impl Iterator<Item = (&'static str, Self)> {
        let places = INSIDE.iter().filter(|_| self.tells_inside);
        places.filter_map(|name| {
            let fields = self.field(name)?.as_object()?;
            Some((*name, Self::new(fields.clone(), false)))
        })
    }

    /// The id of the app: digits as they are written.
    pub(in crate::platforms::pandastack) fn id(&self) -> Option<Text> {
        let here = self.here(ID, scalar::id).or_else(|| self.key.clone());
        here.or_else(|| {
            let mut all: Vec<_> = self.inside().collect();
            all.sort_by_key(|(name, _)| *name == "deployment");
            all.iter().find_map(|(name, inner)| match *name {
                "deployment" => inner.find(ID_OF_DEPLOYMENT, scalar::id),
                _ => inner.id(),
            })
        })
    }

    /// Its name; its slug or its id where it has none.
    pub(in crate::platforms::pandastack) fn name(&self) -> Option<Text> {
        let name = self.find(NAME, scalar::text);
        name.or_else(|| self.slug()).or_else(|| self.id())
    }

    /// Which app of the catalogue it is.
    pub(in crate::platforms::pandastack) fn slug(&self) -> Option<Text> {
        self.find(SLUG, scalar::text)
    }

    /// The word for its state, as it came.
    pub(in crate::platforms::pandastack) fn status(&self, of: Of) -> Option<Text> {
        self.own_status(of).or_else(|| match of {
            Of::App => self.latest_deployment()?.status(Of::Deployment),
            Of::Deployment | Of::Installation => None,
        })
    }

    /// The same without a look at its deployments.
    pub(in crate::platforms::pandastack) fn own_status(&self, of: Of) -> Option<Text> {
        self.find(of.names(), state)
    }

    /// Whether its domain is verified; absent where nothing says so.
    pub(in crate::platforms::pandastack) fn is_verified(&self) -> Option<bool> {
        self.find(VERIFIED, scalar::flag)
    }

    /// Everything that is so or is not.
    pub(in crate::platforms::pandastack) fn flags(&self) -> Vec<bool> {
        let every = [INSTALLED, VERIFIED].concat();
        let every = every.iter();
        every
            .filter_map(|name| self.find(&[name], scalar::flag))
            .collect()
    }

    /// The UUID of its latest deployment.
    pub(in crate::platforms::pandastack) fn deployment(&self) -> Option<Text> {
        let own = self.find(DEPLOYMENT, scalar::id);
        let named = || {
            let value = self.field("deployment")?;
            let inside = || self.child("deployment")?.uuid();
            scalar::id(value).or_else(inside)
        };
        own.or_else(named)
            .or_else(|| {
                self.latest_deployment()?
                    .find(DEPLOYMENT_INSIDE, scalar::id)
            })
            .or_else(|| {
                let mut inside = self.inside().filter(|(name, _)| *name != "deployment");
                inside.find_map(|(_, inner)| inner.deployment())
            })
    }

    /// The deployments that it carries, in its order.
    pub(in crate::platforms::pandastack) fn deployments(&self) -> Vec<Self> {
        let items = self.field(DEPLOYMENTS).and_then(Value::as_array);
        let all = items.into_iter().flatten().filter_map(Value::as_object);
        all.map(|it| Self::new(it.clone(), false)).collect()
    }

    /// Of a deployment, its UUID.
    pub(in crate::platforms::pandastack) fn uuid(&self) -> Option<Text> {
        self.find(DEPLOYMENT_INSIDE, scalar::id)
    }

    /// The word for the state of the latest deployment, where it has one beside that of the app.
    pub(in crate::platforms::pandastack) fn status_of_latest(&self) -> Option<Text> {
        let own = self.find(&["deploymentstatus"], state);
        own.or_else(|| self.child("deployment")?.status(Of::Deployment))
            .or_else(|| self.latest_deployment()?.status(Of::Deployment))
    }

    /// The latest of its deployments: by time where all say when, else the first.
    pub(in crate::platforms::pandastack) fn latest_deployment(&self) -> Option<Self> {
        let all = self.deployments();
        let times: Option<Vec<_>> = all.iter().map(Self::created_at).collect();
        let latest = times.and_then(|times| {
            let newest = *times.iter().max()?;
            times.iter().position(|at| *at == newest)
        });
        all.into_iter().nth(latest.unwrap_or(0))
    }

    /// The domain of its own: a bare host.
    pub(in crate::platforms::pandastack) fn domain(&self) -> Option<Text> {
        self.find(DOMAIN, |value| Text::non_empty(bare(&named(value)?)))
    }

    /// Where it answers.
    pub(in crate::platforms::pandastack) fn url(&self) -> Option<Text> {
        let url = self.find(URL, scalar::word)?;
        Some(if url.as_str().contains("://") {
            url
        } else {
            Text::clean(&format!("https://{url}"))
        })
    }

    pub(in crate::platforms::pandastack) fn created_at(&self) -> Option<Timestamp> {
        self.find(CREATED, scalar::time)
    }

    pub(in crate::platforms::pandastack) fn updated_at(&self) -> Option<Timestamp> {
        self.find(UPDATED, scalar::time)
    }

    pub(in crate::platforms::pandastack) fn deployed_at(&self) -> Option<Timestamp> {
        self.find(DEPLOYED, scalar::time)
    }

    /// What went wrong with it.
    pub(in crate::platforms::pandastack) fn error(&self) -> Option<Text> {
        self.find(ERROR, |value| {
            scalar::word(value).or_else(|| failure::said(value))
        })
    }

    /// The organisation it says it belongs to.
    pub(in crate::platforms::pandastack) fn organisation(&self) -> Option<OrgId> {
        let id = self.find(ORGANISATION, scalar::id)?;
        Some(OrgId::new(id.as_str()))
    }

    /// The DNS records that are to be created, a line each, as the platform has them.
    pub(in crate::platforms::pandastack) fn dns_records(&self) -> Vec<Text> {
        let found = self.find(DNS, |value| {
            let lines = dns::lines(value);
            (!lines.is_empty()).then_some(lines)
        });
        found.unwrap_or_default()
    }

    /// A field that has no look-up of its own, as text: the field `name` of what is said of a user.
    pub(in crate::platforms::pandastack) fn text(&self, names: &[&str]) -> Option<Text> {
        self.find(names, scalar::text)
    }

    /// The record that stands under a name, which is folded already.
    pub(in crate::platforms::pandastack) fn child(&self, name: &str) -> Option<Self> {
        let fields = self.field(name)?.as_object()?;
        Some(Self::new(fields.clone(), false))
    }

    /// Fields that nobody looks up, under their names; what looks like a secret is masked.
    pub(in crate::platforms::pandastack) fn rest(&self) -> Vec<(Text, Text)> {
        let unknown = self.fields.iter().filter(|field| !is_known(&field.folded));
        let told = unknown.filter_map(|field| {
            let value = rest::shown(&field.folded, &field.value)?;
            Some((Text::non_empty(&field.name)?, value))
        });
        told.collect()
    }

    /// A field as it came, by its folded name; never to be shown, it may be a secret.
    pub(in crate::platforms::pandastack) fn value(&self, name: &str) -> Option<&Value> {
        self.field(name)
    }
}

/// The word of a state; of an object, what it calls its own.
fn state(value: &Value) -> Option<Text> {
    let Value::Object(fields) = value else {
        return scalar::word(value);
    };
    let mut names = ["status", "state", "name"].iter();
    names.find_map(|name| scalar::word(scalar::field(fields, name)?))
}

/// A text; of an object, its name.
fn named(value: &Value) -> Option<String> {
    let inside = || {
        let fields = value.as_object()?;
        let mut names = ["name", "domain", "hostname", "host"].iter();
        names.find_map(|name| scalar::word(scalar::field(fields, name)?))
    };
    let text = scalar::word(value).or_else(inside);
    text.map(|text| text.to_string())
}

/// A host without scheme and path.
fn bare(address: &str) -> &str {
    let host = address.split_once("://").map_or(address, |(_, host)| host);
    host.split('/').next().unwrap_or(host)
}
