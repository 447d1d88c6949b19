//! Projects, from their files to what is said of them.

mod builder;
mod bundle;
mod catalog_site;
mod code_first;
mod compatibility_page;
mod history;
mod instance;
mod shared_ids;
