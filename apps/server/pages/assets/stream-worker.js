// The streams of all pages of this browser, in a SharedWorker: browsers and OBS allow six lines to
// a server, and a page that streams would hold one for ever.
import { browserWorld } from "./stream/connection.js";
import { Exchange } from "./stream/exchange.js";

const exchange = new Exchange(browserWorld());

globalThis.addEventListener("connect", (event) => {
  const [port] = /** @type {MessageEvent} */ (event).ports;
  port.addEventListener("message", ({ data }) => exchange.hear(port, data));
  port.start();
  exchange.welcome(port);
});
