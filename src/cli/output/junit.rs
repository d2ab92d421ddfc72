//! `JUnit` XML, as CI services read it: a test case for each expectation.

use std::fmt::Write;

use dateline::audit::check::Case;
use quick_xml::escape::escape;

use super::clean;

/// The whole file.
pub fn report(cases: &[Case]) -> String {
    let failures = cases.iter().filter(|case| !case.failures.is_empty()).count();
    let errors = cases.iter().filter(|case| case.error.is_some()).count();
    let (tests, seconds) = (cases.len(), cases.iter().map(|case| case.seconds).sum::<f64>());
    let counts = format!("tests=\"{tests}\" failures=\"{failures}\" errors=\"{errors}\" time=\"{seconds:.3}\"");
    let mut xml = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites {counts}>\n  <testsuite name=\"dateline check\" {counts}>\n"
    );
    for case in cases {
        test_case(&mut xml, case).expect("writing to a string");
    }
    xml.push_str("  </testsuite>\n</testsuites>\n");
    xml
}

fn test_case(xml: &mut String, case: &Case) -> std::fmt::Result {
    let text = |text: &str| escape(clean(text)).into_owned();
    let (name, seconds) = (text(&case.name), case.seconds);
    write!(xml, "    <testcase classname=\"dateline.check\" name=\"{name}\" time=\"{seconds:.3}\"")?;
    if case.passed() {
        return xml.write_str("/>\n");
    }
    xml.write_str(">\n")?;
    for (element, messages) in [("failure", case.failures.as_slice()), ("error", case.error.as_slice())] {
        if let Some(first) = messages.first() {
            let message = text(first.lines().next().unwrap_or_default());
            let lines: Vec<String> = messages.iter().flat_map(|message| message.lines()).map(text).collect();
            writeln!(xml, "      <{element} message=\"{message}\">{}</{element}>", lines.join("\n"))?;
        }
    }
    xml.write_str("    </testcase>\n")
}
