//! Findings in words, for tables and pages.

use std::fmt;

use vocabulary::variable;

use super::finding::{Cited, Conversion, Evidence, Ground, Missing, Want};

/// The name of a variable for people.
fn name(id: &str) -> &str {
    variable::by_id(id).map_or(id.strip_prefix("text:").unwrap_or(id), |variable| variable.name)
}

impl fmt::Display for Evidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.ground {
            Ground::Fact(cited) => cited.fmt(f),
            Ground::Person(words) => f.write_str(words),
            Ground::Death { date: Some(date), .. } => write!(f, "died on {date}"),
            Ground::Death { date: None, .. } => f.write_str("died, on a day that is not recorded"),
            Ground::Complete { of } => write!(f, "no record of {of}, and the record is complete"),
            Ground::Presumed { of, policy } => write!(f, "no record of {of}: presumed absent ({policy})"),
            Ground::Answer { question, by } => write!(f, "answered by {by}: {question}"),
            Ground::Words(words) => write!(f, "`{words}` restricts nothing"),
        }
    }
}

impl fmt::Display for Cited {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.denied {
            f.write_str("not ")?;
        }
        f.write_str(&self.quote)?;
        if let Some(value) = &self.value {
            write!(f, " {value}")?;
        }
        if let Some(conversion) = &self.conversion {
            write!(f, " ({conversion})")?;
        }
        if let Some(date) = self.date {
            write!(f, ", {date}")?;
        }
        Ok(())
    }
}

impl fmt::Display for Conversion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (from, to) = (&self.from, &self.to);
        let round = to.value.round_dp(4).normalize();
        write!(f, "{} {} = {round} {}", from.value.normalize(), from.unit, to.unit)
    }
}

impl fmt::Display for Missing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.want {
            Want::Value { var } => write!(f, "a value of {}", name(var)),
            Want::Newer { var } => write!(f, "a newer value of {}", name(var)),
            Want::Usable { var } => {
                write!(f, "a value of {} that is possible and has a usable unit", name(var))
            }
            Want::Agreement { var } => write!(f, "which value of {} is right", name(var)),
            Want::Series { var } => write!(f, "values of {} through the time", name(var)),
            Want::Limits { var } => write!(f, "the limits of normal of {}", name(var)),
            Want::Fact { of, .. } => write!(f, "whether there is {}", name(of)),
            Want::Date { of } => write!(f, "when {} was", name(of)),
            Want::Quality { of, key, value } => write!(f, "the {key} of {} ({value}?)", name(of)),
            Want::Birth => f.write_str("the exact date of birth"),
            Want::Sex => f.write_str("the sex"),
            Want::List { of } => write!(f, "the list of {}", name(of)),
            Want::Anchor { name } => write!(f, "the date of {}", name.replace('_', " ")),
            Want::Repair { var, unit } => write!(f, "whether {unit} was meant for {}", name(var)),
            Want::Reading => f.write_str("which reading of the words was meant"),
            Want::Answer { question, .. } => write!(f, "a person's answer: {question}"),
        }
    }
}
