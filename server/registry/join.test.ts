import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { institutionId } from '#chaincode/model/identifiers.ts';
import { AppError } from '#server/errors.ts';
import { institutionContacts, institutions, people } from '../gateways/db/schema/people.ts';
import { readInvitation } from '../people/enrolment.ts';
import { name26, World } from '../testing/world.ts';
import { institutionIdOf, proposeInstitution } from './join.ts';

let world: World;
let addresses = 0;
const caller = () => {
  addresses += 1;
  return { address: `198.51.100.${addresses}` };
};

beforeAll(async () => {
  world = await World.start();
}, 120_000);
afterAll(() => world?.stop());

const problem = (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    (error: unknown) => (error instanceof AppError ? error.user : Promise.reject(error)),
  );
const proposal = (email = `${name26()}@example.org`) => ({
  ...{ name: 'Sankt-Görans Sjukhus', kind: 'hospital' as const, place: 'Stockholm' },
  contact: { name: 'Greta Gran', email },
});
async function propose(email?: string) {
  const { token } = await proposeInstitution(caller(), proposal(email), world.portal);
  return { token, id: world.connector.proposed.at(-1) ?? '' };
}
const decide = (id: string, status: string) =>
  world.portal.db.update(institutions).set({ status }).where(eq(institutions.id, id));
const open = (token: string) => readInvitation(caller(), token, world.portal);

describe('an institution that proposes itself', () => {
  it('gets a link that makes its first admin once it is admitted, and only one', async () => {
    const { token, id } = await propose();
    expect(await problem(open(token))).toMatchObject({
      code: 'INVITATION_INVALID',
      next: expect.stringContaining('after'),
    });
    await decide(id, 'active');
    const first = await open(token);
    expect(first).toMatchObject({
      name: 'Greta Gran',
      role: 'admin',
      institution: 'Sankt-Görans Sjukhus',
      mspId: 'HospitalMSP',
    });
    expect((await open(token)).subjectId).toBe(first.subjectId);
    expect(await world.portal.db.select().from(people).where(eq(people.institutionId, id))).toHaveLength(1);
  });

  it('has no admin where it was refused', async () => {
    const { token, id } = await propose();
    await decide(id, 'refused');
    expect(await problem(open(token))).toMatchObject({ code: 'INVITATION_INVALID' });
    expect(await world.portal.db.select().from(people).where(eq(people.institutionId, id))).toHaveLength(0);
  });

  it('keeps who is to administer it encrypted, and learns of nobody’s e-mail by it', async () => {
    const somebody = await world.person('doctor', 'inst-north-hospital');
    const { token, id } = await propose(somebody.email);
    const [row] = await world.portal.db
      .select()
      .from(institutionContacts)
      .where(eq(institutionContacts.institutionId, id));
    expect(row?.detailsSealed.toString('latin1')).not.toContain(somebody.email);
    await decide(id, 'active');
    expect(await problem(open(token))).toMatchObject({ code: 'ALREADY_EXISTS' });
  });

  it('is bounded, for an address and for all', async () => {
    const from = caller();
    for (let tries = 0; tries < 5; tries += 1) await proposeInstitution(from, proposal(), world.portal);
    expect(await problem(proposeInstitution(from, proposal(), world.portal))).toMatchObject({ code: 'RATE_LIMITED' });
    const waiting = Array.from({ length: 200 }, (_, number) => ({
      ...{ id: `inst-waiting-${number}`, kind: 'pharmacy', name: 'W', mspId: 'PharmacyMSP', status: 'proposed' },
    }));
    await world.portal.db.insert(institutions).values(waiting);
    expect(await problem(proposeInstitution(caller(), proposal(), world.portal))).toMatchObject({
      code: 'RATE_LIMITED',
    });
  });

  it('keeps nothing where the connector does not answer', async () => {
    const before = await world.portal.db.select().from(institutions);
    await world.portal.db.delete(institutions).where(eq(institutions.name, 'W'));
    world.connector.down = true;
    expect(await problem(proposeInstitution(caller(), proposal(), world.portal))).toMatchObject({
      code: 'CONNECTOR_UNAVAILABLE',
    });
    world.connector.down = false;
    expect((await world.portal.db.select().from(institutions)).length).toBeLessThan(before.length);
  });
});

it.each(['Sankt-Görans Sjukhus', '北京医院', '  --  ', 'A'.repeat(120)])(
  '%j has an id that the registry takes',
  (name) => {
    expect(institutionId.safeParse(institutionIdOf(name)).success, institutionIdOf(name)).toBe(true);
    expect(institutionIdOf(name)).not.toBe(institutionIdOf(name));
  },
);
