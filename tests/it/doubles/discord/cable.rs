//! The wires to the clients: plain TCP on loopback whose connections can be cut under a request.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};

use axum::extract::connect_info::Connected;
use axum::response::Response;
use axum::serve::{IncomingStream, Listener};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};

use super::request::Answer;

/// The listener: plain TCP whose connections can be cut.
pub struct Wires {
    pub listener: TcpListener,
    pub gone: Cable,
}

impl Listener for Wires {
    type Io = Wire;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Wire, SocketAddr) {
        loop {
            if let Ok((stream, peer)) = self.listener.accept().await {
                assert!(
                    peer.ip().is_loopback(),
                    "somebody outside loopback reached the double: {peer}"
                );
                // Small frames must not wait for each other.
                let _ = stream.set_nodelay(true);
                return (
                    Wire {
                        stream,
                        cable: Cable::default(),
                        gone: self.gone.clone(),
                    },
                    peer,
                );
            }
        }
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }
}

/// What cuts one connection.
#[derive(Clone, Default)]
pub struct Cable(Arc<AtomicBool>);

impl Cable {
    /// Cuts without a word.
    pub fn sever(&self) {
        self.0.store(true, Ordering::SeqCst);
    }

    fn is_cut(&self) -> bool {
        self.0.load(Ordering::SeqCst)
    }

    /// Cuts the connection: the answer returned here never leaves.
    pub fn cut(&self) -> Response {
        self.sever();
        Answer::empty().into_response()
    }
}

impl Connected<IncomingStream<'_, Wires>> for Cable {
    fn connect_info(stream: IncomingStream<'_, Wires>) -> Self {
        stream.io().cable.clone()
    }
}

pub struct Wire {
    stream: TcpStream,
    cable: Cable,
    gone: Cable,
}

impl Wire {
    fn check(&self) -> io::Result<()> {
        if self.cable.is_cut() || self.gone.is_cut() {
            // With a zero linger the peer sees a reset, not a polite end.
            let _ = self.stream.set_zero_linger();
            return Err(io::ErrorKind::ConnectionReset.into());
        }
        Ok(())
    }
}

impl AsyncRead for Wire {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        self.check()?;
        Pin::new(&mut self.stream).poll_read(cx, buf)
    }
}

impl AsyncWrite for Wire {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.check()?;
        Pin::new(&mut self.stream).poll_write(cx, buf)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.check()?;
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
