//! From an amount in the record to an amount for one person.

use model::Decimal;
use vocabulary::unit;

use super::{Asked, Computed, Ends, Factor, Reading, area, band};
use crate::{
    protocol::{Dose, Measure, Role, Status},
    read::time::Unit,
    score,
    text::plain,
};

/// What a syringe holds where nothing else is said, in mL.
const SYRINGE: f64 = 10.0;

/// A dose of a record for one person.
pub fn dose(dose: &Dose, asked: &Asked) -> Computed {
    let own =
        dose.amount.clone().map(|amount| (amount, dose.status, format!("the record: “{}”", dose.quote.text)));
    let given = || asked.amount.clone().map(|(amount, status)| (amount, status, "given".to_owned()));
    let mut out = Computed {
        arm: dose.arm.clone(),
        role: dose.role,
        substance: dose.substance.clone(),
        question: None,
        readings: Vec::new(),
        quote: dose.quote.text.clone(),
    };
    match own.or_else(given) {
        Some((amount, status, source)) => out.read(&amount, status, &source, Some(dose), asked),
        None => {
            let needs = vec!["the amount, which the record does not say: --amount".to_owned()];
            out.readings.push(Reading { needs, count: dose.count, ..Reading::default() });
        }
    }
    out
}

/// An amount that stands in no record; `None` where none is given.
pub fn free(asked: &Asked) -> Option<Computed> {
    let (amount, status) = asked.amount.as_ref()?;
    let mut out = Computed {
        arm: None,
        role: Role::Unclear,
        substance: amount.unit.clone(),
        question: None,
        readings: Vec::new(),
        quote: String::new(),
    };
    out.read(amount, *status, "given", None, asked);
    Some(out)
}

impl Computed {
    /// Computes each reading of an amount.
    fn read(&mut self, amount: &Measure, status: Status, source: &str, dose: Option<&Dose>, asked: &Asked) {
        let one = |value: Decimal, high: Option<Decimal>| {
            let amount = Measure { value, high, or: None, ..amount.clone() };
            Work { amount: &amount, status, source, dose, asked, out: Reading::default() }.done()
        };
        self.readings.push(one(amount.value, amount.high));
        if status != Status::Assumed {
            return;
        }
        let written = plain(amount.value);
        self.question = Some(match amount.or {
            Some(or) => {
                self.readings.push(one(or, None));
                format!("is {written} meant, or {}? Both are computed", plain(or))
            }
            None => format!("is {written} meant? The power of ten is not written as one"),
        });
    }
}

/// One reading while it is computed.
struct Work<'a> {
    amount: &'a Measure,
    status: Status,
    source: &'a str,
    dose: Option<&'a Dose>,
    asked: &'a Asked,
    out: Reading,
}

impl Work<'_> {
    fn done(mut self) -> Reading {
        self.out.unit = self.amount.unit.clone();
        let per = self.amount.per.as_deref().map(|p| format!("/{p}")).unwrap_or_default();
        let value = float(self.amount.value);
        self.factor(
            "amount",
            value,
            &format!("{}{per}", self.amount.unit),
            self.status,
            self.source.to_owned(),
        );
        self.count();
        let mut times = self.times();
        if self.amount.unit == "{AUC}" {
            let clearance = self.by_clearance();
            times = times.zip(clearance).map(|(times, clearance)| times * clearance);
        }
        let high = self.amount.high.map(float);
        self.out.each = times.map(|times| self.capped((value * times, high.map(|high| high * times))));
        self.volume();
        self.sums();
        self.judge();
        self.out
    }

    fn factor(&mut self, name: &'static str, value: f64, unit: &str, status: Status, source: String) {
        self.out.factors.push(Factor { name, value, unit: unit.to_owned(), status, source });
    }

    fn need(&mut self, what: &str) {
        if !self.out.needs.iter().any(|need| need == what) {
            self.out.needs.push(what.to_owned());
        }
    }

    /// A number that was given, as a factor.
    fn given(&mut self, name: &'static str, id: &'static str, unit: &str, need: &str) -> Option<f64> {
        let Some(value) = self.asked.number(id) else {
            self.need(need);
            return None;
        };
        if !self.out.factors.iter().any(|f| f.name == name) {
            self.factor(name, value, unit, Status::Stated, "given".to_owned());
        }
        Some(value)
    }

    fn count(&mut self) {
        let own = self.dose.and_then(|d| d.count);
        let (count, source) = match (own, self.asked.number("count")) {
            (Some(count), _) => (Some(count), "the record"),
            (None, given) => (given.map(|n| n as u32), "given"),
        };
        self.out.count = count;
        if let Some(count) = count {
            self.factor("administrations", f64::from(count), "", Status::Stated, source.to_owned());
        }
    }

    /// How many times the record's amount is given at a time; `None` if something must be said first.
    fn times(&mut self) -> Option<f64> {
        let per = self.amount.per.clone().unwrap_or_default();
        let mut times = Some(1.0);
        for part in per.split('/').filter(|part| !part.is_empty()) {
            let factor = self.part(part);
            times = times.zip(factor).map(|(a, b)| a * b);
        }
        times
    }

    /// What an amount per something is multiplied by.
    fn part(&mut self, part: &str) -> Option<f64> {
        let open = self.dose.is_some_and(|d| d.open_area);
        match part {
            "kg" => self.given("body weight", "weight", "kg", "the weight: --weight (kg)"),
            "m2" => match area::surface(self.asked) {
                Ok(factor) => {
                    let value = factor.value;
                    self.out.factors.push(factor);
                    Some(value)
                }
                Err(needs) => {
                    needs.iter().for_each(|need| self.need(need));
                    None
                }
            },
            "cm2" => self.area(),
            "site" => self.places(),
            "injection" if open => self.places(),
            "day" | "week" | "h" => self.by_time(part),
            "course" => match self.out.count {
                Some(count) => {
                    let source = "a total, by the number of administrations".to_owned();
                    self.factor("share of the total", 1.0 / f64::from(count), "", Status::Derived, source);
                    Some(1.0 / f64::from(count))
                }
                None => {
                    self.need("the number of administrations: --count");
                    None
                }
            },
            "eye" => self.left("eye"),
            "joint" => self.left("joint"),
            "ovary" => self.left("ovary"),
            "kidney" => self.left("kidney"),
            "lesion" => self.left("lesion"),
            "disc" => self.left("disc"),
            "tablet" => self.left("tablet"),
            // For each administration or person: once.
            _ => Some(1.0),
        }
    }

    /// Milligrams of carboplatin for each unit of area under the curve, by Calvert: the clearance and 25.
    fn by_clearance(&mut self) -> Option<f64> {
        self.out.unit = "mg".to_owned();
        let weight = self.given("body weight", "weight", "kg", "the weight: --weight (kg)");
        let age = self.given("age", "age", "a", "the age: --age (years)");
        let creatinine =
            self.given("creatinine", "creatinine", "mg/dL", "serum creatinine: --creatinine (mg/dL)");
        let sex = self.asked.word("sex");
        if sex.is_none() {
            self.need("the sex, as the formula of the clearance has it: --sex");
        }
        let female = sex? == "female";
        let clearance = score::clearance(age?, weight?, creatinine?, female);
        let source = "Cockcroft-Gault; written from memory";
        self.factor("creatinine clearance", clearance, "mL/min", Status::Derived, source.to_owned());
        let source = "Calvert: AUC × (clearance + 25) mg of carboplatin; written from memory";
        self.factor(
            "milligrams for each unit of AUC",
            clearance + 25.0,
            "mg",
            Status::Derived,
            source.to_owned(),
        );
        Some(clearance + 25.0)
    }

    fn left(&mut self, what: &'static str) -> Option<f64> {
        self.out.per = Some(what);
        Some(1.0)
    }

    /// An amount of a day or a week, for one of several administrations in it, or all of them.
    fn by_time(&mut self, part: &str) -> Option<f64> {
        let length = match part {
            "day" => 1.0,
            "week" => 7.0,
            _ => {
                self.need("how long an infusion lasts: give the amount of one as --amount");
                return None;
            }
        };
        match self.dose.and_then(|d| d.interval) {
            Some(interval) => {
                let share = interval.days() / length;
                if (share - 1.0).abs() > 1e-9 {
                    let every = format!("the record: every {}", crate::text::length(interval));
                    self.factor("share of what is said", share, "", Status::Derived, every);
                }
                Some(share)
            }
            None => self.left(if length > 1.0 { "week" } else { "day" }),
        }
    }

    fn area(&mut self) -> Option<f64> {
        match area::asked(self.asked) {
            Ok(area) => {
                self.out.factors.extend(area.factors);
                Some(area.value)
            }
            Err(needs) => {
                needs.iter().for_each(|need| self.need(need));
                None
            }
        }
    }

    /// The number of places: given, or of a lattice over an area.
    fn places(&mut self) -> Option<f64> {
        if let Some(places) = self.out.places {
            return Some(places as f64);
        }
        if let Some(places) = self.asked.number("places") {
            self.factor("places", places, "", Status::Stated, "given".to_owned());
            self.out.places = Some(places as u64);
            return Some(places);
        }
        let (own, given) = (self.dose.and_then(|d| d.spacing).map(float), self.asked.number("spacing"));
        let spacing = given.or(own);
        if spacing.is_none() {
            self.need("the distance of two places: --spacing (cm), or their number: --places");
        }
        let area = self.area();
        let (spacing, area) = spacing.zip(area)?;
        let source = if given.is_some() { "given" } else { "the record" };
        self.factor("distance of two places", spacing, "cm", Status::Stated, source.to_owned());
        let (places, lattice) = match self.asked.word("lattice") {
            Some("hexagonal") => (area::hexagonal(area, spacing), "a lattice of triangles"),
            _ => (area::square(area, spacing), "a square lattice"),
        };
        let status = if self.asked.word("lattice").is_some() { Status::Derived } else { Status::Assumed };
        self.factor("places", places, "", status, format!("{lattice} over the area"));
        self.out.places = Some(places as u64);
        Some(places)
    }

    fn capped(&mut self, each: Ends) -> Ends {
        let Some(cap) = self.asked.number("cap") else { return each };
        self.factor("most at a time", cap, &self.amount.unit.clone(), Status::Stated, "given".to_owned());
        (each.0.min(cap), each.1.map(|high| high.min(cap)))
    }

    /// The volume at a time: stated, or by the concentration.
    fn volume(&mut self) {
        let stated = self.asked.volume.clone().map(|v| (v, "given"));
        let stated = stated.or_else(|| self.dose.and_then(|d| d.volume.clone()).map(|v| (v, "the record")));
        if let Some(each) = self.out.each.filter(|_| is_volume(&self.amount.unit)) {
            let factor = millilitres(&self.amount.unit);
            self.out.volume = Some((each.0 * factor, each.1.map(|high| high * factor)));
        } else if let Some((volume, source)) = stated {
            let per = volume.per.as_deref().map(|p| format!("/{p}")).unwrap_or_default();
            let (value, high) = (float(volume.value), volume.high.map(float));
            self.factor("volume", value, &format!("{}{per}", volume.unit), Status::Stated, source.to_owned());
            let mut times = Some(millilitres(&volume.unit));
            for part in volume.per.as_deref().unwrap_or_default().split('/').filter(|part| !part.is_empty()) {
                let factor = self.part(part);
                times = times.zip(factor).map(|(a, b)| a * b);
            }
            self.out.volume = times.map(|times| (value * times, high.map(|high| high * times)));
        } else if let Some(volume) = self.by_concentration() {
            self.out.volume = Some(volume);
        } else if self.injected() && self.out.per.is_none() {
            self.need("the volume: --volume (mL) or --concentration");
        }
        self.syringes();
    }

    fn by_concentration(&mut self) -> Option<Ends> {
        let given = self.asked.concentration.clone().map(|c| (c, "given"));
        let (concentration, source) =
            given.or_else(|| self.dose.and_then(|d| d.concentration.clone()).map(|c| (c, "the record")))?;
        let (unit, per) = concentration.unit.split_once('/')?;
        let unit_factor = same_kind(&self.amount.unit, unit)?;
        let value = float(concentration.value);
        if value <= 0.0 || concentration.high.is_some() || !is_volume(per) {
            return None;
        }
        self.factor("concentration", value, &concentration.unit, Status::Stated, source.to_owned());
        let volume = |amount: f64| amount * unit_factor / value * millilitres(per);
        self.out.each.map(|(low, high)| (volume(low), high.map(volume)))
    }

    fn injected(&self) -> bool {
        const OTHER: [&str; 11] = [
            "oral",
            "inhaled",
            "intranasal",
            "topical",
            "transdermal",
            "ophthalmic",
            "sublingual",
            "rectal",
            "vaginal",
            "buccal",
            "intravesical",
        ];
        let pieces = self.amount.unit.starts_with('{') && self.amount.unit != "{vg}";
        !pieces && !self.dose.and_then(|d| d.route).is_some_and(|route| OTHER.contains(&route))
    }

    fn syringes(&mut self) {
        let Some(volume) = self.out.volume.filter(|_| self.injected()) else { return };
        let (size, status, source) = match self.asked.number("syringe") {
            Some(size) => (size, Status::Stated, "given"),
            None => (SYRINGE, Status::Assumed, "none was given: --syringe"),
        };
        self.factor("syringe", size, "mL", status, source.to_owned());
        // A volume that fills syringes exactly needs no further one, whatever the rounding.
        let count = (volume.1.unwrap_or(volume.0) / size - 1e-9).ceil();
        self.out.syringes = Some(count.max(1.0) as u64);
    }

    fn sums(&mut self) {
        if let Some(weight) = self.asked.number("weight") {
            self.out.per_kg = self.out.each.map(|(low, high)| (low / weight, high.map(|high| high / weight)));
        }
        let open_time = matches!(self.out.per, Some("day" | "week"));
        let times = self.out.count.map(f64::from).filter(|_| !open_time).or_else(|| self.days_of_course());
        match times {
            Some(times) => {
                let all = |ends: Ends| (ends.0 * times, ends.1.map(|high| high * times));
                self.out.total = self.out.each.map(all);
                self.out.total_volume = self.out.volume.map(all);
            }
            None if self.out.each.is_some() => self.need("the number of administrations: --count"),
            None => {}
        }
    }

    /// How many days or weeks an amount of one is given for.
    fn days_of_course(&self) -> Option<f64> {
        let days = self.dose?.duration?.days();
        match self.out.per {
            Some("day") => Some(days),
            Some("week") => Some(days / Unit::Week.days()),
            _ => None,
        }
    }

    fn judge(&mut self) {
        if self.amount.unit == "cells" {
            let judged = match (self.out.per_kg, self.out.each) {
                (Some(per_kg), _) => Some(band::judge("cells per kg at a time", per_kg, band::CELLS_PER_KG)),
                (None, Some(each)) => Some(band::judge("cells at a time", each, band::CELLS)),
                _ => None,
            };
            self.out.judged.extend(judged);
        }
        if let Some(places) =
            self.out.places.filter(|_| self.dose.is_none_or(|d| d.route == Some("intramuscular")))
        {
            self.out.judged.push(band::judge("places at a time", (places as f64, None), band::PLACES));
        }
    }
}

fn float(value: Decimal) -> f64 {
    f64::try_from(value).unwrap_or(f64::MAX)
}

fn is_volume(unit: &str) -> bool {
    matches!(unit, "mL" | "uL" | "L" | "dL")
}

/// Millilitres of one.
fn millilitres(unit: &str) -> f64 {
    match unit {
        "uL" => 0.001,
        "dL" => 100.0,
        "L" => 1000.0,
        _ => 1.0,
    }
}

/// What an amount in one unit is multiplied by to be one in another of its kind.
fn same_kind(from: &str, to: &str) -> Option<f64> {
    if from == to {
        return Some(1.0);
    }
    let factor = unit::convert(Decimal::ONE, unit::of(from)?, unit::of(to)?)?;
    Some(float(factor))
}
