//! The threads that eventc works on: those that follow schemas nested as deep as reading allows need more stack than the
//! platform's default.

use std::sync::OnceLock;

use rayon::{ThreadPool, ThreadPoolBuilder};

/// Stack of each thread, in bytes. Pages that nobody touches cost nothing.
const STACK: usize = 256 << 20;

/// Does some work on these threads, and in parallel there.
pub fn run<R: Send>(work: impl FnOnce() -> R + Send) -> R {
    static POOL: OnceLock<Option<ThreadPool>> = OnceLock::new();
    match POOL.get_or_init(|| ThreadPoolBuilder::new().stack_size(STACK).build().ok()) {
        Some(pool) => pool.install(work),
        // Without threads of its own the work is done on those that there are.
        None => work(),
    }
}
