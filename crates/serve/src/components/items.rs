//! Items that a form asks for: a field for each, with its unit where there are several.

use maud::{Markup, html};
use protocol::score::{Answer, Item};
use serde_json::{Map, Value};

use crate::parameters::Parameters;

/// The key of an item's unit in a form.
const UNIT: &str = ".unit";

/// A field for an item, with what was given before.
pub(crate) fn field(item: &Item, given: &Parameters) -> Markup {
    let now = given.get(item.id).unwrap_or_default();
    let id = format!("i-{}", item.id);
    html! {
        div.field {
            label for=(id) { (item.what) @if item.optional { " (optional)" } }
            @match item.answer {
                Answer::Code { low, high, words } if high - low <= 12 => {
                    select id=(id) name=(item.id) {
                        option value="" { "not known" }
                        @for code in low..=high {
                            @let word = words.get((code - low) as usize);
                            option value=(code) selected[now == code.to_string()] {
                                (code) @if let Some(word) = word { " " (word) }
                            }
                        }
                    }
                }
                Answer::Word(words) => {
                    select id=(id) name=(item.id) {
                        option value="" { "not said" }
                        @for (word, _) in words { option value=(word) selected[now == *word] { (word) } }
                    }
                }
                _ => (number(item, &id, now, given)),
            }
        }
    }
}

fn number(item: &Item, id: &str, now: &str, given: &Parameters) -> Markup {
    let units = item.units();
    let key = format!("{}{UNIT}", item.id);
    let chosen = given.get(&key).unwrap_or_default();
    html! {
        div.box {
            input id=(id) name=(item.id) value=(now) inputmode="decimal" autocomplete="off";
            @if let [one] = &units[..] { span.unit { (one) } }
            @if units.len() > 1 {
                label.hidden for={ (id) "-u" } { "Unit: " (item.what) }
                select id={ (id) "-u" } name=(key) {
                    @for unit in &units { option value=(unit) selected[chosen == unit.as_str()] { (unit) } }
                }
            }
        }
    }
}

/// A field for words.
pub(crate) fn words(name: &str, label: &str, example: &str, given: &Parameters) -> Markup {
    let id = format!("i-{name}");
    html! {
        div.field {
            label for=(id) { (label) }
            input id=(id) name=(name) value=(given.get(name).unwrap_or_default()) placeholder=(example) autocomplete="off";
        }
    }
}

/// What a form sent, as the readers of items want it: values with their units, blank ones left out.
pub(crate) fn object(given: &Parameters) -> Value {
    let values = given.0.iter().filter(|(name, value)| !name.ends_with(UNIT) && !value.trim().is_empty());
    let with_unit = |(name, value): &(String, String)| {
        let unit = given.get(&format!("{name}{UNIT}")).filter(|_| !value.contains(char::is_alphabetic));
        let value = unit.map_or_else(|| value.trim().to_owned(), |unit| format!("{} {unit}", value.trim()));
        (name.clone(), Value::from(value))
    };
    values.map(with_unit).collect::<Map<_, _>>().into()
}
