import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import type { OpenedClaim } from '#components/vault/claimParts.ts';
import { buildClaim } from '#fhir/claim.ts';
import { buildExplanation } from '#fhir/explanation.ts';
import { products } from '#formulary/products.ts';
import { t } from '#messages/en.ts';
import { DecisionHistory } from './DecisionHistory.tsx';

const text = t.claims.history;
const id = (prefix: string) => `${prefix}-${'a'.repeat(26)}`;
const at = '2026-11-27T09:00:00.000Z';
const [product] = products;
if (product === undefined) throw new Error('the formulary is empty');
const billed = buildClaim({
  ...{ id: id('clm'), use: 'claim', category: 'medicine', policy: id('pol') },
  ...{
    insurer: { id: 'inst-first-insurer' },
    provider: { id: 'inst-city-pharmacy' },
    practitioner: { id: id('prac') },
  },
  ...{ servedAt: at, created: at, currency: 'EUR' },
  items: [{ of: product, quantity: 30, unit: product.unit, net: 4_000 }],
});
const shares = { billed: 4_000, allowed: 3_000, insurer: 2_500, patient: 500, coPay: 500, deductible: 0 };
const explained = JSON.parse(
  JSON.stringify(
    buildExplanation(
      billed,
      {
        ...{ outcome: 'partlyApproved', items: [shares], total: shares, reasons: ['PRICE_ABOVE_LIST'] },
        trace: [{ code: 'agreement', verdict: 'passed', numbers: {} }],
        note: 'One costs less.',
      },
      at,
    ),
  ),
);
const decision = {
  ...{ claim: id('clm'), version: 1, usage: 0, outcome: 'partlyApproved' as const, allowed: 3_000, deductible: 0 },
  ...{ insurer: 2_500, patient: 500, reasons: ['PRICE_ABOVE_LIST' as const], by: id('prac'), at },
  explanation: { cid: 'c', contentHash: 'ab'.repeat(32) },
};

describe('the history of decisions', () => {
  const shown = (
    part: OpenedClaim['explanations'][number] | undefined,
    reader: Parameters<typeof DecisionHistory>[0]['reader'],
  ) => {
    const content = { version: 1 as const, referenceSalt: 'A', claim: {} };
    const opened = part && { content, explanations: [part], messages: [] };
    return renderToStaticMarkup(
      <DecisionHistory claim={{ decisions: [decision], currency: 'EUR' }} opened={opened} reader={reader} />,
    );
  };

  it('tells each reader outcome, shares, reasons and the insurer’s words', () => {
    const part = { content: { version: 1 as const, explanation: explained } };
    for (const [reader, share, note] of [
      ['patient', text.shares.patient('€25.00', '€5.00'), text.note('One costs less.')],
      ['provider', text.shares.provider('€25.00', '€5.00'), text.noteToPatient('One costs less.')],
      ['insurer', text.shares.insurer('€25.00', '€5.00'), text.noteToPatient('One costs less.')],
    ] as const) {
      const said = shown(part, reader);
      for (const words of [
        t.claims.states.partlyApproved,
        share,
        note,
        t.claims.reasons.PRICE_ABOVE_LIST,
        text.byPerson,
      ])
        expect(said, reader).toContain(words);
    }
  });

  it('says what the ledger says where nothing was opened', () => {
    const said = shown(undefined, 'patient');
    expect(said).toContain(text.shares.patient('€25.00', '€5.00'));
    expect(said).not.toContain(text.why);
  });

  it('says that an explanation is none, or did not open', () => {
    expect(shown({ content: { version: 1, explanation: { resourceType: 'Basic' } } }, 'patient')).toContain(
      text.unreadable,
    );
    const closed = shown({ problem: { code: 'UNREADABLE', message: 'x', detail: '' } }, 'patient');
    expect(closed).toContain(text.closed);
    expect(closed).not.toContain(text.unreadable);
  });
});
