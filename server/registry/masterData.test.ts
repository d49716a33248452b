import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { withCheckDigit } from '#gs1/checkDigit.ts';
import { AppError } from '#server/errors.ts';
import { type Actor, type Role, roles } from '../people/schema.ts';
import { World } from '../testing/world.ts';
import { allowProduct } from './policy.ts';
import { listPlaces } from './service.ts';

let world: World;
const maker = 'inst-tablet-works';
const hospital = 'inst-north-hospital';
const site = (number: number, institutionId: string, name: string) => ({
  gln: withCheckDigit(`95060000${String(number).padStart(4, '0')}`),
  ...{ institutionId, name, latitude: '57.7', longitude: '11.97', version: 1 },
});

beforeAll(async () => {
  world = await World.start();
  for (const each of [
    site(1, hospital, 'Ward store'),
    site(2, hospital, 'Hospital pharmacy'),
    site(3, maker, 'Plant'),
  ]) {
    world.ledger.registry.sites.set(each.gln, each);
  }
}, 120_000);
afterAll(() => world?.stop());

const of = (institutionId: string, role: Role): Actor => ({
  ...{ personId: 'p', sessionId: 's', role, name: 'N', subjectId: `prac-${'d'.repeat(26)}`, institutionId },
  ...{ institutionName: null, mspId: 'SupplyMSP', enrolled: true },
});
const codeOf = async (work: () => unknown) => {
  try {
    await work();
    return 'allowed';
  } catch (error) {
    if (error instanceof AppError) return error.code;
    throw error;
  }
};

describe('places of an institution', () => {
  it('are listed for its admin by name, and for nobody else', async () => {
    const own = await listPlaces(of(hospital, 'admin'), world.portal);
    expect(own.map(({ name }) => name)).toEqual(['Hospital pharmacy', 'Ward store']);
    for (const role of roles.filter((each) => each !== 'admin')) {
      expect(await codeOf(() => listPlaces(of(hospital, role), world.portal))).toBe('FORBIDDEN');
    }
  });
});

describe('a product', () => {
  it('is registered by its maker’s people who work with it, and by the authority', async () => {
    const mayOf = (actor: Actor) => codeOf(() => allowProduct(actor, { maker }));
    expect(await mayOf(of(maker, 'supplier'))).toBe('allowed');
    expect(await mayOf(of('inst-the-authority', 'regulator'))).toBe('allowed');
    expect(await mayOf(of('inst-central-depot', 'supplier'))).toBe('FORBIDDEN');
    for (const role of roles.filter((each) => each !== 'supplier' && each !== 'regulator')) {
      expect(await mayOf(of(maker, role))).toBe('FORBIDDEN');
    }
  });
});
