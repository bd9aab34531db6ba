//! Listing pages as each server writes them, and what is visited from there.

use std::fs;
use std::path::Path;

use url::Url;

use super::address::Territory;
use super::frontier::Frontier;
use super::links::Page;
use crate::base::OriginKey;
use crate::config::Scope;

/// The paths that are visited from the listing of `/leak/`, sorted.
fn visited(case: &str) -> Vec<String> {
    let page = fs::read(fixture(case, "input.html")).unwrap();
    let start = Url::parse("http://h.example/leak/").unwrap();
    let territory = Territory::new(start.clone(), Scope::Prefix);
    let mut frontier = Frontier::new("s".into(), OriginKey::new(&[1; 32]), territory, 9, 99);
    frontier.start(start.clone());
    let front = frontier.take().unwrap();
    Page::new(&page, None).each_link(|link| frontier.link(&front, &start, link));
    frontier.links_known(front.round());
    let mut paths = Vec::new();
    while let Some(visit) = frontier.take() {
        paths.push(visit.url[url::Position::BeforePath..].to_owned());
    }
    paths.sort();
    paths
}

fn fixture(case: &str, file: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("fixtures/crawl")
        .join(case)
        .join(file)
}

fn visits_exactly_what_is_expected(case: &str) {
    let expected = fs::read_to_string(fixture(case, "expected.txt")).unwrap();
    assert_eq!(visited(case), expected.lines().collect::<Vec<_>>());
}

#[test]
fn nginx_lists_its_entries_and_nothing_above() {
    visits_exactly_what_is_expected("nginx-listing");
}

#[test]
fn apache_lists_its_entries_as_a_plain_list() {
    visits_exactly_what_is_expected("apache-plain-listing");
}

#[test]
fn apache_lists_its_entries_once_in_spite_of_its_sort_links() {
    visits_exactly_what_is_expected("apache-fancy-listing");
    visits_exactly_what_is_expected("apache-table-listing");
}

#[test]
fn lighttpd_lists_its_entries_and_its_script_none() {
    visits_exactly_what_is_expected("lighttpd-listing");
}

#[test]
fn caddy_lists_its_entries_once_in_spite_of_its_sort_links() {
    visits_exactly_what_is_expected("caddy-listing");
}

#[test]
fn python_lists_its_entries_also_names_that_are_no_utf8() {
    visits_exactly_what_is_expected("python-listing");
}
