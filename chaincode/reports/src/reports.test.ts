import { createHash } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import type { AdverseReport, ReportState } from '../../model/adverseReport.ts';
import { institutionStatement, staffWrapStatement } from '../../model/statements.ts';
import { type Anybody, whoMay } from '../../testing/everybody.ts';
import { createIdentity, type Identity } from '../../testing/identity.ts';
import { refusal } from '../../testing/ledger.ts';
import { bytesOf, institutions, patientIds, serial, validLicence } from '../../testing/samples.ts';
import { signStatement } from '../../testing/signing.ts';
import {
  Care,
  createWorld,
  hire,
  practitionerIdOf,
  submitToRegistry,
  suspend,
  type World,
} from '../../testing/world.ts';

let world: World;
let care: Care;
const authority = institutions.authority.id;
const id = `ae-0-${serial(7)}`;
const message = { cid: `b${'a'.repeat(58)}`, contentHash: 'c'.repeat(64) };
const wraps = { authority: 'Y'.repeat(1558), reporter: 'Z'.repeat(1558) };

beforeEach(async () => {
  world = await createWorld();
  care = new Care(world);
  await giveKey();
});

/** The authority's admin makes its reading key. */
async function giveKey() {
  const admin = await hire(world, ['admin', 'authority'], 805);
  const readerKeyHash = createHash('sha256').update(Buffer.from(admin.keys.readingKey, 'base64url')).digest('hex');
  const unsigned = { practitioner: admin.id, generation: 1, readerKeyHash, wrap: 'W'.repeat(1558) };
  const wrap = { ...unsigned, signature: signStatement(admin, staffWrapStatement(authority, admin.id, unsigned)) };
  const said = { generation: 1, readingKey: 'I'.repeat(1622), by: admin.id };
  const reading = { ...said, signature: signStatement(admin, institutionStatement(authority, said)) };
  await world.ledger.submit({
    ...{ channel: 'registry', contract: 'registry', function: 'putInstitutionReading', caller: admin },
    ...{ args: [authority, JSON.stringify(reading)], transient: { staff: bytesOf([wrap]) } },
  });
}

const file = (caller: Identity, change: object = {}, on = care) => {
  const report = { id, patient: patientIds.patient, to: authority, generation: 1, message, ...change };
  return on.submit(caller, 'reports:file', [JSON.stringify(report)], { wraps: bytesOf(wraps) });
};
const send = (name: string, caller: Identity, on = care) =>
  on.submit(caller, `reports:${name}`, name === 'close' ? [id] : [id, JSON.stringify(message)]);
const read = () => care.evaluate<AdverseReport>(world.people.service, 'reports:read', id);
const readWrap = (caller: Identity, on = care) =>
  on.evaluate<{ reader: string; wrap: string }>(caller, 'reports:readWrap', id);

describe('filing', () => {
  it('is for patients, who acts for them, doctors and pharmacists', async () => {
    expect(await whoMay(world, (own, caller) => file(caller, {}, own))).toEqual([
      ...['doctor', 'otherDoctor', 'pharmacist', 'colleague', 'otherPharmacist', 'patient'],
    ]);
  });

  it('names no patient where a clinician knows none; a patient always is one', async () => {
    const nobody = { patient: undefined };
    const who = whoMay(world, async (own, caller) => {
      const refused = await file(caller, nobody, own).then(
        () => undefined,
        (error: unknown) => error,
      );
      // A patient is refused by what is said, everybody else by who they are.
      if (refused instanceof Error && refused.message.includes('INVALID_ARGUMENT')) {
        throw new Error(JSON.stringify({ code: 'NOT_AUTHORISED', detail: '' }));
      }
      if (refused !== undefined) throw refused;
    });
    expect(await who).toEqual(['doctor', 'otherDoctor', 'pharmacist', 'colleague', 'otherPharmacist']);
    expect(await refusal(file(world.people.patient, nobody))).toBe('INVALID_ARGUMENT');
  });

  it('keeps who, about whom and the first message, and tells nobody whom it is about', async () => {
    const { simulation, result } = await file(world.people.doctor);
    expect(result).toBe('');
    expect(await read()).toMatchObject({
      ...{ id, patient: patientIds.patient, to: authority, generation: 1, state: 'received', version: 1 },
      reporter: { id: practitionerIdOf('doctor'), role: 'doctor', institution: institutions.hospital.id },
      messages: [{ kind: 'report', by: practitionerIdOf('doctor'), ...message }],
    });
    const event = Buffer.from(simulation.event?.payload ?? []).toString();
    expect(JSON.parse(event)).toMatchObject({ id, change: 'reports:file', state: 'received' });
    expect(event).not.toContain('pt-');
    const seen = JSON.stringify(world.ledger.publicRecords);
    expect(seen).not.toContain('Y'.repeat(40));
    expect(seen).not.toContain('Z'.repeat(40));
    expect([...simulation.privateWrites.keys()].every((key) => key.startsWith('reportSecrets/'))).toBe(true);
  });

  it.each([
    ['twice', {}, 'ALREADY_EXISTS'],
    ['to who is no authority', { to: institutions.hospital.id }, 'WRONG_STATE'],
    ['to nobody', { to: 'inst-nobody-knows' }, 'NOT_FOUND'],
    ['for another key', { generation: 2 }, 'STALE_KEY'],
    ['on another channel', { id: `ae-1-${serial(7)}` }, 'WRONG_CHANNEL'],
    ['of a patient of another channel', { patient: patientIds.distantRepresentative }, 'WRONG_CHANNEL'],
    ['of somebody unknown', { patient: `pt-0-${serial(99)}` }, 'NOT_FOUND'],
    ['with what it is about in clear', { medicine: 'MP-10001' }, 'INVALID_ARGUMENT'],
  ])('%s is refused', async (_case, change, code) => {
    await file(world.people.doctor);
    expect(
      await refusal(
        file(world.people.doctor, { ...(code !== 'ALREADY_EXISTS' && { id: `ae-0-${serial(8)}` }), ...change }),
      ),
    ).toBe(code);
  });

  it('needs both wraps', async () => {
    const report = { id, patient: patientIds.patient, to: authority, generation: 1, message };
    const { authority: only } = wraps;
    const call = care.submit(world.people.doctor, 'reports:file', [JSON.stringify(report)], {
      wraps: bytesOf({ authority: only }),
    });
    expect(await refusal(call)).toBe('INVALID_ARGUMENT');
  });
});

describe('a report', () => {
  const reporters = ['patient', 'doctor', 'pharmacist'] as const;

  it.each(reporters)('of a %s is handled by the authority, and answered by who filed it', async (reporter) => {
    await file(world.people[reporter]);
    for (const name of ['ask', 'assess']) {
      const allowed = await whoMay(world, (own, caller) => send(name, caller, own));
      expect(allowed, name).toEqual(['regulator']);
    }
    expect(await whoMay(world, (own, caller) => send('answer', caller, own))).toEqual([reporter]);
    const wrapsOf: [Anybody, string][] = [];
    await whoMay(world, async (own, caller) => {
      const { wrap, reader } = await readWrap(caller, own);
      wrapsOf.push([caller === world.people.regulator ? 'regulator' : reporter, `${reader} ${wrap[0]}`]);
    });
    const own = reporter === 'patient' ? patientIds.patient : practitionerIdOf(reporter);
    expect(wrapsOf.sort()).toEqual(
      [[reporter, `${own} Z`] as [Anybody, string], ['regulator', `${authority} Y`] as [Anybody, string]].sort(),
    );
    await send('assess', world.people.regulator);
    expect(await whoMay(world, (on, caller) => send('close', caller, on))).toEqual(['regulator']);
  });

  const regulator = () => world.people.regulator;
  const doctor = () => world.people.doctor;
  const reach: Record<ReportState, () => Promise<unknown>> = {
    received: () => file(doctor()),
    assessed: async () => [await file(doctor()), await send('assess', regulator())],
    closed: async () => [await file(doctor()), await send('assess', regulator()), await send('close', regulator())],
  };
  const answers: Record<ReportState, Record<string, string>> = {
    received: { ask: 'received', answer: 'received', assess: 'assessed', close: 'WRONG_STATE' },
    assessed: { ask: 'assessed', answer: 'assessed', assess: 'assessed', close: 'closed' },
    closed: { ask: 'WRONG_STATE', answer: 'WRONG_STATE', assess: 'WRONG_STATE', close: 'WRONG_STATE' },
  };

  it.each(Object.keys(answers) as ReportState[])('that is %s', async (state) => {
    await reach[state]();
    const before = await read();
    const found: Record<string, string> = {};
    for (const name of Object.keys(answers[state])) {
      const own = new Care({ ...world, ledger: world.ledger.clone() });
      found[name] = await send(name, name === 'answer' ? doctor() : regulator(), own).then(
        async () => {
          const after = await own.evaluate<AdverseReport>(world.people.service, 'reports:read', id);
          expect(after.version).toBe(before.version + 1);
          expect(after.messages).toHaveLength(before.messages.length + (name === 'close' ? 0 : 1));
          return after.state;
        },
        (error: unknown) => refusal(Promise.reject(error)),
      );
    }
    expect(found).toEqual(answers[state]);
  });

  it('is none of a regulator of another authority', async () => {
    const registrar = world.registrars.RegulatorMSP;
    const other = { id: 'inst-other-agency', kind: 'authority', mspId: 'RegulatorMSP', name: 'Another agency' };
    await submitToRegistry(world, registrar, 'proposeInstitution', JSON.stringify(other));
    await submitToRegistry(world, registrar, 'admitInstitution', other.id);
    const stranger = `prac-${serial(806)}`;
    const identity = await createIdentity('RegulatorMSP', { role: 'regulator', subject: stranger });
    const registration = { id: stranger, institutionId: other.id, role: 'regulator', licence: validLicence() };
    await submitToRegistry(world, registrar, 'registerPractitioner', JSON.stringify(registration));
    await submitToRegistry(world, registrar, 'enrolKeys', stranger, JSON.stringify(identity.keys));
    await file(doctor());
    for (const name of ['ask', 'assess', 'close']) expect(await refusal(send(name, identity))).toBe('NOT_AUTHORISED');
    expect(await refusal(readWrap(identity))).toBe('NOT_AUTHORISED');
  });

  it('is not handled by a regulator who is suspended', async () => {
    await file(doctor());
    await suspend(world, 'regulator');
    expect(await refusal(send('ask', regulator()))).toBe('SUSPENDED');
    expect(await refusal(readWrap(regulator()))).toBe('SUSPENDED');
  });

  it('holds 50 messages', async () => {
    await file(doctor());
    for (let count = 1; count < 50; count += 1) await send('answer', doctor());
    expect(await refusal(send('answer', doctor()))).toBe('WRONG_STATE');
  });
});
