import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Alert } from '#chaincode/model/alert.ts';
import { beginSaga } from '../sagas/store.ts';
import { type Person, World } from '../testing/world.ts';
import { alertHandlers } from './flows.ts';

let world: World;
let doctor: Person;

beforeAll(async () => {
  world = await World.start();
  doctor = await world.person('doctor', 'inst-north-hospital');
});
afterAll(() => world.stop());

const at = new Date().toISOString();
const id = `al-0-${'a'.repeat(26)}`;
const alert: Alert = {
  ...{ id, patient: `pt-0-${'p'.repeat(26)}`, device: `dev-${'d'.repeat(26)}`, level: 'critical', at, raisedAt: at },
  ...{ frameHash: 'ab'.repeat(32), escalateAfter: 60, raisedBy: `dev-${'g'.repeat(26)}`, state: 'closed', version: 3 },
  ...{ acknowledgedAt: at, closedAt: at, outcome: 'expected' },
};
const other = `prac-${'o'.repeat(26)}`;

it.each([
  ['own', 'other', { acknowledge: true, close: false }],
  ['other', 'own', { acknowledge: false, close: true }],
  ['own', 'own', { acknowledge: true, close: true }],
] as const)('what %s acknowledged and %s closed is of nobody else’s flow', async (first, second, expected) => {
  const { subjectId } = doctor.actor;
  const who = { own: subjectId, other };
  const known: Alert = { ...alert, acknowledgedBy: who[first], closedBy: who[second] };
  const ledger = Object.assign(Object.create(world.portal.ledger), {
    evaluate: async () => Buffer.from(JSON.stringify(known)),
    careChannelOf: () => 'care-0',
  });
  const portal = { ...world.portal, ledger };
  const person = { mspId: 'HospitalMSP', certificatePem: '', subjectId };
  const shows = async (kind: 'alerts:acknowledge' | 'alerts:close') => {
    const flow = { personId: doctor.actor.personId, kind, subject: id, channel: 'care-0', intent: { id } };
    const saga = await beginSaga(world.portal.db, { ...flow, businessKey: randomUUID() });
    return alertHandlers[kind].shows(portal, saga, person);
  };
  expect({ acknowledge: await shows('alerts:acknowledge'), close: await shows('alerts:close') }).toEqual(expected);
});
