import { beforeEach, expect, it } from 'vitest';
import type { EscrowKey } from '../../model/patient.ts';
import { escrowStatement } from '../../model/statements.ts';
import type { Identity } from '../../testing/identity.ts';
import { refusal } from '../../testing/ledger.ts';
import { signStatement } from '../../testing/signing.ts';
import { createWorld, submitToRegistry, type World } from '../../testing/world.ts';

let world: World;

beforeEach(async () => {
  world = await createWorld();
});

function keyOf(officer: Identity, change: Partial<EscrowKey> = {}): EscrowKey {
  const said = { mspId: officer.mspId, readingKey: officer.keys.readingKey, version: 1, ...change };
  const signature = signStatement(officer, escrowStatement(said));
  return { ...said, certificatePem: officer.certificatePem, signature, ...change };
}
const put = (officer: Identity, change: Partial<EscrowKey> = {}) =>
  submitToRegistry(world, officer, 'putEscrowKey', JSON.stringify(keyOf(officer, change)));
const read = () =>
  world.ledger.evaluate<EscrowKey[]>({
    ...{ channel: 'registry', contract: 'registry', function: 'readEscrowKeys', args: [] },
    caller: world.people.service,
  });

it('the organisations of the care channels publish the keys of their escrow, version by version', async () => {
  expect(await read()).toEqual([]);
  const { HospitalMSP, PharmacyMSP, RegulatorMSP } = world.registrars;
  const { simulation } = await put(RegulatorMSP);
  expect(JSON.parse(Buffer.from(simulation.event?.payload ?? []).toString())).toMatchObject({
    ...{ kind: 'escrowKey', id: 'RegulatorMSP', change: 'putEscrowKey', version: 1 },
  });
  await put(HospitalMSP);
  await put(PharmacyMSP);
  await put(HospitalMSP, { version: 2, readingKey: 'S'.repeat(1622) });
  expect((await read()).map(({ mspId, version }) => [mspId, version])).toEqual([
    ['HospitalMSP', 2],
    ['PharmacyMSP', 1],
    ['RegulatorMSP', 1],
  ]);
  expect(await refusal(put(HospitalMSP, { version: 2 }))).toBe('WRONG_STATE');
  expect(await refusal(put(HospitalMSP, { version: 4 }))).toBe('WRONG_STATE');
});

it('nobody but the registrar says which key it is', async () => {
  const { HospitalMSP, PharmacyMSP, InsurerMSP } = world.registrars;
  expect(await refusal(put(InsurerMSP))).toBe('NOT_AUTHORISED');
  expect(await refusal(put(world.people.admin))).toBe('NOT_AUTHORISED');
  expect(await refusal(put(PharmacyMSP, { mspId: 'HospitalMSP' }))).toBe('NOT_AUTHORISED');
  expect(await refusal(put(HospitalMSP, { certificatePem: PharmacyMSP.certificatePem }))).toBe('INVALID_ARGUMENT');
  expect(await refusal(put(HospitalMSP, { certificatePem: 'none' }))).toBe('INVALID_ARGUMENT');
});

it('a key that the registrar has not signed is refused', async () => {
  const { HospitalMSP } = world.registrars;
  const { signature } = keyOf(HospitalMSP, { readingKey: 'S'.repeat(1622) });
  expect(await refusal(put(HospitalMSP, { signature }))).toBe('INVALID_ARGUMENT');
  const highS = signStatement(HospitalMSP, escrowStatement(keyOf(HospitalMSP)), true);
  expect(await refusal(put(HospitalMSP, { signature: highS }))).toBe('INVALID_ARGUMENT');
});
