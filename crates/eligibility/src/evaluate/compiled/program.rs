//! Studies as small programs over planes of bits: a step works on all people of a block at once.

use std::ops::ControlFlow;

use serde::{Deserialize, Serialize};

use super::word::Word;

/// The truth of something for some people, a bit for each. What neither holds nor fails is unknown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Planes<W = u64> {
    /// Of whom it holds.
    pub holds: W,
    /// Of whom it does not.
    pub fails: W,
    /// Of whom it is unknown, and a record would settle it; only people can settle the others.
    pub asks: W,
}

impl<W: Word> Planes<W> {
    fn negated(self) -> Self {
        Self { holds: self.fails, fails: self.holds, ..self }
    }

    fn answered(self, holds: bool) -> Self {
        if holds {
            Self { holds: !self.fails, fails: self.fails, asks: W::NONE }
        } else {
            Self { holds: self.holds, fails: !self.holds, asks: W::NONE }
        }
    }

    /// Whether it is known, in one way or the other.
    fn settled(self) -> W {
        self.holds | self.fails
    }
}

/// A step of a program in 32 bits: what it does, and with how many or which.
///
/// A program is in postfix order: leaves are put on a stack, and what joins them takes them off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Step(u32);

const BITS: u32 = 28;
const MOST: u32 = (1 << BITS) - 1;
/// Bits of a count in `at_least`.
const HALF: u32 = BITS / 2;

const LEAF: u32 = 0;
const ALL: u32 = 1;
const ANY: u32 = 2;
const NOT: u32 = 3;
const SAME: u32 = 4;
const AT_LEAST: u32 = 5;
const REQUIRE: u32 = 6;
const FORBID: u32 = 7;
const ABSENT: u32 = 8;
const ANSWERED: u32 = 9;
const LEAF_REQUIRE: u32 = 10;
const LEAF_FORBID: u32 = 11;
const NOT_ALONE: u32 = 12;
const NOT_WITHOUT: u32 = 13;
const DEFINE: u32 = 14;
const LEAF_DEFINE: u32 = 15;

impl Step {
    /// Puts a leaf on the stack; `None` if there are too many leaves for a step to name.
    pub fn leaf(number: usize) -> Option<Self> {
        Self::counted(LEAF, number)
    }

    /// Joins the upper ones: all of them hold.
    pub fn all(count: usize) -> Option<Self> {
        Self::counted(ALL, count)
    }

    /// One of the upper ones holds.
    pub fn any(count: usize) -> Option<Self> {
        Self::counted(ANY, count)
    }

    /// The upper ones say the same.
    pub fn same(count: usize) -> Option<Self> {
        Self::counted(SAME, count)
    }

    /// At least `k` of the upper ones hold.
    pub fn at_least(k: usize, count: usize) -> Option<Self> {
        let (k, count) = (u32::try_from(k).ok()?, u32::try_from(count).ok()?);
        let fits = k < 1 << HALF && count < 1 << HALF;
        fits.then_some(Self(AT_LEAST << BITS | k << HALF | count))
    }

    /// The uppermost turned round.
    pub const NOT: Self = Self(NOT << BITS);
    /// The end of a criterion that must hold.
    pub const REQUIRE: Self = Self(REQUIRE << BITS);
    /// The end of a criterion that must hold and says who is wanted.
    pub const DEFINE: Self = Self(DEFINE << BITS);
    /// The end of a criterion that must not hold.
    pub const FORBID: Self = Self(FORBID << BITS);
    /// The end of a criterion that must not hold, where that it does not says who is wanted.
    pub const FORBID_AND_DEFINE: Self = Self(FORBID << BITS | 1);
    /// Of a criterion that is met, before its end: it stands for the criteria of a study that has none.
    pub const ABSENT: Self = Self(ABSENT << BITS);

    /// The uppermost does not make it so: people must see to words that were not read.
    pub const NOT_ALONE: Self = Self(NOT_ALONE << BITS);
    /// The uppermost does not make it not so: words that were not read may.
    pub const NOT_WITHOUT: Self = Self(NOT_WITHOUT << BITS);

    /// What is unknown of the uppermost is so, or is not: people have answered it.
    pub fn answered(holds: bool) -> Self {
        Self(ANSWERED << BITS | u32::from(holds))
    }

    /// A leaf with the end of its criterion in one step; `None` if the step is no leaf, or there is no such step.
    pub fn ended(self, end: Self) -> Option<Self> {
        let kind = match end {
            Self::FORBID => LEAF_FORBID,
            Self::FORBID_AND_DEFINE => return None,
            Self::DEFINE => LEAF_DEFINE,
            _ => LEAF_REQUIRE,
        };
        (self.0 >> BITS == LEAF).then_some(Self(kind << BITS | self.0 & MOST))
    }

    /// The leaf that it names.
    pub fn names(self) -> Option<usize> {
        let is_leaf = matches!(self.0 >> BITS, LEAF | LEAF_REQUIRE | LEAF_FORBID | LEAF_DEFINE);
        is_leaf.then_some((self.0 & MOST) as usize)
    }

    fn counted(kind: u32, count: usize) -> Option<Self> {
        u32::try_from(count).ok().filter(|count| *count <= MOST).map(|count| Self(kind << BITS | count))
    }
}

/// Runs the criteria of a program and calls `met` with what became of each: of whom it is met (holds), not met (fails),
/// and not known and a record would tell (asks); with what its tree alone says, whatever was not read; and with whether it
/// says who is wanted. It stops where `met` says that this is enough.
pub(super) fn run<W: Word>(
    code: &[Step],
    leaves: &[Planes<W>],
    stack: &mut Vec<Planes<W>>,
    met: &mut impl FnMut(Planes<W>, Planes<W>, bool) -> ControlFlow<()>,
) -> ControlFlow<()> {
    let mut absent = false;
    let mut read: Option<Planes<W>> = None;
    for step in code {
        let count = (step.0 & MOST) as usize;
        match step.0 >> BITS {
            LEAF => stack.push(leaves[count]),
            kind @ (LEAF_REQUIRE | LEAF_DEFINE) => met(leaves[count], leaves[count], kind == LEAF_DEFINE)?,
            LEAF_FORBID => met(leaves[count].negated(), leaves[count].negated(), false)?,
            ALL => join(stack, count, |args| all(args.iter().copied())),
            ANY => join(stack, count, |args| any(args.iter().copied())),
            SAME => join(stack, count, same),
            AT_LEAST => join(stack, count & ((1 << HALF) - 1), |args| at_least(count >> HALF, args)),
            NOT => join(stack, 1, |args| args[0].negated()),
            NOT_ALONE => join(stack, 1, |args| {
                read.get_or_insert(args[0]);
                Planes { holds: W::NONE, ..args[0] }
            }),
            NOT_WITHOUT => join(stack, 1, |args| {
                read.get_or_insert(args[0]);
                Planes { fails: W::NONE, ..args[0] }
            }),
            ANSWERED => join(stack, 1, |args| args[0].answered(count == 1)),
            ABSENT => absent = true,
            kind => {
                let said = stack.pop().unwrap_or_default();
                let read = read.take().unwrap_or(said);
                let (mut planes, read) =
                    if kind == FORBID { (said.negated(), read.negated()) } else { (said, read) };
                if absent {
                    planes = Planes { holds: W::NONE, fails: planes.fails, asks: !planes.fails };
                    absent = false;
                }
                met(planes, read, kind == DEFINE || kind == FORBID && count == 1)?;
            }
        }
    }
    ControlFlow::Continue(())
}

/// Takes some off the stack and puts what joins them on it.
fn join<W: Word>(stack: &mut Vec<Planes<W>>, count: usize, of: impl FnOnce(&[Planes<W>]) -> Planes<W>) {
    let from = stack.len().saturating_sub(count);
    let joined = of(&stack[from..]);
    stack.truncate(from);
    stack.push(joined);
}

fn all<W: Word>(args: impl Iterator<Item = Planes<W>>) -> Planes<W> {
    let mut out = Planes { holds: W::ALL, fails: W::NONE, asks: W::NONE };
    for arg in args {
        out.holds &= arg.holds;
        out.fails |= arg.fails;
        out.asks |= arg.asks;
    }
    out.asks &= !out.settled();
    out
}

/// One of them holds: not all of their opposites.
fn any<W: Word>(args: impl Iterator<Item = Planes<W>>) -> Planes<W> {
    all(args.map(Planes::negated)).negated()
}

/// What all say; where they do not agree, a reader of the text must be asked.
fn same<W: Word>(args: &[Planes<W>]) -> Planes<W> {
    let mut out = Planes { holds: W::ALL, fails: W::ALL, asks: W::NONE };
    let mut open = W::ALL;
    for arg in args {
        out.holds &= arg.holds;
        out.fails &= arg.fails;
        out.asks |= arg.asks;
        open &= !arg.settled();
    }
    out.asks = !out.settled() & (out.asks | !open);
    out
}

/// Known as soon as the open ones cannot change it.
fn at_least<W: Word>(k: usize, args: &[Planes<W>]) -> Planes<W> {
    let holds = counted(k, args.iter().map(|arg| arg.holds));
    let fails = counted((args.len() + 1).saturating_sub(k), args.iter().map(|arg| arg.fails));
    let asks = args.iter().fold(W::NONE, |asks, arg| asks | arg.asks);
    Planes { holds, fails, asks: asks & !(holds | fails) }
}

/// Of whom at least `k` of some bits are set.
fn counted<W: Word>(k: usize, bits: impl Iterator<Item = W>) -> W {
    // `reached[n]`: more than n so far.
    let mut reached = vec![W::NONE; k];
    for bit in bits {
        for n in (1..k).rev() {
            let more = reached[n - 1] & bit;
            reached[n] |= more;
        }
        if let Some(first) = reached.first_mut() {
            *first |= bit;
        }
    }
    reached.last().copied().unwrap_or(W::ALL)
}
