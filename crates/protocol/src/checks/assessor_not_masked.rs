//! A primary outcome that people rate while they know the arm.

use super::{Check, Input, Report, Severity};
use crate::record::Rank;

pub(super) const CHECK: Check = Check {
    id: "assessor_not_masked",
    explanation: "Who rates a scale and knows the arm finds a larger effect; an open study can still mask the assessor.",
    run,
};

fn run(input: &Input<'_, '_>, report: &mut Report<'_>) {
    let study = input.record.study;
    let open =
        study.text("DesignMasking") == Some("NONE") && study.text("DesignAllocation") == Some("RANDOMIZED");
    if !open {
        return;
    }
    let measured = input.record.outcomes.iter().zip(&input.record.mentions().outcomes);
    let primary = measured.filter(|(outcome, _)| outcome.rank == Rank::Primary);
    let rated = primary.into_iter().find_map(|(outcome, (named, _))| {
        let scale = named.iter().find(|(instrument, ..)| instrument.range.is_some());
        scale.map(|(instrument, from, to)| (instrument, outcome.measure.quote(*from, *to)))
    });
    if let Some((instrument, quote)) = rated {
        let message =
            format!("nobody is masked, and the primary outcome is rated by people: {}", instrument.name);
        report.add(
            Severity::Note,
            Some(quote),
            message,
            "mask the assessor, or say that this cannot be done",
        );
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{super::example::*, *};

    #[test]
    fn flagged() {
        let open = ("/designModule/designInfo/maskingInfo/masking", json!("NONE"));
        let measure = ("/outcomesModule/primaryOutcomes/0/measure", json!("Change of MADRS"));
        let expected = "note `MADRS`: nobody is masked, and the primary outcome is rated by people: MADRS";
        finds(&CHECK, &[open.clone(), measure], &[expected]);
        finds(&CHECK, &[open], &[]);
    }
}
