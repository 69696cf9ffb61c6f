//! The one place of the command that reads the clock.

use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context as _, Result};
use jiff::civil::Date;

/// Seconds since 1970; 0 where the clock stands before it.
// The command is where time enters the program; all below it takes time as an argument.
#[allow(clippy::disallowed_methods)]
pub fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.map_or(0, |d| i64::try_from(d.as_secs()).unwrap_or(i64::MAX))
}

/// The day of the computer, in UTC.
pub fn today() -> Result<Date> {
    let now = jiff::Timestamp::from_second(now()).context("the clock stands at no date")?;
    Ok(now.to_zoned(jiff::tz::TimeZone::UTC).date())
}

/// A moment as `2026-11-22 14:05:09 UTC`.
pub fn written(seconds: i64) -> String {
    match jiff::Timestamp::from_second(seconds) {
        Ok(moment) => moment.strftime("%Y-%m-%d %H:%M:%S UTC").to_string(),
        Err(_) => format!("{seconds} s since 1970"),
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn moments_are_written_in_utc() {
        assert_eq!(super::written(1_790_000_000), "2026-09-21 14:13:20 UTC");
        assert_eq!(super::written(i64::MAX), "9223372036854775807 s since 1970");
    }
}
