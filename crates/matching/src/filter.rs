//! Which studies may be listed at all.

use index::Records;
use query::Request;
use registry::{Error, Registry};

/// Which studies may be listed at all; by default all of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// On this condition: words or an expression.
    pub cond: Option<String>,
    /// Of one of these statuses (wire values, any case); none means any.
    pub status: Vec<String>,
    /// Of one of these phases (wire values, any case); none means any.
    pub phase: Vec<String>,
    /// With a site within a distance: `latitude,longitude,50km`.
    pub near: Option<String>,
}

impl Filter {
    /// The numbers of the studies that are left, ascending; `None` if nothing is asked for.
    pub fn allowed(&self, registry: &Registry) -> Result<Option<Vec<u32>>, Error> {
        if *self == Self::default() {
            return Ok(None);
        }
        let search = self.request().resolve()?;
        let found = registry.index().snapshot().find(&search, registry as &dyn Records)?;
        Ok(Some(found.scores().matches().collect()))
    }

    fn request(&self) -> Request {
        let list = |values: &[String], glue: &str| {
            let upper: Vec<String> = values.iter().map(|value| value.trim().to_uppercase()).collect();
            (!upper.is_empty()).then(|| upper.join(glue))
        };
        Request {
            cond: self.cond.clone(),
            overall_status: list(&self.status, ","),
            advanced: list(&self.phase, " OR ").map(|phases| format!("AREA[Phase]({phases})")),
            geo: self.near.as_ref().map(|near| format!("distance({})", near.replace(' ', ""))),
            ..Request::default()
        }
    }
}
