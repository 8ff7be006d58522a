//! Texts of guests, which may be of any length.

/// Shortens a text to at most `bytes`, at a character's border.
pub(crate) fn cut(text: &mut String, bytes: usize) {
    if text.len() > bytes {
        text.truncate(text.floor_char_boundary(bytes));
    }
}
