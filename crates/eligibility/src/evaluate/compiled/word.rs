//! Words of bits, a bit for each person: wide ones for many people, narrow ones for one, whose leaves then fit into the
//! caches of a processor.

use std::{
    fmt::Debug,
    ops::{BitAnd, BitAndAssign, BitOr, BitOrAssign, Not},
};

/// A bit for each person of a block.
pub trait Word:
    Copy
    + Debug
    + Default
    + Eq
    + BitAnd<Output = Self>
    + BitOr<Output = Self>
    + Not<Output = Self>
    + BitAndAssign
    + BitOrAssign
{
    /// How many people there is room for.
    const ROOM: usize;
    /// No bit is set.
    const NONE: Self;
    /// All bits are set.
    const ALL: Self;

    /// The bit of a person alone.
    fn bit(person: usize) -> Self;

    /// Whether the bit of a person is set.
    fn has(self, person: usize) -> bool {
        self & Self::bit(person) != Self::NONE
    }

    /// The bits of so many people.
    fn first(people: usize) -> Self {
        (0..people).fold(Self::NONE, |bits, person| bits | Self::bit(person))
    }
}

macro_rules! word {
    ($($type:ty),+) => {
        $(impl Word for $type {
            const ROOM: usize = Self::BITS as usize;
            const NONE: Self = 0;
            const ALL: Self = Self::MAX;

            fn bit(person: usize) -> Self {
                1 << person
            }
        })+
    };
}

word!(u8, u64);
