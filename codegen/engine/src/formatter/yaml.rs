//! YAML, laid out anew by `pretty_yaml`, after the entries of block mappings took their order. Comments go where their entries go.

use std::{collections::HashMap, ops::Range};

use pretty_yaml::config::{FormatOptions, LanguageOptions, LayoutOptions};
use yaml_parser::{
    SyntaxElement,
    SyntaxKind::{
        BLOCK_MAP, BLOCK_MAP_ENTRY, BLOCK_MAP_KEY, BLOCK_SEQ, BLOCK_SEQ_ENTRY, COMMENT, DOUBLE_QUOTED_SCALAR, PLAIN_SCALAR,
        SINGLE_QUOTED_SCALAR,
    },
    SyntaxNode,
};

use super::{
    Unformatted, WIDTH,
    order::{Order, rank},
};
use eventc_model::syntax::escape_pointer;

/// Lays a text out as it is ordered.
pub(super) fn formatted(text: &str) -> Result<String, Unformatted> {
    let layout = LayoutOptions { print_width: WIDTH, ..LayoutOptions::default() };
    let language = LanguageOptions { prefer_single_line: true, ..LanguageOptions::default() };
    pretty_yaml::format_text(text, &FormatOptions { layout, language }).map_err(|error| unreadable(&error))
}

/// Puts the entries of block mappings that have an order into it. What is written in flow style stays as it is.
pub(super) fn ordered(text: &str, orders: &HashMap<String, Order>) -> Result<String, Unformatted> {
    let tree = yaml_parser::parse(text).map_err(|error| unreadable(&error))?;
    let lines = Lines::of(text);
    let mappings = lines.mappings_in(&tree, "", 0);
    let all = 0..lines.texts.len();
    Ok(lines.with_inside(all, &mappings, orders).concat())
}

/// Returns the comments of a text, in an order that does not depend on theirs.
pub(super) fn comments(text: &str) -> Vec<String> {
    let Ok(tree) = yaml_parser::parse(text) else { return Vec::new() };
    let tokens = tree.descendants_with_tokens().filter_map(SyntaxElement::into_token);
    let mut comments: Vec<_> = tokens.filter(|token| token.kind() == COMMENT).map(|token| token.text().trim_end().to_owned()).collect();
    comments.sort_unstable();
    comments
}

fn unreadable(error: &yaml_parser::SyntaxError) -> Unformatted {
    Unformatted::Unreadable(error.to_string())
}

/// A block mapping: the lines of its entries, from the comments above the first to the end of the last.
struct Mapping {
    pointer: String,
    /// How far to the right its keys stand.
    column: usize,
    entries: Vec<Entry>,
}

struct Entry {
    key: String,
    /// With the comments above it, and the empty lines below it.
    lines: Range<usize>,
    inside: Vec<Mapping>,
}

impl Mapping {
    fn lines(&self) -> Range<usize> {
        let first = self.entries.first().map_or(0, |entry| entry.lines.start);
        first..self.entries.last().map_or(first, |entry| entry.lines.end)
    }
}

/// A text by its lines, each with its end.
struct Lines<'a> {
    texts: Vec<&'a str>,
    starts: Vec<usize>,
}

impl<'a> Lines<'a> {
    fn of(text: &'a str) -> Self {
        let texts: Vec<&str> = text.split_inclusive('\n').collect();
        let starts = texts
            .iter()
            .scan(0, |at, line| {
                let start = *at;
                *at += line.len();
                Some(start)
            })
            .collect();
        Self { texts, starts }
    }

    fn line_at(&self, offset: usize) -> usize {
        self.starts.partition_point(|start| *start <= offset).saturating_sub(1)
    }

    /// Returns the line behind the content of a node.
    fn end_of(&self, node: &SyntaxNode) -> usize {
        let range = node.text_range();
        let content = node.text().to_string().trim_end().len();
        self.line_at(usize::from(range.start()) + content.saturating_sub(1)) + 1
    }

    /// Returns the outermost block mappings in a node; comments above them stand from the line `from` on.
    fn mappings_in(&self, node: &SyntaxNode, pointer: &str, from: usize) -> Vec<Mapping> {
        node.children()
            .flat_map(|child| match child.kind() {
                BLOCK_MAP => self.mapping(&child, pointer, from).into_iter().collect(),
                BLOCK_SEQ => {
                    let items = child.children().filter(|item| item.kind() == BLOCK_SEQ_ENTRY).enumerate();
                    let inside = |(at, item): (usize, SyntaxNode)| {
                        self.mappings_in(&item, &format!("{pointer}/{at}"), self.line_at(item.text_range().start().into()) + 1)
                    };
                    items.flat_map(inside).collect()
                }
                _ => self.mappings_in(&child, pointer, from),
            })
            .collect()
    }

    /// Returns a mapping; `None` where a key is no plain or quoted word.
    fn mapping(&self, node: &SyntaxNode, pointer: &str, from: usize) -> Option<Mapping> {
        let nodes: Vec<_> = node.children().filter(|child| child.kind() == BLOCK_MAP_ENTRY).collect();
        let offset = usize::from(node.text_range().start());
        let column = offset - self.starts[self.line_at(offset)];
        // What stands at the head of a file speaks of the file.
        let mut above = if pointer.is_empty() { self.line_at(offset) } else { from };
        let mut entries: Vec<Entry> = Vec::with_capacity(nodes.len());
        for entry in &nodes {
            let key = word(&entry.children().find(|child| child.kind() == BLOCK_MAP_KEY)?)?;
            let own = self.line_at(entry.text_range().start().into());
            let first = self.with_comments(own, above);
            if let Some(before) = entries.last_mut() {
                before.lines.end = first;
            }
            let inside = self.mappings_in(entry, &format!("{pointer}/{}", escape_pointer(&key)), own + 1);
            above = self.end_of(entry);
            entries.push(Entry { key, lines: first..above, inside });
        }
        Some(Mapping { pointer: pointer.to_owned(), column, entries })
    }

    /// Returns the first line of the comments that stand directly above a line.
    fn with_comments(&self, own: usize, above: usize) -> usize {
        let is_comment = |line: &usize| self.texts[*line].trim_start().starts_with('#');
        (above.min(own)..own).rev().take_while(is_comment).last().unwrap_or(own)
    }

    /// Returns lines in which mappings took their order.
    fn with_inside(&self, range: Range<usize>, mappings: &[Mapping], orders: &HashMap<String, Order>) -> Vec<String> {
        let mut made = Vec::with_capacity(range.len());
        let mut at = range.start;
        for mapping in mappings {
            let lines = mapping.lines();
            made.extend(self.texts[at..lines.start].iter().map(|line| (*line).to_owned()));
            made.extend(self.arranged(mapping, orders));
            at = lines.end;
        }
        made.extend(self.texts[at..range.end].iter().map(|line| (*line).to_owned()));
        made
    }

    fn arranged(&self, mapping: &Mapping, orders: &HashMap<String, Order>) -> Vec<String> {
        let mut sorted: Vec<&Entry> = mapping.entries.iter().collect();
        if let Some(order) = orders.get(&mapping.pointer) {
            sorted.sort_by_key(|entry| rank(order, &entry.key));
        }
        let prefix = self.texts[mapping.lines().start].get(..mapping.column).unwrap_or_default();
        let mut made = Vec::new();
        for (at, entry) in sorted.into_iter().enumerate() {
            let first = made.len();
            made.extend(self.with_inside(entry.lines.clone(), &entry.inside, orders));
            // What stands before the first key of a mapping, a dash say, stays before whatever comes first.
            let is_clear = |before: &str| before.trim().is_empty() || entry.lines.start == mapping.lines().start;
            if let Some((_, rest)) = made.get(first).and_then(|line| line.split_at_checked(mapping.column)).filter(|(it, _)| is_clear(it)) {
                made[first] = if at == 0 { format!("{prefix}{rest}") } else { format!("{:width$}{rest}", "", width = mapping.column) };
            }
            if let Some(last) = made.last_mut().filter(|last| !last.ends_with('\n')) {
                last.push('\n');
            }
        }
        made
    }
}

/// Returns the text of a key that is written as one word.
fn word(key: &SyntaxNode) -> Option<String> {
    let mut tokens = key.descendants_with_tokens().filter_map(SyntaxElement::into_token);
    let token = tokens.find(|token| [PLAIN_SCALAR, DOUBLE_QUOTED_SCALAR, SINGLE_QUOTED_SCALAR].contains(&token.kind()))?;
    let text = token.text();
    match token.kind() {
        PLAIN_SCALAR => Some(text.to_owned()),
        DOUBLE_QUOTED_SCALAR if !text.contains('\\') => Some(text.trim_matches('"').to_owned()),
        SINGLE_QUOTED_SCALAR if !text.trim_matches('\'').contains('\'') => Some(text.trim_matches('\'').to_owned()),
        _ => None,
    }
}
