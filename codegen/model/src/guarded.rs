//! Calls into libraries that panic on input which they do not expect: an answer there, and no end of the run.

use std::{
    any::Any,
    cell::Cell,
    panic::{AssertUnwindSafe, catch_unwind},
};

thread_local! {
    static ACTIVE: Cell<bool> = const { Cell::new(false) };
}

/// Calls a library. A program's panic hook has nothing to print meanwhile, as [`is_active`] tells it.
///
/// # Errors
/// The message of the panic, where there was one.
///
/// ```
/// use eventc_model::guarded;
/// assert_eq!(guarded::call(|| 1), Ok(1));
/// ```
pub fn call<T>(work: impl FnOnce() -> T) -> Result<T, String> {
    let outer = ACTIVE.replace(true);
    let result = catch_unwind(AssertUnwindSafe(work));
    ACTIVE.set(outer);
    result.map_err(|panic| message(panic.as_ref()))
}

/// Returns whether a panic of this thread becomes an error of [`call`].
pub fn is_active() -> bool {
    ACTIVE.get()
}

fn message(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_else(|| "no message".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_an_error_with_its_message() {
        let broken = call(|| -> u8 { panic!("no {} here", "way") });
        assert_eq!(broken, Err("no way here".to_owned()));
        assert!(!is_active());
        assert_eq!(call(is_active), Ok(true));
    }
}
