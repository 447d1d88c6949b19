//! The statements of one function.

use super::expression::in_parentheses;

/// Statements, and the names that they have used.
pub(super) struct Body {
    text: String,
    depth: usize,
    nested: usize,
    next: usize,
}

impl Body {
    pub(super) fn new() -> Self {
        Self { text: String::new(), depth: 1, nested: 0, next: 0 }
    }

    /// Returns a name for a value that no other of this function has.
    pub(super) fn name(&mut self, prefix: &str) -> String {
        self.next += 1;
        format!("{prefix}{}", self.next)
    }

    pub(super) fn line(&mut self, line: &str) {
        for _ in 0..self.depth {
            self.text.push_str("  ");
        }
        self.text.push_str(line);
        self.text.push('\n');
    }

    /// Refuses the value unless the condition holds.
    pub(super) fn demand(&mut self, condition: &str) {
        match condition {
            "true" => {}
            "false" => self.line("return false;"),
            condition => self.line(&format!("if (!{}) return false;", in_parentheses(condition))),
        }
    }

    /// Writes a block under a head such as `if (...)`.
    pub(super) fn block(&mut self, head: &str, write: impl FnOnce(&mut Self)) {
        self.line(&format!("{head} {{"));
        self.depth += 1;
        let before = self.text.len();
        write(self);
        let empty = self.text.len() == before;
        self.depth -= 1;
        if empty {
            // Nothing to do under the head: take it back.
            let head_line = self.text.trim_end().rfind('\n').map_or(0, |at| at + 1);
            self.text.truncate(head_line);
        } else {
            self.line("}");
        }
    }

    /// Writes statements of a schema within a schema, at the same place.
    pub(super) fn nested(&mut self, write: impl FnOnce(&mut Self)) {
        self.nested += 1;
        write(self);
        self.nested -= 1;
    }

    /// Returns the depth of the next statement, in blocks and in schemas.
    pub(super) fn depth(&self) -> usize {
        self.depth + self.nested
    }

    pub(super) fn text(self) -> String {
        self.text
    }
}
