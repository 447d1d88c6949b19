//! The server: many clients at once, and limits on what each may cost.

use std::{convert::Infallible, io, net, sync::Arc, time::Duration};

use http_body_util::Full;
use hyper::{
    Request, Response,
    body::{Bytes, Incoming},
    server::conn::http1,
    service::service_fn,
};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::Semaphore,
    task::LocalSet,
    time::{sleep, timeout},
};

/// What a client may cost.
#[derive(Debug, Clone, Copy)]
pub(super) struct ClientLimits {
    /// Clients that are answered at once; further ones wait.
    clients: usize,
    /// The time to send the head of a request.
    head: Duration,
    /// The time to be answered, head and all.
    whole: Duration,
    /// The longest head, in bytes.
    bytes: usize,
    /// The number of headers.
    headers: usize,
}

impl Default for ClientLimits {
    fn default() -> Self {
        Self { clients: 256, head: Duration::from_secs(10), whole: Duration::from_secs(60), bytes: 16 << 10, headers: 64 }
    }
}

/// The pause where no client can be accepted, for want of file handles say.
const PAUSE: Duration = Duration::from_millis(100);

/// Answers clients for good, one request a connection. Bodies of requests are never read.
///
/// # Errors
/// Where the system refuses to begin.
pub(super) fn run<A>(listener: net::TcpListener, limits: ClientLimits, answer: A) -> io::Result<()>
where
    A: Fn(&Request<Incoming>) -> Response<Full<Bytes>> + 'static,
{
    listener.set_nonblocking(true)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    LocalSet::new().block_on(&runtime, async {
        let listener = TcpListener::from_std(listener)?;
        let (places, answer) = (Arc::new(Semaphore::new(limits.clients)), Arc::new(answer));
        loop {
            // The semaphore is never closed.
            let Ok(place) = places.clone().acquire_owned().await else { return Ok(()) };
            let Ok((stream, _)) = listener.accept().await else {
                sleep(PAUSE).await;
                continue;
            };
            let answer = answer.clone();
            tokio::task::spawn_local(async move {
                // That a client went away, sent nonsense or took too long is no concern of others.
                let _ = timeout(limits.whole, converse(stream, limits, answer)).await;
                drop(place);
            });
        }
    })
}

async fn converse<A>(stream: TcpStream, limits: ClientLimits, answer: Arc<A>) -> hyper::Result<()>
where
    A: Fn(&Request<Incoming>) -> Response<Full<Bytes>>,
{
    let answer = service_fn(move |request| {
        let response = answer(&request);
        async move { Ok::<_, Infallible>(response) }
    });
    http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.head)
        .max_buf_size(limits.bytes)
        .max_headers(limits.headers)
        .keep_alive(false)
        .serve_connection(TokioIo::new(stream), answer)
        .await
}

#[cfg(test)]
mod tests {
    use std::{
        io::{Read, Write},
        net::{SocketAddr, TcpStream},
    };

    use super::*;

    const LARGE: usize = 32 << 20;

    /// A server that ends with the process, and whose answers no socket holds whole.
    fn served(limits: ClientLimits) -> SocketAddr {
        let listener = net::TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("an address");
        let large = Bytes::from(vec![b'x'; LARGE]);
        std::thread::spawn(move || run(listener, limits, move |_| Response::new(Full::new(large.clone()))));
        address
    }

    fn ask(address: SocketAddr, head: &str) -> TcpStream {
        let mut stream = TcpStream::connect(address).expect("a connection");
        // A server that has had enough closes its end.
        let _ = stream.write_all(head.as_bytes());
        stream
    }

    fn answer(mut stream: TcpStream) -> Vec<u8> {
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        answer
    }

    const WHOLE: &str = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";

    #[test]
    fn who_is_slow_keeps_nobody_waiting() {
        let address = served(ClientLimits::default());
        let _slow: Vec<_> = (0..40).flat_map(|_| [ask(address, "GET / HT"), ask(address, WHOLE)]).collect();
        assert!(answer(ask(address, WHOLE)).len() > LARGE);
    }

    #[test]
    fn who_takes_too_long_is_left() {
        let short = Duration::from_millis(20);
        let address = served(ClientLimits { head: short, ..ClientLimits::default() });
        assert!(!answer(ask(address, "GET / HT")).starts_with(b"HTTP/1.1 200"));
        // Of one place, each has it only for a while: the second is answered although the first never reads.
        let address = served(ClientLimits { clients: 1, whole: Duration::from_secs(1), ..ClientLimits::default() });
        let _first = ask(address, WHOLE);
        assert!(answer(ask(address, WHOLE)).starts_with(b"HTTP/1.1 200"));
    }

    #[test]
    fn who_sends_too_much_is_refused() {
        let address = served(ClientLimits::default());
        let long = format!("GET / HTTP/1.1\r\nHost: x\r\nLong: {}\r\n\r\n", "x".repeat(64 << 10));
        let many = format!("GET / HTTP/1.1\r\n{}\r\n", "A: b\r\n".repeat(100));
        for head in [long, many] {
            assert!(!answer(ask(address, &head)).starts_with(b"HTTP/1.1 200"));
        }
    }
}
