import { beforeEach, expect, it } from 'vitest';
import { parseLedgerError } from '#chaincode/model/errors.ts';
import type { EventView, PackView } from '#chaincode/model/trace.ts';
import { packedDispenseOf, reservationOf } from '#chaincode/testing/samples.ts';
import { createSupply, gtins, packUri, places, type Supply } from '#chaincode/testing/supply.ts';
import { Care } from '#chaincode/testing/world.ts';
import { VaultError } from '#components/vault/errors.ts';
import { type DispensingPlan, dispensingPlan } from '#server/dispensing/schema.ts';
import { chainOf } from '#server/dispensing/standing.ts';
import { ledgerCall } from '#server/transactions/schema.ts';
import { chainsOf } from './composePlan.ts';
import type { Step } from './packSteps.ts';
import { intentOf, questionOf } from './planSteps.ts';
import { type DispensingPort, runDispensing } from './runDispensing.ts';

/** A dispense of two packs, as its page plans it, on the real contracts. */

let supply: Supply;
let care: Care;
let plan: DispensingPlan;

const pack = (number: number) => ({
  ...{ gtin: gtins.tablets, serial: `S${number}`, batch: 'B-1', expiry: '2099-06-30', channel: 'supply-0' },
});

beforeEach(async () => {
  supply = await createSupply();
  care = new Care(supply.world);
  await supply.deliver([packUri(1), packUri(2)]);
  const id = await care.issue(1);
  await care.accept(id, 1);
  plan = dispensingPlan.parse({
    medicine: 'Tablets',
    reserve: { kind: 'reserve', id, reservation: reservationOf(1, 20) },
    dispense: { kind: 'dispense', id, dispense: packedDispenseOf(1, 20), envelope: 'AAAA' },
    chains: chainsOf([pack(1), pack(2)], { site: places.pharmacy, at: new Date(), timeZoneOffset: '+00:00' }),
  });
});

/** An event that is unknown is none. */
const orNone = <T>(work: Promise<T>): Promise<T | undefined> =>
  work.catch((error: Error) => {
    if (parseLedgerError(error.message)?.code === 'NOT_FOUND') return undefined;
    throw error;
  });

const signed: string[] = [];

/** The pharmacist's browser, which goes away at the signature of a number: before it is sent, or before its answer. */
function browser(goneAt = -1, isSent = false): DispensingPort {
  const question = questionOf(plan);
  let signatures = 0;
  return {
    async standing() {
      const { reservation, dispenses } = await care.read(question.prescriptionId);
      const chains = question.chains.map(async ({ packs, decommission, handOver }) => {
        const event = (hash: string) => orNone(supply.evaluate<EventView>('readEvent', hash));
        const now = await supply.evaluate<PackView[]>('readPacks', JSON.stringify(packs));
        return chainOf(await event(decommission), await event(handOver), now, Date.now());
      });
      return {
        reserved: reservation === undefined ? 'none' : reservation.dispenseId === question.dispenseId ? 'own' : 'other',
        dispensed: dispenses.some(({ id }) => id === question.dispenseId),
        chains: await Promise.all(chains),
      };
    },
    async sign(step: Step) {
      const gone = signatures === goneAt;
      signatures += 1;
      if (gone && !isSent) throw new VaultError('OFFLINE', '');
      const call = ledgerCall(intentOf(plan, step, new Date()));
      signed.push(call.function);
      try {
        await supply.world.ledger.submit({ ...call, caller: supply.world.people.pharmacist });
      } catch (error) {
        const refusal = error instanceof Error ? parseLedgerError(error.message) : undefined;
        throw refusal ? new VaultError(refusal.code, refusal.detail) : error;
      }
      if (gone) throw new VaultError('OFFLINE', '');
    },
    drop: async () => {},
  };
}

const packsNow = async () => [(await supply.pack(1)).state, (await supply.pack(2)).state];
const suspicious = async () => (await supply.evaluate<{ items: unknown[] }>('listSuspicious', '100', '')).items;

it('reserves, takes the packs out, dispenses and hands them over', async () => {
  signed.length = 0;
  expect(await runDispensing(browser(), 'finish')).toMatchObject({ kind: 'done' });
  expect(signed).toEqual(['reserve', 'capture', 'dispense', 'capture']);
  expect(await packsNow()).toEqual(['dispensed', 'dispensed']);
  const after = await care.read(plan.reserve.id);
  expect(after).toMatchObject({ left: 40, dispenses: [{ quantity: 20, packs: 2 }] });
  expect(after.reservation).toBeUndefined();
  expect(await suspicious()).toEqual([]);
});

const stops = [0, 1, 2, 3].flatMap((at) => [false, true].map((isSent) => ({ at, isSent })));

it.each(stops)('goes on after signature $at, answer lost: $isSent', async ({ at, isSent }) => {
  await expect(runDispensing(browser(at, isSent), 'finish')).rejects.toMatchObject({ code: 'OFFLINE' });
  expect(await runDispensing(browser(), 'finish')).toMatchObject({ kind: 'done' });
  expect(await packsNow()).toEqual(['dispensed', 'dispensed']);
  expect((await care.read(plan.reserve.id)).dispenses).toHaveLength(1);
  expect(await suspicious()).toEqual([]);
});

it.each(stops)('is taken back after signature $at, answer lost: $isSent', async ({ at, isSent }) => {
  await expect(runDispensing(browser(at, isSent), 'finish')).rejects.toMatchObject({ code: 'OFFLINE' });
  const { kind } = await runDispensing(browser(), 'takeBack');
  const isDispensed = at === 3 || (at === 2 && isSent);
  expect(kind).toBe(isDispensed ? 'done' : 'takenBack');
  const state = isDispensed ? 'dispensed' : 'active';
  expect(await packsNow()).toEqual([state, state]);
  const after = await care.read(plan.reserve.id);
  expect([after.left, after.reservation]).toEqual([isDispensed ? 40 : 60, undefined]);
  expect(await suspicious()).toEqual([]);
});

it('gives the units back where one of the packs was sold before', async () => {
  const { pharmacist } = supply.world.people;
  await supply.take(pharmacist, supply.events.dispense([packUri(2)]));
  expect(await runDispensing(browser(), 'finish')).toMatchObject({
    kind: 'takenBack',
    standing: { chains: [{ state: 'refused', code: 'WRONG_STATE' }] },
  });
  expect(await packsNow()).toEqual(['active', 'dispensed']);
  expect((await care.read(plan.reserve.id)).reservation).toBeUndefined();
});

it('leaves out of stock what was recalled in between, asks the contract for nothing in vain, and dispenses nothing', async () => {
  await expect(runDispensing(browser(2, false), 'finish')).rejects.toMatchObject({ code: 'OFFLINE' });
  await supply.recall(1);
  expect(await runDispensing(browser(), 'finish')).toMatchObject({
    kind: 'takenBack',
    standing: { chains: [{ state: 'stuck', code: 'RECALLED' }] },
  });
  expect(await packsNow()).toEqual(['decommissioned', 'decommissioned']);
  expect(await care.read(plan.reserve.id)).toMatchObject({ left: 60, dispenses: [] });
  expect(await suspicious()).toEqual([]);
});
