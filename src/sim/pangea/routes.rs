//! The route table: operations, paths and bodies of the contract, as data.
//! Source: Pangea contract, sections 3, 6 and 7.

use serde_json::{Map, Value};

use super::{
    call::{Call, Outcome},
    errors::FieldError,
    fields::{self, Field, Form, optional, required},
    id::Kind,
    list, organisations,
    project::GEOS,
    projects,
};
use crate::sim::{
    journal::Operation,
    route::{self, Found, Route, ask, change, read},
};

/// What answers a request.
#[derive(Clone, Copy)]
pub(super) enum Handler {
    /// One of the seven.
    Work(&'static Work),
    /// What became of a request that was accepted.
    Request,
    /// A token for a client's credentials.
    Login,
}

/// A rule for several fields at once.
type Rule = fn(&Map<String, Value>) -> Option<FieldError>;

/// One of the seven operations: what its body has to be, and what it does.
pub(super) struct Work {
    fields: &'static [Field],
    /// What fields have to be together.
    together: Option<Rule>,
    /// Whether it is answered before it is done.
    pub(super) waits: fn(&Map<String, Value>) -> bool,
    pub(super) answer: fn(&mut Call<'_>) -> Outcome,
}

impl Work {
    const fn of(fields: &'static [Field], answer: fn(&mut Call<'_>) -> Outcome) -> Work {
        Work {
            fields,
            together: None,
            waits: |_| false,
            answer,
        }
    }

    /// What is wrong with a body.
    pub(super) fn check(&self, body: &Map<String, Value>) -> Vec<FieldError> {
        let mut errors = fields::check(self.fields, body);
        errors.extend(self.together.and_then(|together| together(body)));
        errors
    }
}

const ORGANISATION: Field = required("id", Form::Id(Kind::Organisation));
const OF_ORGANISATION: Field = required("org_id", Form::Id(Kind::Organisation));
const PROJECT: Field = required("id", Form::Id(Kind::Project));
const NAME: Field = required("name", Form::Name);

const FILTER: &[Field] = &[
    optional("search", Form::Text),
    optional("geo", Form::Text),
    optional("region", Form::Text),
];

const ORG_GET: Work = Work::of(&[ORGANISATION], organisations::get);
const ORG_UPDATE: Work = Work::of(&[ORGANISATION, NAME], organisations::update);
const PROJECT_GET: Work = Work::of(&[PROJECT], projects::get);
const PROJECT_UPDATE: Work = Work::of(&[PROJECT, NAME], projects::update);
const PROJECT_DELETE: Work = Work::of(&[PROJECT], projects::delete);
const PROJECT_LIST: Work = Work::of(
    &[
        OF_ORGANISATION,
        optional("filter", Form::Object(FILTER)),
        optional("offset", Form::Count(0)),
        optional("limit", Form::Count(1)),
    ],
    list::list,
);
const PROJECT_CREATE: Work = Work {
    together: Some(projects::mismatched),
    // The contract knows of 202 but not of whom to expect it: here it takes its time in Europe.
    waits: |body| body.get("geo").is_some_and(|geo| geo == "eu"),
    ..Work::of(
        &[
            OF_ORGANISATION,
            NAME,
            required("geo", Form::One(&GEOS)),
            optional(
                "region",
                Form::One(&["us-west-1", "us-east-1", "eu-central-1"]),
            ),
        ],
        projects::create,
    )
};

#[rustfmt::skip]
const ROUTES: &[Route<Handler>] = &[
    ask("OrgGet", "POST", "/v1beta/platform/org/get", Handler::Work(&ORG_GET)),
    change("OrgUpdate", "POST", "/v1beta/platform/org/update", Handler::Work(&ORG_UPDATE)),
    ask("ProjectGet", "POST", "/v1beta/platform/project/get", Handler::Work(&PROJECT_GET)),
    ask("ProjectList", "POST", "/v1beta/platform/project/list", Handler::Work(&PROJECT_LIST)),
    change("ProjectCreate", "POST", "/v1beta/platform/project/create", Handler::Work(&PROJECT_CREATE)),
    change("ProjectUpdate", "POST", "/v1beta/platform/project/update", Handler::Work(&PROJECT_UPDATE)),
    change("ProjectDelete", "POST", "/v1beta/platform/project/delete", Handler::Work(&PROJECT_DELETE)),
    read("GetAsyncRequest", "/request/{request}", Handler::Request),
    ask("GetAccessToken", "POST", "/v1beta/oauth/token", Handler::Login),
];

/// The route for a method and path.
pub(super) fn find<'a>(method: &str, path: &'a str) -> Option<Found<'a, Handler>> {
    route::find(ROUTES, method, path)
}

/// Whether a path is that of the exchange of credentials, which has no envelope.
pub(super) fn is_login(path: &str) -> bool {
    route::fitting(ROUTES, path).any(|found| matches!(found.route.handler, Handler::Login))
}

/// What a request is counted by.
pub(super) fn operation(method: &str, path: &str) -> Operation {
    find(method, path).map_or(Operation::UNKNOWN, |found| found.route.operation)
}
