//! What is asked about a person, from the fields of a form or the parameters of an address.

use eligibility::evaluate::Absence;
use jiff::civil::Date;
use matching::filter::Filter;

use crate::parameters::Parameters;

/// How a person is to be matched; the same words on the page and in the API.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Wanted {
    /// Which studies may be listed.
    pub filter: Filter,
    /// The day that counts as today, if it is not today.
    pub day: Option<Date>,
    /// What it means that nothing is recorded, if it is not what is usual for the source.
    pub absence: Option<Absence>,
    /// At most so many studies.
    pub top: usize,
}

/// Studies that are shown at most, if nothing else is asked for.
pub(crate) const TOP: usize = 20;
/// Studies that are shown at most, whatever is asked for.
const MOST: usize = 1000;
/// Kilometres around a place, if nothing else is asked for.
const WITHIN: &str = "100";

/// What is wrong with a field: its name and what was expected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    /// The field.
    pub field: &'static str,
    /// What is wrong, and what was expected.
    pub message: String,
}

impl Fault {
    /// In a sentence.
    pub fn in_words(&self) -> String {
        format!("{}: {}", self.field, self.message)
    }
}

impl Wanted {
    /// Reads the fields `cond`, `status`, `phase`, `near`, `within`, `indexDate`, `absence`, `top`.
    pub fn of(fields: &Parameters) -> Result<Self, Fault> {
        Ok(Self {
            filter: Filter {
                cond: fields.get("cond").map(str::to_owned),
                status: list(fields, "status", "Status")?,
                phase: list(fields, "phase", "Phase")?,
                near: near(fields)?,
            },
            day: read(fields, "indexDate", "a date such as 2026-05-17", |text| text.parse().ok())?,
            absence: read(fields, "absence", "open, closed or clinical", |text| {
                Absence::ALL.into_iter().find(|policy| policy.as_str() == text)
            })?,
            top: read(fields, "top", "a number from 1 to 1000", |text| {
                text.parse().ok().filter(|top| (1..=MOST).contains(top))
            })?
            .unwrap_or(TOP),
        })
    }
}

fn read<T>(
    fields: &Parameters,
    field: &'static str,
    expected: &str,
    parse: impl Fn(&str) -> Option<T>,
) -> Result<Option<T>, Fault> {
    let Some(text) = fields.get(field) else { return Ok(None) };
    let fault = || Fault { field, message: format!("`{text}` cannot be read: expected {expected}") };
    parse(text).map(Some).ok_or_else(fault)
}

/// Values of an enumeration, in one field with commas or in several.
fn list(fields: &Parameters, field: &'static str, kind: &str) -> Result<Vec<String>, Fault> {
    let values = fields.all(field).flat_map(|text| text.split(',')).map(|value| value.trim().to_owned());
    let known = |text: String| match model::enums::by_name(kind).and_then(|kind| kind.find(&text)) {
        Some(value) => Ok(value.value.to_owned()),
        None => Err(Fault { field, message: format!("`{text}` is no value of {kind}") }),
    };
    values.filter(|value| !value.is_empty()).map(known).collect()
}

/// `latitude,longitude` with `within` in kilometres, or `latitude,longitude,50km` in one.
fn near(fields: &Parameters) -> Result<Option<String>, Fault> {
    let within = fields.get("within").unwrap_or(WITHIN);
    let expected =
        "latitude and longitude in degrees, such as 48.14,11.58, and a distance such as 50km or 30mi";
    read(fields, "near", expected, |text| {
        let mut parts = text.split(',').map(str::trim);
        let degrees = |part: Option<&str>, most: f64| part?.parse().ok().filter(|v: &f64| v.abs() <= most);
        let (lat, lon) = (degrees(parts.next(), 90.0)?, degrees(parts.next(), 180.0)?);
        let distance = distance(parts.next().unwrap_or(within))?;
        parts.next().is_none().then(|| format!("{lat},{lon},{distance}"))
    })
}

/// A distance with its unit; kilometres if it has none.
fn distance(text: &str) -> Option<String> {
    let text = text.trim().to_lowercase();
    let (number, unit) = match (text.strip_suffix("km"), text.strip_suffix("mi")) {
        (Some(number), _) => (number, "km"),
        (_, Some(number)) => (number, "mi"),
        _ => (text.as_str(), "km"),
    };
    let number: f64 = number.trim().parse().ok()?;
    (number > 0.0 && number <= 50_000.0).then(|| format!("{number}{unit}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(fields: &[(&str, &str)]) -> Result<Wanted, Fault> {
        Wanted::of(&Parameters(fields.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect()))
    }

    #[test]
    fn what_is_blank_is_not_asked_for() {
        let wanted = of(&[("cond", " "), ("status", ""), ("near", ""), ("within", "50")]).unwrap();
        assert_eq!(wanted, Wanted { top: TOP, ..Wanted::default() });
    }

    #[test]
    fn places_have_a_distance() {
        let near = |fields: &[(&str, &str)]| of(fields).map(|wanted| wanted.filter.near.unwrap());
        assert_eq!(near(&[("near", "48.14, 11.58")]).unwrap(), "48.14,11.58,100km");
        assert_eq!(near(&[("near", "48.14,-11.58"), ("within", "30 mi")]).unwrap(), "48.14,-11.58,30mi");
        assert_eq!(near(&[("near", "48.14,11.58,5km")]).unwrap(), "48.14,11.58,5km");
        for wrong in ["x", "91,0", "1,2,3,4", "1,2,-5km", "1,2,NaN", "inf,2", "1,2,5 feet"] {
            assert_eq!(near(&[("near", wrong)]).unwrap_err().field, "near", "{wrong}");
        }
    }

    #[test]
    fn what_cannot_be_read_is_named() {
        for (field, value) in [
            ("indexDate", "17.5."),
            ("absence", "no"),
            ("top", "0"),
            ("top", "2000"),
            ("status", "OPEN"),
            ("phase", "V"),
        ] {
            assert_eq!(of(&[(field, value)]).unwrap_err().field, field);
        }
        let wanted = of(&[("status", "recruiting, COMPLETED"), ("status", "SUSPENDED")]).unwrap();
        assert_eq!(wanted.filter.status, ["RECRUITING", "COMPLETED", "SUSPENDED"]);
    }
}
