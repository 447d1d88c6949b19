//! `eventc catalog serve`

mod answer;
mod build;
mod server;

use std::{
    net::{Ipv4Addr, TcpListener},
    sync::{Arc, PoisonError, RwLock},
};

use anyhow::{Result, anyhow};
use eventc_codegen::{
    model::GeneratedFile,
    project::{Findings, OpenError, Project},
    report::counted,
};

use self::{build::BuiltSite, server::ClientLimits};
use super::site;
use crate::{context::CommandContext, status::Status, watched::Watched};

/// Serve the site on this machine and show every change of a schema at once
///
/// Only this machine can reach it, and no page of another site. Where a change cannot be read, the pages stay as they were and the console says why.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  eventc catalog serve
  eventc catalog serve --port 0    any free port; the address is printed")]
pub(super) struct Args {
    /// The port; 0 for any that is free
    #[arg(long, value_name = "PORT", default_value_t = 4747)]
    port: u16,
}

pub(super) fn run(args: &Args, context: &CommandContext) -> Result<Status> {
    let mut watched = Watched::new(context.places(None)?);
    let (project, _, files) = built(context, &mut watched)?;
    let build = Arc::new(RwLock::new(BuiltSite::default()));
    show(&build, files);
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, args.port)).map_err(|error| {
        anyhow!("cannot listen on port {}: {error}\nhelp: choose another with --port, or any free one with --port 0", args.port)
    })?;
    let address = listener.local_addr()?;
    context.console.print(&format!("http://{address}/\n"))?;
    context.console.note(&format!("{}; stop with Ctrl-C\n", counted(project.catalog.events().count() as u64, "event")));
    drop(project);
    std::thread::scope(|scope| {
        scope.spawn(|| watch(context, &build, watched));
        let build = build.clone();
        server::run(listener, ClientLimits::default(), move |request| {
            answer::answer(request, &build.read().unwrap_or_else(PoisonError::into_inner), address)
        })
    })?;
    Ok(Status::Clean)
}

/// Returns the project with its findings, and the files of its site.
fn built(context: &CommandContext, watched: &mut Watched) -> Result<(Project, Findings, Vec<GeneratedFile>)> {
    let project = watched.read(|| context.inputs(None), |inputs| inputs)?.open();
    watched.keep_around(&project);
    let findings = project.lint(None);
    let files = site(&project, &findings)?;
    Ok((project, findings, files))
}

/// Builds again whenever a file changed.
fn watch(context: &CommandContext, build: &RwLock<BuiltSite>, mut watched: Watched) {
    loop {
        watched.wait();
        match built(context, &mut watched) {
            Ok((_, findings, files)) => {
                show(build, files);
                let findings = counted(findings.len() as u64, "finding");
                context.console.note(&format!("built again, {findings}\n"));
            }
            Err(error) => {
                if let Some(OpenError::Config { diagnostics, sources }) = error.downcast_ref() {
                    context.explain_failure(diagnostics, sources);
                }
                context.console.error(&format!("{error:#}; the pages stay as they were"));
            }
        }
    }
}

fn show(build: &RwLock<BuiltSite>, files: Vec<GeneratedFile>) {
    build.write().unwrap_or_else(PoisonError::into_inner).show(files);
}
