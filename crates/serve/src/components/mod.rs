//! What pages are made of.

pub(crate) mod bars;
pub(crate) mod criteria;
pub(crate) mod items;
pub(crate) mod labels;
pub(crate) mod layout;
pub(crate) mod map;
pub(crate) mod markdown;
pub(crate) mod pill;
pub(crate) mod time_bar;
pub(crate) mod timeline;
pub(crate) mod visits;
