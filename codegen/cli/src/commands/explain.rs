//! `eventc explain`

use anyhow::{Result, anyhow};
use clap_complete::engine::ArgValueCompleter;
use eventc_codegen::rules;
use eventc_model::diagnostic::{Level, READING, Rule};

use crate::{completion, context::CommandContext, status::Status};

/// Print what a rule finds, why that is bad and what to do
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  eventc explain EV007
  eventc explain duplicate-key
  eventc explain                 one line for every rule")]
pub(crate) struct Args {
    /// Code or name of the rule; all of them where absent
    #[arg(value_name = "CODE", add = ArgValueCompleter::new(completion::rule_codes))]
    rule: Option<String>,
}

pub(crate) fn run(args: &Args, context: &CommandContext) -> Result<Status> {
    let rules = rules::all();
    let text = match &args.rule {
        None => rules.iter().copied().map(line).collect(),
        Some(name) => page(
            rules
                .find(name)
                .ok_or_else(|| anyhow!("there is no rule {name:?}; {}\nhelp: `eventc explain` lists all", rules.suggestion(name)))?,
        ),
    };
    context.console.print(&text)?;
    Ok(Status::Clean)
}

fn line(rule: &Rule) -> String {
    let Rule { code, name, level, summary, .. } = rule;
    format!("{code}  {name:<28} {:<8} {summary}\n", level.to_string())
}

fn page(rule: &'static Rule) -> String {
    let Rule { code, name, level, summary, docs } = rule;
    let fixed = *level == Level::Error && READING.contains(&rule);
    let setting = if fixed { String::new() } else { format!(" Change it under `[rules]` in eventc.toml, as in `{name} = \"warning\"`.") };
    format!("{code} {name}: {summary}\n\nLevel: {level}.{setting}\n\n{}\n", docs.trim())
}
