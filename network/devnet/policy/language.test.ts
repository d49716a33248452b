import { describe, expect, it } from 'vitest';
import { parsePolicy } from './language.ts';
import type { Policy } from './policy.ts';

const one = (mspId: string): Policy => ({ kind: 'principal', mspId, role: 'peer' });
const outOf = (n: number, ...rules: Policy[]): Policy => ({ kind: 'outOf', n, rules });

// What policydsl.FromString of Fabric v3.1.5 answers to the same texts.
describe('parsePolicy', () => {
  it.each([
    ["AND('A.peer')", outOf(1, one('A'))],
    ["And('A.peer','B.peer')", outOf(2, one('A'), one('B'))],
    ["OR('A.peer' , 'B.peer' )", outOf(1, one('A'), one('B'))],
    [" Or( 'A.peer',\n 'B.peer' ) ", outOf(1, one('A'), one('B'))],
    ["OR('A.peer','B.peer',)", outOf(1, one('A'), one('B'))],
    ['OR("A.peer")', outOf(1, one('A'))],
    ['OR(`A.peer`)', outOf(1, one('A'))],
    ["OR ('A.peer')", outOf(1, one('A'))],
    ["OR('A.B-c.peer')", outOf(1, one('A.B-c'))],
    ["OR('A.peer.peer')", outOf(1, one('A.peer'))],
    ["AND(OR('A.peer'))", outOf(1, outOf(1, one('A')))],
    ["OutOf(1,'A.peer','A.peer')", outOf(1, one('A'), one('A'))],
    ["outof(1,'A.peer')", outOf(1, one('A'))],
    ["OUTOF('1','A.peer')", outOf(1, one('A'))],
    ["OutOf(1.5,'A.peer')", outOf(1, one('A'))],
    ["OutOf(0,'A.peer')", outOf(0, one('A'))],
    ["OutOf(2,'A.peer')", outOf(2, one('A'))],
    ["OR(OutOf(0,'A.peer'),'B.peer')", outOf(1, outOf(0, one('A')), one('B'))],
  ])('reads %j', (text, policy) => {
    expect(parsePolicy(text)).toEqual(policy);
  });

  it('knows every role', () => {
    for (const role of ['member', 'client', 'peer', 'admin', 'orderer'])
      expect(parsePolicy(`OR('A.${role}')`)).toEqual(outOf(1, { kind: 'principal', mspId: 'A', role } as Policy));
  });

  it.each([
    '',
    "'A.peer'",
    "and('A.peer','B.peer')",
    "or('A.peer','B.peer')",
    "aNd('A.peer','B.peer')",
    "outOf(1,'A.peer')",
    "AND('A.peer'",
    'AND()',
    'OutOf(1)',
    "OutOf(3,'A.peer')",
    "OutOf(-1,'A.peer')",
    "OutOf('A.peer','B.peer')",
    "AND('1','A.peer')",
    "OR('A.boss')",
    "OR('A.PEER')",
    "OR('A_B.peer')",
    "OR('Ä.peer')",
    "OR('A.peer ')",
    "OR('A.peer\\x')",
    "OR('.peer')",
    "OR('A')",
    'OR(A.peer)',
    "OR('A.peer' 'B.peer')",
    "OR('A.peer') 'B.peer'",
    "XOR('A.peer','B.peer')",
    "AND('A.peer';'B.peer')",
    '/Channel/Application/Endorsement',
  ])('refuses %j', (text) => {
    expect(() => parsePolicy(text)).toThrow(/^policy /);
  });
});
