/** @typedef {import("./scenes.js").Scene} Scene */

/**
 * A note: how high in hertz, when and how long in seconds, how loud, and of what wave.
 *
 * @typedef {[number, number, number, number, OscillatorType]} Note
 */

/** @type {Record<Scene["kind"], Note[]>} */
const TUNES = {
  opened: [[392, 0, 0.35, 0.5, "triangle"], [523, 0.09, 0.5, 0.5, "triangle"]],
  armed: [
    [196, 0, 0.5, 0.5, "sawtooth"], [294, 0.14, 0.5, 0.4, "triangle"],
    [392, 0.28, 0.5, 0.4, "triangle"], [587, 0.42, 0.9, 0.5, "triangle"],
  ],
  consumed: [[65, 0, 1.2, 1, "sine"], [98, 0, 0.7, 0.6, "sawtooth"], [784, 0.05, 0.9, 0.3, "sine"]],
  executed: [
    [130, 0, 1, 0.8, "sine"], [523, 0.05, 0.5, 0.4, "triangle"], [659, 0.17, 0.5, 0.4, "triangle"],
    [784, 0.29, 0.6, 0.4, "triangle"], [1_047, 0.41, 1.1, 0.45, "triangle"],
  ],
  failed: [[233, 0, 0.5, 0.5, "triangle"], [175, 0.2, 0.8, 0.5, "triangle"]],
  expired: [[330, 0, 0.4, 0.4, "sine"], [262, 0.22, 0.7, 0.4, "sine"]],
  cancelled: [[330, 0, 0.4, 0.4, "sine"], [262, 0.22, 0.7, 0.4, "sine"]],
  dice: [[880, 0, 0.06, 0.25, "square"], [660, 0.09, 0.06, 0.2, "square"]],
};

/** The sounds of the scenes, made of plain waves here: nothing is loaded. */
export class Sound {
  /** @param {number} volume 0 is silent, and asks nothing of the machine. */
  constructor(volume) {
    this.#volume = volume;
  }

  #volume;
  /** @type {AudioContext|null} */
  #audio = null;

  /** @param {Scene["kind"]} kind */
  play(kind) {
    if (this.#volume === 0) return;
    this.#audio ??= new AudioContext();
    // A browser lets nothing sound before somebody clicked; OBS does.
    if (this.#audio.state === "suspended") this.#audio.resume().catch(() => {});
    if (this.#audio.state !== "running") return;
    for (const note of TUNES[kind]) this.#sound(this.#audio, note);
  }

  /**
   * @param {AudioContext} audio
   * @param {Note} note
   */
  #sound(audio, [hertz, at, seconds, loudness, wave]) {
    const begin = audio.currentTime + at;
    const voice = new OscillatorNode(audio, { type: wave, frequency: hertz });
    const gain = new GainNode(audio, { gain: 0 });
    gain.gain.setValueAtTime(0.0001, begin);
    gain.gain.exponentialRampToValueAtTime(0.3 * this.#volume * loudness, begin + 0.015);
    gain.gain.exponentialRampToValueAtTime(0.0001, begin + seconds);
    voice.connect(gain).connect(audio.destination);
    voice.start(begin);
    voice.stop(begin + seconds);
  }
}
