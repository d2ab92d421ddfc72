//! How the tables of `schema/` are read: line by line, or by halving those that are in order, where few of their lines are wanted.

/// The lines of a table without its comments, each cut into `N` columns; a missing column is empty.
pub fn rows<const N: usize>(table: &'static str) -> impl Iterator<Item = [&'static str; N]> {
    table.lines().filter(|line| !line.is_empty() && !line.starts_with('#')).map(columns)
}

/// A line cut into `N` columns; a missing column is empty.
pub fn columns<const N: usize>(line: &'static str) -> [&'static str; N] {
    let mut rest = line;
    std::array::from_fn(|_| {
        // columns are short, and finding their end byte by byte is quicker than beginning a search
        let end = rest.bytes().position(|byte| byte == b'\t').unwrap_or(rest.len());
        let column = &rest[..end];
        rest = rest.get(end + 1..).unwrap_or("");
        column
    })
}

/// The lines of a table in the order of one of its columns from the first on in which that column is not below `key`. Comments
/// stand before the first line.
pub fn from(table: &'static str, column: usize, key: &str) -> &'static str {
    let comments = table.lines().take_while(|line| line.starts_with('#')).map(|line| line.len() + 1).sum();
    let (mut low, mut high) = (table.len().min(comments), table.len());
    while low < high {
        let middle = low + (high - low) / 2;
        let bytes = &table.as_bytes()[low..high];
        // both are beside an end of line, so within no letter
        let start = memchr::memrchr(b'\n', &bytes[..middle - low]).map_or(low, |end| low + end + 1);
        let end = memchr::memchr(b'\n', &bytes[middle - low..]).map_or(high, |end| middle + end + 1);
        if table[start..end].trim_end_matches('\n').split('\t').nth(column).unwrap_or("") < key {
            low = end;
        } else {
            high = start;
        }
    }
    &table[low..]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halving_finds_the_first_line_of_a_key() {
        let table = "# note\n#columns: a\tb\n1\tb\n2\tb\nlonger\td\n3\té";
        for (key, found) in [("", "1\tb"), ("a", "1\tb"), ("b", "1\tb"), ("c", "longer\td"), ("é", "3\té")] {
            assert_eq!(from(table, 1, key).lines().next(), Some(found), "{key}");
        }
        assert_eq!(from(table, 1, "ü"), "");
        assert_eq!(from("# note\n", 0, "a"), "");
    }
}
