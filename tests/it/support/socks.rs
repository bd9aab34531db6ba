//! A small SOCKS5 proxy (RFC 1928) that keeps a list of what it was asked for.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

/// Where a client wanted to go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Wish {
    /// A name, to be resolved by the proxy.
    Name(String, u16),
    /// An address, which somebody else resolved.
    Address(u16),
}

/// How the proxy treats wishes.
#[derive(Clone, Copy)]
pub(crate) enum Manner {
    /// Every name leads to this port of loopback.
    LeadTo(u16),
    /// Every wish is refused with "host unreachable".
    Refuse,
}

/// A proxy on loopback.
pub(crate) struct Socks {
    address: SocketAddr,
    wishes: Arc<Mutex<Vec<Wish>>>,
}

impl Socks {
    pub(crate) fn new(manner: Manner) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let wishes = Arc::new(Mutex::new(Vec::new()));
        let list = wishes.clone();
        thread::spawn(move || {
            for client in listener.incoming() {
                let list = list.clone();
                thread::spawn(move || {
                    let _ = serve(client.unwrap(), manner, &list);
                });
            }
        });
        Self { address, wishes }
    }

    pub(crate) fn url(&self) -> String {
        format!("socks5h://{}", self.address)
    }

    pub(crate) fn wishes(&self) -> Vec<Wish> {
        self.wishes.lock().unwrap().clone()
    }
}

fn serve(mut client: TcpStream, manner: Manner, list: &Mutex<Vec<Wish>>) -> std::io::Result<()> {
    let [_version, methods] = read(&mut client)?;
    let mut ignored = vec![0; usize::from(methods)];
    client.read_exact(&mut ignored)?;
    client.write_all(&[5, 0])?;
    let [_version, _connect, _reserved, kind] = read(&mut client)?;
    let name = match kind {
        1 => read::<4>(&mut client).map(|_| None)?,
        4 => read::<16>(&mut client).map(|_| None)?,
        _ => {
            let [length] = read(&mut client)?;
            let mut name = vec![0; usize::from(length)];
            client.read_exact(&mut name)?;
            Some(String::from_utf8(name).unwrap())
        }
    };
    let port = u16::from_be_bytes(read(&mut client)?);
    list.lock().unwrap().push(match name {
        Some(name) => Wish::Name(name, port),
        None => Wish::Address(port),
    });
    let Manner::LeadTo(port) = manner else {
        return client.write_all(&[5, 4, 0, 1, 0, 0, 0, 0, 0, 0]);
    };
    let server = TcpStream::connect((Ipv4Addr::LOCALHOST, port))?;
    client.write_all(&[5, 0, 0, 1, 0, 0, 0, 0, 0, 0])?;
    let (to, from) = (server.try_clone()?, client.try_clone()?);
    thread::spawn(move || pass_on(from, to));
    pass_on(server, client);
    Ok(())
}

fn pass_on(mut from: TcpStream, mut to: TcpStream) {
    let _ = std::io::copy(&mut from, &mut to);
    let _ = to.shutdown(Shutdown::Write);
}

fn read<const N: usize>(stream: &mut TcpStream) -> std::io::Result<[u8; N]> {
    let mut bytes = [0; N];
    stream.read_exact(&mut bytes)?;
    Ok(bytes)
}
