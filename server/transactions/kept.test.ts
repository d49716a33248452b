import { describe, expect, it } from 'vitest';
import { newPractitionerId } from '../gateways/ledger/topology.ts';
import { factsOf } from './handlers.ts';
import { ledgerCall, type TransactionIntent } from './schema.ts';

const name = 'a'.repeat(26);
const patient = `pt-0-${name}`;
const cid = `b${'a'.repeat(58)}`;
const hex32 = 'ab'.repeat(32);
const grantee = newPractitionerId();
const wrap = 'W'.repeat(1558);
const signature = 'S'.repeat(96);
const epoch = { category: 'genetic' as const, epoch: 1, publicKey: 'P'.repeat(1622), signature };
const record = {
  epochs: [epoch],
  wraps: [{ category: 'genetic' as const, epoch: 1, reader: grantee, readerKeyHash: hex32, wrap, signature }],
};
const terms = {
  decision: 'permit' as const,
  grantee: { kind: 'person' as const, id: grantee },
  categories: ['genetic' as const],
  purposes: ['HRESCH' as const],
  from: '2026-01-01T00:00:00Z',
};
const asked = { categories: ['genetic' as const], purposes: ['HRESCH' as const], reason: 'a private reason' };
const head = {
  category: 'genetic' as const,
  epoch: 1,
  version: 1,
  cid,
  contentHash: hex32,
  segments: [cid],
  signature,
};
const document = {
  ...{ id: `doc-0-${name}`, patient, cid, contentHash: hex32, attachments: [], signature },
  keyCommitment: 'C'.repeat(43),
};

const intents: TransactionIntent[] = [
  { kind: 'records:open', patient, record },
  { kind: 'records:renewEpochs', patient, record },
  { kind: 'records:addWraps', patient, record },
  { kind: 'records:add', document, record: { category: 'genetic', epoch: 1, wrap } },
  { kind: 'records:putIndex', patient, record: { head, covers: [] } },
  { kind: 'consents:grant', consent: { id: `con-0-${name}`, patient }, terms, record },
  { kind: 'consents:revoke', id: `con-0-${name}`, record },
  { kind: 'consents:request', request: { id: `req-0-${name}`, patient }, terms: asked },
  {
    kind: 'access:request',
    access: { id: `acc-0-${name}`, patient },
    terms: { categories: ['genetic'], purpose: 'HRESCH' },
  },
];

const secrets = ['genetic', 'HRESCH', grantee, wrap, 'a private reason'];
const found = (text: string) => secrets.filter((secret) => text.includes(secret));

describe('what a record keeps private', () => {
  it.each(intents.map((intent) => [intent.kind, intent] as const))(
    '%s is in no argument, and nothing that a flow keeps',
    (_, intent) => {
      const call = ledgerCall(intent);
      const { kept, subject, business, secret } = factsOf(intent);
      expect(found(call.args.join(' '))).toEqual([]);
      expect(found(JSON.stringify({ kept, subject, business }))).toEqual([]);
      expect(secret).toBe(true);
      const transient = Object.values(call.transient).map((bytes) => Buffer.from(bytes).toString());
      expect(found(transient.join(' '))).not.toEqual([]);
    },
  );

  it('is called the same on both sides, whatever the order of members', () => {
    const intent: TransactionIntent = {
      kind: 'consents:grant',
      consent: { id: `con-0-${name}`, patient },
      terms,
      record,
    };
    const { decision, ...others } = terms;
    const turned = { ...intent, consent: { patient, id: `con-0-${name}` }, terms: { ...others, decision } };
    expect(JSON.stringify(turned)).not.toBe(JSON.stringify(intent));
    expect(ledgerCall(turned)).toEqual(ledgerCall(intent));
  });
});
