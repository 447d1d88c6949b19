//! `eventc completions`

use anyhow::Result;
use clap_complete::Shell;

use crate::{context::CommandContext, status::Status};

/// Print completions for a shell
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

pub(crate) fn run(args: &Args, context: &CommandContext, grammar: &mut clap::Command) -> Result<Status> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, grammar, "eventc", &mut script);
    context.console.print(&String::from_utf8_lossy(&script))?;
    Ok(Status::Clean)
}
