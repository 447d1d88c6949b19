//! `eventc bus`

#[cfg(feature = "live")]
mod ask;
#[cfg(feature = "live")]
mod live;

use std::time::Duration;

use anyhow::Result;
use clap::{Subcommand, ValueEnum};
use eventc_codegen::date::Date;
use eventc_model::config::Broker;

use crate::{context::CommandContext, date, status::Status};

/// Compare contracts with the brokers of an environment: topics, queues, dead letters and rights; and apply them
///
/// Only what contracts name is touched. Exit status: 0 nothing differs, or done; 3 something differs; 1 something failed, or only a person
/// can settle it; 2 bad usage or configuration.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    command: BusCommand,
}

#[derive(Debug, Subcommand)]
enum BusCommand {
    /// Show what differs and what `apply` would do, and change nothing
    Plan(PlanArgs),
    /// Do what makes the brokers as the contracts say; asks before
    Apply(ApplyArgs),
    /// Show what differs, for a job that runs every day: exit status 3 where anything does
    Drift(PlanArgs),
    /// Write the settings of running topics into eventc.toml, where they differ from what is stated there (Kafka)
    Import(ImportArgs),
}

#[derive(Debug, clap::Args)]
struct PlanArgs {
    #[command(flatten)]
    target: TargetArgs,

    #[command(flatten)]
    changes: ChangeArgs,
}

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  eventc bus apply --env local
  eventc bus apply --env production --yes                      in CI, where nobody can be asked
  eventc bus apply --env production --allow reset --allow revoke
                                                               take away what no contract asks for
  eventc bus apply --env production --allow repartition=order.created.v1
                                                               more partitions for a topic whose keys then move")]
struct ApplyArgs {
    #[command(flatten)]
    target: TargetArgs,

    #[command(flatten)]
    changes: ChangeArgs,

    /// Do it without asking
    #[arg(long)]
    yes: bool,

    /// Show what would be done, and do nothing
    #[arg(long)]
    dry_run: bool,
}

#[derive(Debug, clap::Args)]
struct ImportArgs {
    #[command(flatten)]
    target: TargetArgs,

    /// Do it without asking
    #[arg(long)]
    yes: bool,

    /// Show eventc.toml as it would be, and write nothing
    #[arg(long)]
    dry_run: bool,
}

/// Which brokers.
#[derive(Debug, clap::Args)]
struct TargetArgs {
    /// The environment: a name under [environments]
    #[arg(long, value_name = "NAME")]
    env: String,

    /// The brokers of this kind alone
    #[arg(long, value_enum, value_name = "KIND")]
    only: Option<BrokerKind>,

    /// How long a broker may take for an answer, in seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 30, value_parser = clap::value_parser!(u64).range(1..=3600))]
    timeout: u64,
}

/// What may be changed, and how it is told.
#[derive(Debug, clap::Args)]
struct ChangeArgs {
    /// Let something be taken away that no contract asks for: reset, revoke, unbind, repartition=TOPIC or recreate=QUEUE; may be repeated
    #[arg(long, value_name = "WHAT", value_parser = allowed)]
    allow: Vec<String>,

    /// Delete topics, queues and exchanges of contracts that are past their sunset, with all that they hold
    #[arg(long)]
    prune: bool,

    /// How to report: human, json, or markdown for a pull request
    #[arg(long, value_enum, value_name = "FORMAT", default_value = "human")]
    format: ChangeFormat,

    /// The day that decides about sunsets; otherwise today, in UTC
    #[arg(long, value_name = "DATE", value_parser = date::parse)]
    today: Option<Date>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum BrokerKind {
    Kafka,
    Rabbitmq,
}

impl From<BrokerKind> for Broker {
    fn from(kind: BrokerKind) -> Self {
        match kind {
            BrokerKind::Kafka => Self::Kafka,
            BrokerKind::Rabbitmq => Self::Rabbitmq,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum ChangeFormat {
    Human,
    Json,
    Markdown,
}

impl TargetArgs {
    #[cfg_attr(not(feature = "live"), expect(dead_code, reason = "live commands alone have brokers"))]
    fn timeout(&self) -> Duration {
        Duration::from_secs(self.timeout)
    }

    #[cfg_attr(not(feature = "live"), expect(dead_code, reason = "live commands alone have brokers"))]
    fn only(&self) -> Option<Broker> {
        self.only.map(Broker::from)
    }
}

/// Checks what `--allow` says, as far as its grammar goes.
fn allowed(text: &str) -> Result<String, String> {
    let is_known = match text.split_once('=') {
        Some(("repartition" | "recreate", name)) => !name.is_empty(),
        Some(_) => false,
        None => ["reset", "revoke", "unbind"].contains(&text),
    };
    is_known.then(|| text.to_owned()).ok_or_else(|| "one of reset, revoke, unbind, repartition=TOPIC, recreate=QUEUE".to_owned())
}

pub(crate) fn run(args: &Args, context: &CommandContext) -> Result<Status> {
    #[cfg(feature = "live")]
    return live::run(&args.command, context);
    #[cfg(not(feature = "live"))]
    {
        let _ = (args, context);
        Err(crate::shared::without_live("bus"))
    }
}
