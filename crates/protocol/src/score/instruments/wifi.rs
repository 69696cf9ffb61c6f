//! Grades of ischaemia of the threatened limb (WIfI), from pressures.

/// The grade of an ankle-brachial index, rounded to two digits.
pub(super) const OF_INDEX: &[(f64, &str)] =
    &[(0.0, "WIfI grade 3"), (0.4, "WIfI grade 2"), (0.6, "WIfI grade 1"), (0.8, "WIfI grade 0")];

/// The grade of a transcutaneous oxygen pressure in mm[Hg].
pub(super) const OF_OXYGEN: &[(f64, &str)] =
    &[(0.0, "WIfI grade 3"), (30.0, "WIfI grade 2"), (40.0, "WIfI grade 1"), (60.0, "WIfI grade 0")];

/// Where both stand.
pub(super) const SOURCE: &str = "WIfI grades: PMC11279131, table 2";
