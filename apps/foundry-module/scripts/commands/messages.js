import { postMessage, speakerOf } from "../table/chat.js";
import { Refusal } from "./refusal.js";

/**
 * `chat_message {content, speaker?}`: the server escaped the content. Answers `{messageId}`.
 *
 * @type {import("./handlers.js").Handler}
 */
export async function chatMessage({ content, speaker }, { requestId }) {
  if (typeof content !== "string" || content === "") throw new Refusal("the message is empty");
  const message = await postMessage(requestId, { content, speaker: speakerOf(speaker) });
  return {
    result: { messageId: message.id },
    inverse: [{ kind: "delete", uuid: message.uuid }],
  };
}

/**
 * `delete_message {messageId}`. Answers `{messageId}`.
 *
 * @type {import("./handlers.js").Handler}
 */
export async function deleteMessage({ messageId }) {
  const message = game.messages.get(messageId);
  if (!message) throw new Refusal("there is no such message");
  const data = message.toObject();
  await message.delete();
  return { result: { messageId }, inverse: [{ kind: "recreate_message", data }] };
}
