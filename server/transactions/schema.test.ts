import { describe, expect, it } from 'vitest';
import { findPatients, saveVault } from '../people/schema.ts';
import { lookupPrescription } from '../prescriptions/schema.ts';
import { isPassedOn, rpcBody } from '../wallet/schema.ts';
import { readIntent, signedIssue, signedProposal, transactionIntent } from './schema.ts';

const name = 'a'.repeat(26);
const id = `rx-0-${name}`;
const cid = `b${'a'.repeat(58)}`;
const hex32 = 'ab'.repeat(32);

const issue = {
  kind: 'issue',
  issue: {
    ...{ id, patient: `pt-0-${name}`, expires: '2027-01-01T00:00:00.000Z', cid, contentHash: hex32, redeemHash: hex32 },
    ...{ commitment: `0x${hex32}`, quantity: 28, fills: 1 },
  },
  envelope: 'AAAA',
  tokenHolder: `0x${'ab'.repeat(20)}`,
  resumePacket: 'AAAA',
  secrets: { patientWrap: 'AAAA', authorWrap: 'AAAA', codeWrap: 'AAAA', releaseShare: 'AAAA' },
};
const dispense = {
  ...{ kind: 'dispense', id, envelope: 'AAAA' },
  dispense: { id: `disp-${name}`, quantity: 1, cid, contentHash: hex32 },
};

/** Paths of what is wrong with an input. */
const faults = (input: unknown) => {
  const parsed = transactionIntent.safeParse(input);
  return parsed.success ? [] : parsed.error.issues.map(({ path }) => path.join('.'));
};

describe('an intent', () => {
  it('is taken when it is right', () => {
    expect(faults(issue)).toEqual([]);
    expect(faults(dispense)).toEqual([]);
  });

  it.each([-1, 0, 0.5, 1.000001, Number.NaN, Number.POSITIVE_INFINITY, 1e9, '28', null, undefined, 28n])(
    'refuses the quantity %s',
    (quantity) => {
      expect(faults({ ...issue, issue: { ...issue.issue, quantity } })).toEqual(['issue.quantity']);
      expect(faults({ ...dispense, dispense: { ...dispense.dispense, quantity } })).toEqual(['dispense.quantity']);
    },
  );

  it.each([-1, 0, 1.5, 14])('refuses %s fills', (fills) => {
    expect(faults({ ...issue, issue: { ...issue.issue, fills } })).toEqual(['issue.fills']);
  });

  it.each<[string, object]>([
    ['id', { id: 'rx-0-short' }],
    ['id', { id: `rx-0-${name}\u0000` }],
    ['id', { id: `../${id}` }],
    ['patient', { patient: id }],
    ['expires', { expires: 'tomorrow' }],
    ['cid', { cid: `Qm${'a'.repeat(44)}` }],
    ['contentHash', { contentHash: hex32.slice(2) }],
    ['redeemHash', { redeemHash: `${hex32}00` }],
    ['commitment', { commitment: hex32 }],
  ])('refuses a wrong %s: %j', (path, change) => {
    expect(faults({ ...issue, issue: { ...issue.issue, ...change } })).toEqual([`issue.${path}`]);
  });

  it('refuses a key that is too long or no base64url', () => {
    const accept = { kind: 'accept', id };
    for (const redeemKey of ['A'.repeat(65), '', 'a b', 'a+b/', '%00']) {
      expect(faults({ ...accept, redeemKey })).toEqual(['redeemKey']);
    }
  });

  it('refuses a document that is larger than one block, and a packet of any size', () => {
    expect(faults({ ...issue, envelope: 'A'.repeat(10 * 1024 * 1024) })).toEqual(['envelope']);
    expect(faults({ ...issue, resumePacket: 'A'.repeat(32_769) })).toEqual(['resumePacket']);
  });

  it('refuses a reason that says nothing', () => {
    for (const reason of ['', '   ', 'ab', 'x'.repeat(301)]) {
      expect(faults({ kind: 'cancel', id, reason })).toEqual(['reason']);
      expect(faults({ kind: 'close', id, reason })).toEqual(['reason']);
    }
  });

  it.each(['suspend', '__proto__', 'constructor', '', 7, null])('refuses the kind %j', (kind) => {
    expect(faults({ ...issue, kind })).toEqual(['kind']);
  });
});

describe('other inputs', () => {
  it.each<[string, { safeParse(input: unknown): { success: boolean } }, unknown]>([
    ['a reading of nothing', readIntent, { kind: 'readWraps', ids: [] }],
    ['a reading of too much', readIntent, { kind: 'readWraps', ids: Array(51).fill(id) }],
    ['a lookup by the code itself', lookupPrescription, { redeemHash: 'AAAAAAAAAAAAAAAAAAAAAA' }],
    ['a token without a signature', signedIssue, { sagaId: crypto.randomUUID(), deadline: 1, signature: '0x12' }],
    ['a proposal of 10 MB', signedProposal, { ...signed(), proposal: 'A'.repeat(10 * 1024 * 1024) }],
    ['a flow that is no id', signedProposal, { ...signed(), sagaId: "1' or '1'='1" }],
    ['a vault of 10 MB', saveVault, { baseVersion: 1, record: 'x'.repeat(10 * 1024 * 1024) }],
    ['a negative version', saveVault, { baseVersion: -1, record: '{}' }],
    ['a search of one letter', findPatients, { query: ' a ' }],
    ['a search of a page of text', findPatients, { query: 'a'.repeat(101) }],
  ])('%s is refused', (_, schema, input) => {
    expect(schema.safeParse(input).success).toBe(false);
  });

  it('a chain takes only what a wallet needs', () => {
    const needed = [
      'eth_call',
      'eth_getTransactionReceipt',
      'eth_getTransactionBySenderAndNonce',
      'eth_sendRawTransaction',
    ];
    for (const method of needed) expect(isPassedOn(method), method).toBe(true);
    for (const method of [
      ...['anvil_setBalance', 'anvil_impersonateAccount', 'evm_mine', 'hardhat_reset', 'debug_traceCall'],
      ...['eth_sendTransaction', 'eth_sign', 'personal_unlockAccount', 'eth_accounts', 'toString', ''],
    ]) {
      expect(isPassedOn(method), method).toBe(false);
    }
    expect(rpcBody.safeParse(Array(21).fill({ jsonrpc: '2.0', id: 1, method: 'eth_chainId' })).success).toBe(false);
  });
});

function signed() {
  return { sagaId: crypto.randomUUID(), proposal: 'AAAA', proposalSignature: 'AAAA' };
}
