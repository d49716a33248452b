import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AdverseReport } from '#chaincode/model/adverseReport.ts';
import { cidOf } from '#crypto/envelope.ts';
import { AppError } from '#server/errors.ts';
import { type Actor, type Role, roles } from '../people/schema.ts';
import { World } from '../testing/world.ts';
import { reportHandlers } from './flows.ts';
import { projectReports } from './readModel.ts';
import { authorityReader, ownReports, readMessage, reportQueue } from './service.ts';

let world: World;
let cid: string;
const authority = 'inst-the-authority';
const reporters = { patient: `pt-0-${'b'.repeat(26)}`, doctor: `prac-${'d'.repeat(26)}` };
const idOf = (letter: string) => `ae-0-${letter.repeat(26)}`;

const of = (role: Role, subjectId = `prac-${'x'.repeat(26)}`, institutionId: string | null = authority): Actor => ({
  ...{ personId: 'p', sessionId: 's', role, name: 'N', subjectId, institutionId },
  ...{ institutionName: null, mspId: 'RegulatorMSP', enrolled: true },
});
const report = (letter: string, role: 'patient' | 'doctor', change: Partial<AdverseReport> = {}): AdverseReport => ({
  ...{ id: idOf(letter), reporter: { id: reporters[role], role }, to: authority, generation: 1, state: 'received' },
  messages: [{ kind: 'report', by: reporters[role], at: '2026-11-27T08:00:00.000Z', cid, contentHash: '0'.repeat(64) }],
  version: 1,
  ...change,
});
const codeOf = async (work: () => Promise<unknown> | undefined) => {
  try {
    await work();
    return 'allowed';
  } catch (error) {
    if (error instanceof AppError) return error.code;
    throw error;
  }
};

beforeAll(async () => {
  world = await World.start();
  const bytes = new TextEncoder().encode('ciphertext');
  cid = cidOf(bytes);
  await world.portal.ipfs.add(bytes);
  const entries = [report('a', 'patient'), report('c', 'doctor'), report('e', 'doctor', { to: 'inst-other-agency' })];
  for (const entry of entries) world.ledger.entries.set(entry.id, entry);
  await projectReports(world.portal.db, 'care-0', entries);
}, 120_000);
afterAll(() => world?.stop());

describe('reports', () => {
  it('are listed for who made them, and for the authority that they went to', async () => {
    const ids = async (listed: Promise<{ id: string }[]>) => (await listed).map(({ id }) => id).sort();
    expect(await ids(ownReports(of('patient', reporters.patient), world.portal))).toEqual([idOf('a')]);
    expect(await ids(ownReports(of('doctor', reporters.doctor), world.portal))).toEqual([idOf('c'), idOf('e')]);
    expect(await ids(ownReports(of('pharmacist'), world.portal))).toEqual([]);
    expect(await ids(reportQueue(of('regulator'), world.portal))).toEqual([idOf('a'), idOf('c')]);
  });

  it('are refused to every other role', async () => {
    for (const role of roles) {
      const mayReport = ['patient', 'doctor', 'pharmacist'].includes(role);
      expect(await codeOf(() => ownReports(of(role), world.portal)), role).toBe(mayReport ? 'allowed' : 'FORBIDDEN');
      const queue = await codeOf(() => reportQueue(of(role), world.portal));
      expect(queue, role).toBe(role === 'regulator' ? 'allowed' : 'FORBIDDEN');
    }
  });

  it('give their ciphertext to nobody else', async () => {
    const read = (actor: Actor) => codeOf(() => readMessage(actor, cid, world.portal));
    expect(await read(of('regulator'))).toBe('allowed');
    expect(await read(of('patient', reporters.patient))).toBe('allowed');
    expect(await read(of('regulator', undefined, 'inst-third-agency'))).toBe('NOT_FOUND');
    for (const role of roles.filter((each) => each !== 'regulator')) expect(await read(of(role))).toBe('NOT_FOUND');
  });

  it('never go back to an older version, and say when the authority asks', async () => {
    const [first] = report('a', 'patient').messages;
    if (first === undefined) throw new Error('no message');
    const question = { ...first, kind: 'question' as const, by: `prac-${'r'.repeat(26)}` };
    const asked = report('a', 'patient', { version: 2, messages: [first, question] });
    await projectReports(world.portal.db, 'care-0', [asked]);
    await projectReports(world.portal.db, 'care-0', [report('a', 'patient')]);
    const [own] = await ownReports(of('patient', reporters.patient), world.portal);
    expect(own).toMatchObject({ version: 2, asked: true });
  });
});

describe('who may act on a report', () => {
  const message = { cid: `b${'a'.repeat(58)}`, contentHash: '0'.repeat(64) };
  const now = new Date();
  const close = (actor: Actor, letter: string) => {
    const handler = reportHandlers['reports:close'];
    return codeOf(() => handler.check?.(world.portal, actor, { kind: 'reports:close', id: idOf(letter) }, now));
  };

  it('is who has to do with it', async () => {
    expect(await close(of('regulator'), 'c')).toBe('allowed');
    expect(await close(of('regulator'), 'e')).toBe('NOT_FOUND');
    const answer = reportHandlers['reports:answer'];
    const ask = (actor: Actor) => {
      const intent = { kind: 'reports:answer' as const, id: idOf('c'), message, envelope: 'AAAA' };
      return codeOf(() => answer.check?.(world.portal, actor, intent, now));
    };
    expect(await ask(of('doctor', reporters.doctor))).toBe('allowed');
    expect(await ask(of('doctor'))).toBe('NOT_FOUND');
    expect(await ask(of('patient', reporters.patient))).toBe('NOT_FOUND');
  });

  it('is nobody once it is closed', async () => {
    world.ledger.entries.set(idOf('c'), report('c', 'doctor', { state: 'closed', version: 3 }));
    expect(await close(of('regulator'), 'c')).toBe('WRONG_STATE');
  });
});

it('without an authority that has a key, nothing can be encrypted to it', async () => {
  expect(await codeOf(() => authorityReader(of('patient'), world.portal))).toBe('NOT_FOUND');
});
