//! The console and the click-to-call page: files built from `host/console`, held in the binary.

use super::problem::Problem;
use axum::extract::Path;
use axum::http::{HeaderValue, Method, Uri, header};
use axum::response::{IntoResponse, Response};
use rust_embed::{EmbeddedFile, RustEmbed};

#[derive(RustEmbed)]
#[folder = "../console/dist"]
struct Files;

/// Names with a hash in them never change; pages are asked for anew.
const FOREVER: &str = "public, max-age=31536000, immutable";
const ANEW: &str = "no-cache";

pub(crate) async fn asset(Path(path): Path<String>) -> Response {
    match Files::get(&format!("assets/{path}")) {
        Some(file) => serve(&path, file, FOREVER),
        None => Problem::not_found("file").into_response(),
    }
}

pub(crate) async fn call_page() -> Response {
    page("call.html")
}

/// Any other address belongs to the console, which routes by itself; but for the API's, where a
/// wrong address must not look like a page.
pub(crate) async fn console(method: Method, uri: Uri) -> Response {
    let path = uri.path().trim_start_matches('/');
    if path == "api" || path.starts_with("api/") {
        return Problem::not_found("address").into_response();
    }
    if method != Method::GET && method != Method::HEAD {
        return Problem::method_not_allowed().into_response();
    }
    match Files::get(path) {
        Some(file) if !path.is_empty() => serve(path, file, ANEW),
        _ => page("index.html"),
    }
}

fn page(name: &str) -> Response {
    match Files::get(name) {
        Some(file) => serve(name, file, ANEW),
        None => Problem::not_found("page").into_response(),
    }
}

fn serve(path: &str, file: EmbeddedFile, caching: &'static str) -> Response {
    let kind = kind_of(path);
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(kind)),
        (header::CACHE_CONTROL, HeaderValue::from_static(caching)),
    ];
    (headers, file.data).into_response()
}

fn kind_of(path: &str) -> &'static str {
    match path.rsplit('.').next() {
        Some("html") => "text/html; charset=utf-8",
        Some("js") => "text/javascript",
        Some("css") => "text/css",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("ico") => "image/x-icon",
        Some("json" | "webmanifest" | "map") => "application/json",
        Some("woff2") => "font/woff2",
        _ => "application/octet-stream",
    }
}
