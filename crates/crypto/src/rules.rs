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
    /// A state key or `R8` off the curve, and a state key whose eightfold has x = 0, make a signature invalid. An
    /// encryption key off the curve or of order 4 or 8 gives the shared key (0, 1), and the message does not count,
    /// whatever decryption under that key yields: that last step is the caller's.
    Hardened,
}
