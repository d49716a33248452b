import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Hex } from 'viem';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { helpRequest } from '#connector/assistance/schema.ts';
import { type ConnectorGateway, openConnector } from './connector.ts';

/** What the connector answers next, and what it was asked. */
let answer: { status: number; body: unknown };
let asked: { method: string | undefined; path: string | undefined; body: unknown }[];
let server: Server;
let connector: ConnectorGateway;

beforeAll(async () => {
  server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const text = Buffer.concat(chunks).toString('utf8');
    asked.push({ method: request.method, path: request.url, body: text === '' ? undefined : JSON.parse(text) });
    response.writeHead(answer.status, { 'content-type': 'application/json' }).end(JSON.stringify(answer.body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  connector = openConnector({ url: `http://127.0.0.1:${port}`, token: 't'.repeat(32) });
});
afterAll(() => server.close());
beforeEach(() => {
  asked = [];
});

const request = {
  ...{ mspId: 'HospitalMSP', patient: `pt-0-${'a'.repeat(26)}`, person: `prac-${'b'.repeat(26)}` },
  shares: [{ category: 'summary' as const, epoch: 1, wrap: 'w' }],
};

it('asks for shares and takes only what is some', async () => {
  const shares = [{ category: 'summary', epoch: 1, wrap: 'x' }];
  answer = { status: 200, body: { shares } };
  expect(await connector.releaseShares(request)).toEqual(shares);
  expect(asked).toEqual([{ method: 'POST', path: '/escrow/shares', body: request }]);
  answer = { status: 200, body: { shares: [{ category: 'everything', epoch: 1, wrap: 'x' }] } };
  await expect(connector.releaseShares(request)).rejects.toMatchObject({ code: 'CONNECTOR_UNAVAILABLE' });
});

it('asks for roots and proposes institutions', async () => {
  const authorities = [{ mspId: 'HospitalMSP', pem: '-----BEGIN CERTIFICATE-----' }];
  answer = { status: 200, body: { authorities } };
  expect(await connector.authorities()).toEqual(authorities);
  answer = { status: 200, body: { id: 'inst-lakeside' } };
  const proposal = { id: 'inst-lakeside', kind: 'hospital', name: 'Lakeside', mspId: 'HospitalMSP' } as const;
  expect(await connector.proposeInstitution(proposal)).toEqual({ id: 'inst-lakeside' });
  expect(asked.map(({ method, path }) => `${method} ${path}`)).toEqual(['GET /authorities', 'POST /institutions']);
});

it('asks for a system’s keys and has its events recorded', async () => {
  const system = { mspId: 'SupplyMSP', system: `dev-${'c'.repeat(26)}` };
  const keys = { signingKeyHash: 'a'.repeat(64), readingKey: 'R'.repeat(1622) };
  answer = { status: 200, body: keys };
  expect(await connector.systemKeys({ ...system, institutionId: 'inst-the-maker-x' })).toEqual(keys);
  const outcomes = [{ hash: 'ni:///sha-256;aa?ver=CBV2.0', outcome: 'refused', code: 'NOT_FOUND', detail: 'no pack' }];
  const reply = { recorded: true, parts: [{ channel: 'supply-0', outcomes }] };
  answer = { status: 200, body: reply };
  const captured = { ...system, mode: 'proceed' as const, parts: [{ channel: 'supply-0', events: '[{}]' }] };
  expect(await connector.capture(captured)).toEqual(reply);
  expect(asked.map(({ path }) => path)).toEqual(['/systems', '/captures']);
  answer = { status: 200, body: { recorded: 'perhaps' } };
  await expect(connector.capture(captured)).rejects.toMatchObject({ code: 'CONNECTOR_UNAVAILABLE' });
});

it('asks for the receipt of a prescription and takes only what is one', async () => {
  const id = `rx-1-${'c'.repeat(26)}`;
  const at = '2026-11-01T00:00:00.000Z';
  const record = {
    ...{
      id,
      version: 4,
      state: 'cancelled',
      endedAt: at,
      authorInstitution: 'inst-lakeside',
      authoredOn: at,
      expires: at,
    },
    ...{ cid: `b${'a'.repeat(58)}`, contentHash: '0'.repeat(64), quantity: 30, fills: 1, left: 30, dispenses: [] },
  };
  const where = { channel: 'care-1', blockHash: `0x${'55'.repeat(32)}` };
  const token = { chainId: 31337, contract: `0x${'44'.repeat(20)}` };
  const body = { version: 1, record, ...where, token, signatures: [`0x${'01'.repeat(65)}`] };
  answer = { status: 200, body };
  expect(await connector.receipt(id)).toEqual(body);
  expect(asked).toEqual([{ method: 'POST', path: '/receipts', body: { prescriptionId: id } }]);
  for (const change of [{ record: { ...record, patient: 'x' } }, { signatures: [] }, { version: 2 }]) {
    answer = { status: 200, body: { ...body, ...change } };
    await expect(connector.receipt(id)).rejects.toMatchObject({ code: 'CONNECTOR_UNAVAILABLE' });
  }
});

it('asks for the receipt of a dispense and takes only what is one', async () => {
  const [id, dispenseId] = [`rx-1-${'c'.repeat(26)}`, `disp-${'d'.repeat(26)}`];
  const at = '2026-11-01T00:00:00.000Z';
  const record = {
    ...{ id, version: 3, quantity: 30 },
    dispense: { id: dispenseId, quantity: 25, at, institutionId: 'inst-river-pharmacy' },
  };
  const where = { channel: 'care-1', blockHash: `0x${'55'.repeat(32)}` };
  const token = { chainId: 31337, contract: `0x${'44'.repeat(20)}` };
  const body = { version: 1, record, ...where, token, signatures: [`0x${'01'.repeat(65)}`] };
  answer = { status: 200, body };
  expect(await connector.dispenseReceipt(id, dispenseId)).toEqual(body);
  expect(asked).toEqual([{ method: 'POST', path: '/dispense-receipts', body: { prescriptionId: id, dispenseId } }]);
  for (const change of [{ record: { ...record, state: 'completed' } }, { signatures: [] }, { version: 2 }]) {
    answer = { status: 200, body: { ...body, ...change } };
    await expect(connector.dispenseReceipt(id, dispenseId)).rejects.toMatchObject({ code: 'CONNECTOR_UNAVAILABLE' });
  }
});

it.each([
  ['NO_CONSENT', 409, 'NO_CONSENT'],
  ['STALE_KEY', 409, 'STALE_KEY'],
  ['NOT_AUTHORISED', 403, 'NOT_AUTHORISED'],
  ['NOT_SERVED', 409, 'NOT_SERVED'],
  ['WRONG_STATE', 409, 'WRONG_STATE'],
  ['WALLET_UNPROVED', 400, 'CONNECTOR_REFUSED'],
  ['INTERNAL', 500, 'CONNECTOR_UNAVAILABLE'],
])('tells the refusal %s (%i) as %s', async (code, status, told) => {
  answer = { status, body: { code, detail: 'in words' } };
  await expect(connector.releaseShares(request)).rejects.toMatchObject({ code: told });
});

it('has the fund help, amounts as whole numbers, as the connector reads it', async () => {
  const transactionHash = `0x${'6'.repeat(64)}`;
  answer = { status: 200, body: { amount: '15000000', transactionHash } };
  const hexOf = (digit: string, bytes: number): Hex => `0x${digit.repeat(bytes * 2)}`;
  const quote = {
    ...{ claim: hexOf('1', 32), insurer: hexOf('2', 32), payee: hexOf('3', 32), coin: hexOf('4', 20) },
    ...{ insurerAmount: 80_000_000n, patientAmount: 20_000_000n, version: 2, expires: 9 },
  };
  const signature = hexOf('5', 65);
  const help = { quote, signature, beneficiary: 'a'.repeat(64), amount: 15_000_000n };
  expect(await connector.help(help)).toEqual({ amount: '15000000', transactionHash });
  expect(asked.map(({ path }) => path)).toEqual(['/assistance']);
  expect(helpRequest.parse(asked[0]?.body)).toEqual({ ...help, beneficiary: `0x${'a'.repeat(64)}` });
  answer = { status: 409, body: { code: 'WRONG_STATE', detail: 'NothingOwed' } };
  await expect(connector.help(help)).rejects.toMatchObject({ code: 'WRONG_STATE' });
});
