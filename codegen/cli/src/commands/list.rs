//! `eventc list`

use std::path::PathBuf;

use anyhow::Result;
use clap::ValueEnum;
use eventc_codegen::{
    project::Project,
    published,
    report::{counted, pretty},
};
use eventc_model::{
    catalog::{Contract, ContractKind},
    text::visible,
};
use serde_json::{Value, json};

use super::{placed, plain::BriefFormat, show};
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
  eventc list --env local                               what is on its brokers
  eventc list --schema config > eventc.schema.json      for editors")]
pub(crate) struct Args {
    /// Read this folder of JSON Schemas, without configuration and conventions
    #[arg(long, value_name = "DIR")]
    schemas: Option<PathBuf>,

    /// List the events of this environment, each with its broker
    #[arg(long, value_name = "ENVIRONMENT", conflicts_with = "schemas")]
    env: Option<String>,

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
            let environment = args.env.as_deref();
            if let Some(environment) = environment {
                placed::state(&project, environment)?;
            }
            if args.format == BriefFormat::Json { pretty(&document(&project, environment)) } else { table(&project, environment) }
        }
    };
    context.console.print(&text)?;
    Ok(Status::Clean)
}

/// Returns the contracts to list, each with its broker in the environment that was asked for; envelopes and records are on no broker.
fn listed<'p>(project: &'p Project, environment: Option<&str>) -> Vec<(&'p Contract, Option<&'p str>)> {
    let all = project.catalog.contracts.iter();
    let Some(environment) = environment else { return all.map(|contract| (contract, None)).collect() };
    let events = all.filter(|contract| contract.kind == ContractKind::Event);
    let placed = events.filter_map(|contract| Some((contract, Some(placed::broker(project, environment, contract)?))));
    placed.collect()
}

fn document(project: &Project, environment: Option<&str>) -> Value {
    let listed = listed(project, environment);
    let events = listed.iter().filter(|(contract, _)| contract.kind == ContractKind::Event).count();
    let summary = json!({ "contracts": listed.len(), "events": events });
    let entry = |(contract, broker): (&Contract, Option<&str>)| {
        let mut outline = show::outline(project, contract);
        if let Some(broker) = broker {
            outline["broker"] = broker.into();
        }
        outline
    };
    let contracts: Vec<_> = listed.into_iter().map(entry).collect();
    json!({ "contracts": contracts, "diagnostics": [], "summary": summary })
}

const HEAD: [&str; 5] = ["TOPIC", "VERSION", "OWNER", "PRODUCERS", "CONSUMERS"];

fn table(project: &Project, environment: Option<&str>) -> String {
    let listed = listed(project, environment).into_iter().filter(|(contract, _)| contract.kind == ContractKind::Event);
    let of = |(contract, broker): (&Contract, Option<&str>)| -> Vec<String> {
        broker.map(str::to_owned).into_iter().chain(row(project, contract)).collect()
    };
    let rows: Vec<Vec<String>> = listed.map(of).collect();
    let head = environment.map(|_| "BROKER").into_iter().chain(HEAD).map(str::to_owned).collect();
    let lines: Vec<Vec<String>> =
        std::iter::once(head).chain(rows.iter().map(|row| row.iter().map(|cell| visible(cell).into_owned()).collect())).collect();
    let mut widths = vec![0; lines[0].len()];
    for line in &lines {
        for (width, cell) in widths.iter_mut().zip(line) {
            *width = cell.chars().count().max(*width);
        }
    }
    let mut text = String::new();
    for line in &lines {
        let cells: Vec<_> = line.iter().zip(&widths).map(|(cell, width)| format!("{cell:<width$}")).collect();
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
