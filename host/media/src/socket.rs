//! The system calls of a tick: reading the clock, sleeping until an instant, sending, receiving a
//! batch with kernel arrival times. The only unsafe code of the room.
//!
//! Sending and receiving go past the C library's wrappers: those are points of thread cancellation,
//! which cost a tick four atomic operations a packet, and nobody cancels a thread of ours.
#![allow(unsafe_code)]

use socket2::{SockAddr, SockAddrStorage, Socket};
use std::io;
use std::mem;
use std::net::SocketAddr;
use std::os::fd::AsRawFd;
use std::ptr;
use tokio::io::Interest;
use tokio::io::unix::AsyncFd;

/// Nanoseconds of the monotonic clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(crate) struct Moment(pub(crate) u64);

impl Moment {
    #[cfg(test)]
    pub(crate) const fn plus_ms(self, span_ms: u64) -> Moment {
        Moment(self.0 + span_ms * 1_000_000)
    }

    pub(crate) const fn since_ns(self, earlier: Moment) -> u64 {
        self.0.saturating_sub(earlier.0)
    }
}

fn read_clock(clock: libc::clockid_t) -> u64 {
    let mut time = libc::timespec {
        tv_sec: 0,
        tv_nsec: 0,
    };
    // SAFETY: `time` is a valid timespec for the call to fill; both clocks used here always exist.
    unsafe { libc::clock_gettime(clock, &raw mut time) };
    nanoseconds(time)
}

fn nanoseconds(time: libc::timespec) -> u64 {
    time.tv_sec.cast_unsigned() * 1_000_000_000 + time.tv_nsec.cast_unsigned()
}

pub(crate) fn monotonic_now() -> Moment {
    Moment(read_clock(libc::CLOCK_MONOTONIC))
}

/// Sleeps until an instant of the monotonic clock; returns at once when it is past.
pub(crate) fn sleep_until(moment: Moment) {
    let time = libc::timespec {
        tv_sec: (moment.0 / 1_000_000_000).cast_signed(),
        tv_nsec: (moment.0 % 1_000_000_000).cast_signed(),
    };
    loop {
        // SAFETY: `time` is a valid timespec; no remaining time is asked for (absolute sleep).
        let outcome = unsafe {
            libc::clock_nanosleep(
                libc::CLOCK_MONOTONIC,
                libc::TIMER_ABSTIME,
                &raw const time,
                ptr::null_mut(),
            )
        };
        if outcome != libc::EINTR {
            return;
        }
    }
}

/// How the scheduler treats a thread.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Favour {
    /// Before all ordinary threads of the machine.
    RealTime,
    /// Before the other threads of the process.
    Nice,
    /// Like any other: neither was allowed (CAP_SYS_NICE, RLIMIT_RTPRIO, RLIMIT_NICE).
    None,
}

/// Asks the scheduler to favour the calling thread: the lowest real-time priority, else a better
/// niceness. A worker's tick is bounded work, and the kernel keeps 5 % of the time for others.
pub(crate) fn favour_this_thread() -> Favour {
    const NICENESS: libc::c_int = -15;
    let priority = libc::sched_param { sched_priority: 1 };
    let policy = libc::SCHED_RR | libc::SCHED_RESET_ON_FORK;
    // SAFETY: `priority` lives through the call; 0 means the calling thread.
    if unsafe { libc::sched_setscheduler(0, policy, &raw const priority) } == 0 {
        return Favour::RealTime;
    }
    // SAFETY: no memory is passed; on Linux PRIO_PROCESS with 0 means the calling thread alone.
    if unsafe { libc::setpriority(libc::PRIO_PROCESS, 0, NICENESS) } == 0 {
        return Favour::Nice;
    }
    Favour::None
}

/// Has the kernel stamp arriving datagrams.
pub(crate) fn stamp_arrivals(socket: &Socket) -> io::Result<()> {
    set_option(socket, libc::SOL_SOCKET, libc::SO_TIMESTAMPNS, 1)
}

/// Has the kernel never cut an IPv4 socket's datagrams into fragments, just in case of which it
/// would draw each a number: voice fits every path.
pub(crate) fn never_fragment(socket: &Socket) -> io::Result<()> {
    let never = libc::IP_PMTUDISC_DO;
    set_option(socket, libc::IPPROTO_IP, libc::IP_MTU_DISCOVER, never)
}

fn set_option(
    socket: &Socket,
    level: libc::c_int,
    name: libc::c_int,
    value: libc::c_int,
) -> io::Result<()> {
    // SAFETY: `value` lives through the call and the length given is its size.
    let outcome = unsafe {
        libc::setsockopt(
            socket.as_raw_fd(),
            level,
            name,
            (&raw const value).cast(),
            size_of::<libc::c_int>() as libc::socklen_t,
        )
    };
    match outcome {
        0 => Ok(()),
        _ => Err(io::Error::last_os_error()),
    }
}

/// Registers a non-blocking socket with the current tokio runtime, for reading.
pub(crate) fn watch(socket: Socket) -> io::Result<AsyncFd<Socket>> {
    // SAFETY: a `Socket` owns its descriptor, which stays the same and open until it is dropped,
    // and it is never taken out of the `AsyncFd`.
    unsafe { AsyncFd::register_with_interest(socket, Interest::READABLE) }.map_err(io::Error::from)
}

/// Has the kernel take datagrams from `address` alone, and know the way there without looking it up
/// for each. `false` when that failed, and for a socket that is bound to all of the machine's
/// addresses: it would be tied to one of them, which need not be the one that the far end knows.
pub(crate) fn tie(socket: &Socket, address: &SockAddr) -> bool {
    let bound = socket.local_addr().ok().and_then(|bound| bound.as_socket());
    let has_address = bound.is_some_and(|bound| !bound.ip().is_unspecified());
    has_address && socket.connect(address).is_ok()
}

/// The opposite of [`tie`]; the socket stays bound.
pub(crate) fn untie(socket: &Socket) {
    let nobody = libc::sockaddr {
        sa_family: libc::AF_UNSPEC as libc::sa_family_t,
        sa_data: [0; 14],
    };
    // SAFETY: `nobody` lives through the call and the length given is its size.
    unsafe {
        libc::syscall(
            libc::SYS_connect,
            socket.as_raw_fd(),
            &raw const nobody,
            size_of::<libc::sockaddr>(),
        )
    };
}

/// Sends one datagram; never waits. To the other end of a socket pair, or of one that is tied,
/// without an address. `false` when the kernel did not take it.
pub(crate) fn send(socket: &Socket, bytes: &[u8], address: Option<&SockAddr>) -> bool {
    let (name, length) = match address {
        Some(address) => (address.as_ptr().cast(), address.len()),
        None => (ptr::null::<libc::c_void>(), 0),
    };
    // SAFETY: `bytes` and `address` live through the call, and the lengths given are theirs.
    let sent = unsafe {
        libc::syscall(
            libc::SYS_sendto,
            socket.as_raw_fd(),
            bytes.as_ptr(),
            bytes.len(),
            libc::MSG_DONTWAIT | libc::MSG_NOSIGNAL,
            name,
            length,
        )
    };
    sent >= 0
}

/// Datagrams taken per socket and tick; more wait in the kernel. Sixteen are 800 a second, ten
/// times what a G.711 stream of 20 ms brings with its keys: a flood costs its own leg alone.
pub(crate) const BATCH: usize = 16;
/// A datagram longer than this is cut, which RTP of G.711 never is.
const DATAGRAM_BYTES: usize = 1_536;

#[repr(C, align(8))]
struct Control([u8; 64]);

/// Room for one `recvmmsg`, made once per worker.
pub(crate) struct ReceiveBatch {
    headers: Box<[libc::mmsghdr]>,
    // The headers point into these four, which are never touched but through them while a call runs.
    _vectors: Box<[libc::iovec]>,
    names: Box<[libc::sockaddr_storage]>,
    _controls: Box<[Control]>,
    datagrams: Box<[[u8; DATAGRAM_BYTES]]>,
    /// How many headers the kernel has written to since they were made ready.
    written: usize,
    /// Realtime minus monotonic clock, to bring kernel stamps onto the latter.
    clock_offset_ns: i128,
}

// SAFETY: the raw pointers in `headers` point into boxes owned by the same value, which move with
// it to another thread without changing their place.
unsafe impl Send for ReceiveBatch {}

/// One datagram of a batch.
#[derive(Debug)]
pub(crate) struct Datagram<'a> {
    pub(crate) bytes: &'a [u8],
    /// When the kernel got it, if it said so.
    pub(crate) arrival: Option<Moment>,
    /// `None` on a local socket pair.
    pub(crate) source: Option<SocketAddr>,
}

impl ReceiveBatch {
    pub(crate) fn new() -> ReceiveBatch {
        let mut datagrams = vec![[0; DATAGRAM_BYTES]; BATCH].into_boxed_slice();
        // SAFETY: all-zero bytes are valid values of these plain C structures.
        let mut names: Box<[libc::sockaddr_storage]> =
            vec![unsafe { mem::zeroed() }; BATCH].into_boxed_slice();
        let mut controls: Box<[Control]> = (0..BATCH).map(|_| Control([0; 64])).collect();
        let mut vectors: Box<[libc::iovec]> = datagrams
            .iter_mut()
            .map(|datagram| libc::iovec {
                iov_base: datagram.as_mut_ptr().cast(),
                iov_len: DATAGRAM_BYTES,
            })
            .collect();
        let headers = (0..BATCH)
            .map(|place| {
                // SAFETY: as above.
                let mut header: libc::mmsghdr = unsafe { mem::zeroed() };
                header.msg_hdr.msg_iov = &raw mut vectors[place];
                header.msg_hdr.msg_iovlen = 1;
                header.msg_hdr.msg_name = (&raw mut names[place]).cast();
                header.msg_hdr.msg_control = (&raw mut controls[place]).cast();
                header
            })
            .collect();
        ReceiveBatch {
            headers,
            _vectors: vectors,
            names,
            _controls: controls,
            datagrams,
            written: BATCH,
            clock_offset_ns: 0,
        }
    }

    /// Reads both clocks; once a tick, so that a step of the realtime clock does little harm.
    pub(crate) fn synchronise(&mut self) {
        self.clock_offset_ns =
            i128::from(read_clock(libc::CLOCK_REALTIME)) - i128::from(monotonic_now().0);
    }

    /// Nanoseconds since 1970 UTC, by the clocks as they were read last.
    pub(crate) fn realtime_ns(&self, moment: Moment) -> u64 {
        u64::try_from(i128::from(moment.0) + self.clock_offset_ns).unwrap_or_default()
    }

    /// Takes what waits at `socket`, at most `most` datagrams and [`BATCH`], in one system call. How
    /// many came; zero as well for an error (a refused datagram of ours, reported late), which is
    /// over once told. When fewer than `most` came, one look was in vain.
    pub(crate) fn receive(&mut self, socket: &Socket, most: usize) -> usize {
        self.make_ready();
        // SAFETY: every header points at live buffers of the lengths given in it, set up in `new`;
        // nothing else refers to them during the call, and there are at least as many as are lent.
        let received = unsafe {
            libc::syscall(
                libc::SYS_recvmmsg,
                socket.as_raw_fd(),
                self.headers.as_mut_ptr(),
                most.min(BATCH) as libc::c_uint,
                libc::MSG_DONTWAIT,
                ptr::null_mut::<libc::timespec>(),
            )
        };
        self.written = usize::try_from(received).unwrap_or(0);
        self.written
    }

    /// The same for one datagram: cheaper than a batch of one.
    pub(crate) fn receive_one(&mut self, socket: &Socket) -> Option<Datagram<'_>> {
        self.make_ready();
        let header = &mut self.headers[0];
        // SAFETY: as in `receive`, for the first header alone.
        let received = unsafe {
            libc::syscall(
                libc::SYS_recvmsg,
                socket.as_raw_fd(),
                &raw mut header.msg_hdr,
                libc::MSG_DONTWAIT,
            )
        };
        header.msg_len = libc::c_uint::try_from(received).ok()?;
        self.written = 1;
        Some(self.datagram(0))
    }

    fn make_ready(&mut self) {
        for header in &mut self.headers[..self.written] {
            header.msg_hdr.msg_namelen = size_of::<libc::sockaddr_storage>() as libc::socklen_t;
            header.msg_hdr.msg_controllen = size_of::<Control>();
        }
        self.written = 0;
    }

    /// The datagram at `place`, below what [`ReceiveBatch::receive`] returned.
    pub(crate) fn datagram(&self, place: usize) -> Datagram<'_> {
        let header = &self.headers[place];
        let length = (header.msg_len as usize).min(DATAGRAM_BYTES);
        Datagram {
            bytes: &self.datagrams[place][..length],
            arrival: self.arrival(header),
            source: self.source(place, header.msg_hdr.msg_namelen),
        }
    }

    fn arrival(&self, header: &libc::mmsghdr) -> Option<Moment> {
        // SAFETY: the kernel filled `msg_control` and set `msg_controllen` to the length used; the
        // macros stay within it, and the data of SCM_TIMESTAMPNS is one timespec, read unaligned.
        let stamp = unsafe {
            let control = libc::CMSG_FIRSTHDR(&raw const header.msg_hdr);
            if control.is_null()
                || (*control).cmsg_level != libc::SOL_SOCKET
                || (*control).cmsg_type != libc::SCM_TIMESTAMPNS
            {
                return None;
            }
            libc::CMSG_DATA(control)
                .cast::<libc::timespec>()
                .read_unaligned()
        };
        let moment = i128::from(nanoseconds(stamp)) - self.clock_offset_ns;
        u64::try_from(moment).ok().map(Moment)
    }

    fn source(&self, place: usize, length: libc::socklen_t) -> Option<SocketAddr> {
        if length == 0 {
            return None;
        }
        let mut storage = SockAddrStorage::zeroed();
        // SAFETY: both are the C structure of the same name (socket2 wraps it), and `length` is what
        // the kernel says it wrote.
        unsafe {
            *storage.view_as::<libc::sockaddr_storage>() = self.names[place];
            SockAddr::new(storage, length).as_socket()
        }
    }
}

impl std::fmt::Debug for ReceiveBatch {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ReceiveBatch")
    }
}
