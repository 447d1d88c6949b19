//! `eventc man`

use std::path::PathBuf;

use anyhow::{Context as _, Result, anyhow};
use eventc_model::{names::suggest, text::display_path};

use crate::{context::CommandContext, status::Status};

/// Print the manual page of a command, or write all of them
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  eventc man | man -l -
  eventc man generate | man -l -
  eventc man --out ~/.local/share/man/man1")]
pub(crate) struct Args {
    /// The command; otherwise eventc itself
    command: Option<String>,

    /// Write a page for each command into this folder
    #[arg(long, value_name = "DIR", conflicts_with = "command")]
    out: Option<PathBuf>,
}

pub(crate) fn run(args: &Args, context: &CommandContext, mut grammar: clap::Command) -> Result<Status> {
    grammar.build();
    if let Some(folder) = &args.out {
        std::fs::create_dir_all(folder).with_context(|| format!("cannot create {}", display_path(folder)))?;
        clap_mangen::generate_to(grammar, folder).with_context(|| format!("cannot write in {}", display_path(folder)))?;
        return Ok(Status::Clean);
    }
    let command = match &args.command {
        None => grammar,
        Some(name) => {
            let names: Vec<&str> = grammar.get_subcommands().map(clap::Command::get_name).collect();
            let known = grammar.find_subcommand(name).cloned();
            known.ok_or_else(|| anyhow!("there is no command {name:?}; {}", suggest(name, names.iter().copied())))?
        }
    };
    let mut page = Vec::new();
    clap_mangen::Man::new(command).render(&mut page)?;
    context.console.print(&String::from_utf8_lossy(&page))?;
    Ok(Status::Clean)
}
