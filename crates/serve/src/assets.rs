//! The stylesheet, the script and the map, each under an address that changes with its content.

use std::sync::LazyLock;

use axum::{
    extract::Path,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};

use crate::conditional::fnv;

/// A file that ships inside the program.
pub(crate) struct Asset {
    name: String,
    content: &'static str,
    media_type: &'static str,
}

impl Asset {
    fn new(stem: &str, extension: &str, media_type: &'static str, content: &'static str) -> Self {
        let name = format!("{stem}.{:08x}.{extension}", fnv(&[content.as_bytes()]) as u32);
        Self { name, content, media_type }
    }

    /// Where it is served.
    pub fn address(&self) -> String {
        format!("/assets/{}", self.name)
    }
}

/// The one stylesheet.
pub(crate) static STYLE: LazyLock<Asset> =
    LazyLock::new(|| Asset::new("style", "css", "text/css; charset=utf-8", include_str!("assets/style.css")));

/// The one script; every page works without it.
pub(crate) static SCRIPT: LazyLock<Asset> = LazyLock::new(|| {
    Asset::new("script", "js", "text/javascript; charset=utf-8", include_str!("assets/script.js"))
});

/// Outlines of the land, used by the maps.
pub(crate) static LAND: LazyLock<Asset> =
    LazyLock::new(|| Asset::new("land", "svg", "image/svg+xml", include_str!("assets/land.svg")));

/// The small picture that browsers show beside the title.
pub(crate) static ICON: LazyLock<Asset> =
    LazyLock::new(|| Asset::new("icon", "svg", "image/svg+xml", include_str!("assets/icon.svg")));

/// `/assets/{name}`
pub(crate) async fn get(Path(name): Path<String>) -> Response {
    let Some(asset) = [&STYLE, &SCRIPT, &LAND, &ICON].into_iter().find(|a| a.name == name) else {
        return (StatusCode::NOT_FOUND, "No such file\n").into_response();
    };
    let headers = [
        (header::CONTENT_TYPE, asset.media_type),
        (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
    ];
    (headers, asset.content).into_response()
}
