//! Repetitions that give nothing back, in the words of engines that always do.

use super::{
    class::CharSet,
    parse::{Greed, ParsedPattern, PatternPart},
};

/// Makes every possessive repetition a plain one where that finds the same, and otherwise what ECMA-262 can say: look ahead for the text,
/// and take exactly that.
pub(super) fn normalise(pattern: &mut ParsedPattern) {
    let mut settler = Settler { groups: pattern.groups };
    settler.part(&mut pattern.root, &Next::Anything);
    if settler.groups > pattern.groups {
        pattern.groups = settler.groups;
        renumber(pattern);
    }
}

/// What can come behind a part.
#[derive(Clone)]
enum Next {
    /// The pattern has matched.
    Anything,
    /// One of these characters, if any character is left.
    Some(CharSet),
}

struct Settler {
    groups: usize,
}

impl Settler {
    fn part(&mut self, part: &mut PatternPart, next: &Next) {
        match part {
            PatternPart::Either(branches) => branches.iter_mut().for_each(|branch| self.sequence(branch, next)),
            PatternPart::Capture(_, inner) => self.part(inner, next),
            PatternPart::Look { inner, .. } => self.part(inner, &Next::Anything),
            PatternPart::Repeat { inner, max, greed, .. } => {
                let again = if *max == Some(1) { next.clone() } else { union(first(inner, next), next) };
                self.part(inner, &again);
                if *greed == Greed::Possessive {
                    *greed = Greed::Greedy;
                    let plain = gives_back_in_vain(inner, next);
                    let all = take(part);
                    *part = if plain { all } else { self.hold(all) };
                }
            }
            _ => {}
        }
    }

    fn sequence(&mut self, parts: &mut [PatternPart], next: &Next) {
        let mut next = next.clone();
        for part in parts.iter_mut().rev() {
            let before = first(part, &next);
            self.part(part, &next);
            next = before;
        }
    }

    /// Looks ahead for a part, and takes what was found.
    fn hold(&mut self, part: PatternPart) -> PatternPart {
        self.groups += 1;
        let capture = PatternPart::Capture(self.groups, Box::new(part));
        let look = PatternPart::Look { behind: false, negative: false, inner: Box::new(capture) };
        PatternPart::Either(vec![vec![look, PatternPart::Back(self.groups)]])
    }
}

/// Returns a repetition; what it holds, if a single time was only there to hold it.
fn take(part: &mut PatternPart) -> PatternPart {
    match std::mem::replace(part, PatternPart::Start) {
        PatternPart::Repeat { inner, min: 1, max: Some(1), .. } => *inner,
        part => part,
    }
}

/// Returns whether nothing is found by giving back a repetition of a part, or some of what is in it: the rest always matches, or begins
/// with what no repetition begins with.
fn gives_back_in_vain(inner: &PatternPart, next: &Next) -> bool {
    let Next::Some(after) = next else { return true };
    match single(inner) {
        PatternPart::Repeat { inner, greed: Greed::Greedy, .. } => {
            is_rigid(inner) && starts(inner).is_some_and(|set| set.is_disjoint(after))
        }
        inner => is_rigid(inner) && starts(inner).is_some_and(|set| set.is_disjoint(after)),
    }
}

/// Returns the only part of a group that holds one.
fn single(part: &PatternPart) -> &PatternPart {
    match part {
        PatternPart::Either(branches) => match &branches[..] {
            [branch] => match &branch[..] {
                [only] => single(only),
                _ => part,
            },
            _ => part,
        },
        _ => part,
    }
}

/// Returns whether a part matches a text in one way alone, whatever the text.
fn is_rigid(part: &PatternPart) -> bool {
    match part {
        PatternPart::Either(branches) => branches.len() == 1 && branches[0].iter().all(is_rigid),
        PatternPart::Char(_) | PatternPart::Class(_) => true,
        PatternPart::Capture(_, inner) => is_rigid(inner),
        PatternPart::Repeat { inner, min, max, .. } => Some(*min) == *max && is_rigid(inner),
        _ => false,
    }
}

/// Returns the characters that a part begins with; `None` where it may be empty or looks around.
fn starts(part: &PatternPart) -> Option<CharSet> {
    match first(part, &Next::Anything) {
        Next::Some(set) => Some(set),
        Next::Anything => None,
    }
}

/// Returns what can come where a part stands, followed by something.
fn first(part: &PatternPart, next: &Next) -> Next {
    match part {
        PatternPart::Either(branches) => {
            let of = |branch: &Vec<PatternPart>| branch.iter().rev().fold(next.clone(), |next, part| first(part, &next));
            branches.iter().map(of).reduce(|all, branch| union(all, &branch)).unwrap_or_else(|| next.clone())
        }
        PatternPart::Char(code) => Next::Some(CharSet::of(&[(*code, *code)])),
        PatternPart::Class(set) => Next::Some(set.clone()),
        PatternPart::End => Next::Some(CharSet::default()),
        PatternPart::Capture(_, inner) => first(inner, next),
        PatternPart::Repeat { inner, min, .. } => {
            let inside = first(inner, next);
            if *min == 0 { union(inside, next) } else { inside }
        }
        // Whether these match depends on more than the character that comes.
        PatternPart::Start | PatternPart::Border(_) | PatternPart::Look { .. } | PatternPart::Back(_) => {
            Next::Some(CharSet::default().negated())
        }
    }
}

fn union(one: Next, other: &Next) -> Next {
    match (one, other) {
        (Next::Some(mut set), Next::Some(other)) => {
            set.add(other);
            Next::Some(set)
        }
        // What may end here without a condition.
        (Next::Anything, Next::Anything) => Next::Anything,
        _ => Next::Some(CharSet::default().negated()),
    }
}

/// Numbers groups by where they begin.
fn renumber(pattern: &mut ParsedPattern) {
    let mut numbers = vec![0; pattern.groups + 1];
    let mut count = 0;
    each(&mut pattern.root, &mut |part| {
        if let PatternPart::Capture(number, _) = part {
            count += 1;
            numbers[*number] = count;
            *number = count;
        }
    });
    each(&mut pattern.root, &mut |part| {
        if let PatternPart::Back(number) = part {
            *number = numbers[*number];
        }
    });
    pattern.names.iter_mut().for_each(|(_, number)| *number = numbers[*number]);
}

fn each(part: &mut PatternPart, visit: &mut dyn FnMut(&mut PatternPart)) {
    visit(part);
    match part {
        PatternPart::Either(branches) => branches.iter_mut().flatten().for_each(|part| each(part, visit)),
        PatternPart::Capture(_, inner) | PatternPart::Look { inner, .. } | PatternPart::Repeat { inner, .. } => each(inner, visit),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use crate::read;

    #[test]
    fn what_gives_nothing_back_finds_what_it_found() {
        for (text, expected) in [
            ("^a++$", "^a+$"),
            ("a++", "a+"),
            (r"^\d{1,3}+\.\d++$", r"^[0-9]{1,3}\.[0-9]+$"),
            ("^(?>a+)b$", "^a+b$"),
            ("^(?>ab)c$", "^abc$"),
            ("^(?:a-)*+b$", "^(?:a-)*b$"),
            ("^a*+a$", r"^(?=(a*))(?:\1)a$"),
            ("^(?>ab|a)c$", r"^(?=(ab|a))(?:\1)c$"),
            (r"^(x)(?>ab|a)\1$", r"^(x)(?=(ab|a))(?:\2)(?:\1)$"),
            (r"^(?>ab|a)(x)\1$", r"^(?=(ab|a))(?:\1)(x)(?:\2)$"),
            (r"^\w++\b$", r"^(?=([0-9A-Z_a-z]+))(?:\1)\b$"),
            ("(?:a++b)+c", "(?:a+b)+c"),
            ("(?:a++)+a", r"(?:(?=(a+))(?:\1))+a"),
        ] {
            let found = read(text).unwrap_or_else(|why| panic!("{text}: {why}"));
            assert_eq!(found.text, expected, "{text}");
        }
    }
}
