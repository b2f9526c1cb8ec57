//! The contract suite of the store, on both databases.

mod sqlite {
    use crate::support::{Kind, under_test};

    gamification_testkit::store_contract!(|| under_test(Kind::Sqlite));
}

mod postgres {
    use crate::support::{Kind, under_test};

    gamification_testkit::store_contract!(|| under_test(Kind::Postgres));
}
