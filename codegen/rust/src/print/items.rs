//! Items of the forms that the emitter makes. `None` stands for any other form, which prettyplease prints.

use proc_macro2::{Delimiter, Literal};

use super::{
    fill,
    grammar::{calls, expression, shown, text, ty},
    layout::{Doc, Form, List, Page, Piece, flat},
    tokens::{Cursor, Token, push},
};

/// Prints one item, its attributes first.
pub(super) fn item(cursor: &mut Cursor<'_>, page: &mut Page<'_>) -> Option<()> {
    attributes(cursor, page)?;
    let access = access(cursor)?;
    match cursor.peek_ident()?.to_string().as_str() {
        "struct" => structure(cursor, access, page),
        "enum" => enumeration(cursor, access, page),
        "impl" => implementation(cursor, page),
        "static" | "const" => constant(cursor, access, page),
        "type" => alias(cursor, access, page),
        "mod" => module(cursor, access, page),
        "fn" => function(cursor, access, page),
        "use" | "trait" | "union" | "unsafe" | "extern" | "async" | "macro_rules" => None,
        _ => call(cursor, page),
    }
}

/// Documentation and other attributes of what follows, each on its line.
fn attributes(cursor: &mut Cursor<'_>, page: &mut Page<'_>) -> Option<()> {
    while cursor.punct('#') {
        let mut inner = cursor.group(Delimiter::Bracket)?;
        if let Some(doc) = documentation(inner) {
            // A second stroke would make a plain comment of it.
            if doc.starts_with('/') {
                return None;
            }
            page.text("///");
            page.text(&doc);
        } else {
            page.text("#[");
            page.doc(&meta(&mut inner)?, 1);
            page.text("]");
        }
        page.line();
    }
    Some(())
}

/// The line of documentation that an attribute holds.
pub(super) fn documentation(mut attribute: Cursor<'_>) -> Option<String> {
    if !attribute.word("doc") || !attribute.punct('=') {
        return None;
    }
    let [Token::Literal(literal)] = attribute.rest() else { return None };
    let text = unescaped(literal)?;
    (!text.contains('\n')).then(|| text.trim_end_matches(' ').to_owned())
}

/// The text of a string literal without rare escapes.
fn unescaped(literal: &Literal) -> Option<String> {
    let spelled = literal.to_string();
    if let Some(raw) = spelled.strip_prefix("r\"").and_then(|raw| raw.strip_suffix('"')) {
        return Some(raw.to_owned());
    }
    let inner = spelled.strip_prefix('"')?.strip_suffix('"')?;
    let mut text = String::with_capacity(inner.len());
    let mut characters = inner.chars();
    while let Some(c) = characters.next() {
        match c {
            '\\' => text.push(characters.next().filter(|c| matches!(c, '\\' | '"' | '\''))?),
            c => text.push(c),
        }
    }
    Some(text)
}

/// An attribute of names alone: `derive(A, ::b::C)`.
fn meta(inner: &mut Cursor<'_>) -> Option<Doc> {
    let mut doc = Doc::new();
    shown(&mut doc, inner.ident()?);
    let Some(mut names) = inner.group(Delimiter::Parenthesis) else { return inner.is_empty().then_some(doc) };
    let mut list = List::new(Form::Parentheses, Vec::new());
    list.ends_bare = true;
    while !names.is_empty() {
        let name = ty(&mut names)?;
        list.items.push(name);
        // A comma at the end is kept, which is not done here.
        if !names.is_empty() && (!names.punct(',') || names.is_empty()) {
            return None;
        }
    }
    doc.push(Piece::List(list));
    inner.is_empty().then_some(doc)
}

fn access(cursor: &mut Cursor<'_>) -> Option<&'static str> {
    if !cursor.word("pub") {
        return Some("");
    }
    (!cursor.peek_group(Delimiter::Parenthesis)).then_some("pub ")
}

/// One type parameter with at most one bound.
fn generics(cursor: &mut Cursor<'_>, line: &mut String) -> Option<()> {
    if !cursor.punct('<') {
        return Some(());
    }
    line.push('<');
    push(line, cursor.ident()?);
    if cursor.punct(':') {
        line.push_str(": ");
        flat(&ty(cursor)?, line);
    }
    line.push('>');
    cursor.punct('>').then_some(())
}

fn structure(cursor: &mut Cursor<'_>, access: &str, page: &mut Page<'_>) -> Option<()> {
    let mut head = format!("{access}struct ");
    cursor.next();
    push(&mut head, cursor.ident()?);
    generics(cursor, &mut head)?;
    if let Some(fields) = cursor.group(Delimiter::Brace) {
        head.push_str(" {");
        page.rigid(&head);
        return block(fields, page, field);
    }
    let mut inner = cursor.group(Delimiter::Parenthesis)?;
    head.push('(');
    head.push_str(self::access(&mut inner)?);
    flat(&ty(&mut inner)?, &mut head);
    head.push_str(");");
    page.rigid(&head);
    (inner.is_empty() && cursor.punct(';')).then_some(())
}

/// Lines between braces, the first of which stands already.
fn block(mut inner: Cursor<'_>, page: &mut Page<'_>, line: fn(&mut Cursor<'_>, &mut Page<'_>) -> Option<()>) -> Option<()> {
    if !inner.is_empty() {
        page.open();
        loop {
            line(&mut inner, page)?;
            if inner.is_empty() {
                break;
            }
            page.line();
        }
        page.close();
    }
    page.text("}");
    Some(())
}

fn field(cursor: &mut Cursor<'_>, page: &mut Page<'_>) -> Option<()> {
    attributes(cursor, page)?;
    let mut doc = Doc::new();
    text(&mut doc, access(cursor)?);
    shown(&mut doc, cursor.ident()?);
    text(&mut doc, ": ");
    doc.extend(if cursor.punct(':') { ty(cursor)? } else { return None });
    page.doc(&doc, 1);
    page.text(",");
    (cursor.punct(',') || cursor.is_empty()).then_some(())
}

fn enumeration(cursor: &mut Cursor<'_>, access: &str, page: &mut Page<'_>) -> Option<()> {
    let mut head = format!("{access}enum ");
    cursor.next();
    push(&mut head, cursor.ident()?);
    generics(cursor, &mut head)?;
    head.push_str(" {");
    page.rigid(&head);
    block(cursor.group(Delimiter::Brace)?, page, variant)
}

fn variant(cursor: &mut Cursor<'_>, page: &mut Page<'_>) -> Option<()> {
    attributes(cursor, page)?;
    let mut doc = Doc::new();
    shown(&mut doc, cursor.ident()?);
    if let Some(mut inner) = cursor.group(Delimiter::Parenthesis) {
        let held = ty(&mut inner)?;
        if !inner.is_empty() {
            return None;
        }
        doc.push(Piece::List(List::new(Form::Parentheses, vec![held])));
    }
    page.doc(&doc, 1);
    page.text(",");
    (cursor.punct(',') || cursor.is_empty()).then_some(())
}

fn implementation(cursor: &mut Cursor<'_>, page: &mut Page<'_>) -> Option<()> {
    let mut head = String::from("impl");
    cursor.next();
    generics(cursor, &mut head)?;
    head.push(' ');
    let first = ty(cursor)?;
    let mut tail = String::new();
    if cursor.word("for") {
        tail.push_str(" for ");
        flat(&ty(cursor)?, &mut tail);
    }
    tail.push_str(" {");
    page.head(&head, &first, &tail);
    block(cursor.group(Delimiter::Brace)?, page, member)
}

/// An item of an implementation.
fn member(cursor: &mut Cursor<'_>, page: &mut Page<'_>) -> Option<()> {
    attributes(cursor, page)?;
    let access = access(cursor)?;
    match cursor.peek_ident()?.to_string().as_str() {
        "const" => constant(cursor, access, page),
        "type" => alias(cursor, access, page),
        "fn" => function(cursor, access, page),
        _ => None,
    }
}

/// A constant or static: its type, then its value.
fn constant(cursor: &mut Cursor<'_>, access: &str, page: &mut Page<'_>) -> Option<()> {
    let mut declaration = Doc::new();
    text(&mut declaration, access);
    shown(&mut declaration, cursor.ident()?);
    text(&mut declaration, " ");
    shown(&mut declaration, cursor.ident()?);
    text(&mut declaration, ": ");
    declaration.extend(if cursor.punct(':') { ty(cursor)? } else { return None });
    text(&mut declaration, " = ");
    if !cursor.punct('=') {
        return None;
    }
    let value = expression(cursor)?;
    page.doc(&declaration, 0);
    page.doc(&value, 1);
    page.text(";");
    cursor.punct(';').then_some(())
}

fn alias(cursor: &mut Cursor<'_>, access: &str, page: &mut Page<'_>) -> Option<()> {
    let mut head = format!("{access}type ");
    cursor.next();
    push(&mut head, cursor.ident()?);
    generics(cursor, &mut head)?;
    head.push_str(" = ");
    if !cursor.punct('=') {
        return None;
    }
    let target = ty(cursor)?;
    page.rigid(&head);
    page.doc(&target, 1);
    page.text(";");
    cursor.punct(';').then_some(())
}

fn module(cursor: &mut Cursor<'_>, access: &str, page: &mut Page<'_>) -> Option<()> {
    let mut line = format!("{access}mod ");
    cursor.next();
    push(&mut line, cursor.ident()?);
    line.push(';');
    page.text(&line);
    cursor.punct(';').then_some(())
}

fn function(cursor: &mut Cursor<'_>, access: &str, page: &mut Page<'_>) -> Option<()> {
    let mut head = Doc::new();
    text(&mut head, access);
    text(&mut head, "fn ");
    cursor.next();
    shown(&mut head, cursor.ident()?);
    let parameters = parameters(cursor.group(Delimiter::Parenthesis)?)?;
    if parameters.is_empty() {
        text(&mut head, "()");
    } else {
        head.push(Piece::List(List::new(Form::Parentheses, parameters)));
    }
    if cursor.two(['-', '>']) {
        text(&mut head, " -> ");
        head.extend(ty(cursor)?);
    }
    text(&mut head, " {");
    page.doc(&head, 0);
    block(cursor.group(Delimiter::Brace)?, page, statement)
}

fn parameters(mut inner: Cursor<'_>) -> Option<Vec<Doc>> {
    let mut parameters = Vec::new();
    while !inner.is_empty() {
        let mut parameter = Doc::new();
        if inner.punct('&') {
            text(&mut parameter, "&");
        }
        if inner.word("mut") {
            text(&mut parameter, "mut ");
        }
        if inner.word("self") {
            text(&mut parameter, "self");
        } else {
            shown(&mut parameter, inner.ident()?);
            text(&mut parameter, ": ");
            parameter.extend(if inner.punct(':') { ty(&mut inner)? } else { return None });
        }
        parameters.push(parameter);
        if !inner.punct(',') && !inner.is_empty() {
            return None;
        }
    }
    Some(parameters)
}

fn statement(cursor: &mut Cursor<'_>, page: &mut Page<'_>) -> Option<()> {
    let mut ahead = *cursor;
    if let Some((name, links)) = calls(&mut ahead) {
        *cursor = ahead;
        page.calls(&name, &links);
        return Some(());
    }
    let expression = expression(cursor)?;
    let ends = cursor.punct(';');
    page.doc(&expression, usize::from(ends));
    if ends {
        page.text(";");
    }
    Some(())
}

/// A macro that makes items, with braces.
fn call(cursor: &mut Cursor<'_>, page: &mut Page<'_>) -> Option<()> {
    let mut line = String::new();
    if cursor.two([':', ':']) {
        line.push_str("::");
    }
    push(&mut line, cursor.ident()?);
    while cursor.two([':', ':']) {
        line.push_str("::");
        push(&mut line, cursor.ident()?);
    }
    if !cursor.punct('!') {
        return None;
    }
    let inner = cursor.group(Delimiter::Brace)?;
    line.push_str("! {");
    page.text(&line);
    if !inner.is_empty() {
        page.open();
        sentences(inner.rest(), page);
        page.close();
    }
    page.text("}");
    Some(())
}

/// What a macro is given: in its braces a line for each part that ends in a semicolon, so that a change of one is a change of one line.
/// prettyplease would fill lines.
fn sentences(mut tokens: &[Token], page: &mut Page<'_>) {
    while !tokens.is_empty() {
        let is_block = |token: &Token| matches!(token, Token::Group(Delimiter::Brace, _));
        let (before, rest) = tokens.split_at(tokens.iter().position(is_block).unwrap_or(tokens.len()));
        page.fill(&fill::words(Cursor::new(before)));
        let Some((Token::Group(_, inner), rest)) = rest.split_first() else { return };
        page.text(if before.is_empty() { "{" } else { " {" });
        if !inner.is_empty() {
            page.open();
            let mut parts = inner.split_inclusive(|token| matches!(token, Token::Punct(';', _))).peekable();
            while let Some(part) = parts.next() {
                page.fill(&fill::words(Cursor::new(part)));
                if parts.peek().is_some() {
                    page.line();
                }
            }
            page.close();
        }
        page.text(if rest.is_empty() { "}" } else { "} " });
        tokens = rest;
    }
}
