//! The log of a deployment as server-sent events. Source: PandaStack contract, section 7.1.

use axum::response::Response;
use serde_json::json;

use super::{
    Shared,
    forms::{End, StreamForm, TextForm},
    install::Run,
    project::{self, Line as Spoken},
    shape::Shape,
};
use crate::sim::{
    effects::Tweaks,
    flow::{Batch, Flow},
    keep_alive::KeepAlive,
    line::Line,
};

/// After so many lines there is a comment.
const COMMENT_EVERY: usize = 4;

/// Answers with the log of a deployment; it ends when the deployment does.
pub(super) async fn serve(
    shared: Shared,
    mut line: Line,
    uuid: String,
    shape: Shape,
    tweaks: Tweaks,
) -> Response {
    if line.frames.split.is_none() {
        line.frames.split = shape.stream.split;
    }
    let alive = KeepAlive::new(": still here", &shared.clock);
    let read = read(shared, uuid, shape.stream, tweaks);
    Flow::new(line, alive, read)
        .answer("text/event-stream")
        .await
}

/// What was written since the last time.
fn read(
    shared: Shared,
    uuid: String,
    form: StreamForm,
    tweaks: Tweaks,
) -> impl FnMut() -> Batch + Send + 'static {
    let mut sent = None;
    move || {
        let (world, now) = shared.present();
        let pace = world.pace();
        let Some((project, run)) = world.find_project_run(&uuid) else {
            // It was deleted meanwhile.
            return Batch {
                pieces: Vec::new(),
                is_last: true,
            };
        };
        let mut pieces = Vec::new();
        let before: usize = *sent.get_or_insert_with(|| {
            pieces.push(comment("connected", form.line_end));
            0
        });
        let lines = project::lines(world.seed, project, run, pace);
        let due = lines.iter().take_while(|line| line.at <= now);
        for (number, line) in due.enumerate().skip(before) {
            if number % COMMENT_EVERY == COMMENT_EVERY - 1 {
                pieces.push(comment("keep-alive", form.line_end));
            }
            pieces.push(frame(line, &form, &tweaks));
            sent = Some(number + 1);
        }
        let is_last = now >= run.ends(pace);
        if is_last {
            pieces.extend(ending(run, &form));
        }
        Batch { pieces, is_last }
    }
}

fn comment(text: &str, end: &str) -> String {
    format!(": {text}{end}{end}")
}

fn frame(line: &Spoken, form: &StreamForm, tweaks: &Tweaks) -> String {
    let data = match form.text {
        TextForm::Plain => line.text.clone(),
        TextForm::Json(text, kind) => {
            let said = match (kind, line.is_error) {
                ("stream", true) => "stderr",
                ("stream", false) => "stdout",
                (_, true) => "error",
                (_, false) => "info",
            };
            let time = tweaks.shifted(line.at).milliseconds();
            json!({ text: line.text, kind: said, "timestamp": time }).to_string()
        }
    };
    format!("data: {data}{end}{end}", end = form.line_end)
}

fn ending(run: &Run, form: &StreamForm) -> Vec<String> {
    let word = if run.failure().is_some() {
        "FAILED"
    } else {
        "COMPLETED"
    };
    let end = form.line_end;
    let status = format!("data: {}{end}{end}", json!({ "status": word }));
    let done = format!("event: done{end}data: {{}}{end}{end}");
    match form.end {
        End::Status => vec![status],
        End::Done => vec![done],
        End::Both => vec![status, done],
        End::Eof => Vec::new(),
    }
}
