//! When a datagram came, by the kernel's word: a test that is slow to look must not count its own
//! delay as the network's.

use std::io;
use std::net::UdpSocket;
use std::os::fd::AsRawFd;
use std::time::Duration;

/// Has the kernel stamp what arrives from now on.
#[allow(unsafe_code)]
pub(crate) fn stamp(socket: &UdpSocket) -> io::Result<()> {
    let on: libc::c_int = 1;
    // SAFETY: `on` lives through the call and the length given is its size.
    let outcome = unsafe {
        libc::setsockopt(
            socket.as_raw_fd(),
            libc::SOL_SOCKET,
            libc::SO_TIMESTAMPNS,
            (&raw const on).cast(),
            size_of::<libc::c_int>() as libc::socklen_t,
        )
    };
    match outcome {
        0 => Ok(()),
        _ => Err(io::Error::last_os_error()),
    }
}

/// Waits for a datagram as the socket's time-out says. Gives its length, and the time since 1970 at
/// which it arrived.
#[allow(unsafe_code)]
pub(crate) fn receive(socket: &UdpSocket, buffer: &mut [u8]) -> io::Result<(usize, Duration)> {
    let mut control = [0u64; 8];
    let mut place = libc::iovec {
        iov_base: buffer.as_mut_ptr().cast(),
        iov_len: buffer.len(),
    };
    // SAFETY: a `msghdr` of zeros is one without buffers.
    let mut header: libc::msghdr = unsafe { std::mem::zeroed() };
    header.msg_iov = &raw mut place;
    header.msg_iovlen = 1;
    header.msg_control = control.as_mut_ptr().cast();
    header.msg_controllen = size_of_val(&control);
    // SAFETY: the header points at live buffers of the lengths given in it, and nothing else refers
    // to them during the call.
    let received = unsafe { libc::recvmsg(socket.as_raw_fd(), &raw mut header, 0) };
    let length = usize::try_from(received).map_err(|_| io::Error::last_os_error())?;
    // SAFETY: the kernel filled `msg_control` and set `msg_controllen` to the length used; the
    // macros stay within it, and the data of SCM_TIMESTAMPNS is one timespec, read unaligned.
    let stamp = unsafe {
        let control = libc::CMSG_FIRSTHDR(&raw const header);
        if control.is_null()
            || (*control).cmsg_level != libc::SOL_SOCKET
            || (*control).cmsg_type != libc::SCM_TIMESTAMPNS
        {
            return Err(io::Error::other("a datagram without its time of arrival"));
        }
        libc::CMSG_DATA(control)
            .cast::<libc::timespec>()
            .read_unaligned()
    };
    let arrived = Duration::new(stamp.tv_sec.unsigned_abs(), stamp.tv_nsec as u32);
    Ok((length, arrived))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Instant;

    #[test]
    fn the_time_of_arrival_is_not_that_of_looking() {
        let socket = UdpSocket::bind("127.0.0.1:0").expect("a free port");
        stamp(&socket).expect("a kernel that stamps");
        let to = socket.local_addr().expect("bound");
        let mut buffer = [0; 100];
        // The kernel turns stamping on a moment after it was asked to; until then it stamps when a
        // datagram is read.
        let deadline = Instant::now() + Duration::from_secs(5);
        loop {
            socket.send_to(b"hello", to).expect("loopback takes it");
            std::thread::sleep(Duration::from_millis(60));
            socket.send_to(b"again", to).expect("loopback takes it");
            let (length, first) = receive(&socket, &mut buffer).expect("the first");
            assert_eq!(&buffer[..length], b"hello");
            let (_, second) = receive(&socket, &mut buffer).expect("the second");
            let apart = second.saturating_sub(first);
            if apart >= Duration::from_millis(55) {
                return;
            }
            assert!(
                Instant::now() < deadline,
                "stamped {apart:?} apart, which is when it was looked"
            );
        }
    }
}
