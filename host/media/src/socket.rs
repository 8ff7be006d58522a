//! The system calls of a tick: a clock, sleeping until an instant, receiving a batch with kernel
//! arrival times, sending one datagram. The only unsafe code of the room.
#![allow(unsafe_code)]

/// Nanoseconds of the monotonic clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(crate) struct Moment(pub(crate) u64);

fn clock(id: libc::clockid_t) -> u64 {
    let mut time = libc::timespec {
        tv_sec: 0,
        tv_nsec: 0,
    };
    // SAFETY: `time` is a valid timespec for the call to fill; both clocks used here always exist.
    unsafe { libc::clock_gettime(id, &raw mut time) };
    time.tv_sec.cast_unsigned() * 1_000_000_000 + time.tv_nsec.cast_unsigned()
}

pub(crate) fn monotonic_now() -> Moment {
    Moment(clock(libc::CLOCK_MONOTONIC))
}
