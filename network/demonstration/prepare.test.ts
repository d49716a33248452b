import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isNotNull } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { fromUtf8, utf8 } from '#crypto/bytes.ts';
import { createEnrolment } from '#crypto/enrolment.ts';
import { openAuthorWrap, openContent } from '#crypto/prescription.ts';
import { tokenCommitment } from '#crypto/token.ts';
import { proveWallet } from '#crypto/walletProof.ts';
import { parseMedicationRequest } from '#fhir/medicationRequest.ts';
import { readEnv } from '#server/env.ts';
import { prescriptions, tokens } from '#server/gateways/db/schema/ledger.ts';
import { people } from '#server/gateways/db/schema/people.ts';
import { openPortal, type Portal } from '#server/portal.ts';
import { readFromLedger, readStanding } from '#server/prescriptions/ledger.ts';
import { allInstitutions } from '#server/registry/ledger.ts';
import { addChannel } from '../addChannel.ts';
import { noteChannel } from '../addedChannels.ts';
import { type Network, startNetwork } from '../network.ts';
import { silentProgress } from '../step.ts';
import { ensureAccount, ensureEnrolled, openKeys, type Signer } from './accounts.ts';
import { staffAccount } from './fill.ts';
import { type KeyMaker, openKeyMaker } from './keys.ts';
import { demonstrationPassword, demonstrationPin, patients, staff } from './people.ts';
import { follow, issue } from './perform.ts';
import { type Demonstration, prepareDemonstration } from './prepare.ts';
import { scenario } from './scenario.ts';
import { readAs } from './transact.ts';

/** The whole network, its connector and the demonstration in it, without the portal's pages. */
const folder = mkdtempSync(join(tmpdir(), 'medloom-demonstration-'));
const file = join(folder, 'demonstration.json');
let network: Network;
let portal: Portal;
let keyMaker: KeyMaker;
let first: Demonstration;
const prepare = () => {
  const { portalEnv: settings, connectorProfile } = network.run;
  return prepareDemonstration({ settings, connectorProfile, file });
};

beforeAll(async () => {
  vi.stubEnv('LOG_LEVEL', 'error');
  network = await startNetwork({ stateDir: join(folder, 'state'), port: 0, portal: false, demonstration: false });
  portal = openPortal(readEnv(network.run.portalEnv));
  keyMaker = openKeyMaker({ password: demonstrationPassword, pin: demonstrationPin }, 1);
  first = await prepare();
}, 300_000);
afterAll(async () => {
  await keyMaker?.close();
  await portal?.close();
  await network?.stop();
  rmSync(folder, { recursive: true, force: true });
}, 60_000);

async function signerOf(role: 'doctor' | 'pharmacist'): Promise<Signer> {
  const member = staff.find((one) => one.role === role);
  if (!member) throw new Error(role);
  const person = staffAccount(member);
  const account = await ensureAccount(portal, person);
  const participant = await ensureEnrolled(portal, keyMaker, person, account);
  return { ...participant, keys: await openKeys(portal, keyMaker, account.personId) };
}

describe('the prepared demonstration', () => {
  it('tells everybody and the invitation', () => {
    expect(first.people).toHaveLength(staff.length + patients.length);
    expect(first.people[0]).toMatchObject({ role: 'doctor', name: 'Dr Amara Weiss', institution: 'Lakeside Hospital' });
    expect(first.invitation).toMatch(/^http:\/\/localhost:[0-9]+\/enrol#[\w-]{43}$/);
  });

  it('has prescriptions of every state on every care channel, each with a token', async () => {
    const rows = await portal.db.select().from(prescriptions);
    expect(rows).toHaveLength(scenario.length);
    expect(new Set(rows.map(({ channel }) => channel))).toEqual(new Set(['care-0', 'care-1', 'care-2', 'care-3']));
    expect(new Set(rows.map(({ state }) => state))).toEqual(
      new Set(['active', 'accepted', 'partial', 'completed', 'cancelled']),
    );
    expect(await portal.db.select().from(tokens)).toHaveLength(scenario.length);
  });

  it('has second factors for everybody, and a key for every institution that reads', async () => {
    const members = await portal.db.select().from(people).where(isNotNull(people.enrolledAt));
    expect(members).toHaveLength(staff.length + patients.length);
    for (const { subjectId } of members.filter(({ role }) => role !== 'patient')) {
      const { practitioner } = await readStanding(portal.ledger, subjectId);
      expect(practitioner.credentials, subjectId).toMatchObject([{ kind: 'pin' }]);
    }
    const found = await allInstitutions(portal.ledger);
    expect(found.filter(({ reading }) => reading === undefined).map(({ kind }) => kind)).toEqual(['authority']);
  });

  it('is not made twice', async () => {
    expect(await prepare()).toEqual(first);
  });

  it('names a damaged record of itself, what to do, and leaves it as it is', async () => {
    const whole = readFileSync(file, 'utf8');
    for (const damaged of [whole.slice(0, 10), '{"done":7}']) {
      writeFileSync(file, damaged);
      await expect(prepare()).rejects.toMatchObject({
        message: expect.stringContaining(file),
        advice: expect.stringMatching(/backup.*--fresh/),
      });
      expect(readFileSync(file, 'utf8')).toBe(damaged);
    }
    writeFileSync(file, whole);
  });

  it('is completed when a start was interrupted, without enrolling or issuing again', async () => {
    const kept = z.object({ done: z.array(z.string()) }).parse(JSON.parse(readFileSync(file, 'utf8')));
    expect(new Set(kept.done)).toEqual(new Set(scenario.map(({ key }) => key)));
    const before = await portal.db.select().from(people);
    writeFileSync(file, JSON.stringify(kept));
    const again = await prepare();
    expect(again.people).toEqual(first.people);
    expect(again.invitation).not.toBe(first.invitation);
    expect(await portal.db.select().from(people)).toEqual(before);
    expect(await portal.db.select().from(prescriptions)).toHaveLength(scenario.length);
  }, 60_000);
});

describe('a doctor of the demonstration', () => {
  it('opens with the password what was prescribed, which is what the token commits to', async () => {
    const doctor = await signerOf('doctor');
    const { subjectId } = doctor.actor;
    const rows = await portal.db.select().from(prescriptions);
    const mine = rows.find(({ author, channel }) => author === subjectId && channel === 'care-0');
    if (!mine) throw new Error('no prescription');
    const answer = await readAs(portal, doctor, { kind: 'readWraps', ids: [mine.id] });
    const [wrap] = z.array(z.object({ id: z.string(), wrap: z.string() })).parse(JSON.parse(fromUtf8(answer)));
    const dataKey = await openAuthorWrap(doctor.keys.readingSeed, mine.id, subjectId, wrap?.wrap ?? '');
    const recorded = await readFromLedger(portal.ledger, mine.id);
    const document = await openContent(dataKey, await portal.ipfs.read(recorded.cid), recorded);
    expect(parseMedicationRequest(document).id).toBe(mine.id);
    const token = await portal.ethereum.readToken(portal.ethereum.tokenIdOf(mine.id));
    expect(token?.commitment).toBe(tokenCommitment(dataKey, document));
    expect(tokenCommitment(dataKey, utf8('another'))).not.toBe(token?.commitment);
  }, 30_000);
});

describe('the connector', () => {
  it('attests by three notaries what their peers say, and the contract takes it', async () => {
    const rows = await portal.db.select().from(prescriptions);
    for (const [state, expected] of [
      ['completed', 'dispensed'],
      ['partial', 'partial'],
      ['cancelled', 'cancelled'],
    ]) {
      const row = rows.find((one) => one.state === state);
      if (!row) throw new Error(state);
      const { attestation, signatures } = await portal.connector.attest(row.id);
      expect(signatures).toHaveLength(3);
      const tokenId = portal.ethereum.tokenIdOf(row.id);
      expect(attestation).toMatchObject({ tokenId, version: row.version, channel: row.channel });
      const { version, deadline, ledgerRef = '' } = attestation;
      await portal.ethereum.recordState(
        { tokenId, state: attestation.state, version: Number(version), deadline: Number(deadline), ledgerRef },
        signatures.map(({ signature }) => signature),
      );
      expect((await portal.ethereum.readToken(tokenId))?.state).toBe(expected);
    }
  }, 30_000);

  it('gives nobody a second key, and says what it refuses', async () => {
    const doctor = await signerOf('doctor');
    const { subjectId, mspId } = doctor.actor;
    const { csrPem, readingKey, wallet, walletProof, contents } = await createEnrolment({
      password: 'another password',
      commonName: subjectId,
    });
    const request = { role: 'doctor', mspId, subjectId, csrPem, readingKey, wallet, walletProof };
    await expect(portal.connector.enrol(request)).rejects.toMatchObject({ code: 'KEY_EXISTS' });
    const stranger = `prac-${'z'.repeat(26)}`;
    const proved = proveWallet(contents.walletKey, { subjectId: stranger, csrPem });
    const unknown = portal.connector.enrol({ ...request, subjectId: stranger, walletProof: proved });
    await expect(unknown).rejects.toMatchObject({ code: 'NOT_FOUND' });
    const missing = portal.connector.attest(`rx-0-${'z'.repeat(26)}`);
    await expect(missing).rejects.toMatchObject({ code: 'NOT_FOUND' });
  }, 30_000);

  it('answers nobody without the token', async () => {
    const response = await fetch(`${network.run.urls.connector}/attestations`, { method: 'POST', body: '{}' });
    expect(response.status).toBe(401);
  });
});

describe('a network that grows', () => {
  const grow = (wanted: 'care' | 'supply' | 'care-4') =>
    addChannel({
      ...{ stateDir: network.run.stateDir, wanted, progress: silentProgress },
      signal: AbortSignal.timeout(60_000),
    });
  const details = {
    ...{ name: 'Ida Falk', email: 'ida.falk@mail.example', birthDate: '1981-05-05', sex: 'female' as const },
    ...{ identifier: 'LK-810505-118', channel: 4, treatedAt: ['inst-lakeside-hospital' as const] },
  };

  it('takes another care channel while it is used, and sends new patients of its share there', async () => {
    const known = await portal.db.select().from(people);
    const [old] = await portal.db.select().from(prescriptions);
    if (!old) throw new Error('no prescription');
    let over = false;
    const reading = (async () => {
      for (let reads = 1; ; reads += 1) {
        await readFromLedger(portal.ledger, old.id);
        if (over) return reads;
      }
    })();
    try {
      expect(await grow('care')).toEqual({ name: 'care-4', mapVersion: 2, unchanged: false });
      await expect.poll(() => portal.ledger.newPseudonym(), { timeout: 30_000, interval: 20 }).toMatch(/^pt-4-/);
    } finally {
      over = true;
    }
    expect(await reading).toBeGreaterThan(1);
    expect(await portal.db.select().from(people)).toEqual(known);
    expect(await grow('care-4')).toEqual({ name: 'care-4', mapVersion: 2, unchanged: true });
  }, 90_000);

  it('lets a patient there be prescribed for, served and attested like any other', async () => {
    const person = { ...details, role: 'patient' as const, mspId: 'PatientMSP' };
    const account = await ensureAccount(portal, person, details.channel);
    const patient = { ...(await ensureEnrolled(portal, keyMaker, person, account)), details };
    const cast = { doctor: await signerOf('doctor'), pharmacist: await signerOf('pharmacist'), patient };
    const item = scenario.find(({ key }) => key === 'okafor-amoxicillin');
    if (!item) throw new Error('no item');
    const { ETHEREUM_RPC_URL: rpcUrl = '' } = network.run.portalEnv;
    const token = { rpcUrl, address: hex(network.run.prescriptionToken) };
    const issued = await issue(portal, token, item, cast);
    expect(issued.issue.id).toMatch(/^rx-4-/);
    await follow(portal, item, cast, issued);
    expect(await readFromLedger(portal.ledger, issued.issue.id)).toMatchObject({ state: 'completed', left: 0 });
    const { attestation, signatures } = await portal.connector.attest(issued.issue.id);
    expect(attestation.channel).toBe('care-4');
    expect(signatures).toHaveLength(3);
  }, 60_000);

  it('finishes what was begun before it adds anything, and works for one at a time', async () => {
    const both = await Promise.all([grow('supply'), grow('supply')]);
    expect(both.map(({ name }) => name).sort()).toEqual(['supply-2', 'supply-3']);
    expect(both.map(({ mapVersion }) => mapVersion).sort()).toEqual([3, 4]);
    // Where a kill leaves it at the earliest.
    await noteChannel(join(network.run.stateDir, 'ledger', 'channels.json'), 'care-5');
    expect(await grow('care')).toEqual({ name: 'care-5', mapVersion: 5, unchanged: false });
  }, 90_000);

  it('is none where nothing runs', async () => {
    const nowhere = {
      stateDir: folder,
      wanted: 'care',
      progress: silentProgress,
      signal: AbortSignal.timeout(5_000),
    } as const;
    await expect(addChannel(nowhere)).rejects.toMatchObject({ advice: expect.stringContaining('npm start') });
  });
});

function hex(text: string): `0x${string}` {
  return `0x${text.slice(2)}`;
}
