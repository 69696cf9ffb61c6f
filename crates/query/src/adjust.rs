//! Readings that the registry does not offer: ranges that keep what is not told, conditions that mean the disease.

use model::{WeightedPiece, area, piece};

use crate::{
    Resolved, Search,
    resolved::TextMatch,
    typed::{Coverage, Expansion},
};

impl Search {
    /// Ranges of dates, numbers and ages also find studies that do not tell: an age limit that is absent is no limit.
    ///
    /// Under `NOT` nothing changes: a range that is denied finds those that do not tell already.
    pub fn with_missing(self) -> Self {
        Self { query: or_missing(self.query), filter: or_missing(self.filter), ..self }
    }

    /// `query.cond` finds the disease alone: its names among the conditions of the record, or a MeSH heading of the
    /// record that is the disease or lies below it. Titles and keywords do not count.
    pub fn with_strict_conditions(self) -> Self {
        Self { query: strict(self.query), ..self }
    }
}

fn or_missing(query: Resolved) -> Resolved {
    let piece = match &query {
        Resolved::And(_) | Resolved::Or(_) | Resolved::InOneSite(_) | Resolved::Tilt(..) => {
            return inside(query, or_missing);
        }
        Resolved::Dates(piece, ..)
        | Resolved::Numbers(piece, ..)
        | Resolved::Times(piece, ..)
        | Resolved::Texts(piece, ..) => *piece,
        _ => return query,
    };
    Resolved::or(vec![query, Resolved::Missing(vec![piece])])
}

fn strict(query: Resolved) -> Resolved {
    match query {
        Resolved::Text(text) if is_condition_search(&text) => disease(text),
        Resolved::Not(part) => Resolved::Not(Box::new(strict(*part))),
        other => inside(other, strict),
    }
}

/// The parts that stand inside with no `NOT` between.
fn inside(query: Resolved, change: fn(Resolved) -> Resolved) -> Resolved {
    let all = |parts: Vec<Resolved>| parts.into_iter().map(change).collect();
    match query {
        Resolved::And(parts) => Resolved::and(all(parts)),
        Resolved::Or(parts) => Resolved::or(all(parts)),
        Resolved::InOneSite(part) => Resolved::InOneSite(Box::new(change(*part))),
        Resolved::Tilt(piece, part) => Resolved::Tilt(piece, Box::new(change(*part))),
        other => other,
    }
}

fn is_condition_search(text: &TextMatch) -> bool {
    area::by_param("cond").is_some_and(|area| area.pieces == text.pieces)
}

/// A term of several words is one name: its words stand together, as in a phrase.
fn disease(text: TextMatch) -> Resolved {
    let expansion = match text.expansion {
        Expansion::Relaxation | Expansion::Lossy => Expansion::Concept,
        other => other,
    };
    let at = |name, coverage| {
        let pieces = vec![WeightedPiece { piece: piece::known(name), weight: 1.0 }];
        Resolved::Text(TextMatch { pieces, coverage, expansion, ..text.clone() })
    };
    Resolved::or(vec![
        at("Condition", text.coverage),
        at("ConditionMeshTerm", Coverage::FullMatch),
        at("ConditionAncestorTerm", Coverage::FullMatch),
    ])
}

#[cfg(test)]
mod tests {
    use crate::Request;

    fn request(cond: &str, advanced: &str) -> Request {
        Request { cond: Some(cond.into()), advanced: Some(advanced.into()), ..Request::default() }
    }

    #[track_caller]
    fn check(advanced: &str, expected: &str) {
        let search = request("", advanced).resolve().unwrap().with_missing();
        assert_eq!(search.filter.to_string(), expected);
    }

    #[test]
    fn ranges_keep_what_is_not_told() {
        check(
            "AREA[MaximumAge]RANGE[65 years, MAX]",
            "AREA[MaximumAge]RANGE[65 Years, MAX] OR AREA[MaximumAge]MISSING",
        );
        check("NOT AREA[StartDate]RANGE[2020, MAX]", "NOT AREA[StartDate]RANGE[2020-01-01, MAX]");
        check("AREA[Phase]PHASE2", "AREA[Phase]PHASE2");
    }

    #[test]
    fn a_strict_condition_is_the_disease() {
        let search = request("asthma", "").resolve().unwrap();
        assert_eq!(search.query.to_string(), "AREA[ConditionSearch]asthma");
        let text = search.with_strict_conditions().query.to_string();
        assert!(text.contains("AREA[Condition]") && text.contains("AREA[ConditionAncestorTerm]"), "{text}");
        assert!(!text.contains("Title"), "{text}");
    }

    #[test]
    fn all_may_be_the_value() {
        let mut request = request("", "AREA[Sex]ALL");
        assert_eq!(request.described().unwrap(), "ALL");
        request.all_is_value = true;
        assert_eq!(request.described().unwrap(), "AREA[Sex]\"ALL\"");
        request.advanced = Some("AREA[BriefTitle]ALL".into());
        assert_eq!(request.described().unwrap(), "ALL");
    }
}
