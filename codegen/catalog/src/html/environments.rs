//! The pages of environments, and their list.

use eventc_model::GeneratedFile;
use minijinja::context;

use super::{
    elements, frame,
    neighbours::{self, Neighbour},
};
use crate::{
    environments::{page_context, rows},
    fields::md,
    site::{Site, relative},
};

const LIST: &str = "environments/index.html";

pub(super) fn pages(site: &Site<'_>) -> Vec<GeneratedFile> {
    let page = |(here, environment): (usize, &crate::brokers::PlacedEnvironment<'_>)| {
        let page = environment.page.as_str();
        let trail = vec![md(elements::link("Environments", &relative(page, LIST)))];
        let neighbours = neighbours::list(page, ("Environments", LIST), &site.environments, here, |other| Neighbour {
            label: other.name,
            page: &other.page,
            leaves: false,
        });
        frame::render(
            "environment",
            page,
            environment.name,
            trail,
            context! { neighbours => neighbours, ..page_context(site, environment) },
        )
    };
    let mut files: Vec<GeneratedFile> = site.environments.iter().enumerate().map(page).collect();
    files.push(frame::render("environments", LIST, "Environments", Vec::new(), context! { environments => rows(site, LIST) }));
    files
}
