import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { LedgerErrorCode } from '../../model/errors.ts';
import type { Outcome } from '../../model/telemetry.ts';
import { type CircleCare, circleIds, createCircleCare, type DeviceName, deviceIdOf } from '../../testing/circles.ts';
import type { Identity } from '../../testing/identity.ts';
import { type Endorsed, type Order, refusal } from '../../testing/ledger.ts';
import { cidOf, filled, hexOf, type Signer } from '../../testing/records.ts';
import { bytesOf, hour, instant, patientIds } from '../../testing/samples.ts';
import { confirmed } from '../../testing/signing.ts';
import { practitionerIdOf, type StaffName, submitToRegistry } from '../../testing/world.ts';

/**
 * Every role × every function of `circles`, `telemetry` and `alerts` × every circumstance; each answer is written by hand.
 * Nothing is committed, so each cell stands alone.
 */

const owners = ['patient', 'representative', 'otherPatient', 'stranger'] as const;
const staff = ['doctor', 'otherDoctor', 'pharmacist', 'admin', 'regulator', 'insurer'] as const;
const devices = ['sensor', 'monitor', 'otherSensor', 'gateway', 'system'] as const;
/** `representative` acts for the patient; `doctor`, `sensor` and `monitor` have seats. */
const roles = [...owners, ...staff, ...devices] as const;
type Role = (typeof roles)[number];

const circumstances = ['usual', 'ended', 'expired', 'suspended', 'backdated'] as const;
/** `ended`, `expired`: the seats; `suspended`: everybody; `backdated`: the proposal is three minutes older. */
type Circumstance = (typeof circumstances)[number];

const actions = [
  ...['seat', 'unseat', 'commit', 'archive', 'readArchives', 'readArchiveKey'],
  ...['setPlan', 'resealPlan', 'anchor', 'raise', 'escalate', 'acknowledge', 'close'],
] as const;
type Action = (typeof actions)[number];

type Answer = 'allowed' | LedgerErrorCode;
type Row = Record<Role, Answer>;

const all = <Some extends Role>(named: readonly Some[], answer: Answer) =>
  Object.fromEntries(named.map((role) => [role, answer])) as Record<Some, Answer>;

const byOwner: Row = {
  ...all(['patient', 'representative'], 'allowed'),
  otherPatient: 'NOT_AUTHORISED',
  ...all(['stranger', ...staff, ...devices], 'NOT_REGISTERED'),
};
const byMember: Row = {
  ...all(['patient', 'representative', 'doctor', 'sensor', 'monitor'], 'allowed'),
  ...all(['otherPatient', 'pharmacist', 'admin', 'regulator', 'insurer'], 'NOT_AUTHORISED'),
  ...all(['otherDoctor', 'otherSensor', 'gateway', 'system'], 'NO_CONSENT'),
  stranger: 'NOT_REGISTERED',
};
const byDoctor: Row = {
  doctor: 'allowed',
  otherDoctor: 'NO_CONSENT',
  ...all(['pharmacist', 'admin', 'regulator', 'insurer'], 'NOT_AUTHORISED'),
  ...all([...owners, ...devices], 'NOT_REGISTERED'),
};
const byGateway: Row = {
  ...all(devices, 'NOT_AUTHORISED'),
  gateway: 'allowed',
  ...all([...owners, ...staff], 'NOT_REGISTERED'),
};
const unseat: Row = {
  ...all(['patient', 'representative', 'sensor'], 'allowed'),
  ...all(['otherPatient', ...staff], 'NOT_AUTHORISED'),
  ...all(['monitor', 'otherSensor', 'gateway', 'system'], 'NOT_AUTHORISED'),
  stranger: 'NOT_REGISTERED',
};

const usual: Record<Action, Row> = {
  seat: byOwner,
  unseat,
  commit: byMember,
  archive: { ...byMember, doctor: 'NOT_AUTHORISED' },
  readArchives: byOwner,
  readArchiveKey: { ...byMember, gateway: 'allowed' },
  setPlan: byDoctor,
  resealPlan: byMember,
  anchor: byGateway,
  raise: { ...byGateway, sensor: 'allowed' },
  escalate: byGateway,
  acknowledge: byDoctor,
  close: byDoctor,
};

const unseated = all(['doctor', 'sensor', 'monitor'], 'NO_CONSENT');
const withoutSeats: Partial<Record<Action, Partial<Row>>> = {
  ...{ commit: unseated, archive: unseated, readArchiveKey: unseated, resealPlan: unseated },
  ...{ setPlan: { doctor: 'NO_CONSENT' }, acknowledge: { doctor: 'NO_CONSENT' }, close: { doctor: 'NO_CONSENT' } },
  raise: { gateway: 'NO_CONSENT', sensor: 'NO_CONSENT' },
};
const different: Partial<Record<Circumstance, Partial<Record<Action, Partial<Row>>>>> = {
  ended: { ...withoutSeats, unseat: all(['patient', 'representative', 'sensor'], 'WRONG_STATE') },
  // What was just measured was measured in an epoch with members who may be in it no more.
  expired: { ...withoutSeats, anchor: { gateway: 'STALE_KEY' } },
};

function expectedAnswer(action: Action, role: Role, circumstance: Circumstance): Answer {
  const answer = different[circumstance]?.[action]?.[role] ?? usual[action][role];
  if (circumstance === 'backdated') return action.startsWith('read') ? answer : 'CLOCK_SKEW';
  if (circumstance !== 'suspended') return answer;
  // A person is told first whose role it is not; a device has none without its standing.
  const isDevice = devices.some((name) => name === role) && answer !== 'NOT_REGISTERED';
  if (action === 'unseat' && (role === 'doctor' || role === 'otherDoctor')) return 'SUSPENDED';
  const isDoctors = role === 'doctor' && (action === 'archive' || answer === 'allowed');
  return isDevice || isDoctors || answer === 'allowed' || answer === 'NO_CONSENT' ? 'SUSPENDED' : answer;
}

async function prepare(circumstance: Circumstance): Promise<CircleCare> {
  const care = await createCircleCare();
  const [monitor, representative] = [care.device('monitor'), await care.appoint(1)];
  await care.open();
  await care.gather();
  await care.seat(monitor.id);
  await care.plan(care.staff('doctor'));
  await care.commit(care.patient);
  await care.raise([care.alertOf(1), care.alertOf(2)]);
  await care.submit(care.world.people.doctor, 'alerts:acknowledge', [circleIds.alert(2)]);
  const seated = [practitionerIdOf('doctor'), deviceIdOf('sensor'), monitor.id];
  for (const subject of seated) {
    if (circumstance === 'ended') await care.unseat(subject, representative);
    if (circumstance === 'expired') await care.seat(subject, instant(hour));
  }
  if (circumstance === 'suspended') await suspendAll(care);
  return care;
}

async function suspendAll(care: CircleCare): Promise<void> {
  const { RegulatorMSP } = care.world.registrars;
  for (const id of [patientIds.patient, patientIds.otherPatient]) {
    await care.submit(RegulatorMSP, 'patients:setStatus', [id, 'suspended']);
  }
  for (const name of staff) {
    await submitToRegistry(care.world, RegulatorMSP, 'setPractitionerStatus', practitionerIdOf(name), 'suspended');
  }
  for (const name of devices) {
    await submitToRegistry(
      ...([care.world, care.world.registrars.HospitalMSP, 'setDeviceStatus', deviceIdOf(name), 'suspended'] as const),
    );
  }
}

function signerOf(care: CircleCare, role: Role): Signer {
  const person = (name: 'patient' | 'otherPatient' | 'representative', identity: Identity): Signer => {
    return { identity, id: patientIds[name] };
  };
  const { people } = care.world;
  switch (role) {
    case 'patient':
      return person('patient', people.patient);
    case 'stranger':
      return person('patient', people.stranger);
    case 'representative':
      return person('otherPatient', people.otherPatient);
    case 'otherPatient':
      return person('representative', people.representative);
    default:
      return isStaff(role) ? care.staff(role) : care.device(role);
  }
}
const isStaff = (role: StaffName | DeviceName): role is StaffName => staff.some((name) => name === role);

/** The call of an action by a role. */
function orderOf(care: CircleCare, action: Action, role: Role): Order {
  const { identity, id } = signerOf(care, role);
  const patient = care.subject;
  const place = { patient, generation: 1, epoch: 3 };
  const call = (name: string, ...args: (string | object)[]) =>
    care.order(
      identity,
      name,
      args.map((argument) => (typeof argument === 'string' ? argument : JSON.stringify(argument))),
    );
  switch (action) {
    case 'seat': {
      const factor = care.world.credentials[role === 'patient' ? 'patient' : 'otherPatient'];
      const order = call('circles:seat', { patient, subject: deviceIdOf('hub') });
      return { ...order, transient: confirmed(factor, order) };
    }
    case 'unseat':
      return call('circles:unseat', patient, deviceIdOf('sensor'));
    case 'commit': {
      const block = { cid: cidOf('x'), contentHash: hexOf('x'), keyCommitment: hexOf('y') };
      const added = [{ leaf: circleIds.leaf(77), subject: id, keyHash: hexOf('leaf 77') }];
      return call('circles:commit', { ...place, epoch: 4, ...block, added, removed: [] });
    }
    case 'archive': {
      const archive = { categoryEpoch: 1, wrap: filled('key') };
      return { ...call('telemetry:archive', place), transient: { archive: bytesOf(archive) } };
    }
    case 'readArchives':
      return call('telemetry:readArchives', patient, '1', '0', '');
    case 'readArchiveKey':
      return call('telemetry:readArchiveKey', patient);
    case 'setPlan':
      return call('telemetry:setPlan', { ...place, version: 2, cid: cidOf('p'), contentHash: hexOf('p') });
    case 'resealPlan':
      return call('telemetry:resealPlan', { ...place, version: 1, cid: cidOf('p'), contentHash: hexOf('p') });
    case 'anchor':
      return call('telemetry:anchor', { batches: [care.batchOf(1, { epoch: 3 })] });
    case 'raise':
      return call('alerts:raise', { alerts: [care.alertOf(3)] });
    case 'escalate':
      return call('alerts:escalate', circleIds.alert(1));
    case 'acknowledge':
      return call('alerts:acknowledge', circleIds.alert(1));
    case 'close':
      return call('alerts:close', circleIds.alert(2), 'treated');
  }
}

/** What is decided about one of several says the event. */
function answerOf({ simulation }: Endorsed): Answer {
  const payload = Buffer.from(simulation.event?.payload ?? []).toString('utf8');
  const { outcomes }: { outcomes?: Outcome[] } = payload === '' ? {} : JSON.parse(payload);
  return outcomes?.[0]?.code ?? 'allowed';
}

/** How far the clock has gone on: an alert can be escalated, and a seat has ended by itself. */
const elapsed = (circumstance: Circumstance) => (circumstance === 'expired' ? 2 * hour : 90_000);

describe.each(circumstances)('%s', (circumstance) => {
  let care: CircleCare;

  beforeAll(async () => {
    care = await prepare(circumstance);
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + elapsed(circumstance) });
  });
  afterAll(() => {
    vi.useRealTimers();
  });

  it.each(actions)('%s', async (action) => {
    const answers: Record<string, string> = {};
    const expected: Record<string, string> = {};
    for (const role of roles) {
      const order = orderOf(care, action, role);
      const at = new Date(Date.now() - (circumstance === 'backdated' ? 3 * 60_000 : 0));
      const endorsed = care.world.ledger.endorse({ ...order, at });
      expected[role] = expectedAnswer(action, role, circumstance);
      answers[role] = await endorsed.then(answerOf, () => refusal(endorsed));
    }
    expect(answers).toEqual(expected);
  });
});
