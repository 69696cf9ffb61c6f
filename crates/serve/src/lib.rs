//! The registry over HTTP: the API and the pages; the only crate that knows HTTP and HTML.
