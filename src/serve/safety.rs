//! What keeps an archive of hostile pages harmless in a browser: headers on every answer, and who may ask at all.

use std::net::{IpAddr, SocketAddr};

use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use sha2::{Digest, Sha256};

/// Put on every answer. Nothing runs but our own script, nothing is fetched from elsewhere, no page may frame ours.
pub const HEADERS: [(HeaderName, &str); 5] = [
    (
        header::CONTENT_SECURITY_POLICY,
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; \
         form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    ),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "no-referrer"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
];

/// Adds the headers to an answer.
pub fn protect(headers: &mut HeaderMap) {
    for (name, value) in HEADERS {
        headers.insert(name, HeaderValue::from_static(value));
    }
}

/// Whether a request names the machine it came to. A page elsewhere can make a browser ask `evil.example` at 127.0.0.1
/// (DNS rebinding); such a request names that host.
pub fn is_our_host(host: Option<&str>, address: SocketAddr) -> bool {
    let Some(host) = host else { return false };
    if !address.ip().is_loopback() {
        // reached under whatever name its network gives it; the token guards it
        return true;
    }
    let (name, port) = match host.rsplit_once(':') {
        Some((name, port)) if !port.ends_with(']') => (name, port.parse().ok()),
        _ => (host, Some(80)),
    };
    let name = name.trim_start_matches('[').trim_end_matches(']');
    let is_local = name.eq_ignore_ascii_case("localhost") || name.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback());
    is_local && port == Some(address.port())
}

/// Whether a request carries the token: as a bearer token, or as the password a browser asks for.
pub fn is_allowed(headers: &HeaderMap, token: &str) -> bool {
    let Some(given) = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()) else { return false };
    let given = match given.split_once(' ') {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => token.trim().as_bytes().to_vec(),
        Some((scheme, encoded)) if scheme.eq_ignore_ascii_case("basic") => match basic_password(encoded.trim()) {
            Some(password) => password,
            None => return false,
        },
        _ => return false,
    };
    // hashes are compared, so that the time taken tells nothing about the token
    Sha256::digest(&given) == Sha256::digest(token.as_bytes())
}

fn basic_password(encoded: &str) -> Option<Vec<u8>> {
    let decoded = data_encoding::BASE64.decode(encoded.as_bytes()).ok()?;
    let colon = decoded.iter().position(|byte| *byte == b':')?;
    Some(decoded[colon + 1..].to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_elsewhere_cannot_ask_through_a_name_of_its_own() {
        let here: SocketAddr = "127.0.0.1:8000".parse().expect("an address");
        for ours in ["127.0.0.1:8000", "localhost:8000", "LOCALHOST:8000", "[::1]:8000"] {
            assert!(is_our_host(Some(ours), here), "{ours}");
        }
        for other in [
            None,
            Some("evil.example:8000"),
            Some("localhost"),
            Some("localhost:9"),
            Some("localhost.evil:8000"),
            Some(""),
        ] {
            assert!(!is_our_host(other, here), "{other:?}");
        }
    }

    #[test]
    fn the_token_is_a_bearer_token_or_a_password() {
        let with = |value: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::AUTHORIZATION, HeaderValue::from_str(value).expect("a header"));
            headers
        };
        let basic = format!("Basic {}", data_encoding::BASE64.encode(b"me:secret"));
        assert!(is_allowed(&with("Bearer secret"), "secret"));
        assert!(is_allowed(&with(&basic), "secret"));
        for wrong in ["Bearer secre", "secret", "Basic !!", "Digest secret", "Bearer"] {
            assert!(!is_allowed(&with(wrong), "secret"), "{wrong}");
        }
        assert!(!is_allowed(&HeaderMap::new(), "secret"));
    }
}
