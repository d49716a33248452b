import { beforeEach, describe, expect, it } from 'vitest';
import type { ChannelMap } from '../../model/channelMap.ts';
import { refusal } from '../../testing/ledger.ts';
import { createWorld, submitToRegistry, type World } from '../../testing/world.ts';

let world: World;

beforeEach(async () => {
  world = await createWorld();
});

const first: ChannelMap = { version: 1, care: ['care-0', 'care-1'], supply: ['supply-0'] };
const second: ChannelMap = { version: 2, care: ['care-0', 'care-1', 'care-2'], supply: ['supply-0', 'supply-1'] };
const publish = (map: unknown, caller = world.registrars.RegulatorMSP) =>
  submitToRegistry(world, caller, 'publishChannelMap', JSON.stringify(map));
const read = <T>(name: string, argument: string) =>
  world.ledger.evaluate<T>({
    ...{ channel: 'registry', contract: 'registry', function: name, args: [argument] },
    caller: world.people.service,
  });
const eventOf = ({ simulation }: Awaited<ReturnType<typeof publish>>) =>
  JSON.parse(Buffer.from(simulation.event?.payload ?? []).toString());

describe('the channel map', () => {
  it('is read as published, in force at once, and by version for good', async () => {
    expect(await refusal(read('readChannelMap', 'newest'))).toBe('NOT_FOUND');
    expect(eventOf(await publish(first))).toMatchObject({
      ...{ kind: 'channelMap', id: '1', change: 'publishChannelMap', status: 'active', version: 1 },
    });
    expect(await read('readChannelMap', 'newest')).toEqual(first);
    await publish(second);
    expect(await read('readChannelMap', 'newest')).toEqual(second);
    expect(await read('readChannelMap', '1')).toEqual(first);
    expect(await read('readChannelMap', '2')).toEqual(second);
    expect(await refusal(read('readChannelMap', '3'))).toBe('NOT_FOUND');
  });

  it('only grows, one version after the other', async () => {
    expect(await refusal(publish(second))).toBe('WRONG_STATE');
    await publish(first);
    expect(await refusal(publish(first))).toBe('ALREADY_EXISTS');
    expect(await refusal(publish({ ...second, care: ['care-0', 'care-2'] }))).toBe('WRONG_STATE');
    expect(await refusal(publish({ ...second, supply: ['supply-1'] }))).toBe('WRONG_STATE');
    expect(await refusal(publish({ ...first, version: 2 }))).toBe('WRONG_STATE');
    expect(await refusal(publish({ ...second, version: 3 }))).toBe('WRONG_STATE');
    expect(await read('readChannelMap', 'newest')).toEqual(first);
  });

  it('of two that are published at once takes one', async () => {
    await publish(first);
    const order = (map: ChannelMap) => ({
      ...{ channel: 'registry', contract: 'registry', function: 'publishChannelMap', args: [JSON.stringify(map)] },
      caller: world.registrars.RegulatorMSP,
    });
    const one = await world.ledger.endorse(order(second));
    const other = await world.ledger.endorse(order({ ...second, care: ['care-0', 'care-1', 'care-9'] }));
    expect(world.ledger.commit(one)).toBe('VALID');
    expect(world.ledger.commit(other)).toBe('MVCC_READ_CONFLICT');
  });

  it.each([
    ['no care channel', { care: [] }],
    ['a channel twice', { care: ['care-0', 'care-0'] }],
    ['a name that no pseudonym can carry', { care: ['care-00'] }],
    ['a supply channel among the care channels', { care: ['supply-0'] }],
    ['version 0', { version: 0 }],
    ['another member', { claims: ['claims'] }],
  ])('refuses %s', async (_case, change) => {
    expect(await refusal(publish({ ...first, ...change }))).toBe('INVALID_ARGUMENT');
  });

  it('is published by the registrar of the regulator alone', async () => {
    for (const [mspId, registrar] of Object.entries(world.registrars)) {
      if (mspId !== 'RegulatorMSP') expect(await refusal(publish(first, registrar)), mspId).toBe('NOT_AUTHORISED');
    }
    expect(await refusal(publish(first, world.people.regulator))).toBe('NOT_AUTHORISED');
    await publish(first);
  });
});
