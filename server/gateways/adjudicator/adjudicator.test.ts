import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { AppError } from '#server/errors.ts';
import { openAdjudicator } from './adjudicator.ts';

let server: Server;
let url: string;
let answer: { status: number; body: string };
const asked: { path?: string; authorization?: string; body: string }[] = [];
const token = 'a-token-of-at-least-thirty-two-characters';

beforeAll(async () => {
  server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    asked.push({ path: request.url ?? '', authorization: request.headers.authorization ?? '', body });
    response.writeHead(answer.status, { 'content-type': 'application/json' }).end(answer.body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => server.close());
beforeEach(() => {
  asked.length = 0;
});

const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => 'done',
    (error: unknown) => (error instanceof AppError ? error.code : String(error)),
  );
const reply = (status: number, body: unknown) => {
  answer = { status, body: typeof body === 'string' ? body : JSON.stringify(body) };
};
const claim = `clm-${'c'.repeat(26)}`;
const quote = {
  ...{ claim: `0x${'1'.repeat(64)}`, insurer: `0x${'2'.repeat(64)}`, payee: `0x${'3'.repeat(64)}` },
  ...{ coin: `0x${'4'.repeat(40)}`, insurerAmount: '7200000', patientAmount: '2800000', version: 2, expires: 1 },
};
const signature = `0x${'5'.repeat(130)}`;

describe('the adjudicator’s gateway', () => {
  const adjudicator = () => openAdjudicator({ url, token });

  it('asks for a quote in the name of the portal, amounts as whole numbers', async () => {
    reply(200, { quote, signature });
    const signed = await adjudicator().quote(claim);
    expect(signed.quote).toMatchObject({ insurerAmount: 7_200_000n, patientAmount: 2_800_000n, version: 2 });
    expect(asked).toEqual([{ path: '/quotes', authorization: `Bearer ${token}`, body: JSON.stringify({ claim }) }]);
  });

  it('takes nothing else for a quote', async () => {
    for (const change of [{ insurerAmount: '-1' }, { insurerAmount: '1.5' }, { claim: '0x12' }, { version: 0 }]) {
      reply(200, { quote: { ...quote, ...change }, signature });
      expect(await codeOf(adjudicator().quote(claim))).toBe('CONNECTOR_UNAVAILABLE');
    }
    reply(200, 'no JSON');
    expect(await codeOf(adjudicator().quote(claim))).toBe('CONNECTOR_UNAVAILABLE');
  });

  it('passes refusals on, and tells faults apart from them', async () => {
    reply(409, { code: 'WRONG_STATE', detail: 'submitted' });
    expect(await codeOf(adjudicator().quote(claim))).toBe('WRONG_STATE');
    reply(404, { code: 'NOT_FOUND' });
    expect(await codeOf(adjudicator().quote(claim))).toBe('NOT_FOUND');
    reply(400, { code: 'SOMETHING_ELSE' });
    expect(await codeOf(adjudicator().quote(claim))).toBe('CONNECTOR_REFUSED');
    reply(503, { code: 'ETHEREUM_UNAVAILABLE' });
    expect(await codeOf(adjudicator().quote(claim))).toBe('CONNECTOR_UNAVAILABLE');
    expect(await codeOf(openAdjudicator({ url: 'http://127.0.0.1:1', token }).quote(claim))).toBe(
      'CONNECTOR_UNAVAILABLE',
    );
  });

  it('anchors only where it is said to be done', async () => {
    const receipt = {
      ...{ claim, kind: 'payment' as const, payer: 'insurer' as const, amount: 720, chainId: 1, logIndex: 0 },
      ...{ contract: `0x${'1'.repeat(40)}`, transactionHash: `0x${'2'.repeat(64)}`, blockNumber: 1 },
      blockHash: `0x${'3'.repeat(64)}`,
    };
    reply(200, { anchored: true });
    expect(await codeOf(adjudicator().anchor(receipt))).toBe('done');
    reply(200, {});
    expect(await codeOf(adjudicator().anchor(receipt))).toBe('CONNECTOR_UNAVAILABLE');
  });
});
