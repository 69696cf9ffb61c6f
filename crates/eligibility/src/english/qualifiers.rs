//! What follows a fact or a value after a comma.
//!
//! ```text
//! qualifier of a value := "at the" words | "by" words | "when" words | "stable for" bounds [unit]
//!                       | "measured" window
//!                       | "that is" number [unit] | "unit perhaps" unit "(" "that is" number [unit] ";"
//!                         "confidence" words ")"
//! qualifier of a fact  := quality | key words | "shown by" words | "as" words | "at the" words
//!                       | "count" ("at least" | "above") number | "defined as" "(" node ")"
//!                       | "such as" quoted {"," quoted} | "and others" | "of kinds" quoted {"," quoted}
//!                       | "unless" "(" node ")"
//! quality := "severe" | "moderate" | "mild" | "uncontrolled" | "uncorrected" | "poorly controlled" | "controlled"
//!          | "chronic" | "acute" | "recurrent" | "known" | "suspected" | "clinically significant"
//! key     := "severity" | "control" | "course" | "certainty" | "significance"
//! ```

use crate::tree::{Cmp, Has, Quantity, Repair};

use super::cursor::ParseError;
use super::parse::Parser;
use super::words::QUALITIES;

type Read<T> = Result<T, ParseError>;

impl Parser<'_> {
    pub fn qualify_value(&mut self, cmp: &mut Cmp) -> Read<()> {
        while self.text.sign(",") {
            if self.text.phrase("at the") {
                cmp.site = Some(self.words()?);
            } else if self.text.phrase("by") {
                cmp.method = Some(self.words()?);
            } else if self.text.phrase("when") {
                cmp.state = Some(self.words()?);
            } else if self.text.phrase("stable for") {
                cmp.stable_for = Some(self.extent()?);
            } else if self.text.phrase("measured") {
                cmp.when = Some(self.time()?);
            } else if self.text.phrase("that is") {
                cmp.canonical = Some(self.quantity()?);
            } else if self.text.phrase("unit perhaps") {
                cmp.repair = Some(self.repair()?);
            } else {
                return self
                    .text
                    .fail("`at the`, `by`, `when`, `stable for`, `measured`, `that is` or `unit perhaps`");
            }
        }
        Ok(())
    }

    fn quantity(&mut self) -> Read<Quantity> {
        Ok(Quantity { value: self.text.need_number()?, unit: self.text.unit()?.unwrap_or_default() })
    }

    fn repair(&mut self) -> Read<Repair> {
        let Some(unit) = self.text.unit()? else { return self.text.fail("a unit") };
        self.text.need("(")?;
        self.text.need_phrase("that is")?;
        let canonical = self.quantity()?;
        self.text.need(";")?;
        self.text.need_phrase("confidence")?;
        let confidence = self.words()?;
        self.text.need(")")?;
        Ok(Repair { unit, canonical, confidence })
    }

    pub fn qualify_fact(&mut self, has: &mut Has) -> Read<()> {
        while self.text.sign(",") {
            if !(self.quality(has)? || self.circumstance(has)? || self.extension(has)?) {
                return self
                    .text
                    .fail("a quality (`severe`), `at the`, `defined as`, `such as` or another qualifier");
            }
        }
        Ok(())
    }

    fn quality(&mut self, has: &mut Has) -> Read<bool> {
        let places =
            [&mut has.severity, &mut has.control, &mut has.course, &mut has.certainty, &mut has.significance];
        for (place, quality) in places.into_iter().zip(QUALITIES) {
            if let Some((value, _)) = quality.values.iter().find(|(_, words)| self.text.phrase(words)) {
                *place = Some((*value).to_owned());
                return Ok(true);
            }
            if self.text.phrase(quality.key) {
                *place = Some(self.words()?);
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn circumstance(&mut self, has: &mut Has) -> Read<bool> {
        if self.text.phrase("shown by") {
            has.evidence = Some(self.words()?);
        } else if self.text.phrase("as") {
            has.form = Some(self.words()?);
        } else if self.text.phrase("at the") {
            has.site = Some(self.words()?);
        } else if self.text.phrase("count") {
            has.count = Some(self.lowest()?);
        } else {
            return Ok(false);
        }
        Ok(true)
    }

    fn extension(&mut self, has: &mut Has) -> Read<bool> {
        if self.text.phrase("defined as") {
            has.defined_by = Some(Box::new(self.bracketed()?));
        } else if self.text.phrase("such as") {
            has.examples = self.quoted_list()?;
        } else if self.text.phrase("and others") {
            has.open_list = true;
        } else if self.text.phrase("of kinds") {
            has.subtypes = self.quoted_list()?;
        } else if self.text.phrase("unless") {
            has.relax = Some(Box::new(self.bracketed()?));
        } else {
            return Ok(false);
        }
        Ok(true)
    }

    fn quoted_list(&mut self) -> Read<Vec<String>> {
        let mut out = vec![self.text.enclosed('"')?];
        loop {
            let start = self.text.at;
            if !self.text.sign(",") || !self.at("\"") {
                self.text.at = start;
                return Ok(out);
            }
            out.push(self.text.enclosed('"')?);
        }
    }
}
