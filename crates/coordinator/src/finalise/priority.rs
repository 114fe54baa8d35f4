//! Proving gives way to requests.

use std::sync::Once;

/// How much a proving thread gives way, in the system's steps from 0 to 19.
const NICE: i32 = 10;

/// Lets this thread, and the threads that share its heavy work, give way to those that answer requests: on a machine whose
/// cores are all proving, an answer waits for none of them. Proving is slowed only by what requests really use.
pub(super) fn yield_to_requests() {
    start_computing_threads();
    lower_this_thread();
}

/// Starts the threads in which replay and proving compute, and nothing else does, with their priority lowered.
pub(crate) fn start_computing_threads() {
    static POOL: Once = Once::new();
    POOL.call_once(|| {
        let pool = rayon::ThreadPoolBuilder::new().start_handler(|_| lower_this_thread());
        if pool.build_global().is_err() {
            tracing::debug!("the computing threads were started before and keep their priority");
        }
    });
}

#[cfg(target_os = "linux")]
fn lower_this_thread() {
    // `<process>/task/<thread>`; on Linux a thread has a priority of its own
    let thread = std::fs::read_link("/proc/thread-self").ok();
    let id = thread.and_then(|path| path.file_name()?.to_str()?.parse::<i32>().ok());
    if let Some(id) = id.and_then(rustix::process::Pid::from_raw) {
        // not being allowed to is no reason not to prove
        let _ = rustix::process::setpriority_process(Some(id), NICE);
    }
}

#[cfg(not(target_os = "linux"))]
fn lower_this_thread() {}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    /// The nineteenth field of a thread's `stat`, after the name in brackets.
    fn nice_of_this_thread() -> Option<i32> {
        let stat = std::fs::read_to_string("/proc/thread-self/stat").ok()?;
        let after_name = stat.rsplit_once(')')?.1;
        after_name.split_whitespace().nth(16)?.parse().ok()
    }

    #[test]
    fn a_thread_that_proves_gives_way_and_others_do_not() {
        let before = nice_of_this_thread().unwrap();
        let proving = std::thread::spawn(|| {
            super::yield_to_requests();
            nice_of_this_thread()
        });
        assert_eq!(proving.join().unwrap(), Some(super::NICE.max(before)));
        assert_eq!(nice_of_this_thread(), Some(before));
    }
}
