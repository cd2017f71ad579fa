//! What can be said on the command line.

mod logs;

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Parser, Subcommand, ValueEnum};

pub(crate) use self::logs::{Choice, Colouring, LogFormat, Logs, Stamp, Which};
use super::operate::Action;
use super::target::Target;
use crate::config::parse_duration;
use crate::sim::PLATFORMS;

/// One terminal dashboard for everything a team runs on platform-as-a-service providers.
#[derive(Debug, Parser)]
#[command(name = "flightdeck", version, after_help = EXIT_CODES)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) global: Global,
    /// Draw with ASCII characters only
    #[arg(long)]
    pub(crate) ascii: bool,
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
}

const EXIT_CODES: &str = "Exit codes: 0 done, 1 the operation failed, 2 usage or configuration, \
    3 authentication, 4 network or rate limit, 124 timed out, 130 interrupted.";

/// What concerns every command.
#[derive(Args, Debug)]
pub(crate) struct Global {
    /// Read this configuration file
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// Use only this context (repeatable)
    #[arg(long = "context", global = true, value_name = "NAME")]
    pub(crate) contexts: Vec<String>,
    /// Send nothing that changes anything
    #[arg(long, global = true)]
    pub(crate) read_only: bool,
    /// Use the built-in simulator: no account and no network
    #[arg(long, global = true, conflicts_with = "config")]
    pub(crate) demo: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// List what there is
    Get(Get),
    /// Show logs: what they have, or with --follow what they get
    Logs(Logs),
    /// Carry out an operation
    Do(Do),
    /// Open a terminal session in an instance; ~. at the start of a line leaves it
    Console(Console),
    /// List what was done through flightdeck, by whom, and how it ended
    Audit(Audit),
    /// Save a backup to this machine
    Download(Download),
    /// Wait for the end of what was begun
    Wait(Wait),
    /// Write variables to a dotenv file, or set them from one
    Vars(Vars),
    /// Write a report of what is broken, what happened and what was done, without secrets
    Incident(Incident),
    /// Serve the platforms' interfaces on this machine, until interrupted
    Simulate(Simulate),
    /// Look at the configuration
    Config {
        /// What to look at
        #[arg(value_enum)]
        what: ConfigView,
    },
}

/// What `get` lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Kind {
    /// Configured contexts, and whether they answer
    Contexts,
    /// Organisations
    #[value(alias = "organisations", alias = "organizations")]
    Orgs,
    /// Apps
    #[value(alias = "app")]
    Apps,
    /// Environments
    #[value(alias = "env", alias = "environments")]
    Envs,
    /// Deployments, newest first
    #[value(alias = "deployment")]
    Deployments,
    /// Backups, newest first
    #[value(alias = "backup")]
    Backups,
    /// Environment variables
    #[value(alias = "variables")]
    Vars,
    /// Domains
    Domains,
    /// Services: databases, buckets
    Services,
    /// What happened, newest first
    Activity,
    /// Metrics of the last hour
    Metrics,
    /// Running instances
    #[value(alias = "unit", alias = "instances")]
    Units,
    /// What the platform watches for
    #[value(alias = "alert")]
    Alerts,
    /// Scheduled jobs
    #[value(alias = "job")]
    Jobs,
    /// Runs of jobs, newest first
    #[value(alias = "run")]
    Runs,
    /// Sizes an instance can have
    Sizes,
    /// Regions
    Regions,
    /// Lists that only one platform has: of CONTEXT:LIST; without a list, which there are
    Others,
}

#[derive(Args, Debug)]
pub(crate) struct Get {
    /// What to list
    #[arg(value_enum)]
    pub(crate) kind: Kind,
    #[arg(help = "Of what: [CONTEXT:]APP[/ENVIRONMENT], or CONTEXT:; of others: [CONTEXT:]LIST")]
    pub(crate) target: Option<Target>,
    /// How to write it
    #[arg(short, long, value_enum, default_value = "table")]
    pub(crate) output: Format,
    /// Show the values of variables
    #[arg(long)]
    pub(crate) reveal: bool,
}

/// How a list is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// Columns
    Table,
    /// More columns
    Wide,
    /// One document, schema flightdeck/1
    Json,
    /// Comma-separated, all columns
    Csv,
}

#[derive(Args, Debug)]
pub(crate) struct Do {
    #[command(subcommand)]
    pub(crate) action: Action,
}

/// What concerns every operation.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Confirming and waiting")]
pub(crate) struct Common {
    // What it may be differs from operation to operation.
    #[arg(help = "On what")]
    pub(crate) target: Target,
    #[command(flatten)]
    pub(crate) consent: Consent,
    /// Wait for the end
    #[arg(long)]
    pub(crate) wait: bool,
    /// Wait no longer than this, such as 30m
    #[arg(long, value_name = "DURATION", value_parser = duration, requires = "wait")]
    pub(crate) timeout: Option<Duration>,
    /// How to write what became of it
    #[arg(short, long, value_enum, default_value = "text")]
    pub(crate) output: Report,
}

#[derive(Args, Debug)]
pub(crate) struct Console {
    #[arg(help = "In what: [CONTEXT:]APP[/ENVIRONMENT]")]
    pub(crate) target: Target,
    /// In this instance, by its id or name; in any if none is named
    #[arg(long, value_name = "NAME")]
    pub(crate) unit: Option<String>,
    #[command(flatten)]
    pub(crate) consent: Consent,
}

#[derive(Args, Debug)]
pub(crate) struct Download {
    #[arg(
        value_name = "BACKUP",
        help = "Which: [CONTEXT:]APP[/ENVIRONMENT] for its newest complete one, or [CONTEXT:]ID"
    )]
    pub(crate) backup: Target,
    /// Into this folder, or, for a backup of one file, to this file [default: here]
    #[arg(long, value_name = "PATH")]
    pub(crate) to: Option<PathBuf>,
    /// Replace files of the same name
    #[arg(long)]
    pub(crate) overwrite: bool,
    #[command(flatten)]
    pub(crate) consent: Consent,
    /// Take no longer than this, such as 30m; what has come stays
    #[arg(long, value_name = "DURATION", value_parser = duration)]
    pub(crate) timeout: Option<Duration>,
}

/// What is said in advance to the question that the dashboard would ask.
#[derive(Args, Clone, Debug)]
pub(crate) struct Consent {
    /// Yes, also on production
    #[arg(long)]
    pub(crate) yes: bool,
    /// The name of the app once more, where data may be lost or the context is protected
    #[arg(long, value_name = "NAME")]
    pub(crate) confirm: Option<String>,
}

/// How the end of an operation is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Report {
    /// A line
    Text,
    /// One document, schema flightdeck/1
    Json,
}

#[derive(Args, Debug)]
pub(crate) struct Wait {
    /// What to wait for
    #[arg(value_enum)]
    pub(crate) what: Awaited,
    /// Its id
    pub(crate) id: String,
    #[arg(
        long,
        value_name = "TARGET",
        help = "Where it is: CONTEXT:, or [CONTEXT:]APP[/ENVIRONMENT]; not needed with one context only"
    )]
    pub(crate) target: Option<Target>,
    /// Wait no longer than this, such as 30m
    #[arg(long, value_name = "DURATION", value_parser = duration)]
    pub(crate) timeout: Option<Duration>,
    /// How to write what became of it
    #[arg(short, long, value_enum, default_value = "text")]
    pub(crate) output: Report,
}

/// What can be waited for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Awaited {
    /// A deployment
    Deployment,
    /// A backup
    Backup,
    /// A restore
    Restore,
    /// A download that is being prepared
    Download,
    /// A task or event, by what `do` said of it
    Operation,
}

#[derive(Args, Debug)]
pub(crate) struct Vars {
    #[command(subcommand)]
    pub(crate) action: VarsAction,
}

/// What `vars` does.
#[derive(Debug, Subcommand)]
pub(crate) enum VarsAction {
    /// Write the variables of an environment as a dotenv file
    Export(Export),
    /// Set the variables of an environment to those of a dotenv file
    Import(Import),
}

#[derive(Args, Debug)]
pub(crate) struct Export {
    #[arg(help = "Of what: [CONTEXT:]APP[/ENVIRONMENT]")]
    pub(crate) target: Target,
    /// Write a file that only you can read, instead of standard output
    #[arg(long, value_name = "FILE")]
    pub(crate) to: Option<PathBuf>,
    /// Replace the file if there is one
    #[arg(long, requires = "to")]
    pub(crate) overwrite: bool,
    /// Show the values on the terminal
    #[arg(long, conflicts_with = "to")]
    pub(crate) reveal: bool,
}

#[derive(Args, Debug)]
pub(crate) struct Import {
    #[arg(help = "Of what: [CONTEXT:]APP[/ENVIRONMENT]")]
    pub(crate) target: Target,
    /// The file; - is standard input
    pub(crate) file: PathBuf,
    #[command(flatten)]
    pub(crate) consent: Consent,
    /// Show what would change, and send nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Remove what is not in the file, as far as an exported file could have it
    #[arg(long)]
    pub(crate) delete_missing: bool,
    /// Hide the values of new variables from now on
    #[arg(long)]
    pub(crate) sensitive: bool,
}

#[derive(Args, Debug)]
pub(crate) struct Audit {
    /// Only what was asked for or ended in this time, such as 2h
    #[arg(long, value_name = "DURATION", value_parser = duration)]
    pub(crate) since: Option<Duration>,
    /// How to write it
    #[arg(short, long, value_enum, default_value = "table")]
    pub(crate) output: AuditFormat,
    /// Say whether the record was changed; exit code 1 if it was
    #[arg(long)]
    pub(crate) verify: bool,
    /// First find out what became of operations without a recorded end
    #[arg(long)]
    pub(crate) resolve: bool,
}

/// What the report is about.
#[derive(Args, Debug)]
pub(crate) struct Incident {
    /// How far back it reaches, such as 2h
    #[arg(long, value_name = "DURATION", value_parser = duration, default_value = "2h")]
    pub(crate) since: Duration,
}

/// How the audit is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum AuditFormat {
    /// Columns
    Table,
    /// One document, schema flightdeck/1
    Json,
}

#[derive(Args, Debug)]
pub(crate) struct Simulate {
    /// Address or port of the first platform; 0 lets the system choose
    #[arg(long, value_name = "ADDR", default_value = "0", value_parser = address)]
    pub(crate) listen: SocketAddr,
    /// Decides every name and number
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub(crate) seed: u64,
    /// How many apps there are
    #[arg(long, value_name = "N", default_value_t = 24)]
    pub(crate) apps: usize,
    /// Serve only this platform; may be repeated
    #[arg(long = "platform", value_name = "NAME", value_parser = clap::builder::PossibleValuesParser::new(PLATFORMS))]
    pub(crate) platforms: Vec<String>,
    /// A fault script (JSON)
    #[arg(long, value_name = "FILE")]
    pub(crate) faults: Option<PathBuf>,
    /// Let all requests through: count none against a limit
    #[arg(long)]
    pub(crate) unlimited: bool,
    /// Simulated seconds a second, for what is in progress
    #[arg(long, value_name = "N", default_value_t = 1.0)]
    pub(crate) speed: f64,
    /// Nothing happens but what requests start
    #[arg(long)]
    pub(crate) still: bool,
    /// First print a complete configuration for it, ended by an empty line
    #[arg(long)]
    pub(crate) print_config: bool,
}

/// What `config` shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ConfigView {
    /// Which file is read
    Path,
    /// What is wrong with it
    Check,
    /// The commented default file
    ShowDefault,
}

fn duration(text: &str) -> Result<Duration, String> {
    parse_duration(text).ok_or_else(|| "a duration is such as 90s, 15m or 2h".into())
}

fn address(text: &str) -> Result<SocketAddr, String> {
    if let Ok(port) = text.parse() {
        return Ok(SocketAddr::from((Ipv4Addr::LOCALHOST, port)));
    }
    let wrong = || "an address is such as 127.0.0.1:8080, or only a port".to_owned();
    let address: SocketAddr = text.parse().map_err(|_| wrong())?;
    if address.ip().is_loopback() {
        Ok(address)
    } else {
        Err("the simulator serves this machine only: use 127.0.0.1 or [::1]".into())
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn the_simulator_stays_on_this_machine() {
        assert_eq!(
            address("0").map(|it| it.to_string()),
            Ok("127.0.0.1:0".into())
        );
        assert_eq!(address("[::1]:80").map(|it| it.port()), Ok(80));
        assert!(address("0.0.0.0:80").is_err());
        assert!(address("localhost").is_err());
    }

    #[test]
    fn what_is_meant_unless_it_is_switched_off_can_be() {
        let pin = |extra: &[&str]| {
            let line = ["flightdeck", "do", "rollback", "shop"];
            let cli = Cli::try_parse_from(line.iter().chain(extra)).unwrap();
            format!("{cli:?}")
        };
        assert!(!pin(&[]).contains("Flag("));
        assert!(pin(&["--pin"]).contains("Flag(true)"));
        assert!(pin(&["--pin=true"]).contains("Flag(true)"));
        assert!(pin(&["--pin=false"]).contains("Flag(false)"));
        // What follows is the next argument, not its value.
        let odd = ["flightdeck", "do", "rollback", "--pin", "shop"];
        assert!(Cli::try_parse_from(odd).is_ok());
    }

    #[test]
    fn options_may_stand_before_and_after_the_command() {
        let cli =
            Cli::try_parse_from(["flightdeck", "get", "apps", "--context", "a", "-o", "json"]);
        assert_eq!(cli.unwrap().global.contexts, ["a"]);
        let cli =
            Cli::try_parse_from(["flightdeck", "--context", "a", "--read-only", "get", "apps"]);
        assert!(cli.unwrap().global.read_only);
    }
}
