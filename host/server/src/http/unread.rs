//! Bodies that nobody reads to their end.

use super::BODY_BYTES;
use axum::extract::Request;
use axum::http::{HeaderValue, Version, header};
use axum::middleware::Next;
use axum::response::Response;

/// A body larger than any that we read leaves its connection unusable. Says so, because else the
/// client's next request on that connection would fail without an answer (RFC 9112, section 9.6).
pub(super) async fn close_after(request: Request, next: Next) -> Response {
    let length = request
        .headers()
        .get(header::CONTENT_LENGTH)
        .and_then(|length| length.to_str().ok()?.parse::<usize>().ok());
    let closes =
        length.is_some_and(|length| length > BODY_BYTES) && request.version() <= Version::HTTP_11;
    let mut response = next.run(request).await;
    if closes {
        let close = HeaderValue::from_static("close");
        response.headers_mut().insert(header::CONNECTION, close);
    }
    response
}
