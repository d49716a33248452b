import { expect, it } from 'vitest';
import { holdingOf } from './institutionKey.ts';

const member = { subject: 'prac-a', name: 'A', readingKey: '', readerKeyHash: 'new', certificatePem: '' };
const wrap = { practitioner: 'prac-a', generation: 2, readerKeyHash: 'new' };

it('says who can open the institution’s key, and who could before new keys', () => {
  expect(holdingOf(member, [wrap])).toBe('has');
  expect(holdingOf(member, [{ ...wrap, readerKeyHash: 'old' }])).toBe('stale');
  expect(holdingOf(member, [{ ...wrap, practitioner: 'prac-b' }])).toBe('lacks');
  expect(holdingOf(member, [])).toBe('lacks');
});
