//! What can be wrong with a file made by another tool.

use std::io;

/// A file that is not what it should be: names the file, the section and what was expected there.
#[derive(Debug, thiserror::Error)]
pub enum FormatError {
    /// The operating system could not give or take the bytes.
    #[error("{file}: cannot {action}: {source}")]
    Io {
        /// The file.
        file: String,
        /// What was tried: `read`, `write`, `open`.
        action: &'static str,
        /// What the operating system said.
        #[source]
        source: io::Error,
    },
    /// The file starts with other letters than its format does.
    #[error("{file} is not a {expected} file: it begins with {found:02x?}")]
    NotThisFormat {
        /// The file.
        file: String,
        /// The format that was asked for.
        expected: &'static str,
        /// The first four bytes, or fewer if there are fewer.
        found: Vec<u8>,
    },
    /// A version of the format that this program does not know.
    #[error("{file}: version {found} of the {format} format; this program reads version {expected}")]
    Version {
        /// The file.
        file: String,
        /// The format.
        format: &'static str,
        /// The version that is read here.
        expected: u32,
        /// The version the file states.
        found: u32,
    },
    /// The file ends before its sections do.
    #[error(
        "{file} is truncated: {section} should reach byte {expected}, the file has {found}; fetch or make it again"
    )]
    Truncated {
        /// The file.
        file: String,
        /// The section that is cut off.
        section: String,
        /// Where the section should end, in bytes from the start.
        expected: u64,
        /// The length of the file in bytes.
        found: u64,
    },
    /// A section that the format requires is not there, or is there twice.
    #[error("{file}: section {section} occurs {found} times, expected once")]
    Section {
        /// The file.
        file: String,
        /// The section.
        section: String,
        /// How often it occurs.
        found: usize,
    },
    /// A section's length does not agree with the counts in the header.
    #[error("{file}, {section}: {found} bytes, but the header's counts need {expected}")]
    Length {
        /// The file.
        file: String,
        /// The section.
        section: String,
        /// The length that the header's counts give, in bytes.
        expected: u64,
        /// The length the section has, in bytes.
        found: u64,
    },
    /// Another curve or field than BN254.
    #[error("{file}, {section}: made for another field than {expected}; only BN254 (bn128) circuits can be used")]
    WrongField {
        /// The file.
        file: String,
        /// The section.
        section: String,
        /// The field that was expected.
        expected: &'static str,
    },
    /// A value that cannot be there.
    #[error("{file}, {section}, entry {index}: {what}")]
    Value {
        /// The file.
        file: String,
        /// The section.
        section: String,
        /// Which entry of the section, from 0.
        index: u64,
        /// What is wrong with it.
        what: &'static str,
    },
    /// A JSON file whose content is not what it should be.
    #[error("{file}: {what}")]
    Json {
        /// The file.
        file: String,
        /// What is wrong with it.
        what: String,
    },
}
