//! The two outputs: results on standard output, everything else on standard error.

use std::fmt::Display;
use std::io::{self, BufWriter, StdoutLock, Write};

/// Where results go. Locked for the life of the command and buffered: whoever shows lines as they
/// come flushes.
pub(crate) fn output() -> BufWriter<StdoutLock<'static>> {
    BufWriter::new(io::stdout().lock())
}

/// Tells the person at the terminal something that is not the result.
pub(crate) fn tell(what: impl Display) {
    // With standard error closed there is nobody to be told.
    let _unheard = writeln!(io::stderr(), "flightdeck: {what}");
}

/// Tells more about what was told before.
pub(crate) fn tell_more(what: impl Display) {
    let _unheard = writeln!(io::stderr(), "  {what}");
}
