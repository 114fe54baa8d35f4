//! Places where a process may be told to die, so that dying there can be tested.

/// Aborts the process when the environment names this point in `MACI_CRASH_AT`.
///
/// The name may carry a count: `MACI_CRASH_AT=intent-stored:3` dies at the third passing. Compiled into development
/// builds only; a release build passes every point at no cost.
#[inline]
pub(crate) fn crash_point(name: &'static str) {
    #[cfg(debug_assertions)]
    armed::pass(name);
    #[cfg(not(debug_assertions))]
    let _ = name;
}

#[cfg(debug_assertions)]
mod armed {
    use std::sync::{
        OnceLock,
        atomic::{AtomicU32, Ordering},
    };

    struct Armed {
        name: String,
        left: AtomicU32,
    }

    #[expect(
        clippy::disallowed_methods,
        reason = "a test switch that must not appear among the settings"
    )]
    fn armed() -> Option<&'static Armed> {
        static ARMED: OnceLock<Option<Armed>> = OnceLock::new();
        ARMED
            .get_or_init(|| {
                let wanted = std::env::var("MACI_CRASH_AT").ok()?;
                let (name, nth) = wanted.split_once(':').unwrap_or((&wanted, "1"));
                let left = AtomicU32::new(nth.parse().unwrap_or(1));
                Some(Armed {
                    name: name.to_owned(),
                    left,
                })
            })
            .as_ref()
    }

    pub(super) fn pass(name: &str) {
        let Some(armed) = armed() else { return };
        if armed.name == name && armed.left.fetch_sub(1, Ordering::SeqCst) == 1 {
            eprintln!("crash point {name}: aborting as told");
            std::process::abort();
        }
    }
}
