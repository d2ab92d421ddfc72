//! Numbers as people read them.

/// Thousands apart: `21,578`.
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut grouped = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// A number with its noun: `1 article`, `21,578 articles`.
pub fn counted(number: u64, noun: &str) -> String {
    format!("{} {noun}{}", grouped(number), if number == 1 { "" } else { "s" })
}

/// Bytes with a unit: `1.2 MB`.
pub fn bytes(number: u64) -> String {
    let units = [("GB", 1e9), ("MB", 1e6), ("kB", 1e3)];
    let number_of = number as f64;
    match units.iter().find(|(_, size)| number_of >= *size) {
        Some((unit, size)) => format!("{:.1} {unit}", number_of / size),
        None => format!("{number} bytes"),
    }
}

/// Milliseconds: `4 ms`, `0.4 ms`.
pub fn milliseconds(time: f64) -> String {
    if time < 1.0 { format!("{time:.1} ms") } else { format!("{time:.0} ms") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_easy_to_read() {
        assert_eq!([0, 999, 1000, 21_578, 1_234_567].map(grouped), ["0", "999", "1,000", "21,578", "1,234,567"]);
        assert_eq!(
            [0, 1, 2000].map(|number| counted(number, "article")),
            ["0 articles", "1 article", "2,000 articles"]
        );
        assert_eq!([12, 1200, 27_600_000, 3_200_000_000].map(bytes), ["12 bytes", "1.2 kB", "27.6 MB", "3.2 GB"]);
        assert_eq!([0.44, 4.4, 1234.5].map(milliseconds), ["0.4 ms", "4 ms", "1234 ms"]);
    }
}
