use crate::server::RedisServer;
use crate::support::{connected, entry, eventually, fresh_options};
use gamification_core::ports::PendingExecutions;
use std::io::Write;
use std::sync::{Arc, Mutex};
use tracing_subscriber::fmt::MakeWriter;

/// Keeps every line.
#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl Lines {
    /// What was logged of that server; the other tests log as well.
    fn of(&self, level: &str, server: &str) -> Vec<String> {
        let text = String::from_utf8(self.0.lock().unwrap().clone()).unwrap();
        let is_wanted = |line: &&str| line.contains(level) && line.contains(server);
        text.lines().filter(is_wanted).map(str::to_owned).collect()
    }
}

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl MakeWriter<'_> for Lines {
    type Writer = Self;

    fn make_writer(&self) -> Self {
        self.clone()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn loss_and_return_are_logged_once_each() {
    let lines = Lines::default();
    let subscriber = tracing_subscriber::fmt().with_ansi(false).with_writer(lines.clone()).finish();
    tracing::subscriber::set_global_default(subscriber).unwrap();

    let server = RedisServer::start();
    let address = server.url().replace("redis://", "server=");
    let node = connected(&server.url(), &fresh_options()).await;
    eventually("it is logged", async || lines.of("INFO", &address).len() == 1).await;
    assert_eq!(lines.of("WARN", &address), [""; 0]);

    let port = server.kill();
    eventually("calls fail", async || node.put(&entry(1)).await.is_err()).await;
    for n in 0..20 {
        assert!(node.put(&entry(n)).await.is_err());
    }
    let server = RedisServer::start_on(port);
    eventually("calls work", async || node.put(&entry(1)).await.is_ok()).await;
    node.shutdown().await;
    drop(server);

    let (warnings, infos) = (lines.of("WARN", &address), lines.of("INFO", &address));
    assert_eq!(warnings.len(), 1, "{warnings:?}");
    assert!(warnings[0].contains("Redis is away"), "{warnings:?}");
    assert_eq!(infos.len(), 2, "{infos:?}");
    assert!(infos[1].contains("Redis is reachable"), "{infos:?}");
}
