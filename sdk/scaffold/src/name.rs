//! What a plugin may be called: a name that is a folder, a package and a file alike.

use std::fmt;
use std::str::FromStr;

const LONGEST: usize = 40;

/// Lower-case letters, digits and hyphens, beginning with a letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name(String);

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` can not be a plugin's name: use up to 40 lower-case letters, digits and hyphens, \
     beginning with a letter and not ending with a hyphen, e.g. `opening-hours`"
)]
pub struct NameError(String);

impl Name {
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Name {
    type Err = NameError;

    fn from_str(text: &str) -> Result<Self, NameError> {
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        let fits = text.starts_with(|c: char| c.is_ascii_lowercase())
            && !text.ends_with('-')
            && text.len() <= LONGEST
            && text.chars().all(plain);
        match fits {
            true => Ok(Name(text.to_owned())),
            false => Err(NameError(text.to_owned())),
        }
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_of_folders_and_packages() {
        for good in ["a", "opening-hours", "vip2"] {
            assert_eq!(good.parse::<Name>().expect("a name").as_str(), good);
        }
        for bad in ["", "2fast", "Upper", "a/b", "..", "a-", "-a", "ä", "a b"] {
            assert!(bad.parse::<Name>().is_err(), "{bad}");
        }
        assert!("a".repeat(41).parse::<Name>().is_err());
    }
}
