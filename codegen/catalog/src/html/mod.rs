//! The site: HTML pages that open from a folder, with a search that needs no server.
//!
//! [`super::site`] decides which pages there are and `super::event` what is said of a contract, for this and for the Markdown pages; the
//! templates in `templates/site/` say how it looks. Nothing global stands on a page, so that a change in one schema rewrites only the
//! pages that show it. Every string is escaped for HTML unless it was made as HTML here.

mod changelog;
mod compare;
mod diff;
pub(super) mod elements;
mod environments;
mod event;
mod findings;
mod flow;
mod frame;
mod lineage;
mod lists;
mod map;
mod migration;
mod neighbours;
mod overview;
mod participants;
mod renames;
mod rules;
mod search;
mod types;
mod usage;

use eventc_model::GeneratedFile;
use rayon::prelude::*;

use super::{brokers::BrokerStates, markup::Markup, site::Site};
use eventc_emit::Input;

/// The folder of the site below that of the catalog.
pub(super) const FOLDER: &str = "site";

/// Returns every file of the site, with paths below its own folder.
pub(super) fn files(input: &Input<'_>, states: &BrokerStates) -> Vec<GeneratedFile> {
    let site = Site::new(input, states, Markup::Html);
    let (lineages, migrations, usage) = (lineage::all(&site), migration::all(&site), usage::Usage::new(input));
    let shared_parts = event::SharedParts { lineages: &lineages, migrations: &migrations, usage: &usage };
    let (events, facts): (Vec<Vec<GeneratedFile>>, Vec<event::PageFacts>) =
        (0..site.contracts.len()).into_par_iter().map(|index| event::page(&site, &shared_parts, index)).unzip();
    let mut files: Vec<GeneratedFile> = events.into_iter().flatten().collect();
    files.extend(participants::pages(&site));
    files.extend(overview::pages(&site, &lineages));
    files.extend(lists::pages(&site));
    files.push(map::page(&site));
    files.extend(environments::pages(&site));
    files.extend(types::pages(&site, &facts));
    files.extend(lineages.values().flat_map(|lineage| diff::pages(&site, lineage)));
    files.extend(changelog::pages(&site, &lineages));
    files.extend(migration::pages(&site, &migrations, &lineages));
    files.push(findings::page(&site, &facts, &migrations));
    files.extend(rules::pages(&site));
    files.extend(search::files(&site, &facts));
    files.extend(frame::assets());
    files
}
