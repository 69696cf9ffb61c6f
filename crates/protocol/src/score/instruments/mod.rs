//! The instruments, one file each, with their tests.

mod abi;
mod bsa;
mod crcl_cg;
mod ctcae;
mod dn4;
mod egfr_ckdepi2021;
mod egfr_mdrd;
mod eq5d5l;
mod fontaine;
mod hads;
mod homa_ir;
mod ldpm;
mod ncv;
mod nlr;
mod qst;
mod tcpo2;
mod tcss;
mod ulcer_area;
mod vas_pain;
mod wifi;

pub use bsa::{Formula, body_surface};
pub use crcl_cg::clearance;

use super::Instrument;

/// All instruments.
pub const INSTRUMENTS: &[&Instrument] = &[
    &tcss::TCSS,
    &dn4::DN4,
    &eq5d5l::EQ5D5L,
    &hads::HADS,
    &vas_pain::VAS_PAIN,
    &abi::ABI,
    &tcpo2::TCPO2,
    &ldpm::LDPM,
    &fontaine::FONTAINE,
    &ncv::NCV,
    &qst::QST,
    &egfr_ckdepi2021::EGFR_CKDEPI2021,
    &egfr_mdrd::EGFR_MDRD,
    &crcl_cg::CRCL_CG,
    &nlr::NLR,
    &homa_ir::HOMA_IR,
    &ulcer_area::ULCER_AREA,
    &bsa::BSA,
    &ctcae::CTCAE,
];
