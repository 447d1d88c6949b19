//! Where lines break: pieces of one line, and lists that stand in one line or with an item in each.
//!
//! The rules are those of prettyplease for these forms, so that its output and this one are the same bytes. A form whose breaking is
//! not known here is [`Piece::Rigid`]: where it does not fit, the page gives up and prettyplease does the whole item.

/// The width of a line (prettyplease's own).
const WIDTH: isize = 89;
/// What a line has at least, however far it is indented.
const LEAST: isize = 60;
/// Spaces of a step of indentation.
const STEP: usize = 4;
/// The longest braced list that stands in one line, without its closing brace.
const LONGEST_BRACED: usize = 34;

/// Pieces that stand one after the other.
pub(super) type Doc = Vec<Piece>;

#[derive(Debug)]
pub(super) enum Piece {
    /// Never breaks.
    Text(String),
    /// Would break in ways that are not known here.
    Rigid(String),
    List(List),
}

/// Items between delimiters.
#[derive(Debug)]
pub(super) struct List {
    /// What breaks with the list: the path of a struct.
    pub(super) head: String,
    pub(super) form: Form,
    pub(super) items: Vec<Doc>,
    /// No comma comes after the last item, where that has a line of its own.
    pub(super) ends_bare: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    Parentheses,
    Brackets,
    Angles,
    Braces,
}

impl Form {
    fn open(self) -> &'static str {
        match self {
            Self::Parentheses => "(",
            Self::Brackets => "[",
            Self::Angles => "<",
            Self::Braces => " {",
        }
    }

    fn close(self) -> &'static str {
        match self {
            Self::Parentheses => ")",
            Self::Brackets => "]",
            Self::Angles => ">",
            Self::Braces => "}",
        }
    }

    /// Spaces within the delimiters.
    fn padding(self) -> usize {
        usize::from(self == Self::Braces)
    }
}

impl List {
    pub(super) fn new(form: Form, items: Vec<Doc>) -> Self {
        Self { head: String::new(), form, items, ends_bare: false }
    }

    fn width(&self) -> usize {
        let items: usize = self.items.iter().map(|item| width(item)).sum();
        let commas = 2 * self.items.len().saturating_sub(1);
        self.head.len() + self.form.open().len() + items + commas + 2 * self.form.padding() + self.form.close().len()
    }

    /// Whether it breaks however much room there is.
    fn must_break(&self) -> bool {
        (self.form == Form::Braces && self.width() - 1 > LONGEST_BRACED) || self.items.iter().any(|item| must_break(item))
    }
}

pub(super) fn must_break(doc: &[Piece]) -> bool {
    doc.iter().any(|piece| matches!(piece, Piece::List(list) if list.must_break()))
}

fn width(doc: &[Piece]) -> usize {
    let width = |piece: &Piece| match piece {
        Piece::Text(text) | Piece::Rigid(text) => text.len(),
        Piece::List(list) => list.width(),
    };
    doc.iter().map(width).sum()
}

/// The width up to the next place where the list around could break, with `after` beyond the end; `None` where there is a line's end
/// before that.
fn reach(pieces: &[Piece], after: usize) -> Option<usize> {
    (!must_break(pieces)).then(|| width(pieces) + after)
}

/// The doc in one line.
pub(super) fn flat(doc: &[Piece], out: &mut String) {
    for piece in doc {
        match piece {
            Piece::Text(text) | Piece::Rigid(text) => out.push_str(text),
            Piece::List(list) => {
                out.push_str(&list.head);
                out.push_str(list.form.open());
                out.extend(std::iter::repeat_n(' ', list.form.padding()));
                for (index, item) in list.items.iter().enumerate() {
                    if index > 0 {
                        out.push_str(", ");
                    }
                    flat(item, out);
                }
                out.extend(std::iter::repeat_n(' ', list.form.padding()));
                out.push_str(list.form.close());
            }
        }
    }
}

/// Lines as they grow.
#[derive(Debug)]
pub(super) struct Page<'o> {
    out: &'o mut String,
    indent: usize,
    /// What is left of the line.
    space: isize,
    gave_up: bool,
}

impl<'o> Page<'o> {
    pub(super) fn new(out: &'o mut String) -> Self {
        Self { out, indent: 0, space: WIDTH, gave_up: false }
    }

    /// Whether everything so far stands as prettyplease would have it.
    pub(super) fn is_sound(&self) -> bool {
        !self.gave_up
    }

    pub(super) fn text(&mut self, text: &str) {
        self.out.push_str(text);
        self.space -= signed(text.len());
    }

    /// Ends the line.
    pub(super) fn line(&mut self) {
        self.out.push('\n');
        self.space = (WIDTH - signed(self.indent)).max(LEAST);
        self.out.extend(std::iter::repeat_n(' ', self.indent));
    }

    /// Ends the line for one that is indented further.
    pub(super) fn open(&mut self) {
        self.indent += STEP;
        self.line();
    }

    /// Ends the line for one that is indented less.
    pub(super) fn close(&mut self) {
        self.indent -= STEP;
        self.line();
    }

    /// A line that prettyplease would leave whole only where there is room for it.
    pub(super) fn rigid(&mut self, text: &str) {
        self.gave_up |= signed(text.len()) > self.space;
        self.text(text);
    }

    /// The head of an implementation: what may break, then what goes to the next line where there is no room for it.
    pub(super) fn head(&mut self, head: &str, first: &[Piece], tail: &str) {
        self.text(head);
        self.doc(first, if signed(width(first) + tail.len()) <= self.space { tail.len() } else { 0 });
        if signed(tail.len()) <= self.space || !tail.starts_with(" for ") {
            self.text(tail);
        } else {
            self.line();
            self.text(tail.trim_start());
        }
    }

    /// Lays pieces out; `after` is the width of what follows up to the next place that could break.
    pub(super) fn doc(&mut self, doc: &[Piece], after: usize) {
        for (index, piece) in doc.iter().enumerate() {
            match piece {
                Piece::Text(text) => self.text(text),
                Piece::Rigid(text) => {
                    self.gave_up |= reach(&doc[index + 1..], after).is_none_or(|after| signed(text.len() + after) > self.space);
                    self.text(text);
                }
                Piece::List(list) => self.list(list, reach(&doc[index + 1..], after)),
            }
        }
    }

    fn list(&mut self, list: &List, after: Option<usize>) {
        self.text(&list.head);
        self.text(list.form.open());
        let within = list.width() - list.head.len() - list.form.open().len();
        if after.is_some_and(|after| signed(within + after) <= self.space) && !list.must_break() {
            let mut text = String::with_capacity(within);
            text.extend(std::iter::repeat_n(' ', list.form.padding()));
            for (index, item) in list.items.iter().enumerate() {
                text.push_str(if index > 0 { ", " } else { "" });
                flat(item, &mut text);
            }
            text.extend(std::iter::repeat_n(' ', list.form.padding()));
            text.push_str(list.form.close());
            return self.text(&text);
        }
        self.indent += STEP;
        for (index, item) in list.items.iter().enumerate() {
            let is_last = index + 1 == list.items.len();
            self.line();
            self.doc(item, usize::from(!is_last));
            if !(is_last && list.ends_bare) {
                self.text(",");
            }
        }
        self.close();
        self.text(list.form.close());
    }

    /// The methods called on a name, in one line or in one each.
    pub(super) fn calls(&mut self, name: &str, links: &[Doc]) {
        let total: usize = name.len() + links.iter().map(|link| width(link)).sum::<usize>();
        let breaks = signed(total) > self.space || links.iter().any(|link| must_break(link));
        self.text(name);
        self.indent += if breaks { STEP } else { 0 };
        for (index, link) in links.iter().enumerate() {
            // A short name shares its line with the first.
            if breaks && index > 0 {
                self.line();
            }
            self.doc(link, 0);
        }
        self.indent -= if breaks { STEP } else { 0 };
    }

    /// Words with the blanks before them, as many in a line as there is room for.
    pub(super) fn fill(&mut self, words: &[(usize, String)]) {
        for (index, (blank, word)) in words.iter().enumerate() {
            if index > 0 {
                if signed(blank + word.len()) <= self.space {
                    self.text(if *blank == 0 { "" } else { " " });
                } else {
                    self.line();
                }
            }
            self.text(word);
        }
    }
}

/// Lengths of text in memory fit.
fn signed(length: usize) -> isize {
    isize::try_from(length).unwrap_or(isize::MAX)
}
