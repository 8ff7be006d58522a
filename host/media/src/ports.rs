//! Which RTP ports are free. RTP takes an even port, RTCP the odd one after it (RFC 3550,
//! section 11).

use crate::Error;
use std::collections::VecDeque;
use std::ops::RangeInclusive;

/// The even ports, in an order an outsider can not guess; one given back is used again last, so
/// that late packets of a call do not meet the next one.
#[derive(Debug)]
pub(crate) struct Ports {
    first: u16,
    last: u16,
    free: VecDeque<u16>,
}

impl Ports {
    pub(crate) fn new(range: &RangeInclusive<u16>) -> Result<Ports, Error> {
        let (first, last) = (*range.start(), *range.end());
        let mut free: Vec<u16> = range
            .clone()
            .filter(|port| *port != 0 && port % 2 == 0 && *port < last)
            .collect();
        if free.is_empty() {
            return Err(Error::PortRange { first, last });
        }
        fastrand::shuffle(&mut free);
        Ok(Ports {
            first,
            last,
            free: free.into(),
        })
    }

    pub(crate) fn take(&mut self) -> Result<u16, Error> {
        self.free.pop_front().ok_or(Error::PortsExhausted {
            first: self.first,
            last: self.last,
        })
    }

    pub(crate) fn give_back(&mut self, port: u16) {
        self.free.push_back(port);
    }

    pub(crate) fn free(&self) -> usize {
        self.free.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_even_ports_with_an_odd_one_after_them_are_given_until_none_is_left() {
        let mut ports = Ports::new(&(10_001..=10_006)).expect("two pairs");
        let mut taken = [ports.take().expect("one"), ports.take().expect("two")];
        taken.sort_unstable();
        assert_eq!(taken, [10_002, 10_004]);
        assert!(matches!(ports.take(), Err(Error::PortsExhausted { .. })));
        ports.give_back(10_004);
        assert_eq!(ports.take().ok(), Some(10_004));
    }

    #[test]
    fn a_range_without_a_pair_is_refused() {
        assert!(matches!(
            Ports::new(&(10_000..=10_000)),
            Err(Error::PortRange { .. })
        ));
        assert!(Ports::new(&(65_534..=65_535)).is_ok());
    }
}
