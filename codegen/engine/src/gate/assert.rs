//! Compatibility as an assertion in the tests of a service.

use std::path::{Path, PathBuf};

use serde_json::Value;

use super::{Schema, SchemaError, explain};
use crate::{
    compat::{Options, Verdict, compare},
    project::{Project, ProjectRoot},
    report::{Format, Report, Style},
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
    fn load(self, name: &str) -> Result<Schema, String> {
        match self {
            Self::Value(value) => Schema::from_value(name, &value, None).map_err(|error| error.to_string()),
            Self::File(path) => Schema::read(&path).map_err(|error| error.to_string()),
            Self::Contract(config, key) => {
                let project =
                    Project::open(&ProjectRoot::Config(config.clone())).map_err(|error| format!("{}: {error}", config.display()))?;
                Schema::of_contract(project, &key).map_err(|error: SchemaError| error.to_string())
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
pub fn assert_compatible(old: impl Into<Given>, new: impl Into<Given>, options: &Options) {
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
    panic!("the change is not compatible ({:?})\n\n{}", options.mode, report.render(Format::Human, Style::default()));
}

/// Asserts in a test that a change of a schema keeps what was promised.
///
/// Each side is a JSON value, the path of a file, or a pair of an eventc.toml and a contract's topic. Further arguments set fields of
/// [`Options`](crate::compat::Options).
///
/// ```no_run
/// use eventc_codegen::{assert_compatible, compat::Mode};
/// use serde_json::json;
///
/// let old = json!({"type": "object", "properties": {"id": {"type": "string"}}, "required": ["id"]});
/// let new = json!({"type": "object", "properties": {"id": {"type": "string"}, "note": {"type": "string"}}, "required": ["id"]});
/// assert_compatible!(old, new);
/// assert_compatible!("tests/order.v1.json", ("../../eventc.toml", "shop.order.created.v1"), mode: Mode::Full);
/// ```
#[macro_export]
macro_rules! assert_compatible {
    ($old:expr, $new:expr $(, $option:ident: $value:expr)* $(,)?) => {{
        #[allow(unused_mut, reason = "nothing changes where no option is given")]
        let mut options = $crate::compat::Options::default();
        $(options.$option = $value;)*
        $crate::gate::assert_compatible($old, $new, &options)
    }};
}
