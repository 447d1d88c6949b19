//! The neighbours of a page, in a list beside it: the events of its domain, the other services, and so on.

use minijinja::{Value, context};

use super::elements;
use crate::{fields::md, site::relative};

/// The maximum number of neighbours that are listed, the nearest ones, so that a page stays small and few pages change when
/// one comes.
const MAX_NEIGHBOURS: usize = 30;

/// A page that is listed beside its neighbours.
pub(super) struct Neighbour<'a> {
    pub(super) label: &'a str,
    pub(super) page: &'a str,
    /// Whether it is deprecated.
    pub(super) leaves: bool,
}

/// Returns the list beside a page, which is itself at `here` among its neighbours; the list has the name and the page of what
/// holds them all.
pub(super) fn list<'n, T>(page: &str, whole: (&str, &str), all: &'n [T], here: usize, show: impl Fn(&'n T) -> Neighbour<'n>) -> Value {
    let first = here.saturating_sub(MAX_NEIGHBOURS / 2).min(all.len().saturating_sub(MAX_NEIGHBOURS));
    let last = all.len().min(first + MAX_NEIGHBOURS);
    let neighbours = all[first..last].iter().enumerate().map(|(index, item)| {
        let neighbour = show(item);
        context! {
            label => neighbour.label,
            href => md(relative(page, neighbour.page)),
            here => first + index == here,
            leaves => neighbour.leaves,
        }
    });
    let (name, target) = (whole.0, relative(page, whole.1));
    let rest = |is_cut: bool, label: &str| is_cut.then(|| md(elements::link(label, &target)));
    context! {
        title => md(elements::link(name, &target)),
        neighbours => neighbours.collect::<Vec<_>>(),
        earlier => rest(first > 0, "earlier ones"),
        later => rest(last < all.len(), "further ones"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_nearest_are_listed() {
        let all: Vec<String> = (0..100).map(|number| format!("{number}.html")).collect();
        let labels = |here: usize| {
            let list = list("x.html", ("All", "index.html"), &all, here, |page| Neighbour { label: page, page, leaves: false });
            let neighbours: Vec<Value> = list.get_attr("neighbours").expect("neighbours").try_iter().expect("a list").collect();
            let label = |value: &Value| value.get_attr("label").expect("a label").to_string();
            (neighbours.len(), label(&neighbours[0]), label(&neighbours[neighbours.len() - 1]))
        };
        assert_eq!(labels(0), (30, "0.html".to_owned(), "29.html".to_owned()));
        assert_eq!(labels(50), (30, "35.html".to_owned(), "64.html".to_owned()));
        assert_eq!(labels(99), (30, "70.html".to_owned(), "99.html".to_owned()));
    }
}
