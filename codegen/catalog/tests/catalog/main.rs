//! The catalog: its pages, and the pictures on them.

mod flow;
mod pages;
mod trees;
