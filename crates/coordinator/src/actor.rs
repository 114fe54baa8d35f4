//! Who acts, and what they may do.

use std::fmt;
use std::str::FromStr;

/// What somebody may do. Each role may do what the one before it may.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Looks.
    Viewer,
    /// Runs rounds: deploys, finalises, schedules.
    Operator,
    /// Handles keys and everything else.
    Admin,
}

impl Role {
    /// All roles, ascending.
    pub const ALL: [Self; 3] = [Self::Viewer, Self::Operator, Self::Admin];

    /// The role's name in settings and tokens.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Viewer => "viewer",
            Self::Operator => "operator",
            Self::Admin => "admin",
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A text that is no role's or actor's name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ActorError {
    /// No such role.
    #[error("`{given}` is no role: viewer, operator or admin")]
    UnknownRole {
        /// What was given.
        given: String,
    },
    /// Not a name that can be written into a log.
    #[error("an actor's name has 1 to 100 printable ASCII characters")]
    BadName,
}

impl FromStr for Role {
    type Err = ActorError;

    fn from_str(text: &str) -> Result<Self, ActorError> {
        let found = Self::ALL.into_iter().find(|role| role.name() == text);
        found.ok_or_else(|| ActorError::UnknownRole {
            given: text.chars().take(40).collect(),
        })
    }
}

/// Who somebody is: an Ethereum address, or the coordinator itself. Written into logs, jobs and the audit log.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ActorName(String);

impl ActorName {
    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for ActorName {
    type Err = ActorError;

    fn from_str(text: &str) -> Result<Self, ActorError> {
        let printable = text.bytes().all(|byte| byte.is_ascii_graphic() || byte == b' ');
        if text.is_empty() || text.len() > 100 || !printable {
            return Err(ActorError::BadName);
        }
        Ok(Self(text.to_owned()))
    }
}

impl fmt::Display for ActorName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Somebody who has shown who they are. Only whoever checked a login makes one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// Who.
    pub name: ActorName,
    /// What they may do.
    pub role: Role,
}

impl Actor {
    /// The coordinator itself: a watched poll that has ended, a schedule whose time has come.
    #[must_use]
    pub fn coordinator() -> Self {
        Self {
            name: ActorName("coordinator".to_owned()),
            role: Role::Admin,
        }
    }

    /// Whether this actor may do what needs a role.
    #[must_use]
    pub fn may(&self, needed: Role) -> bool {
        self.role >= needed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_admin_may_do_what_an_operator_may_and_not_the_other_way_round() {
        let actor = |role| Actor {
            name: "0xabc".parse().unwrap(),
            role,
        };
        assert!(actor(Role::Admin).may(Role::Operator));
        assert!(actor(Role::Operator).may(Role::Viewer));
        assert!(!actor(Role::Operator).may(Role::Admin));
    }

    #[test]
    fn a_name_with_a_line_break_is_refused() {
        assert_eq!("ann\nbob".parse::<ActorName>(), Err(ActorError::BadName));
        assert_eq!("".parse::<ActorName>(), Err(ActorError::BadName));
    }

    #[test]
    fn roles_read_back_as_written() {
        for role in Role::ALL {
            assert_eq!(role.to_string().parse(), Ok(role));
        }
        assert!("root".parse::<Role>().is_err());
    }
}
