// Secrets that are planted in a run, to be looked for in all that it leaves behind.

/** Long enough that no two of them, nor chance, begin alike. */
const PREFIX = 16;

export class Canaries {
  #needles = new Map();

  /** A secret as it is, and a long beginning of it. */
  plant(name, secret) {
    if (secret.length < PREFIX) throw new Error(`${name} is too short to be told from other text`);
    for (const form of new Set([secret, decodeURIComponent(secret), encodeURIComponent(secret)])) {
      this.#needles.set(form.slice(0, PREFIX), name);
    }
    return secret;
  }

  /** A token: the beginnings of all its parts. The header's is that of every JWT. */
  plantToken(name, token) {
    for (const [i, part] of token.split(".").entries()) this.plant(`${name}, part ${i + 1}`, part.padEnd(PREFIX, "."));
    return token;
  }

  /** The names of those that stand in the text, with what surrounds them. */
  findIn(text) {
    return [...this.#needles].flatMap(([needle, name]) => {
      const at = text.indexOf(needle);
      return at < 0 ? [] : [`${name}: …${text.slice(Math.max(0, at - 80), at + 80)}…`];
    });
  }
}
