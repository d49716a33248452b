import type { AddressInfo } from 'node:net';
import { connect } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ConnectorError } from '../errors.ts';
import { practitionerId, staffEnrolment } from '../testing/requests.ts';
import { type ConnectorServices, connectorRoutes } from './routes.ts';
import { createConnectorServer } from './server.ts';

const token = 'a-token-of-at-least-thirty-two-characters';
const lines: unknown[] = [];
const record = (entry: unknown) => void lines.push(entry);
let answers: ConnectorServices;
const server = createConnectorServer(
  connectorRoutes({
    enrol: (wanted) => answers.enrol(wanted),
    certify: (wanted) => answers.certify(wanted),
    certifyDevice: (wanted) => answers.certifyDevice(wanted),
    authorities: () => answers.authorities(),
    proposeInstitution: (proposal) => answers.proposeInstitution(proposal),
    registerPatient: (patient) => answers.registerPatient(patient),
    releaseShares: (request) => answers.releaseShares(request),
    settleWallets: (person) => answers.settleWallets(person),
    attest: (id) => answers.attest(id),
    receipt: (id) => answers.receipt(id),
    dispenseReceipt: (id, dispenseId) => answers.dispenseReceipt(id, dispenseId),
    systemKeys: (system) => answers.systemKeys(system),
    capture: (request) => answers.capture(request),
    anchor: (request) => answers.anchor(request),
    alert: (request) => answers.alert(request),
    archiveKey: (request) => answers.archiveKey(request),
    bringStatement: (statement) => answers.bringStatement(statement),
    memberWrap: (request) => answers.memberWrap(request),
    help: (request) => answers.help(request),
  }),
  token,
  { info: record, warn: record, error: record },
);
let port: number;

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  port = (server.address() as AddressInfo).port;
});
afterAll(() => server.close());
beforeEach(() => {
  lines.length = 0;
  answers = {
    enrol: async () => ({ certificatePem: 'pem' }),
    certify: async () => ({ certificatePem: 'next' }),
    certifyDevice: async () => ({ certificatePem: 'device' }),
    authorities: async () => ({ authorities: [] }),
    proposeInstitution: async ({ id: proposed }) => ({ id: proposed }),
    registerPatient: async ({ pseudonym }) => ({ pseudonym }),
    releaseShares: async () => ({ shares: [] }),
    settleWallets: async ({ subjectId }) => ({ subjectId }),
    attest: async (id) => ({ id }),
    receipt: async (of) => ({ of }),
    dispenseReceipt: async (of, dispense) => ({ of, dispense }),
    systemKeys: async ({ system }) => ({ system }),
    capture: async ({ parts }) => ({ recorded: true, parts: parts.length }),
    anchor: async ({ batches }) => ({ outcomes: batches.map(({ id }) => ({ id, outcome: 'accepted' })) }),
    alert: async ({ escalate }) => ({ escalated: escalate }),
    archiveKey: async ({ patient }) => ({ patient }),
    bringStatement: async ({ action }) => ({ action }),
    memberWrap: async ({ statement }) => ({ said: statement.said }),
    help: async ({ amount }) => ({ amount: `${amount}` }),
  };
});

const call = (path: string, init: RequestInit = {}, presented = token) =>
  fetch(`http://127.0.0.1:${port}${path}`, {
    ...init,
    headers: { authorization: `Bearer ${presented}`, ...init.headers },
  });
const post = (path: string, body: unknown, presented = token) =>
  call(path, { method: 'POST', body: typeof body === 'string' ? body : JSON.stringify(body) }, presented);
const id = `rx-1-${'c'.repeat(26)}`;

async function problem(response: Response) {
  expect(response.headers.get('content-type')).toBe('application/problem+json');
  const body: unknown = await response.json();
  expect(body).toMatchObject({ type: 'about:blank', status: response.status });
  return body;
}

describe('the connector’s interface', () => {
  it('answers health, attestations, receipts and enrolments', async () => {
    expect(await (await call('/health')).json()).toEqual({ status: 'ok' });
    expect(await (await post('/attestations', { prescriptionId: id })).json()).toEqual({ id });
    expect(await (await post('/receipts', { prescriptionId: id })).json()).toEqual({ of: id });
    const dispense = `disp-${'d'.repeat(26)}`;
    const one = await post('/dispense-receipts', { prescriptionId: id, dispenseId: dispense });
    expect(await one.json()).toEqual({ of: id, dispense });
    expect((await post('/dispense-receipts', { prescriptionId: id, dispenseId: id })).status).toBe(400);
    expect(await (await post('/enrolments', staffEnrolment('pem'))).json()).toEqual({ certificatePem: 'pem' });
    const person = { mspId: 'HospitalMSP', subjectId: practitionerId };
    expect(await (await post('/wallets', person)).json()).toEqual({ subjectId: practitionerId });
    expect((await post('/wallets', { ...person, subjectId: 'prac-x' })).status).toBe(400);
  });

  it('answers certificates, authorities, institutions and shares, each for what has its shape alone', async () => {
    const person = { mspId: 'HospitalMSP', subjectId: practitionerId };
    const keys = { csrPem: 'csr', readingKey: 'R'.repeat(1622), wallet: `0x${'ab'.repeat(20)}` };
    const next = { ...person, ...keys, present: { certificatePem: 'pem', proof: 'p'.repeat(94) } };
    expect(await (await post('/certificates', next)).json()).toEqual({ certificatePem: 'next' });
    expect((await post('/certificates', { ...next, present: { ...next.present, proof: 'p' } })).status).toBe(400);
    expect(await (await call('/authorities')).json()).toEqual({ authorities: [] });
    const institution = { id: 'inst-lakeside', kind: 'hospital', name: 'Lakeside', mspId: 'HospitalMSP' };
    expect(await (await post('/institutions', institution)).json()).toEqual({ id: 'inst-lakeside' });
    expect((await post('/institutions', { ...institution, status: 'active' })).status).toBe(400);
    const pseudonym = `pt-1-${'b'.repeat(26)}`;
    expect(await (await post('/patients', { mspId: 'HospitalMSP', pseudonym })).json()).toEqual({ pseudonym });
    expect((await post('/patients', { mspId: 'HospitalMSP', pseudonym: 'somebody' })).status).toBe(400);
    const share = { category: 'summary', epoch: 1, wrap: 'w'.repeat(1559) };
    const wanted = { mspId: 'HospitalMSP', patient: `pt-1-${'b'.repeat(26)}`, person: practitionerId, shares: [share] };
    expect(await (await post('/escrow/shares', wanted)).json()).toEqual({ shares: [] });
    expect((await post('/escrow/shares', { ...wanted, shares: [] })).status).toBe(400);
    expect((await post('/escrow/shares', { ...wanted, person: 'somebody' })).status).toBe(400);
  });

  it('answers keys of systems, and captures that are larger than other bodies', async () => {
    const system = { mspId: 'SupplyMSP', system: `dev-${'a'.repeat(26)}` };
    const wanted = { ...system, institutionId: 'inst-the-maker-x' };
    expect(await (await post('/systems', wanted)).json()).toEqual({ system: system.system });
    expect((await post('/systems', { ...wanted, system: 'dev-x' })).status).toBe(400);
    const part = { channel: 'supply-0', events: `[${' '.repeat(100_000)}]` };
    const captured = { ...system, mode: 'rollback', parts: [part] };
    expect(await (await post('/captures', captured)).json()).toEqual({ recorded: true, parts: 1 });
    expect((await post('/captures', { ...captured, parts: [{ ...part, channel: 'registry' }] })).status).toBe(400);
    expect((await post('/captures', { ...captured, mode: 'all' })).status).toBe(400);
  });

  it.each(['', 'a-token-of-at-least-thirty-two-characterZ', token.slice(0, -1), `${token}x`])(
    'refuses the token %j everywhere, also where there is nothing',
    async (presented) => {
      for (const path of ['/health', '/attestations', '/nowhere']) {
        const response = await call(path, {}, presented);
        expect(await problem(response)).toMatchObject({ code: 'UNAUTHENTICATED', status: 401 });
      }
    },
  );

  it('refuses other paths and methods', async () => {
    expect(await problem(await call('/'))).toMatchObject({ code: 'UNKNOWN_PATH' });
    expect(await problem(await call('/toString'))).toMatchObject({ code: 'UNKNOWN_PATH' });
    expect(await problem(await call('/attestations'))).toMatchObject({ code: 'METHOD_NOT_ALLOWED', status: 405 });
  });

  it.each([
    ['no JSON', '{'],
    ['nothing', ''],
    ['an id that is none', { prescriptionId: 'rx-1' }],
    ['an id with more behind it', { prescriptionId: `${id}/../x` }],
    ['a list', []],
  ])('refuses %s', async (_case, body) => {
    expect(await problem(await post('/attestations', body))).toMatchObject({ code: 'INVALID_ARGUMENT', status: 400 });
  });

  it('refuses more than 64 KiB before it reads them', async () => {
    const large = JSON.stringify({ prescriptionId: id, more: 'x'.repeat(65_536) });
    expect(await problem(await post('/attestations', large))).toMatchObject({ code: 'BODY_TOO_LARGE', status: 413 });
  });

  it('refuses more than 64 KiB that no header announced', async () => {
    const reply = await new Promise<string>((resolve, reject) => {
      const socket = connect(port, '127.0.0.1');
      let text = '';
      socket.on('data', (chunk) => {
        text += chunk;
        if (text.includes('BODY_TOO_LARGE')) resolve(text);
      });
      socket.on('error', reject);
      socket.on('close', () => resolve(text));
      socket.write(
        `POST /attestations HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token}\r\nTransfer-Encoding: chunked\r\n\r\n`,
      );
      socket.write(`${(70_000).toString(16)}\r\n${'x'.repeat(70_000)}\r\n`);
    });
    expect(reply).toContain('HTTP/1.1 413');
  });

  it('tells a refusal’s code and detail, and nothing of its cause', async () => {
    answers.attest = async () => {
      throw new ConnectorError('NOT_FOUND', 'no such prescription', { cause: new Error('peer0.internal') });
    };
    const body = await problem(await post('/attestations', { prescriptionId: id }));
    expect(body).toMatchObject({ code: 'NOT_FOUND', detail: 'no such prescription', status: 404 });
    expect(JSON.stringify(body)).not.toContain('internal');
  });

  it('keeps an unexpected error to the log', async () => {
    answers.attest = async () => {
      throw new TypeError('secret of the inside');
    };
    const body = await problem(await post('/attestations', { prescriptionId: id }));
    expect(body).toMatchObject({ code: 'INTERNAL', status: 500 });
    expect(JSON.stringify(body)).not.toContain('secret');
    expect(lines).toContainEqual(expect.objectContaining({ code: 'INTERNAL', err: expect.any(TypeError) }));
  });

  it('carries the portal’s request id and never the token or the body', async () => {
    const response = await call('/health', { headers: { 'x-request-id': 'request-12345678' } });
    expect(response.headers.get('x-request-id')).toBe('request-12345678');
    await post('/enrolments', staffEnrolment('-----BEGIN'));
    expect(lines).toContainEqual(expect.objectContaining({ requestId: 'request-12345678', status: 200 }));
    const forged = await call('/health', { headers: { 'x-request-id': 'a "forged" line' } });
    expect(forged.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
    expect(JSON.stringify(lines)).not.toMatch(new RegExp(`${token}|BEGIN`));
  });
});
