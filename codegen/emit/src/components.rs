//! The strongly connected components of a graph, those that others lead to first.

/// The components of a graph.
#[derive(Debug)]
pub(crate) struct Components {
    /// The nodes of each component; whatever it leads to stands before it.
    members: Vec<Vec<usize>>,
    /// The components that each leads to directly, each once.
    below: Vec<Vec<usize>>,
    of: Vec<usize>,
}

/// The state of a node that Tarjan's algorithm has not settled.
const OPEN: usize = usize::MAX;

impl Components {
    /// Finds the components of a graph, given the nodes that each node leads to (Tarjan, without recursion).
    pub(crate) fn of(edges: &[Vec<usize>]) -> Self {
        let mut found = Self { members: Vec::new(), below: Vec::new(), of: vec![OPEN; edges.len()] };
        let (mut number, mut low) = (vec![OPEN; edges.len()], vec![OPEN; edges.len()]);
        let (mut next, mut waiting) = (0, Vec::new());
        for start in 0..edges.len() {
            let mut path = if number[start] == OPEN { vec![(start, 0)] } else { Vec::new() };
            while let Some((at, done)) = path.last_mut() {
                let at = *at;
                if *done == 0 && number[at] == OPEN {
                    (number[at], low[at], next) = (next, next, next + 1);
                    waiting.push(at);
                }
                if let Some(to) = edges[at].get(*done).copied() {
                    *done += 1;
                    if number[to] == OPEN {
                        path.push((to, 0));
                    } else if found.of[to] == OPEN {
                        low[at] = low[at].min(number[to]);
                    }
                    continue;
                }
                path.pop();
                if let Some((above, _)) = path.last() {
                    low[*above] = low[*above].min(low[at]);
                }
                if low[at] == number[at] {
                    let first = waiting.iter().rposition(|node| *node == at).unwrap_or(0);
                    found.settle(waiting.split_off(first), edges);
                }
            }
        }
        found
    }

    fn settle(&mut self, members: Vec<usize>, edges: &[Vec<usize>]) {
        let own = self.members.len();
        for node in &members {
            self.of[*node] = own;
        }
        let mut below: Vec<usize> = members.iter().flat_map(|node| &edges[*node]).map(|to| self.of[*to]).filter(|to| *to != own).collect();
        below.sort_unstable();
        below.dedup();
        self.members.push(members);
        self.below.push(below);
    }

    /// Returns the component of a node.
    pub(crate) fn of_node(&self, node: usize) -> usize {
        self.of[node]
    }

    /// Makes a value of each component from its nodes and the values of those that it leads to directly.
    pub(crate) fn fold<T: Clone>(&self, mut value: impl FnMut(&[usize], &mut Vec<T>) -> T) -> Vec<T> {
        let mut values: Vec<T> = Vec::with_capacity(self.members.len());
        for (members, below) in self.members.iter().zip(&self.below) {
            let mut below: Vec<T> = below.iter().map(|component| values[*component].clone()).collect();
            let one = value(members, &mut below);
            values.push(one);
        }
        values
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_leads_to_each_other_is_one() {
        let components = Components::of(&[vec![1], vec![2, 3], vec![1], vec![4], vec![], vec![5, 0]]);
        let sets = components.fold(|members, below: &mut Vec<Vec<usize>>| {
            let mut all: Vec<usize> = members.iter().copied().chain(below.iter().flatten().copied()).collect();
            all.sort_unstable();
            all
        });
        let reach = |node: usize| sets[components.of_node(node)].clone();
        assert_eq!(reach(4), [4]);
        assert_eq!(reach(3), [3, 4]);
        assert_eq!(reach(1), [1, 2, 3, 4]);
        assert_eq!(reach(2), reach(1));
        assert_eq!(reach(0), [0, 1, 2, 3, 4]);
        assert_eq!(reach(5), [0, 1, 2, 3, 4, 5]);
        assert_eq!(components.members.len(), 5);
    }
}
