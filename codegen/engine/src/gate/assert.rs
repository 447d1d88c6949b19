//! Compatibility as an assertion in the tests of a service.

use std::path::{Path, PathBuf};

use serde_json::Value;

use super::{ComparedSchema, SourceError, explain};
use crate::{
    compat::{CompareOptions, Verdict, compare},
    project::{Project, ProjectRoot},
    report::{Report, ReportFormat, Style},
};

/// A schema, given in the way that a test has it.
#[derive(Debug, Clone)]
pub enum Given {
    /// The schema itself.
    Value(Value),
    /// A file, with what it refers to.
    File(PathBuf),
    /// A contract of a project: its eventc.toml, and the contract's topic or path below the schema root.
    Contract(PathBuf, String),
}

impl From<Value> for Given {
    fn from(value: Value) -> Self {
        Self::Value(value)
    }
}

impl From<&Value> for Given {
    fn from(value: &Value) -> Self {
        Self::Value(value.clone())
    }
}

impl From<&Path> for Given {
    fn from(path: &Path) -> Self {
        Self::File(path.to_path_buf())
    }
}

impl From<PathBuf> for Given {
    fn from(path: PathBuf) -> Self {
        Self::File(path)
    }
}

impl From<&str> for Given {
    fn from(path: &str) -> Self {
        Self::File(path.into())
    }
}

impl From<(&str, &str)> for Given {
    fn from((config, key): (&str, &str)) -> Self {
        Self::Contract(config.into(), key.to_owned())
    }
}

impl Given {
    fn load(self, name: &str) -> Result<ComparedSchema, String> {
        match self {
            Self::Value(value) => ComparedSchema::from_value(name, &value, None).map_err(|error| error.to_string()),
            Self::File(path) => {
                let here = std::env::current_dir().map_err(|error| error.to_string())?;
                ComparedSchema::read(&path, &here).map_err(|error| error.to_string())
            }
            Self::Contract(config, key) => {
                let project =
                    Project::open(&ProjectRoot::Config(config.clone())).map_err(|error| format!("{}: {error}", config.display()))?;
                ComparedSchema::of_contract(project, &key).map_err(|error: SourceError| error.to_string())
            }
        }
    }
}

/// Asserts that a change of a schema keeps what was promised. See [`assert_compatible!`](crate::assert_compatible).
///
/// # Panics
/// Where the change breaks the promise, where that is not known, or where a side is no schema: with the report that `eventc compat`
/// would print.
#[track_caller]
pub fn assert_compatible(old: impl Into<Given>, new: impl Into<Given>, options: &CompareOptions) {
    let loaded = old.into().load("old").and_then(|old| Ok((old, new.into().load("new")?)));
    let (old, new) = match loaded {
        Ok(loaded) => loaded,
        Err(why) => panic!("there is nothing to compare: {why}"),
    };
    let comparison = compare(old.side(), new.side(), options);
    if comparison.verdict == Verdict::Compatible {
        return;
    }
    let mut sources = old.sources();
    sources.extend(new.sources());
    let findings = explain(&comparison, &old, &new);
    let report = Report { diagnostics: &findings, sources: &sources, facts: &[] };
    panic!("the change is not compatible ({:?})\n\n{}", options.mode, report.render(ReportFormat::Human, Style::default()));
}

/// Asserts in a test that a change of a schema keeps what was promised.
///
/// Each side is a JSON value, the path of a file, or a pair of an eventc.toml and a contract's topic. Further arguments set fields of
/// [`CompareOptions`](crate::compat::CompareOptions).
///
/// ```
/// use eventc_codegen::assert_compatible;
/// use serde_json::json;
///
/// let old = json!({"type": "object", "properties": {"id": {"type": "string"}}, "required": ["id"]});
/// let new = json!({"type": "object", "properties": {"id": {"type": "string"}, "note": {"type": "string"}}, "required": ["id"]});
/// assert_compatible!(old, new);
/// ```
///
/// A break panics with the report:
///
/// ```should_panic
/// # use eventc_codegen::{assert_compatible, compat::CompareMode};
/// # use serde_json::json;
/// assert_compatible!(json!({"type": "integer"}), json!({"type": ["integer", "null"]}), mode: CompareMode::Full);
/// ```
///
/// Files and contracts of a tree are named:
///
/// ```no_run
/// # use eventc_codegen::assert_compatible;
/// assert_compatible!("tests/order.v1.json", ("../../eventc.toml", "shop.order.created.v1"));
/// ```
#[macro_export]
macro_rules! assert_compatible {
    ($old:expr, $new:expr $(, $option:ident: $value:expr)* $(,)?) => {{
        #[allow(unused_mut, reason = "nothing changes where no option is given")]
        let mut options = $crate::compat::CompareOptions::default();
        $(options.$option = $value;)*
        $crate::gate::assert_compatible($old, $new, &options)
    }};
}

#[cfg(test)]
mod tests {
    use std::{fs, panic};

    use serde_json::json;

    /// Returns the message that an assertion panics with.
    fn panic_of(assertion: impl FnOnce() + panic::UnwindSafe) -> String {
        let payload = panic::catch_unwind(assertion).expect_err("the assertion fails");
        payload.downcast_ref::<String>().cloned().unwrap_or_default()
    }

    #[test]
    fn a_break_panics_with_the_report() {
        let text = panic_of(|| assert_compatible!(json!({"maximum": 9}), json!({"maximum": 5})));
        for part in ["EV303 bound-changed", "--> new:1:", "::: old:1:", "\"maximum\":9}", "shown by 9"] {
            assert!(text.contains(part), "no {part:?} in {text}");
        }
        let text = panic_of(|| assert_compatible!(json!({"type": "string"}), json!(7)));
        assert!(text.contains("there is nothing to compare: new is a number"), "{text}");
    }

    #[test]
    fn files_and_contracts_are_sides_too() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = |name: &str| folder.path().join(name);
        fs::create_dir_all(path("schemas/events/order")).expect("folders");
        fs::write(path("eventc.toml"), "[[namespace]]\nname = \"shop\"\n").expect("a file");
        fs::write(path("schemas/events/order/_t.json"), r#"{"$defs": {"id": {"type": "string"}}}"#).expect("a file");
        fs::write(path("schemas/events/order/created.json"), r##"{"properties": {"id": {"$ref": "_t.json#/$defs/id"}}}"##).expect("a file");
        fs::write(path("ours.json"), r#"{"properties": {"id": {"type": "integer"}}}"#).expect("a file");
        let config = path("eventc.toml").to_string_lossy().into_owned();
        let contract = (config.as_str(), "order.created");
        assert_compatible!(path("schemas/events/order/created.json"), contract);
        assert_compatible!(contract, json!({"properties": {"id": {"type": "string"}}}));
        let text = panic_of(|| assert_compatible!(path("ours.json"), contract));
        assert!(text.contains("EV301 type-changed") && text.contains("_t.json:1:"), "{text}");
        let text = panic_of(|| assert_compatible!(path("ours.json"), (config.as_str(), "order.gone")));
        assert!(text.contains("order.gone is no contract of the tree"), "{text}");
        let text = panic_of(|| assert_compatible!("gone.json", contract));
        assert!(text.contains("cannot read gone.json"), "{text}");
    }
}
