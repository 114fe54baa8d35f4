//! A program that this machine lacks: a failure on CI, elsewhere a line that says which tests go without it.

use std::env;

/// A program that some tests call is not installed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{what} is missing; get it with `{command}`")]
pub struct Absent {
    /// The program.
    pub what: &'static str,
    /// What installs it.
    pub command: &'static str,
}

impl Absent {
    /// Lets a test pass without the program, and says so. On CI, where the variable `CI` is set, nothing may be left out.
    ///
    /// # Errors
    /// On CI.
    pub fn leave_out<T>(self) -> Result<Option<T>, Self> {
        let ci = env::var_os("CI").is_some_and(|set| !set.is_empty() && set != "false");
        self.leave_out_unless(ci)
    }

    fn leave_out_unless<T>(self, ci: bool) -> Result<Option<T>, Self> {
        if ci {
            return Err(self);
        }
        eprintln!("left out: {self}");
        Ok(None)
    }
}

#[cfg(test)]
mod tests {
    use super::Absent;

    #[test]
    fn what_is_absent_is_left_out_elsewhere_and_fails_on_ci_with_the_command() {
        let absent = Absent {
            what: "Pebble",
            command: "apt-get install -y pebble",
        };
        assert_eq!(absent.clone().leave_out_unless::<()>(false), Ok(None));
        let refused = absent.leave_out_unless::<()>(true).unwrap_err();
        assert!(refused.to_string().contains("apt-get install -y pebble"));
    }
}
