import { once } from 'node:events';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { credentials } from '@grpc/grpc-js';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { compileChaincode } from './testing/compile.ts';
import { freePort, type ServedProcess, startServe } from './testing/process.ts';

const { peer }: typeof import('@hyperledger/fabric-protos') = createRequire(import.meta.url)(
  '@hyperledger/fabric-protos',
);

let compiled: Awaited<ReturnType<typeof compileChaincode>>;
let running: ServedProcess[] = [];

beforeAll(async () => {
  compiled = await compileChaincode();
}, 120_000);
afterAll(() => compiled.remove());
afterEach(async () => {
  for (const { child } of running) child.kill('SIGKILL');
  await Promise.all(running.map(({ end }) => end));
  running = [];
});

function start(env: Record<string, string>): ServedProcess {
  const served = startServe(compiled.serveFile, { CORE_PEER_LOCALMSPID: 'HospitalMSP', ...env });
  running.push(served);
  return served;
}

/** The package id with which a contract registers with a peer that dials it. */
async function registeredName(address: string): Promise<string> {
  const client = new peer.ChaincodeClient(address, credentials.createInsecure());
  const stream = client.connect();
  try {
    const [message] = await once(stream, 'data');
    expect(message.getType()).toBe(peer.ChaincodeMessage.Type.REGISTER);
    return peer.ChaincodeID.deserializeBinary(message.getPayload_asU8()).getName();
  } finally {
    stream.on('error', () => undefined);
    stream.cancel();
    client.close();
  }
}

it('serves each contract at its address, and ends on SIGTERM', async () => {
  const registry = `127.0.0.1:${await freePort()}`;
  const care = `127.0.0.1:${await freePort()}`;
  const supply = `127.0.0.1:${await freePort()}`;
  const claims = `127.0.0.1:${await freePort()}`;
  const served = start({ CHAINCODE_ADDRESSES: JSON.stringify({ claims, care, supply, registry }) });
  expect(JSON.parse(await served.ready)).toEqual({ ready: true, contracts: ['registry', 'care', 'supply', 'claims'] });
  expect(await registeredName(registry)).toBe('registry:1');
  expect(await registeredName(care)).toBe('care:1');
  expect(await registeredName(supply)).toBe('supply:1');
  expect(await registeredName(claims)).toBe('claims:1');
  served.child.kill('SIGTERM');
  expect((await served.end).code).toBe(0);
}, 30_000);

it('registers under the package id that a real peer gave', async () => {
  const registry = `127.0.0.1:${await freePort()}`;
  const served = start({
    CHAINCODE_ADDRESSES: JSON.stringify({ registry }),
    CHAINCODE_PACKAGE_IDS: JSON.stringify({ registry: 'registry_1:abcdef' }),
  });
  await served.ready;
  expect(await registeredName(registry)).toBe('registry_1:abcdef');
}, 30_000);

it('ends when its parent is gone', async () => {
  const registry = `127.0.0.1:${await freePort()}`;
  const served = start({ CHAINCODE_ADDRESSES: JSON.stringify({ registry }), MEDLOOM_PARENT_PIPE: '1' });
  await served.ready;
  served.child.stdin.end();
  expect((await served.end).code).toBe(0);
}, 30_000);

it('says why it cannot start, and fails', async () => {
  const busy = createServer().listen(0, '127.0.0.1');
  await once(busy, 'listening');
  const address = busy.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const cases: [Record<string, string>, RegExp][] = [
    [{}, /CHAINCODE_ADDRESSES/],
    [{ CHAINCODE_ADDRESSES: '{' }, /must be JSON/],
    [{ CHAINCODE_ADDRESSES: '{}' }, /names no contract/],
    [{ CHAINCODE_ADDRESSES: '{"ledger":"127.0.0.1:1"}' }, /"ledger"/],
    [{ CHAINCODE_ADDRESSES: '{"registry":"127.0.0.1"}' }, /must be host:port/],
    [{ CHAINCODE_ADDRESSES: '{"registry":"127.0.0.1:1"}', CHAINCODE_TLS_KEY_FILE: 'key.pem' }, /TLS needs both/],
    [{ CHAINCODE_ADDRESSES: JSON.stringify({ registry: `127.0.0.1:${port}` }) }, /registry cannot listen on .*in use/],
    [{ CHAINCODE_ADDRESSES: '{"registry":"127.0.0.1:1"}', CORE_PEER_LOCALMSPID: '' }, /CORE_PEER_LOCALMSPID/],
  ];
  const ends = await Promise.all(cases.map(([env]) => start(env).end));
  busy.close();
  for (const [index, { code, stderr }] of ends.entries()) {
    expect(stderr).toMatch(cases[index]?.[1] ?? /never/);
    expect(code).toBe(1);
  }
}, 60_000);
