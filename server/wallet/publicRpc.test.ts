import {
  createPublicClient,
  custom,
  encodeErrorResult,
  encodeFunctionData,
  keccak256,
  parseAbiItem,
  toHex,
} from 'viem';
import { generatePrivateKey } from 'viem/accounts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { prescriptionTokenAbi } from '#contracts/abi/prescriptionToken.ts';
import { TokenChain } from '#contracts/testing/tokenChain.ts';
import { AppError } from '#server/errors.ts';
import { openEthereum } from '../gateways/ethereum/ethereum.ts';
import { outgoingInMemory } from '../testing/outgoing.ts';
import { World } from '../testing/world.ts';
import { answerPublicRpc } from './publicRpc.ts';

const token = `0x${'11'.repeat(20)}` as const;
const event = parseAbiItem(
  'event PrescriptionMinted(uint256 indexed tokenId, address indexed issuer, uint256 indexed licence, bytes32 commitment, uint64 expires)',
);
let world: World;
beforeAll(async () => {
  world = await World.start();
}, 120_000);
afterAll(() => world?.stop());

const ask = (method: string, params: unknown) =>
  answerPublicRpc('192.0.2.1', { jsonrpc: '2.0', id: 1, method, params }, world.portal, token);
const code = (work: Promise<unknown>) =>
  work.then(
    () => 'passed on',
    (error: unknown) => (error instanceof AppError ? error.code : Promise.reject(error)),
  );
const logs = (change: object) =>
  ask('eth_getLogs', [
    {
      ...{ address: token, fromBlock: 'earliest', toBlock: 'latest' },
      topics: [keccak256(toHex('event')), keccak256(toHex('token'))],
      ...change,
    },
  ]);

describe('the node for whoever verifies', () => {
  it('passes on what a client asks of one token’s past, as the client writes it', async () => {
    const asked: string[] = [];
    const request = async ({ method, params }: { method: string; params?: unknown }) => {
      asked.push(await code(ask(method, params)));
      return [];
    };
    const client = createPublicClient({ transport: custom({ request }) });
    await client.getLogs({ address: token, event, args: { tokenId: 5n }, fromBlock: 'earliest', toBlock: 'latest' });
    expect(asked).toEqual(['passed on']);
  });

  it('passes on the contract’s own refusal, by which a reader knows what nobody issued', async () => {
    const chain = await TokenChain.start();
    try {
      const outgoing = outgoingInMemory();
      const gateway = { rpcUrl: chain.url, tokenAddress: chain.token, submitterKey: generatePrivateKey(), outgoing };
      const portal = { ...world.portal, ethereum: openEthereum(gateway) };
      const abi = prescriptionTokenAbi;
      const data = encodeFunctionData({ abi, functionName: 'prescriptionOf', args: [5n] });
      const body = { jsonrpc: '2.0', id: 1, method: 'eth_call', params: [{ to: chain.token, data }, 'latest'] };
      const refused = encodeErrorResult({ abi, errorName: 'ERC721NonexistentToken', args: [5n] });
      expect(await answerPublicRpc('192.0.2.1', body, portal, chain.token)).toMatchObject({ error: { data: refused } });
    } finally {
      await chain.stop();
    }
  });

  it('tells nobody what everybody did, nor anything of another contract', async () => {
    expect(await code(logs({}))).toBe('passed on');
    const event = keccak256(toHex('event'));
    for (const topics of [[event], [event, null], [null, event], [event, [event, event]], [event, event, event]])
      expect(await code(logs({ topics })), JSON.stringify(topics)).toBe('INVALID_INPUT');
    expect(await code(logs({ address: `0x${'22'.repeat(20)}` }))).toBe('INVALID_INPUT');
    expect(await code(ask('eth_sendRawTransaction', ['0x00']))).toBe('INVALID_INPUT');
  });
});
