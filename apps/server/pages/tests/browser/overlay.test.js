import { blank, comparable, forget, reduce } from "../../assets/overlay/state.js";
import { FrameReader } from "../../assets/stream/frames.js";
import { Game } from "../program/game.js";
import { Stage } from "./harness/stage.js";
import { assertAccessible } from "./harness/accessibility.js";
import assert from "node:assert/strict";
import test from "node:test";
import { until } from "../program/until.js";

const SIZE = { width: 1920, height: 1080 };
const TRANSFER_BYTES_MAX = 100 * 1024;

/** A campaign in which alice offers an event, and her overlay in a browser. */
async function onAir(t, options = {}) {
  const stage = await Stage.open(t);
  const game = new Game();
  await game.found(stage.place);
  const event = await game.offer("spell-disable", null, options.minimum ?? 5);
  const wish = { campaignId: game.id, streamerId: game.streamer };
  const overlay = await game.alice.post("/api/v1/overlays", wish);
  const path = `/overlay/${overlay.token}`;
  const visit = await stage.visit({ viewport: SIZE, ...options });
  return { stage, game, event, overlay, path, visit };
}

/** What a reader who comes now is told first. */
async function snapshot(place, path) {
  const answer = await fetch(`${place.base}${path}/stream`);
  const bytes = answer.body.getReader();
  const text = new TextDecoder();
  const frames = new FrameReader();
  for (let read = await bytes.read(); !read.done; read = await bytes.read()) {
    const [frame] = frames.read(text.decode(read.value, { stream: true }));
    if (!frame) continue;
    await bytes.cancel();
    return { type: frame.type, body: JSON.parse(frame.data) };
  }
  throw new Error("the stream ended without a snapshot");
}

async function serversWord(place, path) {
  const frame = await snapshot(place, path);
  return comparable(forget(reduce(blank(), frame).state, Date.now()));
}

const known = (page) => page.evaluate(() => globalThis.overlay?.comparable);
const isShown = (page) => page.evaluate(() => globalThis.overlay?.isShown === true);

/** Until the overlay shows what the server says, at most so long. */
async function agrees(page, place, path, patienceMs) {
  const same = async () => {
    const [here, there] = [await known(page), await serversWord(place, path)];
    return JSON.stringify(here) === JSON.stringify(there) && (await isShown(page));
  };
  await until("the overlay to show the server's state", same, patienceMs);
}

async function click(game, event, from, to) {
  for (let n = from; n < to; n += 1) await game.redeem(event, `viewer${n}`);
}

test("an overlay shows clicks as they come, over a transparent page", async (t) => {
  const { stage, game, event, path, visit } = await onAir(t);
  await visit.goto(path);
  await until("the overlay to be live", () => isShown(visit.page));
  await click(game, event, 0, 2);
  const card = visit.page.locator(".card");
  await card.getByText("2 / 5").waitFor();
  assert.equal(await card.locator(".percent").innerText(), "40%");
  await agrees(visit.page, stage.place, path, 5_000);
  const background = await visit.page.evaluate(
    () => [document.documentElement, document.body].map((e) => getComputedStyle(e).backgroundColor),
  );
  assert.deepEqual(background, ["rgba(0, 0, 0, 0)", "rgba(0, 0, 0, 0)"]);
  await assertAccessible(visit.page);
});

test("what was stopped says that points went back, and how many, in French too", async (t) => {
  const { game, event, path, visit } = await onAir(t);
  await visit.goto(`${path}?lang=fr&theme=parchment&position=bottom-right`);
  await click(game, event, 0, 3);
  await visit.page.getByText("3 / 5").waitFor();
  await game.gm.post(`${game.campaign}/instances/cancel`, {});
  await visit.page.getByText("Arrêté", { exact: true }).waitFor();
  await visit.page.getByText(/1\s?500 points rendus/).waitFor();
  await assertAccessible(visit.page);
});

test("an overlay is blank while the server is away, and right when it is back", async (t) => {
  const { stage, game, event, path, visit } = await onAir(t);
  visit.watch.forgive(/ERR_CONNECTION|ERR_INCOMPLETE|ERR_EMPTY|Failed to fetch/);
  await visit.goto(path);
  await click(game, event, 0, 2);
  await visit.page.getByText("2 / 5").waitFor();
  await stage.place.kill();
  await until("the overlay to go blank", async () => !(await isShown(visit.page)), 8_000);
  await visit.page.locator("#overlay").waitFor({ state: "hidden" });
  await stage.place.serve();
  await until("the overlay to be back", () => isShown(visit.page), 8_000);
  await agrees(visit.page, stage.place, path, 1_000);
  await visit.page.getByText("2 / 5").waitFor();
});

/** In the page: without shared lines, and with its own ones in the test's hand. */
function holdLines() {
  delete globalThis.SharedWorker;
  const ask = globalThis.fetch;
  let cut = new AbortController();
  globalThis.cutLines = () => cut.abort();
  globalThis.mendLines = () => { cut = new AbortController(); };
  globalThis.fetch = (url, init = {}) => {
    const signals = init.signal ? [cut.signal, init.signal] : [cut.signal];
    return ask(url, { ...init, signal: AbortSignal.any(signals) });
  };
}

test("an overlay that missed hundreds of facts is right at once, playing none", async (t) => {
  const { stage, game, event, path, visit } = await onAir(t, { minimum: 500 });
  await visit.page.addInitScript(holdLines);
  await visit.goto(path);
  await click(game, event, 0, 1);
  await visit.page.getByText("1 / 500").waitFor();
  await visit.page.evaluate(() => globalThis.cutLines());
  const panic = `${game.campaign}/panic`;
  for (let n = 0; n < 250; n += 1) {
    await game.gm.post(panic, {});
    await game.gm.try("DELETE", panic);
  }
  await game.gm.post(`${game.campaign}/instances/cancel`, {});
  assert.equal((await known(visit.page)).goals.length, 1, "it was cut off");
  await visit.page.evaluate(() => globalThis.mendLines());
  await until("the overlay to be back", () => isShown(visit.page), 8_000);
  await agrees(visit.page, stage.place, path, 1_000);
  assert.equal((await known(visit.page)).goals.length, 0);
  assert.equal(await visit.page.locator(".scene").count(), 0);
});

test("an overlay whose page was frozen is right when it wakes up", async (t) => {
  const { stage, game, event, path, visit } = await onAir(t);
  await visit.goto(path);
  await click(game, event, 0, 1);
  await visit.page.getByText("1 / 5").waitFor();
  const browser = await visit.context.newCDPSession(visit.page);
  await browser.send("Page.setWebLifecycleState", { state: "frozen" });
  await click(game, event, 1, 4);
  await game.goalThat(({ currentProgress }) => currentProgress === 4, "four clicks");
  await browser.send("Page.setWebLifecycleState", { state: "active" });
  await agrees(visit.page, stage.place, path, 1_000);
  await visit.page.getByText("4 / 5").waitFor();
});

test("two overlays of one channel show the same over one line", async (t) => {
  const { stage, game, event, path, visit } = await onAir(t);
  await visit.goto(path);
  const second = await visit.context.newPage();
  await second.goto(`${stage.place.base}${path}?theme=contrast&position=bottom`);
  await click(game, event, 0, 2);
  for (const page of [visit.page, second]) await page.getByText("2 / 5").waitFor();
  const [first, other] = [await known(visit.page), await known(second)];
  assert.deepEqual(first, other);
  const metrics = await (await fetch(`${stage.place.base}/metrics`)).text();
  const readers = metrics.split("\n").find((line) => /^[a-z_]*stream_readers /.test(line));
  assert.match(readers ?? metrics, / 1$/);
});

test("an address that is taken back goes blank within seconds and stays so", async (t) => {
  const { game, event, overlay, path, visit } = await onAir(t);
  visit.watch.forgive(/404/);
  await visit.goto(path);
  await click(game, event, 0, 1);
  await visit.page.getByText("1 / 5").waitFor();
  await game.alice.try("DELETE", `/api/v1/overlays/${overlay.id}`);
  await until("the overlay to go blank", async () => !(await isShown(visit.page)), 10_000);
  await visit.goto(path);
  await visit.page.getByText("This overlay address does not work").waitFor();
  await assertAccessible(visit.page);
});

test("a name with markup that runs backwards is shown as text, and fits", async (t) => {
  const { game, path, visit } = await onAir(t, { wantsLessMotion: true });
  const name = "<img src=x onerror=alert(1)> \u202e👩‍👩‍👧";
  await game.gm.post("/api/v1/events", {
    slug: "odd-name", name, trigger: { type: "manual", config: {} },
    action: { type: "chat_message", config: { content: "x" } }, cost: 10,
    objectiveCoefficient: 0.01, minimumObjective: 1, duration: 120,
    cooldown: { type: "time", config: { durationSeconds: 0 } },
  });
  const event = await game.offer("odd-name", null, 5);
  await visit.goto(path);
  await until("the overlay to be live", () => isShown(visit.page));
  await click(game, event, 0, 1);
  await visit.page.locator(".name").getByText(name).waitFor();
  await visit.page.locator(".contributor").getByText("viewer0").waitFor();
  assert.equal(await visit.page.locator("#overlay img").count(), 0);
  const { width } = await visit.page.locator(".card").boundingBox();
  assert.ok(width < 600, `${width}`);
});

test("an overlay is small", async (t) => {
  const { path, visit } = await onAir(t);
  const { bytes, requests } = await visit.measure(path, (page) =>
    until("the overlay to be live", () => isShown(page)));
  assert.ok(bytes <= TRANSFER_BYTES_MAX, `${bytes} bytes: ${requests.join(", ")}`);
});
