//! The catalog: its pages, and the pictures on them.

mod environments;
mod flow;
mod nesting;
mod pages;
mod trees;
