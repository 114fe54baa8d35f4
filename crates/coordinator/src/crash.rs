//! Places where a process may be told to die, so that dying there can be tested.

/// Aborts the process when the environment names this point in `MACI_CRASH_AT`.
///
/// The name may carry a count: `MACI_CRASH_AT=intent-stored:3` dies at the third passing. Compiled into development
/// builds only; a release build passes every point at no cost.
#[inline]
pub(crate) fn crash_point(name: &'static str) {
    crash_point_of(name, String::new);
}

/// The same, for one of many things that pass the point: a process can be told to die where this one does.
///
/// `MACI_CRASH_LIST` names a file of lines `point<TAB>beginning of the subject`. At the first passing that a line means,
/// the line is taken out and the process aborts; so a command that is run until it comes to its end dies once at each.
#[inline]
pub(crate) fn crash_point_of(name: &'static str, subject: impl Fn() -> String) {
    #[cfg(debug_assertions)]
    armed::pass(name, subject);
    #[cfg(not(debug_assertions))]
    let _ = (name, subject);
}

#[cfg(debug_assertions)]
mod armed {
    use std::path::{Path, PathBuf};
    use std::sync::{
        OnceLock,
        atomic::{AtomicU32, Ordering},
    };

    /// Where this process is to die.
    struct Armed {
        /// At a point, when it was passed so often.
        at: Option<(String, AtomicU32)>,
        /// At each of a list.
        list: Option<PathBuf>,
    }

    #[expect(
        clippy::disallowed_methods,
        reason = "a test switch that must not appear among the settings"
    )]
    fn armed() -> &'static Armed {
        static ARMED: OnceLock<Armed> = OnceLock::new();
        ARMED.get_or_init(|| {
            let at = std::env::var("MACI_CRASH_AT").ok().map(|wanted| {
                let (name, nth) = wanted.split_once(':').unwrap_or((&wanted, "1"));
                (name.to_owned(), AtomicU32::new(nth.parse().unwrap_or(1)))
            });
            let list = std::env::var_os("MACI_CRASH_LIST").map(PathBuf::from);
            Armed { at, list }
        })
    }

    pub(super) fn pass(name: &str, subject: impl Fn() -> String) {
        let Armed { at, list } = armed();
        if let Some((wanted, left)) = at
            && wanted == name
            && left.fetch_sub(1, Ordering::SeqCst) == 1
        {
            eprintln!("crash point {name}: aborting as told");
            std::process::abort();
        }
        if let Some(list) = list
            && is_on(list, name, &subject())
        {
            eprintln!("crash point {name} of {}: aborting as told", subject());
            std::process::abort();
        }
    }

    /// Takes the first line that means this passing out of the list.
    fn is_on(list: &Path, name: &str, subject: &str) -> bool {
        let lines = std::fs::read_to_string(list).unwrap_or_default();
        let means = |line: &&str| {
            let (point, beginning) = line.split_once('\t').unwrap_or((line, ""));
            point == name && subject.starts_with(beginning)
        };
        let Some(place) = lines.lines().position(|line| means(&line)) else {
            return false;
        };
        let rest = lines.lines().enumerate().filter(|(other, _)| *other != place);
        let rest: Vec<&str> = rest.map(|(_, line)| line).collect();
        // a line that cannot be taken out would be died at for ever
        std::fs::write(list, rest.join("\n")).is_ok()
    }
}
