use std::cell::Cell;
use std::fmt::Write as _;
use std::fs::Permissions;
use std::io::Write as _;
use std::os::fd::AsRawFd;
use std::os::unix::fs::{FileExt, PermissionsExt};

use super::*;
use crate::base::{Sha256, hex};
use crate::fingerprint::{Fingerprint, Hint};
use crate::matching::Listed;
use crate::matching::pages::PAGE_BYTES;

/// Enough for three pages of e-mail and one of telephone numbers.
const EMAILS: u32 = 600;
const PHONES: u32 = 100;

fn entry(number: u32) -> Fingerprint {
    let digest = Sha256::of(&number.to_be_bytes());
    Fingerprint(digest.0[..16].try_into().unwrap())
}

fn text(emails: u32) -> String {
    let mut entries: Vec<String> = (0..emails)
        .map(|number| {
            let hint = Hint(number.to_be_bytes());
            format!("email/1 {} {hint}\n", entry(number))
        })
        .chain((0..PHONES).map(|number| format!("phone/1 {}\n", entry(number))))
        .collect();
    entries.sort();
    let mut text = String::from(
        "blindsift-watchlist 1\nmode: keyed\nkey-id: e257beeb4d21de50\nhint: sha256-inner\n",
    );
    write!(text, "entries: {}\n\n{}", entries.len(), entries.concat()).unwrap();
    text
}

/// A list and a folder for its index.
struct Desk(tempfile::TempDir);

impl Desk {
    fn new() -> Self {
        let desk = Self(tempfile::tempdir().unwrap());
        desk.write(&text(EMAILS));
        desk
    }

    fn list(&self) -> PathBuf {
        self.0.path().join("list.bsw")
    }

    fn folder(&self) -> PathBuf {
        self.0.path().join("cache/blindsift")
    }

    fn write(&self, text: &str) {
        // As `watchlist build` does it: a new file in the old one's place.
        let new = self.0.path().join("new");
        fs::write(&new, text).unwrap();
        fs::rename(new, self.list()).unwrap();
    }

    fn index_file(&self) -> PathBuf {
        let digest = Sha256::of(&fs::read(self.list()).unwrap());
        self.folder().join(format!("{digest}.idx"))
    }

    fn files(&self) -> Vec<PathBuf> {
        let files = fs::read_dir(self.folder()).into_iter().flatten();
        let mut paths: Vec<_> = files.map(|file| file.unwrap().path()).collect();
        paths.sort();
        paths
    }

    /// Opens the list as if it were a large one, and says whether an index was made.
    fn open(&self) -> (Watchlist, Index, bool) {
        self.open_with(|_| ()).unwrap()
    }

    fn open_with(
        &self,
        change: impl FnOnce(&mut Opening<'_>),
    ) -> Result<(Watchlist, Index, bool), Error> {
        self.open_at(&self.list(), change)
    }

    fn open_at(
        &self,
        path: &Path,
        change: impl FnOnce(&mut Opening<'_>),
    ) -> Result<(Watchlist, Index, bool), Error> {
        let (folder, made) = (self.folder(), Cell::new(false));
        let mut opening = Opening {
            path,
            folder: Some(&folder),
            making: &|_| made.set(true),
            registry: kinds::ALL,
            small: 0,
            in_memory: 0,
            settled: Duration::ZERO,
        };
        change(&mut opening);
        let (list, index) = opening.open()?;
        Ok((list, index, made.get()))
    }
}

/// Checks that `index` knows the entries of [`text`] and nothing else.
fn assert_holds(index: &Index, emails: u32) {
    let slot = |name| index.slot_of(kinds::named(name).unwrap()).unwrap();
    let found = |slot, number| index.probe(slot, &entry(number)) == Some(Listed::Entry);
    let (email, phone) = (slot("email"), slot("phone"));
    assert!((0..2000).all(|number| found(email, number) == (number < emails)));
    assert!((0..2000).all(|number| found(phone, number) == (number < PHONES)));
    assert!((0..emails).all(|number| index.may_hint(email, Hint(number.to_be_bytes()))));
    let strange = |number: &u32| index.may_hint(email, Hint(number.to_be_bytes()));
    assert!((1 << 20..(1 << 20) + 1000).filter(strange).count() < 50);
    assert!((0..2000_u32).all(|number| index.may_hint(phone, Hint(number.to_be_bytes()))));
    index.check().unwrap();
}

#[test]
fn an_index_is_made_once_for_its_owner_only_and_found_again() {
    let desk = Desk::new();
    let (first, index, was_made) = desk.open();
    assert!(was_made);
    assert_holds(&index, EMAILS);
    let files = desk.files();
    assert_eq!(files.len(), 2, "{files:?}");
    for file in [&desk.folder(), &files[0], &files[1]] {
        let mode = fs::metadata(file).unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "{}", file.display());
    }
    assert!(files.contains(&desk.index_file()));
    for in_memory in [0, u64::MAX] {
        let found = desk.open_with(|opening| opening.in_memory = in_memory);
        let (found, index, was_made) = found.unwrap();
        assert!(!was_made);
        assert_holds(&index, EMAILS);
        assert_eq!(
            (found.sha256, &found.entries),
            (first.sha256, &first.entries)
        );
        assert_eq!(
            found.entries,
            Watchlist::read(&desk.list()).unwrap().entries
        );
        assert_eq!(found.key_id, first.key_id);
    }
    assert_eq!(desk.files(), files);
}

#[test]
fn a_small_list_and_one_without_a_folder_leave_no_file() {
    let desk = Desk::new();
    let (_, index, was_made) = desk.open_with(|opening| opening.small = 1 << 20).unwrap();
    assert!(!was_made);
    assert_holds(&index, EMAILS);
    let (_, index, was_made) = desk.open_with(|opening| opening.folder = None).unwrap();
    assert!(was_made);
    assert_holds(&index, EMAILS);
    // Something else stands where the folder should be made.
    fs::write(desk.0.path().join("cache"), "").unwrap();
    let (_, index, _) = desk.open();
    assert_holds(&index, EMAILS);
    assert_eq!(fs::read_dir(desk.0.path()).unwrap().count(), 2);
}

#[test]
fn a_changed_list_gets_a_new_index_and_the_old_one_goes() {
    let desk = Desk::new();
    let (old, ..) = desk.open();
    let old_file = desk.index_file();
    desk.write(&text(EMAILS + 1));
    let (new, index, was_made) = desk.open();
    assert!(was_made && new.sha256 != old.sha256);
    assert_holds(&index, EMAILS + 1);
    assert!(!old_file.exists() && desk.index_file().exists());
    assert_eq!(desk.files().len(), 2);
}

#[test]
fn an_index_that_another_list_needs_too_stays() {
    let desk = Desk::new();
    desk.open();
    let copy = desk.0.path().join("copy.bsw");
    fs::copy(desk.list(), &copy).unwrap();
    desk.open_at(&copy, |_| ()).unwrap();
    let shared = desk.index_file();
    desk.write(&text(EMAILS + 1));
    desk.open();
    assert!(shared.exists());
    let (_, index, was_made) = desk.open_at(&copy, |_| ()).unwrap();
    assert!(!was_made);
    assert_holds(&index, EMAILS);
}

#[test]
fn a_list_that_was_changed_just_now_is_read_again_the_next_time() {
    let desk = Desk::new();
    for _ in 0..2 {
        let opened = desk.open_with(|opening| opening.settled = SETTLED);
        assert!(opened.unwrap().2);
        assert_eq!(desk.files(), [desk.index_file()]);
    }
}

#[test]
fn a_list_rewritten_in_place_with_its_old_times_is_noticed() {
    let desk = Desk::new();
    desk.open();
    let times = fs::metadata(desk.list()).unwrap().modified().unwrap();
    let file = OpenOptions::new().write(true).open(desk.list()).unwrap();
    let mut other = text(EMAILS);
    let digit = other.pop().and_then(|_| other.pop()).unwrap();
    other.push(if digit == 'f' { 'e' } else { 'f' });
    other.push('\n');
    file.write_all_at(other.as_bytes(), 0).unwrap();
    file.set_modified(times).unwrap();
    let (list, _, was_made) = desk.open();
    assert!(was_made);
    assert_eq!(list.sha256, Sha256::of(other.as_bytes()));
}

#[test]
fn an_index_that_was_cut_off_is_made_anew() {
    let desk = Desk::new();
    desk.open();
    let sound = fs::read(desk.index_file()).unwrap();
    let pages = sound.len() / PAGE_BYTES;
    assert!(pages > 4);
    let ends = (0..pages).flat_map(|page| [page * PAGE_BYTES, page * PAGE_BYTES + 1]);
    for end in ends.chain([sound.len() - 1]) {
        fs::write(desk.index_file(), &sound[..end]).unwrap();
        let (_, index, was_made) = desk.open();
        assert!(was_made, "cut at {end}");
        assert_holds(&index, EMAILS);
        assert_eq!(fs::read(desk.index_file()).unwrap(), sound);
    }
}

#[test]
fn a_flipped_bit_is_never_an_answer() {
    let desk = Desk::new();
    desk.open();
    let sound = fs::read(desk.index_file()).unwrap();
    for place in (0..sound.len()).step_by(397) {
        let mut damaged = sound.clone();
        damaged[place] ^= 1 << (place % 8);
        fs::write(desk.index_file(), &damaged).unwrap();
        let (_, index, was_made) = desk.open();
        if was_made {
            assert_holds(&index, EMAILS);
        } else {
            // A page of entries, which is read when something on it is looked up.
            let email = index.slot_of(kinds::named("email").unwrap()).unwrap();
            let phone = index.slot_of(kinds::named("phone").unwrap()).unwrap();
            for number in 0..EMAILS {
                index.probe(email, &entry(number));
                index.probe(phone, &entry(number));
            }
            let error = index.check().unwrap_err();
            assert!(matches!(error, Error::Index(_)), "{place}: {error}");
            assert!(!desk.index_file().exists());
            let (_, index, was_made) = desk.open();
            assert!(was_made);
            assert_holds(&index, EMAILS);
        }
    }
}

#[test]
fn what_others_could_have_written_is_not_believed() {
    let desk = Desk::new();
    desk.open();
    for file in desk.files() {
        fs::set_permissions(&file, Permissions::from_mode(0o660)).unwrap();
        assert!(desk.open().2, "{}", file.display());
        let mode = fs::metadata(&file).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{}", file.display());
        assert!(!desk.open().2);
    }
}

#[test]
fn a_note_of_another_index_or_of_nothing_is_not_believed() {
    let desk = Desk::new();
    desk.open();
    let note = desk
        .files()
        .into_iter()
        .find(|file| *file != desk.index_file());
    let note = note.unwrap();
    let sound = fs::read_to_string(&note).unwrap();
    let digest = Sha256::of(&fs::read(desk.list()).unwrap()).to_string();
    let other = sound.replace(&digest, &hex::encode(&[7; 32]));
    let foreign = desk.folder().join(format!("{}.idx", hex::encode(&[7; 32])));
    for text in [
        other.as_str(),
        "",
        &sound[..sound.len() - 1],
        &digest,
        "\u{e9}",
    ] {
        // An index under the name of a list that it is not of.
        fs::copy(desk.index_file(), &foreign).unwrap();
        fs::write(&note, text).unwrap();
        let (_, index, was_made) = desk.open();
        assert!(was_made, "{text:?}");
        assert_holds(&index, EMAILS);
    }
}

#[test]
fn a_list_that_is_refused_leaves_nothing() {
    let desk = Desk::new();
    desk.write(&text(EMAILS).replace("entries: 7", "entries: 8"));
    let error = desk.open_with(|_| ()).unwrap_err();
    assert!(matches!(error, Error::TooFew { found: 700, .. }), "{error}");
    assert_eq!(desk.files(), Vec::<PathBuf>::new());
}

#[test]
fn what_a_killed_process_left_long_ago_is_removed() {
    let desk = Desk::new();
    fs::create_dir_all(desk.folder()).unwrap();
    let [old, fresh, other] =
        [".a.idx.1.part", ".a.idx.2.part", ".b.html.3.part"].map(|name| desk.folder().join(name));
    let long_ago = std::time::SystemTime::now() - Duration::from_hours(48);
    for path in [&old, &fresh, &other] {
        let file = File::create(path).unwrap();
        if path != &fresh {
            file.set_modified(long_ago).unwrap();
        }
    }
    desk.open();
    assert!(!old.exists() && fresh.exists() && other.exists());
}

#[test]
fn a_list_may_come_through_a_pipe() {
    let desk = Desk::new();
    let (reader, mut writer) = io::pipe().unwrap();
    let thread = std::thread::spawn(move || writer.write_all(text(EMAILS).as_bytes()).unwrap());
    let path = PathBuf::from(format!("/proc/self/fd/{}", reader.as_raw_fd()));
    let opened = desk.open_at(&path, |_| ());
    drop(reader);
    thread.join().unwrap();
    let (list, index, _) = opened.unwrap();
    assert_eq!(list.sha256, Sha256::of(text(EMAILS).as_bytes()));
    assert_holds(&index, EMAILS);
    assert_eq!(desk.files(), Vec::<PathBuf>::new());
}
