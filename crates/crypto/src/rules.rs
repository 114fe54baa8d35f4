//! Which circuits decide.

/// The generations of circuits whose verdicts differ on unusual pairs (protocol section 28.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Rules {
    /// Upstream's circuits of September 2025.
    September,
    /// Upstream's circuits of release 3.0.0, June 2026.
    Release,
    /// This project's circuits: the release's verdicts, and a defined verdict wherever the release has no witness.
    ///
    /// An encryption key that is off the curve, or whose eightfold has x = 0, gives the shared key (0, 1); a state key
    /// of that kind makes every signature invalid.
    Hardened,
}
