import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LedgerError, parseLedgerError } from './errors.ts';
import { canonicalJson } from './state.ts';

describe('canonicalJson', () => {
  it('sorts keys at every depth and leaves undefined members out', () => {
    expect(canonicalJson({ b: [{ d: 1, c: 'x' }], a: null, z: undefined })).toBe('{"a":null,"b":[{"c":"x","d":1}]}');
  });

  it('gives the same text whatever the order of the members', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.oneof(fc.string(), fc.integer(), fc.boolean())), (value) => {
        const reversed = Object.fromEntries(Object.entries(value).reverse());
        expect(canonicalJson(reversed)).toBe(canonicalJson(value));
        expect(JSON.parse(canonicalJson(value))).toEqual(value);
      }),
    );
  });

  it('refuses numbers that machines may write differently, and what has no JSON', () => {
    expect(() => canonicalJson({ a: 0.1 })).toThrow(TypeError);
    expect(() => canonicalJson(Number.NaN)).toThrow(TypeError);
    expect(() => canonicalJson(2 ** 53)).toThrow(TypeError);
    expect(() => canonicalJson(() => 1)).toThrow(TypeError);
  });
});

describe('LedgerError', () => {
  it('survives what Fabric puts around its message', () => {
    const { message } = new LedgerError('WRONG_STATE', 'rx is "active"');
    expect(parseLedgerError(`10 ABORTED: chaincode response 500, ${message} (peer)`)).toEqual({
      code: 'WRONG_STATE',
      detail: 'rx is "active"',
    });
    expect(parseLedgerError('chaincode response 500, {"code":"MADE_UP","detail":""}')).toBeUndefined();
    expect(parseLedgerError('connection refused')).toBeUndefined();
  });
});
