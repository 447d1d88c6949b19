//! What is answered to whom: pages, to requests that this site or a person made.

use std::net::SocketAddr;

use http_body_util::Full;
use hyper::{
    Method, Request, Response, StatusCode,
    body::Bytes,
    header::{CONTENT_LENGTH, HOST, HeaderName, ORIGIN, TRANSFER_ENCODING},
};

use super::build::BuiltSite;

/// The path at which a page asks which build it would see now.
const VERSION: &str = "__catalog/version";

/// The path of the script that reloads a page once there is another build.
const RELOAD: &str = "__catalog/reload.js";

const RELOADING: &str = "(() => { let seen; setInterval(async () => { try { const now = await (await fetch('/__catalog/version')).text(); \
                         if (seen !== undefined && seen !== now) location.reload(); seen = now; } catch { /* The server is gone for now. */ } }, 600); })();\n";

/// What browsers may do with the pages: run the site's own scripts, and nothing for or in another site. The hash is that of the one script
/// that stands in every page, which sets its theme.
const HEADERS: [(&str, &str); 6] = [
    (
        "Content-Security-Policy",
        "default-src 'none'; script-src 'self' 'sha256-I0KZc9ev6FRRaB7pwGHPZY6dvirnsMR97NlhkuVsCF0='; style-src 'self'; img-src 'self'; \
         connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    ),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "no-referrer"),
    ("Cache-Control", "no-store"),
];

/// Answers a request to a server at an address.
pub(super) fn answer<B>(request: &Request<B>, build: &BuiltSite, address: SocketAddr) -> Response<Full<Bytes>> {
    if let Err((status, why)) = admit(request, address) {
        return respond(status, "text/plain; charset=utf-8", format!("{why}\n"));
    }
    let path = page(request.uri().path());
    let found = match &*path {
        VERSION => Some(build.number.to_string()),
        RELOAD => Some(RELOADING.to_owned()),
        _ => build.files.get(&path).cloned(),
    };
    let Some(mut text) = found else {
        return respond(StatusCode::NOT_FOUND, "text/plain; charset=utf-8", format!("there is no page {}\n", path.escape_debug()));
    };
    if let Some(end) = text.rfind("</body>").filter(|_| kind(&path).starts_with("text/html")) {
        text.insert_str(end, &format!("<script src=\"/{RELOAD}\"></script>\n"));
    }
    respond(StatusCode::OK, kind(&path), text)
}

/// Refuses what another site may have caused, and what no page asks.
fn admit<B>(request: &Request<B>, address: SocketAddr) -> Result<(), (StatusCode, &'static str)> {
    let values = |name: HeaderName| request.headers().get_all(name).iter().map(|value| value.to_str().unwrap_or(""));
    let is_own = |host: &str| {
        let port = address.port();
        let names = [address.to_string(), format!("localhost:{port}")];
        names.iter().any(|name| name.eq_ignore_ascii_case(host) || (port == 80 && name.strip_suffix(":80") == Some(host)))
    };
    // A page elsewhere may lead its own name to this machine: only requests that name it are answered.
    if values(HOST).count() != 1 || !values(HOST).all(is_own) || !request.uri().authority().is_none_or(|host| is_own(host.as_str())) {
        return Err((StatusCode::FORBIDDEN, "this server answers on 127.0.0.1 and localhost alone"));
    }
    let foreign = values(ORIGIN).any(|origin| !origin.strip_prefix("http://").is_some_and(is_own))
        || values(HeaderName::from_static("sec-fetch-site")).any(|site| !matches!(site, "same-origin" | "none"));
    if foreign {
        return Err((StatusCode::FORBIDDEN, "another site asked for this page; type its address to see it"));
    }
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return Err((StatusCode::METHOD_NOT_ALLOWED, "there is nothing to change here"));
    }
    if values(TRANSFER_ENCODING).count() > 0 || values(CONTENT_LENGTH).any(|length| length != "0") {
        return Err((StatusCode::PAYLOAD_TOO_LARGE, "a question has no body"));
    }
    Ok(())
}

fn respond(status: StatusCode, kind: &'static str, text: String) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(Bytes::from(text)));
    *response.status_mut() = status;
    for (name, value) in HEADERS.into_iter().chain([("Content-Type", kind)]) {
        if let Ok(name) = HeaderName::from_bytes(name.as_bytes()) {
            response.headers_mut().insert(name, hyper::header::HeaderValue::from_static(value));
        }
    }
    response
}

/// Returns the file that the path of an address means.
fn page(path: &str) -> String {
    let path = path.trim_start_matches('/');
    if path.is_empty() || path.ends_with('/') { format!("{path}index.html") } else { path.to_owned() }
}

fn kind(path: &str) -> &'static str {
    match path.rsplit('.').next() {
        Some("html") => "text/html; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("xml") => "application/atom+xml; charset=utf-8",
        _ => "text/plain; charset=utf-8",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_lead_to_files() {
        for (url, path) in [("/", "index.html"), ("/services/", "services/index.html"), ("/a/b.html", "a/b.html")] {
            assert_eq!(page(url), path);
        }
    }

    /// The status of a request for the start with these headers.
    fn asked(method: &str, headers: &[(&str, &str)]) -> u16 {
        let mut request = Request::builder().method(method).uri("/");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let build = BuiltSite { files: [("index.html".to_owned(), "<body></body>".to_owned())].into(), number: 1 };
        let response = answer(&request.body(()).expect("a request"), &build, SocketAddr::from(([127, 0, 0, 1], 4747)));
        for (name, value) in HEADERS {
            assert_eq!(response.headers()[name], value);
        }
        response.status().as_u16()
    }

    #[test]
    fn only_this_site_and_people_are_answered() {
        let host = ("Host", "127.0.0.1:4747");
        for own in [
            &[host][..],
            &[("Host", "LocalHost:4747")],
            &[host, ("Sec-Fetch-Site", "same-origin"), ("Origin", "http://127.0.0.1:4747")],
            &[host, ("Sec-Fetch-Site", "none")],
        ] {
            assert_eq!(asked("GET", own), 200, "{own:?}");
        }
        for foreign in [
            &[][..],
            &[("Host", "catalog.example:4747")],
            &[("Host", "127.0.0.1")],
            &[("Host", "127.0.0.1:4747.example")],
            &[host, host],
            &[host, ("Sec-Fetch-Site", "cross-site")],
            &[host, ("Sec-Fetch-Site", "same-site")],
            &[host, ("Origin", "http://127.0.0.1:8080")],
            &[host, ("Origin", "https://catalog.example")],
            &[host, ("Origin", "null")],
        ] {
            assert_eq!(asked("GET", foreign), 403, "{foreign:?}");
        }
        assert_eq!(asked("POST", &[host]), 405);
        assert_eq!(asked("GET", &[host, ("Content-Length", "5")]), 413);
        assert_eq!(asked("GET", &[host, ("Transfer-Encoding", "chunked")]), 413);
    }
}
