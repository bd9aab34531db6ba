//! Servers as they are in the world, on loopback.
//!
//! They must be installed (`make install-deps`): a test that skips itself shows nothing.

use std::fs;
use std::io::{BufRead, BufReader};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// A server's process; it ends with the test.
pub(crate) struct Real {
    process: Child,
    port: u16,
}

impl Drop for Real {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Real {
    /// `python3 -m http.server` over `site`.
    pub(crate) fn python(site: &Path) -> Self {
        let mut process = Command::new("python3")
            .args(["-u", "-m", "http.server", "0", "--bind", "127.0.0.1"])
            .arg("--directory")
            .arg(site)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("python3 is not installed: make install-deps");
        let mut line = String::new();
        let mut output = BufReader::new(process.stdout.take().unwrap());
        output.read_line(&mut line).unwrap();
        // "Serving HTTP on 127.0.0.1 port 40123 (http://127.0.0.1:40123/) ..."
        let port = line.split_whitespace().nth(5).unwrap().parse().unwrap();
        Self { process, port }
    }

    /// nginx with `autoindex` over `site`; its own files go to `scratch`.
    pub(crate) fn nginx(site: &Path, scratch: &Path) -> Self {
        let port = {
            let listener = TcpListener::bind("127.0.0.1:0").unwrap();
            listener.local_addr().unwrap().port()
        };
        let (root, site) = (scratch.display(), site.display());
        let config = format!(
            "daemon off; master_process off; pid {root}/pid; error_log {root}/error.log;
             events {{}}
             http {{
                access_log {root}/access.log;
                client_body_temp_path {root}/1; proxy_temp_path {root}/2; fastcgi_temp_path {root}/3;
                uwsgi_temp_path {root}/4; scgi_temp_path {root}/5;
                server {{ listen 127.0.0.1:{port}; root {site}; autoindex on; }}
             }}"
        );
        let file = scratch.join("nginx.conf");
        fs::write(&file, config).unwrap();
        let process = Command::new("nginx")
            .arg("-c")
            .arg(&file)
            .arg("-e")
            .arg(scratch.join("error.log"))
            .stderr(Stdio::null())
            .spawn()
            .expect("nginx is not installed: make install-deps");
        let server = Self { process, port };
        server.wait();
        server
    }

    /// Its front page.
    pub(crate) fn url(&self) -> String {
        format!("http://127.0.0.1:{}/", self.port)
    }

    fn wait(&self) {
        let deadline = Instant::now() + Duration::from_secs(20);
        while TcpStream::connect(("127.0.0.1", self.port)).is_err() {
            assert!(Instant::now() < deadline, "the server does not come up");
            thread::yield_now();
        }
    }
}
