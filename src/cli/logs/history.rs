//! What logs have at this moment, merged exactly, with no more in memory than the pieces that are
//! being merged.

use std::io::Write;

use futures_util::future::join_all;

use super::super::exit::{CliError, Exit, told};
use super::super::fleet::Fleet;
use super::super::terminal::tell;
use super::lines::Printer;
use super::place::{Place, deployment};
use super::sift::Sift;
use super::snapshot::{Piece, Reader};
use super::weave::{Flow, Strand, Weave};
use crate::model::{Failure, LogLine, TailRequest};

/// Said where lines are shown that are void.
pub(super) const REPLACED: &str = "the log was replaced: it begins anew";

/// A log that is read.
struct Source {
    /// Absent when it was read to its end, or cannot be.
    reader: Option<Reader>,
    name: String,
    lines: usize,
    has_failed: bool,
}

/// Shows logs that exist.
pub(super) async fn show(
    fleet: &Fleet,
    places: Vec<(Place, TailRequest)>,
    sift: &mut Sift,
    printer: &mut Printer<impl Write>,
) -> Result<Exit, CliError> {
    let mut weave = Weave::exact();
    let mut sources = Vec::new();
    let mut exit = Exit::Done;
    for (place, request) in places {
        let strand = weave.add(Flow::Past);
        printer.add(&place.origin, deployment(&request.source));
        let name = printer.name(strand);
        let (_, platform) = fleet.platform(place.context)?;
        let reader = Reader::new(platform.as_ref(), request, name.clone());
        let mut source = Source {
            reader: None,
            name,
            lines: 0,
            has_failed: false,
        };
        match reader {
            Ok(reader) => source.reader = Some(reader),
            Err(failure) => exit = exit.max(source.fails(&failure, strand, &mut weave)),
        }
        sources.push(source);
    }
    loop {
        while let Some(item) = weave.next(None) {
            sift.take(item, printer)?;
        }
        let hungry = weave.hungry();
        if hungry.is_empty() {
            break;
        }
        exit = exit.max(feed(&mut sources, &hungry, &mut weave).await);
    }
    sift.release(printer)?;
    printer.flush()?;
    let is_empty = |source: &&Source| source.lines == 0 && !source.has_failed;
    for Source { name, .. } in sources.iter().filter(is_empty) {
        tell(format_args!("{name}: this log has no lines"));
    }
    Ok(exit)
}

/// Reads on in the logs without which it cannot go on, all at the same time.
async fn feed(sources: &mut [Source], hungry: &[Strand], weave: &mut Weave) -> Exit {
    let all = sources.iter_mut().enumerate();
    let wanted = all.filter(|(strand, _)| hungry.contains(strand));
    let reads = wanted.map(|(strand, source)| async move {
        let piece = match &mut source.reader {
            Some(reader) => reader.next().await,
            None => Ok(Piece::End),
        };
        (strand, source, piece)
    });
    let mut exit = Exit::Done;
    for (strand, source, piece) in join_all(reads).await {
        match piece {
            Ok(Piece::Lines(lines)) => source.has(lines, strand, weave),
            Ok(Piece::Replaced(lines)) => {
                let waiting = weave.forget(strand);
                if source.lines > waiting {
                    weave.push(strand, vec![LogLine::mark(None, REPLACED)], None);
                }
                source.has(lines, strand, weave);
            }
            Ok(Piece::End) => weave.set(strand, Flow::Over),
            Err(failure) => exit = exit.max(source.fails(&failure, strand, weave)),
        }
    }
    exit
}

impl Source {
    fn has(&mut self, lines: Vec<LogLine>, strand: Strand, weave: &mut Weave) {
        self.lines += lines.len();
        weave.push(strand, lines, None);
    }

    /// The others go on.
    fn fails(&mut self, failure: &Failure, strand: Strand, weave: &mut Weave) -> Exit {
        tell(format_args!("{}: {}", self.name, told(failure)));
        weave.set(strand, Flow::Over);
        (self.reader, self.has_failed) = (None, true);
        Exit::of(failure)
    }
}
