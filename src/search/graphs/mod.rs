//! Partial connectivity, exhaustively: who still reaches whom after some links
//! were cut, for every graph of a few replicas.
//!
//! Two graphs that differ only in the names of followers are the same to the
//! protocol, so of each such class one is tried. Replica 1 leads when the links
//! are cut: the leader's position is part of the graph.

mod trial;

pub use trial::{CLAIM, Trial, try_graph};

use std::fmt;

/// Which links between replicas still work; replica 1 leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Graph {
    /// How many replicas there are.
    pub replicas: u64,
    /// The directed links that work.
    pub open: Vec<(u64, u64)>,
}

impl Graph {
    /// Every graph whose links work in both directions or not at all, up to the
    /// names of followers.
    ///
    /// ```
    /// use omnisim::search::Graph;
    /// // The numbers of rooted graphs: https://oeis.org/A000666.
    /// let counts = [2, 3, 4, 5].map(|replicas| Graph::undirected(replicas).len());
    /// assert_eq!(counts, [2, 6, 20, 90]);
    /// ```
    ///
    /// # Panics
    /// With fewer than 2 replicas, or more than 6.
    pub fn undirected(replicas: u64) -> Vec<Self> {
        let links = links(replicas).filter(|(a, b)| a < b).collect::<Vec<_>>();
        let graphs = classes(replicas, &links);
        let both_ways = |graph: Vec<(u64, u64)>| {
            let both = |(a, b): (u64, u64)| [(a, b), (b, a)];
            graph.into_iter().flat_map(both).collect()
        };
        let graphs = graphs.into_iter().map(both_ways);
        graphs.map(|open| Self { replicas, open }).collect()
    }

    /// Every graph of directed links, up to the names of followers, but for those
    /// that are [undirected](Self::undirected).
    ///
    /// # Panics
    /// With fewer than 2 replicas, or more than 4.
    pub fn one_way(replicas: u64) -> Vec<Self> {
        let links = links(replicas).collect::<Vec<_>>();
        let graphs = classes(replicas, &links).into_iter();
        let graphs = graphs.map(|open| Self { replicas, open });
        graphs.filter(|graph| !graph.is_undirected()).collect()
    }

    /// Whether every link works in both directions or not at all.
    pub fn is_undirected(&self) -> bool {
        let reverse = |(a, b): &(u64, u64)| self.open.contains(&(*b, *a));
        self.open.iter().all(reverse)
    }

    /// The links that are cut.
    pub fn cut(&self) -> Vec<(u64, u64)> {
        let is_cut = |link: &(u64, u64)| !self.open.contains(link);
        links(self.replicas).filter(is_cut).collect()
    }

    /// The replicas that reach a majority, themselves included, in both directions.
    pub fn quorum_connected(&self) -> Vec<u64> {
        let reaches = |replica: u64| {
            let peers = (1..=self.replicas).filter(|peer| {
                self.open.contains(&(replica, *peer)) && self.open.contains(&(*peer, replica))
            });
            1 + peers.count() as u64
        };
        let majority = self.replicas / 2 + 1;
        (1..=self.replicas)
            .filter(|replica| reaches(*replica) >= majority)
            .collect()
    }
}

impl fmt::Display for Graph {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.open.is_empty() {
            return f.write_str("no links");
        }
        let mut space = "";
        for (a, b) in &self.open {
            let arrow = match self.open.contains(&(*b, *a)) {
                true if a > b => continue,
                true => "-",
                false => ">",
            };
            write!(f, "{space}{a}{arrow}{b}")?;
            space = " ";
        }
        Ok(())
    }
}

fn links(replicas: u64) -> impl Iterator<Item = (u64, u64)> {
    (1..=replicas).flat_map(move |from| {
        let others = (1..=replicas).filter(move |to| *to != from);
        others.map(move |to| (from, to))
    })
}

/// One of each class of subsets of `links` that renaming followers maps to each
/// other: the one whose bits make the smallest number.
fn classes(replicas: u64, links: &[(u64, u64)]) -> Vec<Vec<(u64, u64)>> {
    assert!(
        (2..=6).contains(&replicas) && links.len() <= 15,
        "few enough"
    );
    let renamings: Vec<Vec<usize>> = followers_renamed(replicas)
        .into_iter()
        .map(|names| {
            let name = |replica: u64| names[replica as usize - 1];
            let renamed = |(a, b): &(u64, u64)| {
                let (a, b) = (name(*a), name(*b));
                let is_it = |link: &(u64, u64)| *link == (a, b) || *link == (b, a);
                let exact = links.iter().position(|link| *link == (a, b));
                exact.or_else(|| links.iter().position(is_it))
            };
            let places = links.iter().map(renamed);
            places
                .map(|place| place.expect("names are permuted"))
                .collect()
        })
        .collect();
    let rename = |bits: u32, places: &[usize]| {
        let set = (0..links.len()).filter(|place| bits >> place & 1 == 1);
        set.fold(0u32, |renamed, place| renamed | 1 << places[place])
    };
    (0..1u32 << links.len())
        .filter(|bits| {
            renamings
                .iter()
                .all(|places| rename(*bits, places) >= *bits)
        })
        .map(|bits| {
            let set = (0..links.len()).filter(|place| bits >> place & 1 == 1);
            set.map(|place| links[place]).collect()
        })
        .collect()
}

/// All ways to name the followers 2 to `replicas` anew.
fn followers_renamed(replicas: u64) -> Vec<Vec<u64>> {
    let mut all = vec![vec![1]];
    for replica in 2..=replicas {
        all = all
            .into_iter()
            .flat_map(|names: Vec<u64>| {
                (1..=names.len()).map(move |place| {
                    let mut names = names.clone();
                    names.insert(place, replica);
                    names
                })
            })
            .collect();
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_replicas_have_six_graphs_of_which_the_text_tells_the_links() {
        let texts: Vec<String> = Graph::undirected(3)
            .iter()
            .map(ToString::to_string)
            .collect();
        assert_eq!(
            texts,
            [
                "no links",
                "1-2",
                "1-2 1-3",
                "2-3",
                "1-2 2-3",
                "1-2 1-3 2-3"
            ]
        );
        let one_way = Graph::one_way(3);
        assert!(one_way.iter().any(|graph| graph.to_string() == "1>2 2-3"));
    }

    #[test]
    fn classes_of_one_way_graphs_are_as_many_as_burnside_counts() {
        // Of 64 graphs of three replicas, 8 stay the same when 2 and 3 change
        // names; of 4,096 of four, 128 when two do, and 16 when all three rotate.
        let undirected = |replicas| Graph::undirected(replicas).len();
        assert_eq!(Graph::one_way(3).len() + undirected(3), (64 + 8) / 2);
        let four = (4_096 + 3 * 128 + 2 * 16) / 6;
        assert_eq!(Graph::one_way(4).len() + undirected(4), four);
    }

    #[test]
    fn who_reaches_a_majority_in_both_directions_is_quorum_connected() {
        let graph = |open: &[(u64, u64)]| Graph {
            replicas: 3,
            open: open.to_vec(),
        };
        assert_eq!(graph(&[(1, 2), (2, 1)]).quorum_connected(), [1, 2]);
        assert!(
            graph(&[(1, 2), (2, 3), (3, 1)])
                .quorum_connected()
                .is_empty()
        );
        assert_eq!(graph(&[(1, 2)]).cut().len(), 5);
    }
}
