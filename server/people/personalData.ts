import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';
import type { z } from 'zod';

const nonceBytes = 12;
const tagBytes = 16;
/** Longest beginning of a name that is indexed; longer queries are completed after decryption. */
const prefixLength = 6;

/**
 * Encrypts personal data for PostgreSQL and makes keyed hashes ("blind indexes") by which an exact value is found.
 * A copy of the database without PERSONAL_DATA_KEY shows neither.
 */
export class PersonalData {
  readonly #sealingKey: Buffer;
  readonly #indexKey: Buffer;

  /** @param key 32 bytes or more, as PERSONAL_DATA_KEY holds them */
  constructor(key: Uint8Array) {
    const derive = (use: string) => Buffer.from(hkdfSync('sha256', key, '', `medloom/personal-data/${use}/v1`, 32));
    this.#sealingKey = derive('seal');
    this.#indexKey = derive('index');
  }

  /** AES-256-GCM; `context` names the row and the column, so that a value cannot be moved to another. */
  seal(context: string, value: unknown): Buffer {
    const nonce = randomBytes(nonceBytes);
    const cipher = createCipheriv('aes-256-gcm', this.#sealingKey, nonce).setAAD(Buffer.from(context));
    const sealed = Buffer.concat([cipher.update(JSON.stringify(value), 'utf8'), cipher.final()]);
    return Buffer.concat([nonce, sealed, cipher.getAuthTag()]);
  }

  /** Throws where the bytes were not sealed under this key and context. */
  open<T>(context: string, sealed: Buffer, schema: z.ZodType<T>): T {
    const decipher = createDecipheriv('aes-256-gcm', this.#sealingKey, sealed.subarray(0, nonceBytes));
    decipher.setAAD(Buffer.from(context)).setAuthTag(sealed.subarray(-tagBytes));
    const text = decipher.update(sealed.subarray(nonceBytes, -tagBytes), undefined, 'utf8') + decipher.final('utf8');
    return schema.parse(JSON.parse(text));
  }

  /** Keyed hash of `value` for one use; different uses cannot be compared with each other. */
  index(use: string, value: string): Buffer {
    return createHmac('sha256', this.#indexKey).update(`${use}\0${value}`).digest();
  }

  /** Hashes of every beginning of every word of a name, for one institution's search. */
  nameTokens(institutionId: string, name: string): Buffer[] {
    const beginnings = new Set<string>();
    for (const word of nameWords(name)) {
      for (let length = 2; length <= Math.min(prefixLength, word.length); length += 1) {
        beginnings.add(word.slice(0, length));
      }
    }
    return [...beginnings].map((beginning) => this.#nameToken(institutionId, beginning));
  }

  /** Hashes that all must be among a name's tokens for the query to match. */
  queryTokens(institutionId: string, query: string): Buffer[] {
    const words = nameWords(query).filter((word) => word.length >= 2);
    return words.map((word) => this.#nameToken(institutionId, word.slice(0, prefixLength)));
  }

  #nameToken(institutionId: string, beginning: string): Buffer {
    return this.index(`name:${institutionId}`, beginning).subarray(0, 12);
  }
}

/** Words of a name without accents and in lower case. */
export function nameWords(text: string): string[] {
  const plain = text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
  return plain.split(/[^\p{L}\p{N}]+/u).filter((word) => word.length > 0);
}

/** True when every word of the query begins a word of the name. */
export function nameMatches(name: string, query: string): boolean {
  const words = nameWords(name);
  return nameWords(query).every((part) => words.some((word) => word.startsWith(part)));
}

/** The form in which e-mail addresses are compared. */
export function normaliseEmail(email: string): string {
  return email.trim().toLowerCase();
}

/** The form in which identifiers are compared. */
export function normaliseIdentifier(identifier: string): string {
  return identifier.replace(/[\s.-]/g, '').toUpperCase();
}

/** True for what can be somebody's identifier: six letters and digits or more, of which four are digits. No name is. */
export function isIdentifier(text: string): boolean {
  return /^(?=(?:.*\d){4})[\p{L}\p{N}/]{6,60}$/u.test(normaliseIdentifier(text));
}
