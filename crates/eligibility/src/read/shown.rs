//! How something is shown: `on ECG`, `by CT scan or MRI`.

use super::cx::Cx;
use super::elements::What;
use super::leaf::Words;
use super::lexicon::Class;
use super::list::{Part, is_link};

impl Cx<'_> {
    /// Whether what follows says how a fact is shown: `on ECG`, `by CT scan or MRI`.
    pub fn is_evidence(&self, i: usize, b: usize) -> bool {
        if self.shows_by(i) && i + 1 < b {
            return (i + 1..b).all(|k| {
                self.is_test(k)
                    || self.is_empty(k, k + 1)
                    || matches!(self.what(k), What::Word | What::Lex(Class::Or | Class::AndOr, _))
            }) && (i + 1..b).any(|k| self.is_test(k));
        }
        self.word_is(i, &["on"])
            && (i + 1..i + 6).any(|k| {
                self.word_is(
                    k,
                    &[
                        "ecg",
                        "electrocardiogram",
                        "mri",
                        "ct",
                        "echocardiography",
                        "ultrasound",
                        "imaging",
                        "x-ray",
                        "lead",
                    ],
                )
            })
    }

    /// The element behind words that say how something is shown whose evidence, signs or diagnosis is named behind them:
    /// `clinical evidence of`, `clinical, laboratory or radiologic signs of`.
    pub fn evidence_end(&self, i: usize) -> Option<usize> {
        const OF: &[&str] = &["evidence of", "diagnosis of", "sign of", "signs of", "confirmation of"];
        let mut at = i;
        while self.is_way_to_show(at) {
            let behind = self.read(at + 1, at + 2).to_ascii_lowercase();
            if self.is(at + 1, Class::Skip) && OF.iter().any(|of| behind.ends_with(of)) {
                return Some(at + 1);
            }
            let next =
                (at + 1..at + 4).find(|&k| !is_link(self.what(k)) && !matches!(self.what(k), What::Slash))?;
            at = if next > at + 1 { next } else { return None };
        }
        None
    }

    /// Whether a word says how something is shown.
    pub fn is_way_to_show(&self, i: usize) -> bool {
        const WAYS: Words = Words::new(&[
            "angiographic",
            "biochemical",
            "clinical",
            "clinically",
            "cytologic",
            "cytological",
            "echocardiographic",
            "electrocardiographic",
            "endoscopic",
            "histologic",
            "histological",
            "histopathologic",
            "histopathological",
            "imaging",
            "laboratory",
            "pathologic",
            "pathological",
            "radiographic",
            "radiologic",
            "radiological",
            "serologic",
            "serological",
            "working",
        ]);
        self.word_is_of(i, &WAYS)
    }

    /// Whether evidence by the ways `a..b` is more than that a disease was diagnosed, or proven in tissue.
    pub fn is_own_evidence(&self, a: usize, b: usize) -> bool {
        let behind = self.read(b, b + 1).to_ascii_lowercase();
        let is_tissue = |i: usize| {
            let words = self.read(i, i + 1).to_ascii_lowercase();
            ["histo", "cyto", "patho"].iter().any(|way| words.starts_with(way))
        };
        !(a..b).any(is_tissue) && (behind.contains("evidence") || behind.contains("sign"))
    }

    /// `shown by CT scan or MRI`: the ways to show it are one part.
    pub fn merge_tests(&self, parts: &mut Vec<Part>) {
        let mut i = 1;
        while i < parts.len() {
            let (before, part) = (&parts[i - 1], &parts[i]);
            let tests = (part.a..part.b).all(|k| self.is_test(k) || self.is_empty(k, k + 1))
                && (part.a..part.b).any(|k| self.is_test(k));
            let shown = tests
                && (before.a + 1..before.b).rev().find(|&k| self.shows_by(k)).is_some_and(|by| {
                    let near = (by + 1..before.b).any(|k| self.is_test(k)) || before.b <= by + 3;
                    near && self.says_something(before.a, by)
                });
            if shown {
                parts[i - 1].b = parts[i].b;
                parts.remove(i);
            } else {
                i += 1;
            }
        }
    }

    /// Whether a word leads to how something is shown.
    pub fn shows_by(&self, i: usize) -> bool {
        self.word_is(
            i,
            &[
                "by",
                "via",
                "using",
                "confirmed by",
                "proven by",
                "documented by",
                "as shown by",
                "shown by",
                "determined by",
                "as determined by",
                "as confirmed by",
            ],
        )
    }

    /// Whether an element names a way to look into a body.
    pub fn is_test(&self, i: usize) -> bool {
        const TESTS: &[&str] = &[
            "ct",
            "ct scan",
            "mri",
            "mri scan",
            "scan",
            "imaging",
            "ultrasound",
            "ultrasonography",
            "x-ray",
            "pet",
            "biopsy",
            "muga",
            "ecg",
            "ekg",
            "echocardiography",
            "echocardiogram",
            "radiography",
            "angiography",
            "endoscopy",
            "pcr",
            "rt-pcr",
            "polymerase chain reaction",
            "in situ hybridization",
            "fluorescent in situ hybridization",
            "fluorescence in situ hybridization",
            "immunohistochemistry",
            "flow cytometry",
            "histology",
            "cytology",
            "culture",
            "history",
            "medical history",
            "physical examination",
            "pregnancy test",
            "urine pregnancy test",
            "serum pregnancy test",
            "urine or serum pregnancy test",
        ];
        matches!(self.what(i), What::Named(id) if vocabulary::category(id) == vocabulary::Category::Diagnostic)
            || self.word_is(i, TESTS)
    }
}
