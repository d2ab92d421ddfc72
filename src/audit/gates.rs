//! Gates: what an index must be to be published. One that does not pass is not, and the generation before it goes on answering.

use std::cell::RefCell;

use crate::archive::SkipReason;
use crate::indexer::Summary;

use super::limit::Limit;

/// Left out by rule, not by failure: no gate counts them.
const BY_RULE: [SkipReason; 3] = [SkipReason::Duplicate, SkipReason::Hidden, SkipReason::IndexFolder];

/// What an index must be.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Gates {
    /// Every file and record is an article, and none was repaired.
    pub strict: bool,
    /// The most records left out, in number or of all records.
    pub max_skipped: Option<Limit>,
    /// The fewest articles.
    pub min_articles: Option<u64>,
}

/// An index that did not pass its gates, and was not published.
#[derive(Debug, thiserror::Error)]
#[error("not published: {}", .0.join("; "))]
pub struct Refused(pub Vec<String>);

impl Gates {
    /// What the gates find wrong; empty if an index may be published.
    pub fn findings(&self, summary: &Summary) -> Vec<String> {
        let findings = RefCell::new(Vec::new());
        let find = |finding: String| findings.borrow_mut().push(finding);
        let by_rule: Vec<String> = BY_RULE.iter().map(ToString::to_string).collect();
        let left_out = || summary.skipped.iter().filter(|(reason, _)| !by_rule.contains(reason));
        if self.strict {
            for (reason, count) in left_out().chain(&summary.warnings) {
                let first = summary.examples.get(reason).map(|example| example.path.as_str()).unwrap_or_default();
                find(format!("--strict: {count} {reason}, first {first}"));
            }
        }
        if let Some(limit) = self.max_skipped {
            let skipped: u64 = left_out().map(|(_, count)| count).sum();
            let seen = summary.articles + skipped;
            if limit.is_under(skipped, seen) {
                find(format!("--max-skipped {limit}: {skipped} of {seen} were left out"));
            }
        }
        if let Some(least) = self.min_articles.filter(|least| summary.articles < *least) {
            find(format!("--min-articles {least}: there are {}", summary.articles));
        }
        findings.into_inner()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn summary() -> Summary {
        let skipped = [("malformed".to_owned(), 1), ("duplicate".to_owned(), 50)].into();
        Summary { articles: 99, skipped, ..Summary::default() }
    }

    #[test]
    fn copies_are_left_out_by_rule_and_do_not_count() {
        let gates = |limit: &str| Gates { max_skipped: limit.parse().ok(), ..Gates::default() };
        assert_eq!(gates("1%").findings(&summary()), [""; 0]);
        assert_eq!(gates("0").findings(&summary()), ["--max-skipped 0: 1 of 100 were left out"]);
        assert_eq!(gates("0.5%").findings(&summary()), ["--max-skipped 0.5%: 1 of 100 were left out"]);
        let strict = Gates { strict: true, ..Gates::default() };
        assert_eq!(strict.findings(&summary()), ["--strict: 1 malformed, first "]);
    }

    #[test]
    fn too_few_articles_are_a_finding() {
        let gates = |least| Gates { min_articles: Some(least), ..Gates::default() };
        assert_eq!(gates(99).findings(&summary()), [""; 0]);
        assert_eq!(gates(100).findings(&summary()), ["--min-articles 100: there are 99"]);
    }
}
