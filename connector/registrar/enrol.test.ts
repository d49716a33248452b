import 'reflect-metadata';
import { createHash } from 'node:crypto';
import { X509Certificate } from '@peculiar/x509';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Authority } from '../authority/issueCertificate.ts';
import { ConnectorError } from '../errors.ts';
import { createAuthority } from '../testing/authority.ts';
import { createFakeLedger, type FakeLedger } from '../testing/ledger.ts';
import { createRequest, licence, patientEnrolment, pseudonym, staffEnrolment, wallet } from '../testing/requests.ts';
import { type EnrolmentOffice, enrol } from './enrol.ts';
import type { Prescribers } from './prescribers.ts';
import { type Enrolment, enrolment } from './schema.ts';

let authority: Authority;
let ledger: FakeLedger;
let offices: Map<string, EnrolmentOffice>;
let admitted: string[];
let prescribers: Prescribers;
let request: Awaited<ReturnType<typeof createRequest>>;

beforeAll(async () => {
  authority = await createAuthority('HospitalMSP');
  request = await createRequest();
});

beforeEach(() => {
  ledger = createFakeLedger();
  offices = new Map(['HospitalMSP', 'PatientMSP'].map((mspId) => [mspId, { authority, ledger }]));
  admitted = [];
  prescribers = {
    admit: async (account) => {
      admitted.push(account);
    },
    settle: async () => {},
  };
});

const run = (wanted: Enrolment) => enrol(offices, prescribers, wanted);
const refused = (wanted: Enrolment) =>
  run(wanted).then(
    () => 'nothing',
    (error: ConnectorError) => error.code,
  );
const submitted = () =>
  ledger.calls.filter((call) => call.function === 'enrolKeys' || call.function === 'patients:register');

describe('enrolling a doctor', () => {
  it('records the exact keys, admits the wallet and then issues the certificate', async () => {
    const { certificatePem } = await run(staffEnrolment(request.csrPem));
    expect(submitted()).toHaveLength(1);
    expect(ledger.practitioner.keys).toEqual({
      signingKeyHash: request.hash,
      readingKey: 'R'.repeat(1622),
      wallet,
    });
    expect(admitted).toEqual([wallet]);
    expect(new X509Certificate(certificatePem).subject).toContain('OU=client');
    const text = Buffer.from(new X509Certificate(certificatePem).rawData).toString('latin1');
    const hash = createHash('sha256')
      .update(Buffer.from('R'.repeat(1622), 'base64url'))
      .digest('hex');
    expect(text).toContain(`"reading":"${hash}"`);
    expect(text).toContain('"institution":"inst-lakeside"');
  });

  it('takes role and licence from the registry', async () => {
    ledger.practitioner = { ...ledger.practitioner, role: 'admin', licence: { ...licence, number: 'A-9' } };
    const asAdmin = staffEnrolment(request.csrPem, { role: 'admin', licence: null, institutionId: null });
    const { certificatePem } = await run(asAdmin);
    const text = Buffer.from(new X509Certificate(certificatePem).rawData).toString('latin1');
    expect(text).toContain('"role":"admin"');
    expect(text).toContain('"licence":"A-9"');
    expect(admitted).toEqual([]);
  });

  it.each([
    ['another role', { role: 'pharmacist' }],
    ['another institution', { institutionId: 'inst-elsewhere' }],
    ['another licence', { licence: { ...licence, number: 'L-2' } }],
  ] as const)('refuses %s than the registry’s, and writes nothing', async (_case, change) => {
    expect(await refused(staffEnrolment(request.csrPem, change))).toBe('NOT_AUTHORISED');
    expect(submitted()).toEqual([]);
    expect(admitted).toEqual([]);
  });

  it('refuses an organisation’s CA for a practitioner of another', async () => {
    ledger.practitioner = { ...ledger.practitioner, mspId: 'PharmacyMSP' };
    expect(await refused(staffEnrolment(request.csrPem))).toBe('NOT_AUTHORISED');
  });

  it('refuses an organisation that it does not serve, an unknown person and a suspended one', async () => {
    expect(await refused(staffEnrolment(request.csrPem, { mspId: 'SupplyMSP' }))).toBe('NOT_SERVED');
    expect(await refused(staffEnrolment(request.csrPem, { subjectId: `prac-${'z'.repeat(26)}` }))).toBe('NOT_FOUND');
    await run(staffEnrolment(request.csrPem));
    ledger.practitioner = { ...ledger.practitioner, status: 'suspended' };
    expect(await refused(staffEnrolment(request.csrPem))).toBe('SUSPENDED');
    expect(admitted).toHaveLength(1);
  });

  it('may be repeated with the same key and with no other', async () => {
    await run(staffEnrolment(request.csrPem));
    await run(staffEnrolment(request.csrPem));
    expect(submitted()).toHaveLength(1);
    const other = await createRequest();
    expect(await refused(staffEnrolment(other.csrPem))).toBe('KEY_EXISTS');
    expect(await refused(staffEnrolment(request.csrPem, {}, new Uint8Array(32).fill(2)))).toBe('KEY_EXISTS');
    expect(await refused(staffEnrolment(request.csrPem, { readingKey: 'S'.repeat(1622) }))).toBe('KEY_EXISTS');
    expect(admitted).toEqual([wallet, wallet]);
  });

  it('refuses a wallet that did not sign for this person and this request, and writes nothing', async () => {
    const own = staffEnrolment(request.csrPem);
    const { wallet: another } = staffEnrolment(request.csrPem, {}, new Uint8Array(32).fill(2));
    const { walletProof: elsewhere } = staffEnrolment((await createRequest()).csrPem);
    const { walletProof: ofAnother } = staffEnrolment(request.csrPem, { subjectId: `prac-${'z'.repeat(26)}` });
    for (const change of [{ wallet: another }, { walletProof: elsewhere }, { walletProof: ofAnother }]) {
      expect(await refused({ ...own, ...change })).toBe('WALLET_UNPROVED');
    }
    const patient = patientEnrolment(request.csrPem);
    expect(await refused({ ...patient, walletProof: own.walletProof })).toBe('WALLET_UNPROVED');
    expect(submitted()).toEqual([]);
    expect(admitted).toEqual([]);
  });

  it('goes on after a conflict, and after an answer that was lost although the ledger wrote', async () => {
    ledger.failures = [
      { error: new ConnectorError('LEDGER_CONFLICT', '') },
      { error: new ConnectorError('LEDGER_UNAVAILABLE', ''), after: true },
    ];
    await run(staffEnrolment(request.csrPem));
    expect(submitted()).toHaveLength(2);
  });

  it('tells who recorded other keys in the same moment', async () => {
    ledger.failures = [{ error: new ConnectorError('KEY_EXISTS', '') }];
    expect(await refused(staffEnrolment(request.csrPem))).toBe('KEY_EXISTS');
  });

  it('does not certify what the chain would not let prescribe', async () => {
    prescribers.admit = async () => {
      throw new ConnectorError('ETHEREUM_UNAVAILABLE', '');
    };
    expect(await refused(staffEnrolment(request.csrPem))).toBe('ETHEREUM_UNAVAILABLE');
  });
});

describe('enrolling a patient', () => {
  it('registers the pseudonym on the channel that it names, and sends no gas', async () => {
    const { certificatePem } = await run(patientEnrolment(request.csrPem));
    expect(submitted().map(({ channel, contract }) => [channel, contract])).toEqual([['care-2', 'care']]);
    expect(ledger.patients.get(pseudonym)?.signingKeyHash).toBe(request.hash);
    expect(admitted).toEqual([]);
    expect(Buffer.from(new X509Certificate(certificatePem).rawData).toString('latin1')).toContain('"role":"patient"');
  });

  it('refuses another channel', async () => {
    expect(await refused(patientEnrolment(request.csrPem, { channel: 'care-1' }))).toBe('WRONG_CHANNEL');
    await run(patientEnrolment(request.csrPem, { channel: 'care-2' }));
  });

  it('may be repeated with the same key and with no other, also at once', async () => {
    const same = patientEnrolment(request.csrPem);
    await Promise.all([run(same), run(same), run(same)]);
    expect(ledger.patients.size).toBe(1);
    expect(await refused(patientEnrolment((await createRequest()).csrPem))).toBe('KEY_EXISTS');
  });
});

describe('the shape of an enrolment', () => {
  it.each([
    ['a patient of another organisation', { role: 'patient', mspId: 'HospitalMSP', subjectId: pseudonym }],
    ['a patient with a practitioner’s id', { role: 'patient', mspId: 'PatientMSP' }],
    ['an unknown role', { role: 'registrar' }],
    ['a reading key of another length', { readingKey: 'R'.repeat(1621) }],
    ['a wallet with upper-case digits', { wallet: `0x${'AB'.repeat(20)}` }],
    ['a request of 5 KiB', { csrPem: 'x'.repeat(5000) }],
  ])('refuses %s', (_case, change) => {
    expect(enrolment.safeParse(staffEnrolment(request.csrPem)).success).toBe(true);
    expect(enrolment.safeParse({ ...staffEnrolment(request.csrPem), ...change }).success).toBe(false);
  });
});
