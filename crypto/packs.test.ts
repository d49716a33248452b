import { expect, it } from 'vitest';
import { newPacksSalt, openDispensing, packsHashOf, sealDispensing } from './packs.ts';
import { createReadingKey } from './wrap.ts';

const dispenseId = `disp-${'a'.repeat(26)}`;
const packs = ['https://id.gs1.org/01/09506000134352/21/A', 'https://id.gs1.org/01/09506000134352/21/B'];

it('commits to the packs of one dispense, whatever their order', () => {
  const salt = newPacksSalt();
  const hash = packsHashOf(dispenseId, salt, packs);
  expect(hash).toMatch(/^[0-9a-f]{64}$/);
  expect(packsHashOf(dispenseId, salt, packs.toReversed())).toBe(hash);
  const others = [
    packsHashOf(dispenseId, newPacksSalt(), packs),
    packsHashOf(`disp-${'b'.repeat(26)}`, salt, packs),
    packsHashOf(dispenseId, salt, packs.slice(1)),
  ];
  expect(others).not.toContain(hash);
});

it('keeps a plan for its own pharmacist and dispense', async () => {
  const [own, other] = await Promise.all([createReadingKey(), createReadingKey()]);
  const packet = await sealDispensing(dispenseId, { id: 'prac-a', readingKey: own.publicKey }, 'plan');
  expect(packet).not.toContain('plan');
  expect(await openDispensing(own.seed, dispenseId, 'prac-a', packet)).toBe('plan');
  const refused = expect.objectContaining({ code: 'WRAP_REFUSED' });
  await expect(openDispensing(other.seed, dispenseId, 'prac-a', packet)).rejects.toThrow(refused);
  await expect(openDispensing(own.seed, dispenseId, 'prac-b', packet)).rejects.toThrow(refused);
  await expect(openDispensing(own.seed, `disp-${'b'.repeat(26)}`, 'prac-a', packet)).rejects.toThrow(refused);
});
