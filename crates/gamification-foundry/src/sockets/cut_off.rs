//! A connection that breaks off at shutdown.

use std::future::Future;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio_util::sync::{CancellationToken, WaitForCancellationFutureOwned};

/// A stream that ends for both sides as soon as `closing` is cancelled. Engine.IO's own close
/// packet would say goodbye politely, but some clients take that packet as "never come back"; a
/// connection that breaks is one to which every client returns.
pub(super) struct CutOff<S> {
    inner: S,
    closing: CancellationToken,
    closed: Pin<Box<WaitForCancellationFutureOwned>>,
}

impl<S> CutOff<S> {
    pub(super) fn new(inner: S, closing: CancellationToken) -> Self {
        let closed = Box::pin(closing.clone().cancelled_owned());
        Self { inner, closing, closed }
    }

    fn check(&self) -> io::Result<()> {
        if self.closing.is_cancelled() {
            return Err(io::ErrorKind::ConnectionAborted.into());
        }
        Ok(())
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for CutOff<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if self.closed.as_mut().poll(cx).is_ready() {
            return Poll::Ready(Err(io::ErrorKind::ConnectionAborted.into()));
        }
        Pin::new(&mut self.inner).poll_read(cx, buffer)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for CutOff<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.check()?;
        Pin::new(&mut self.inner).poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.check()?;
        Pin::new(&mut self.inner).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    #[tokio::test]
    async fn a_stream_works_until_it_is_cut_off_in_both_directions() {
        let (ours, mut theirs) = tokio::io::duplex(64);
        let closing = CancellationToken::new();
        let mut stream = CutOff::new(ours, closing.clone());
        theirs.write_all(b"in").await.unwrap();
        let mut read = [0; 2];
        stream.read_exact(&mut read).await.unwrap();
        stream.write_all(b"out").await.unwrap();
        // Polled first, so that the read waits when the connection is cut.
        let waiting = async {
            let read = stream.read(&mut [0; 1]).await;
            (read, stream.write(b"late").await)
        };
        let ((read, written), ()) = tokio::join!(waiting, async { closing.cancel() });
        drop(stream);
        assert_eq!(read.unwrap_err().kind(), io::ErrorKind::ConnectionAborted);
        assert_eq!(written.unwrap_err().kind(), io::ErrorKind::ConnectionAborted);
        let mut heard = String::new();
        theirs.read_to_string(&mut heard).await.unwrap();
        assert_eq!(heard, "out");
    }
}
