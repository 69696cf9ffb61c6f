//! Stages and grades that are none of the catalogue's: those of other diseases than cancer, and those of tumours.
//!
//! The catalogue has the stage of a cancer and the grade of a toxicity. `Hurley stage II`, `stage 3 chronic kidney
//! disease` and `grade 3 follicular lymphoma` are neither: they have a
//! name of their own.

use std::sync::LazyLock;

use vocabulary::ConceptId;
use vocabulary::variable;

use super::cx::Cx;
use super::elements::What;
use super::lexicon::Class;
use crate::tree::Kind;

/// Systems of stages that are not those of cancer, and what has such stages.
const NOT_OF_CANCER: &[&str] = &[
    "hurley",
    "tanner",
    "ckd",
    "kdigo",
    "kdoqi",
    "gold",
    "braak",
    "hoehn",
    "yahr",
    "hoehn and yahr",
    "fibrosis",
    "metavir",
    "ishak",
    "npuap",
    "ulcer",
    "scadding",
    "ficat",
    "steinberg",
    "akin",
    "aki",
    "rifle",
    "cdc",
    "lymphedema",
    "lymphoedema",
    "retinopathy",
    "hypertension",
];

/// Words before the grade of a tumour.
const OF_TUMOURS: &[&str] = &[
    "histologic",
    "histological",
    "histopathologic",
    "histopathological",
    "pathologic",
    "pathological",
    "tumor",
    "tumour",
    "nuclear",
    "fnclcc",
    "fuhrman",
    "isup",
    "differentiation",
    "nottingham",
    "bloom",
    "richardson",
];

static NEOPLASMS: LazyLock<Option<ConceptId>> = LazyLock::new(|| vocabulary::by_id("D009369"));

impl Cx<'_> {
    /// Where the name of the stage or grade at `at` begins, if it is another than the catalogue's.
    pub fn other_scale(&self, at: usize, a: usize, b: usize) -> Option<usize> {
        let What::Var(scale) = self.what(at) else { return None };
        let word = self.word_is(at, &["stage", "grade"]);
        if !word || !matches!(scale.id, "tnm_stage" | "ctcae_grade") {
            return None;
        }
        let from = self.behind_scale(at, b);
        let end = match self.scale_members(scale, from, b) {
            Some((_, end, _)) => end,
            None => from + 1,
        };
        let system = at.checked_sub(1).filter(|&i| i >= a);
        let before = (a..at).rev().find(|&i| !self.is_empty(i, i + 1) && !matches!(self.what(i), What::Open));
        let behind =
            (end..b).take_while(|&i| !self.is_boundary(i)).take(5).find(|&i| self.is_disease_named(i));
        let (listed, neoplasm) = match scale.id {
            "tnm_stage" => (NOT_OF_CANCER, false),
            _ => (OF_TUMOURS, true),
        };
        let named = system.is_some_and(|i| self.word_is(i, listed));
        let of = behind.or(before.filter(|&i| self.is_disease_named(i)));
        let other = of.is_some_and(|i| self.is_neoplasm(i) == neoplasm)
            // `cancer stage III with hypertension`
            && (neoplasm || !(a..b).any(|i| self.is_neoplasm(i)));
        (named || other).then(|| if named { at - 1 } else { at })
    }

    fn is_boundary(&self, i: usize) -> bool {
        matches!(
            self.what(i),
            What::Comma | What::Semi | What::Stop | What::Open | What::Close | What::Quant(_)
        ) || matches!(self.class(i), Some(Class::And | Class::Or | Class::With | Class::Except | Class::If))
    }

    fn is_disease_named(&self, i: usize) -> bool {
        match self.what(i) {
            What::Var(v) => super::leaf::kind_of(v) == Kind::Condition && !super::leaf::is_numeric(v),
            What::Named(id) => super::leaf::kind_of_named(id) == Some(Kind::Condition),
            _ => false,
        }
    }

    fn is_neoplasm(&self, i: usize) -> bool {
        let below = |id: ConceptId| {
            NEOPLASMS.is_some_and(|top| id == top || vocabulary::ancestors(id).binary_search(&top).is_ok())
        };
        match self.what(i) {
            What::Var(v) => variable::headings(v.id).iter().any(|&id| below(id)),
            What::Named(id) => below(id),
            _ => false,
        }
    }
}
