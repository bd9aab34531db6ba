//! The program as a user runs it.

use std::ffi::OsStr;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

/// A folder to work in, with a key and a list of one made-up person.
pub(crate) struct Desk {
    folder: TempDir,
}

/// The person on a [`Desk`]'s list.
pub(crate) const PEOPLE: &str = "ref,name,date_of_birth,email,phone,hetu,iban\n\
    p1,Aino Rautio,1952-10-13,aino.rautio@example.org,040 765 4321,131052-9063,FI2090000000000001\n";

/// What came of a command.
pub(crate) struct Done {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Desk {
    /// With a key, and a list made from [`PEOPLE`].
    pub(crate) fn new() -> Self {
        let desk = Self::empty();
        fs::write(desk.path("people.csv"), PEOPLE).unwrap();
        desk.run(["key", "new", "key"]).succeeds();
        desk.build("people.csv").succeeds();
        desk
    }

    pub(crate) fn empty() -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
        }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, content: impl AsRef<[u8]>) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }

    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }

    pub(crate) fn json(&self, name: &str) -> Value {
        serde_json::from_str(&self.read(name)).unwrap()
    }

    pub(crate) fn build(&self, people: &str) -> Done {
        self.run([
            "watchlist",
            "build",
            people,
            "--key",
            "key",
            "--out",
            "list.bsw",
            "--region",
            "FI",
        ])
    }

    /// Scans `path` with the desk's list and key, into `out`.
    pub(crate) fn scan(&self, path: &str) -> Done {
        self.run([
            "scan",
            path,
            "--watchlist",
            "list.bsw",
            "--key",
            "key",
            "--out",
            "out",
        ])
    }

    pub(crate) fn run<A: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = A>) -> Done {
        self.run_with(arguments, &[], b"")
    }

    pub(crate) fn run_with<A: AsRef<OsStr>>(
        &self,
        arguments: impl IntoIterator<Item = A>,
        environment: &[(&str, &str)],
        stdin: &[u8],
    ) -> Done {
        let mut child = self
            .command(arguments)
            .envs(environment.iter().copied())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // A command that does not read its input closes it.
        let _ = child.stdin.take().unwrap().write_all(stdin);
        child.wait_with_output().unwrap().into()
    }

    /// A command that was not started yet.
    pub(crate) fn command<A: AsRef<OsStr>>(
        &self,
        arguments: impl IntoIterator<Item = A>,
    ) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_blindsift"));
        command
            .args(arguments)
            .current_dir(self.folder.path())
            .env_clear()
            .env("HOME", self.folder.path())
            .env("TMPDIR", self.temporary());
        command
    }

    /// The folder for temporary files of the commands.
    pub(crate) fn temporary(&self) -> PathBuf {
        let folder = self.path("tmp");
        fs::create_dir_all(&folder).unwrap();
        folder
    }

    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }
}

impl From<Output> for Done {
    fn from(output: Output) -> Self {
        Self {
            code: output.status.code().unwrap_or(-1),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

impl Done {
    #[track_caller]
    pub(crate) fn succeeds(self) -> Self {
        self.exits(0)
    }

    #[track_caller]
    pub(crate) fn exits(self, code: i32) -> Self {
        assert_eq!(
            self.code, code,
            "stdout: {}\nstderr: {}",
            self.stdout, self.stderr
        );
        self
    }

    #[track_caller]
    pub(crate) fn complains_of(self, words: &[&str]) -> Self {
        for word in words {
            assert!(
                self.stderr.contains(word),
                "no `{word}` in: {}",
                self.stderr
            );
        }
        self
    }
}
