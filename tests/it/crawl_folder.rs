//! Local files and folders as sources.

use std::collections::BTreeMap;
use std::fs;
use std::io::Read;
use std::os::unix::fs::symlink;
use std::sync::Arc;

use blindsift::base::Reason;
use blindsift::config::Place;
use blindsift::crawl::{Event, Failure, Validator, start};

use crate::support::harvest::{Known, crawl, crawl_again, origin, plan};

#[test]
fn a_folder_is_walked_in_byte_order_and_links_are_not_followed() {
    let folder = tempfile::tempdir().unwrap();
    let outside = tempfile::tempdir().unwrap();
    fs::write(outside.path().join("secret"), "no").unwrap();
    let root = folder.path();
    fs::create_dir(root.join("b")).unwrap();
    fs::write(root.join("b/inner"), "1").unwrap();
    fs::write(root.join("a"), "22").unwrap();
    fs::write(root.join("ä"), "333").unwrap();
    symlink(outside.path(), root.join("link")).unwrap();
    symlink(outside.path().join("secret"), root.join("file")).unwrap();
    let harvest = crawl(plan(Place::Path(root.to_owned())));
    let order = ["a", "b/inner", "ä"];
    assert_eq!(harvest.order, order.map(origin));
    assert_eq!(order.map(|name| harvest.bytes(name).len()), [2, 1, 3]);
    assert_eq!(harvest.skipped, BTreeMap::from([(Reason::NotAFile, 2)]));
    assert_eq!(harvest.done, Some(Ok(())));
}

#[test]
fn a_file_that_did_not_change_is_not_read_again() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("same"), "1").unwrap();
    fs::write(folder.path().join("grown"), "1").unwrap();
    let first = crawl(plan(Place::Path(folder.path().to_owned())));
    fs::write(folder.path().join("grown"), "12").unwrap();
    let second = crawl_again(plan(Place::Path(folder.path().to_owned())), first.known());
    assert_eq!(second.unchanged, [origin("same")]);
    assert_eq!(second.order, [origin("grown")]);
}

#[test]
fn a_single_file_is_known_by_its_name_and_can_be_read_in_any_order() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("dump.sql");
    fs::write(&path, "0123456789").unwrap();
    let crawl = start(plan(Place::Path(path)), Arc::new(Known::default())).unwrap();
    let Some(Event::Artefact(mut artefact)) = crawl.next() else {
        panic!("no artefact");
    };
    assert_eq!(artefact.origin, origin("dump.sql"));
    let mut whole = String::new();
    artefact.file.unwrap().read_to_string(&mut whole).unwrap();
    let mut body = String::new();
    artefact.body.read_to_string(&mut body).unwrap();
    assert_eq!(
        (whole.as_str(), body.as_str()),
        ("0123456789", "0123456789")
    );
}

#[test]
fn a_path_that_is_not_there_fails_its_source() {
    let folder = tempfile::tempdir().unwrap();
    let harvest = crawl(plan(Place::Path(folder.path().join("none"))));
    let failure = Failure::LocalIo(std::io::ErrorKind::NotFound);
    assert_eq!(harvest.done, Some(Err(failure)));
    assert_eq!(harvest.failure(""), Some(failure));
}

#[test]
fn a_validator_survives_being_written_down() {
    let kept = Validator {
        etag: None,
        last_modified: None,
        modified: Some(1_603_265_280_123_456_789),
        length: Some(u64::MAX),
    };
    let text = serde_json::to_string(&kept).unwrap();
    assert!(serde_json::from_str::<Validator>(&text).unwrap() == kept);
}
