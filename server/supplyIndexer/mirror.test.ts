import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createSupply, gtins, places, type Supply } from '#chaincode/testing/supply.ts';
import { beginning, Snapshot, type Step, stepOf, wishes } from '#chaincode/testing/supplyHistory.ts';
import type { Block } from '../gateways/ledger/blocks.ts';
import { apply } from './apply.ts';
import { supplyFactsIn } from './decode.ts';
import { TraceState } from './state.ts';
import { type Contents, partsOf } from './tally.ts';

/** The contract decides, the read model follows: whatever is sent, both say the same of each pack and container. */

const callers = {
  maker: 'supplier',
  wholesaler: 'wholesaler',
  pharmacy: 'pharmacist',
  authority: 'regulator',
} as const;

/** Captures a step on the contract, and tells it as a block does. */
async function capture(supply: Supply, step: Step, number: number): Promise<Block> {
  const { world, channel } = supply;
  const order = supply.captureOrder(world.people[callers[step.caller]], step.event);
  const { result } = await world.ledger.submit(order);
  const transaction = {
    ...{ transactionId: `${channel}-${number}`, at: new Date(), valid: true, contract: 'supply', endorsers: [] },
    args: [Buffer.from('capture'), Buffer.from(JSON.stringify([step.event]))],
    event: { name: 'TraceCaptured', payload: Buffer.from(result) },
  };
  return { number: BigInt(number), transactions: [transaction], unreadable: 0 };
}

/** Counts without the last part of their keys: the contract has the day of expiry there, the read model the state. */
function byBatch(counts: Contents): Contents {
  const sums: Contents = {};
  for (const [key, packs] of Object.entries(counts)) {
    const { gtin, batch } = partsOf(key);
    sums[`${gtin}|${batch}`] = (sums[`${gtin}|${batch}`] ?? 0) + packs;
  }
  return sums;
}

function expectSame(ledger: Snapshot, model: TraceState): void {
  for (const pack of ledger.packs) {
    const item = model.find({ kind: 'pack', gtin: pack.gtin, serial: pack.serial });
    const there = ledger.outermost(pack);
    expect(item?.row).toMatchObject({ state: pack.state, parent: pack.parent ?? null, batch: pack.batch });
    expect(item?.row.excursions).toBe(pack.excursions ?? 0);
    const { holder, site, shippedTo = null } = there;
    expect(item && model.outermost(item)).toMatchObject({ holder, site, shippedTo });
  }
  for (const container of ledger.containers.values()) {
    const row = model.containers.get(container.sscc);
    const root = ledger.around(container).at(-1)?.sscc ?? container.sscc;
    expect(row).toMatchObject({ state: container.state, parent: container.parent ?? null, root });
    expect(byBatch(row?.contents ?? {})).toEqual(byBatch(container.contents));
  }
  const stock = model.tally.changes().stock;
  expect(stock.every(({ packs }) => packs > 0)).toBe(true);
  expect(stock.reduce((sum, { packs }) => sum + packs, 0)).toBe(ledger.packs.length);
}

it('each pack and container is in the read model as on the ledger, after each event', async () => {
  let accepted = 0;
  await fc.assert(
    fc.asyncProperty(wishes, async (made) => {
      const supply = await createSupply();
      const model = new TraceState();
      for (const [name, gln] of Object.entries(places)) {
        const site: { institutionId: string; name: string } = await supply.world.ledger.evaluate({
          ...{ channel: 'registry', contract: 'registry', function: 'readSite', args: [gln] },
          caller: supply.world.people.service,
        });
        model.sites.set(gln, { gln, institutionId: site.institutionId, name, latitude: 0, longitude: 0 });
      }
      for (const gtin of Object.values(gtins))
        model.products.set(gtin, { gtin, name: gtin, maker: '', channel: 'supply-0', minCelsius: 2, maxCelsius: 8 });
      const done: Step[] = [];
      let number = 0;
      const take = async (step: Step) => {
        number += 1;
        const block = await capture(supply, step, number);
        for (const fact of supplyFactsIn('supply-0', block).facts) {
          apply(model, fact);
          if (fact.outcome === 'accepted') {
            accepted += 1;
            done.push(step);
          }
        }
        expectSame(new Snapshot(supply), model);
      };
      for (const step of beginning(supply.events)) await take(step);
      for (const one of made) await take(stepOf(supply.events, new Snapshot(supply), done, one));
    }),
    { numRuns: 20 },
  );
  // Every history begins with four that are accepted; where nothing follows, nothing was compared.
  expect(accepted).toBeGreaterThan(100);
}, 120_000);
