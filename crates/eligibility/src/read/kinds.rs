//! Sets of kinds of elements: what an item has none of need not be looked for.

use vocabulary::variable::Kind as VarKind;

use super::elements::What;
use super::leaf::is_numeric;
use super::lexicon::Class;

/// A set of kinds of elements: the classes of structure words, some signs, some sorts of variables.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Kinds(u128);

impl Kinds {
    /// A quantity.
    pub const QUANT: Self = Self::beyond(0);
    /// A variable of numbers or steps.
    pub const NUMERIC: Self = Self::beyond(1);
    /// A scale.
    pub const SCALE: Self = Self::beyond(2);
    /// Informed consent.
    pub const CONSENT: Self = Self::beyond(3);
    /// `;`
    pub const SEMI: Self = Self::beyond(4);
    /// `:`
    pub const COLON: Self = Self::beyond(5);
    /// The end of a sentence.
    pub const STOP: Self = Self::beyond(6);
    /// An opening bracket.
    pub const OPEN: Self = Self::beyond(7);
    /// A closing bracket.
    pub const CLOSE: Self = Self::beyond(8);
    /// A bullet.
    pub const BULLET: Self = Self::beyond(9);

    /// The sex, who can have a child, or what is done against it.
    pub const PEOPLE: Self = Self::beyond(10);

    /// A kind that is no class; the classes have the lower places, and `Panel` is the last of them.
    const fn beyond(n: u32) -> Self {
        Self(1 << (Class::Panel as u32 + 1 + n))
    }

    /// The set of some classes.
    pub const fn of(classes: &[Class]) -> Self {
        let mut set = 0;
        let mut i = 0;
        while i < classes.len() {
            set |= 1 << classes[i] as u32;
            i += 1;
        }
        Self(set)
    }

    /// What is in one of two sets.
    pub const fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether two sets have something in common.
    pub const fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// Adds the kinds of an element.
    pub fn add(&mut self, what: What) {
        let kinds = match what {
            What::Lex(class, _) => Self::of(&[class]),
            What::Quant(_) => Self::QUANT,
            What::Var(v) if v.id == "informed_consent" => Self::CONSENT,
            What::Var(v) if matches!(v.id, "sex" | "childbearing_potential" | "contraception") => {
                Self::PEOPLE
            }
            What::Var(v) if v.kind == VarKind::Ordinal || v.id == "tnm_stage" => {
                Self::SCALE.or(Self::NUMERIC)
            }
            What::Var(v) if is_numeric(v) => Self::NUMERIC,
            What::Semi => Self::SEMI,
            What::Colon => Self::COLON,
            What::Stop => Self::STOP,
            What::Open => Self::OPEN,
            What::Close => Self::CLOSE,
            What::Bullet => Self::BULLET,
            _ => return,
        };
        self.0 |= kinds.0;
    }
}
