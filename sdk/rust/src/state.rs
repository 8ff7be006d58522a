//! What a plugin keeps between two calls, as bytes: postcard.

use crate::Fault;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// `what` says whose it is: `the flow's state`.
///
/// # Errors
/// `sdk.state`: it can not be written.
pub(crate) fn keep(what: &str, kept: &(impl Serialize + ?Sized)) -> Result<Vec<u8>, Fault> {
    postcard::to_allocvec(kept)
        .map_err(|error| Fault::new("sdk.state", format!("cannot keep {what}: {error}")))
}

/// # Errors
/// `sdk.state`: it is of another type.
pub(crate) fn read<T: DeserializeOwned>(what: &str, bytes: &[u8]) -> Result<T, Fault> {
    postcard::from_bytes(bytes).map_err(|error| unread(what, &error))
}

/// As [`read`], of what stands first; with the bytes behind it.
pub(crate) fn read_first<T: DeserializeOwned>(
    what: &str,
    bytes: &[u8],
) -> Result<(T, Vec<u8>), Fault> {
    let (first, rest) = postcard::take_from_bytes(bytes).map_err(|error| unread(what, &error))?;
    Ok((first, rest.to_vec()))
}

fn unread(what: &str, error: &postcard::Error) -> Fault {
    Fault::new("sdk.state", format!("cannot read {what}: {error}"))
}
