//! Validation of a document that is decoded already.

use serde_json::Value;

use super::{
    Schema,
    check::{Collector, Outcome, Quiet, check_root},
    wording,
};
use crate::{ValidationErrors, Violation};

impl Schema {
    /// Asks of a document what the schema asks.
    ///
    /// # Errors
    /// With all that is wrong with it. A schema that is unusable (see [`compile`](Self::compile)) accepts nothing.
    pub fn validate(&'static self, value: &Value) -> Result<(), ValidationErrors> {
        let whole = |keyword, message| Err(ValidationErrors(vec![Violation::of_all(keyword, message)]));
        let nodes = match self.nodes() {
            Ok(nodes) => nodes,
            Err(error) => return whole("schema", format!("its schema is unusable: {error}")),
        };
        match check_root(self, nodes, value, &mut Quiet) {
            Outcome::Accepted => Ok(()),
            Outcome::Undecided => whole("depth", wording::too_deep()),
            Outcome::Refused => {
                let mut collector = Collector::default();
                check_root(self, nodes, value, &mut collector);
                Err(ValidationErrors(collector.finish()))
            }
        }
    }

    /// Returns whether the schema accepts a document: [`validate`](Self::validate) without the words.
    pub fn is_valid(&'static self, value: &Value) -> bool {
        self.nodes().is_ok_and(|nodes| check_root(self, nodes, value, &mut Quiet) == Outcome::Accepted)
    }
}
