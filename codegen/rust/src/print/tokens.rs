//! Tokens taken apart once, and read from left to right.

use std::fmt::Write as _;

use proc_macro2::{Delimiter, Group, Ident, Literal, Punct, Spacing, TokenStream, TokenTree};

/// A token with what it holds.
#[derive(Debug)]
pub(super) enum Token {
    Ident(Ident),
    Punct(char, Spacing),
    Literal(Literal),
    Group(Delimiter, Vec<Token>),
}

/// Takes a stream apart.
pub(super) fn take_apart(stream: TokenStream) -> Vec<Token> {
    let token = |tree| match tree {
        TokenTree::Ident(ident) => Token::Ident(ident),
        TokenTree::Punct(punct) => Token::Punct(punct.as_char(), punct.spacing()),
        TokenTree::Literal(literal) => Token::Literal(literal),
        TokenTree::Group(group) => {
            let (delimiter, inner) = (group.delimiter(), group.stream());
            // The last owner of tokens takes them without a copy.
            drop(group);
            Token::Group(delimiter, take_apart(inner))
        }
    };
    stream.into_iter().map(token).collect()
}

/// Puts tokens together again.
pub(super) fn put_together(tokens: &[Token]) -> TokenStream {
    let tree = |token: &Token| match token {
        Token::Ident(ident) => TokenTree::Ident(ident.clone()),
        Token::Punct(c, spacing) => TokenTree::Punct(Punct::new(*c, *spacing)),
        Token::Literal(literal) => TokenTree::Literal(literal.clone()),
        Token::Group(delimiter, inner) => TokenTree::Group(Group::new(*delimiter, put_together(inner))),
    };
    tokens.iter().map(tree).collect()
}

/// A place in tokens.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cursor<'t> {
    rest: &'t [Token],
}

impl<'t> Cursor<'t> {
    pub(super) fn new(tokens: &'t [Token]) -> Self {
        Self { rest: tokens }
    }

    pub(super) fn rest(&self) -> &'t [Token] {
        self.rest
    }

    pub(super) fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    pub(super) fn next(&mut self) -> Option<&'t Token> {
        let (first, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(first)
    }

    pub(super) fn peek_ident(&self) -> Option<&'t Ident> {
        if let [Token::Ident(ident), ..] = self.rest { Some(ident) } else { None }
    }

    pub(super) fn ident(&mut self) -> Option<&'t Ident> {
        let ident = self.peek_ident()?;
        self.next();
        Some(ident)
    }

    /// Takes a word, if it is next.
    pub(super) fn word(&mut self, word: &str) -> bool {
        let found = self.peek_ident().is_some_and(|ident| ident == word);
        if found {
            self.next();
        }
        found
    }

    pub(super) fn peek_punct(&self, wanted: char) -> bool {
        matches!(self.rest, [Token::Punct(c, _), ..] if *c == wanted)
    }

    /// Takes a mark, if it is next.
    pub(super) fn punct(&mut self, wanted: char) -> bool {
        let found = self.peek_punct(wanted);
        if found {
            self.next();
        }
        found
    }

    /// Takes a mark of two characters, if it is next.
    pub(super) fn two(&mut self, wanted: [char; 2]) -> bool {
        let [Token::Punct(a, Spacing::Joint), Token::Punct(b, _), rest @ ..] = self.rest else { return false };
        let found = [*a, *b] == wanted;
        if found {
            self.rest = rest;
        }
        found
    }

    /// Takes what a delimiter encloses, if it is next.
    pub(super) fn group(&mut self, wanted: Delimiter) -> Option<Cursor<'t>> {
        let [Token::Group(delimiter, inner), rest @ ..] = self.rest else { return None };
        if *delimiter != wanted {
            return None;
        }
        self.rest = rest;
        Some(Cursor::new(inner))
    }

    pub(super) fn peek_group(&self, wanted: Delimiter) -> bool {
        matches!(self.rest, [Token::Group(delimiter, _), ..] if *delimiter == wanted)
    }
}

/// Adds what a token or literal looks like.
pub(super) fn push(text: &mut String, shown: &impl std::fmt::Display) {
    // Writing to a string cannot fail.
    let _ = write!(text, "{shown}");
}
