//! Errors as problem details (RFC 9457): what was wrong, where, and what to do.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use super::parameters::Refused;

/// What went wrong, as `application/problem+json`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// `about:blank`: the status says what kind it is.
    pub r#type: &'static str,
    /// The status in words.
    pub title: &'static str,
    /// The HTTP status.
    pub status: u16,
    /// What was wrong and what to do.
    pub detail: String,
    /// Byte offsets in the query of what was not understood.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub span: Option<[usize; 2]>,
    /// What may have been meant there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub suggestion: Option<String>,
}

impl Problem {
    /// A problem of this status.
    pub fn new(status: StatusCode, detail: impl Into<String>) -> Self {
        let title = status.canonical_reason().unwrap_or("Error");
        Self {
            r#type: "about:blank",
            title,
            status: status.as_u16(),
            detail: detail.into(),
            span: None,
            suggestion: None,
        }
    }

    /// No article of this id.
    pub fn no_article(id: &str) -> Self {
        Self::new(StatusCode::NOT_FOUND, format!("no article has the id `{id}`"))
    }

    /// The index cannot be read.
    pub fn damaged(error: &anyhow::Error) -> Self {
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, format!("{error:#}"))
    }

    /// More searches are running than the machine bears.
    pub fn busy() -> Self {
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "too many searches are running; try again in a moment")
    }

    /// The search ran out of time.
    pub fn too_slow(seconds: u64) -> Self {
        let detail = format!("the search took more than {seconds} s; narrow it by a date or a rarer word");
        Self::new(StatusCode::SERVICE_UNAVAILABLE, detail)
    }

    /// Its status.
    pub fn status(&self) -> StatusCode {
        StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    /// Tells a client that is turned away when to come back.
    pub fn mark(&self, response: &mut Response) {
        if self.status() == StatusCode::SERVICE_UNAVAILABLE {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
        }
    }
}

impl From<Refused> for Problem {
    fn from(refused: Refused) -> Self {
        let problem = Self::new(StatusCode::BAD_REQUEST, refused.to_string());
        match refused {
            Refused::Query(error) => {
                Self { span: Some([error.span.start, error.span.end]), suggestion: error.suggestion, ..problem }
            }
            Refused::Other(_) => problem,
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let body = serde_json::to_vec(&self).unwrap_or_default();
        let mut response = (self.status(), [(header::CONTENT_TYPE, "application/problem+json")], body).into_response();
        self.mark(&mut response);
        response
    }
}
