//! What the room asks about tenants. Answered from memory: it is called on the receive path.

use hotline_vocabulary::ids::{AgentId, TenantId};
use std::fmt;

/// Who may be called here and who may register. Never blocks.
pub trait Directory: Send + Sync + 'static {
    /// The tenant that owns a SIP domain. A bare IP address or `localhost` means the demo tenant,
    /// when there is one.
    fn tenant_of_domain(&self, host: &str) -> Option<TenantId>;

    /// Whether `user` is a number that may be called without credentials.
    fn is_published(&self, tenant: TenantId, user: &str) -> bool;

    /// The digest realm (RFC 7616, section 3.3); each tenant has its own.
    fn realm(&self, tenant: TenantId) -> String;

    /// The account of a desk phone, by the name that its agent signs in with.
    fn desk_phone(&self, tenant: TenantId, user_name: &str) -> Option<DeskPhoneAccount>;
}

/// May register as an agent's desk phone.
#[derive(Clone, PartialEq, Eq)]
pub struct DeskPhoneAccount {
    pub agent: AgentId,
    /// `MD5(user ":" realm ":" password)` as 32 lower-case hexadecimal digits (RFC 7616, 3.4.2).
    pub ha1_md5: String,
}

/// The hash is as good as the password for this realm: never printed.
impl fmt::Debug for DeskPhoneAccount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DeskPhoneAccount")
            .field("agent", &self.agent)
            .finish_non_exhaustive()
    }
}
