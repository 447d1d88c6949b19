//! The command line as a whole.

use clap::Parser;

use crate::{commands::Command, shared::SharedArgs};

/// Compiles event contracts: JSON Schemas become typed Rust, TypeScript and Python, topic constants and a catalog.
#[derive(Debug, Parser)]
#[command(
    name = "eventc",
    version,
    max_term_width = 100,
    arg_required_else_help = true,
    after_help = "\
Examples:
  eventc generate                     compile everything that eventc.toml names
  eventc check --format github        the gate for CI
  eventc generate --schemas schemas --out generated
                                      any folder of JSON Schemas, no configuration
  eventc show order.created           everything about one contract

Exit status: 0 nothing wrong; 1 findings at error level; 2 bad usage or configuration, input that cannot be read,
output that cannot be written."
)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,

    #[command(flatten)]
    pub(crate) shared: SharedArgs,
}
