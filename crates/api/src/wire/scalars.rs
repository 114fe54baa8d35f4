//! Schemas of single values. They say in the document what [`super::rules`] says to a request.

use std::borrow::Cow;

use maci_coordinator_core::{
    events::EventKind,
    jobs::{JobKind, JobState},
    networks,
};
use serde_json::{Value, json};
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{
        RefOr, Type,
        schema::{ObjectBuilder, OneOfBuilder, Schema, SchemaFormat, SchemaType},
    },
};

/// Declares a type that exists for its schema alone.
macro_rules! schema_only {
    ($(#[$docs:meta])* $name:ident => $schema:expr) => {
        $(#[$docs])*
        #[derive(Debug, Clone, Copy)]
        #[non_exhaustive]
        pub struct $name;

        impl PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                $schema
            }
        }

        impl ToSchema for $name {
            fn name() -> Cow<'static, str> {
                Cow::Borrowed(stringify!($name))
            }
        }
    };
}

schema_only! {
    /// An Ethereum address.
    AddressText => text(
        "An Ethereum address, in one case or with the EIP-55 checksum",
        "^0x[0-9a-fA-F]{40}$",
        json!("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"),
    )
}

schema_only! {
    /// `0x` and hexadecimal digits.
    HexText => text("A number or bytes in hexadecimal", "^0x[0-9a-fA-F]*$", json!("0x0"))
}

schema_only! {
    /// A whole number as decimal text, for numbers that JSON from JavaScript cannot hold.
    Decimal => text("A whole number in decimal", "^[0-9]+$", json!("42"))
}

schema_only! {
    /// A poll's number.
    PollInteger => whole("A poll's number within its MACI contract, from 0; as a number or as decimal text")
}

schema_only! {
    /// A block's height.
    BlockHeight => whole("A block's height, as a number or as decimal text")
}

schema_only! {
    /// A moment.
    Moment => integer("A moment, in milliseconds since 1970 (UTC)", json!(1_763_800_000_000_i64))
}

schema_only! {
    /// How votes are paid for.
    ModeNumber => ObjectBuilder::new()
        .schema_type(SchemaType::Type(Type::Integer))
        .description(Some("0 is QV, 1 is NON_QV, 2 is FULL"))
        .enum_values(Some([0, 1, 2]))
        .into()
}

schema_only! {
    /// A sender's name.
    SenderText => text(
        "A sender: `default` for the chain's own, its name in the settings, or `session:` and a delegated key's address",
        "^(default|[a-z][a-z0-9-]{0,39}|session:0x[0-9a-fA-F]{40})$",
        json!("gas"),
    )
}

schema_only! {
    /// A chain's name.
    ChainName => ObjectBuilder::new()
        .schema_type(SchemaType::Type(Type::String))
        .description(Some(
            "A chain, by the name that requests and files use. Chains that have none there are known by the name that the \
             service's settings give them, and every chain by its id, as a number or as decimal text",
        ))
        .enum_values(Some(networks::names().map(|(_, name)| name)))
        .into()
}

schema_only! {
    /// An id of a job or a schedule.
    IdText => ObjectBuilder::new()
        .schema_type(SchemaType::Type(Type::String))
        .format(Some(SchemaFormat::Custom("uuid".to_owned())))
        .description(Some("A UUID"))
        .into()
}

schema_only! {
    /// What a job does.
    JobKindName => words("What a job does", JobKind::ALL.map(JobKind::name))
}

schema_only! {
    /// Where a job stands.
    JobStateName => words("Where a job stands", JobState::ALL.map(JobState::name))
}

schema_only! {
    /// Where an entry of the schedule stands.
    EntryStateName => words(
        "Where an entry of the schedule stands",
        ["waiting", "running", "done", "missed", "failed", "cancelled"],
    )
}

schema_only! {
    /// What kinds of things happen.
    EventKindName => words("What kind of thing happened", EventKind::ALL.map(EventKind::name))
}

fn words<const N: usize>(description: &str, words: [&'static str; N]) -> RefOr<Schema> {
    ObjectBuilder::new()
        .schema_type(SchemaType::Type(Type::String))
        .description(Some(description))
        .enum_values(Some(words))
        .into()
}

fn text(description: &str, pattern: &str, example: Value) -> RefOr<Schema> {
    ObjectBuilder::new()
        .schema_type(SchemaType::Type(Type::String))
        .description(Some(description))
        .pattern(Some(pattern))
        .examples([example])
        .into()
}

fn integer(description: &str, example: Value) -> RefOr<Schema> {
    ObjectBuilder::new()
        .schema_type(SchemaType::Type(Type::Integer))
        .description(Some(description))
        .examples([example])
        .into()
}

fn whole(description: &str) -> RefOr<Schema> {
    let number = ObjectBuilder::new()
        .schema_type(SchemaType::Type(Type::Integer))
        .minimum(Some(0))
        .maximum(Some(9_007_199_254_740_991_i64));
    let digits = ObjectBuilder::new()
        .schema_type(SchemaType::Type(Type::String))
        .pattern(Some("^[0-9]{1,15}$"));
    let both = OneOfBuilder::new()
        .description(Some(description))
        .item(number)
        .item(digits);
    RefOr::T(Schema::OneOf(both.build()))
}
