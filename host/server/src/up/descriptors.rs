//! File descriptors: each call takes two or three (RTP, RTCP, its recording), and what a shell or a
//! service manager allows unasked (1024) is used up by some 400 calls.

/// Raises the limit to what the machine's operator allows at most.
#[expect(
    unsafe_code,
    reason = "the standard library has no way to ask for a limit"
)]
pub(super) fn allow_all() {
    let mut limit = libc::rlimit {
        rlim_cur: 0,
        rlim_max: 0,
    };
    // SAFETY: the pointer is to a whole `rlimit` that lives through the call.
    if unsafe { libc::getrlimit(libc::RLIMIT_NOFILE, &raw mut limit) } != 0 {
        let error = std::io::Error::last_os_error();
        tracing::warn!(%error, "the limit on file descriptors can not be read");
        return;
    }
    let allowed = limit.rlim_cur;
    limit.rlim_cur = limit.rlim_max;
    // SAFETY: as above; it is only read.
    if unsafe { libc::setrlimit(libc::RLIMIT_NOFILE, &raw const limit) } != 0 {
        let error = std::io::Error::last_os_error();
        tracing::warn!(%error, allowed, "the limit on file descriptors can not be raised");
    }
}
