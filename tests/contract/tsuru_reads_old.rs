//! tsuru: servers that are too old for a route, lists without anything in them, and keys in any case.

use flightdeck::model::{
    AppId, DeploymentId, DeploymentScope, EnvId, Failure, PageRequest, Payload, Query,
};
use flightdeck::platforms::ask;
use serde_json::Value;
use wiremock::ResponseTemplate;
use wiremock::matchers::method;

use crate::tsuru_harness::{start, too_old};
