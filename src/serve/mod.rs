//! The archive in a browser, and an API for everything else: a face over `search()`.
//!
//! ```text
//! request -safety-> who may ask -parameters-> SearchRequest -state: a place among the running searches-> search()
//!         -api-> the command line's JSON | -page-> HTML that needs no script | -feed-> Atom, JSON Feed
//! ```

mod api;
mod assets;
mod feed;
mod kept;
mod openapi;
mod page;
mod parameters;
mod problem;
mod safety;
mod state;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use anyhow::{Context, bail};
use axum::Router;
use axum::extract::{Request, State as Shared};
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use tower_http::compression::CompressionLayer;

use crate::date::Date;

pub(crate) use parameters::{Parameters, Refused};
pub(crate) use problem::Problem;
pub(crate) use state::{Opened, State};

/// How an archive is served.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Folder of the index.
    pub index: PathBuf,
    /// The kept generation to answer from for good; the latest published if none.
    pub as_of: Option<u64>,
    /// File of aliases; `aliases.toml` of the index if none.
    pub aliases: Option<PathBuf>,
    /// Where to listen.
    pub address: SocketAddr,
    /// What a client must show; needed on anything but loopback.
    pub token: Option<String>,
    /// The day relative dates count from; the clock's if none.
    pub today: Option<Date>,
    /// Searches that may run at once.
    pub searches: usize,
    /// Seconds one search may take.
    pub timeout: u64,
}

impl Default for Settings {
    fn default() -> Self {
        let address = SocketAddr::from(([127, 0, 0, 1], 8000));
        let index = PathBuf::from(".dateline");
        Self { index, as_of: None, aliases: None, address, token: None, today: None, searches: 4, timeout: 10 }
    }
}

/// A server that listens but does not answer yet.
pub struct Server {
    runtime: tokio::runtime::Runtime,
    listener: tokio::net::TcpListener,
    address: SocketAddr,
    routes: Router,
}

impl Server {
    /// Opens the archive and listens. `log` is given a line of JSON for each answer.
    ///
    /// # Errors
    /// If there is no index, the address is taken, or it can be reached from elsewhere without a token.
    pub fn bind(settings: Settings, log: Option<fn(&str)>) -> anyhow::Result<Self> {
        if !settings.address.ip().is_loopback() && settings.token.is_none() {
            bail!("{} can be reached from other machines: give --token SECRET, or bind to 127.0.0.1", settings.address);
        }
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .enable_all()
            .max_blocking_threads(settings.searches * 2 + 4)
            .build()
            .context("cannot start the server's threads")?;
        let wanted = settings.address;
        let listener = runtime
            .block_on(tokio::net::TcpListener::bind(wanted))
            .with_context(|| format!("cannot listen on {wanted}; is another server running? try --bind 127.0.0.1:0"))?;
        let address = listener.local_addr().context("no local address")?;
        let state = Arc::new(State::open(Settings { address, ..settings })?);
        Ok(Self { runtime, listener, address, routes: routes(state, log) })
    }

    /// Where it listens: the port chosen, if 0 was asked for.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Answers until told to stop; running answers are finished.
    ///
    /// # Errors
    /// If the listener fails.
    pub fn run(self) -> anyhow::Result<()> {
        let Self { runtime, listener, routes, .. } = self;
        let served = runtime.block_on(async { axum::serve(listener, routes).with_graceful_shutdown(stopped()).await });
        runtime.shutdown_timeout(std::time::Duration::from_secs(1));
        served.context("the server stopped")
    }
}

/// Ends when the process is asked to end.
async fn stopped() {
    let interrupted = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminated) = signal(SignalKind::terminate()) {
            tokio::select! { _ = interrupted => {}, _ = terminated.recv() => {} }
            return;
        }
    }
    interrupted.await.ok();
}

fn routes(state: Arc<State>, log: Option<fn(&str)>) -> Router {
    let guard = Guard { state: Arc::clone(&state), log };
    Router::new()
        .route("/", get(page::search))
        .route("/articles/{id}", get(page::article))
        .route("/articles/{id}/cite/{format}", get(page::cite))
        .route("/about", get(page::about))
        .route("/help", get(page::help))
        .route("/api", get(page::api))
        .route("/api/search", get(api::search))
        .route("/api/facets", get(api::facets))
        .route("/api/timeline", get(api::timeline))
        .route("/api/articles/{id}", get(api::article))
        .route("/api/related/{id}", get(api::related))
        .route("/api/export", get(api::export))
        .route("/api/status", get(api::status))
        .route("/api/openapi.json", get(openapi::document))
        .route("/feed.atom", get(feed::atom))
        .route("/feed.json", get(feed::json))
        .route("/style.css", get(assets::style))
        .route("/script.js", get(assets::script))
        .route("/icon.svg", get(assets::icon))
        .fallback(nowhere)
        .method_not_allowed_fallback(only_get)
        .layer(CompressionLayer::new())
        .layer(from_fn_with_state(guard, guarded))
        .with_state(state)
}

#[derive(Clone)]
struct Guard {
    state: Arc<State>,
    log: Option<fn(&str)>,
}

/// Turns away who may not ask, and puts the headers of safety on every answer.
async fn guarded(Shared(guard): Shared<Guard>, request: Request, next: Next) -> Response {
    let started = Instant::now();
    let Guard { state, log } = guard;
    let settings = state.settings();
    let asked = log.map(|log| (log, request.method().clone(), request.uri().to_string()));
    let host = request.headers().get(header::HOST).and_then(|host| host.to_str().ok());
    let allowed = settings.token.as_deref().is_none_or(|token| safety::is_allowed(request.headers(), token));
    let mut response = if !safety::is_our_host(host, settings.address) {
        Problem::new(StatusCode::MISDIRECTED_REQUEST, format!("this server is http://{}", settings.address))
            .into_response()
    } else if !allowed {
        let mut response = Problem::new(StatusCode::UNAUTHORIZED, "the token is missing or wrong").into_response();
        let ask = header::HeaderValue::from_static("Basic realm=\"dateline: any name, the token as password\"");
        response.headers_mut().insert(header::WWW_AUTHENTICATE, ask);
        response
    } else {
        let headers = request.headers().clone();
        let answer = next.run(request).await;
        let kind = answer.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
        if answer.status().is_client_error() && kind.is_some_and(|kind| kind.starts_with("text/plain")) {
            // the router's own words, of an address that is no text
            page::failed(&headers, Problem::new(answer.status(), "the address cannot be read; it must be UTF-8"))
        } else {
            answer
        }
    };
    safety::protect(response.headers_mut());
    if let Some((log, method, uri)) = asked {
        let status = response.status().as_u16();
        let ms = started.elapsed().as_secs_f64() * 1e3;
        log(&serde_json::json!({ "method": method.as_str(), "uri": uri, "status": status, "ms": ms }).to_string());
    }
    response
}

async fn nowhere(headers: HeaderMap) -> Response {
    let problem = Problem::new(StatusCode::NOT_FOUND, "there is nothing at this address; the archive is at /");
    page::failed(&headers, problem)
}

async fn only_get(method: Method) -> Problem {
    Problem::new(StatusCode::METHOD_NOT_ALLOWED, format!("the archive is only read: GET, not {method}"))
}
