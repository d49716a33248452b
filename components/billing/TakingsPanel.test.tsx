import { renderToStaticMarkup } from 'react-dom/server';
import { expect, it } from 'vitest';
import { t } from '#messages/en.ts';
import type { Takings } from '#server/claims/schema.ts';
import { TakingsPanel } from './TakingsPanel.tsx';

const text = t.billing.takings;
const payout = `0x${'a'.repeat(40)}`;
const takings: Takings = {
  paidIn: { settlement: `0x${'5'.repeat(40)}`, coin: `0x${'6'.repeat(40)}`, unit: '10000', currency: 'EUR' },
  ...{ payee: `0x${'7'.repeat(64)}`, payout, holder: { name: 'Rosa Méndez', isOwn: true } },
  ...{ withdrawable: '123456789', toGiveBack: [] },
};
const owed: Takings['toGiveBack'][number] = {
  ...{
    claim: `clm-${'a'.repeat(26)}`,
    reference: 'ab'.repeat(32),
    insurer: `0x${'8'.repeat(64)}`,
    name: 'Northern Mutual',
  },
  ...{ payer: 'insurer', from: payout, amount: 2_000, paid: 2_000, currency: 'EUR', why: 'reversed' },
};
const shown = (change: Partial<Takings> | null) =>
  renderToStaticMarkup(<TakingsPanel takings={change === null ? null : { ...takings, ...change }} />);
const offers = (said: string, action: string) => said.split(`>${action}</button>`).length - 1;

it('is taken out and given back by whose wallet it is', () => {
  const said = shown({ toGiveBack: [owed] });
  expect(said).toContain('€123.45');
  expect([offers(said, text.take), offers(said, text.give)]).toEqual([1, 1]);
  expect(said).toContain('Northern Mutual');
});

it('says by whose quote it was paid where the claim is another’s, known here or not', () => {
  const foreign = { ...owed, payer: 'patient', why: 'otherInsurer' } as const;
  const said = shown({ toGiveBack: [foreign, { ...foreign, insurer: `0x${'9'.repeat(64)}`, name: null }] });
  expect(said).toContain(text.otherInsurer('Northern Mutual'));
  expect(said).toContain(text.otherInsurer(text.unknownInsurer));
  expect(said.split(text.payers.patient)).toHaveLength(3);
  expect(offers(said, text.give)).toBe(2);
});

it('names the colleague whose wallet it is, and offers nothing that only the colleague can do', () => {
  const said = shown({ holder: { name: 'Rosa Méndez', isOwn: false }, toGiveBack: [owed] });
  expect(said).toContain(text.holderOther('Rosa Méndez'));
  expect([offers(said, text.take), offers(said, text.give)]).toEqual([0, 0]);
});

it('says what has to happen first where no wallet is named, nothing lies there, or the chain is away', () => {
  const unnamed = shown({ payout: null, holder: null });
  expect(unnamed).toContain(text.unnamedBody);
  expect(offers(unnamed, text.take)).toBe(0);
  const nothing = shown({ withdrawable: '0' });
  expect(offers(nothing, text.take)).toBe(0);
  expect(nothing).toContain('€0.00');
  expect(shown(null)).toContain(text.awayBody);
});
