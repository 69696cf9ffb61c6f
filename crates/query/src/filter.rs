//! The plain filters: `filter.overallStatus`, `filter.geo` with `geoDecay`, `filter.ids`, `filter.synonyms`.

use std::ops::Range;

use model::{Kind, StudyId, piece, piece::near_names};

use crate::{
    QueryError, Resolved,
    error::{Fault, whole},
    parse::{decimal, length},
    resolved::{Circle, DecayShape, GeoDecay, TextMatch},
    scope::Scope,
    typed::{Coverage, Distance, Expansion, Name},
    words,
};

/// The items of a list and their places; `,` and `|` part them, blanks around them do not count.
pub(crate) fn items(text: &str) -> Vec<(&str, Range<usize>)> {
    let mut start = 0;
    text.split([',', '|'])
        .map(|item| {
            let from = start + item.len() - item.trim_start().len();
            start += item.len() + 1;
            (item.trim(), from..from + item.trim().len())
        })
        .collect()
}

/// `filter.overallStatus`: the status of the study, not of its sites.
pub(crate) fn overall_status(text: &str) -> Result<Resolved, QueryError> {
    let status = piece::known("OverallStatus");
    let Kind::Enum(kind) = status.kind else {
        unreachable!("the status is an enumeration in the table of pieces")
    };
    let read = |(item, span): (&str, Range<usize>)| {
        if let Some(found) = kind.values.iter().find(|v| v.value == item) {
            return Ok(found.value);
        }
        let near: Vec<&str> = match kind.find(item) {
            Some(meant) => vec![meant.value],
            None => near_names(item, kind.values.iter().map(|v| v.value)),
        };
        let message = format!("Invalid value in parameter `overallStatus`: `{item}`");
        Err(Fault::new(span, message).near(near).of("filter.overallStatus", text))
    };
    let mut values: Vec<&str> = Vec::new();
    for value in whole(items(text).into_iter().map(read))? {
        if !values.contains(&value) {
            values.push(value);
        }
    }
    Ok(Resolved::Enum(status, values))
}

/// `filter.geo`: `distance(lat,lon,50mi)`, `80km` or a bare number of miles.
pub(crate) fn circle(text: &str) -> Result<Circle, QueryError> {
    let inner = text.strip_prefix("distance(").and_then(|t| t.strip_suffix(')'));
    let parts: Vec<&str> = inner.unwrap_or_default().split(',').collect();
    let read = match parts[..] {
        [lat, lon, radius] if !radius.contains(' ') => decimal(lat)
            .zip(decimal(lon))
            .zip(length(radius))
            .map(|((lat, lon), (radius, miles))| Distance { lat, lon, radius, miles }),
        _ => None,
    };
    let read = read.filter(|d| d.lat.abs() <= 90.0 && d.lon.abs() <= 180.0);
    let read = read.map(|d| Circle { lat: d.lat, lon: d.lon, km: d.km() });
    read.ok_or_else(|| {
        let message = "Parameter `filter.geo` has incorrect format";
        let near = ["distance(39.0,-77.1,50mi)"];
        Fault::new(0..text.len(), message).near(near).of("filter.geo", text)
    })
}

/// `geoDecay`: `func:exp,scale:300mi,offset:0mi,decay:0.5`. Without a circle it has nothing to act on.
pub(crate) fn decay(text: &str, circle: Option<Circle>) -> Result<Option<GeoDecay>, QueryError> {
    let read = decay_parts(text).ok_or_else(|| {
        let message = "Parameter `geoDecay` has incorrect format";
        let near = ["func:exp,scale:300mi,offset:0mi,decay:0.5"];
        Fault::new(0..text.len(), message).near(near).of("geoDecay", text)
    })?;
    let (shape, scale_km, offset_km, decay) = read;
    Ok(circle.map(|circle| GeoDecay { circle, shape, scale_km, offset_km, decay }))
}

/// Shape, scale and offset in kilometres, weight at the scale: a positive scale, a weight between 0 and 1, ends left
/// out, so that the curve is one.
fn decay_parts(text: &str) -> Option<(DecayShape, f64, f64, f64)> {
    let parts: Vec<&str> = text.split(',').collect();
    let [func, scale, offset, decay] = parts[..] else { return None };
    let shape = match func.strip_prefix("func:")? {
        "exp" => DecayShape::Exponential,
        "gauss" => DecayShape::Gaussian,
        "linear" => DecayShape::Linear,
        _ => return None,
    };
    // Here the unit is a must.
    let km = |text: &str| {
        let unit = text.ends_with("km") || text.ends_with("mi");
        let (radius, miles) = length(text).filter(|_| unit && !text.contains(' '))?;
        Some(Distance { lat: 0.0, lon: 0.0, radius, miles }.km())
    };
    let scale = km(scale.strip_prefix("scale:")?).filter(|s| *s > 0.0)?;
    let offset = km(offset.strip_prefix("offset:")?)?;
    let weight = decimal(decay.strip_prefix("decay:")?).filter(|w| *w > 0.0 && *w < 1.0)?;
    Some((shape, scale, offset, weight))
}

/// `filter.ids`.
pub(crate) fn ids(text: &str) -> Result<Resolved, QueryError> {
    let read = |(item, span): (&str, Range<usize>)| {
        item.parse().map_err(|_| {
            let message =
                format!("filter.ids has incorrect format: `{item}` is not NCT and up to eight digits");
            Fault::new(span, message).of("filter.ids", text)
        })
    };
    let mut ids: Vec<StudyId> = whole(items(text).into_iter().map(read))?;
    ids.sort_unstable();
    ids.dedup();
    Ok(Resolved::Ids(ids))
}

/// `filter.synonyms`: `Area:concept`, where a concept is a MeSH id. Several are alternatives.
pub(crate) fn synonyms(text: &str) -> Result<Resolved, QueryError> {
    let read =
        |(item, span): (&str, Range<usize>)| synonym(item, span).map_err(|f| f.of("filter.synonyms", text));
    Ok(Resolved::or(whole(items(text).into_iter().map(read))?))
}

/// Whether a concept is a number of the registry's own synonym index, which is not public.
fn is_registry_number(id: &str) -> bool {
    !id.is_empty() && id.bytes().all(|b| b.is_ascii_digit())
}

/// The numbers of the registry's own index in `filter.synonyms`, with their places: no study is known for them.
pub(crate) fn unknown_synonyms(text: &str) -> Vec<Range<usize>> {
    let number = |(item, span): (&str, Range<usize>)| {
        let (name, id) = item.split_once(':')?;
        is_registry_number(id).then(|| span.start + name.len() + 1..span.end)
    };
    items(text).into_iter().filter_map(number).collect()
}

fn synonym(item: &str, span: Range<usize>) -> Result<Resolved, Fault> {
    let Some((name, id)) = item.split_once(':') else {
        let message = format!("`{item}` is no pair of an area and a concept");
        return Err(Fault::new(span, message).near(["ConditionSearch:D003924"]));
    };
    let name = Name { text: name.to_owned(), span: span.start..span.start + name.len() };
    let scope = Scope::by_name(&name)?;
    let place = name.span.end + 1..span.end;
    if is_registry_number(id) {
        // Nothing is known of the studies behind it, so none is found; a hint tells so.
        return Ok(Resolved::Not(Box::new(Resolved::All)));
    }
    let Some((text, segment)) = words::concept(id) else {
        return Err(Fault::new(place, format!("`{id}` is no MeSH id in the vocabulary of this version")));
    };
    let pieces = scope.text_pieces();
    Ok(Resolved::Text(TextMatch {
        pieces,
        coverage: Coverage::Contains,
        expansion: Expansion::Concept,
        text: text.to_owned(),
        segments: vec![segment],
    }))
}
