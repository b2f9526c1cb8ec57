//! The domain's things as the API shows them.

pub(super) mod campaign;
pub(super) mod command;
pub(super) mod connection;
pub(super) mod event;
pub(super) mod instance;
pub(super) mod login;
pub(super) mod names;
pub(super) mod person;
pub(super) mod preflight;
pub(super) mod redemption;
pub(super) mod reward;
pub(super) mod roll;
