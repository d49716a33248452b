import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eq, isNotNull } from 'drizzle-orm';
import { keccak256, toHex } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { reportRecord, reportWrap } from '#chaincode/model/adverseReport.ts';
import { heldRegisterEntry } from '#chaincode/model/controlledRegister.ts';
import { readEthereumKey, readProfile } from '#connector/profile.ts';
import { fromUtf8, utf8 } from '#crypto/bytes.ts';
import { commitmentOf } from '#crypto/commitment/commitment.ts';
import { readDispenseReceipt, verifyDispenseReceipt, writeDispenseReceipt } from '#crypto/dispenseReceipt.ts';
import { createEnrolment } from '#crypto/enrolment.ts';
import { openAuthorWrap, openContent } from '#crypto/prescription.ts';
import { readReceipt, verifyReceipt, writeReceipt } from '#crypto/receipt.ts';
import { safetyMatches } from '#crypto/safety.ts';
import { proveWallet } from '#crypto/walletProof.ts';
import { parseMedicationRequest, safetyOf } from '#fhir/medicationRequest.ts';
import { findProduct } from '#formulary/products.ts';
import { controlledPrescriptions } from '#server/controlled/service.ts';
import { readEnv } from '#server/env.ts';
import { adverseReports } from '#server/gateways/db/schema/adverseEvents.ts';
import { accesses, consentRequests, consents, documents, emergencies } from '#server/gateways/db/schema/care.ts';
import { shortages as declaredShortages, formularyEntries } from '#server/gateways/db/schema/formulary.ts';
import { prescriptions, tokens } from '#server/gateways/db/schema/ledger.ts';
import { people } from '#server/gateways/db/schema/people.ts';
import { sagas } from '#server/gateways/db/schema/sagas.ts';
import { openPortal, type Portal } from '#server/portal.ts';
import { readFromLedger, readStanding } from '#server/prescriptions/ledger.ts';
import { allInstitutions } from '#server/registry/ledger.ts';
import { addChannel } from '../addChannel.ts';
import { noteChannel } from '../addedChannels.ts';
import { type Network, startNetwork } from '../network.ts';
import { silentProgress } from '../step.ts';
import { ensureAccount, ensureEnrolled, openHeld, type Signer } from './accounts.ts';
import { patientAccount, staffAccount } from './fill.ts';
import { type KeyMaker, openKeyMaker } from './keys.ts';
import { lists, reportedEvents, shortages } from './medicines/said.ts';
import { demonstrationPassword, demonstrationPin, patients, staff } from './people.ts';
import { follow, issue } from './perform.ts';
import { type Demonstration, prepareDemonstration } from './prepare.ts';
import { openRecordBrowser } from './recordBrowser.ts';
import { demonstrationRecords } from './records/records.ts';
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

/** The first of a role, or the one of this e-mail. */
async function signerOf(which: string): Promise<Signer> {
  const member = staff.find(({ role, email }) => role === which || email === which);
  const patient = patients.find(({ email }) => email === which);
  const person = member ? staffAccount(member) : patient && patientAccount(patient);
  if (!person) throw new Error(which);
  const account = await ensureAccount(portal, person);
  const participant = await ensureEnrolled(portal, keyMaker, person, account);
  return { ...participant, ...(await openHeld(portal, keyMaker, participant.actor)) };
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
    expect(found.filter(({ reading }) => reading === undefined)).toEqual([]);
  });

  it('has a record of every patient, documents in indexes, and what the ledgers tell of who shares and reads', async () => {
    const { db } = portal;
    const opened = await db.select().from(sagas).where(eq(sagas.kind, 'records:open'));
    expect(opened).toHaveLength(patients.length);
    const written = await db.select().from(documents);
    const idOf = (email: string) => ({ id: `pt-0-${'a'.repeat(26)}`, name: email });
    const drafts = demonstrationRecords({
      ...{ today: new Date(), pseudonymOf: (email) => idOf(email).id, authorOf: idOf },
    });
    expect(written.filter(({ author }) => author.startsWith('prac-'))).toHaveLength(drafts.length);
    expect(written.filter(({ author }) => author.startsWith('pt-'))).toHaveLength(3);
    expect(await db.select().from(consents)).toHaveLength(6);
    expect(await db.select().from(consentRequests)).toMatchObject([{ state: 'open' }]);
    // Two doctors read one, one another, the summary of it was opened in an emergency; one is read for a prescription.
    expect(await db.select().from(accesses)).toHaveLength(5);
    expect(await db.select().from(emergencies)).toMatchObject([{ outcome: null }]);
  });

  it('has a formulary with lists of institutions, shortages, and reports for the authority', async () => {
    const { db } = portal;
    const entries = await db.select().from(formularyEntries);
    expect(entries).toHaveLength(lists.flatMap(({ entries: said }) => said).length);
    expect(entries.every(({ state }) => state === 'inForce')).toBe(true);
    expect(await db.select().from(declaredShortages)).toHaveLength(shortages.length);
    const reports = await db.select().from(adverseReports);
    expect(reports).toHaveLength(reportedEvents.length);
    const regulator = await openRecordBrowser(portal, await signerOf('regulator'));
    await regulator.openInstitution('inst-medicines-authority');
    const told: string[] = [];
    for (const { ledgerState } of reports) {
      const report = reportRecord.parse(ledgerState);
      const own = await regulator.read({ kind: 'reports:readWrap', id: report.id }, reportWrap);
      const bytes = await Promise.all(report.messages.map(({ cid }) => portal.ipfs.read(cid)));
      const [first] = await regulator.vault.openReport({ report, own, bytes });
      told.push(first?.event?.narrative ?? '');
    }
    expect(told.sort()).toEqual(reportedEvents.map(({ narrative }) => narrative).sort());
  }, 60_000);

  it('has a register of controlled medicines that the authority opens', async () => {
    const regulator = await signerOf('regulator');
    const { prescriptions: listed } = await controlledPrescriptions(regulator.actor, portal);
    const wanted = scenario.filter(({ product }) => findProduct(product)?.controlled);
    expect(listed.map(({ registered }) => registered)).toEqual(wanted.map(() => true));
    const browser = await openRecordBrowser(portal, regulator);
    await browser.openInstitution('inst-medicines-authority');
    const volumes: number[] = [];
    for (const { id } of listed) {
      const entries = await browser.read({ kind: 'readRegister', ids: [id] }, z.array(heldRegisterEntry));
      const opened = await browser.vault.openRegister({ institution: 'inst-medicines-authority', entries });
      volumes.push(...opened.entries.map(({ quantity }) => quantity));
    }
    expect(volumes.sort()).toEqual(wanted.map(({ quantity }) => quantity).sort());
  }, 60_000);

  it('shows a patient the own record at once, and staff what is shared, through the institution’s key', async () => {
    const patient = await openRecordBrowser(portal, await signerOf('jonas.lind@mail.example'));
    const own = await patient.openOwn();
    expect(own.unlocked.every(({ state }) => state === 'open')).toBe(true);
    expect(own.source.views.flatMap(({ tail }) => tail)).toEqual([]);
    const { screen } = await patient.vault.openChart(own.source);
    expect(screen.problems.map(({ x }) => x)).toContain('Type 2 diabetes mellitus');

    const doctor = await signerOf('amara.weiss@lakeside.example');
    const browser = await openRecordBrowser(portal, doctor);
    const read = await portal.db.select().from(accesses).where(eq(accesses.reader, doctor.actor.subjectId));
    const access = read.find(({ patient }) => patient === own.source.patient);
    await browser.openInstitution('inst-lakeside-hospital');
    const shared = await browser.openAccess(access?.id ?? '', own.source.patient);
    expect(shared.withheld).toContain('mental');
    const chart = await browser.vault.openChart(shared.source);
    expect(chart.screen.allergies.map(({ x }) => x)).toContain('Allergy to penicillin');
    expect(JSON.stringify(chart)).not.toContain('depress');
  }, 60_000);

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
    expect(kept.done).toEqual(expect.arrayContaining(scenario.map(({ key }) => key)));
    expect(new Set(kept.done).size).toBe(kept.done.length);
    const left = 'nowak-denies-old-town';
    const before = await portal.db.select().from(people);
    const [written, said] = [await portal.db.select().from(documents), await portal.db.select().from(consents)];
    writeFileSync(file, JSON.stringify({ done: kept.done.filter((key) => key !== left) }));
    const again = await prepare();
    expect(again.people).toEqual(first.people);
    expect(again.invitation).not.toBe(first.invitation);
    expect(await portal.db.select().from(people)).toEqual(before);
    expect(await portal.db.select().from(prescriptions)).toHaveLength(scenario.length);
    expect(await portal.db.select().from(documents)).toEqual(written);
    expect(await portal.db.select().from(consents)).toHaveLength(said.length + 1);
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
    const request = parseMedicationRequest(document);
    expect(request.id).toBe(mine.id);
    const safety = safetyOf(request);
    // What the patient shares with the doctor's institution was read for it.
    expect(safety?.unknown.filter(({ why }) => why === 'notShared').map(({ what }) => what)).not.toContain('kidney');
    expect(safety?.findings.every(({ override = '' }) => override !== '')).toBe(true);
    expect(safetyMatches(mine.id, safety, recorded.safety)).toBe(true);
    const unchecked = (await Promise.all(rows.map(({ id }) => readFromLedger(portal.ledger, id)))).filter(
      (each) => each.safety === undefined,
    );
    expect(unchecked).toEqual([]);
    const token = await portal.ethereum.readToken(portal.ethereum.tokenIdOf(mine.id));
    expect(token?.commitment).toBe(commitmentOf(dataKey, document));
    expect(commitmentOf(dataKey, utf8('{"medicationCodeableConcept":{"text":"another"}}'))).not.toBe(token?.commitment);
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
      expect(attestation).toMatchObject({ tokenId, version: row.version, channel: keccak256(toHex(row.channel)) });
      const { channel, blockHash, state: attested, version, deadline } = attestation;
      await portal.ethereum.recordState(
        { tokenId, channel, blockHash, state: attested, version: Number(version), deadline: Number(deadline) },
        signatures.map(({ signature }) => signature),
      );
      expect((await portal.ethereum.readToken(tokenId))?.state).toBe(expected);
    }
  }, 30_000);

  it('gives receipts by three notaries of what is over and of each dispense, and of nothing else', async () => {
    const rows = await portal.db.select().from(prescriptions);
    const token = { chainId: 31337, contract: hex(network.run.prescriptionToken) };
    const profile = Object.values(readProfile(network.run.connectorProfile).organisations);
    const notaries = profile.flatMap(({ notary }) =>
      notary ? [privateKeyToAccount(readEthereumKey(notary.ethereumKeyFile)).address] : [],
    );
    for (const state of ['completed', 'cancelled']) {
      const row = rows.find((one) => one.state === state);
      if (!row) throw new Error(state);
      const receipt = readReceipt(writeReceipt(await portal.connector.receipt(row.id)));
      const recorded = await readFromLedger(portal.ledger, row.id);
      const said = recorded.dispenses.map(({ id, quantity, cid }) => ({ id, quantity, cid }));
      expect(receipt.record).toMatchObject({
        id: row.id,
        version: row.version,
        state,
        left: recorded.left,
        dispenses: said,
      });
      expect(verifyReceipt(receipt, { token, notaries, threshold: 3 })).toHaveLength(3);
    }
    for (const state of ['active', 'accepted', 'partial']) {
      const row = rows.find((one) => one.state === state);
      if (!row) throw new Error(state);
      await expect(portal.connector.receipt(row.id)).rejects.toMatchObject({ code: 'WRONG_STATE' });
    }
    // Of each dispense, however the prescription goes on.
    for (const state of ['completed', 'partial']) {
      const row = rows.find((one) => one.state === state);
      if (!row) throw new Error(state);
      const { dispenses, quantity: prescribed } = await readFromLedger(portal.ledger, row.id);
      const [dispense] = dispenses;
      if (dispense === undefined) throw new Error(`nothing was dispensed on ${row.id}`);
      const { id: dispenseId, quantity, at, institutionId } = dispense;
      const given = await portal.connector.dispenseReceipt(row.id, dispenseId);
      const receipt = readDispenseReceipt(writeDispenseReceipt(given));
      expect(receipt.record).toEqual({
        ...{ id: row.id, version: expect.any(Number), quantity: prescribed },
        dispense: { id: dispenseId, quantity, at, institutionId },
      });
      expect(verifyDispenseReceipt(receipt, { token, notaries, threshold: 3 })).toHaveLength(3);
      const none = portal.connector.dispenseReceipt(row.id, `disp-${'z'.repeat(26)}`);
      await expect(none).rejects.toMatchObject({ code: 'NOT_FOUND' });
    }
  }, 60_000);

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
    const seen = async () => ({ why: 'notShared' as const });
    const cast = { doctor: await signerOf('doctor'), pharmacist: await signerOf('pharmacist'), patient, seen };
    const item = scenario.find(({ key }) => key === 'okafor-amoxicillin');
    if (!item) throw new Error('no item');
    const { ETHEREUM_RPC_URL: rpcUrl = '' } = network.run.portalEnv;
    const token = { rpcUrl, address: hex(network.run.prescriptionToken) };
    const issued = await issue(portal, token, item, cast);
    expect(issued.issue.id).toMatch(/^rx-4-/);
    await follow(portal, item, cast, issued);
    expect(await readFromLedger(portal.ledger, issued.issue.id)).toMatchObject({ state: 'completed', left: 0 });
    const { attestation, signatures } = await portal.connector.attest(issued.issue.id);
    expect(attestation.channel).toBe(keccak256(toHex('care-4')));
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
