import { expect, it } from 'vitest';
import { fromBase64Url, randomBytes, toBase64Url, utf8 } from './bytes.ts';
import { newPacksSalt, openDispensing, packsHashOf, sealDispensing } from './packs.ts';

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

it('keeps a plan for its own pharmacist and dispense, as it was made', async () => {
  const [own, other] = [randomBytes(32), randomBytes(32)];
  const packet = await sealDispensing(own, dispenseId, 'prac-a', 'plan');
  expect(packet).not.toContain(toBase64Url(utf8('plan')));
  expect(await openDispensing(own, dispenseId, 'prac-a', packet)).toBe('plan');
  const refused = expect.objectContaining({ code: 'WRAP_REFUSED' });
  await expect(openDispensing(other, dispenseId, 'prac-a', packet)).rejects.toThrow(refused);
  await expect(openDispensing(own, dispenseId, 'prac-b', packet)).rejects.toThrow(refused);
  await expect(openDispensing(own, `disp-${'b'.repeat(26)}`, 'prac-a', packet)).rejects.toThrow(refused);
  const changed = fromBase64Url(packet);
  changed[14] = (changed[14] ?? 0) ^ 1;
  await expect(openDispensing(own, dispenseId, 'prac-a', toBase64Url(changed))).rejects.toThrow(refused);
});
