//! A Redis of one test's own, to be killed.

use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use std::thread::JoinHandle;

pub(crate) struct RedisServer {
    port: u16,
    process: Child,
    /// Reads what the server says, so that it never waits for us.
    reader: Option<JoinHandle<()>>,
}

/// A port of 127.0.0.1 that was free a moment ago.
pub(crate) fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

pub(crate) fn url_of(port: u16) -> String {
    format!("redis://127.0.0.1:{port}")
}

impl RedisServer {
    /// Ready on some free port.
    pub(crate) fn start() -> Self {
        let started = (0..10).find_map(|_| Self::try_start_on(free_port()));
        started.expect("redis-server is in the PATH and starts")
    }

    /// Ready on that port.
    pub(crate) fn start_on(port: u16) -> Self {
        Self::try_start_on(port).expect("redis-server starts on the port given")
    }

    fn try_start_on(port: u16) -> Option<Self> {
        let mut process = Command::new("redis-server")
            .args(["--bind", "127.0.0.1", "--port", &port.to_string()])
            .args(["--save", "", "--appendonly", "no", "--daemonize", "no"])
            .stdout(Stdio::piped())
            .spawn()
            .expect("redis-server is in the PATH");
        let output = process.stdout.take().unwrap();
        let mut lines = BufReader::new(output).lines().map_while(Result::ok);
        if !lines.any(|line| line.contains("Ready to accept connections")) {
            process.wait().unwrap();
            return None;
        }
        let reader = std::thread::spawn(move || lines.for_each(drop));
        Some(Self { port, process, reader: Some(reader) })
    }

    pub(crate) fn url(&self) -> String {
        url_of(self.port)
    }

    /// Ends it as a crash does. It can be started again on the same port.
    pub(crate) fn kill(self) -> u16 {
        self.port
    }

    /// Stops it from doing anything, its connections left open; and lets it go on.
    pub(crate) fn freeze(&self) {
        self.signal("-STOP");
    }

    pub(crate) fn thaw(&self) {
        self.signal("-CONT");
    }

    fn signal(&self, signal: &str) {
        let pid = self.process.id().to_string();
        assert!(Command::new("kill").args([signal, &pid]).status().unwrap().success());
    }
}

impl Drop for RedisServer {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
        if let Some(reader) = self.reader.take() {
            let _ = reader.join();
        }
    }
}
