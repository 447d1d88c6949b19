//! `eventc catalog serve`

use std::{
    collections::HashMap,
    net::{IpAddr, Ipv4Addr, SocketAddr},
    path::PathBuf,
    sync::{PoisonError, RwLock},
    time::Duration,
};

use anyhow::{Result, anyhow};
use eventc_codegen::{
    model::GeneratedFile,
    project::{Findings, OpenError, Project},
    report::counted,
};
use tiny_http::{Header, Method, Request, Response, Server};

use super::{site, watch::FileStates};
use crate::{context::Context, status::Status};

/// Serve the site on this machine and show every change of a schema at once
///
/// Only this machine can reach it. Where a change cannot be read, the pages stay as they were and the console says why.
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

/// The pause between two looks at the files.
const PAUSE: Duration = Duration::from_millis(400);

/// The path at which a page asks which build it would see now.
const VERSION: &str = "__catalog/version";

/// Reloads the page once there is another build.
const RELOAD: &str = "<script>(() => { let seen; setInterval(async () => { try { const now = await (await fetch('/__catalog/version')).text(); \
                      if (seen !== undefined && seen !== now) location.reload(); seen = now; } catch { /* The server is gone for now. */ } }, 600); })();</script>\n";

/// The catalog that is served now.
#[derive(Default)]
struct Build {
    files: HashMap<String, String>,
    number: u64,
}

pub(super) fn run(args: &Args, context: &Context) -> Result<Status> {
    let (project, _, files) = built(context)?;
    let paths = watched(&project, context);
    let seen = FileStates::of(&paths);
    let build = RwLock::new(Build::default());
    show(&build, files);
    let server = Server::http(SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), args.port)).map_err(|error| {
        anyhow!("cannot listen on port {}: {error}\nhelp: choose another with --port, or any free one with --port 0", args.port)
    })?;
    let address = server.server_addr().to_ip().ok_or_else(|| anyhow!("the server has no address"))?;
    context.console.print(&format!("http://{address}/\n"))?;
    context.console.note(&format!("{}; stop with Ctrl-C\n", counted(project.catalog.events().count() as u64, "event")));
    drop(project);
    std::thread::scope(|scope| {
        scope.spawn(|| watch(context, &build, paths, seen));
        for request in server.incoming_requests() {
            answer(request, &build, address);
        }
    });
    Ok(Status::Clean)
}

/// Returns the project with its findings, and the files of its site.
fn built(context: &Context) -> Result<(Project, Findings, Vec<GeneratedFile>)> {
    let project = context.project(None)?;
    let findings = project.lint(None);
    let files = site(&project, &findings)?;
    Ok((project, findings, files))
}

/// Returns the configuration, the schemas and the releases.
fn watched(project: &Project, context: &Context) -> Vec<PathBuf> {
    let config = &project.catalog.config;
    let mut paths = vec![project.base.join(&config.schemas), project.base.join(&config.releases)];
    paths.extend(context.config_file());
    paths
}

/// Builds again whenever a file changed.
fn watch(context: &Context, build: &RwLock<Build>, mut paths: Vec<PathBuf>, mut seen: FileStates) {
    loop {
        std::thread::sleep(PAUSE);
        let now = FileStates::of(&paths);
        if now == seen {
            continue;
        }
        seen = now;
        match built(context) {
            Ok((project, findings, files)) => {
                show(build, files);
                let findings = counted(findings.len() as u64, "finding");
                context.console.note(&format!("built again, {findings}\n"));
                paths = watched(&project, context);
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

fn show(build: &RwLock<Build>, files: Vec<GeneratedFile>) {
    let mut build = build.write().unwrap_or_else(PoisonError::into_inner);
    build.files = files.into_iter().map(|file| (file.path, file.text)).collect();
    build.number += 1;
}

/// Answers a request; that a reader went away meanwhile is no concern.
fn answer(request: Request, build: &RwLock<Build>, address: SocketAddr) {
    let is_own = |header: &Header| {
        let host = header.value.as_str();
        host == address.to_string() || host == format!("localhost:{}", address.port())
    };
    // A page elsewhere may lead its own name to this machine: only requests that name it are answered.
    if !request.headers().iter().any(|header| header.field.equiv("Host") && is_own(header)) {
        let _ = request.respond(Response::from_string("this server answers on 127.0.0.1 alone\n").with_status_code(403));
        return;
    }
    if !matches!(request.method(), Method::Get | Method::Head) {
        let _ = request.respond(Response::from_string("there is nothing to change here\n").with_status_code(405));
        return;
    }
    let path = page(request.url());
    let found = {
        let build = build.read().unwrap_or_else(PoisonError::into_inner);
        if path == VERSION { Some(build.number.to_string()) } else { build.files.get(&path).cloned() }
    };
    let Some(mut text) = found else {
        let _ = request.respond(Response::from_string(format!("there is no page {path}\n")).with_status_code(404));
        return;
    };
    if let Some(end) = text.rfind("</body>").filter(|_| kind(&path).starts_with("text/html")) {
        text.insert_str(end, RELOAD);
    }
    let mut response = Response::from_string(text);
    for (name, value) in [("Content-Type", kind(&path)), ("Cache-Control", "no-store")] {
        if let Ok(header) = Header::from_bytes(name, value) {
            response.add_header(header);
        }
    }
    let _ = request.respond(response);
}

/// Returns the file that an address means.
fn page(url: &str) -> String {
    let path = url.split(['?', '#']).next().unwrap_or("").trim_start_matches('/');
    if path.is_empty() || path.ends_with('/') { format!("{path}index.html") } else { path.to_owned() }
}

fn kind(path: &str) -> &'static str {
    match path.rsplit('.').next() {
        Some("html") => "text/html; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("xml") => "application/atom+xml; charset=utf-8",
        _ => "text/plain; charset=utf-8",
    }
}

#[cfg(test)]
mod tests {
    use super::page;

    #[test]
    fn addresses_lead_to_files() {
        for (url, path) in [("/", "index.html"), ("/services/", "services/index.html"), ("/a/b.html?q=x#y", "a/b.html")] {
            assert_eq!(page(url), path);
        }
    }
}
