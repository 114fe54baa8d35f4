//! Which instructions do the arithmetic.

/// A way to do the arithmetic. All give the same results.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Backend {
    /// 64-bit multiplications, on any machine.
    Portable,
    /// AVX-512 IFMA: eight products at once, on 52-bit limbs.
    Ifma,
}

/// The machine lacks the instructions of a backend.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this CPU lacks the instructions of the {backend:?} backend; use the portable one")]
pub struct BackendMissing {
    /// The backend asked for.
    pub backend: Backend,
}

impl Backend {
    /// The fastest backend of this machine.
    #[must_use]
    pub fn fastest() -> Self {
        if Self::Ifma.is_available() {
            Self::Ifma
        } else {
            Self::Portable
        }
    }

    /// Whether this machine has the instructions.
    #[must_use]
    pub fn is_available(self) -> bool {
        match self {
            Self::Portable => true,
            #[cfg(target_arch = "x86_64")]
            Self::Ifma => crate::ifma::is_available(),
            #[cfg(not(target_arch = "x86_64"))]
            Self::Ifma => false,
        }
    }

    /// This backend if the machine has it.
    ///
    /// # Errors
    /// [`BackendMissing`] if not.
    pub fn ensure_available(self) -> Result<Self, BackendMissing> {
        if self.is_available() {
            Ok(self)
        } else {
            Err(BackendMissing { backend: self })
        }
    }
}
