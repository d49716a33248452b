import { describe, expect, it } from 'vitest';
import type { ShipmentRow } from '../../supplyIndexer/state.ts';
import { graceMs, judgeOverChains } from './receiptOverChains.ts';

const start = Date.parse('2026-06-01T08:00:00Z');
const minute = (minutes: number) => new Date(start + minutes * 60_000);
const part = (channel: string, received: number, receivedAt: Date | null, items = 1): ShipmentRow => ({
  ...{ shipment: 'e', channel, fromSite: '9506000010014', fromParty: 'inst-maker', toParty: 'inst-pharmacy' },
  ...{ items, received, packs: 10, sentAt: minute(0), receivedAt },
});
const came = part('supply-0', 1, minute(100));
const missing = part('supply-1', 0, null);
const after = new Date(minute(100).getTime() + graceMs);

describe('a case of two chains', () => {
  it('is received in part when one came and the other did not within the grace', () => {
    const found = judgeOverChains([came, missing], after);
    expect(found).toMatchObject({ at: after, resolvedAt: null, channel: 'supply-1' });
    expect(found?.finding).toMatchObject({ packs: 10, facts: { items: 2, received: 1, chains: 2, came: 1 } });
  });

  it('is not yet while the grace lasts', () => {
    expect(judgeOverChains([came, missing], new Date(after.getTime() - 1))).toBeNull();
  });

  it.each([
    ['nothing of it came', [part('supply-0', 0, null), missing]],
    ['all of it came in time', [came, part('supply-1', 1, minute(129))]],
    ['it is on one chain', [came]],
    ['it came in part on the one chain, which that chain tells', [part('supply-0', 1, minute(100), 2), missing]],
    ['the other part stayed with its sender', [came, part('supply-1', 0, null, 0)]],
  ])('is fine where %s', (_, parts) => {
    expect(judgeOverChains(parts, minute(10_000))).toBeNull();
  });

  it('was so, and is put right, when the rest came later', () => {
    const found = judgeOverChains([came, part('supply-1', 1, minute(300))], minute(400));
    expect(found).toMatchObject({ at: after, resolvedAt: minute(300), channel: 'supply-1' });
  });

  it('is the same alert before and after, which a rebuild finds again', () => {
    const before = judgeOverChains([came, missing], minute(200));
    const later = judgeOverChains([came, part('supply-1', 1, minute(300))], minute(9_000));
    expect(later).toMatchObject({ key: before?.key, at: before?.at, channel: before?.channel });
  });
});
