import { describe, expect, it } from 'vitest';
import { evaluatePolicy, isMember, organisationsOf, parsePolicy, type Signer } from './policy.ts';

const peer = (mspId: string): Signer => ({ mspId, role: 'peer' });

describe('parsePolicy', () => {
  it('reads nested expressions, any case of the words and both kinds of quotes', () => {
    expect(parsePolicy(`AND('A.peer', or("B.member", OutOf(1, 'C.D.admin')))`)).toEqual({
      kind: 'outOf',
      n: 2,
      rules: [
        { kind: 'principal', mspId: 'A', role: 'peer' },
        {
          kind: 'outOf',
          n: 1,
          rules: [
            { kind: 'principal', mspId: 'B', role: 'member' },
            { kind: 'outOf', n: 1, rules: [{ kind: 'principal', mspId: 'C.D', role: 'admin' }] },
          ],
        },
      ],
    });
  });

  it.each([
    [''],
    ["AND('A.peer'"],
    ["AND('A.peer',)"],
    ["OutOf('A.peer')"],
    ["OutOf(2,'A.peer')"],
    ["OutOf(0,'A.peer')"],
    ["'A.boss'"],
    ["'A'"],
    ["'A.peer' 'B.peer'"],
    ["XOR('A.peer','B.peer')"],
    ["AND('A.peer';'B.peer')"],
  ])('refuses %j', (text) => {
    expect(() => parsePolicy(text)).toThrow(/^policy /);
  });

  it('names each organisation once', () => {
    expect(organisationsOf(parsePolicy("OR(AND('A.peer','B.peer'),'A.admin')"))).toEqual(['A', 'B']);
  });
});

describe('evaluatePolicy', () => {
  const two = parsePolicy("OutOf(2,'A.peer','B.peer','C.peer')");

  it('counts what is asked for', () => {
    expect(evaluatePolicy(two, [peer('A'), peer('C')])).toBe(true);
    expect(evaluatePolicy(two, [peer('A')])).toBe(false);
    expect(evaluatePolicy(two, [peer('A'), peer('D')])).toBe(false);
  });

  it('lets one signer stand for one principal only', () => {
    const twice = parsePolicy("AND('A.peer','A.member')");
    expect(evaluatePolicy(twice, [peer('A')])).toBe(false);
    expect(evaluatePolicy(twice, [peer('A'), { mspId: 'A', role: 'client' }])).toBe(true);
  });

  it('asks for the role', () => {
    expect(evaluatePolicy(parsePolicy("'A.peer'"), [{ mspId: 'A', role: 'client' }])).toBe(false);
    expect(evaluatePolicy(parsePolicy("'A.member'"), [{ mspId: 'A', role: 'client' }])).toBe(true);
  });
});

it('counts as a member who satisfies one principal of a collection policy', () => {
  const policy = parsePolicy("OR('A.member','B.peer')");
  expect(isMember(policy, { mspId: 'A', role: 'client' })).toBe(true);
  expect(isMember(policy, { mspId: 'B', role: 'client' })).toBe(false);
});
