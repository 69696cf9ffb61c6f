//! Items as people send them: JSON with numbers, words, and values with units.

use std::fmt;

use model::Decimal;
use serde_json::Value;
use vocabulary::{unit, unit::Unit, variable::Variable};

use super::{Answer, Instrument, Item, Why, item, nearest};

/// An item that was given.
#[derive(Clone, Debug, PartialEq)]
pub struct Given {
    /// As a number in the item's unit; a word's place in the item's list.
    pub value: f64,
    /// The word, where the item asks for one.
    pub word: Option<&'static str>,
    /// As it was written, where it was converted.
    pub from: Option<String>,
}

/// A person's items, as far as they were given.
#[derive(Clone, Debug)]
pub struct Values {
    items: &'static [Item],
    given: Vec<Option<Given>>,
}

/// Something given that cannot be an item's value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trouble {
    /// The key it stands under; empty for the whole.
    pub key: String,
    /// What is wrong and what to write instead.
    pub message: String,
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.key.is_empty() {
            write!(f, "`{}`: ", self.key)?;
        }
        f.write_str(&self.message)
    }
}

impl std::error::Error for Trouble {}

impl Values {
    /// Items with what was given of each.
    pub fn iter(&self) -> impl Iterator<Item = (&'static Item, Option<&Given>)> {
        self.items.iter().zip(self.given.iter().map(Option::as_ref))
    }

    /// What was given of an item.
    pub fn given(&self, id: &str) -> Option<&Given> {
        let at = self.items.iter().position(|item| item.id == id)?;
        self.given.get(at)?.as_ref()
    }

    /// The number of an item.
    pub(crate) fn number(&self, id: &'static str) -> Result<f64, Why> {
        self.given(id).map(|given| given.value).ok_or_else(|| Why::Lacks(vec![id]))
    }

    /// The word of an item.
    pub(crate) fn word(&self, id: &'static str) -> Result<&'static str, Why> {
        self.given(id).and_then(|given| given.word).ok_or_else(|| Why::Lacks(vec![id]))
    }

    /// The numbers of items; all that are missing if one is.
    pub(super) fn numbers<const N: usize>(&self, ids: [&'static str; N]) -> Result<[f64; N], Why> {
        let lacking: Vec<&'static str> = ids.into_iter().filter(|id| self.given(id).is_none()).collect();
        if !lacking.is_empty() {
            return Err(Why::Lacks(lacking));
        }
        Ok(ids.map(|id| self.given(id).map_or(f64::NAN, |given| given.value)))
    }

    /// The sum of the items that are asked for; all that are missing if one is.
    pub(super) fn sum(&self, of: impl Fn(&Item) -> bool) -> Result<f64, Why> {
        let wanted = || self.iter().filter(|(item, _)| of(item));
        let lacking: Vec<&'static str> =
            wanted().filter(|(_, g)| g.is_none()).map(|(item, _)| item.id).collect();
        if !lacking.is_empty() {
            return Err(Why::Lacks(lacking));
        }
        Ok(wanted().filter_map(|(_, given)| Some(given?.value)).sum())
    }
}

/// Reads items from a JSON object: `{"weight": 70}`, `{"weight": "154 lb"}`, `{"weight": {"value": 154, "unit": "lb"}}`.
///
/// A number without a unit is in the item's unit. `null` and a blank text are missing. Every trouble is told.
pub fn read(instrument: &Instrument, json: &Value) -> Result<Values, Vec<Trouble>> {
    items(instrument.name, instrument.items, json)
}

/// The same of the items of anything that has a name.
pub(crate) fn items(name: &str, items: &'static [Item], json: &Value) -> Result<Values, Vec<Trouble>> {
    let mut troubles = Vec::new();
    let mut given: Vec<Option<Given>> = vec![None; items.len()];
    let Some(object) = json.as_object() else {
        let message =
            format!("items are an object such as {{\"{}\": ...}}", items.first().map_or("", |item| item.id));
        return Err(vec![Trouble { key: String::new(), message }]);
    };
    let mut seen = vec![false; items.len()];
    for (key, value) in object {
        let mut trouble = |message| troubles.push(Trouble { key: key.clone(), message });
        let Some((at, item)) = item::named(items, key) else {
            trouble(unknown(name, items, key));
            continue;
        };
        if std::mem::replace(&mut seen[at], true) {
            trouble(format!("`{}` is given twice", item.id));
            continue;
        }
        match one(item, value) {
            Ok(value) => given[at] = value,
            Err(message) => trouble(message),
        }
    }
    if troubles.is_empty() { Ok(Values { items, given }) } else { Err(troubles) }
}

fn unknown(name: &str, items: &[Item], key: &str) -> String {
    let near = nearest(key, items.iter().map(|item| item.id));
    let hint = if near.is_empty() {
        let all: Vec<&str> = items.iter().map(|item| item.id).collect();
        format!("its items are {}", all.join(", "))
    } else {
        format!("did you mean {}?", near.join(" or "))
    };
    format!("{name} has no such item; {hint}")
}

fn one(item: &'static Item, value: &Value) -> Result<Option<Given>, String> {
    let asked = || format!("write {}", item.answers());
    match value {
        Value::Null => Ok(None),
        Value::String(text) if text.trim().is_empty() => Ok(None),
        Value::String(text) => written(item, text.trim()).map(Some),
        Value::Number(number) => {
            let number =
                decimal(&number.to_string()).ok_or_else(|| format!("{number} is too large; {}", asked()))?;
            counted(item, number, None).map(Some)
        }
        Value::Bool(yes) => match item.answer {
            Answer::Code { low: 0, high: 1, .. } => {
                counted(item, Decimal::from(u8::from(*yes)), None).map(Some)
            }
            _ => Err(format!("{yes} is no answer; {}", asked())),
        },
        Value::Object(parts) => {
            let (Some(value), unit) = (parts.get("value"), parts.get("unit").and_then(Value::as_str)) else {
                return Err("a value with a unit is {\"value\": 0.9, \"unit\": \"mg/dL\"}".to_owned());
            };
            let unit = unit.unwrap_or_default();
            match value {
                Value::Null => Ok(None),
                Value::String(text) if text.trim().is_empty() => Ok(None),
                Value::String(text) => written(item, format!("{} {unit}", text.trim()).trim()).map(Some),
                Value::Number(number) => written(item, format!("{number} {unit}").trim()).map(Some),
                other => Err(format!("{other} is no value; {}", asked())),
            }
        }
        Value::Array(_) => Err(format!("a list is no answer; {}", asked())),
    }
}

fn decimal(text: &str) -> Option<Decimal> {
    text.parse().ok().or_else(|| Decimal::from_scientific(text).ok())
}

/// An answer in words: `present`, `2`, `0.9 mg/dL`.
fn written(item: &'static Item, text: &str) -> Result<Given, String> {
    let none = || format!("“{}” is no answer; write {}", short(text), item.answers());
    match item.answer {
        Answer::Word(words) => {
            let same = |other: &&str| other.eq_ignore_ascii_case(text);
            let at =
                words.iter().position(|(word, also)| same(word) || also.iter().any(same)).ok_or_else(none)?;
            Ok(Given { value: at as f64, word: Some(words[at].0), from: None })
        }
        Answer::Code { low, words, .. } => {
            let named = words.iter().position(|word| word.eq_ignore_ascii_case(text));
            let code = named.map(|at| Decimal::from(low + at as i64)).or_else(|| decimal(text));
            counted(item, code.ok_or_else(none)?, None)
        }
        Answer::Number { .. } => {
            let end = text.find(|c: char| !(c.is_ascii_digit() || matches!(c, '.' | '-' | '+')));
            // `1e3`: an exponent, not a unit.
            let end = decimal(text).map_or(end, |_| None);
            let (number, unit) = text.split_at(end.unwrap_or(text.len()));
            let unit = unit.trim();
            let number = decimal(number).ok_or_else(none)?;
            if unit.is_empty() {
                return counted(item, number, None);
            }
            let unit =
                unit::of(unit).ok_or_else(|| format!("“{}” is no unit that is known here", short(unit)))?;
            counted(item, number, Some(unit))
        }
    }
}

fn short(text: &str) -> String {
    text.chars().take(40).collect()
}

/// A number, in a unit or in the item's own.
fn counted(item: &'static Item, number: Decimal, unit: Option<Unit>) -> Result<Given, String> {
    let written = unit.map_or_else(|| number.to_string(), |unit| format!("{number} {unit}"));
    let (low, high) = match item.answer {
        Answer::Word(_) => return Err(format!("{written} is no answer; write {}", item.answers())),
        Answer::Code { .. } if !number.normalize().is_integer() => {
            return Err(format!("{written} is no whole number; write {}", item.answers()));
        }
        Answer::Code { low, high, .. } => (low as f64, high as f64),
        Answer::Number { low, high, .. } => (low, high),
    };
    let value = converted(item, number, unit)?;
    let value = f64::try_from(value).map_err(|_| format!("{written} is too large"))?;
    if !(low..=high).contains(&value) {
        return Err(out_of_range(item, &written, number, unit));
    }
    let from = unit.filter(|unit| item.unit() != Some(*unit)).map(|_| written);
    Ok(Given { value, word: None, from })
}

fn out_of_range(item: &Item, written: &str, number: Decimal, unit: Option<Unit>) -> String {
    let repair = item.variable().and_then(|v| v.repair(number, unit.or(item.unit())));
    let meant = repair.map(|r| format!("; if {} is meant, say so", r.unit)).unwrap_or_default();
    format!("{written} is not in the range; write {}{meant}", item.answers())
}

/// A number in the item's unit.
fn converted(item: &Item, number: Decimal, unit: Option<Unit>) -> Result<Decimal, String> {
    let (Some(from), to) = (unit, item.unit()) else { return Ok(number) };
    let Some(to) = to else { return Err(format!("{number} {from}: this has no unit")) };
    if from.dimension() == to.dimension() {
        return unit::convert(number, from, to).ok_or_else(|| format!("{number} {from} is too large"));
    }
    let by_variable = item.variable().and_then(|v| through(v, number, from, to));
    by_variable.ok_or_else(|| format!("{from} does not convert to {to}; write {}", item.answers()))
}

/// Through the canonical unit of a variable: mmol/L of glucose to mg/dL.
fn through(variable: &Variable, number: Decimal, from: Unit, to: Unit) -> Option<Decimal> {
    let canonical = variable.canonical(number, Some(from)).ok()?.value;
    let own = variable.unit?;
    if own.dimension() == to.dimension() {
        return unit::convert(canonical, own, to);
    }
    let row = variable.conversions.iter().find(|c| c.unit.dimension() == to.dimension())?;
    let back = canonical.checked_sub(row.offset)?.checked_div(row.factor)?;
    unit::convert(back, row.unit, to)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{
        super::{example::refuses, instrument},
        *,
    };

    #[test]
    fn answers_are_read_in_every_form() {
        let tcss = instrument("tcss").unwrap();
        let items = json!({"sym_foot_pain": true, "reflex_knee_l": "reduced", "REFLEX_KNEE_R": "2", "sens_pinprick": null});
        let values = read(tcss, &items).unwrap();
        let of = |id| values.given(id).map(|g| g.value);
        assert_eq!(
            [of("sym_foot_pain"), of("reflex_knee_l"), of("reflex_knee_r"), of("sens_pinprick")],
            [Some(1.0), Some(1.0), Some(2.0), None]
        );
    }

    #[test]
    fn units_are_converted() {
        let egfr = instrument("egfr_ckdepi2021").unwrap();
        let of = |scr: Value| read(egfr, &json!({"scr": scr})).unwrap().given("creatinine").unwrap().clone();
        assert_eq!(of(json!(0.9)).value, 0.9);
        assert_eq!(of(json!("0.9 mg/dL")).value, 0.9);
        let converted = of(json!({"value": 88.42, "unit": "µmol/L"}));
        assert_eq!((converted.value, converted.from.as_deref()), (1.0, Some("88.42 umol/L")));
    }

    #[test]
    fn what_is_no_answer_is_refused_with_its_place() {
        let tcss = instrument("tcss").unwrap();
        refuses(
            tcss,
            json!({"sym_foot_pain": 2, "reflex_knee_l": 0.5, "sym_foot_pian": 1, "sens_pinprick": [1]}),
            &[
                "`sym_foot_pain`: 2 is not in the range; write 0 absent, 1 present",
                "`reflex_knee_l`: 0.5 is no whole number; write 0 normal, 1 reduced, 2 absent",
                "`sym_foot_pian`: Toronto Clinical Scoring System has no such item; did you mean sym_foot_pain?",
                "`sens_pinprick`: a list is no answer; write 0 normal, 1 abnormal",
            ],
        );
        refuses(tcss, json!([1]), &["items are an object such as {\"sym_foot_pain\": ...}"]);
        let egfr = instrument("egfr_ckdepi2021").unwrap();
        refuses(
            egfr,
            json!({"scr": 80, "age": "55 kg", "sex": "x"}),
            &[
                "`scr`: 80 is not in the range; write 0.1 to 35 mg/dL; if umol/L is meant, say so",
                "`age`: kg does not convert to a; write 18 to 120 a",
                "`sex`: “x” is no answer; write female, male",
            ],
        );
        refuses(egfr, json!({"scr": 1, "creatinine": 1}), &["`creatinine`: `creatinine` is given twice"]);
    }
}
