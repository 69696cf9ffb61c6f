//! Age and sex: what the registry's own fields say about who may join.

use index::{Error, Snapshot};
use model::{AgeUnit, Sex, piece};

use super::{Settings, Topic};

/// Lowers the scores of studies whose fields do not admit a person of this age or sex.
pub fn lower(
    topic: &Topic,
    snapshot: &Snapshot,
    settings: &Settings,
    scores: &mut [f32],
) -> Result<(), Error> {
    if let Some(age) = topic.age {
        let minutes = (age * AgeUnit::Years.minutes()) as i64;
        let year = AgeUnit::Years.minutes() as i64;
        let (from, to) =
            (snapshot.column(piece::known("MinimumAge")), snapshot.column(piece::known("MaximumAge")));
        for (study, score) in scores.iter_mut().enumerate() {
            let study = study as u32;
            let young = from.first(study).is_some_and(|least| minutes < least);
            // At 65 years one is 65 until the next birthday.
            let old =
                to.first(study).is_some_and(|most| minutes >= most + if most >= year { year } else { 1 });
            if young || old {
                *score *= settings.unfit;
            }
        }
    }
    let other = match topic.sex {
        Some(Sex::Female) => "MALE",
        Some(Sex::Male) => "FEMALE",
        _ => return Ok(()),
    };
    for study in snapshot.having("Sex", other)? {
        scores[study as usize] *= settings.unfit;
    }
    Ok(())
}
