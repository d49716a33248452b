import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Actor } from '../people/schema.ts';
import { glnOf, ssccOf } from '../testing/supplyChain.ts';
import { World } from '../testing/world.ts';
import { lookUp } from './looking.ts';

let world: World;
const sscc = ssccOf(9);
const chains = ['supply-0', 'supply-1'];
const [plant, depot] = ['inst-the-plant', 'inst-the-depot'];
const actor: Actor = {
  ...{ personId: 'p', sessionId: 's', role: 'supplier', name: 'N', subjectId: 'prac-x', institutionId: depot },
  ...{ institutionName: null, mspId: 'SupplyMSP', enrolled: true },
};

beforeAll(async () => {
  world = await World.start();
  const { ledger } = world;
  ledger.channels = () => chains;
  ledger.kindOf = () => 'supply';
  ledger.contractsOf = () => ['supply'];
}, 120_000);
afterAll(() => world?.stop());

/** What each chain says of the case: still on its way, or in the depot's hands. */
async function lookedWhere(...received: string[]) {
  const { ledger } = world;
  const { evaluate } = ledger;
  ledger.evaluate = async (call) => {
    if (call.function !== 'readContainer') return evaluate.call(ledger, call);
    const isHere = received.includes(call.channel);
    const custody = isHere ? { holder: depot, site: glnOf(2) } : { holder: plant, site: glnOf(1), shippedTo: depot };
    const contents = { [`0950600000000${chains.indexOf(call.channel)}|B|2030-01-01`]: 5 };
    return Buffer.from(
      JSON.stringify({ sscc, state: 'active', ...custody, contents, levels: 1, version: 1, containers: [] }),
    );
  };
  try {
    const [looked] = await lookUp(actor, { items: [{ kind: 'container', sscc }] }, world.portal);
    return looked;
  } finally {
    ledger.evaluate = evaluate;
  }
}

it('a case of two chains that is on its way on both is received on both', async () => {
  const looked = await lookedWhere();
  expect(looked).toMatchObject({ channels: chains, shippedTo: depot });
  expect(looked?.contents.map(({ packs }) => packs)).toEqual([5, 5]);
  expect(looked?.partial).toBeUndefined();
});

it.each([
  ['supply-0', 'supply-1'],
  ['supply-1', 'supply-0'],
])('one that has come on %s alone has still to be received on %s, and there only', async (come, missing) => {
  const looked = await lookedWhere(come);
  expect(looked).toMatchObject({ partial: true, channels: [missing], holder: plant, shippedTo: depot });
  expect(looked?.contents).toHaveLength(1);
});

it('one that has come on both is here', async () => {
  const looked = await lookedWhere(...chains);
  expect(looked).toMatchObject({ channels: chains, holder: depot });
  expect(looked?.shippedTo).toBeUndefined();
  expect(looked?.partial).toBeUndefined();
});
