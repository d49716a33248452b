import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { patientIds, serial } from '#chaincode/testing/samples.ts';
import { practitionerIdOf } from '#chaincode/testing/world.ts';
import { StateFolder } from '#device/folder.ts';
import { heldPart, type KeptPrescription, KeptPrescriptions } from './kept.ts';

const id = `rx-0-${serial(1)}`;
const device = `dev-${serial(1)}`;
const written: KeptPrescription = {
  ...{ id, device, part: 'author', practitioner: practitionerIdOf('doctor'), client: 'ward', code: 'of the author' },
  ...{ identifiers: [{ value: 'A-1' }], dataKey: 'key', document: '{}', patient: patientIds.patient, dispenses: [] },
};
const held = { practitioner: practitionerIdOf('pharmacist'), client: 'counter', code: 'of the holder' };

let path: string;
const open = async () => KeptPrescriptions.open(await StateFolder.open(path), new Uint8Array(32).fill(1), device);
beforeEach(() => {
  path = mkdtempSync(join(tmpdir(), 'medloom-kept-'));
});
afterEach(() => rmSync(path, { recursive: true, force: true }));

it('keeps the author’s part of what the house takes on too, and after it is given back', async () => {
  const kept = await open();
  await kept.put(written);
  expect(heldPart(written)).toBeUndefined();
  await kept.change(id, (now) => now && { ...now, held });
  const again = await open();
  expect(again.find(id)).toEqual({ ...written, held });
  expect(heldPart(again.find(id) ?? written)).toEqual(held);
  await again.forgetHolding(id);
  expect((await open()).find(id)).toEqual(written);
});

it('forgets what the house took on only, unless that is kept otherwise by now', async () => {
  const kept = await open();
  const taken: KeptPrescription = { ...written, ...held, part: 'holder' };
  await kept.put(taken);
  await kept.forgetHolding(id, (now) => now !== taken);
  expect(kept.find(id)).toBe(taken);
  await kept.forgetHolding(id);
  expect((await open()).find(id)).toBeUndefined();
});

it('loses no change to another at the same time', async () => {
  const kept = await open();
  await kept.put(written);
  const add = (value: string) =>
    kept.change(id, (now = written) => ({ ...now, identifiers: [...now.identifiers, { value }] }));
  await Promise.all(['A-2', 'A-3', 'A-4'].map(add));
  for (const one of [kept, await open()]) {
    expect(one.find(id)?.identifiers.map(({ value }) => value)).toEqual(['A-1', 'A-2', 'A-3', 'A-4']);
  }
});
