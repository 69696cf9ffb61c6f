//! Values of the record: an object under construction and the reading of one element into one value.

use model::{Age, IssueKind, PartialDate, enums};
use serde_json::{Map, Value};

use super::{reflow, tree::Element};

/// A JSON object that takes only what is there: absent and blank sources leave no key.
#[derive(Default)]
pub(super) struct Object(Map<String, Value>);

/// An element that may be absent.
type Source<'t> = Option<Element<'t>>;

impl Object {
    /// Adds a value unless it is absent, an empty list or an empty object.
    pub(super) fn put(&mut self, key: &str, value: impl Into<Value>) {
        let value = value.into();
        let nothing = match &value {
            Value::Null => true,
            Value::Array(items) => items.is_empty(),
            Value::Object(map) => map.is_empty(),
            _ => false,
        };
        if !nothing {
            self.0.insert(key.to_owned(), value);
        }
    }

    /// One line of text.
    pub(super) fn text(&mut self, key: &str, from: Source<'_>) {
        self.put(key, from.and_then(line));
    }

    /// Several lines of text.
    pub(super) fn texts<'t>(&mut self, key: &str, from: impl IntoIterator<Item = Element<'t>>) {
        self.put(key, from.into_iter().filter_map(line).collect::<Vec<_>>());
    }

    /// Text with markup.
    pub(super) fn markup(&mut self, key: &str, from: Source<'_>) {
        self.put(key, from.and_then(markup));
    }

    /// A value of an enumeration, from its label.
    pub(super) fn choice(&mut self, key: &str, type_name: &str, from: Source<'_>) {
        self.put(key, from.and_then(|e| choice(e, type_name)));
    }

    /// A date, as exact as it was stated.
    pub(super) fn date(&mut self, key: &str, from: Source<'_>) {
        self.put(key, from.and_then(date));
    }

    /// A date with its type.
    pub(super) fn dated(&mut self, key: &str, from: Source<'_>) {
        let Some(element) = from else { return };
        let mut inner = Self::default();
        inner.date("date", element.at("date").or(from));
        if inner.0.is_empty() {
            return;
        }
        if let Some(label) = element.attribute("type") {
            inner.put("type", known(element, "DateType", label));
        }
        self.put(key, inner);
    }

    /// Yes or no.
    pub(super) fn yes(&mut self, key: &str, from: Source<'_>) {
        self.put(key, from.and_then(yes));
    }

    /// A whole number.
    pub(super) fn integer(&mut self, key: &str, from: Source<'_>) {
        self.put(key, from.and_then(|e| e.trimmed().and_then(|t| integer(e, t))));
    }

    /// An age or a duration, `N/A` meaning none.
    pub(super) fn age(&mut self, key: &str, from: Source<'_>) -> Option<Age> {
        let element = from?;
        let text = line(element).filter(|t| t != "N/A" && t != "None")?;
        let age = text.parse::<Age>();
        if let Err(e) = &age {
            element.report(IssueKind::BadValue, e.to_string());
        }
        self.put(key, age.as_ref().map_or(text, Age::to_string));
        age.ok()
    }

    /// Whether nothing has been put.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// A value put before.
    pub(super) fn get(&self, key: &str) -> Option<&Value> {
        self.0.get(key)
    }
}

impl From<Object> for Value {
    fn from(object: Object) -> Self {
        Value::Object(object.0)
    }
}

/// The objects that are not empty, made from elements one by one.
pub(super) fn list<'t>(
    from: impl IntoIterator<Item = Element<'t>>,
    make: impl FnMut(Element<'t>) -> Object,
) -> Vec<Value> {
    from.into_iter().map(make).filter(|o| !o.is_empty()).map(Value::from).collect()
}

/// One line of text: trimmed, line breaks turned into blanks.
pub(super) fn line(element: Element<'_>) -> Option<String> {
    let text = element.at("textblock").unwrap_or(element).trimmed()?;
    Some(if text.contains(['\n', '\r', '\t']) {
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    } else {
        text.to_owned()
    })
}

/// Markup: a `textblock` re-flowed, other text line by line, as is all of the upload form.
pub(super) fn markup(element: Element<'_>) -> Option<String> {
    let text = match element.at("textblock") {
        Some(block) if block.is_upload() => reflow::typed(block.raw_text()),
        Some(block) => reflow::wrapped(block.raw_text()),
        None => reflow::typed(element.raw_text()),
    };
    Some(text).filter(|t| !t.is_empty())
}

/// The wire value of a label; an unknown label is kept and reported.
pub(super) fn choice(element: Element<'_>, type_name: &str) -> Option<String> {
    Some(known(element, type_name, &line(element)?))
}

/// The wire value of a label found at an element; an unknown label is kept and reported.
pub(super) fn known(element: Element<'_>, type_name: &str, label: &str) -> String {
    find(type_name, label).map_or_else(
        || {
            element.report(IssueKind::BadValue, format!("`{label}` is no {type_name}"));
            label.to_owned()
        },
        str::to_owned,
    )
}

/// The wire value of a label, those of earlier years included.
pub(super) fn find(type_name: &str, label: &str) -> Option<&'static str> {
    let label = match (type_name, label) {
        ("Sex", "Both") => "All",
        ("AgencyClass", "U.S. Fed") => "FED",
        ("Phase", "Phase 0") => "Early Phase 1",
        ("ObservationalModel", "Case Control") => "Case-Control",
        ("DesignMasking", "Open Label" | "No masking") => "None (Open Label)",
        ("DesignMasking", "Single Blind" | "Single-Blind") => "Single",
        ("DesignMasking", "Double Blind" | "Double-Blind") => "Double",
        ("WhoMasked", "Subject") => "Participant",
        ("WhoMasked", "Caregiver") => "Care Provider",
        ("InterventionType", "Biological/Vaccine") => "Biological",
        ("InterventionType", "Procedure/Surgery") => "Procedure",
        _ => label,
    };
    Some(enums::by_name(type_name)?.find(label)?.value)
}

fn date(element: Element<'_>) -> Option<String> {
    let text = line(element)?;
    Some(match text.parse::<PartialDate>() {
        Ok(date) => date.to_string(),
        Err(e) => {
            element.report(IssueKind::BadValue, e.to_string());
            text
        }
    })
}

fn yes(element: Element<'_>) -> Option<Value> {
    let text = line(element)?;
    Some(match text.to_ascii_lowercase().as_str() {
        "yes" | "true" | "accepts healthy volunteers" => true.into(),
        "no" | "false" => false.into(),
        _ => {
            element.report(IssueKind::BadValue, format!("`{text}` is neither Yes nor No"));
            text.into()
        }
    })
}

/// A whole number found at an element; other text is kept and reported.
pub(super) fn integer(element: Element<'_>, text: &str) -> Option<Value> {
    Some(match text.replace(',', "").parse::<i64>() {
        Ok(number) => number.into(),
        Err(_) => {
            element.report(IssueKind::BadValue, format!("`{text}` is no whole number"));
            text.into()
        }
    })
}
