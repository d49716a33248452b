import { beforeEach, describe, expect, it } from 'vitest';
import {
  coverageTiers,
  type FormularyEntry,
  type FormularyTerms,
  governingCodes,
  type Shortage,
} from '../../model/formulary.ts';
import type { Page } from '../../model/registry.ts';
import { whoMay } from '../../testing/everybody.ts';
import type { Identity } from '../../testing/identity.ts';
import { refusal } from '../../testing/ledger.ts';
import { institutions } from '../../testing/samples.ts';
import { createWorld, submitToRegistry, suspend, type World } from '../../testing/world.ts';

let world: World;
const hospital = institutions.hospital.id;
const statin: FormularyTerms = { code: 'C10AA', tier: 'tier2', group: 'Statins' };
const atorvastatin: FormularyTerms = { code: 'MP-10001', atc: 'C10AA05', tier: 'tier1', note: 'First choice' };

beforeEach(async () => {
  world = await createWorld();
});

const put = (scope: string, entries: FormularyTerms[], caller: Identity = world.people.regulator, on = world) =>
  submitToRegistry(on, caller, 'formulary:put', JSON.stringify({ scope, entries }));
const ask = <T>(name: string, ...args: string[]) =>
  world.ledger.evaluate<T>({
    ...{ channel: 'registry', contract: 'registry', function: `formulary:${name}`, args },
    caller: world.people.service,
  });

describe('an entry of the formulary', () => {
  it('is kept in versions, listed by scope, and announced', async () => {
    const { simulation } = await put('national', [statin, atorvastatin]);
    expect(JSON.parse(Buffer.from(simulation.event?.payload ?? []).toString())).toMatchObject({
      ...{ id: 'national', change: 'formulary:put', status: 'inForce' },
      keys: ['national/C10AA', 'national/MP-10001'],
    });
    await put('national', [{ ...statin, tier: 'tier3', restriction: 'After six weeks of diet' }]);
    const versions = await ask<FormularyEntry[]>('history', 'national', 'C10AA');
    expect(versions.map(({ version, tier }) => [version, tier])).toEqual([
      [2, 'tier3'],
      [1, 'tier2'],
    ]);
    const page = await ask<Page<FormularyEntry>>('list', 'national', '100', '');
    expect(page.items.map(({ code, version }) => [code, version])).toEqual([
      ['C10AA', 2],
      ['MP-10001', 1],
    ]);
    expect((await ask<Page<FormularyEntry>>('list', hospital, '100', '')).items).toEqual([]);
  });

  it('is withdrawn once, and put in force again', async () => {
    const withdraw = () => submitToRegistry(world, world.people.regulator, 'formulary:withdraw', 'national', 'C10AA');
    expect(await refusal(withdraw())).toBe('NOT_FOUND');
    await put('national', [statin]);
    await withdraw();
    expect(await ask('read', 'national', 'C10AA')).toMatchObject({ state: 'withdrawn', version: 2, tier: 'tier2' });
    expect(await refusal(withdraw())).toBe('WRONG_STATE');
    await put('national', [statin]);
    expect(await ask('read', 'national', 'C10AA')).toMatchObject({ state: 'inForce', version: 3 });
  });

  it('is put for all by the authority alone, and withdrawn by it', async () => {
    const authority = ['regulator', 'registrar of RegulatorMSP'];
    expect(await whoMay(world, ({ world: own }, caller) => put('national', [statin], caller, own))).toEqual(authority);
    await put('national', [statin]);
    const withdraw = await whoMay(world, ({ world: own }, caller) =>
      submitToRegistry(own, caller, 'formulary:withdraw', 'national', 'C10AA'),
    );
    expect(withdraw).toEqual(authority);
  });

  it('is put for an institution by its admin alone, and withdrawn by them', async () => {
    await put('national', [statin]);
    const own: FormularyTerms = { ...statin, tier: 'tier3' };
    expect(await whoMay(world, ({ world: on }, caller) => put(hospital, [own], caller, on))).toEqual(['admin']);
    await put(hospital, [own], world.people.admin);
    const withdraw = await whoMay(world, ({ world: on }, caller) =>
      submitToRegistry(on, caller, 'formulary:withdraw', hospital, 'C10AA'),
    );
    expect(withdraw).toEqual(['admin']);
  });

  it('is not put by somebody who is suspended', async () => {
    await suspend(world, 'admin');
    expect(await refusal(put(hospital, [{ ...statin, tier: 'notCovered' }], world.people.admin))).toBe('SUSPENDED');
  });

  it('of an institution narrows what governs for all and never widens it', async () => {
    await put('national', [statin, atorvastatin]);
    const allowed = async (terms: FormularyTerms) => {
      const tiers: string[] = [];
      for (const tier of coverageTiers) {
        const on = { ...world, ledger: world.ledger.clone() };
        const outcome = await put(hospital, [{ ...terms, tier }], world.people.admin, on).then(
          () => 'allowed',
          (error: unknown) => refusal(Promise.reject(error)),
        );
        if (outcome === 'allowed') tiers.push(tier);
        else expect(outcome).toBe('WRONG_STATE');
      }
      return tiers;
    };
    expect(await allowed(atorvastatin)).toEqual([...coverageTiers]);
    // The nearest group above governs what has no entry of its own.
    expect(await allowed({ code: 'MP-10002', atc: 'C10AA01', tier: 'tier1' })).toEqual(coverageTiers.slice(1));
    expect(await allowed({ code: 'C10AA05', tier: 'tier1' })).toEqual(coverageTiers.slice(1));
    // What nobody covers an institution cannot cover.
    expect(await allowed({ code: 'N02', tier: 'tier1' })).toEqual(['notCovered']);
    await submitToRegistry(world, world.people.regulator, 'formulary:withdraw', 'national', 'MP-10001');
    expect(await allowed(atorvastatin)).toEqual(coverageTiers.slice(1));
  });

  it('is put with all others of its call, or none is', async () => {
    await put('national', [statin]);
    const wide: FormularyTerms = { code: 'C10AA01', tier: 'tier1' };
    expect(await refusal(put(hospital, [{ ...statin, tier: 'tier4' }, wide], world.people.admin))).toBe('WRONG_STATE');
    expect(await refusal(ask('read', hospital, 'C10AA'))).toBe('NOT_FOUND');
  });

  it.each<[string, object]>([
    ['a product without its ATC code', { code: 'MP-10001', tier: 'tier1' }],
    ['a group that names another', { ...statin, atc: 'C10AA05' }],
    ['a code of neither kind', { ...statin, code: 'c10aa' }],
    ['a fifth tier', { ...statin, tier: 'tier5' }],
    ['words that are too many', { ...statin, restriction: 'x'.repeat(301) }],
    ['a member of another kind', { ...statin, price: 3 }],
  ])('is refused with %s', async (_case, entry) => {
    const json = JSON.stringify({ scope: 'national', entries: [entry] });
    expect(await refusal(submitToRegistry(world, world.people.regulator, 'formulary:put', json))).toBe(
      'INVALID_ARGUMENT',
    );
  });

  it('is named once in a call', async () => {
    expect(await refusal(put('national', [statin, statin]))).toBe('INVALID_ARGUMENT');
  });

  it('is kept on no other channel', async () => {
    const order = { contract: 'registry', function: 'formulary:put', caller: world.people.regulator };
    const args = [JSON.stringify({ scope: 'national', entries: [statin] })];
    expect(await refusal(world.ledger.submit({ ...order, channel: 'care-0', args }))).toBe('WRONG_CHANNEL');
  });
});

describe('a shortage', () => {
  const declared = { product: 'MP-10001', reason: 'A plant stands still', until: '2027-01-31' };
  const declare = (caller: Identity = world.people.regulator, on = world) =>
    submitToRegistry(on, caller, 'formulary:declareShortage', JSON.stringify(declared));
  const end = (caller: Identity = world.people.regulator, on = world) =>
    submitToRegistry(on, caller, 'formulary:endShortage', 'MP-10001');

  it('is declared and ended by the authority alone', async () => {
    const authority = ['regulator', 'registrar of RegulatorMSP'];
    expect(await whoMay(world, ({ world: own }, caller) => declare(caller, own))).toEqual(authority);
    await declare();
    expect(await whoMay(world, ({ world: own }, caller) => end(caller, own))).toEqual(authority);
  });

  it('ends once, and may begin again', async () => {
    expect(await refusal(end())).toBe('NOT_FOUND');
    await declare();
    expect(await ask('readShortage', 'MP-10001')).toMatchObject({ ...declared, state: 'declared', version: 1 });
    await end();
    expect(await refusal(end())).toBe('WRONG_STATE');
    await declare();
    const { items } = await ask<Page<Shortage>>('listShortages', '100', '');
    expect(items.map(({ state, version }) => [state, version])).toEqual([['declared', 3]]);
  });
});

describe('the codes that govern a medicine', () => {
  it('go from the product up to the anatomical group', () => {
    expect(governingCodes({ code: 'MP-10001', atc: 'C10AA05' })).toEqual([
      ...['MP-10001', 'C10AA05', 'C10AA', 'C10A', 'C10', 'C'],
    ]);
    expect(governingCodes({ code: 'C10A' })).toEqual(['C10A', 'C10', 'C']);
  });
});
