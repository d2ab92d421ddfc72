//! Who of the people led a country at the article's date.

use super::gazetteer::Gazetteer;
use super::people::Found;
use crate::date::Date;

/// Names of those in office as head of state or of government or as a minister: at the date, or ever if there is none.
pub fn read(people: &[Found], gazetteer: &Gazetteer, date: Option<&Date>) -> Vec<String> {
    let leads = |found: &&Found| found.person.is_some_and(|person| gazetteer.people().get(person).is_leader_at(date));
    people.iter().filter(leads).map(|found| found.name.clone()).collect()
}
