//! Which network addresses may be dialled: public ones, and what the operator has allowed.
//!
//! The tables are the IANA special-purpose address registries (RFC 6890 and what updates it), and
//! the addresses of cloud metadata services. An IPv6 address that carries an IPv4 address inside is
//! judged by that one.

use ipnet::{IpNet, Ipv4Net, Ipv6Net};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::str::FromStr;

/// What an address is that is not simply a public one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Class {
    Loopback,
    Private,
    /// Carrier-grade NAT, RFC 6598.
    SharedNat,
    LinkLocal,
    /// Where clouds give credentials to whoever asks from inside.
    Metadata,
    Multicast,
    Unspecified,
    /// Documentation, benchmarking, protocol assignments, unallocated space.
    Reserved,
}

impl Class {
    pub const fn as_str(self) -> &'static str {
        match self {
            Class::Loopback => "loopback",
            Class::Private => "private",
            Class::SharedNat => "carrier-grade NAT",
            Class::LinkLocal => "link-local",
            Class::Metadata => "a metadata service",
            Class::Multicast => "multicast",
            Class::Unspecified => "unspecified",
            Class::Reserved => "reserved",
        }
    }

    /// Whether allowing a host by its name is enough for an address of this class. The others are
    /// nobody's intranet: they need their network allowed.
    const fn may_be_allowed_by_name(self) -> bool {
        matches!(self, Class::Loopback | Class::Private | Class::SharedNat)
    }
}

/// What the operator allows besides public addresses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Allowed {
    /// A host by its name or address as it stands in the URL, in lower case: its loopback, private
    /// and CGNAT addresses.
    Host(String),
    /// Every address in a network, whatever the host is called.
    Network(IpNet),
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is neither a host name nor a network such as 10.1.0.0/16")]
pub struct NotAllowable(String);

impl FromStr for Allowed {
    type Err = NotAllowable;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let text = text.trim();
        if let Ok(network) = text.parse::<IpNet>() {
            return Ok(Allowed::Network(network.trunc()));
        }
        if let Ok(address) = text.parse::<IpAddr>() {
            return Ok(Allowed::Network(address.into()));
        }
        let name = text.trim_end_matches('.').to_ascii_lowercase();
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
        if name.is_empty() || name.len() > 253 || !name.bytes().all(plain) {
            return Err(NotAllowable(text.to_owned()));
        }
        Ok(Allowed::Host(name))
    }
}

/// An address that may not be dialled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{address} is {}, and the operator has not allowed it", .class.as_str())]
pub struct RefusedAddress {
    pub address: IpAddr,
    pub class: Class,
}

/// Decides over addresses. Public ones are allowed, whatever the operator's list says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Guard {
    allowed: Vec<Allowed>,
}

impl Guard {
    pub fn new(allowed: Vec<Allowed>) -> Guard {
        Guard { allowed }
    }

    /// Whether `host`, as it stands in the URL, may be dialled at `address`.
    ///
    /// # Errors
    /// It is not public, and not allowed.
    pub fn check(&self, host: &str, address: IpAddr) -> Result<(), RefusedAddress> {
        let Some(class) = classify(address) else {
            return Ok(());
        };
        let inner = innermost(address);
        let allowed = self.allowed.iter().any(|allowed| match allowed {
            Allowed::Network(network) => network.contains(&address) || network.contains(&inner),
            Allowed::Host(name) => class.may_be_allowed_by_name() && is_host(name, host),
        });
        match allowed {
            true => Ok(()),
            false => Err(RefusedAddress { address, class }),
        }
    }

    /// Whether the operator named this host, or a network that it stands in by its address: only
    /// then may it be spoken to without TLS.
    pub fn names(&self, host: &str) -> bool {
        let address = host.trim_matches(['[', ']']).parse::<IpAddr>().ok();
        self.allowed.iter().any(|allowed| match allowed {
            Allowed::Host(name) => is_host(name, host),
            Allowed::Network(network) => address.is_some_and(|address| {
                network.contains(&address) || network.contains(&innermost(address))
            }),
        })
    }
}

fn is_host(name: &str, host: &str) -> bool {
    host.trim_end_matches('.').eq_ignore_ascii_case(name)
}

/// What an address is; none for one that is simply public.
pub fn classify(address: IpAddr) -> Option<Class> {
    match address {
        IpAddr::V4(address) => classify_v4(address),
        IpAddr::V6(address) => classify_v6(address),
    }
}

/// The IPv4 address that is reached in the end, for the forms of IPv6 that carry one.
fn innermost(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V6(v6) => embedded(v6).map_or(address, IpAddr::V4),
        IpAddr::V4(_) => address,
    }
}

const fn v4(a: u8, b: u8, c: u8, d: u8, bits: u8) -> Ipv4Net {
    Ipv4Net::new_assert(Ipv4Addr::new(a, b, c, d), bits)
}

/// The first that matches counts.
const V4: [(Ipv4Net, Class); 19] = [
    // Azure's wire server: its address is public, what it tells is not.
    (v4(168, 63, 129, 16, 32), Class::Metadata),
    (v4(169, 254, 169, 254, 32), Class::Metadata),
    (v4(100, 100, 100, 200, 32), Class::Metadata),
    (v4(0, 0, 0, 0, 32), Class::Unspecified),
    (v4(0, 0, 0, 0, 8), Class::Reserved),
    (v4(10, 0, 0, 0, 8), Class::Private),
    (v4(100, 64, 0, 0, 10), Class::SharedNat),
    (v4(127, 0, 0, 0, 8), Class::Loopback),
    (v4(169, 254, 0, 0, 16), Class::LinkLocal),
    (v4(172, 16, 0, 0, 12), Class::Private),
    (v4(192, 0, 0, 0, 24), Class::Reserved),
    (v4(192, 0, 2, 0, 24), Class::Reserved),
    (v4(192, 88, 99, 0, 24), Class::Reserved),
    (v4(192, 168, 0, 0, 16), Class::Private),
    (v4(198, 18, 0, 0, 15), Class::Reserved),
    (v4(198, 51, 100, 0, 24), Class::Reserved),
    (v4(203, 0, 113, 0, 24), Class::Reserved),
    (v4(224, 0, 0, 0, 4), Class::Multicast),
    // With the limited broadcast.
    (v4(240, 0, 0, 0, 4), Class::Reserved),
];

fn classify_v4(address: Ipv4Addr) -> Option<Class> {
    V4.iter()
        .find(|(network, _)| network.contains(&address))
        .map(|(_, class)| *class)
}

const fn v6(segments: [u16; 8], bits: u8) -> Ipv6Net {
    let [a, b, c, d, e, f, g, h] = segments;
    Ipv6Net::new_assert(Ipv6Addr::new(a, b, c, d, e, f, g, h), bits)
}

/// The first that matches counts. What lies outside 2000::/3 and is not named here is reserved.
const V6: [(Ipv6Net, Class); 10] = [
    (v6([0; 8], 128), Class::Unspecified),
    (v6([0, 0, 0, 0, 0, 0, 0, 1], 128), Class::Loopback),
    // AWS's metadata service over IPv6.
    (
        v6([0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x254], 128),
        Class::Metadata,
    ),
    (v6([0xfc00, 0, 0, 0, 0, 0, 0, 0], 7), Class::Private),
    (v6([0xfe80, 0, 0, 0, 0, 0, 0, 0], 10), Class::LinkLocal),
    // Site-local, deprecated by RFC 3879.
    (v6([0xfec0, 0, 0, 0, 0, 0, 0, 0], 10), Class::Private),
    (v6([0xff00, 0, 0, 0, 0, 0, 0, 0], 8), Class::Multicast),
    // Protocol assignments, with Teredo (2001::/32).
    (v6([0x2001, 0, 0, 0, 0, 0, 0, 0], 23), Class::Reserved),
    (v6([0x2001, 0xdb8, 0, 0, 0, 0, 0, 0], 32), Class::Reserved),
    (v6([0x3fff, 0, 0, 0, 0, 0, 0, 0], 20), Class::Reserved),
];

const GLOBAL_UNICAST: Ipv6Net = v6([0x2000, 0, 0, 0, 0, 0, 0, 0], 3);
const MAPPED: Ipv6Net = v6([0, 0, 0, 0, 0, 0xffff, 0, 0], 96);
/// Deprecated by RFC 4291, and still understood by some stacks.
const COMPATIBLE: Ipv6Net = v6([0; 8], 96);
const NAT64: Ipv6Net = v6([0x64, 0xff9b, 0, 0, 0, 0, 0, 0], 96);
const SIX_TO_FOUR: Ipv6Net = v6([0x2002, 0, 0, 0, 0, 0, 0, 0], 16);

fn classify_v6(address: Ipv6Addr) -> Option<Class> {
    let named = V6.iter().find(|(network, _)| network.contains(&address));
    if let Some((_, class)) = named {
        return Some(*class);
    }
    if let Some(inside) = embedded(address) {
        return classify_v4(inside);
    }
    match GLOBAL_UNICAST.contains(&address) {
        true => None,
        false => Some(Class::Reserved),
    }
}

fn embedded(address: Ipv6Addr) -> Option<Ipv4Addr> {
    let octets = address.octets();
    let at = |place: usize| {
        Ipv4Addr::new(
            octets[place],
            octets[place + 1],
            octets[place + 2],
            octets[place + 3],
        )
    };
    if [MAPPED, NAT64, COMPATIBLE]
        .iter()
        .any(|network| network.contains(&address))
    {
        Some(at(12))
    } else if SIX_TO_FOUR.contains(&address) {
        Some(at(2))
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn address(text: &str) -> IpAddr {
        text.parse().expect("an address")
    }

    #[test]
    fn addresses_are_what_the_registries_say() {
        for (text, class) in [
            ("8.8.8.8", None),
            ("127.0.0.1", Some(Class::Loopback)),
            ("127.255.0.3", Some(Class::Loopback)),
            ("10.9.8.7", Some(Class::Private)),
            ("172.15.255.255", None),
            ("172.16.0.0", Some(Class::Private)),
            ("172.31.255.255", Some(Class::Private)),
            ("172.32.0.0", None),
            ("192.168.1.1", Some(Class::Private)),
            ("100.63.255.255", None),
            ("100.64.0.1", Some(Class::SharedNat)),
            ("100.127.255.255", Some(Class::SharedNat)),
            ("169.254.1.1", Some(Class::LinkLocal)),
            ("169.254.169.254", Some(Class::Metadata)),
            ("168.63.129.16", Some(Class::Metadata)),
            ("0.0.0.0", Some(Class::Unspecified)),
            ("0.1.2.3", Some(Class::Reserved)),
            ("224.0.0.1", Some(Class::Multicast)),
            ("255.255.255.255", Some(Class::Reserved)),
            ("198.19.0.1", Some(Class::Reserved)),
            ("2606:4700::1111", None),
            ("::", Some(Class::Unspecified)),
            ("::1", Some(Class::Loopback)),
            ("fe80::1", Some(Class::LinkLocal)),
            ("fd12::1", Some(Class::Private)),
            ("fd00:ec2::254", Some(Class::Metadata)),
            ("ff02::1", Some(Class::Multicast)),
            ("2001:db8::1", Some(Class::Reserved)),
            ("2001:0:1::1", Some(Class::Reserved)),
            ("4000::1", Some(Class::Reserved)),
            // The same hosts, spelled as IPv6.
            ("::ffff:127.0.0.1", Some(Class::Loopback)),
            ("::ffff:8.8.8.8", None),
            ("::127.0.0.1", Some(Class::Loopback)),
            ("64:ff9b::10.0.0.1", Some(Class::Private)),
            ("64:ff9b::8.8.8.8", None),
            ("64:ff9b:1::1", Some(Class::Reserved)),
            ("2002:7f00:1::", Some(Class::Loopback)),
            ("2002:a9fe:a9fe::1", Some(Class::Metadata)),
            ("2002:808:808::1", None),
        ] {
            assert_eq!(classify(address(text)), class, "{text}");
        }
    }

    #[test]
    fn what_the_operator_allows_is_allowed_and_no_more() {
        let allow = |texts: &[&str]| {
            let rules = texts.iter().map(|text| text.parse().expect("a rule"));
            Guard::new(rules.collect())
        };
        let guard = allow(&["crm.intern.example", "10.1.0.0/16", "127.0.0.1"]);
        for (host, to, allowed) in [
            ("crm.intern.example", "192.168.1.5", true),
            ("CRM.intern.example.", "192.168.1.5", true),
            ("other.intern.example", "192.168.1.5", false),
            ("x.crm.intern.example", "192.168.1.5", false),
            // A name is no passport to the metadata service.
            ("crm.intern.example", "169.254.169.254", false),
            ("crm.intern.example", "224.0.0.1", false),
            ("anything.example", "10.1.2.3", true),
            ("anything.example", "::ffff:10.1.2.3", true),
            ("anything.example", "10.2.0.1", false),
            ("localhost", "127.0.0.1", true),
            ("localhost", "127.0.0.2", false),
            ("anything.example", "1.1.1.1", true),
        ] {
            let checked = guard.check(host, address(to));
            assert_eq!(checked.is_ok(), allowed, "{host} at {to}: {checked:?}");
        }
        assert!(guard.names("127.0.0.1") && guard.names("[::ffff:10.1.0.9]"));
        assert!(!guard.names("api.example.com"));
        assert!("http://x".parse::<Allowed>().is_err() && "".parse::<Allowed>().is_err());
        let refused = Guard::default().check("x", address("::ffff:10.0.0.1"));
        assert_eq!(
            refused.expect_err("private").to_string(),
            "::ffff:10.0.0.1 is private, and the operator has not allowed it"
        );
    }

    proptest! {
        #[test]
        fn no_spelling_of_an_ipv4_address_makes_it_public(bits: u32) {
            let plain = Ipv4Addr::from(bits);
            let [a, b, c, d] = plain.octets();
            let (high, low) = (u16::from_be_bytes([a, b]), u16::from_be_bytes([c, d]));
            let class = classify(plain.into());
            for spelled in [
                Ipv6Addr::new(0, 0, 0, 0, 0, 0xffff, high, low),
                Ipv6Addr::new(0x64, 0xff9b, 0, 0, 0, 0, high, low),
                Ipv6Addr::new(0x2002, high, low, 7, 7, 7, 7, 7),
            ] {
                prop_assert_eq!(classify(spelled.into()), class);
            }
        }
    }
}
