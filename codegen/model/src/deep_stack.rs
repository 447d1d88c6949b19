//! Work that recurses as deep as `limits.depth` allows, whatever stack its caller has.

use std::{
    panic::resume_unwind,
    thread::{self, Builder},
};

/// Stack of such a thread, in bytes. Pages that nobody touches cost nothing.
const STACK: usize = 64 << 20;

/// Returns a thread that is yet to be started.
pub(crate) fn thread() -> Builder {
    Builder::new().stack_size(STACK)
}

/// Does some work on a deep stack.
pub(crate) fn run<R: Send>(work: impl Fn() -> R + Sync) -> R {
    thread::scope(|scope| match thread().spawn_scoped(scope, &work) {
        Ok(worker) => worker.join().unwrap_or_else(|panic| resume_unwind(panic)),
        // No further thread could be started: the work is done here.
        Err(_) => work(),
    })
}
