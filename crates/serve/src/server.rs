//! The routes, the headers that every answer carries, and the listening.

use std::{
    net::{Ipv4Addr, SocketAddr},
    path::Path,
    sync::Arc,
    time::Duration,
};

use axum::{
    Router,
    extract::{DefaultBodyLimit, Request, State},
    http::{HeaderName, HeaderValue, header},
    middleware::{self, Next},
    response::Response,
    routing::{get, post},
};
use tokio::{net::TcpListener, task::JoinHandle};
use tower_http::{
    CompressionLevel,
    catch_panic::CatchPanicLayer,
    compression::{CompressionLayer, DefaultPredicate, Predicate, predicate::NotForContentType},
    cors::{Any, CorsLayer},
};

use crate::{
    Catalogue, Options, Site, Standing,
    api::{self, endpoint::Endpoint},
    assets, conditional, connections, pages, saved,
};

/// How hard pages are compressed: the usual level of gzip, and one of zstd that makes pages no longer than gzip does
/// (at its usual level 3 the longest real ones are 4 % longer).
const COMPRESSION: i32 = 6;

/// The whole site as one service.
pub fn router(catalogue: Arc<dyn Catalogue>, options: Options) -> Router {
    routes(Site::new(catalogue, options))
}

fn routes(site: Site) -> Router {
    let api = upstream(&site);
    let own = own(&site);
    let pages = Router::new()
        .route("/", get(pages::home::get))
        .route("/search", get(pages::search::get))
        .route("/study/{id}", get(pages::study::get))
        .route("/study/{id}/criteria", get(pages::study::eligibility::get))
        .route("/study/{id}/protocol", get(pages::plan::get))
        .route("/study/{id}/history", get(pages::history::get))
        .route("/compare", get(pages::compare::get))
        .route("/lint", get(pages::lint::get))
        .route("/api", get(pages::api::get))
        .route("/api/openapi.json", get(api::openapi::get))
        .fallback(pages::error::not_found)
        .layer(middleware::from_fn_with_state(site.clone(), conditional::page));
    pages
        .nest("/api/v2", api)
        .nest("/api/x1", own)
        .merge(about_people(&site))
        .merge(saved_searches())
        .route("/assets/{name}", get(assets::get))
        .layer(
            CompressionLayer::new().quality(CompressionLevel::Precise(COMPRESSION)).compress_when(packed()),
        )
        .layer(middleware::from_fn(guard))
        .layer(CatchPanicLayer::new())
        .with_state(site)
}

/// The registry's API.
fn upstream(site: &Site) -> Router<Site> {
    use api::v2::{download, metadata, size, statistics, studies, study, version};
    let below = |endpoint: &Endpoint| endpoint.below("/api/v2");
    Router::new()
        .route(below(&studies::ENDPOINT), get(studies::get))
        .route(below(&study::ENDPOINT), get(study::get))
        .route(below(&download::ENDPOINT), get(download::get))
        .route(below(&metadata::METADATA), get(metadata::metadata))
        .route(below(&metadata::SEARCH_AREAS), get(metadata::search_areas))
        .route(below(&metadata::ENUMS), get(metadata::enums))
        .route(below(&size::ENDPOINT), get(size::get))
        .route(below(&statistics::VALUES), get(statistics::values))
        .route(below(&statistics::SIZES), get(statistics::sizes))
        .route(below(&version::ENDPOINT), get(version::get))
        .fallback(api::not_found)
        .layer(middleware::from_fn_with_state(site.clone(), in_turn))
        .layer(middleware::from_fn(api::refusal::as_problem_if_asked))
        .layer(middleware::from_fn_with_state(site.clone(), conditional::api))
        .layer(cross_origin())
}

/// What the registry's API lacks.
fn own(site: &Site) -> Router<Site> {
    use api::x1::{criteria, history, protocol, related, same, sites, studies, study};
    let below = |endpoint: &Endpoint| endpoint.below("/api/x1");
    Router::new()
        .route(below(&studies::ENDPOINT), get(studies::get))
        .route(below(&sites::ENDPOINT), get(sites::get))
        .route(below(&study::ENDPOINT), get(study::get))
        .route(below(&related::ENDPOINT), get(related::get))
        .route(below(&same::ENDPOINT), get(same::get))
        .route(below(&criteria::ENDPOINT), get(criteria::get))
        .route(below(&history::HISTORY), get(history::history))
        .route(below(&history::DIFF), get(history::diff))
        .route(below(&history::CHANGES), get(history::changes))
        .route(below(&protocol::PROTOCOL), get(protocol::protocol))
        .route(below(&protocol::LINT), get(protocol::lint))
        .route(below(&protocol::COMPARE), get(protocol::compare))
        .route(below(&protocol::SCORES), get(protocol::instruments))
        .fallback(api::not_found)
        .layer(middleware::from_fn_with_state(site.clone(), in_turn))
        .layer(middleware::from_fn(api::refusal::as_problem))
        .layer(middleware::from_fn_with_state(site.clone(), conditional::api))
        .layer(cross_origin())
}

/// So many requests of the APIs are computed at once; the others wait for their turn.
async fn in_turn(State(site): State<Site>, request: Request, next: Next) -> Response {
    // The semaphore is never closed.
    let _turn = site.turns.acquire().await;
    next.run(request).await
}

/// What is compressed on the way: not what is compressed already.
fn packed() -> impl Predicate {
    DefaultPredicate::new().and(NotForContentType::const_new("application/zip"))
}

/// What is about a person: sent, computed and forgotten, unless the server was asked to keep the answers. No browser and no proxy may keep it, and no other site's
/// script may ask.
fn about_people(site: &Site) -> Router<Site> {
    use api::x1::{matching, protocol, screen};
    let kept = Router::new()
        .route("/match", get(pages::matching::get).post(pages::matching::post))
        .route(matching::ENDPOINT.path, post(matching::post).fallback(matching::not_sent))
        .route("/screen", get(pages::screen::get).post(pages::screen::post))
        .route(screen::ENDPOINT.path, post(screen::post))
        .route(api::fhir::ENDPOINT.path, post(api::fhir::post).fallback(api::fhir::not_sent))
        .layer(middleware::from_fn_with_state(site.clone(), saved::kept));
    Router::new()
        .merge(kept)
        .route("/score", get(pages::score::list))
        .route("/score/{name}", get(pages::score::form).post(pages::score::post))
        .route("/study/{id}/dose", post(pages::plan::dose::post))
        .route("/study/{id}/calendar", get(pages::plan::calendar::get))
        .route(protocol::CALENDAR.path, get(protocol::calendar))
        .route(protocol::DOSE.path, post(protocol::dose))
        .route(protocol::SCORE.path, post(protocol::score))
        .layer(DefaultBodyLimit::max(site.options.most_sent))
        .layer(middleware::from_fn_with_state(site.options.send_within, connections::sent_in_time))
        .layer(middleware::from_fn(api::refusal::as_problem))
        .layer(middleware::from_fn(unkept))
}

/// What changes when somebody looks, not only with the data: without entity tags.
fn saved_searches() -> Router<Site> {
    use api::x1::searches;
    Router::new()
        .route("/searches", get(pages::searches::get))
        .route("/searches/{name}/feed.atom", get(pages::searches::feed))
        .route(searches::LIST.path, get(searches::list))
        .route(searches::ONE.path, get(searches::one))
        .layer(middleware::from_fn(api::refusal::as_problem))
        .layer(middleware::from_fn(asked_anew))
}

async fn asked_anew(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    response
}

async fn unkept(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// Any site may read the API, as upstream allows; it holds public records only.
fn cross_origin() -> CorsLayer {
    CorsLayer::new().allow_origin(Any).allow_methods(Any).allow_headers(Any).expose_headers([
        HeaderName::from_static("x-total-count"),
        HeaderName::from_static("x-next-page-token"),
        HeaderName::from_static("x-hint"),
        header::ETAG,
    ])
}

/// No page may load or send anything elsewhere.
async fn guard(request: Request, next: Next) -> Response {
    const HEADERS: [(HeaderName, &str); 3] = [
        (
            header::CONTENT_SECURITY_POLICY,
            "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
        ),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
    ];
    let mut response = next.run(request).await;
    for (name, value) in HEADERS {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}

/// Derives what takes long from studies that were imported, and keeps it: at the start, and whenever the data changed.
async fn keep_derived(site: Site) {
    let mut tick = tokio::time::interval(Duration::from_secs(2));
    let mut derived = None;
    loop {
        tick.tick().await;
        let stamp = site.catalogue.stamp();
        if derived.replace(stamp) == Some(stamp) {
            continue;
        }
        let (done, ready) = tokio::sync::oneshot::channel();
        let site = site.clone();
        // A thread of its own, which no shutdown waits for: what is half read is read again.
        std::thread::spawn(move || {
            derive(&site);
            let _ = done.send(());
        });
        let _ = ready.await;
    }
}

/// What changed is kept so often while it is being read.
const KEPT_EVERY: Duration = Duration::from_secs(10);

/// Criteria as they are read, and changes between versions: what fails here fails when it is asked for, and is told.
fn derive(site: &Site) {
    // In parts that are kept, so that little of it is lost if the server ends meanwhile.
    while let Ok(Standing::Begun { .. }) = site.ledger(KEPT_EVERY, |_| ()) {}
    site.keep();
}

/// Looks four times a second whether studies were imported meanwhile. A look that fails is made again.
async fn keep_fresh(catalogue: Arc<dyn Catalogue>) {
    let mut tick = tokio::time::interval(Duration::from_millis(250));
    loop {
        tick.tick().await;
        let catalogue = catalogue.clone();
        let _ = tokio::task::spawn_blocking(move || catalogue.refresh().is_ok()).await;
    }
}

/// Looks at the saved searches at the start and whenever the data changed, so that feeds have what is new. Where the
/// folder cannot be written, or is being written, the next look makes up for it.
async fn keep_looking(site: Site) {
    let mut tick = tokio::time::interval(Duration::from_secs(2));
    let mut looked = None;
    loop {
        tick.tick().await;
        let stamp = site.catalogue.stamp();
        if looked == Some(stamp) {
            continue;
        }
        let site = site.clone();
        let look = move || {
            let now = site.now();
            site.catalogue.registry().is_none_or(|registry| history::look::look_at_all(registry, now).is_ok())
        };
        if tokio::task::spawn_blocking(look).await.unwrap_or(false) {
            looked = Some(stamp);
        }
    }
}

/// A site that listens.
#[derive(Debug)]
pub struct Server {
    /// The address it is reached at; the port is the one it got if 0 was asked for.
    pub address: SocketAddr,
    task: JoinHandle<()>,
}

impl Server {
    /// Waits until the shutdown was asked for and every open answer has been sent.
    pub async fn finished(self) -> Result<(), Error> {
        self.task.await.map_err(|join| Error::Serve(std::io::Error::other(join)))
    }
}

/// Why the site cannot be served.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The address cannot be listened on.
    #[error("cannot listen on {address}: {source}")]
    Bind {
        /// The address asked for.
        address: SocketAddr,
        /// What the system said.
        source: std::io::Error,
    },
    /// The folder for answers about people cannot be written.
    #[error("{} cannot be written (--save): {source}", folder.display())]
    Save {
        /// The folder.
        folder: Arc<Path>,
        /// What the system said.
        source: std::io::Error,
    },
    /// Listening broke off.
    #[error("the server stopped: {0}")]
    Serve(std::io::Error),
}

/// Listens on `address` (default: loopback, any free port) until `shutdown` is done. Must be called inside a Tokio
/// runtime. Comes back as soon as it listens.
pub async fn run(
    catalogue: Arc<dyn Catalogue>,
    options: Options,
    address: Option<SocketAddr>,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> Result<Server, Error> {
    if let Some(folder) = options.save.clone() {
        saved::prepare(&folder).map_err(|source| Error::Save { folder, source })?;
    }
    let address = address.unwrap_or_else(|| (Ipv4Addr::LOCALHOST, 0).into());
    let bind = |source| Error::Bind { address, source };
    let listener = TcpListener::bind(address).await.map_err(bind)?;
    let address = listener.local_addr().map_err(bind)?;
    let fresh = tokio::spawn(keep_fresh(catalogue.clone()));
    let site = Site::new(catalogue, options);
    let read = tokio::spawn(keep_derived(site.clone()));
    let looking = tokio::spawn(keep_looking(site.clone()));
    let task = tokio::spawn(async move {
        let options = site.options.clone();
        connections::answer(listener, routes(site), &options, shutdown).await;
        fresh.abort();
        read.abort();
        looking.abort();
    });
    Ok(Server { address, task })
}
