import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { SecretSearch } from './secretSearch.ts';

const secret = randomBytes(16);
const search = new SecretSearch();
search.plant('code', secret);
search.plant('word', 'Metformin');

const padded = (before: number) => Buffer.concat([randomBytes(before), secret, randomBytes(5)]);
const encodings: [string, (bytes: Buffer) => string | Uint8Array][] = [
  ['raw bytes', (bytes) => bytes],
  ['hex', (bytes) => bytes.toString('hex')],
  ['upper-case hex', (bytes) => bytes.toString('hex').toUpperCase()],
  ['base64', (bytes) => bytes.toString('base64')],
  ['base64url', (bytes) => bytes.toString('base64url')],
  ['a JSON array', (bytes) => JSON.stringify([...bytes])],
  [
    'base64url within base64url',
    (bytes) => Buffer.from(`{"a":"${bytes.toString('base64url')}"}`).toString('base64url'),
  ],
  ['hex within base64', (bytes) => Buffer.from(`x${bytes.toString('hex')}`).toString('base64')],
  ['raw bytes within hex within base64url', (bytes) => Buffer.from(bytes.toString('hex')).toString('base64url')],
];

describe('a planted secret is found', () => {
  it.each(encodings)('as %s, wherever it begins', (_, encode) => {
    for (const before of [0, 1, 2, 3, 4]) expect(search.find(encode(padded(before)))).toEqual(['code']);
  });

  it('as a typed array that became a JSON object', () => {
    expect(search.find(JSON.stringify({ key: new Uint8Array(secret) }))).toEqual(['code']);
  });

  it('as a word in a text', () => {
    expect(search.find('{"text":"Metformin 500 mg"}')).toEqual(['word']);
  });
});

it('does not find what is not there', () => {
  expect(search.find(randomBytes(200_000))).toEqual([]);
  expect(search.find(secret.subarray(0, 15))).toEqual([]);
});

it('refuses what is too short to be told from chance', () => {
  expect(() => search.plant('short', 'pin 12')).toThrow(RangeError);
});
