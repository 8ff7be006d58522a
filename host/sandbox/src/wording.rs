//! Whose words a question is put in: this host's, or those of a later one, which a plugin must bear.

/// How a question is put to a guest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Wording {
    /// As this host puts it.
    #[default]
    Ours,
    /// As a later host may: every record carries an `ext` that no plugin knows yet.
    UnknownFields,
    /// What it is about is new, too: a flow's event, a connector's operation or failure, and who
    /// speaks in a transcript are `ext` cases.
    UnknownCases,
}

/// No host will ever send this key.
const UNKNOWN: (&str, &str) = ("conformance.later", r#"{"since": "a later host"}"#);

impl Wording {
    /// For records that borrow.
    pub(crate) const fn ext(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Wording::Ours => &[],
            Wording::UnknownFields | Wording::UnknownCases => &[UNKNOWN],
        }
    }

    /// For records that own.
    pub(crate) fn ext_owned(self) -> Vec<(String, String)> {
        let owned = |(key, json): &(&str, &str)| ((*key).to_owned(), (*json).to_owned());
        self.ext().iter().map(owned).collect()
    }

    /// What stands for a case, where it is an unknown one.
    pub(crate) const fn unknown_case(self) -> Option<(&'static str, &'static str)> {
        match self {
            Wording::Ours | Wording::UnknownFields => None,
            Wording::UnknownCases => Some(UNKNOWN),
        }
    }

    /// As [`Wording::unknown_case`], owned.
    pub(crate) fn unknown_case_owned(self) -> Option<(String, String)> {
        self.unknown_case()
            .map(|(key, json)| (key.to_owned(), json.to_owned()))
    }
}
