import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { generatePrivateKey } from 'viem/accounts';
import { afterEach, describe, expect, it } from 'vitest';
import { ConnectorError } from '../errors.ts';
import { createConnectorServer } from '../http/server.ts';
import { createFakePeer } from '../testing/peer.ts';
import { prescriptionState } from '../testing/prescription.ts';
import { createNotary, type Notary } from './notary.ts';
import { remoteNotary } from './remoteNotary.ts';
import { notaryRoutes } from './routes.ts';

const secret = 'a-token-of-at-least-thirty-two-characters';
const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };
const domain = { chainId: 31337, verifyingContract: `0x${'11'.repeat(20)}` } as const;
const token = { chainId: 31337, contract: domain.verifyingContract };
const open = prescriptionState();
const dispense = {
  ...{ id: `disp-${'d'.repeat(26)}`, quantity: 60, at: '2026-11-02T10:00:00.000Z' },
  ...{ practitionerId: `prac-${'p'.repeat(26)}`, institutionId: 'inst-river-pharmacy' },
  ...{ cid: `b${'e'.repeat(58)}`, contentHash: '3'.repeat(64) },
};
const closed = prescriptionState({ state: 'completed', version: 2, left: 0, dispenses: [dispense] });
const servers: Server[] = [];

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  servers.push(server);
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
const stop = (server: Server) =>
  new Promise<void>((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
afterEach(() =>
  Promise.all(
    servers
      .splice(0)
      .filter(({ listening }) => listening)
      .map(stop),
  ),
);

/** A notary as its process serves it. */
const serve = (...answers: Parameters<typeof createFakePeer>) => {
  const notary = createNotary('PharmacyMSP', createFakePeer(...answers), generatePrivateKey());
  const server = createConnectorServer(notaryRoutes(notary), secret, quiet);
  return { notary, server };
};
/** One that answers anything. */
const lying = (answer: RequestListener) => listen(createServer(answer));
const answering = (status: number, body: string) => lying((_request, response) => response.writeHead(status).end(body));

const attest = (notary: Notary) => notary.attest('care-1', closed.id, domain, 1_800_000_000n);
const receipt = (notary: Notary) => notary.receipt('care-1', closed.id, token);
const dispenseReceipt = (notary: Notary) => notary.dispenseReceipt('care-1', closed.id, dispense.id, token);
const asked = [
  ['an attestation', attest],
  ['a receipt', receipt],
  ['a receipt of a dispense', dispenseReceipt],
] as const;

describe.each(asked)('a notary in a process of its own, asked for %s', (_name, ask) => {
  it('says what it says without a process between', async () => {
    const { notary, server } = serve([open, closed]);
    expect(await ask(remoteNotary('PharmacyMSP', await listen(server), secret))).toEqual(await ask(notary));
  });

  it('that was killed is away, and answers when it is back', async () => {
    const { notary, server } = serve([open, closed]);
    const url = await listen(server);
    const remote = remoteNotary('PharmacyMSP', url, secret);
    await ask(remote);
    await stop(server);
    await expect(ask(remote)).rejects.toMatchObject({
      code: 'LEDGER_UNAVAILABLE',
      detail: expect.stringContaining('PharmacyMSP'),
    });
    await new Promise<void>((resolve) => server.listen(Number(new URL(url).port), '127.0.0.1', resolve));
    expect(await ask(remote)).toEqual(await ask(notary));
  });

  it('that dies while it is asked is away', async () => {
    const url = await lying((request) => request.socket.destroy());
    await expect(ask(remoteNotary('PharmacyMSP', url, secret))).rejects.toMatchObject({ code: 'LEDGER_UNAVAILABLE' });
  });

  it.each([
    ['nothing at all', '{}'],
    ['no JSON', '<html>'],
    ['less than is signed', JSON.stringify({ attestation: { tokenId: '1' }, notary: '0x', signature: '0x' })],
  ])('that answers %s is away', async (_case, body) => {
    const remote = remoteNotary('PharmacyMSP', await answering(200, body), secret);
    await expect(ask(remote)).rejects.toMatchObject({ code: 'LEDGER_UNAVAILABLE' });
  });

  it('that says it in another form is away', async () => {
    const { server } = serve([open, closed]);
    const honest = remoteNotary('PharmacyMSP', await listen(server), secret);
    const said = JSON.stringify(await ask(honest), (_key, value) => (typeof value === 'bigint' ? `${value}` : value));
    const short = said.replace(/"signature":"0x[0-9a-f]{4}/, '"signature":"0x');
    const state = said.replace(/"state":(2|"completed")|"institutionId":"[^"]*"/, '"state":"finished"');
    for (const body of [short, state]) {
      expect(body).not.toBe(said);
      const remote = remoteNotary('PharmacyMSP', await answering(200, body), secret);
      await expect(ask(remote)).rejects.toMatchObject({ code: 'LEDGER_UNAVAILABLE' });
    }
    expect(await ask(remoteNotary('PharmacyMSP', await answering(200, said), secret))).toEqual(await ask(honest));
  });

  it('that hangs is given up at the deadline, before its answer and within it', async () => {
    const silent = await lying(() => undefined);
    const halting = await lying((_request, response) => response.writeHead(200).write('{"attestation":'));
    for (const url of [silent, halting]) {
      const began = performance.now();
      const remote = remoteNotary('PharmacyMSP', url, secret, 200);
      await expect(ask(remote)).rejects.toMatchObject({ code: 'LEDGER_UNAVAILABLE' });
      expect(performance.now() - began).toBeGreaterThan(150);
    }
  });

  it('passes on that there is no such prescription', async () => {
    const { server } = serve(new ConnectorError('NOT_FOUND', 'no such prescription'));
    const remote = remoteNotary('PharmacyMSP', await listen(server), secret);
    await expect(ask(remote)).rejects.toMatchObject({ code: 'NOT_FOUND', detail: 'no such prescription' });
  });

  it.each([
    ['of another kind', 409, { code: 'NOT_AUTHORISED', detail: 'x' }],
    ['without a reason', 404, { code: 'NOT_FOUND' }],
    ['of its own failure', 500, { code: 'INTERNAL', detail: 'x' }],
  ])('passes on no refusal %s', async (_case, status, body) => {
    const remote = remoteNotary('PharmacyMSP', await answering(status, JSON.stringify(body)), secret);
    await expect(ask(remote)).rejects.toMatchObject({ code: 'LEDGER_UNAVAILABLE' });
  });

  it('is away for who has not its token, and is not followed elsewhere', async () => {
    const { server } = serve([open, closed]);
    const url = await listen(server);
    const stranger = remoteNotary('PharmacyMSP', url, `${secret}x`);
    await expect(ask(stranger)).rejects.toMatchObject({ code: 'LEDGER_UNAVAILABLE' });
    const moved = await lying((request, response) =>
      response.writeHead(307, { location: `${url}${request.url}` }).end(),
    );
    await expect(ask(remoteNotary('PharmacyMSP', moved, secret))).rejects.toMatchObject({ code: 'LEDGER_UNAVAILABLE' });
  });
});

it('passes on that a prescription is not over', async () => {
  const { server } = serve(open);
  const remote = remoteNotary('PharmacyMSP', await listen(server), secret);
  await expect(receipt(remote)).rejects.toMatchObject({ code: 'WRONG_STATE' });
  await expect(attest(remote)).resolves.toMatchObject({ attestation: { state: 0 } });
});
