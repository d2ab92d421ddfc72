//! The three files a page needs, part of the program.

use axum::http::header;
use axum::response::IntoResponse;

/// Kept by a browser for an hour; they change only with the program.
const CACHE: (header::HeaderName, &str) = (header::CACHE_CONTROL, "max-age=3600");

/// How the pages look.
pub async fn style() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "text/css; charset=utf-8"), CACHE], include_str!("assets/style.css"))
}

/// What makes them quicker; nothing needs it.
pub async fn script() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "text/javascript; charset=utf-8"), CACHE], include_str!("assets/script.js"))
}

/// The sign in the browser's tab.
pub async fn icon() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "image/svg+xml"), CACHE], include_str!("assets/icon.svg"))
}
