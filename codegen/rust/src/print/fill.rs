//! The tokens of a macro call as words that fill lines, spaced as prettyplease spaces them.

use proc_macro2::{Delimiter, Spacing};

use super::tokens::{Cursor, Token, push};

/// Words before which prettyplease always puts a space. (`crate` is one more, but `crate ::path` reads badly.)
const KEYWORDS: &[&str] = &[
    "as", "async", "await", "box", "break", "const", "continue", "dyn", "else", "enum", "extern", "fn", "for", "if", "impl", "in", "let",
    "loop", "macro", "match", "mod", "move", "mut", "pub", "ref", "return", "static", "struct", "trait", "type", "unsafe", "use", "where",
    "while", "yield",
];

/// What stands before a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Start,
    Dollar,
    DollarCrate,
    DollarParen,
    DollarParenSep,
    Pound,
    PoundBang,
    Dot,
    Colon,
    Colon2,
    Ident,
    IdentBang,
    Delim,
    Other,
}

/// The tokens as words, each with the blanks that stand before it in a line.
pub(super) fn words(tokens: Cursor<'_>) -> Vec<(usize, String)> {
    let mut words = Words { done: vec![(0, String::new())] };
    words.stream(tokens);
    words.done
}

/// The tokens in one line.
pub(super) fn flat(tokens: Cursor<'_>, line: &mut String) {
    for (index, (blanks, word)) in words(tokens).iter().enumerate() {
        line.push_str(if index > 0 && *blanks > 0 { " " } else { "" });
        line.push_str(word);
    }
}

struct Words {
    done: Vec<(usize, String)>,
}

impl Words {
    fn add(&mut self, text: &impl std::fmt::Display) {
        if let Some((_, last)) = self.done.last_mut() {
            push(last, text);
        }
    }

    /// A place where a line may end.
    fn part(&mut self, blanks: usize) {
        self.done.push((blanks, String::new()));
    }

    fn stream(&mut self, mut tokens: Cursor<'_>) {
        let mut state = State::Start;
        let mut joined = true;
        while let Some(token) = tokens.next() {
            let (spaced, next) = step(state, token);
            if !joined && spaced {
                self.part(1);
            } else if !joined && matches!(token, Token::Punct('.', _)) {
                self.part(0);
            }
            joined = matches!(token, Token::Punct(_, Spacing::Joint) | Token::Punct('$', _));
            self.token(token);
            state = next;
        }
    }

    fn token(&mut self, token: &Token) {
        match token {
            Token::Ident(ident) => self.add(ident),
            Token::Punct(c, _) => self.add(c),
            Token::Literal(literal) => self.add(literal),
            Token::Group(delimiter, inner) => {
                let (open, close) = match delimiter {
                    Delimiter::Parenthesis => ("(", ")"),
                    Delimiter::Brace => ("{", "}"),
                    Delimiter::Bracket => ("[", "]"),
                    Delimiter::None => ("", ""),
                };
                let padded = *delimiter == Delimiter::Brace && !inner.is_empty();
                self.add(&open);
                if padded {
                    self.part(1);
                }
                self.stream(Cursor::new(inner));
                if padded {
                    self.part(1);
                }
                self.add(&close);
            }
        }
    }
}

/// Whether a token wants a space before it, and what it is to the next one.
fn step(state: State, token: &Token) -> (bool, State) {
    use State::{Colon, Colon2, Delim, Dollar, DollarCrate, DollarParen, DollarParenSep, Dot, Ident, IdentBang, Other, Pound, PoundBang};
    match (state, token) {
        (Dollar, Token::Ident(ident)) if ident == "crate" => (false, DollarCrate),
        (DollarParen, Token::Punct(_, Spacing::Joint)) | (Dollar, Token::Group(Delimiter::Parenthesis, _)) => (false, DollarParen),
        (DollarParen, Token::Punct('+' | '*' | '?', _))
        | (DollarParenSep, Token::Punct('+' | '*', _))
        | (Dollar, Token::Ident(_))
        | (Pound | PoundBang, Token::Group(Delimiter::Bracket, _))
        | (IdentBang, Token::Group(Delimiter::Parenthesis | Delimiter::Bracket, _)) => (false, Other),
        (DollarParen, Token::Ident(_) | Token::Literal(_) | Token::Punct(..)) => (false, DollarParenSep),
        (Pound, Token::Punct('!', _)) => (false, PoundBang),
        (Ident, Token::Group(Delimiter::Parenthesis | Delimiter::Bracket, _)) => (false, Delim),
        (Ident, Token::Punct('!', Spacing::Alone)) => (false, IdentBang),
        (Colon, Token::Punct(':', _)) => (false, Colon2),
        (_, Token::Group(Delimiter::Parenthesis | Delimiter::Bracket, _)) => (true, Delim),
        (_, Token::Ident(ident)) if !KEYWORDS.iter().any(|word| ident == word) => (state != Dot && state != Colon2, Ident),
        (_, Token::Literal(literal)) => (state != Dot, if literal.to_string().ends_with('.') { Other } else { Ident }),
        (_, Token::Punct(',' | ';', _)) => (false, Other),
        (_, Token::Punct('.', _)) => (state != Ident && state != Delim, Dot),
        (_, Token::Punct(':', Spacing::Joint)) => (state != Ident && state != DollarCrate, Colon),
        (_, Token::Punct('$', _)) => (true, Dollar),
        (_, Token::Punct('#', _)) => (true, Pound),
        _ => (true, Other),
    }
}
