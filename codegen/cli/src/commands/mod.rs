//! The commands, one a file.

mod bump;
mod bus;
mod catalog;
mod check;
mod codeowners;
mod compat;
mod completions;
mod explain;
mod fmt;
mod generate;
mod init;
mod lint;
mod list;
mod man;
mod new;
mod placed;
mod plain;
mod release;
mod show;
mod validate;

use anyhow::Result;
use clap::Subcommand;
use eventc_codegen::report::ReportFormat;

use crate::{context::CommandContext, status::Status};

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Generate(generate::Args),
    Check(check::Args),
    Compat(compat::Args),
    Lint(lint::Args),
    Validate(validate::Args),
    Release(release::Args),
    Bump(bump::Args),
    Bus(bus::Args),
    Codeowners(codeowners::Args),
    Catalog(catalog::Args),
    Fmt(fmt::Args),
    New(new::Args),
    Explain(explain::Args),
    List(list::Args),
    Show(show::Args),
    Init(init::Args),
    Completions(completions::Args),
    Man(man::Args),
}

impl Command {
    /// Returns the format in which it reports.
    pub(crate) fn format(&self) -> ReportFormat {
        match self {
            Self::Check(args) => args.format,
            Self::Compat(args) => args.format().into(),
            Self::Lint(args) => args.format,
            Self::Validate(args) => args.format.into(),
            Self::List(args) => args.format.into(),
            Self::Show(args) => args.format.into(),
            Self::Generate(_)
            | Self::Release(_)
            | Self::Bump(_)
            | Self::Bus(_)
            | Self::Codeowners(_)
            | Self::Catalog(_)
            | Self::Fmt(_)
            | Self::New(_)
            | Self::Explain(_)
            | Self::Init(_)
            | Self::Completions(_)
            | Self::Man(_) => ReportFormat::Human,
        }
    }
}

/// Runs a command; `grammar` is that of the whole command line.
pub(crate) fn run(command: Command, context: &CommandContext, grammar: fn() -> clap::Command) -> Result<Status> {
    match command {
        Command::Generate(args) => generate::run(&args, context),
        Command::Check(args) => check::run(&args, context),
        Command::Compat(args) => compat::run(&args, context),
        Command::Lint(args) => lint::run(&args, context),
        Command::Validate(args) => validate::run(&args, context),
        Command::Release(args) => release::run(&args, context),
        Command::Bump(args) => bump::run(&args, context),
        Command::Bus(args) => bus::run(&args, context),
        Command::Codeowners(args) => codeowners::run(&args, context),
        Command::Catalog(args) => catalog::run(&args, context),
        Command::Fmt(args) => fmt::run(&args, context),
        Command::New(args) => new::run(&args, context),
        Command::Explain(args) => explain::run(&args, context),
        Command::List(args) => list::run(&args, context),
        Command::Show(args) => show::run(&args, context),
        Command::Init(args) => init::run(&args, context),
        Command::Completions(args) => completions::run(&args, context),
        Command::Man(args) => man::run(&args, context, grammar()),
    }
}
