import { beforeEach, expect, it } from 'vitest';
import { institutions, serial } from '#chaincode/testing/samples.ts';
import { createSupply, packUri, type Sent, type Supply } from '#chaincode/testing/supply.ts';
import { submitToRegistry } from '#chaincode/testing/world.ts';
import type { ActingConnection } from '../ledger/connection.ts';
import type { LedgerIdentity } from '../ledger/identity.ts';
import { createAuthority } from '../testing/authority.ts';
import { connectTo, refusedAs } from '../testing/contracts.ts';
import { createSystems, type Systems } from './systems.ts';

const { id: institutionId, mspId } = institutions.maker;
const system = `dev-${serial(990)}`;
let supply: Supply;
let systems: Systems;

/** The real contract, of which the transaction that was endorsed is committed later. */
function connectAs(identity: LedgerIdentity): ActingConnection {
  const caller = { ...identity, keys: { signingKeyHash: '', readingKey: '', wallet: '' } };
  const { ledger } = supply.world;
  return {
    evaluate: connectTo(ledger, caller).evaluate,
    endorse: async (call) => {
      const endorsed = await refusedAs(ledger.endorse({ ...call, caller }));
      return {
        result: endorsed.result,
        submit: async () => {
          expect(ledger.commit(endorsed)).toBe('VALID');
        },
      };
    },
  };
}

beforeEach(async () => {
  supply = await createSupply();
  const registrar = supply.world.registrars.SupplyMSP;
  systems = createSystems(mspId, {
    authority: await createAuthority(mspId),
    seed: new Uint8Array(32).fill(3),
    ledger: connectTo(supply.world.ledger, registrar),
    connectAs,
  });
  const keys = await systems.keysOf({ mspId, system, institutionId });
  const device = { id: system, institutionId, model: 'Line 4', serialHash: 'a'.repeat(64), keys };
  await submitToRegistry(supply.world, registrar, 'registerDevice', JSON.stringify(device));
});

const capture = async (mode: 'rollback' | 'proceed', ...events: Sent[]) => {
  const part = { channel: supply.channel, events: JSON.stringify(events) };
  const { recorded, parts } = await systems.capture({ mspId, system, mode, parts: [part] });
  return { recorded, said: parts[0]?.outcomes.map(({ outcome, code }) => `${outcome} ${code ?? ''}`.trim()) };
};

it('the contract takes what a partner’s system signs, and what it has it says again', async () => {
  const commission = supply.events.commission([packUri(1)]);
  expect(await capture('rollback', commission)).toEqual({ recorded: true, said: ['accepted'] });
  expect((await supply.pack(1)).holder).toBe(institutionId);
  expect(await capture('rollback', commission)).toEqual({ recorded: true, said: ['duplicate'] });
});

it('of events that are to be taken back as one the contract has none where it would refuse one', async () => {
  const [good, bad] = [supply.events.commission([packUri(1)]), supply.events.receive([packUri(7)], 'pharmacy')];
  const together = await capture('rollback', good, bad);
  expect(together.recorded).toBe(false);
  expect(together.said?.[0]).toBe('accepted');
  expect(together.said?.[1]).toMatch(/^refused [A-Z_]+$/);
  await expect(supply.pack(1)).rejects.toThrow('NOT_FOUND');
  const each = await capture('proceed', good, bad);
  expect(each).toEqual({ recorded: true, said: together.said });
  expect((await supply.pack(1)).state).toBe('active');
  // Refused before, and it would be again.
  expect((await capture('rollback', supply.events.commission([packUri(2)]), bad)).recorded).toBe(false);
});
