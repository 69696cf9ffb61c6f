//! `asthma and either A or B`: what stands behind "either" is one of several.

use super::cx::{Cx, join};
use super::lexicon::Class;
use super::list::{Link, Part, Tied};

impl Cx<'_> {
    /// Joins what stands from `either` to the parts behind its `or`, which "and" would tear apart.
    pub fn either(&self, nodes: &mut Vec<Tied>, parts: &[Part]) {
        if nodes.len() != parts.len() || nodes.len() < 3 {
            return;
        }
        let ors: Vec<bool> = nodes.iter().map(|(_, link)| matches!(link, Some((Link::Or, _)))).collect();
        let ors = |k: usize| ors.get(k).is_some_and(|or| *or);
        let mut i = parts.len();
        while i > 0 {
            i -= 1;
            if !self.says_either(&parts[i]) {
                continue;
            }
            let Some(or) = (i + 1..parts.len()).find(|&k| ors(k)) else { continue };
            let end = (or + 1..=parts.len()).find(|&k| !ors(k)).unwrap_or(or + 1);
            let members: Vec<_> = nodes.drain(i..end.min(nodes.len())).collect();
            let link = members.first().and_then(|(_, link)| *link);
            let either =
                join(members.into_iter().filter_map(|(node, _)| node).collect(), true, "structure.or");
            nodes.insert(i, (either, link));
        }
    }

    fn says_either(&self, part: &Part) -> bool {
        (part.a..part.b).any(|i| self.is(i, Class::Skip) && self.word_is(i, &["either"]))
    }
}
