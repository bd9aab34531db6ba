use super::*;
use crate::base::OriginKey;

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_700_000_000 + second).unwrap()
}

fn example(run: &str, second: i64) -> Artefact {
    Artefact {
        source: "blog".into(),
        origin: OriginKey::new(&[1; 32]).place("blog", b"/a"),
        fate: Fate::Examined,
        run: run.into(),
        page: false,
        status: Some(200),
        validator: "{}".into(),
        examined_with: "list".into(),
        verdict: Some("{\"n\":1}".into()),
        failure: None,
        fetched: at(second),
        first_seen: at(second),
        last_seen: at(second),
        gone: None,
        current: true,
    }
}

fn all(catalog: &Catalog) -> Vec<Artefact> {
    let mut found = Vec::new();
    catalog
        .artefacts::<Error>("job", &mut |artefact| {
            found.push(artefact);
            Ok(())
        })
        .unwrap();
    found
}

#[test]
fn a_run_that_was_killed_is_taken_up_again() {
    let catalog = Catalog::in_memory().unwrap();
    let first = catalog.begin("job", "r1", at(0)).unwrap();
    assert_eq!(catalog.begin("job", "r2", at(9)).unwrap(), first);
    catalog.seal("job", "r1", &[], at(10)).unwrap();
    assert_eq!(
        catalog.begin("job", "r2", at(11)).unwrap().state,
        State::Sealed
    );
    catalog.finish("r1").unwrap();
    assert_eq!(catalog.begin("job", "r2", at(12)).unwrap().id, "r2");
}

#[test]
fn changed_content_keeps_the_old_as_history() {
    let catalog = Catalog::in_memory().unwrap();
    catalog.record("job", &example("r1", 0), false).unwrap();
    let mut changed = example("r2", 60);
    changed.verdict = Some("{\"n\":2}".into());
    catalog.record("job", &changed, true).unwrap();
    let rows = all(&catalog);
    assert_eq!(rows.len(), 2);
    assert_eq!(rows[0].gone, Some(at(60)));
    assert_eq!(rows[1], changed);
    let known = catalog.recall("job", "blog", changed.origin).unwrap();
    assert_eq!(known, Some(changed));
}

#[test]
fn what_a_run_did_not_see_is_gone_and_can_come_back() {
    let catalog = Catalog::in_memory().unwrap();
    let artefact = example("r1", 0);
    catalog.record("job", &artefact, false).unwrap();
    catalog.sweep("job", "blog", "r1", at(1)).unwrap();
    assert_eq!(all(&catalog)[0].gone, None);
    catalog.sweep("job", "blog", "r2", at(2)).unwrap();
    assert_eq!(all(&catalog)[0].gone, Some(at(2)));
    catalog
        .unchanged("job", "blog", artefact.origin, "r3", at(3))
        .unwrap();
    assert_eq!(all(&catalog)[0].gone, None);
    assert_eq!(all(&catalog)[0].fate, Fate::Unchanged);
}

#[test]
fn what_an_interrupted_run_examined_stays_examined_when_it_goes_on() {
    let catalog = Catalog::in_memory().unwrap();
    let artefact = example("r1", 0);
    catalog.record("job", &artefact, false).unwrap();
    catalog
        .unchanged("job", "blog", artefact.origin, "r1", at(3))
        .unwrap();
    assert_eq!(all(&catalog)[0].fate, Fate::Examined);
}

#[test]
fn an_entry_is_reported_once_and_unsealing_takes_it_back() {
    let catalog = Catalog::in_memory().unwrap();
    catalog.begin("job", "r1", at(0)).unwrap();
    let entry = Reported {
        kind: "email".into(),
        fingerprint: "00".into(),
    };
    catalog
        .seal("job", "r1", std::slice::from_ref(&entry), at(1))
        .unwrap();
    assert!(catalog.reported("job").unwrap().contains(&entry));
    assert!(catalog.reported("other").unwrap().is_empty());
    catalog.unseal("r1").unwrap();
    assert!(catalog.reported("job").unwrap().is_empty());
}

#[test]
fn a_newer_catalog_is_refused_by_its_version() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("c.db");
    Catalog::open(&path)
        .unwrap()
        .lock()
        .pragma_update(None, "user_version", 2)
        .unwrap();
    assert!(matches!(
        Catalog::open(&path),
        Err(Error::Newer { version: 2 })
    ));
}

#[test]
fn the_file_of_another_program_is_refused_and_not_touched() {
    let folder = tempfile::tempdir().unwrap();
    let foreign = |name: &str, statement: &str| {
        let path = folder.path().join(name);
        let connection = Connection::open(&path).unwrap();
        connection.execute_batch(statement).unwrap();
        path
    };
    let text = folder.path().join("text");
    std::fs::write(&text, "no database ".repeat(100)).unwrap();
    for path in [
        foreign("unversioned", "CREATE TABLE run (x)"),
        foreign("versioned", "CREATE TABLE x (x); PRAGMA user_version = 1"),
        text,
    ] {
        let before = std::fs::read(&path).unwrap();
        assert!(matches!(Catalog::open(&path), Err(Error::NoCatalog)));
        assert_eq!(std::fs::read(&path).unwrap(), before);
    }
}

#[test]
fn two_processes_may_make_the_catalog_at_the_same_time() {
    let folder = tempfile::tempdir().unwrap();
    for round in 0..20 {
        let path = folder.path().join(format!("{round}.db"));
        let start = std::sync::Barrier::new(4);
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    start.wait();
                    Catalog::open(&path).unwrap();
                });
            }
        });
    }
}
