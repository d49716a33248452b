import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parsePolicy } from './language.ts';
import {
  evaluatePolicy,
  isAlternative,
  isMember,
  organisationsOf,
  type Policy,
  type Signer,
  satisfiesPrincipal,
} from './policy.ts';

const peer = (mspId: string): Signer => ({ mspId, role: 'peer' });

it('names each organisation once', () => {
  expect(organisationsOf(parsePolicy("OR(AND('A.peer','B.peer'),'A.admin')"))).toEqual(['A', 'B']);
});

describe('evaluatePolicy', () => {
  const two = parsePolicy("OutOf(2,'A.peer','B.peer','C.peer')");

  it('counts what is asked for', () => {
    expect(evaluatePolicy(two, [peer('A'), peer('C')])).toBe(true);
    expect(evaluatePolicy(two, [peer('A')])).toBe(false);
    expect(evaluatePolicy(two, [peer('A'), peer('D')])).toBe(false);
  });

  it('holds always when it asks for none, and never when it asks for more than there are', () => {
    expect(evaluatePolicy(parsePolicy("OutOf(0,'A.peer')"), [])).toBe(true);
    expect(evaluatePolicy(parsePolicy("OutOf(2,'A.peer')"), [peer('A'), peer('A')])).toBe(false);
  });

  it('lets one signer stand for one principal only', () => {
    const twice = parsePolicy("AND('A.peer','A.member')");
    expect(evaluatePolicy(twice, [peer('A')])).toBe(false);
    expect(evaluatePolicy(twice, [peer('A'), { mspId: 'A', role: 'client' }])).toBe(true);
  });

  it('gives a signer to the first principal that fits, as Fabric does, though another order would satisfy', () => {
    const greedy = parsePolicy("AND('A.member','A.peer')");
    expect(evaluatePolicy(greedy, [peer('A'), { mspId: 'A', role: 'client' }])).toBe(false);
    expect(evaluatePolicy(greedy, [{ mspId: 'A', role: 'client' }, peer('A')])).toBe(true);
  });

  it('asks for the role', () => {
    expect(evaluatePolicy(parsePolicy("OR('A.peer')"), [{ mspId: 'A', role: 'client' }])).toBe(false);
    expect(evaluatePolicy(parsePolicy("OR('A.member')"), [{ mspId: 'A', role: 'client' }])).toBe(true);
    expect(evaluatePolicy(parsePolicy("OR('A.member')"), [{ mspId: 'A', role: undefined }])).toBe(true);
    const listed = { mspId: 'A', role: undefined, listedAdmin: true };
    expect(evaluatePolicy(parsePolicy("OR('A.admin')"), [listed])).toBe(true);
    expect(evaluatePolicy(parsePolicy("OR('A.client')"), [listed])).toBe(false);
  });

  it('counts each part of an implicit policy on its own', () => {
    const rules = [parsePolicy("OR('A.peer')"), parsePolicy("OR('A.member')"), parsePolicy("OR('B.peer')")];
    expect(evaluatePolicy({ kind: 'implicit', n: 2, rules }, [peer('A')])).toBe(true);
    expect(evaluatePolicy({ kind: 'outOf', n: 2, rules }, [peer('A')])).toBe(false);
    expect(evaluatePolicy({ kind: 'implicit', n: 3, rules }, [peer('A')])).toBe(false);
  });

  it('answers like a literal translation of common/cauthdsl', () => {
    const role = fc.constantFrom('client', 'peer', 'admin', 'orderer');
    const mspId = fc.constantFrom('A', 'B', 'C');
    const principal = fc.record({
      kind: fc.constant('principal'),
      mspId,
      role: fc.oneof(role, fc.constant('member')),
    }) as fc.Arbitrary<Policy>;
    const { policy } = fc.letrec<{ policy: Policy }>((tie) => ({
      policy: fc.oneof(
        { maxDepth: 3 },
        principal,
        fc
          .array(tie('policy'), { minLength: 1, maxLength: 4 })
          .chain((rules) =>
            fc.nat(rules.length + 1).map((n): Policy => ({ kind: 'outOf', n, rules: rules as Policy[] })),
          ),
      ),
    }));
    const signers = fc.array(fc.record({ mspId, role }) as fc.Arbitrary<Signer>, { maxLength: 5 });
    fc.assert(
      fc.property(policy, signers, (rule, signed) => {
        const expected = compiled(rule)(
          signed,
          signed.map(() => false),
        );
        expect(evaluatePolicy(rule, signed)).toBe(expected);
      }),
      { numRuns: 2000 },
    );
  });
});

/** cauthdsl.compile, line by line: it marks in `used` whom it has counted. */
function compiled(policy: Policy): (signers: readonly Signer[], used: boolean[]) => boolean {
  if (policy.kind === 'principal')
    return (signers, used) => {
      for (const [i, signer] of signers.entries()) {
        if (used[i] || !satisfiesPrincipal(signer, policy)) continue;
        used[i] = true;
        return true;
      }
      return false;
    };
  const rules = policy.rules.map(compiled);
  return (signers, used) => {
    let verified = 0;
    const trial = [...used];
    for (const rule of rules) {
      for (const [i, value] of used.entries()) trial[i] = value;
      if (!rule(signers, trial)) continue;
      verified += 1;
      for (const [i, value] of trial.entries()) used[i] = value;
    }
    return verified >= policy.n;
  };
}

it('counts as a member who satisfies one principal of a collection policy', () => {
  const policy = parsePolicy("OR('A.member','B.peer')");
  expect(isMember(policy, { mspId: 'A', role: 'client' })).toBe(true);
  expect(isMember(policy, { mspId: 'B', role: 'client' })).toBe(false);
});

it('tells an OR of principals from other policies', () => {
  expect(isAlternative(parsePolicy("OR('A.member',OutOf(1,'B.peer','C.peer'))"))).toBe(true);
  expect(isAlternative(parsePolicy("OR('A.member',AND('B.peer','C.peer'))"))).toBe(false);
  expect(isAlternative(parsePolicy("AND('A.member')"))).toBe(true);
});
