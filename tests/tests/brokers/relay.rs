//! Somebody between eventc and a broker: who lets everything through, or, from one request on, cuts every line or keeps still.

use std::{
    io::{self, Read as _, Write as _},
    net::{Shutdown, TcpListener, TcpStream},
    sync::{Arc, Mutex},
    thread,
};

/// How requests are told apart.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Protocol {
    /// Each has its length before it.
    Kafka,
    /// Each begins with a line.
    Http,
}

/// What becomes of a request and of all after it.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Fault {
    /// Every line is cut.
    Cut,
    /// Nothing goes on, and nobody answers.
    Still,
}

/// The request that a fault begins with.
type Begins = Box<dyn Fn(&[u8]) -> bool + Send>;

#[derive(Default)]
struct Weather {
    ahead: Option<(Fault, Begins)>,
    now: Option<Fault>,
}

/// Somebody between clients and a broker.
pub(crate) struct Relay {
    pub(crate) port: u16,
    weather: Arc<Mutex<Weather>>,
}

impl Relay {
    /// Takes connections and hands them on to a port of loopback.
    pub(crate) fn start(clients: TcpListener, broker: u16, protocol: Protocol) -> Self {
        let weather = Arc::new(Mutex::new(Weather::default()));
        let port = clients.local_addr().expect("a bound port").port();
        let shared = Arc::clone(&weather);
        thread::spawn(move || {
            for client in clients.incoming().flatten() {
                let weather = Arc::clone(&shared);
                // Either end may go at any time: then the connection is over.
                thread::spawn(move || drop(hand_on(client, broker, protocol, &weather)));
            }
        });
        Self { port, weather }
    }

    /// Lets a fault begin with a request.
    pub(crate) fn fails(&self, fault: Fault, begins: impl Fn(&[u8]) -> bool + Send + 'static) {
        *self.weather.lock().expect("nobody panicked") = Weather { ahead: Some((fault, Box::new(begins))), now: None };
    }

    /// Lets everything through again; whether the fault had begun.
    pub(crate) fn recovers(&self) -> bool {
        std::mem::take(&mut *self.weather.lock().expect("nobody panicked")).now.is_some()
    }
}

impl Weather {
    fn on(&mut self, request: &[u8]) -> Option<Fault> {
        if let Some((fault, _)) = self.ahead.take_if(|(_, begins)| begins(request)) {
            self.now = Some(fault);
        }
        self.now
    }
}

/// Hands a connection on until it ends or a fault ends it.
fn hand_on(mut client: TcpStream, broker: u16, protocol: Protocol, weather: &Mutex<Weather>) -> io::Result<()> {
    let mut broker = TcpStream::connect(("127.0.0.1", broker))?;
    let (mut answers, mut asking) = (broker.try_clone()?, client.try_clone()?);
    thread::spawn(move || {
        let _ = io::copy(&mut answers, &mut asking);
        let _ = asking.shutdown(Shutdown::Both);
    });
    while let Some(request) = request(&mut client, protocol)? {
        let fault = weather.lock().expect("nobody panicked").on(&request);
        match fault {
            None => broker.write_all(&request)?,
            Some(Fault::Cut) => break,
            Some(Fault::Still) => {}
        }
    }
    client.shutdown(Shutdown::Both)?;
    broker.shutdown(Shutdown::Both)
}

/// Reads a request, or of one in HTTP the next part; `None` at the end.
fn request(client: &mut TcpStream, protocol: Protocol) -> io::Result<Option<Vec<u8>>> {
    match protocol {
        Protocol::Kafka => {
            let mut length = [0; 4];
            if client.read(&mut length[..1])? == 0 {
                return Ok(None);
            }
            client.read_exact(&mut length[1..])?;
            let mut request = length.to_vec();
            client.take(u64::from(u32::from_be_bytes(length))).read_to_end(&mut request)?;
            Ok(Some(request))
        }
        Protocol::Http => {
            let mut part = vec![0; 1 << 16];
            let length = client.read(&mut part)?;
            part.truncate(length);
            Ok((length > 0).then_some(part))
        }
    }
}

/// Returns whether a request of Kafka's protocol is of a kind.
pub(crate) fn is_of_kind(request: &[u8], key: i16) -> bool {
    request.get(4..6).is_some_and(|kind| kind == key.to_be_bytes())
}
