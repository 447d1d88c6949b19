//! JSON, laid out anew: two spaces a level, a member a line, a list of scalars on one line where it fits. Texts and numbers keep their spelling.

use std::{collections::HashMap, ops::Range};

use jsonc_parser::{
    CollectOptions, CommentCollectionStrategy, ParseOptions,
    ast::{Comment, Value},
    common::Ranged,
    parse_to_ast,
};

use super::{
    Unformatted, WIDTH,
    order::{Order, rank},
};
use eventc_model::syntax::escape_pointer;

/// Lays a text out; the members of objects that have an order take it.
pub(super) fn formatted(text: &str, orders: &HashMap<String, Order>) -> Result<String, Unformatted> {
    let collect = CollectOptions { comments: CommentCollectionStrategy::Separate, tokens: false };
    let parsed = parse_to_ast(text, &collect, &options()).map_err(|error| Unformatted::Unreadable(error.to_string()))?;
    let root = parsed.value.ok_or_else(|| Unformatted::Unreadable("there is no value".to_owned()))?;
    // A comment is found from both of its neighbours; it is told once, by where it begins.
    let mut comments: Vec<&Comment<'_>> = parsed.comments.iter().flat_map(HashMap::values).flat_map(|all| all.iter()).collect();
    comments.sort_by_key(|comment| comment.start());
    comments.dedup_by_key(|comment| comment.start());
    let mut printer = Printer { text, orders, comments: &comments, kept: 0, out: String::with_capacity(text.len()) };
    printer.comments(0..root.start(), 0);
    printer.value(&root, "", 0, 0);
    let trailing = printer.after(root.end(), text.len());
    printer.aside(&trailing);
    printer.out.push('\n');
    printer.comments(trailing.end..text.len(), 0);
    if printer.kept == comments.len() { Ok(printer.out) } else { Err(Unformatted::Comments) }
}

/// What the tree's own reader takes beside JSON: comments, and commas before a closing bracket.
fn options() -> ParseOptions {
    ParseOptions {
        allow_comments: true,
        allow_trailing_commas: true,
        allow_loose_object_property_names: false,
        allow_missing_commas: false,
        allow_single_quoted_strings: false,
        allow_hexadecimal_numbers: false,
        allow_unary_plus_numbers: false,
        allow_bare_decimal_point_numbers: false,
        allow_non_finite_numbers: false,
        allow_extended_string_escapes: false,
    }
}

struct Printer<'a> {
    text: &'a str,
    orders: &'a HashMap<String, Order>,
    /// In the order of the text.
    comments: &'a [&'a Comment<'a>],
    /// How many of them were printed.
    kept: usize,
    out: String,
}

/// A member or an item, with what goes where it goes.
struct Entry<'a, 'b> {
    /// The text up to the value: the name and a colon, or nothing.
    head: String,
    pointer: String,
    value: &'b Value<'a>,
    /// Where the comments above it stand.
    above: Range<usize>,
    /// Where the comments on its last line stand.
    beside: Range<usize>,
}

impl<'a> Printer<'a> {
    /// Prints a value, of which the first line is indented by `level` and has `column` characters before the value.
    fn value(&mut self, value: &Value<'a>, pointer: &str, level: usize, column: usize) {
        let range = value.range();
        match value {
            Value::Object(object) => {
                let mut entries = self.members(object, pointer);
                if let Some(order) = self.orders.get(pointer) {
                    entries.sort_by_key(|(name, _)| rank(order, name));
                }
                let entries = entries.into_iter().map(|(_, entry)| entry).collect();
                self.block(entries, range.start..range.end, ('{', '}'), level);
            }
            Value::Array(array) => {
                if let Some(line) = self.one_line(&array.elements, range.start..range.end, level * 2 + column) {
                    self.out.push_str(&line);
                } else {
                    let entries = self.items(&array.elements, range.start..range.end, pointer);
                    self.block(entries, range.start..range.end, ('[', ']'), level);
                }
            }
            _ => self.out.push_str(&self.text[range.start..range.end]),
        }
    }

    /// Prints entries a line each between brackets.
    fn block(&mut self, entries: Vec<Entry<'a, '_>>, range: Range<usize>, (open, close): (char, char), level: usize) {
        self.out.push(open);
        let inner = level + 1;
        let last = entries.len().wrapping_sub(1);
        // What stands below the last entry, or in brackets that hold nothing else.
        let rest = entries.iter().map(|entry| entry.beside.end).max().unwrap_or(range.start + 1);
        let is_empty = entries.is_empty() && self.within(&(rest..range.end)).is_empty();
        if !is_empty {
            self.out.push('\n');
        }
        for (at, entry) in entries.into_iter().enumerate() {
            self.comments(entry.above, inner);
            self.indent(inner);
            self.out.push_str(&entry.head);
            self.value(entry.value, &entry.pointer, inner, entry.head.chars().count());
            if at != last {
                self.out.push(',');
            }
            self.aside(&entry.beside);
            self.out.push('\n');
        }
        self.comments(rest..range.end, inner);
        if !is_empty {
            self.indent(level);
        }
        self.out.push(close);
    }

    fn members<'b>(&self, object: &'b jsonc_parser::ast::Object<'a>, pointer: &str) -> Vec<(&'b str, Entry<'a, 'b>)> {
        let mut from = object.range.start + 1;
        let members = object.properties.iter().enumerate().map(|(at, member)| {
            let next = object.properties.get(at + 1).map_or(object.range.end, |next| next.range.start);
            let beside = self.after(member.range.end, next);
            let above = std::mem::replace(&mut from, beside.end)..member.range.start;
            let (name, name_range) = (member.name.as_str(), member.name.range());
            let entry = Entry {
                head: format!("{}: ", &self.text[name_range.start..name_range.end]),
                pointer: format!("{pointer}/{}", escape_pointer(name)),
                value: &member.value,
                above,
                beside,
            };
            (name, entry)
        });
        members.collect()
    }

    fn items<'b>(&self, items: &'b [Value<'a>], range: Range<usize>, pointer: &str) -> Vec<Entry<'a, 'b>> {
        let mut from = range.start + 1;
        let items = items.iter().enumerate().map(|(at, value)| {
            let next = items.get(at + 1).map_or(range.end, Ranged::start);
            let beside = self.after(value.end(), next);
            let above = std::mem::replace(&mut from, beside.end)..value.start();
            Entry { head: String::new(), pointer: format!("{pointer}/{at}"), value, above, beside }
        });
        items.collect()
    }

    /// Returns a list as one line, where it holds scalars alone, and fits.
    fn one_line(&self, items: &[Value<'a>], range: Range<usize>, column: usize) -> Option<String> {
        let is_scalar = |value: &Value<'_>| !matches!(value, Value::Object(_) | Value::Array(_));
        if !items.iter().all(is_scalar) || !self.within(&range).is_empty() {
            return None;
        }
        let spelled: Vec<_> = items.iter().map(|item| &self.text[item.start()..item.end()]).collect();
        let line = format!("[{}]", spelled.join(", "));
        // A comma may follow.
        (items.is_empty() || column + line.chars().count() < WIDTH).then_some(line)
    }

    /// Returns the part of what follows an entry that stands on its last line.
    fn after(&self, end: usize, next: usize) -> Range<usize> {
        let line = self.text[end..next].find('\n').map_or(next, |at| end + at);
        // A comment that begins on the line may end on another.
        let last = self.within(&(end..next)).iter().filter(|comment| comment.start() < line).map(|comment| comment.end()).max();
        end..last.unwrap_or(end)
    }

    fn within(&self, range: &Range<usize>) -> &'a [&'a Comment<'a>] {
        let comments = self.comments;
        let from = comments.partition_point(|comment| comment.start() < range.start);
        let to = comments.partition_point(|comment| comment.start() < range.end);
        &comments[from..to.max(from)]
    }

    /// Prints comments a line each.
    fn comments(&mut self, range: Range<usize>, level: usize) {
        for comment in self.within(&range) {
            self.indent(level);
            self.out.push_str(self.spelled(comment));
            self.out.push('\n');
            self.kept += 1;
        }
    }

    /// Prints comments behind what was printed.
    fn aside(&mut self, range: &Range<usize>) {
        for comment in self.within(range) {
            self.out.push(' ');
            self.out.push_str(self.spelled(comment));
            self.kept += 1;
        }
    }

    fn spelled(&self, comment: &Comment<'_>) -> &'a str {
        self.text[comment.start()..comment.end()].trim_end()
    }

    fn indent(&mut self, level: usize) {
        self.out.extend(std::iter::repeat_n("  ", level));
    }
}
