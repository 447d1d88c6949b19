//! `eventc init`

use std::path::Path;

use anyhow::Result;
use eventc_codegen::output::{self, OutputError};

use crate::{context::CommandContext, status::Status};

/// Set up eventc in this folder: configuration, an example, the alias `cargo generate` and CI
///
/// What exists already is left as it is.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  eventc init && eventc generate && eventc check")]
pub(crate) struct Args {}

/// A file to write, and what to do where there is one already.
struct Start {
    path: &'static str,
    text: &'static str,
    otherwise: &'static str,
}

const FILES: [Start; 5] = [
    Start { path: "eventc.toml", text: include_str!("init/eventc.toml"), otherwise: "" },
    Start { path: "schemas/events/order/created.v1.json", text: include_str!("init/created.v1.json"), otherwise: "" },
    Start {
        path: ".cargo/config.toml",
        text: include_str!("init/config.toml"),
        otherwise: "for `cargo generate`, add to it:\n  [alias]\n  generate = \"eventc generate\"\n",
    },
    Start { path: ".github/workflows/eventc.yml", text: include_str!("init/github.yml"), otherwise: "" },
    Start { path: ".gitlab/eventc.yml", text: include_str!("init/gitlab.yml"), otherwise: "" },
];

pub(crate) fn run(_: &Args, context: &CommandContext) -> Result<Status> {
    let grown = Path::new("schemas/events").exists();
    for Start { path, text, otherwise } in &FILES {
        if grown && path.starts_with("schemas/") {
            continue;
        }
        match output::create(Path::new(path), text) {
            Ok(()) => context.console.print(&format!("{path}\n"))?,
            Err(OutputError::Foreign { .. }) => context.console.note(&format!("{path} exists and stays as it is\n{otherwise}")),
            Err(error) => return Err(error.into()),
        }
    }
    context.console.note(
        "next: `eventc generate`, then `eventc check`; `eventc release` when the first contracts are right, so that the gate has \
         something to compare with\n",
    );
    Ok(Status::Clean)
}
