#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use super::*;
use proptest::prelude::*;

const FOREIGN: &str = "wss://elsewhere.example/ws";
const NEXT: &str = "wss://twitch.example/ws?next";

struct Table {
    session: Session,
    start: Instant,
}

impl Table {
    fn new() -> Self {
        let start = Instant::now();
        Self { session: Session::new(start), start }
    }

    /// One that was welcomed at second 0 with a keepalive of 10 s.
    fn live() -> Self {
        let mut table = Self::new();
        let told = table.frame(0.0, 0, welcome("one", Some(10)));
        assert_eq!(told, [Action::Tell(Heard::Welcome { session_id: "one".into() })]);
        table
    }

    fn step(&mut self, second: f64, input: Input) -> Vec<Action> {
        let now = self.start + Duration::from_secs_f64(second);
        self.session.step(input, now, |url| url != FOREIGN)
    }

    fn frame(&mut self, second: f64, socket: SocketId, frame: Frame) -> Vec<Action> {
        self.step(second, Input::Frame(socket, frame))
    }

    fn deadline(&self) -> f64 {
        (self.session.deadline() - self.start).as_secs_f64()
    }
}

fn welcome(id: &str, seconds: Option<u64>) -> Frame {
    Frame::Welcome { session_id: id.to_owned(), keepalive: seconds.map(Duration::from_secs) }
}

fn event() -> Notification {
    Notification::StreamChanged { channel: "1".into(), is_live: true }
}

fn reconnect(url: &str) -> Frame {
    Frame::Reconnect { url: url.to_owned() }
}

fn retry(actions: &[Action]) -> Retry {
    match actions {
        [.., Action::End(ended)] => ended.retry,
        other => panic!("not the end: {other:?}"),
    }
}

#[test]
fn without_a_welcome_within_ten_seconds_it_is_over() {
    let mut table = Table::new();
    assert_eq!(table.deadline(), 10.0);
    assert_eq!(table.frame(5.0, 0, Frame::Keepalive), []);
    assert_eq!(table.step(9.9, Input::Tick), []);
    assert_eq!(retry(&table.step(10.0, Input::Tick)), Retry::BackOff);
    assert_eq!(table.step(11.0, Input::Tick), []);
    assert_eq!(table.frame(12.0, 0, welcome("late", None)), []);
}

#[test]
fn every_message_puts_the_end_of_patience_off_and_silence_ends_it() {
    let mut table = Table::live();
    assert_eq!(table.deadline(), 15.0);
    assert_eq!(table.frame(9.0, 0, Frame::Keepalive), []);
    assert_eq!(table.deadline(), 24.0);
    let told = table.frame(20.0, 0, Frame::Notification(event()));
    assert_eq!(told, [Action::Tell(Heard::Notification(event()))]);
    assert_eq!(table.frame(30.0, 0, Frame::Unusable { reason: "odd".into() }), []);
    assert_eq!(table.step(44.9, Input::Tick), []);
    assert_eq!(retry(&table.step(45.0, Input::Tick)), Retry::AtOnce);
}

#[test]
fn each_close_code_has_its_meaning() {
    use Retry::{AtOnce, BackOff, Slowly};
    let meanings = [
        (Some(4000), BackOff),
        (Some(4001), Slowly),
        (Some(4002), AtOnce),
        (Some(4003), Slowly),
        (Some(4004), AtOnce),
        (Some(4005), AtOnce),
        (Some(4006), AtOnce),
        (Some(4007), AtOnce),
        (Some(1001), BackOff),
        (None, AtOnce),
    ];
    for (code, expected) in meanings {
        let ended = Table::live().step(1.0, Input::Closed(0, code));
        assert_eq!(retry(&ended), expected, "{code:?}");
    }
}

#[test]
fn what_could_not_even_be_connected_to_is_not_tried_again_at_once() {
    assert_eq!(retry(&Table::new().step(0.1, Input::Closed(0, None))), Retry::BackOff);
}

#[test]
fn a_move_opens_the_given_address_and_keeps_the_old_connection_until_the_welcome() {
    let mut table = Table::live();
    assert_eq!(table.frame(1.0, 0, reconnect(NEXT)), [Action::Open(1, NEXT.into())]);
    assert_eq!(table.frame(1.5, 0, reconnect(NEXT)), [], "it is under way");
    let told = [Action::Tell(Heard::Notification(event()))];
    assert_eq!(table.frame(2.0, 0, Frame::Notification(event())), told);
    let moved = [Action::Tell(Heard::Moved { session_id: "one".into() })];
    assert_eq!(table.frame(3.0, 1, welcome("one", None)), moved);
    assert_eq!(table.frame(3.5, 0, Frame::Notification(event())), told, "it was under way");
    assert_eq!(table.frame(3.6, 1, Frame::Notification(event())), told);
    assert_eq!(table.deadline(), 4.0);
    assert_eq!(table.step(4.0, Input::Tick), [Action::Leave(0)]);
    assert_eq!(table.step(4.1, Input::Closed(0, None)), []);
    assert!((table.deadline() - 18.6).abs() < 1e-6, "the former keepalive holds");
    assert_eq!(table.frame(5.0, 1, reconnect(NEXT)), [Action::Open(2, NEXT.into())]);
}

#[test]
fn the_old_connection_may_be_lost_before_the_new_welcome() {
    let mut table = Table::live();
    table.frame(1.0, 0, reconnect(NEXT));
    assert_eq!(table.step(2.0, Input::Closed(0, Some(4004))), []);
    assert_eq!(table.deadline(), 31.0);
    let moved = [Action::Tell(Heard::Moved { session_id: "two".into() })];
    assert_eq!(table.frame(20.0, 1, welcome("two", Some(30))), moved);
    assert_eq!(table.deadline(), 55.0);
}

#[test]
fn an_old_connection_that_falls_silent_is_left_and_the_move_goes_on() {
    let mut table = Table::live();
    table.frame(1.0, 0, reconnect(NEXT));
    assert_eq!(table.step(16.0, Input::Tick), [Action::Leave(0)]);
    let moved = [Action::Tell(Heard::Moved { session_id: "one".into() })];
    assert_eq!(table.frame(17.0, 1, welcome("one", None)), moved);
    assert_eq!(table.deadline(), 32.0);
}

#[test]
fn a_move_that_fails_is_the_end() {
    let mut table = Table::live();
    table.frame(1.0, 0, reconnect(NEXT));
    assert_eq!(retry(&table.step(2.0, Input::Closed(1, Some(4007)))), Retry::AtOnce);
    let mut table = Table::live();
    table.frame(1.0, 0, reconnect(NEXT));
    for second in [10.0, 20.0, 30.0] {
        assert_eq!(table.frame(second, 0, Frame::Keepalive), []);
    }
    assert_eq!(retry(&table.step(31.0, Input::Tick)), Retry::AtOnce);
}

#[test]
fn an_address_that_is_not_twitch_s_is_never_opened() {
    let mut table = Table::live();
    assert_eq!(retry(&table.frame(1.0, 0, reconnect(FOREIGN))), Retry::BackOff);
}

#[test]
fn a_session_that_is_over_asks_for_nothing_more() {
    let mut table = Table::live();
    table.frame(1.0, 0, reconnect(NEXT));
    table.frame(1.0, 1, welcome("one", None));
    let ended = table.step(3.0, Input::Closed(1, None));
    assert!(matches!(ended[..], [Action::End(_)]), "{ended:?}");
    assert_eq!(table.step(4.0, Input::Tick), []);
}

fn closed() -> impl Strategy<Value = Input> {
    let code = prop::option::of(3999u16..4009);
    (0u32..4, code).prop_map(|(socket, code)| Input::Closed(socket, code))
}

fn any_input() -> impl Strategy<Value = Input> {
    let frame = prop_oneof![
        Just(Frame::Keepalive),
        Just(Frame::Notification(event())),
        Just(welcome("one", Some(10))),
        Just(welcome("two", None)),
        Just(reconnect(NEXT)),
        Just(reconnect(FOREIGN)),
    ];
    prop_oneof![
        4 => (0u32..4, frame).prop_map(|(socket, frame)| Input::Frame(socket, frame)),
        1 => closed(),
        1 => Just(Input::Tick),
    ]
}

proptest! {
    #[test]
    fn it_subscribes_once_opens_only_twitch_s_addresses_and_ends_once(
        inputs in prop::collection::vec((any_input(), 0.0f64..8.0), 0..60),
    ) {
        let mut table = Table::new();
        let mut second = 0.0;
        let mut actions = Vec::new();
        for (input, pause) in inputs {
            second += pause;
            actions.extend(table.step(second, input));
        }
        let count = |is: fn(&Action) -> bool| actions.iter().filter(|it| is(it)).count();
        let welcomes = count(|it| matches!(it, Action::Tell(Heard::Welcome { .. })));
        let ends = count(|it| matches!(it, Action::End(_)));
        let strays = count(|it| matches!(it, Action::Open(_, url) if url == FOREIGN));
        prop_assert!(welcomes <= 1 && ends <= 1);
        prop_assert_eq!(strays, 0);
        if let Some(end) = actions.iter().position(|it| matches!(it, Action::End(_))) {
            prop_assert_eq!(end, actions.len() - 1);
        }
    }
}
