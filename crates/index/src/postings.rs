//! Where single terms stand, for those who score studies in a way of their own.

use model::{Piece, piece};
use vocabulary::ConceptId;

use crate::{
    Error, layout,
    snapshot::{List, Snapshot},
};

/// A term of the index, whatever the piece.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Term {
    /// A normal word.
    Word(String),
    /// A concept: named in a text, or a heading of the study.
    Concept(ConceptId),
}

impl Term {
    fn prefix(&self) -> String {
        match self {
            Self::Word(word) => layout::word_prefix(word),
            Self::Concept(concept) => layout::concept_prefix(*concept),
        }
    }
}

impl Snapshot {
    /// Shows every study that has a term: the study's number, the weight that `weigh` gives the piece, and how often it
    /// stands there. Pieces to which `weigh` gives nothing, and those of sites, are passed over.
    pub fn each_posting(
        &self,
        term: &Term,
        weigh: &dyn Fn(&Piece) -> f32,
        f: &mut dyn FnMut(u32, f32, u32),
    ) -> Result<(), Error> {
        let wanted = |list: &List| Some(weigh(list.piece)).filter(|w| *w > 0.0 && !list.piece.in_location());
        for (segment, lists) in self.segments.iter().zip(self.lists(&term.prefix())?) {
            for (list, weight) in lists.iter().filter_map(|list| Some((list, wanted(list)?))) {
                segment.each_with_count(&list.info, |number, count| f(number, weight, count))?;
            }
        }
        Ok(())
    }

    /// The studies that have a whole value of a piece (`FEMALE` of `Sex`), ascending.
    pub fn having(&self, name: &str, value: &str) -> Result<Vec<u32>, Error> {
        let piece = piece::known(name);
        let mut term = String::new();
        layout::whole(&mut term, piece, value);
        let mut studies = Vec::new();
        for (segment, lists) in self.segments.iter().zip(self.list(&term, piece)?) {
            for list in lists {
                segment.each(&list.info, |number| studies.push(number))?;
            }
        }
        studies.sort_unstable();
        Ok(studies)
    }
}
