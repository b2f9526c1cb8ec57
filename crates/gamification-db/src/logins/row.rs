use crate::codec::{from_json, from_word, micros, to_json, to_moment, to_u32, to_word};
use crate::error::{Stored, corrupt};
use gamification_core::ids::{LoginSessionId, TwitchUserId, UserId};
use gamification_core::login::{LoginSession, LoginState, SealedTokens, TwitchLogin};
use gamification_core::time::Timestamp;

pub(crate) mod login {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "twitch_logins")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) user_id: Uuid,
        pub(crate) twitch_id: String,
        pub(crate) state: String,
        pub(crate) loss_reason: Option<String>,
        pub(crate) needs_login_since: Option<i64>,
        pub(crate) generation: i64,
        pub(crate) scopes: String,
        pub(crate) key_id: String,
        pub(crate) sealed_tokens: String,
        pub(crate) expires_at: i64,
        pub(crate) validated_at: i64,
        pub(crate) logged_in_at: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub(crate) mod session {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "login_sessions")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) id: Uuid,
        pub(crate) user_id: Uuid,
        pub(crate) hash: String,
        pub(crate) created_at: i64,
        pub(crate) expires_at: i64,
        pub(crate) ended_at: Option<i64>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

fn to_state(row: &login::Model) -> Stored<LoginState> {
    match (row.state.as_str(), row.loss_reason.as_deref(), row.needs_login_since) {
        ("connected", None, None) => Ok(LoginState::Connected),
        ("needs_login", Some(reason), Some(since)) => Ok(LoginState::NeedsLogin {
            reason: from_word("twitch_logins.loss_reason", reason)?,
            since: Timestamp::from_micros(since),
        }),
        (state, ..) => Err(corrupt("twitch_logins.state", format!("{state} with or without why"))),
    }
}

pub(super) fn to_login(row: login::Model) -> Stored<TwitchLogin> {
    Ok(TwitchLogin {
        state: to_state(&row)?,
        user_id: UserId(row.user_id),
        twitch_id: TwitchUserId(row.twitch_id),
        generation: to_u32("twitch_logins.generation", row.generation)?,
        scopes: from_json("twitch_logins.scopes", &row.scopes)?,
        tokens: SealedTokens { key_id: row.key_id, sealed: row.sealed_tokens },
        expires_at: Timestamp::from_micros(row.expires_at),
        validated_at: Timestamp::from_micros(row.validated_at),
        logged_in_at: Timestamp::from_micros(row.logged_in_at),
    })
}

pub(super) fn from_login(login: &TwitchLogin) -> Stored<login::Model> {
    let (state, loss_reason, since) = match &login.state {
        LoginState::Connected => ("connected", None, None),
        LoginState::NeedsLogin { reason, since } => {
            ("needs_login", Some(to_word(reason)?), Some(since.as_micros()))
        }
    };
    Ok(login::Model {
        user_id: login.user_id.0,
        twitch_id: login.twitch_id.0.clone(),
        state: state.to_owned(),
        loss_reason,
        needs_login_since: since,
        generation: login.generation.into(),
        scopes: to_json(&login.scopes)?,
        key_id: login.tokens.key_id.clone(),
        sealed_tokens: login.tokens.sealed.clone(),
        expires_at: login.expires_at.as_micros(),
        validated_at: login.validated_at.as_micros(),
        logged_in_at: login.logged_in_at.as_micros(),
    })
}

pub(super) fn to_session(row: session::Model) -> LoginSession {
    LoginSession {
        id: LoginSessionId(row.id),
        user_id: UserId(row.user_id),
        hash: row.hash,
        created_at: Timestamp::from_micros(row.created_at),
        expires_at: Timestamp::from_micros(row.expires_at),
        ended_at: to_moment(row.ended_at),
    }
}

pub(super) fn from_session(session: &LoginSession) -> session::Model {
    session::Model {
        id: session.id.0,
        user_id: session.user_id.0,
        hash: session.hash.clone(),
        created_at: session.created_at.as_micros(),
        expires_at: session.expires_at.as_micros(),
        ended_at: micros(session.ended_at),
    }
}
