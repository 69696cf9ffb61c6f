//! What is said of the person, and of what the record leaves open.

use serde_json::{Map, Value};

use crate::{
    protocol::{Measure, Status},
    read::{Quantity, Text, number::Notation, quantity::Role},
    score::{
        Item, Trouble, Values,
        item::{CREATININE, HEIGHT, SEX, WEIGHT},
        read,
    },
};

/// What can be said; `girths`, `amount`, `concentration` and `volume` are texts besides.
pub const ITEMS: &[Item] = &[
    WEIGHT,
    HEIGHT,
    Item::number("age", "age", 0.0, 120.0, "a").of("age"),
    SEX,
    CREATININE,
    Item::word(
        "surface",
        "formula of the body surface",
        &[("mosteller", &[]), ("du-bois", &["dubois", "du bois"])],
    ),
    Item::number("area", "the area that is treated", 0.1, 30_000.0, "cm2"),
    Item::word(
        "region",
        "what is treated",
        &[
            ("head", &[]),
            ("arm", &[]),
            ("arms", &[]),
            ("trunk", &[]),
            ("leg", &[]),
            ("legs", &["lower limbs"]),
            ("thigh", &[]),
            ("thighs", &[]),
            ("lower-leg", &["lower leg"]),
            ("lower-legs", &["lower legs"]),
            ("foot", &[]),
            ("feet", &[]),
        ],
    ),
    Item::word(
        "shares",
        "rule for the share of the body surface",
        &[("nines", &[]), ("lund-browder", &["lund"])],
    ),
    Item::number("length", "from the first girth to the last", 0.5, 150.0, "cm"),
    Item::code("limbs", "how many limbs", 1, 4, &[]),
    Item::code("places", "places at a time", 1, 100_000, &[]).also(&["points"]),
    Item::number("spacing", "distance of two places", 0.1, 50.0, "cm"),
    Item::word("lattice", "how places lie", &[("square", &[]), ("hexagonal", &["hex"])]),
    Item::code("count", "administrations", 1, 10_000, &[]),
    Item::number("cap", "the most at a time, in the unit of the amount", 0.000_001, 1e15, ""),
    Item::number("syringe", "what a syringe holds", 0.1, 200.0, "mL"),
];

/// What is said of the person, and of what the record leaves open.
#[derive(Clone, Debug)]
pub struct Asked {
    values: Values,
    /// Girths of a limb in cm, from one end to the other, equally far apart.
    pub girths: Vec<f64>,
    /// An amount where the record has none, and how sure its number is.
    pub amount: Option<(Measure, Status)>,
    /// How much is in a volume.
    pub concentration: Option<Measure>,
    /// The volume at a time.
    pub volume: Option<Measure>,
}

impl Asked {
    /// Reads it from a JSON object; every trouble is told.
    pub fn read(json: &Value) -> Result<Self, Vec<Trouble>> {
        let mut rest = json.as_object().cloned().unwrap_or_default();
        let mut troubles = Vec::new();
        part_as_area(&mut rest);
        let mut text =
            |key: &str| text(&mut rest, key).map_err(|trouble| troubles.push(trouble)).ok().flatten();
        let (girths, amount) = (text("girths"), text("amount"));
        let (concentration, volume) = (text("concentration"), text("volume"));
        let whole = if json.is_object() { rest.into() } else { json.clone() };
        let values = read::items("A dose", ITEMS, &whole).map_err(|more| troubles.extend(more)).ok();
        let mut keep = |key: &str, message: String| troubles.push(Trouble { key: key.to_owned(), message });
        let girths =
            girths.map(|t| of_girths(&t)).transpose().map_err(|why| keep("girths", why)).ok().flatten();
        let mut measure = |key: &str, said: Option<String>, role: Role| {
            said.map(|t| of_quantity(&t, role)).transpose().map_err(|why| keep(key, why)).ok().flatten()
        };
        let amount = measure("amount", amount, Role::Amount);
        let concentration = measure("concentration", concentration, Role::Concentration).map(|(c, _)| c);
        let volume = measure("volume", volume, Role::Volume).map(|(v, _)| v);
        match values.filter(|_| troubles.is_empty()) {
            Some(values) => {
                Ok(Self { values, girths: girths.unwrap_or_default(), amount, concentration, volume })
            }
            None => Err(troubles),
        }
    }

    /// The number of an item, if it was given.
    pub fn number(&self, id: &'static str) -> Option<f64> {
        self.values.number(id).ok()
    }

    /// The word of an item, if it was given.
    pub fn word(&self, id: &'static str) -> Option<&'static str> {
        self.values.word(id).ok()
    }
}

/// `area: legs` says a region.
fn part_as_area(object: &mut Map<String, Value>) {
    let Some(Value::String(area)) = object.get("area") else { return };
    let named = |c: char| c.is_alphabetic();
    if area.trim_start().starts_with(named) && !object.contains_key("region") {
        let area = object.shift_remove("area").unwrap_or_default();
        object.insert("region".to_owned(), area);
    }
}

fn text(object: &mut Map<String, Value>, key: &str) -> Result<Option<String>, Trouble> {
    match object.shift_remove(key) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.trim().to_owned()).filter(|t| !t.is_empty())),
        Some(other) => Err(Trouble {
            key: key.to_owned(),
            message: format!("{other} is no text such as \"{}\"", example(key)),
        }),
    }
}

fn example(key: &str) -> &'static str {
    match key {
        "girths" => "36, 22",
        "amount" => "1e6 cells/kg",
        "concentration" => "5e6 cells/mL",
        _ => "1 mL/site",
    }
}

fn of_girths(text: &str) -> Result<Vec<f64>, String> {
    let one = |part: &str| {
        let number = part.trim().trim_end_matches("cm").trim().parse::<f64>();
        number.ok().filter(|girth| (1.0..=300.0).contains(girth))
    };
    let girths: Option<Vec<f64>> = text.split([',', ';']).map(one).collect();
    girths.filter(|girths| (2..=40).contains(&girths.len())).ok_or_else(|| {
        format!("“{text}” are no girths; write two or more in cm, from one end to the other: 36, 22")
    })
}

/// A quantity that is the whole text.
fn of_quantity(text: &str, role: Role) -> Result<(Measure, Status), String> {
    let words = Text::new(text);
    let found = Quantity::read(&words, 0);
    let [one] = &found[..] else { return Err(no_quantity(text, role)) };
    if one.to != words.tokens.len() || one.role() != role {
        return Err(no_quantity(text, role));
    }
    let or = (one.notation == Notation::TenE).then(|| one.value.checked_mul(model::Decimal::TEN)).flatten();
    let per = (!one.per.is_empty()).then(|| one.per.join("/"));
    let status = if one.notation == Notation::Plain { Status::Stated } else { Status::Assumed };
    let (unit, per) = match (role, per) {
        (Role::Concentration, Some(per)) => (format!("{}/{per}", one.unit), None),
        (_, per) => (one.unit.to_owned(), per),
    };
    Ok((Measure { value: one.value, high: one.high, unit, per, or, at_most: false }, status))
}

fn no_quantity(text: &str, role: Role) -> String {
    let (what, example) = match role {
        Role::Concentration => ("concentration", "5e6 cells/mL, 10 mg/mL"),
        Role::Volume => ("volume", "2 mL, 1 mL/site"),
        _ => ("amount", "1e6 cells/kg, 600 mg/day, 75 mg/m2"),
    };
    format!("“{text}” is no {what}; write for example {example}")
}
