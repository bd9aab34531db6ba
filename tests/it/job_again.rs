//! What a later run says of what an earlier one saw, when a server fails between.

use std::sync::{Arc, Mutex};

use serde_json::Value;

use crate::command::Desk;
use crate::support::server::{Reply, Request, Server};

type Route = fn() -> Reply;

/// A front with a list of two documents, whose answers can be exchanged.
struct Site {
    server: Server,
    list: Arc<Mutex<Route>>,
    document: Arc<Mutex<Route>>,
    desk: Desk,
}

fn list() -> Reply {
    Reply::page("<a href=/a.txt>1</a>")
}

fn listed() -> Reply {
    Reply::file("it is aino.rautio@example.org, as ever")
}

fn nobody() -> Reply {
    Reply::file("nobody")
}

impl Site {
    fn new() -> Self {
        let list = Arc::new(Mutex::new(list as Route));
        let document = Arc::new(Mutex::new(listed as Route));
        let (one, other) = (list.clone(), document.clone());
        let server = Server::http(move |request: &Request| match request.target.as_str() {
            "/" => Reply::page("<a href=/list/>list</a>"),
            "/list/" => one.lock().unwrap()(),
            "/a.txt" => other.lock().unwrap()(),
            _ => Reply::missing(),
        });
        let desk = Desk::new();
        desk.write(
            "b.toml",
            format!(
                "[job.patients]\nwatchlist = \"list.bsw\"\nkey = \"key\"\nsources = [\"site\"]\nout = \"reports\"\n\
                 [source.site]\nurl = \"{}\"\nretries = 0\nrate = \"1000/s\"\n[state]\nurl = \"sqlite:c.db\"\n",
                server.url("/")
            ),
        );
        Self {
            server,
            list,
            document,
            desk,
        }
    }

    fn run(&self, code: i32) -> Value {
        assert!(self.server.port() > 0);
        self.desk.run(["crawl", "--config", "b.toml"]).exits(code);
        self.desk
            .run(["evidence", "verify", "reports/patients/latest"])
            .succeeds();
        self.desk.json("reports/patients/latest/report.json")
    }

    /// How often the one listed address stands there, and where it is said to be gone.
    fn sightings(report: &Value) -> (u64, Vec<bool>) {
        let found = &report["matches"][0];
        let exposures = found["exposures"].as_array().unwrap();
        (
            found["occurrences"].as_u64().unwrap(),
            exposures
                .iter()
                .map(|exposure| exposure["gone"] == true)
                .collect(),
        )
    }
}

#[test]
fn what_only_a_failing_page_leads_to_is_not_called_gone() {
    let site = Site::new();
    site.run(0);
    *site.list.lock().unwrap() = || Reply::new(500, "oops");
    for _ in 0..2 {
        let report = site.run(3);
        assert_eq!(report["coverage"]["artefacts"]["gone"], 0);
        assert_eq!(Site::sightings(&report), (1, vec![false]));
    }
    *site.list.lock().unwrap() = || Reply::page("<a href=/a.txt>1</a>").cut_off(1000);
    assert_eq!(Site::sightings(&site.run(3)), (1, vec![false]));
    *site.list.lock().unwrap() = || Reply::page("nothing");
    assert_eq!(Site::sightings(&site.run(0)), (1, vec![true]));
}

#[test]
fn a_page_that_is_gone_takes_what_it_led_to_with_it() {
    let site = Site::new();
    site.run(0);
    *site.list.lock().unwrap() = Reply::missing;
    assert_eq!(Site::sightings(&site.run(3)), (1, vec![true]));
}

#[test]
fn content_that_comes_back_is_counted_once() {
    let site = Site::new();
    let first = site.run(0);
    *site.document.lock().unwrap() = nobody;
    assert_eq!(Site::sightings(&site.run(0)), (1, vec![true]));
    *site.document.lock().unwrap() = listed;
    let third = site.run(0);
    assert_eq!(Site::sightings(&third), (1, vec![false]));
    assert_eq!(
        third["matches"][0]["first_seen"],
        first["matches"][0]["first_seen"]
    );
}

#[test]
fn a_download_that_breaks_off_leaves_what_is_known() {
    let site = Site::new();
    site.run(0);
    *site.document.lock().unwrap() = || Reply::file("it is").cut_off(38);
    let broken = site.run(3);
    assert_eq!(Site::sightings(&broken), (1, vec![false]));
    let gap = &broken["coverage"]["not_examined"][0];
    assert_eq!(
        (&gap["reason"], &gap["bytes"]),
        (&"fetch-failed".into(), &38.into())
    );
    *site.document.lock().unwrap() = listed;
    assert_eq!(Site::sightings(&site.run(0)), (1, vec![false]));
}

#[test]
fn what_only_a_broken_download_showed_stays_in_later_reports() {
    let site = Site::new();
    *site.document.lock().unwrap() =
        || Reply::file("it is aino.rautio@example.org, as ever").cut_off(1000);
    site.run(3);
    *site.document.lock().unwrap() = nobody;
    assert_eq!(Site::sightings(&site.run(0)), (1, vec![true]));
}

#[test]
fn a_page_that_comes_compressed_unasked_makes_the_run_incomplete() {
    let site = Site::new();
    *site.list.lock().unwrap() =
        || Reply::page("links that nobody can read").with("Content-Encoding", "br");
    let report = site.run(3);
    assert_eq!(
        report["coverage"]["not_examined"][0]["reason"],
        "fetch-failed"
    );
}
