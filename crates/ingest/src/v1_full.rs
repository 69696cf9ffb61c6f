//! API v1 "Full Studies" to the canonical record.
//!
//! API v1 calls every key by its piece's name (`BriefTitle`) and wraps every list (`PhaseList: {Phase: [...]}`), and
//! its objects lie in each other as those of API v2 do. So the table of pieces is the whole mapping.

use model::{
    Issue, IssueKind,
    piece::{self, Kind, Piece},
};
use serde_json::{Map, Value};

use crate::{
    Converted, Raw,
    json::{self, Remarks},
    v1_value::{self, present_name, unknown_twin},
    v2::shown,
};

/// Converts one `Study`, also inside `FullStudy`.
pub(crate) fn convert(raw: &Raw) -> Result<Converted, Issue> {
    let mut study = json::parse(raw)?;
    for wrapper in ["FullStudy", "Study"] {
        if let Some(Value::Object(inner)) = study.get_mut(wrapper) {
            study = std::mem::take(inner);
        }
    }
    let mut conversion = Conversion { remarks: Remarks::new(raw) };
    let mut study = conversion.object("", study);
    let has_results = study.contains_key("resultsSection");
    study.insert("hasResults".to_owned(), has_results.into());
    json::finish(raw, Value::Object(study), conversion.remarks.issues)
}

struct Conversion<'r> {
    remarks: Remarks<'r>,
}

/// A key of API v1 and what it is in API v2.
enum Key {
    /// A piece, and its value out of the list wrapper.
    Known(&'static Piece, Value),
    /// Nothing that API v2 has in this place.
    Other(String, Value),
}

impl Conversion<'_> {
    /// Converts the object at `path`; keys come in the order of the table, unknown ones last.
    fn object(&mut self, path: &str, object: Map<String, Value>) -> Map<String, Value> {
        let (mut known, mut other) = (Vec::new(), Vec::new());
        for (key, value) in object {
            match recognise(path, key, value) {
                Key::Known(piece, value) => known.push((piece, value)),
                Key::Other(key, value) => other.push((key, value)),
            }
        }
        known.sort_by_key(|(piece, _)| piece.id);
        let mut out = Map::new();
        for (piece, value) in known {
            self.member(piece, value, &mut out);
        }
        for (key, value) in other {
            let here = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
            self.remarks.add(IssueKind::NotConverted, &here, "API v2 has no place for this; kept as it was");
            out.insert(key, value);
        }
        out
    }

    fn member(&mut self, piece: &'static Piece, value: Value, out: &mut Map<String, Value>) {
        if let Some(unknown) = unknown_twin(piece, &value) {
            out.insert(unknown.key().to_owned(), true.into());
            return;
        }
        let value = match value {
            Value::Null => return,
            Value::Array(items) if items.is_empty() => return,
            Value::Array(mut items) if !piece.list && !items.is_empty() => {
                if items.len() > 1 {
                    let rest = shown(&Value::Array(items.split_off(1)));
                    let message = format!("a single value in API v2; not converted: {rest}");
                    self.remarks.add(IssueKind::NotConverted, piece.path, message);
                }
                self.value(piece, items.swap_remove(0))
            }
            Value::Array(items) => items.into_iter().map(|item| self.value(piece, item)).collect(),
            value if piece.list => Value::Array(vec![self.value(piece, value)]),
            value => self.value(piece, value),
        };
        out.insert(piece.key().to_owned(), value);
    }

    fn value(&mut self, piece: &'static Piece, value: Value) -> Value {
        match (piece.kind, value) {
            (Kind::Branch, Value::Object(map)) => Value::Object(self.object(piece.path, map)),
            (_, value) => v1_value::leaf(piece, value).unwrap_or_else(|value| {
                let message = format!("{} cannot be {}; kept as it was", piece.name, shown(&value));
                self.remarks.add(IssueKind::BadValue, piece.path, message);
                value
            }),
        }
    }
}

fn recognise(path: &str, key: String, mut value: Value) -> Key {
    if let Some(piece) = piece_in(path, &key) {
        return Key::Known(piece, value);
    }
    // The wrapper of `ArmGroupInterventionName` is called `ArmGroupInterventionList`: the key inside decides.
    if key.ends_with("List")
        && let Value::Object(wrapper) = &mut value
        && wrapper.len() == 1
        && let Some((item, items)) = wrapper.iter_mut().next()
        && let Some(piece) = piece_in(path, item)
    {
        return Key::Known(piece, items.take());
    }
    Key::Other(key, value)
}

/// The piece of this name, if its place is directly below `path`.
fn piece_in(path: &str, name: &str) -> Option<&'static Piece> {
    let piece = piece::by_name(present_name(name))?;
    let parent = piece.path.rsplit_once('.').map_or("", |(parent, _)| parent);
    (parent == path).then_some(piece)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::Format;
    use model::Place;
    use serde_json::json;

    fn check(study: Value) -> (Value, Vec<String>) {
        let raw =
            Raw { format: Format::V1Full, bytes: study.to_string().into_bytes(), place: Place::default() };
        let converted = convert(&raw).unwrap();
        let issues = converted.issues.iter();
        let paths =
            issues.map(|i| format!("{}: {}", i.kind, i.place.path.as_deref().unwrap_or(""))).collect();
        (converted.study, paths)
    }

    #[test]
    fn follows_the_table() {
        let (study, issues) = check(json!({"FullStudy": {"Rank": 1, "Study": {
            "ProtocolSection": {
                "IdentificationModule": {"BriefTitle": "T", "NCTId": "NCT90000001", "NCTIdAliasList": {"NCTIdAlias": ["NCT90000009"]}},
                "EligibilityModule": {"Gender": "All", "HealthyVolunteers": "No", "StdAgeList": {"StdAge": ["Adult"]}},
                "DesignModule": {"PhaseList": {"Phase": ["Phase 2"]}, "EnrollmentInfo": {"EnrollmentCount": "40", "EnrollmentType": "Anticipated"},
                    "DesignInfo": {"DesignTimePerspectiveList": {"DesignTimePerspective": ["Prospective", "Other"]}}},
                "ArmsInterventionsModule": {"ArmGroupList": {"ArmGroup": [
                    {"ArmGroupLabel": "A", "ArmGroupInterventionList": {"ArmGroupInterventionName": ["Drug: x"]}}]}},
                "StatusModule": {"StartDateStruct": {"StartDate": "soon"}, "Strange": {"Thing": 1}}
            },
            "ResultsSection": {"AdverseEventsModule": {"EventGroupList": {"EventGroup": [
                {"EventGroupId": "EG000", "EventGroupSeriousNumAtRisk": "8"}]}}},
            "AnnotationSection": {"AnnotationModule": {"UnpostedAnnotation": {"UnpostedEventList": {"UnpostedEvent": [
                {"UnpostedEventType": "Reset", "UnpostedEventDate": "Unknown"}]}}}}
        }}}));
        assert_eq!(
            study,
            json!({
                "protocolSection": {
                    "identificationModule": {"nctId": "NCT90000001", "nctIdAliases": ["NCT90000009"], "briefTitle": "T"},
                    "statusModule": {"startDateStruct": {"date": "soon"}, "Strange": {"Thing": 1}},
                    "designModule": {"phases": ["PHASE2"], "designInfo": {"timePerspective": "PROSPECTIVE"},
                        "enrollmentInfo": {"count": 40, "type": "ESTIMATED"}},
                    "armsInterventionsModule": {"armGroups": [{"label": "A", "interventionNames": ["Drug: x"]}]},
                    "eligibilityModule": {"healthyVolunteers": false, "sex": "ALL", "stdAges": ["ADULT"]}
                },
                "resultsSection": {"adverseEventsModule": {"eventGroups": [{"id": "EG000", "seriousNumAtRisk": 8}]}},
                "annotationSection": {"annotationModule": {"unpostedAnnotation": {"unpostedEvents": [
                    {"type": "RESET", "dateUnknown": true}]}}},
                "hasResults": true
            })
        );
        assert_eq!(
            issues,
            [
                "bad value: protocolSection.statusModule.startDateStruct.date",
                "not converted: protocolSection.statusModule.Strange",
                "not converted: protocolSection.designModule.designInfo.timePerspective"
            ]
        );
    }

    #[test]
    fn a_study_without_an_id_is_none() {
        let raw = |text: &str| Raw { format: Format::V1Full, bytes: text.into(), place: Place::default() };
        assert_eq!(convert(&raw(r#"{"ProtocolSection": {}}"#)).unwrap_err().kind, IssueKind::NoId);
    }
}
