import { expect, it } from 'vitest';
import { interleave } from '../../testing/interleave.ts';

it('ten pharmacies never dispense more than is prescribed, and never hold one prescription twice', async () => {
  const told = await interleave(20_261_127, 250);
  expect(told).toMatchObject({ interleavings: 250, violations: 0, faults: [] });
  // The claim is empty unless they do get in each other's way.
  expect(told.committed).toBeGreaterThan(40);
  expect(told.conflicts).toBeGreaterThan(10);
  expect(told.dispenses).toBeGreaterThan(20);
}, 120_000);
