//! `trialist dose`: what a person would get by a protocol.

use std::io::Write;

use anyhow::Result;
use clap::{Args, ValueEnum};
use model::Study;
use protocol::dosing::{self, Asked, Computed};
use serde_json::{Map, Value, json};

use super::Context;
use crate::{
    criteria::{Sources, Target},
    ending::{Ending, Unreadable},
    terminal,
};

/// What a person would get by a protocol: amount, volume, syringes, total, per kilogram, and whether that is usual
///
/// Every factor is shown with its source. What the record leaves open is asked for, and can be given. Where a number can
/// be read in two ways (`10E6`) both are computed and neither is chosen. docs/protocol.md has the rules and the JSON.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct Dose {
    /// A study (NCT00000102), a captured page, a record; none with --amount alone
    #[arg(required_unless_present = "amount", value_name = "NCT|FILE")]
    target: Option<Target>,
    #[command(flatten)]
    person: Person,
    #[command(flatten)]
    places: Places,
    #[command(flatten)]
    given: Given,
    /// How it is printed
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

/// The person.
#[derive(Debug, Args)]
#[command(next_help_heading = "Person")]
struct Person {
    /// Body weight: 70, "154 lb"
    #[arg(long, value_name = "KG")]
    weight: Option<String>,
    /// Height: 170, "1.7 m"
    #[arg(long, value_name = "CM")]
    height: Option<String>,
    /// Age: 55; shares of the body surface are those of adults
    #[arg(long, value_name = "YEARS")]
    age: Option<String>,
    /// Sex, as the formula of the creatinine clearance has it (doses by AUC): female or male
    #[arg(long, value_name = "SEX")]
    sex: Option<String>,
    /// Serum creatinine, for doses by AUC: 0.9, "80 umol/L"
    #[arg(long, value_name = "MG/DL")]
    creatinine: Option<String>,
    /// Formula of the body surface: mosteller (usual) or du-bois
    #[arg(long, value_name = "FORMULA")]
    surface: Option<String>,
}

/// Where it is given.
#[derive(Debug, Args)]
#[command(next_help_heading = "Places and areas")]
struct Places {
    /// The area that is treated, or the part of the body
    #[arg(long, value_name = "CM2|PART")]
    area: Option<String>,
    /// The part of the body that is treated: legs, lower-legs, feet, thigh, arm ...
    #[arg(long, value_name = "PART")]
    region: Option<String>,
    /// Rule for its share of the body surface: nines or lund-browder
    #[arg(long, value_name = "RULE")]
    shares: Option<String>,
    /// Girths of a limb from one end to the other, equally far apart: 36,22
    #[arg(long, value_name = "CM,CM")]
    girths: Option<String>,
    /// From the first girth to the last
    #[arg(long, value_name = "CM")]
    length: Option<String>,
    /// How many limbs
    #[arg(long, value_name = "N")]
    limbs: Option<String>,
    /// Places at a time, where they are counted
    #[arg(long, value_name = "N")]
    places: Option<String>,
    /// Distance of two places, where the record does not say it
    #[arg(long, value_name = "CM")]
    spacing: Option<String>,
    /// How places lie: square (assumed) or hexagonal
    #[arg(long, value_name = "LATTICE")]
    lattice: Option<String>,
}

/// What the record leaves open.
#[derive(Debug, Args)]
#[command(next_help_heading = "What the record leaves open")]
struct Given {
    /// The amount: "1e6 cells/kg", "600 mg/day"
    #[arg(long, value_name = "AMOUNT")]
    amount: Option<String>,
    /// How much is in a volume: "5e6 cells/mL"
    #[arg(long, value_name = "CONC")]
    concentration: Option<String>,
    /// The volume at a time: "100 mL", "1 mL/site"
    #[arg(long, value_name = "VOLUME")]
    volume: Option<String>,
    /// Number of administrations
    #[arg(long, value_name = "N")]
    count: Option<String>,
    /// The most at a time, in the unit of the amount: 1e7
    #[arg(long, value_name = "AMOUNT")]
    cap: Option<String>,
    /// What a syringe holds; 10 mL is assumed
    #[arg(long, value_name = "ML")]
    syringe: Option<String>,
}

const EXAMPLES: &str = r#"Examples:
  trialist dose NCT04562025 --weight 70
  trialist dose NCT05507697 --weight 70 --height 170 --area legs
  trialist dose NCT05507697 --girths 36,22 --length 35 --limbs 2
  trialist dose NCT07183761 --amount "2e7 cells" --concentration "1e7 cells/mL"
  trialist dose --amount "AUC 5" --weight 70 --age 60 --sex female --creatinine 0.9
  trialist dose --amount "1e6 cells/kg" --weight 70 --count 3 --cap 5e7

Exit code 0 even if something must be said first; 2 if an option cannot be read."#;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people
    #[default]
    Text,
    /// One JSON document a study
    Json,
}

impl Dose {
    /// Computes and prints.
    pub fn run(self, context: &Context) -> Result<Ending> {
        let asked = Asked::read(&self.options()).map_err(|troubles| {
            let lines: Vec<String> = troubles.iter().map(ToString::to_string).collect();
            Unreadable(lines.join("\n  "))
        })?;
        let mut out = terminal::output();
        let ending = match &self.target {
            None => {
                let doses: Vec<Computed> = dosing::free(&asked).into_iter().collect();
                self.print(None, &doses, &mut out)?;
                Ending::Done
            }
            Some(target) => Sources::new(context, None).each(target, &mut |source| {
                let Some(study) = &source.study else {
                    let message = format!("{target}: doses are read from a record, and this is plain text");
                    return Err(Unreadable(message).into());
                };
                let doses = dosing::protocol(&protocol::compile(study), &asked);
                self.print(Some(study), &doses, &mut out)
            })?,
        };
        out.flush()?;
        Ok(ending)
    }

    /// The options under the names that the reader has for them.
    fn options(&self) -> Value {
        let (person, places, given) = (&self.person, &self.places, &self.given);
        let all = [
            ("weight", &person.weight),
            ("height", &person.height),
            ("age", &person.age),
            ("sex", &person.sex),
            ("creatinine", &person.creatinine),
            ("surface", &person.surface),
            ("area", &places.area),
            ("region", &places.region),
            ("shares", &places.shares),
            ("girths", &places.girths),
            ("length", &places.length),
            ("limbs", &places.limbs),
            ("places", &places.places),
            ("spacing", &places.spacing),
            ("lattice", &places.lattice),
            ("amount", &given.amount),
            ("concentration", &given.concentration),
            ("volume", &given.volume),
            ("count", &given.count),
            ("cap", &given.cap),
            ("syringe", &given.syringe),
        ];
        let said =
            all.into_iter().filter_map(|(key, value)| Some((key.to_owned(), value.as_deref()?.into())));
        Value::Object(said.collect::<Map<_, _>>())
    }

    fn print(&self, study: Option<&Study>, doses: &[Computed], out: &mut dyn Write) -> Result<()> {
        if self.format == Format::Json {
            let document = json!({
                "nctId": study.map(|s| s.id().to_string()),
                "doses": doses.iter().map(dosing::json::computed).collect::<Vec<_>>(),
            });
            return Ok(writeln!(out, "{}", serde_json::to_string_pretty(&document)?)?);
        }
        if let Some(study) = study {
            let head = format!("{}  {}", study.id(), study.title());
            writeln!(out, "{}\n", terminal::bold(&terminal::one_line(&head)))?;
        }
        if doses.is_empty() {
            writeln!(out, "The record tells of no dose; give one with --amount and no study.")?;
        }
        for (i, dose) in doses.iter().enumerate() {
            let gap = if i > 0 { "\n" } else { "" };
            write!(out, "{gap}{}", dosing::text::computed(dose))?;
        }
        Ok(())
    }
}
