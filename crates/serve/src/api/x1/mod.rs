//! `/api/x1`: what the registry's API does not offer.

pub(crate) mod criteria;
pub(crate) mod history;
pub(crate) mod lenient;
pub(crate) mod matching;
pub(crate) mod protocol;
pub(crate) mod related;
pub(crate) mod same;
pub(crate) mod screen;
pub(crate) mod searches;
pub(crate) mod sites;
pub(crate) mod studies;
pub(crate) mod study;

use super::endpoint::Endpoint;

/// All endpoints.
pub(crate) static ENDPOINTS: [&Endpoint; 20] = [
    &studies::ENDPOINT,
    &sites::ENDPOINT,
    &study::ENDPOINT,
    &related::ENDPOINT,
    &same::ENDPOINT,
    &criteria::ENDPOINT,
    &history::HISTORY,
    &history::DIFF,
    &history::CHANGES,
    &searches::LIST,
    &searches::ONE,
    &matching::ENDPOINT,
    &screen::ENDPOINT,
    &protocol::PROTOCOL,
    &protocol::LINT,
    &protocol::CALENDAR,
    &protocol::DOSE,
    &protocol::COMPARE,
    &protocol::SCORES,
    &protocol::SCORE,
];
