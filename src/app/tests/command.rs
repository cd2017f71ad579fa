//! The command line that does the same.

use jiff::Timestamp;

use super::kit::*;
use crate::app::command::of_operation;
use crate::model::{
    ContextId, DeployMode, Operation, OperationKind, Secret, ServiceId, Target, Text, VariableId,
};

fn check(kind: OperationKind, expected: &str) {
    let mut desk = Desk::new(1);
    desk.state
        .contexts
        .iter_mut()
        .for_each(|context| context.name = Text::clean("divio"));
    let target = Target {
        context: ContextId(0),
        app: None,
        environment: None,
        title: Text::clean("shop/live"),
        class: None,
    };
    let command = of_operation(&desk.state, &Operation { target, kind });
    assert_eq!(command.as_deref(), Some(expected));
}

#[test]
fn what_was_answered_is_on_the_line() {
    check(
        OperationKind::Deploy {
            mode: DeployMode::Auto,
        },
        "flightdeck do deploy divio:shop/live --mode auto --yes --wait",
    );
    check(
        OperationKind::CreateBackup {
            services: vec![ServiceId::new("a"), ServiceId::new("b")],
            notes: Some("before the; migration".into()),
            keep_until: Some(Timestamp::UNIX_EPOCH),
        },
        "flightdeck do backup divio:shop/live --services a --services b \
         --notes 'before the; migration' --keep-until 1970-01-01T00:00:00Z --yes --wait",
    );
}

#[test]
fn a_secret_is_not_on_the_line() {
    check(
        OperationKind::SetVariable {
            id: Some(VariableId::new("v1")),
            name: "api-key".into(),
            value: Secret::new("canary"),
            is_sensitive: true,
        },
        "flightdeck do set-var divio:shop/live --name api-key --value-from-env API_KEY \
         --sensitive --yes --wait",
    );
}
