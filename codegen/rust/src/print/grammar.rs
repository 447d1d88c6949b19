//! Types and expressions of the forms that the emitter makes. `None` stands for any other form.

use proc_macro2::Delimiter;

use super::{
    fill,
    layout::{Doc, Form, List, Piece, flat, must_break},
    tokens::{Cursor, Token, push},
};

/// Words that begin expressions which are not read here.
const STATEMENTS: &[&str] =
    &["if", "match", "return", "move", "let", "loop", "while", "for", "unsafe", "async", "break", "continue", "const", "static", "yield"];

/// How the parameters of a path are spelled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Parameters {
    /// `a::B<T>`
    OfType,
    /// `a::B::<T>`
    OfExpression,
}

/// Reads a type.
pub(super) fn ty(cursor: &mut Cursor<'_>) -> Option<Doc> {
    let mut doc = Doc::new();
    ty_into(cursor, &mut doc)?;
    Some(doc)
}

fn ty_into(cursor: &mut Cursor<'_>, doc: &mut Doc) -> Option<()> {
    if cursor.punct('&') {
        text(doc, "&");
        if cursor.punct('\'') {
            text(doc, "'");
            shown(doc, cursor.ident()?);
            text(doc, " ");
        }
        if cursor.word("mut") {
            text(doc, "mut ");
        }
        return ty_into(cursor, doc);
    }
    if cursor.word("impl") {
        text(doc, "impl ");
        return path(cursor, Parameters::OfType, doc);
    }
    if cursor.peek_ident().is_some_and(|ident| ident == "dyn" || ident == "fn") {
        return None;
    }
    if let Some(inner) = cursor.group(Delimiter::Parenthesis) {
        return tuple(inner, ty_into, doc);
    }
    if let Some(mut inner) = cursor.group(Delimiter::Bracket) {
        text(doc, "[");
        ty_into(&mut inner, doc)?;
        text(doc, "]");
        return inner.is_empty().then_some(());
    }
    path(cursor, Parameters::OfType, doc)
}

/// Reads an expression.
pub(super) fn expression(cursor: &mut Cursor<'_>) -> Option<Doc> {
    let mut doc = Doc::new();
    expression_into(cursor, &mut doc)?;
    Some(doc)
}

fn expression_into(cursor: &mut Cursor<'_>, doc: &mut Doc) -> Option<()> {
    let mut prefix = Doc::new();
    while cursor.punct('&') {
        text(&mut prefix, "&");
    }
    let mut operand = Doc::new();
    primary(cursor, &mut operand)?;
    while let Some(arguments) = cursor.group(Delimiter::Parenthesis) {
        call(arguments, &mut operand)?;
    }
    if cursor.peek_punct('.') && !is_range(cursor) {
        operand = chain(cursor, &operand)?;
    }
    append(doc, prefix);
    append(doc, operand);
    // An operator would follow here.
    (cursor.is_empty() || cursor.peek_punct(',') || cursor.peek_punct(';')).then_some(())
}

fn is_range(cursor: &Cursor<'_>) -> bool {
    cursor.clone().two(['.', '.'])
}

/// What comes before calls and fields.
fn primary(cursor: &mut Cursor<'_>, doc: &mut Doc) -> Option<()> {
    if let [Token::Literal(literal), ..] = cursor.rest() {
        cursor.next();
        shown(doc, literal);
        return Some(());
    }
    if let Some(inner) = cursor.group(Delimiter::Parenthesis) {
        return tuple(inner, expression_into, doc);
    }
    if let Some(inner) = cursor.group(Delimiter::Bracket) {
        return array(inner, doc);
    }
    if cursor.peek_ident().is_some_and(|ident| STATEMENTS.iter().any(|word| ident == word)) {
        return None;
    }
    let mut name = Doc::new();
    path(cursor, Parameters::OfExpression, &mut name)?;
    if cursor.punct('!') {
        let mut line = String::new();
        flat(&name, &mut line);
        line.push_str("!(");
        fill::flat(cursor.group(Delimiter::Parenthesis)?, &mut line);
        line.push(')');
        doc.push(Piece::Rigid(line));
        return Some(());
    }
    if let Some(fields) = cursor.group(Delimiter::Brace) {
        return structure(&name, fields, doc);
    }
    append(doc, name);
    Some(())
}

/// Fields and methods after an expression, in one line.
fn chain(cursor: &mut Cursor<'_>, receiver: &Doc) -> Option<Doc> {
    let mut line = String::new();
    for part in std::iter::once(receiver).chain(&links(cursor)?) {
        if must_break(part) {
            return None;
        }
        flat(part, &mut line);
    }
    Some(vec![Piece::Rigid(line)])
}

fn links(cursor: &mut Cursor<'_>) -> Option<Vec<Doc>> {
    let mut links = Vec::new();
    while cursor.punct('.') {
        let mut link = Doc::new();
        text(&mut link, ".");
        shown(&mut link, cursor.ident()?);
        while let Some(arguments) = cursor.group(Delimiter::Parenthesis) {
            call(arguments, &mut link)?;
        }
        links.push(link);
    }
    Some(links)
}

/// The methods called on a short name, one after the other, where a statement is that and nothing else.
pub(super) fn calls(cursor: &mut Cursor<'_>) -> Option<(String, Vec<Doc>)> {
    const LONGEST_NAME: usize = 4;
    let name = cursor.ident()?.to_string();
    let links = links(cursor)?;
    (name.len() <= LONGEST_NAME && links.len() > 1 && cursor.is_empty()).then_some((name, links))
}

/// The arguments of a call.
fn call(mut arguments: Cursor<'_>, doc: &mut Doc) -> Option<()> {
    let is_block = arguments.peek_group(Delimiter::Parenthesis) || arguments.peek_group(Delimiter::Bracket);
    let mut items = items(&mut arguments, expression_into)?;
    match &items[..] {
        [] => text(doc, "()"),
        [only] if is_block || matches!(only[..], [Piece::List(List { form: Form::Braces, .. })]) => {
            let only = items.pop()?;
            text(doc, "(");
            append(doc, only);
            text(doc, ")");
        }
        _ => doc.push(Piece::List(List::new(Form::Parentheses, items))),
    }
    Some(())
}

/// A tuple, of types or of values; a single one is spelled in its own way.
fn tuple(mut inner: Cursor<'_>, read: fn(&mut Cursor<'_>, &mut Doc) -> Option<()>, doc: &mut Doc) -> Option<()> {
    let items = items(&mut inner, read)?;
    match items.len() {
        0 => text(doc, "()"),
        1 => return None,
        _ => doc.push(Piece::List(List::new(Form::Parentheses, items))),
    }
    Some(())
}

fn array(mut inner: Cursor<'_>, doc: &mut Doc) -> Option<()> {
    let tokens = inner.rest();
    let items = items(&mut inner, expression_into)?;
    if items.is_empty() {
        text(doc, "[]");
        return Some(());
    }
    if is_simple(tokens) {
        // Such lists fill lines.
        let mut line = String::new();
        flat(&[Piece::List(List::new(Form::Brackets, items))], &mut line);
        doc.push(Piece::Rigid(line));
    } else {
        doc.push(Piece::List(List::new(Form::Brackets, items)));
    }
    Some(())
}

/// Whether a list holds nothing but whole numbers, characters and truth values.
fn is_simple(tokens: &[Token]) -> bool {
    tokens.iter().all(|token| match token {
        Token::Punct(',', _) => true,
        Token::Ident(ident) => ident == "true" || ident == "false",
        Token::Literal(literal) => !literal.to_string().contains('"'),
        _ => false,
    })
}

/// A struct with its fields.
fn structure(name: &Doc, mut fields: Cursor<'_>, doc: &mut Doc) -> Option<()> {
    let [Piece::Text(head)] = &name[..] else { return None };
    let mut list = List { head: head.clone(), form: Form::Braces, items: Vec::new(), ends_bare: false };
    while !fields.is_empty() {
        let mut item = Doc::new();
        if fields.two(['.', '.']) {
            text(&mut item, "..");
            expression_into(&mut fields, &mut item)?;
            list.ends_bare = true;
        } else {
            shown(&mut item, fields.ident()?);
            if fields.punct(':') {
                text(&mut item, ": ");
                expression_into(&mut fields, &mut item)?;
            }
        }
        list.items.push(item);
        if !fields.punct(',') && !fields.is_empty() {
            return None;
        }
    }
    if list.items.is_empty() {
        return None;
    }
    doc.push(Piece::List(list));
    Some(())
}

/// Items with commas between them, and perhaps one after.
fn items(inner: &mut Cursor<'_>, read: fn(&mut Cursor<'_>, &mut Doc) -> Option<()>) -> Option<Vec<Doc>> {
    let mut items = Vec::new();
    while !inner.is_empty() {
        let mut item = Doc::new();
        read(inner, &mut item)?;
        items.push(item);
        if !inner.punct(',') && !inner.is_empty() {
            return None;
        }
    }
    Some(items)
}

/// A path, `<T as Trait>::item` among them.
fn path(cursor: &mut Cursor<'_>, parameters: Parameters, doc: &mut Doc) -> Option<()> {
    if cursor.punct('<') {
        text(doc, "<");
        ty_into(cursor, doc)?;
        if !cursor.word("as") {
            return None;
        }
        text(doc, " as ");
        segments(cursor, Parameters::OfType, doc)?;
        if !cursor.punct('>') || !cursor.two([':', ':']) {
            return None;
        }
        text(doc, ">::");
        return segments(cursor, parameters, doc);
    }
    segments(cursor, parameters, doc)
}

fn segments(cursor: &mut Cursor<'_>, parameters: Parameters, doc: &mut Doc) -> Option<()> {
    if cursor.two([':', ':']) {
        text(doc, "::");
    }
    loop {
        shown(doc, cursor.ident()?);
        if parameters == Parameters::OfType && cursor.punct('<') {
            angles(cursor, doc)?;
        }
        if !cursor.two([':', ':']) {
            return Some(());
        }
        text(doc, "::");
        if cursor.peek_punct('<') {
            if parameters == Parameters::OfType {
                return None;
            }
            cursor.next();
            angles(cursor, doc)?;
            if !cursor.two([':', ':']) {
                return Some(());
            }
            text(doc, "::");
        }
    }
}

/// Parameters after their opening mark.
fn angles(cursor: &mut Cursor<'_>, doc: &mut Doc) -> Option<()> {
    let mut items = Vec::new();
    while !cursor.punct('>') {
        if cursor.punct('\'') {
            // prettyplease puts lifetimes first.
            if !items.is_empty() {
                return None;
            }
            items.push(vec![Piece::Text(format!("'{}", cursor.ident()?))]);
        } else {
            items.push(ty(cursor)?);
        }
        if !cursor.punct(',') && !cursor.peek_punct('>') {
            return None;
        }
    }
    if items.is_empty() {
        return None;
    }
    doc.push(Piece::List(List::new(Form::Angles, items)));
    Some(())
}

/// Adds text, to the piece before it where that is text.
pub(super) fn text(doc: &mut Doc, text: &str) {
    match doc.last_mut() {
        Some(Piece::Text(last)) => last.push_str(text),
        _ => doc.push(Piece::Text(text.to_owned())),
    }
}

/// Adds what a name or literal looks like, in the same way.
pub(super) fn shown(doc: &mut Doc, shown: &impl std::fmt::Display) {
    match doc.last_mut() {
        Some(Piece::Text(last)) => push(last, shown),
        _ => doc.push(Piece::Text(shown.to_string())),
    }
}

fn append(doc: &mut Doc, pieces: Doc) {
    for piece in pieces {
        match piece {
            Piece::Text(more) => text(doc, &more),
            piece => doc.push(piece),
        }
    }
}
