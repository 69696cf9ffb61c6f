//! Values as API v1 spells them, turned into those of API v2.

use model::{
    Age, PartialDate,
    piece::{self, Kind, Piece},
};
use serde_json::{Map, Number, Value};

/// The value of a piece from the text of API v1: labels become enumeration values, `Yes` true, digits numbers,
/// `January 5, 2020` an ISO date. `None` if the text is none of what the piece holds.
pub(crate) fn from_text(piece: &Piece, text: &str) -> Option<Value> {
    let text = text.trim();
    match piece.kind {
        Kind::Text | Kind::Markup => None,
        Kind::Enum(values) => values.find(text).map(|v| v.value.into()),
        Kind::Boolean => boolean(text).map(Value::Bool),
        Kind::Integer => digits(text).parse::<i64>().ok().map(Value::from),
        Kind::Number => digits(text).parse::<f64>().ok().and_then(Number::from_f64).map(Value::Number),
        Kind::Date => date(text).map(Value::String),
        Kind::Time => text.parse::<Age>().ok().map(|_| text.into()),
        Kind::GeoPoint | Kind::Branch => None,
    }
}

/// A leaf's value as it arrives. Text that fits its piece is turned, everything else is kept: `Err` with it.
pub(crate) fn leaf(piece: &Piece, value: Value) -> Result<Value, Value> {
    match (piece.kind, value) {
        (Kind::Text | Kind::Markup, Value::Number(n)) => Ok(n.to_string().into()),
        (Kind::Text, Value::String(id)) if is_mesh_id(piece) => Ok(mesh_id(id).into()),
        (Kind::Text | Kind::Markup, value @ Value::String(_)) => Ok(value),
        (_, Value::String(text)) => from_text(piece, &text).ok_or(Value::String(text)),
        (Kind::GeoPoint, Value::Object(map)) => geo_point(&map).ok_or(Value::Object(map)),
        (_, value) if crate::v2::misfit(piece, &value).is_none() => Ok(value),
        (_, value) => Err(value),
    }
}

/// `Yes` and `No` in all their spellings; the question of healthy volunteers is answered by a label.
fn boolean(text: &str) -> Option<bool> {
    match text.to_lowercase().as_str() {
        "yes" | "y" | "true" | "1" | "accepts healthy volunteers" => Some(true),
        "no" | "n" | "false" | "0" => Some(false),
        _ => None,
    }
}

/// `1,024` as well as `1024`.
fn digits(text: &str) -> String {
    text.replace(',', "")
}

/// An ISO date, with the time if one follows (`07/15/2019 15:09`).
fn date(text: &str) -> Option<String> {
    if let Some((day, time)) = text.rsplit_once([' ', 'T'])
        && let Some((hours, minutes)) = time.split_once(':')
    {
        let two = |part: &str| part.len() == 2 && part.bytes().all(|b| b.is_ascii_digit());
        let day: PartialDate = day.trim().parse().ok()?;
        return (two(hours) && two(minutes) && day.day().is_some()).then(|| format!("{day}T{time}"));
    }
    text.parse::<PartialDate>().ok().map(|date| date.to_string())
}

/// `{lat, lon}` whatever the case of its keys, with numbers or their text.
fn geo_point(map: &Map<String, Value>) -> Option<Value> {
    let coordinate = |wanted: &str| {
        let (_, value) = map.iter().find(|(key, _)| key.to_lowercase().ends_with(wanted))?;
        value.as_f64().or_else(|| value.as_str()?.trim().parse().ok()).and_then(Number::from_f64)
    };
    let (lat, lon) = (coordinate("lat")?, coordinate("lon")?);
    Some(Value::Object(Map::from_iter([("lat".into(), lat.into()), ("lon".into(), lon.into())])))
}

/// The name that API v2 uses for a piece of API v1. The registry renamed one.
pub(crate) fn present_name(name: &str) -> &str {
    match name {
        "Gender" => "Sex",
        other => other,
    }
}

/// Whether a piece holds ids of MeSH headings.
fn is_mesh_id(piece: &Piece) -> bool {
    piece.name.ends_with("MeshId") || piece.name.ends_with("AncestorId")
}

/// The last heading whose id MeSH writes with six digits; younger ones have nine.
const LAST_SHORT_MESH_ID: u32 = 66_331;

/// API v1 pads the numbers of all MeSH ids to nine digits (`D000008175`); MeSH itself and API v2 write the older ones
/// with six (`D008175`).
fn mesh_id(id: String) -> String {
    let digits = id.strip_prefix('D').filter(|d| d.len() == 9 && d.bytes().all(|b| b.is_ascii_digit()));
    match digits.and_then(|d| d.parse::<u32>().ok()) {
        Some(number) if number <= LAST_SHORT_MESH_ID => format!("D{number:06}"),
        _ => id,
    }
}

/// The piece that says that a date is unknown, where API v1 writes `Unknown` for the date itself.
pub(crate) fn unknown_twin(piece: &Piece, value: &Value) -> Option<&'static Piece> {
    if !matches!(piece.kind, Kind::Date) || !value.as_str()?.eq_ignore_ascii_case("unknown") {
        return None;
    }
    piece::by_name(&format!("{}Unknown", piece.name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::piece::known;
    use serde_json::json;

    #[test]
    fn turns_every_kind() {
        for (piece, text, value) in [
            ("OverallStatus", "Active, not recruiting", json!("ACTIVE_NOT_RECRUITING")),
            ("StartDateType", "Anticipated", json!("ESTIMATED")),
            ("EnrollmentType", "Anticipated", json!("ESTIMATED")),
            ("StudyFirstPostDateType", "Estimate", json!("ESTIMATED")),
            ("Phase", "Early Phase 1", json!("EARLY_PHASE1")),
            ("Phase", "Not Applicable", json!("NA")),
            ("StdAge", "Older Adult", json!("OLDER_ADULT")),
            ("HealthyVolunteers", "Accepts Healthy Volunteers", json!(true)),
            ("OversightHasDMC", "No", json!(false)),
            ("IsUSExport", "Y", json!(true)),
            ("EnrollmentCount", "1,024", json!(1024)),
            ("StartDate", "January 5, 2020", json!("2020-01-05")),
            ("StartDate", "October 2000", json!("2000-10")),
            ("OutcomeMeasureAnticipatedPostingDate", "06/2022", json!("2022-06")),
            ("LargeDocUploadDate", "07/15/2019 15:09", json!("2019-07-15T15:09")),
            ("MinimumAge", "6 Months", json!("6 Months")),
            ("BriefTitle", "No", json!("No")),
        ] {
            assert_eq!(leaf(known(piece), text.into()), Ok(value), "{piece}: {text}");
        }
        for (piece, text) in [
            ("Phase", "Phase 9"),
            ("StartDate", "soon"),
            ("EnrollmentCount", "many"),
            ("GenderBased", "maybe"),
        ] {
            assert_eq!(leaf(known(piece), text.into()), Err(text.into()), "{piece}: {text}");
        }
    }

    #[test]
    fn reads_points() {
        let point = json!({"Lat": "48.5", "Lon": 2});
        assert_eq!(leaf(known("LocationGeoPoint"), point), Ok(json!({"lat": 48.5, "lon": 2.0})));
    }
}
