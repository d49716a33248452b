const shortest = 8;

/** Base64 without the characters at its ends that also depend on neighbouring bytes, for each of the three alignments. */
function base64Cores(bytes: Uint8Array, encoding: 'base64' | 'base64url'): Buffer[] {
  return [0, 1, 2].map((shift) => {
    const text = Buffer.concat([Buffer.alloc(shift), bytes])
      .toString(encoding)
      .replaceAll('=', '');
    const whole = Math.floor(((shift + bytes.length) * 8) / 6);
    return Buffer.from(text.slice(Math.ceil((shift * 8) / 6), whole));
  });
}

/** Every way in which bytes usually stand in text: themselves, hex, base64, base64url, a JSON array, a JSON object. */
function formsOf(bytes: Uint8Array): Buffer[] {
  const hex = Buffer.from(bytes).toString('hex');
  return [
    Buffer.from(bytes),
    Buffer.from(hex),
    Buffer.from(hex.toUpperCase()),
    ...base64Cores(bytes, 'base64'),
    ...base64Cores(bytes, 'base64url'),
    Buffer.from([...bytes].join(',')),
    Buffer.from(JSON.stringify({ ...bytes }).slice(1, -1)),
  ];
}

/**
 * Looks for secrets in whatever was received or stored, in every usual encoding, and in an encoding of an encoding: a
 * proposal in base64url carries JSON whose values are base64url again.
 */
export class SecretSearch {
  readonly #byPrefix = new Map<number, { name: string; form: Buffer }[]>();
  /** Which first three bytes any form has: most places of a haystack are passed over by this alone. */
  readonly #beginnings = new Uint8Array(2 ** 24);
  readonly names: string[] = [];

  /** Adds a secret of at least eight bytes; a string is looked for as its UTF-8. */
  plant(name: string, secret: Uint8Array | string): void {
    const bytes = typeof secret === 'string' ? Buffer.from(secret) : Buffer.from(secret);
    if (bytes.length < shortest) throw new RangeError(`${name} is too short to be told from chance.`);
    this.names.push(name);
    const forms = new Map<string, Buffer>();
    for (const once of formsOf(bytes)) {
      for (const form of [once, ...formsOf(once)]) forms.set(form.toString('latin1'), form);
    }
    for (const form of forms.values()) {
      const prefix = form.readUInt32LE(0);
      this.#beginnings[prefix & 0xffffff] = 1;
      const known = this.#byPrefix.get(prefix);
      if (known === undefined) this.#byPrefix.set(prefix, [{ name, form }]);
      else known.push({ name, form });
    }
  }

  /** Names of the secrets that occur in `haystack`. */
  find(haystack: Uint8Array | string): string[] {
    const bytes = typeof haystack === 'string' ? Buffer.from(haystack) : haystack;
    const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const found = new Set<string>();
    // The last four bytes read so far, the newest highest.
    let window = 0;
    for (let end = 0; end < view.length; end += 1) {
      window = (window >>> 8) | ((view[end] ?? 0) << 24);
      const at = end - 3;
      if (at < 0 || this.#beginnings[window & 0xffffff] === 0) continue;
      for (const { name, form } of this.#byPrefix.get(window >>> 0) ?? []) {
        if (view.subarray(at, at + form.length).equals(form)) found.add(name);
      }
    }
    return [...found].sort();
  }
}
