//! Plans as bytes.

use serde::{Deserialize, Serialize};

use super::Plan;
use super::leaf::{Leaf, Leaves};
use super::program::Step;
use super::topic::Topic;
use crate::kept;

/// What of a plan is kept; the rest is made of it.
#[derive(Serialize)]
struct Written<'p> {
    leaves: &'p [Leaf],
    topics: &'p [Topic],
    of_topic: Vec<&'p [u32]>,
    code: &'p [Step],
    ends: &'p [usize],
}

/// The same, read.
#[derive(Deserialize)]
struct Read {
    leaves: Vec<Leaf>,
    topics: Vec<Topic>,
    of_topic: Vec<Vec<u32>>,
    code: Vec<Step>,
    ends: Vec<usize>,
}

impl Plan {
    /// The plan as bytes; see [`kept`] for who may read them.
    pub fn bytes(&self) -> Vec<u8> {
        kept::bytes(&Written {
            leaves: &self.leaves.all,
            topics: self.leaves.topics.all(),
            of_topic: self.leaves.of_topic.iter().map(|dependents| &*dependents.leaves).collect(),
            code: &self.code,
            ends: &self.ends,
        })
    }

    /// A plan of its bytes; `None` if they are not whole.
    pub fn of_bytes(bytes: &[u8]) -> Option<Self> {
        let Read { leaves, topics, of_topic, code, ends } = kept::value(bytes)?;
        let all = leaves.len();
        let inside = |number: &u32| (*number as usize) < all;
        let whole = code.iter().filter_map(|step| step.names()).all(|leaf| leaf < all)
            && of_topic.iter().flatten().all(inside)
            && ends.is_sorted()
            && ends.last().is_none_or(|end| *end == code.len());
        let leaves = Leaves::of_kept(leaves, topics, of_topic).filter(|_| whole)?;
        Some(Self { leaves, code, ends })
    }
}
