//! What a table says by itself.

use crate::dice::perform_roll;
use crate::frames;
use crate::script::{Client, Commands, PerformedCommand, Script};
use serde_json::{Value, json};
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

pub(crate) struct Answers {
    script: Script,
    /// Begins the ids of its chat messages, so that no two sockets use the same.
    message_prefix: String,
    messages: u32,
    /// Whose roll each outstanding acknowledgement is for: true for the caller's.
    awaited_acks: VecDeque<bool>,
    performed: Arc<Mutex<Vec<PerformedCommand>>>,
}

impl Answers {
    pub(crate) fn new(
        script: Script,
        socket_id: &str,
        performed: Arc<Mutex<Vec<PerformedCommand>>>,
    ) -> Self {
        let message_prefix = format!("forced-{socket_id}");
        Self { script, message_prefix, messages: 0, awaited_acks: VecDeque::new(), performed }
    }

    /// What it says first.
    pub(crate) fn greeting(&self) -> Vec<String> {
        let Client::OurModule { is_active_gm, .. } = self.script.client else { return Vec::new() };
        let hello = json!({
            "module": "viewer-gamification",
            "version": "0.1.0",
            "core": "13",
            "system": self.script.system,
            "features": ["treasure_drop", "custom", "undo", "panic"],
            "activeGm": is_active_gm,
        });
        vec![event("hello", &hello)]
    }

    /// Notes what the caller says: the acknowledgement of its rolls is for the caller.
    pub(crate) fn note_own(&mut self, array: &str) {
        let name = serde_json::from_str::<Value>(array)
            .ok()
            .and_then(|array| array.get(0).and_then(Value::as_str).map(str::to_owned));
        // What is no JSON is acknowledged too, if the server can tell that it is a roll.
        if name.as_deref() == Some("dice:roll") || (name.is_none() && array.contains("dice:roll")) {
            self.awaited_acks.push_back(true);
        }
    }

    /// Whether the caller shall hear it, and the frames that answer it.
    pub(crate) fn answer(&mut self, name: &str, body: &Value) -> (bool, Vec<String>) {
        match name {
            "ping" => {
                let pong = json!({ "timestamp": body["timestamp"], "moduleVersion": "2.3.0" });
                (true, vec![event("pong", &pong)])
            }
            "dice:roll:ack" => (self.awaited_acks.pop_front().unwrap_or(true), Vec::new()),
            _ => match name.strip_prefix("command:") {
                Some(command) => (true, self.answer_command(command, body)),
                None => (true, Vec::new()),
            },
        }
    }

    fn answer_command(&mut self, command: &str, body: &Value) -> Vec<String> {
        if command == "request_sync" && self.script.client.is_published() {
            // It would tell its characters; a scripted table has those that its caller tells.
            return Vec::new();
        }
        let request = body["requestId"].as_str().unwrap_or_default().to_owned();
        let memory = match &self.script.client {
            Client::OurModule { memory, .. } => Some(memory.clone()),
            Client::Published => None,
        };
        if let Some(answer) = memory.as_ref().and_then(|memory| memory.answer_to(&request)) {
            return vec![event("command:result", &answer)];
        }
        let mut frames = Vec::new();
        let answer = match self.script.commands.clone() {
            Commands::Ignore => return frames,
            Commands::Fail(error) => json!({ "requestId": request, "ok": false, "error": error }),
            Commands::FailOne { name, error } if name == command => {
                json!({ "requestId": request, "ok": false, "error": error })
            }
            Commands::Obey | Commands::FailOne { .. } => {
                let result = self.perform(command, body, memory.is_some(), &mut frames);
                json!({ "requestId": request, "ok": true, "result": result })
            }
        };
        if let Some(memory) = memory {
            memory.remember(request, answer.clone());
            frames.push(event("command:result", &answer));
        }
        frames
    }

    fn perform(
        &mut self,
        command: &str,
        body: &Value,
        is_our_module: bool,
        frames: &mut Vec<String>,
    ) -> Value {
        let performed = PerformedCommand { name: command.to_owned(), body: body.clone() };
        self.performed.lock().unwrap_or_else(PoisonError::into_inner).push(performed);
        if command != "roll_dice" {
            return Value::Null;
        }
        self.messages += 1;
        let message = format!("{}-{}", self.message_prefix, self.messages);
        let mut roll = perform_roll(body, &message, &self.script.system);
        if is_our_module {
            roll["rollIndex"] = json!(0);
            roll["flags"] = json!({ "requestId": body["requestId"] });
        }
        self.awaited_acks.push_back(false);
        frames.push(event("dice:roll", &roll));
        json!({ "total": roll["result"], "messageId": message })
    }
}

fn event(name: &str, body: &Value) -> String {
    frames::event(&json!([name, body]).to_string())
}
