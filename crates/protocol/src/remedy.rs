/// Who acts now that something failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Remedy {
    /// Nobody: the same call may succeed later.
    Retry,
    /// A person has to change something: a setting, a balance, a file.
    AskOperator,
    /// Nothing will help this call.
    Abandon,
}
