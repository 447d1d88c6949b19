//! Every subschema of the tree, found and linked, in the words of draft 2020-12.
//!
//! [`Schemas`] is an arena: a [`NodeId`] names a subschema, its [`Node`] says where it stands and what it demands. Older dialects
//! are lowered while reading ([`Keywords`]); the raw value stays at hand, so that no keyword is lost.

mod dialect;
mod keywords;
mod kind;
mod meta;
mod read;
mod resolve;
mod schemas;
mod uri;
mod visit;
mod vocabulary;

use std::{sync::OnceLock, thread};

pub use self::{
    dialect::Dialect,
    keywords::{Keywords, Rare, Reference},
    kind::{Kind, Kinds, is_integer},
    schemas::{FileId, Node, NodeId, Schema, Schemas},
    vocabulary::Without,
};
use self::{visit::FileNodes, vocabulary::Described};
use crate::{
    deep,
    diagnostic::Diagnostic,
    source::{Limits, SourceFile, Tree, to_u32},
    syntax::Document,
};

/// Does the same work for every item on all cores, each with a deep stack; the order of the results is that of the items.
fn in_parallel<T: Sync, R: Send>(items: &[T], work: &(impl Fn(usize, &T) -> R + Sync)) -> Vec<R> {
    let run = |first: usize, chunk: &[T]| chunk.iter().zip(first..).map(|(item, index)| work(index, item)).collect::<Vec<R>>();
    // A handful of files is done before further threads are.
    let threads = if items.len() < 64 { 1 } else { thread::available_parallelism().map_or(1, usize::from) };
    let size = items.len().div_ceil(threads).max(1);
    thread::scope(|scope| {
        let spawn = |(number, chunk)| {
            let first = number * size;
            deep::thread().spawn_scoped(scope, move || run(first, chunk)).map_err(|_| (first, chunk))
        };
        let workers: Vec<_> = items.chunks(size).enumerate().map(spawn).collect();
        let join = |worker| match worker {
            Ok(worker) => thread::ScopedJoinHandle::join(worker).unwrap_or_else(|panic| std::panic::resume_unwind(panic)),
            // No further thread could be started: the work is done here.
            Err((first, chunk)) => run(first, chunk),
        };
        workers.into_iter().flat_map(join).collect()
    })
}

impl Schemas {
    /// Parses the files of a tree, finds every subschema and follows every reference. Returns what is wrong beside what
    /// could be read.
    pub fn load(tree: Tree) -> (Self, Vec<Diagnostic>) {
        let mut schemas = Self::default();
        let mut diagnostics = tree.diagnostics;
        let mut files = Vec::with_capacity(tree.files.len());
        for (document, problems) in in_parallel(&tree.files, &|_, file: &SourceFile| Document::parse(file.clone(), &tree.limits)) {
            diagnostics.extend(problems);
            files.extend(document);
        }
        let described = Described::read(&files);
        schemas.found = in_parallel(&files, &|index, document| visit::visit_file(FileId(to_u32(index)), document, &described));
        schemas.own = files.len();
        for file in meta::wanted(&schemas.found) {
            let (document, _) = Document::parse(file, &Limits::default());
            schemas
                .found
                .extend(document.iter().map(|document| visit::visit_file(FileId(to_u32(files.len())), document, &Described::default())));
            files.extend(document);
        }
        schemas.by_pointer.resize_with(files.len(), OnceLock::new);
        resolve::link(&files, &mut schemas, &mut diagnostics);
        schemas.found.iter_mut().for_each(FileNodes::settle);
        schemas.files = files;
        (schemas, diagnostics)
    }
}
