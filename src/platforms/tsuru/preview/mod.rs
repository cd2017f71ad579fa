//! What an operation would come to, and what stands in its way. Nothing is changed.
//!
//! Two questions are asked of everything that takes the lock of an app: what holds it, and which blocks
//! there are; a third only where numbers are told. They go together. Who may not see events or blocks
//! is told nothing of them: the server decides anyway.
//!
//! Source: tsuru contract, sections 2, 5 and 7.

mod facts;
mod hindrance;

use super::api::Api;
use super::{lost, operate};
use crate::model::{AuthProblem, Failure, Operation, OperationKind, Preview, Text};

pub(super) async fn preview(api: &Api, operation: &Operation) -> Result<Option<Preview>, Failure> {
    let kinds = operate::kinds(&operation.kind);
    if kinds.is_empty() || matches!(operation.kind, OperationKind::CreateApp { .. }) {
        return Ok(None);
    }
    let app = operate::app(operation)?;
    let (preview, holding, blocks) = tokio::join!(
        facts::of(api, operation, app),
        lost::holding(api, app),
        lost::blocks(api)
    );
    let mut preview = refusable(preview)?;
    let running = visible(holding)?;
    preview.warnings.extend(running.iter().map(hindrance::lock));
    for block in visible(blocks)? {
        hindrance::block(&mut preview, &block, kinds, app);
    }
    Ok(Some(preview))
}

/// What may not be seen is none; what could not be asked is a failure, not an answer.
fn visible<T: Default>(answer: Result<T, Failure>) -> Result<T, Failure> {
    match answer {
        Err(Failure::Auth(AuthProblem::Forbidden(_)) | Failure::Unsupported { .. }) => {
            Ok(T::default())
        }
        answer => answer,
    }
}

/// What the platform, or flightdeck, would not accept is an answer, too.
fn refusable(preview: Result<Preview, Failure>) -> Result<Preview, Failure> {
    match preview {
        Err(failure @ (Failure::Validation(_) | Failure::Conflict(_) | Failure::Local { .. })) => {
            Ok(Preview {
                refusal: Some(Text::clean(&failure.headline())),
                ..Preview::default()
            })
        }
        preview => preview,
    }
}
