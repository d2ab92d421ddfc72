//! The headline: what JSON-LD, the first heading, Open Graph and the title element agree on.

use super::hints::Fact;
use super::linked_data::LinkedArticle;
use super::page::Page;

/// Chooses the headline. `headings` are the visible `h1`s, `sites` the names the site goes by; `is_shown` tells whether a
/// line of the page says just that.
pub fn choose(
    page: &Page,
    linked: Option<&LinkedArticle>,
    headings: &[String],
    sites: &[String],
    is_shown: impl Fn(&str) -> bool,
) -> String {
    let clean = |text: &str| without_site(&super::page::squeeze(&super::tree::decode(text)), sites);
    let headline = linked.filter(|linked| linked.is_article).and_then(|linked| linked.headline.as_deref()).map(clean);
    let graph = page.values(Fact::Title).next().map(clean);
    let element = clean(&page.title);
    let witnesses: Vec<&str> = [headline.as_deref(), graph.as_deref(), Some(element.as_str())]
        .into_iter()
        .flatten()
        .filter(|text| !text.is_empty())
        .collect();
    let seconded = |text: &str| witnesses.iter().map(|other| agreement(text, other)).fold(0.0, f32::max);
    let heading = headings
        .iter()
        .filter(|text| !sites.iter().any(|site| same(site, text)))
        .map(|text| (seconded(text), text))
        .fold(
            None,
            |best: Option<(f32, &String)>, next| {
                if best.is_none_or(|best| next.0 > best.0) { Some(next) } else { best }
            },
        );
    let told = headline.clone().filter(|text| !text.is_empty() && !text.ends_with('…') && !text.ends_with("..."));
    // a day or a rubric inside the heading, after all that the other names agree on
    let heading = heading.map(|(agreed, heading)| {
        let shorter = witnesses.iter().find(|other| {
            let rest = heading.strip_prefix(**other).map(str::trim_start);
            other.len() > 12
                && rest.is_some_and(|rest| rest.starts_with(|char: char| char.is_ascii_digit() || "•|".contains(char)))
        });
        (agreed, shorter.map_or_else(|| heading.clone(), |other| (*other).to_owned()))
    });
    if let Some(headline) = told {
        return match heading {
            // what the reader sees, if the page's other names for it do not speak against it
            Some((agreed, heading)) if agreed >= 0.5 => heading,
            _ => headline,
        };
    }
    match heading {
        Some((agreed, heading))
            if agreed >= 0.4
                || (headings.len() == 1 && graph.as_ref().is_none_or(|graph| agreed > 0.0 || graph.is_empty())) =>
        {
            heading
        }
        _ => match graph {
            Some(graph) if !graph.is_empty() => graph,
            _ if element.is_empty() => heading.map_or(String::new(), |(_, heading)| heading),
            // of `Site - Headline` what the page shows as a line
            _ => {
                let pieces = SEPARATORS.iter().flat_map(|separator| element.split(separator)).map(str::trim).take(30);
                let mut shown =
                    pieces.filter(|piece| piece.len() < element.len() && piece.contains(' ') && is_shown(piece));
                shown.next().map(str::to_owned).unwrap_or(element)
            }
        },
    }
}

/// Lower case, letters and digits only.
pub fn plain(text: &str) -> String {
    text.chars().filter(|char| char.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

fn same(left: &str, right: &str) -> bool {
    plain(left) == plain(right)
}

/// F1 of the words of two lines.
pub fn agreement(left: &str, right: &str) -> f32 {
    // lines of so different lengths do not agree, and need no comparing
    if left.len().min(right.len()) * 6 < left.len().max(right.len()) {
        return 0.0;
    }
    let words = |text: &str| -> Vec<String> {
        let lower = text.to_lowercase();
        let mut words: Vec<String> = lower
            .split(|char: char| !char.is_alphanumeric())
            .filter(|word| !word.is_empty())
            .take(200)
            .map(str::to_owned)
            .collect();
        words.sort_unstable();
        words
    };
    let (left, right) = (words(left), words(right));
    let (mut a, mut b, mut both) = (0, 0, 0);
    while a < left.len() && b < right.len() {
        match left[a].cmp(&right[b]) {
            std::cmp::Ordering::Less => a += 1,
            std::cmp::Ordering::Greater => b += 1,
            std::cmp::Ordering::Equal => {
                both += 1;
                a += 1;
                b += 1;
            }
        }
    }
    if both == 0 { 0.0 } else { 2.0 * both as f32 / (left.len() + right.len()) as f32 }
}

const SEPARATORS: [&str; 14] =
    [" | ", " - ", " – ", " — ", " :: ", " » ", " « ", " · ", " • ", " › ", "｜", " / ", ": ", " ~ "];

/// The title without the site's name before or after it.
pub fn without_site(title: &str, sites: &[String]) -> String {
    let mut title = title.trim();
    for _ in 0..3 {
        let mut shorter = None;
        for separator in SEPARATORS {
            if let Some((head, tail)) = title.rsplit_once(separator)
                && separator != ": "
                && is_site(tail, sites)
                && !head.trim().is_empty()
            {
                shorter = Some(head);
                break;
            }
            if let Some((head, tail)) = title.split_once(separator)
                && is_site(head, sites)
                && !tail.trim().is_empty()
            {
                shorter = Some(tail);
                break;
            }
        }
        match shorter {
            Some(text) => title = text.trim(),
            None => break,
        }
    }
    title.trim_matches(|char: char| matches!(char, '|' | '»' | '«') || char.is_whitespace()).to_owned()
}

fn is_site(part: &str, sites: &[String]) -> bool {
    let part = plain(part);
    !part.is_empty()
        && sites.iter().any(|site| {
            let site = plain(site);
            !site.is_empty()
                && (part == site
                    || (part.len() > 3 && site.len() > 3 && (site.starts_with(&part) || part.starts_with(&site))))
        })
}
