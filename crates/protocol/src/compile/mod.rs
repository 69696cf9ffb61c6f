//! From the words of a record to a protocol.

mod amounts;
mod arms;
mod content;
mod dates;
mod doses;
mod evidence;
mod instruments;
mod joined;
mod mention;
mod own;
mod parts;
mod phases;
mod quantities;
mod ratio;
mod rivals;
mod schedule;
mod site;
mod size;
mod told;
mod vehicle;
mod when;

use model::Study;

use crate::{protocol::Protocol, record::Record};

pub(crate) use content::Content;
pub use instruments::{Instrument, Mention, Mentions, instrument};

/// Compiles the record of a study.
pub fn compile(study: &Study) -> Protocol {
    let record = Record::new(study);
    of(&record)
}

/// Compiles a record that is cut into words already.
pub fn of(record: &Record<'_>) -> Protocol {
    let arms = arms::read(record);
    let schedule = schedule::read(record);
    Protocol {
        id: record.study.id(),
        ratio: ratio::read(record, &arms),
        doses: doses::read(record, &arms),
        instruments: instruments::read(record),
        dates: dates::read(record.study, &schedule),
        schedule,
        arms,
    }
}
