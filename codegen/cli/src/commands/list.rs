//! `eventc list`

use std::path::PathBuf;

use anyhow::Result;
use clap::ValueEnum;
use eventc_codegen::{
    project::Project,
    published,
    report::{counted, pretty},
};
use eventc_model::{catalog::Contract, text::visible};
use serde_json::{Value, json};

use super::{plain::BriefFormat, show};
use crate::{
    context::{CommandContext, found_nothing},
    status::Status,
};

/// List the topics: version, owner, producers and consumers
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  eventc list
  eventc list --format json
  eventc list --schema config > eventc.schema.json      for editors")]
pub(crate) struct Args {
    /// Read this folder of JSON Schemas, without configuration and conventions
    #[arg(long, value_name = "DIR")]
    schemas: Option<PathBuf>,

    /// How to print
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub(super) format: BriefFormat,

    /// Print the JSON Schema of eventc.toml, of `x-event` or of the catalog's `catalog.json` instead
    #[arg(long, value_enum, value_name = "WHAT")]
    schema: Option<Published>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Published {
    Config,
    XEvent,
    Catalog,
}

pub(crate) fn run(args: &Args, context: &CommandContext) -> Result<Status> {
    let text = match args.schema {
        Some(Published::Config) => pretty(&published::config()),
        Some(Published::XEvent) => pretty(&published::x_event()),
        Some(Published::Catalog) => pretty(&eventc_catalog::listing::schema()),
        None => {
            let project = context.project(args.schemas.as_deref())?;
            if let Some(nothing) = found_nothing(&project, args.schemas.as_deref()) {
                context.console.error(&nothing);
                return Ok(Status::Findings);
            }
            if args.format == BriefFormat::Json { pretty(&document(&project)) } else { table(&project) }
        }
    };
    context.console.print(&text)?;
    Ok(Status::Clean)
}

fn document(project: &Project) -> Value {
    let contracts: Vec<_> = project.catalog.contracts.iter().map(|contract| show::outline(project, contract)).collect();
    let summary = json!({ "contracts": contracts.len(), "events": project.catalog.events().count() });
    json!({ "contracts": contracts, "diagnostics": [], "summary": summary })
}

const HEAD: [&str; 5] = ["TOPIC", "VERSION", "OWNER", "PRODUCERS", "CONSUMERS"];

fn table(project: &Project) -> String {
    let rows: Vec<_> = project.catalog.events().map(|contract| row(project, contract)).collect();
    let lines =
        || std::iter::once(HEAD.map(str::to_owned)).chain(rows.iter().map(|row| row.each_ref().map(|cell| visible(cell).into_owned())));
    let mut widths = [0; 5];
    for line in lines() {
        for (width, cell) in widths.iter_mut().zip(&line) {
            *width = cell.chars().count().max(*width);
        }
    }
    let mut text = String::new();
    for line in lines() {
        let cells: Vec<_> = line.iter().zip(widths).map(|(cell, width)| format!("{cell:<width$}")).collect();
        text.push_str(cells.join("  ").trim_end());
        text.push('\n');
    }
    text.push_str(&format!("\n{}\n", counted(rows.len() as u64, "event")));
    text
}

fn row(project: &Project, contract: &Contract) -> [String; 5] {
    let mut consumers: Vec<_> = project.catalog.consumers(contract).iter().map(|consumer| &*consumer.service).collect();
    consumers.dedup();
    let or_dash = |text: String| if text.is_empty() { "-".to_owned() } else { text };
    [
        contract.topic.clone(),
        contract.version.to_string(),
        or_dash(contract.metadata.owner.clone().unwrap_or_default()),
        or_dash(contract.metadata.producers.join(", ")),
        or_dash(consumers.join(", ")),
    ]
}
