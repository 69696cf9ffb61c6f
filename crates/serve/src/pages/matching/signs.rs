//! Findings as signs: a form and a word for each, never colour alone.

use std::collections::BTreeMap;

use eligibility::evaluate::{Finding, Truth, Want};
use maud::{Markup, html};

/// What a finding is to a reader.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Sign {
    NotMet,
    Unknown,
    ForAPerson,
    Presumed,
    Met,
}

impl Sign {
    /// The sign of a finding.
    pub fn of(finding: &Finding) -> Self {
        let asks_people = finding.missing().iter().all(|missing| matches!(missing.want, Want::Answer { .. }));
        match finding.truth() {
            Truth::Met if finding.is_presumed() => Self::Presumed,
            Truth::Met => Self::Met,
            Truth::NotMet => Self::NotMet,
            Truth::Unknown if asks_people => Self::ForAPerson,
            Truth::Unknown => Self::Unknown,
        }
    }

    fn parts(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::NotMet => ("✕", "not met", "no"),
            Self::Unknown => ("?", "unknown", "open-question"),
            Self::ForAPerson => ("☞", "for a person", "human"),
            Self::Presumed => ("◌", "met by presumption", "presumed"),
            Self::Met => ("✓", "met", "yes"),
        }
    }

    /// The sign and the word.
    pub fn mark(self) -> Markup {
        let (sign, word, class) = self.parts();
        html! { span class={ "level " (class) } { span aria-hidden="true" { (sign) " " } (word) } }
    }
}

/// One square a criterion, in the order of the study, and how many there are of each kind in words.
pub(super) fn row(findings: &[&Finding]) -> Markup {
    let signs: Vec<Sign> = findings.iter().map(|finding| Sign::of(finding)).collect();
    let mut counts: BTreeMap<Sign, usize> = BTreeMap::new();
    signs.iter().for_each(|sign| *counts.entry(*sign).or_default() += 1);
    html! {
        p.signs {
            span.squares aria-hidden="true" {
                @for sign in &signs {
                    @let (sign, _, class) = sign.parts();
                    span class=(class) { (sign) }
                }
            }
            span.counts {
                @for (n, (sign, count)) in counts.into_iter().enumerate() {
                    @if n > 0 { ", " }
                    (count) " " (sign.parts().1)
                }
            }
        }
    }
}
