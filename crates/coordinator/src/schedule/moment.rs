use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, SecondsFormat, Utc};
use maci_protocol::time::Timestamp;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// A moment as people write it: RFC 3339 with a zone, such as `2026-11-22T21:00:00Z`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Moment(pub Timestamp);

/// A text that is no moment.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{given}` is no moment; write it like 2026-11-22T21:00:00Z, with a zone")]
pub struct NotAMoment {
    given: String,
}

impl Moment {
    /// Whole Unix seconds, as chains count.
    #[must_use]
    pub fn unix_seconds(self) -> u64 {
        self.0.unix_seconds()
    }
}

impl FromStr for Moment {
    type Err = NotAMoment;

    fn from_str(text: &str) -> Result<Self, NotAMoment> {
        let parsed = DateTime::parse_from_rfc3339(text).map_err(|_| NotAMoment {
            given: text.chars().take(40).collect(),
        })?;
        Ok(Self(Timestamp(parsed.timestamp_millis())))
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match DateTime::<Utc>::from_timestamp_millis(self.0.0) {
            Some(time) => f.write_str(&time.to_rfc3339_opts(SecondsFormat::AutoSi, true)),
            // beyond the calendar
            None => self.0.fmt(f),
        }
    }
}

impl Serialize for Moment {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

impl JsonSchema for Moment {
    fn schema_name() -> Cow<'static, str> {
        "Moment".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string",
            "format": "date-time",
            "description": "A moment in RFC 3339 with a zone, such as 2026-11-22T21:00:00Z.",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_reads_back_as_written_and_needs_a_zone() {
        let moment: Moment = "2026-11-22T22:00:00+01:00".parse().unwrap();
        assert_eq!(moment.to_string(), "2026-11-22T21:00:00Z");
        assert_eq!(moment.to_string().parse(), Ok(moment));
        assert!("2026-11-22T21:00:00".parse::<Moment>().is_err());
        assert!("tomorrow".parse::<Moment>().is_err());
    }
}
