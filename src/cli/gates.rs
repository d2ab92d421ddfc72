//! Flags of `index` for machines: what an index must be to be published, and where the report goes.

use std::path::PathBuf;

use anyhow::Context;
use clap::Args;
use dateline::audit::{Gates, Limit, Report};

/// Gates and the report.
#[derive(Debug, Args)]
#[command(
    next_help_heading = "Gates (what does not pass is not published: exit code 1, the index before goes on answering)"
)]
pub struct GateFlags {
    /// Every file and record must become an article, and none be repaired; copies and hidden files are allowed
    #[arg(long)]
    strict: bool,
    /// The most that may be left out, in number or of all records: `1%`; copies and hidden files do not count
    #[arg(long, value_name = "N")]
    max_skipped: Option<Limit>,
    /// The fewest articles
    #[arg(long, value_name = "N")]
    min_articles: Option<u64>,
    /// Write what was done, also if it was not published: Markdown or JSON, as the name ends
    #[arg(long, value_name = "FILE", value_parser = report_path)]
    report: Option<PathBuf>,
}

fn report_path(text: &str) -> Result<PathBuf, String> {
    let path = PathBuf::from(text);
    let is_known = path.extension().is_some_and(|ending| ending == "md" || ending == "json");
    if is_known { Ok(path) } else { Err("name a file that ends in .md or .json".to_owned()) }
}

impl GateFlags {
    /// What an index must be.
    pub fn gates(&self) -> Gates {
        Gates { strict: self.strict, max_skipped: self.max_skipped, min_articles: self.min_articles }
    }

    /// Whether a report is asked for; it takes a look at the whole index.
    pub fn wants_report(&self) -> bool {
        self.report.is_some()
    }

    /// Writes the report, if one is asked for.
    ///
    /// # Errors
    /// If the file cannot be written.
    pub fn write(&self, report: &Report) -> anyhow::Result<()> {
        let Some(path) = &self.report else { return Ok(()) };
        let text = if path.extension().is_some_and(|ending| ending == "json") {
            format!("{}\n", serde_json::to_string_pretty(report)?)
        } else {
            report.markdown()
        };
        std::fs::write(path, text).with_context(|| format!("cannot write {}", path.display()))
    }
}
