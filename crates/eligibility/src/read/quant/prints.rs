//! The words that quantities are made of, by their prints.

use std::sync::LazyLock;

use crate::read::lexicon::print_of;

pub struct Prints {
    pub numbered: [u64; 8],
    pub uln: [u64; 5],
    pub lln: [u64; 2],
    pub times: [u64; 4],
    pub upper: u64,
    pub lower: u64,
    pub limit: u64,
    pub normal: u64,
    pub of: u64,
    pub to: u64,
    pub and: u64,
    pub or: u64,
    pub the: u64,
    pub age: u64,
    pub fold: u64,
    pub institutional: u64,
    pub laboratory: u64,
    pub range: u64,
    pub reference: u64,
    pub half: u64,
    pub life: u64,
    pub a: u64,
    pub an: u64,
    pub equal: u64,
}

pub static PRINTS: LazyLock<Prints> = LazyLock::new(|| Prints {
    numbered: ["type", "stage", "phase", "grade", "class", "factor", "category", "level"].map(print_of),
    uln: ["uln", "unl", "ulrr", "ulnr", "ulns"].map(print_of),
    lln: ["lln", "lnl"].map(print_of),
    times: ["x", "time", "fold", "times"].map(print_of),
    upper: print_of("upper"),
    lower: print_of("lower"),
    limit: print_of("limit"),
    normal: print_of("normal"),
    of: print_of("of"),
    to: print_of("to"),
    and: print_of("and"),
    or: print_of("or"),
    the: print_of("the"),
    age: print_of("age"),
    fold: print_of("fold"),
    institutional: print_of("institutional"),
    laboratory: print_of("laboratory"),
    range: print_of("range"),
    reference: print_of("reference"),
    half: print_of("half"),
    life: print_of("life"),
    a: print_of("a"),
    an: print_of("an"),
    equal: print_of("equal"),
});
