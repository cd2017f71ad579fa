//! Arguments and headless commands: the second face of the same engine.
//!
//! Results go to standard output, everything else to standard error; exit codes are those of
//! `exit::Exit`. Nothing here draws.

mod args;
mod audit;
mod configure;
mod console;
mod diagnostics;
mod download;
mod exit;
mod fleet;
mod get;
mod incident;
mod logs;
mod operate;
mod output;
mod pages;
mod simulate;
mod table;
mod target;
mod terminal;
mod tier;
mod vars;
mod wait;
mod words;

use std::io::{self, IsTerminal as _};
use std::process::ExitCode;

use clap::Parser as _;
use tokio::runtime::{Builder, Runtime};

use self::args::{Cli, Command};
use self::exit::{CliError, Exit};
use self::fleet::Fleet;
use self::terminal::tell;
use crate::config::{self, Config, Environment, LoadOptions, Origin, Severity};
use crate::platforms::{ADAPTERS, adapter};
use crate::shell;
use crate::sim::{PLATFORMS, SimOptions, Simulator};

/// Runs flightdeck: the whole of `main`.
#[must_use]
pub fn main() -> ExitCode {
    // Building any HTTP client panics without a TLS provider. A second installation is refused,
    // which is as good.
    let _installed = rustls::crypto::ring::default_provider().install_default();
    if let Err(error) = color_eyre::install() {
        tell(error);
    }
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return not_parsed(&error),
    };
    let environment = Environment::of_process();
    let _log = diagnostics::start(&environment);
    let exit = match run(&cli, environment) {
        Ok(exit) => exit,
        Err(CliError::Closed) => Exit::Done,
        Err(error) => {
            tell(&error);
            error.exit()
        }
    };
    exit.into()
}

/// Help and version are no mistakes; clap knows which output and exit code each has.
fn not_parsed(error: &clap::Error) -> ExitCode {
    // With the output closed there is nobody to be told.
    let _unheard = error.print();
    ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(Exit::Usage as u8))
}

fn run(cli: &Cli, environment: Environment) -> Result<Exit, CliError> {
    let options = LoadOptions {
        file: cli.global.config.clone(),
        environment,
        read_only: cli.global.read_only,
        only: cli.global.contexts.clone(),
    };
    if let Some(Command::Config { what }) = &cli.command {
        return configure::run(*what, &options);
    }
    if let Some(Command::Audit(args)) = &cli.command {
        if cli.global.demo {
            let text = "the demo keeps its audit in memory: there is nothing to list";
            return Err(CliError::Usage(text.into()));
        }
        if !args.resolve {
            return audit::show(args, &options.environment);
        }
    }
    let runtime = runtime()?;
    let exit = if let Some(Command::Simulate(args)) = &cli.command {
        runtime.block_on(simulate::run(args))
    } else {
        with_config(cli, &options, &runtime)
    };
    // A credential command that hangs must not keep the process.
    runtime.shutdown_background();
    exit
}

fn runtime() -> Result<Runtime, CliError> {
    let runtime = Builder::new_multi_thread().enable_all().build();
    runtime.map_err(|error| CliError::Io {
        what: "cannot start".into(),
        error,
    })
}

/// Everything that needs contexts.
fn with_config(cli: &Cli, options: &LoadOptions, runtime: &Runtime) -> Result<Exit, CliError> {
    let demo = cli.global.demo.then(|| runtime.block_on(demo()));
    let (config, _simulator) = match demo.transpose()? {
        Some(simulator) => (demo_config(&simulator, options)?, Some(simulator)),
        None => (config::load(options)?, None),
    };
    for problem in &config.problems {
        // What is missing outside the file is told by the context that misses it.
        if problem.severity == Severity::Error {
            tell(problem);
        }
    }
    let Some(command) = &cli.command else {
        return dashboard(cli, config, options.environment.clone(), runtime);
    };
    let is_audit = matches!(command, Command::Audit(_));
    if config.contexts.is_empty() && !is_audit {
        return Err(CliError::Usage(no_context(&config, options)));
    }
    let fleet = Fleet::new(config, &options.environment, cli.global.demo);
    let exit = runtime.block_on(headless(command, fleet, options, cli.global.demo))?;
    if let Command::Audit(args) = command {
        return Ok(exit.max(audit::show(args, &options.environment)?));
    }
    Ok(exit)
}

async fn headless(
    command: &Command,
    mut fleet: Fleet,
    options: &LoadOptions,
    is_demo: bool,
) -> Result<Exit, CliError> {
    let exit = match command {
        Command::Get(args) => get::run(&mut fleet, args).await,
        Command::Logs(args) => logs::run(&mut fleet, args, &options.environment).await,
        Command::Do(args) => {
            audit::catch_up(&fleet).await;
            operate::run(&mut fleet, args, &options.environment).await
        }
        Command::Console(args) => {
            audit::catch_up(&fleet).await;
            console::run(&mut fleet, args, &options.environment).await
        }
        Command::Wait(args) => wait::run(&mut fleet, args).await,
        Command::Vars(args) => vars::run(&mut fleet, args).await,
        Command::Audit(_) => audit::resolve(&fleet).await,
        Command::Download(args) => download::run(&mut fleet, args).await,
        Command::Incident(args) => {
            let audit = incident::audit_folder(&options.environment, is_demo);
            incident::run(&mut fleet, args, audit).await
        }
        // These need no contexts and are done before.
        Command::Simulate(_) | Command::Config { .. } => Ok(Exit::Done),
    };
    fleet.close().await;
    exit
}

/// The simulator of the demo: two accounts, and a story within two minutes.
async fn demo() -> Result<Simulator, CliError> {
    let options = SimOptions {
        story: true,
        second_account: true,
        // What no adapter speaks to would be a context that cannot be used.
        platforms: PLATFORMS
            .iter()
            .copied()
            .filter(|name| adapter(name).is_some())
            .collect(),
        ..SimOptions::default()
    };
    simulate::start(options).await
}

fn demo_config(simulator: &Simulator, options: &LoadOptions) -> Result<Config, CliError> {
    let origin = Origin {
        name: "demo".into(),
        path: None,
        is_private: true,
        environment: options.environment.clone(),
    };
    let config = config::parse(&simulator.config_toml(), &origin)?;
    Ok(config::narrowed(config, options)?)
}

fn no_context(config: &Config, options: &LoadOptions) -> String {
    if !config.left_out.is_empty() {
        return "no context can be used: see flightdeck config check".into();
    }
    let file = config::file(options).map(|file| format!(" in {}", file.display()));
    let variables = ADAPTERS
        .iter()
        .filter_map(|adapter| adapter.profile.token_variables.first().copied());
    format!(
        "no context is configured: set {}, or write one{} \
         (flightdeck config show-default), or try --demo",
        variables.collect::<Vec<_>>().join(" or "),
        file.unwrap_or_default()
    )
}

/// Opens the dashboard.
fn dashboard(
    cli: &Cli,
    config: Config,
    environment: Environment,
    runtime: &Runtime,
) -> Result<Exit, CliError> {
    if !io::stdout().is_terminal() {
        let text = "the dashboard needs a terminal to draw on; for scripts there are \
                    `flightdeck get`, `logs` and `do` (see --help)";
        return Err(CliError::Usage(text.into()));
    }
    let setup = shell::Setup {
        config,
        environment,
        is_demo: cli.global.demo,
        ascii: cli.ascii,
    };
    let ended = runtime.block_on(shell::open(setup));
    ended.map(|()| Exit::Done).map_err(|error| CliError::Io {
        what: "the terminal cannot be used".into(),
        error,
    })
}
