//! Threads that only get what those who answer callers leave.

/// Lowers the calling thread's priority; 19 gets only what nobody else wants.
pub(crate) fn step_behind(nice: i32) {
    // SAFETY: changes the calling thread's own nice value (on Linux, "process 0" is this thread);
    // no memory is involved.
    #[allow(unsafe_code)]
    let result = unsafe { libc::setpriority(libc::PRIO_PROCESS, 0, nice) };
    if result != 0 {
        tracing::debug!("A plugin thread's priority could not be lowered.");
    }
}
