import { describe, expect, it } from 'vitest';
import type { ResumableIntent, SagaView } from '#server/transactions/schema.ts';
import { isAsShown, standingOf, stepOf } from './standing.ts';

describe('where a flow stands', () => {
  it('is its first step that is not done', () => {
    const steps: SagaView['steps'] = [
      { name: 'store', state: 'done' },
      { name: 'sign', state: 'waiting' },
      { name: 'mint', state: 'pending' },
    ];
    expect(standingOf({ steps })?.name).toBe('sign');
    expect(standingOf({ steps: steps.slice(0, 1) })?.name).toBe('store');
    expect([stepOf({ steps }, 'mint')?.state, stepOf({ steps }, 'grant')]).toEqual(['pending', undefined]);
  });
});

describe('what is signed', () => {
  const id = 'rx-1-a';
  const saga = (kind: SagaView['kind'], about: SagaView['about'] = {}): SagaView => ({
    ...{ id: '', kind, subject: id, about, state: 'waiting', steps: [], createdAt: '', expiresAt: '' },
  });
  const dispense = (quantity: number, of = id): ResumableIntent => ({
    kind: 'dispense',
    id: of,
    dispense: { id: 'disp-a', quantity, cid: '', contentHash: '' },
    envelope: '',
  });

  it.each([
    [saga('return'), { kind: 'return', id }],
    [saga('voidCode'), { kind: 'voidCode', id }],
    [saga('dispense', { quantity: 3 }), dispense(3)],
    [saga('close', { reason: 'gone' }), { kind: 'close', id, reason: 'gone' }],
    [saga('linkWallet', { address: '0x1' }), { kind: 'linkWallet', subject: id, address: '0x1' }],
  ] as [SagaView, ResumableIntent][])('is what was shown: %#', (shown, intent) => {
    expect(isAsShown(shown, intent)).toBe(true);
  });

  it.each([
    ['another kind', saga('return'), { kind: 'voidCode', id }],
    ['another prescription', saga('return'), { kind: 'return', id: 'rx-1-b' }],
    ['another quantity', saga('dispense', { quantity: 3 }), dispense(30)],
    ['a quantity that was not shown', saga('dispense'), dispense(3)],
    ['a dispense of another prescription', saga('dispense', { quantity: 3 }), dispense(3, 'rx-1-b')],
    ['another reason', saga('cancel', { reason: 'gone' }), { kind: 'cancel', id, reason: 'other' }],
    ['another wallet', saga('linkWallet', { address: '0x1' }), { kind: 'linkWallet', subject: id, address: '0x2' }],
  ] as [string, SagaView, ResumableIntent][])('is never %s', (_name, shown, intent) => {
    expect(isAsShown(shown, intent)).toBe(false);
  });
});
