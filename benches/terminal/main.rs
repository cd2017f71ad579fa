//! What a log costs that is written faster than anybody reads, in the real program in a terminal,
//! beside the least a follower can be, in turn in one run.
//!
//! `cargo bench --bench terminal`; `-- --quick` for one short run. Fails where less is kept than is
//! promised. Only Linux tells what a process uses.
#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::string_slice,
    clippy::disallowed_methods,
    reason = "a bench prints, measures time, and ends where it cannot go on"
)]

#[cfg(target_os = "linux")]
mod bare;
#[cfg(target_os = "linux")]
mod measure;
#[cfg(target_os = "linux")]
mod served;
#[cfg(target_os = "linux")]
mod stage;
#[cfg(target_os = "linux")]
mod table;

#[cfg(target_os = "linux")]
fn main() -> std::process::ExitCode {
    linux::main()
}

#[cfg(not(target_os = "linux"))]
fn main() {
    println!("what a process uses is read from /proc: this bench needs Linux");
}

#[cfg(target_os = "linux")]
mod linux {
    use std::path::Path;
    use std::process::ExitCode;

    use crate::measure::{self, Extent};
    use crate::table::Table;

    pub(crate) fn main() -> ExitCode {
        let arguments: Vec<String> = std::env::args().skip(1).collect();
        if let Some(at) = arguments.iter().position(|it| it == "--bare") {
            let file = arguments.get(at + 1).expect("a file");
            crate::bare::run(Path::new(file)).expect("a terminal");
            return ExitCode::SUCCESS;
        }
        // Whoever runs all tests of all targets wants no bench.
        if !arguments
            .iter()
            .any(|it| it == "--bench" || it == "--quick")
        {
            println!("measures with `cargo bench --bench terminal`");
            return ExitCode::SUCCESS;
        }
        let is_quick = arguments.iter().any(|it| it == "--quick");
        let (runs, extent) = if is_quick {
            (
                1,
                Extent {
                    flood: 5,
                    steady: 5,
                },
            )
        } else {
            (
                5,
                Extent {
                    flood: 10,
                    steady: 60,
                },
            )
        };
        let (mut table, mut passes) = (Table::default(), true);
        for run in 1..=runs {
            println!("run {run} of {runs}");
            measure::flood(&mut table, extent);
            measure::memory(&mut table);
            measure::opened(&mut table);
            // A minute has thousands of lines to look at: once is enough.
            if run == 1 {
                measure::lag(&mut table, extent);
            }
            // What there is so far: who ends it early has not waited in vain.
            let (text, is_kept) = table.written();
            println!("\n{text}");
            passes = is_kept;
        }
        if passes {
            ExitCode::SUCCESS
        } else {
            ExitCode::FAILURE
        }
    }
}
