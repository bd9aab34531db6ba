use super::super::{Rendering, render, sample};
use super::*;
use crate::base::Reason;

fn html(report: &Report) -> String {
    let mut bytes = Vec::new();
    render(report, Rendering::Html, &mut bytes).unwrap();
    String::from_utf8(bytes).unwrap()
}

/// What a reader sees first.
fn headline(page: &str) -> &str {
    let (_, rest) = page.split_once("<h1>").unwrap();
    rest.split_once("</h1>").unwrap().0
}

#[test]
fn the_headline_is_the_verdict_with_its_coverage() {
    // 2,728,000 / 2,750,000 = 99.2 %, which stays on one line.
    assert_eq!(
        headline(&html(&sample::report())),
        "16 of 1,000 listed identifiers were found, 5 of them new, in the 99.2\u{a0}% that was \
         examined; 2 things could not be read."
    );
    assert!(headline(&html(&sample::empty())).starts_with("None of the 1,000"));
}

#[test]
fn the_figures_are_drawn_and_not_spelt_out() {
    let page = html(&sample::report());
    assert!(page.contains("<svg viewBox=\"0 0 1000 14\""));
    assert!(!page.contains("&lt;svg"));
}

#[test]
fn a_run_over_midnight_names_both_days() {
    let [from, to] = ["2026-11-20T23:59:59Z", "2026-11-21T00:00:01Z"].map(sample::at);
    assert_eq!(
        from_to(from, to),
        "20 November 2026, 23:59:59 to 21 November 2026, 00:00:01 UTC"
    );
    assert_eq!(
        from_to(to, to),
        "21 November 2026, 00:00:01 to 00:00:01 UTC"
    );
}

#[test]
fn nothing_but_the_badge_stands_before_the_headline() {
    let page = html(&sample::report());
    let (_, body) = page.split_once("<main>").unwrap();
    let (before, _) = body.split_once("<h1>").unwrap();
    assert!(before.contains(">Complete<"));
    assert!(before.len() < 400, "{before}");
}

#[test]
fn an_incomplete_run_is_marked_and_says_what_to_do() {
    let mut report = sample::with_gap(sample::empty(), Reason::FetchFailed, 1, 250);
    report.run.outcome = Outcome::Incomplete;
    let page = html(&report);
    assert!(page.contains("<header class=\"verdict incomplete\">"));
    assert!(page.contains(">Incomplete run<"));
    assert!(page.contains("<strong>What to do</strong>"));
    assert!(page.contains("It could not be fetched, or not to its end."));
    assert!(page.contains("Another run tries again."));
    assert!(!html(&sample::empty()).contains("What to do"));
}

#[test]
fn a_failed_run_is_marked_and_does_not_reassure() {
    let mut report = sample::empty();
    report.run.canaries.found = 0;
    let page = html(&report);
    assert!(page.contains("<header class=\"verdict failed\">"));
    assert!(headline(&page).starts_with("This run failed and must not be relied on"));
    assert!(page.contains("14 of them were missed"));
    assert!(page.contains("After a failed run that means nothing."));
}

#[test]
fn hostile_names_are_shown_and_never_obeyed() {
    let hostile = "<script>alert(1)</script>\"'&\u{202e}\u{7}";
    let mut report = sample::report();
    report.run.job = hostile.into();
    report.run.id = hostile.into();
    report.watchlist.name = hostile.into();
    report.watchlist.key_id = hostile.into();
    report.tool.version = hostile.into();
    report.coverage.sources[0].name = hostile.into();
    report.coverage.sources[0].error = Some(hostile.into());
    report.matches[0].kind = hostile.into();
    report.matches[0].exposures[0].exposed_with = vec![hostile.into()];
    report.summary.by_kind.insert(hostile.into(), 1);
    report.summary.by_source.insert(hostile.into(), 1);
    report.watchlist.entries.insert(hostile.into(), 1);
    let opened = super::super::FormatCount::default();
    report.coverage.by_format.insert(hostile.into(), opened);
    report.coverage.limits_met.push(super::super::LimitCount {
        limit: hostile.into(),
        count: 1,
    });
    let page = html(&report);
    assert!(!page.contains("<script"));
    assert!(!page.contains(['\u{202e}', '\u{7}']));
    let shown = "&lt;script&gt;alert(1)&lt;&#x2f;script&gt;&quot;&#x27;&amp;\u{fffd}\u{fffd}";
    assert!(page.contains(shown), "{page}");
}

#[test]
fn the_page_needs_nothing_from_elsewhere() {
    let page = html(&sample::report());
    for word in [
        "http:",
        "https:",
        "//",
        "src=",
        "href=",
        "url(",
        "@import",
        "<script",
        "<link",
        "<img",
        "<iframe",
        "javascript:",
        " onload",
        " onclick",
    ] {
        assert!(!page.contains(word), "{word}");
    }
    assert!(page.contains("default-src 'none'"));
}

#[test]
fn a_long_table_ends_with_a_sentence_that_says_so() {
    let one = sample::found(1, false, "2026-11-21T10:00:00Z");
    let page = html(&sample::with_matches(sample::empty(), vec![one; 1234]));
    assert_eq!(page.matches("<code>010101010101</code>").count(), 1000);
    assert!(page.contains("The first 1,000 of 1,234 matches are shown here,"));
    assert!(page.contains("the other 234 are in <code>matches.csv</code>"));
    assert!(!html(&sample::report()).contains("matches are shown here"));
}

#[test]
fn chance_and_weakness_are_said_in_plain_words() {
    let mut report = sample::report();
    let chance = report.coverage.chance.get_mut("phone").unwrap();
    chance.expected = 0.3;
    for found in &mut report.matches {
        if found.kind == "phone" {
            found.strength = crate::base::Strength::Weak;
            found.weak_because = Some(super::super::Weakness::Chance);
        }
    }
    let page = html(&report);
    // 2 telephone numbers were found: 1,710 compared with 160 listed.
    assert!(page.contains(
        "Telephone number: about 0.3 matches of this kind are expected by chance (1,710 compared \
         with 160 listed, of 200,000,000 possible). Only 2 were found, so they are weak."
    ));
    assert!(page.contains("fewer than 0.01 matches of this kind"));
    assert!(page.contains("Name with date of birth: no figure can be given."));
    assert!(page.contains("2 of them may be chance"));
    assert_eq!(page.matches("(may be chance)").count(), 2);
}

#[test]
fn no_whole_fingerprint_stands_in_the_page() {
    let report = sample::report();
    let page = html(&report);
    for found in &report.matches {
        assert!(!page.contains(&found.fingerprint.to_string()));
    }
}

#[test]
fn every_reason_is_explained() {
    let mut report = sample::empty();
    for reason in Reason::ALL {
        report = sample::with_gap(report, reason, 1, 1);
    }
    let page = html(&report);
    for reason in Reason::ALL {
        assert!(page.contains(reason.explanation()), "{}", reason.code());
    }
}

#[test]
fn a_report_with_nothing_in_it_is_a_whole_page() {
    let mut report = sample::empty();
    report.watchlist.entries.clear();
    report.coverage.bytes = super::super::Bytes::default();
    report.coverage.artefacts = super::super::Artefacts::default();
    let page = html(&report);
    assert_eq!(
        headline(&page),
        "The list is empty: nothing was looked for."
    );
    assert!(page.ends_with("</html>"));
}
