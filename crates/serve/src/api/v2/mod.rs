//! `/api/v2`: address by address as the registry answers.

pub(crate) mod download;
pub(crate) mod metadata;
pub(crate) mod size;
pub(crate) mod statistics;
pub(crate) mod studies;
pub(crate) mod study;
pub(crate) mod version;

use super::endpoint::Endpoint;

/// All endpoints.
pub(crate) static ENDPOINTS: [&Endpoint; 10] = [
    &studies::ENDPOINT,
    &study::ENDPOINT,
    &download::ENDPOINT,
    &metadata::METADATA,
    &metadata::SEARCH_AREAS,
    &metadata::ENUMS,
    &size::ENDPOINT,
    &statistics::VALUES,
    &statistics::SIZES,
    &version::ENDPOINT,
];
