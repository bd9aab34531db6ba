//! What a record held beside an entry, for every format, and never its words.

use super::tests::engine;
use super::*;
use crate::base::OriginKey;

use std::sync::Mutex;
use std::sync::atomic::AtomicU64;

/// On the list; the others are not.
const LISTED: &str = "aino.aa@example.org";

fn verdict(text: &str) -> Verdict {
    let said = Mutex::new(None);
    let matches = AtomicU64::new(0);
    engine().work(1, &matches, &|_, worker| {
        let bytes = Bytes {
            stream: Box::new(text.as_bytes()),
            random: None,
            charset: None,
        };
        let verdicts = worker.examine(bytes, OriginKey::new(&[6; 32]).place("test", b""));
        *said.lock().unwrap() = verdicts.into_iter().next();
    });
    said.into_inner().unwrap().unwrap()
}

/// What was exposed with the listed address, and the format that the text was
/// read as.
fn exposed(text: &str) -> (String, Vec<String>) {
    let verdict = verdict(text);
    let mut found = verdict.findings.iter();
    let found = found.find(|finding| finding.kind == "email").unwrap();
    let place = &found.places[0];
    (place.format.name().to_owned(), place.exposed_with.clone())
}

#[test]
fn headings_name_a_class_only_where_a_value_stands_under_them() {
    for (format, text, classes) in [
        (
            "csv",
            "id,email,password,salary,diagnosis\n\
             1,bo@example.org,kissa,4200,x\n\
             2,aino.aa@example.org,koira,,\n\
             3,eva@example.org,,3100,y\n",
            &["password"][..],
        ),
        (
            "csv",
            "id;email;;salasana;kuukausipalkka;syntymäaika\n\
             1;bo@example.org;;;4200;\n\
             2;aino.aa@example.org;;;3900;1.2.1990\n\
             3;\"aino.ab@example.org\";\"\";\"\";\"\";\"2.2.1990\"\n",
            &["date-of-birth", "salary"],
        ),
        (
            "csv",
            "email\tlösenord\tlön\tbesöksorsak\naino.aa@example.org\t\t-\toro\nb@example.org\tx1\t1\ty\n",
            &["health"],
        ),
        (
            "json",
            "{\"id\":1,\"email\":\"bo@example.org\",\"password\":\"x\",\"geo\":[60.1,24.9]}\n\
             {\"id\":2,\"email\":\"aino.aa@example.org\",\"password\":null,\"geo\":[60.1,24.9]}\n",
            &["location"],
        ),
        (
            "json",
            "[{\"user\":{\"mail\":\"aino.aa@example.org\",\"passwordHash\":\"abc\",\"card_number\":\"\"},\
             \"profile\":{\"date of birth\":\"x\",\"md5-2\":\"y\"}},{\"salary\":1}]",
            &["date-of-birth", "password-hash"],
        ),
        (
            "sql",
            "CREATE TABLE `u` (`id` int, `email` text, `password` text, `salary` int, `notes` text);\n\
             INSERT INTO `u` VALUES (1,'bo@example.org','x',NULL,'y'),(2,'aino.aa@example.org',NULL,4200,'');\n",
            &["salary"],
        ),
        (
            "sql",
            "INSERT INTO v (id, religion) VALUES (1, 'x');\n\
             INSERT INTO u (id, email, gender, terapiamuistiinpanot) VALUES\n\
             (1,'aino.aa@example.org','f','ei tullut'),(2,'bo@example.org','m','y');\n",
            &["gender", "session-notes"],
        ),
        (
            "sql",
            "COPY u (id, email, password, last_ip) FROM stdin;\n\
             1\tbo@example.org\tx\t\\N\n2\taino.aa@example.org\t\\N\tx\n\\.\n",
            &["ip-address"],
        ),
        (
            "xml",
            "<?xml version=\"1.0\"?><all><p id=\"1\"><mail>bo@example.org</mail><salary>1</salary></p>\
             <p id=\"2\" gender=\"f\"><mail>aino.aa@example.org</mail><salary/><diagnosis>x</diagnosis></p></all>",
            &["gender", "health"],
        ),
        (
            "html",
            "<html><body><h1>x</h1><table><tr><th>Email</th><th>Password</th><th>Salary</th></tr>\
             <tr><td>bo@example.org</td><td>x</td><td>1</td></tr>\
             <tr><td>aino.aa@example.org</td><td>y</td><td></td></tr></table></body></html>",
            &["password"],
        ),
        (
            "text",
            "Mail: aino.aa@example.org\nPassword: kissa\nSalary:\nDiagnosis: -\n",
            &["password"],
        ),
        (
            "text",
            "2026-11-22 login user=aino.aa@example.org pwd=kissa ip=x salary=\n",
            &["ip-address", "password"],
        ),
    ] {
        let (read_as, exposed) = exposed(text);
        assert_eq!(
            (read_as.as_str(), &exposed[..]),
            (format, &*own(classes)),
            "{text}"
        );
    }
}

fn own(classes: &[&str]) -> Vec<String> {
    classes.iter().map(|class| (*class).to_owned()).collect()
}

#[test]
fn shapes_and_words_name_a_class_without_a_heading() {
    for (text, classes) in [
        (
            "aino.aa@example.org:Kissa123\nbo@example.org:Koira\n",
            &["password"][..],
        ),
        (
            "aino.aa@example.org:d41d8cd98f00b204e9800998ecf8427e\n",
            &["password-hash"],
        ),
        (
            "email,password\naino.aa@example.org,d41d8cd98f00b204e9800998ecf8427e\nb@example.org,x1\n",
            &["password-hash"],
        ),
        ("aino.aa@example.org from 192.0.2.17\n", &["ip-address"]),
        ("aino.aa@example.org F32.1\n", &["health"]),
        ("aino.aa@example.org, born 13.10.1952\n", &["date-of-birth"]),
        ("aino.aa@example.org, tavattu 13.10.2020\n", &[]),
    ] {
        assert_eq!(exposed(text).1, own(classes), "{text}");
    }
}

#[test]
fn a_page_about_one_is_one_record_and_a_page_about_two_is_not() {
    let notes = "Asiakas aino.aa@example.org\n\nPotilaan kolmas käynti.\n\nDiagnoosi F32.1.\n";
    assert_eq!(exposed(notes).1, ["health"]);
    let two = format!("{notes}\nbo@example.org\n");
    assert_eq!(exposed(&two).1, [""; 0]);
}

#[test]
fn a_row_far_down_is_read_as_the_first_one_is() {
    let filler = |row: usize| format!("{row},x{row}@example.org,,{},\n", row % 3);
    for rows in [1, 1000, 30_000] {
        let mut text = String::from("id,email,password,salary,religion\n");
        text.extend((0..rows).map(filler));
        text.push_str("7,aino.aa@example.org,,,x\n");
        text.extend((0..rows).map(filler));
        assert_eq!(
            exposed(&text),
            ("csv".to_owned(), own(&["religion"])),
            "{rows}"
        );
    }
}

#[test]
fn nothing_of_a_heading_that_no_dictionary_holds_is_told() {
    let canary = "kanarialintu";
    for text in [
        format!("id,{canary},email\n1,x,{LISTED}\n2,y,bo@example.org\n"),
        format!(
            "{{\"{canary}\":\"x\",\"email\":\"{LISTED}\"}}\n{{\"{canary}\":1,\"email\":\"b@c.fi\"}}\n"
        ),
        format!("INSERT INTO {canary} ({canary}, email) VALUES (1,'{LISTED}');\n"),
        format!("{canary}: x, {LISTED}, password {canary}: {canary}\n"),
    ] {
        let told = serde_json::to_string(&verdict(&text)).unwrap();
        assert!(told.contains("exposed_with"), "{text}");
        assert!(!told.to_lowercase().contains(canary), "{text}");
    }
}
