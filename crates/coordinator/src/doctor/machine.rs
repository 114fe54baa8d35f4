use std::fs;
use std::io::Write as _;
use std::path::Path;

use super::Finding;

/// Room a round of usual size takes, and some more, in bytes.
const LITTLE_ROOM: u64 = 2 << 30;

/// Room below which nothing can be relied on, in bytes.
const NO_ROOM: u64 = 128 << 20;

pub(super) fn look(folder: &Path) -> Vec<Finding> {
    vec![writable(folder), room(folder), processor()]
}

/// Whether the data folder takes a file.
fn writable(folder: &Path) -> Finding {
    let about = "data folder";
    let probe = folder.join(format!(".probe-{}", std::process::id()));
    let tried = fs::create_dir_all(folder)
        .and_then(|()| fs::File::create(&probe))
        .and_then(|mut file| file.write_all(b"probe").and_then(|()| file.sync_all()))
        .and_then(|()| fs::remove_file(&probe));
    match tried {
        Ok(()) => Finding::good(about, format!("{} can be written", folder.display())),
        Err(error) => Finding::problem(
            about,
            format!("{} cannot be written: {error}", folder.display()),
            "give it to the user the service runs as, or name another one with data_dir",
        ),
    }
}

fn room(folder: &Path) -> Finding {
    let about = "disk";
    let free = match rustix::fs::statvfs(folder) {
        Ok(disk) => disk.f_bavail.saturating_mul(disk.f_frsize),
        Err(error) => {
            return Finding::warning(about, format!("the free room is not known: {error}"), "look with `df`");
        }
    };
    let found = format!("{} MiB are free at {}", free >> 20, folder.display());
    if free < NO_ROOM {
        Finding::problem(about, found, "make room: nothing can be stored without")
    } else if free < LITTLE_ROOM {
        Finding::warning(
            about,
            found,
            "make room: proofs, compiled calculators and the database grow",
        )
    } else {
        Finding::good(about, found)
    }
}

fn processor() -> Finding {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    Finding::good("processor", format!("{cores} cores; {}", arithmetic()))
}

#[cfg(target_arch = "x86_64")]
fn arithmetic() -> &'static str {
    if std::arch::is_x86_feature_detected!("avx512ifma") && std::arch::is_x86_feature_detected!("avx512vl") {
        "AVX-512 IFMA, so proofs take the fast path"
    } else {
        "no AVX-512 IFMA, so proofs take the portable path"
    }
}

#[cfg(not(target_arch = "x86_64"))]
fn arithmetic() -> &'static str {
    "proofs take the portable path"
}

#[cfg(test)]
mod tests {
    use super::super::Verdict;
    use super::*;

    #[test]
    fn a_folder_that_cannot_be_made_is_a_problem_and_leaves_nothing_behind() {
        assert_eq!(writable(Path::new("/proc/nowhere")).verdict, Verdict::Problem);
        let folder = tempfile::TempDir::new().unwrap();
        assert_eq!(writable(folder.path()).verdict, Verdict::Good);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    }
}
