import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AppError } from '#server/errors.ts';
import { partnerTokens } from '../gateways/db/schema/epcis.ts';
import { institutions } from '../gateways/db/schema/people.ts';
import type { Actor } from '../people/schema.ts';
import { listSystems, makeToken, revokeToken, startSystem } from './systems.ts';
import { documentOf, observed } from './testing/events.ts';
import { maker, otherMaker, PartnerWorld } from './testing/partnerWorld.ts';
import { bearerOf } from './token.ts';

let world: PartnerWorld;
let admin: Actor;
let stranger: Actor;

beforeAll(async () => {
  world = await PartnerWorld.start();
  admin = await world.admin(maker);
  stranger = await world.admin(otherMaker);
}, 120_000);
afterAll(() => world?.stop());

const code = (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    (error: unknown) => (error instanceof AppError ? error.code : Promise.reject(error)),
  );
const wanted = (system: string, change = {}) => ({
  ...{ system, name: 'Production', scopes: ['query' as const], days: 30 },
  ...change,
});
async function withToken(change = {}) {
  const system = await world.system(maker);
  const { token } = await makeToken(admin, wanted(system, change), world.portal);
  const [view] = (await listSystems(admin, world.portal)).find(({ id }) => id === system)?.tokens ?? [];
  return { system, token, id: view?.id ?? '' };
}

describe('a partner’s system', () => {
  it('gets keys of the connector, which the admin signs for, and no token before the ledger has it', async () => {
    const registration = await startSystem(admin, { name: 'Line 4' }, world.portal);
    expect(registration).toMatchObject({
      institutionId: maker,
      model: 'Line 4',
      serialHash: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    const [first] = await listSystems(admin, world.portal);
    expect(first).toMatchObject({ id: registration.id, name: 'Line 4', status: 'unregistered', tokens: [] });
    expect(await code(makeToken(admin, wanted(registration.id), world.portal))).toBe('WRONG_STATE');
  });

  it('and its tokens are the business of its own institution’s admin alone', async () => {
    const { system, id } = await withToken();
    expect((await listSystems(stranger, world.portal)).map((one) => one.id)).not.toContain(system);
    expect(await code(makeToken(stranger, wanted(system), world.portal))).toBe('NOT_FOUND');
    expect(await code(revokeToken(stranger, { token: id }, world.portal))).toBe('NOT_FOUND');
    const doctor: Actor = { ...admin, role: 'supplier' };
    for (const work of [
      listSystems(doctor, world.portal),
      startSystem(doctor, { name: 'Line 5' }, world.portal),
      makeToken(doctor, wanted(system), world.portal),
      revokeToken(doctor, { token: id }, world.portal),
    ]) {
      expect(await code(work)).toBe('FORBIDDEN');
    }
  });
});

describe('a token', () => {
  it('is kept as a hash only, and says when it was last used', async () => {
    const { system, token, id } = await withToken();
    const rows = await world.portal.db.select().from(partnerTokens);
    expect(JSON.stringify(rows)).not.toContain(token.slice(5));
    expect(rows.find((row) => row.id === id)?.lastUsedAt).toBeNull();
    expect((await world.ask('/eventTypes', token)).status).toBe(200);
    const [view] = (await listSystems(admin, world.portal)).find((one) => one.id === system)?.tokens ?? [];
    expect(Date.now() - Date.parse(view?.lastUsedAt ?? '')).toBeLessThan(60_000);
    expect(view).toMatchObject({ state: 'valid', scopes: ['query'] });
  });

  it('lets nobody do what it is not for', async () => {
    const query = await withToken({ scopes: ['query'] });
    const capture = await withToken({ scopes: ['capture'] });
    const sent = { method: 'POST', body: JSON.stringify(documentOf([observed()])) };
    expect((await world.ask('/capture', query.token, sent)).status).toBe(403);
    expect((await world.ask('/events', query.token, sent)).status).toBe(403);
    expect((await world.ask('/events', capture.token)).status).toBe(403);
    expect((await world.ask('/capture', capture.token, sent)).status).toBe(202);
  });

  it('that is none, unknown, revoked or over, and one of what is not active, are refused in the same words', async () => {
    const revoked = await withToken();
    await revokeToken(admin, { token: revoked.id }, world.portal);
    const over = await withToken();
    await world.portal.db
      .update(partnerTokens)
      .set({ expiresAt: new Date(0) })
      .where(eq(partnerTokens.id, over.id));
    const suspended = await withToken();
    const device = world.ledger.registry.devices.get(suspended.system);
    if (device) world.ledger.registry.devices.set(suspended.system, { ...device, status: 'suspended' });
    const gone = await withToken();
    world.ledger.registry.devices.delete(gone.system);
    const unknown = `mlpt_${'A'.repeat(43)}`;
    const answers = [];
    for (const token of [undefined, '', 'x', unknown, revoked.token, over.token, suspended.token, gone.token]) {
      const response = await world.ask('/events', token);
      expect(response.status).toBe(401);
      expect(response.headers.get('www-authenticate')).toBe('Bearer');
      answers.push(await response.text());
    }
    expect(new Set(answers).size).toBe(1);
    expect(JSON.parse(answers[0] ?? '')).toMatchObject({ type: 'epcisException:SecurityException', status: 401 });
    // Nor does anybody without a token learn what there is.
    expect((await world.ask('/nowhere', undefined)).status).toBe(401);
  });

  it('of an institution that is suspended counts no more', async () => {
    const { token } = await withToken();
    const set = (status: string) =>
      world.portal.db.update(institutions).set({ status }).where(eq(institutions.id, maker));
    await set('suspended');
    expect((await world.ask('/eventTypes', token)).status).toBe(401);
    await set('active');
    expect((await world.ask('/eventTypes', token)).status).toBe(200);
  });

  it('is revoked once, and that stays', async () => {
    const { token, id } = await withToken();
    await revokeToken(admin, { token: id }, world.portal);
    const [first] = await world.portal.db.select().from(partnerTokens).where(eq(partnerTokens.id, id));
    await revokeToken(admin, { token: id }, world.portal);
    const [second] = await world.portal.db.select().from(partnerTokens).where(eq(partnerTokens.id, id));
    expect(second).toEqual(first);
    expect((await world.ask('/eventTypes', token)).status).toBe(401);
  });

  it('is bounded in how often it asks, and so are those who try without one', async () => {
    const { token } = await withToken();
    let status = 200;
    for (let tries = 0; tries < 1_201 && status === 200; tries += 100) {
      const answers = await Promise.all(Array.from({ length: 100 }, () => world.ask('/eventTypes', token)));
      status = answers.find((answer) => answer.status !== 200)?.status ?? 200;
    }
    expect(status).toBe(429);
    const other = await withToken();
    for (let tries = 0; tries < 130; tries += 1) status = (await world.ask('/eventTypes', undefined)).status;
    expect(status).toBe(429);
    // Who has a token is not kept out by others at the same address.
    expect((await world.ask('/eventTypes', other.token)).status).toBe(200);
  });
});

it.each([
  [null, undefined],
  ['', undefined],
  ['Bearer', undefined],
  [`Basic mlpt_${'a'.repeat(43)}`, undefined],
  [`Bearer mlpt_${'a'.repeat(42)}`, undefined],
  [`Bearer mlpt_${'a'.repeat(43)} x`, undefined],
  [`Bearer mlpt_${'a'.repeat(42)}'`, undefined],
  [`bearer mlpt_${'a'.repeat(43)}`, `mlpt_${'a'.repeat(43)}`],
])('of the header %j the token is %j', (header, token) => {
  expect(bearerOf(header)).toBe(token);
});
