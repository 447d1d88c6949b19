//! `eventc completions`

use anyhow::{Context as _, Result};
use clap_complete::Shell;

use crate::{completion, context::CommandContext, status::Status};

/// Print completions for a shell
///
/// They offer commands, options, topics of the project around the working folder, rules and targets. The script asks the installed `eventc`
/// each time: after an update print it anew.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  eventc completions bash > ~/.local/share/bash-completion/completions/eventc
  eventc completions zsh > ~/.zfunc/_eventc
  eventc completions fish > ~/.config/fish/completions/eventc.fish")]
pub(crate) struct Args {
    /// The shell
    shell: Shell,
}

pub(crate) fn run(args: &Args, context: &CommandContext) -> Result<Status> {
    let script = completion::script(&args.shell.to_string()).context("cannot make completions")?;
    context.console.print(&script)?;
    Ok(Status::Clean)
}
