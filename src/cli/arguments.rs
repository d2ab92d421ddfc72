//! Reads the arguments. A query may begin with a hyphen (`search -merkel putin`), while an unknown `--flag` must be an
//! error and never a query; clap knows no such rule, so words with one hyphen are marked before it sees them.

use std::ffi::OsString;

use clap::builder::{Str, StringValueParser, TypedValueParser};
use clap::{Arg, Command, CommandFactory, FromArgMatches};

use super::CommandLine;

/// Put before a word that begins with a hyphen. No argument of the system can hold a NUL, so it marks nothing else.
const MARK: &str = "\0";

/// The arguments understood; ends the process with help or a message if they are not.
pub fn read(arguments: impl Iterator<Item = OsString>) -> CommandLine {
    let arguments: Vec<OsString> = arguments.collect();
    let mut command = CommandLine::command();
    let marked = match verb(&command, &arguments) {
        Some(verb) => mark(&verb, arguments),
        None => {
            // help and suggestions are about all verbs
            command.build();
            arguments
        }
    };
    let understood = command.try_get_matches_from(marked).and_then(|matches| CommandLine::from_arg_matches(&matches));
    understood.unwrap_or_else(|error| error.exit())
}

/// The verb named, with all it takes; what the others take is left alone, or a search would wait a millisecond for it.
fn verb(command: &Command, arguments: &[OsString]) -> Option<Command> {
    let mut verb = command.find_subcommand(arguments.get(1)?.to_str()?)?.clone();
    verb.build();
    Some(verb)
}

/// Parses a word of a query: takes the mark off again.
pub fn word() -> impl TypedValueParser<Value = String> {
    StringValueParser::new().map(|word| word.strip_prefix(MARK).map_or(word.clone(), str::to_owned))
}

fn mark(verb: &Command, arguments: Vec<OsString>) -> Vec<OsString> {
    if !takes_words(verb) {
        return arguments;
    }
    let mut is_value = false;
    let mut only_words = false;
    arguments
        .into_iter()
        .enumerate()
        .map(|(place, argument)| {
            let Some(text) = argument.to_str() else { return argument };
            let was_value = std::mem::replace(&mut is_value, !only_words && takes_value(verb, text));
            only_words |= !was_value && text == "--";
            let is_word = text.len() > 1 && text.starts_with('-') && !text.starts_with("--");
            let is_short_flag = matches!(text, "-h" | "-V");
            if place > 1 && is_word && !is_short_flag && !was_value && !only_words {
                return OsString::from(format!("{MARK}{text}"));
            }
            argument
        })
        .collect()
}

/// Whether a verb, or one below it, takes the words of a query or ids; to others a word with one hyphen is a flag.
fn takes_words(verb: &Command) -> bool {
    let is_word = |name: &Str| matches!(name.as_str(), "QUERY" | "ID");
    let named =
        |known: &Arg| known.is_positional() && known.get_value_names().is_some_and(|names| names.iter().any(is_word));
    verb.get_arguments().any(named) || verb.get_subcommands().any(takes_words)
}

/// Whether the next argument is the value of this one.
fn takes_value(verb: &Command, argument: &str) -> bool {
    let Some(name) = argument.strip_prefix("--") else { return false };
    verb.get_arguments().any(|known| known.get_long() == Some(name) && known.get_action().takes_values())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marked(line: &str) -> Vec<String> {
        let arguments: Vec<OsString> = line.split(' ').map(OsString::from).collect();
        let marked = match verb(&CommandLine::command(), &arguments) {
            Some(verb) => mark(&verb, arguments),
            None => arguments,
        };
        marked.into_iter().map(|word| word.to_string_lossy().replace(MARK, "@")).collect()
    }

    #[test]
    fn a_word_with_one_hyphen_is_part_of_the_query() {
        assert_eq!(marked("dateline search -merkel putin")[2], "@-merkel");
        assert_eq!(marked("dateline search putin -merkel")[3], "@-merkel");
    }

    #[test]
    fn a_path_with_one_hyphen_is_no_word() {
        for line in ["dateline index -q", "dateline diff -1 2", "dateline check -x"] {
            assert_eq!(marked(line).join(" "), line);
        }
        assert_eq!(marked("dateline people why -id")[3], "@-id");
    }

    #[test]
    fn flags_values_and_what_follows_two_hyphens_stay_as_they_are() {
        for line in ["dateline search --limit -5 x", "dateline search -h", "dateline search -- -merkel", "dateline -V"]
        {
            assert_eq!(marked(line).join(" "), line);
        }
        assert_eq!(marked("dateline search --limit=5 -x")[3], "@-x");
    }

    #[test]
    fn the_command_line_is_sound() {
        CommandLine::command().debug_assert();
    }
}
