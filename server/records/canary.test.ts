import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { toBase64Url } from '#crypto/bytes.ts';
import { keyCommitment } from '#crypto/envelope.ts';
import { createReadingKey } from '#crypto/wrap.ts';
import { type Network, startNetwork } from '#network/network.ts';
import { readEnv } from '#server/env.ts';
import { log } from '#server/log.ts';
import { openPortal } from '#server/portal.ts';
import { workSagas } from '#server/sagas/worker.ts';
import { RecordedServer } from '#server/testing/recording.ts';
import { type PlayedRecord, playRecord } from '#server/testing/recordJourney.ts';
import { readDatabases, readFiles, readTables, type Stored } from '#server/testing/stored.ts';
import { cidOf } from '../gateways/ipfs/ipfs.ts';
import { putBlocks } from './uploads.ts';

/**
 * A life of a record on real stores, searched afterwards for every word, code and key of it, in every encoding. The log as it is,
 * at its most talkative, into memory instead of standard output.
 */
const logged = vi.hoisted(() => {
  process.env.LOG_LEVEL = 'trace';
  return { text: '' };
});
vi.mock('pino', async (original) => {
  const { default: pino } = await original<typeof import('pino')>();
  const write = (chunk: Buffer, _: string, done: () => void) => {
    logged.text += chunk.toString();
    done();
  };
  return { default: (options: object) => pino(options, new Writable({ write })) };
});

/** Sent on purpose, so that it is seen that what is sent would be found. */
const canary = 'canary-81c0de55-told-as-a-reason';
const canaryBlock = 'canary-2b6f9a13-uploaded-without-encryption';

vi.setConfig({ testTimeout: 120_000 });

const stateDir = mkdtempSync(join(tmpdir(), 'medloom-canary-'));
let network: Network;
let server: RecordedServer;
let played: PlayedRecord;
let running = false;

beforeAll(async () => {
  network = await startNetwork({ stateDir, port: 0, portal: false, demonstration: false, env: {} });
  running = true;
  server = new RecordedServer(openPortal(readEnv(network.run.portalEnv)));
  played = await playRecord(server, network.run.connectorProfile);
}, 300_000);

async function stop(): Promise<void> {
  if (!running) return;
  running = false;
  await server.portal.close();
  await network.stop();
}

afterAll(async () => {
  await stop();
  rmSync(stateDir, { recursive: true, force: true });
}, 60_000);

const documentsOf = () => [...played.patient.state.records.documents.values()];
const keysOf = () => [...played.patient.state.records.categories.values()].flatMap(({ keys }) => keys);

describe('what reaches the server of a record, and what leaves it', () => {
  it('holds no word, code, file or key of it, in any encoding', () => {
    const services = new Set(server.received.map(({ service }) => service));
    for (const name of ['putBlocks', 'prepareTransaction', 'evaluateRead', 'releaseShares', 'allBlocks']) {
      expect(services).toContain(name);
    }
    for (const { service, text } of [...server.received, ...server.answered]) {
      expect({ service, found: played.secrets.find(text) }).toEqual({ service, found: [] });
    }
    const { seeds, dataKeys, shares, withheld } = played.counts;
    expect(Math.min(seeds, dataKeys, shares, withheld)).toBeGreaterThan(4);
  });

  it('does hold what consents say on its way to the peers, which shows that the search finds what is sent', () => {
    const found = new Set(server.received.flatMap(({ text }) => played.terms.find(text)));
    for (const name of ['category genetic', 'a denial', 'purpose of an emergency', 'reason of a request']) {
      expect(found).toContain(name);
    }
  });

  it('holds no value that is a data key of a document, or the seed of a category', async () => {
    const commitments = new Set(documentsOf().map(({ document }) => document.keyCommitment));
    const publicKeys = new Set(keysOf().map(({ publicKey }) => publicKey));
    const isDataKey = (key: Uint8Array) => commitments.has(toBase64Url(keyCommitment(key)));
    const isSeed = async (seed: Uint8Array) => publicKeys.has((await createReadingKey(new Uint8Array(seed))).publicKey);
    const [document] = documentsOf();
    const [key] = keysOf();
    if (document === undefined || key === undefined) throw new Error('nothing was opened');
    expect(isDataKey(document.dataKey)).toBe(true);
    expect(await isSeed(key.seed)).toBe(true);
    const values = server.values().filter(({ length }) => length === 32);
    expect(values.length).toBeGreaterThan(50);
    for (const value of values) {
      expect(isDataKey(value)).toBe(false);
      expect(await isSeed(value)).toBe(false);
    }
  });
});

describe('what is stored of a record', () => {
  it('is searched so that a word which was told would be found', async () => {
    const { doctor, patient, secrets } = played;
    secrets.plant('canary', canary);
    secrets.plant('canary block', canaryBlock);
    // A page that tells a secret, and one that forgets to encrypt: the server cannot tell, the search can.
    const own = documentsOf().find(({ document }) => document.author === doctor.person.actor.subjectId);
    await doctor.transact({ kind: 'records:retract', id: own?.document.id ?? '', reason: canary });
    const { actor } = doctor.person;
    const bytes = Buffer.from(canaryBlock);
    const blocks = [{ codec: 'raw' as const, bytes }];
    expect(
      await server.ask(putBlocks, actor, { upload: randomUUID(), patient: patient.person.actor.subjectId, blocks }),
    ).toEqual({ cids: [cidOf(bytes)] });
    log().info({ seen: canary }, 'a careless line');
    const found = server.received.flatMap(({ text }) => secrets.find(text));
    expect(new Set(found)).toEqual(new Set(['canary', 'canary block']));
  });

  it('holds none of it: tables, ledgers and their private data, blocks, logs', async () => {
    const { secrets, terms } = played;
    await workSagas(server.portal);
    const tables = await readTables(network.run.urls.database);
    await stop();
    const files = readFiles(stateDir);
    const ledgers = await readDatabases(join(stateDir, 'ledger', 'devnet'));
    const lines: Stored = { where: 'log', bytes: Buffer.from(logged.text) };
    const places = new Map<string, Set<string>>();
    for (const { where, bytes } of [...tables, ...files, ...ledgers, lines]) {
      for (const name of secrets.find(bytes)) places.set(name, (places.get(name) ?? new Set()).add(kindOf(where)));
    }
    // The two that were told on purpose are found wherever such a thing would come to lie; nothing else is found anywhere.
    expect([...places.keys()].sort()).toEqual(['canary', 'canary block']);
    for (const place of ['table', 'ledger', 'log']) expect(places.get('canary')).toContain(place);
    expect(places.get('canary block')).toContain('ipfs');

    // Categories, purposes and grantees' terms lie in private data, and nowhere else.
    const inPrivate = ledgers.filter(({ isPrivate }) => isPrivate === true);
    expect(new Set(inPrivate.flatMap(({ bytes }) => terms.find(bytes)))).toEqual(new Set(terms.names));
    // A ledger's files hold its private data too; what they hold of the rest was read from it above.
    const rest = files.filter(({ where }) => kindOf(where) !== 'ledger');
    const open = ledgers.filter(({ isPrivate }) => isPrivate !== true);
    for (const { where, bytes } of [...tables, ...rest, ...open, lines]) {
      expect({ where, found: terms.find(bytes) }).toEqual({ where, found: [] });
    }
    expect(tables.length).toBeGreaterThan(30);
    expect(open.length).toBeGreaterThan(100);
    expect(files.some(({ where }) => kindOf(where) === 'ipfs')).toBe(true);
  });
});

/** Table, ledger, ipfs, log … of a place. */
function kindOf(where: string): string {
  return where.split(/[ /]/)[0] ?? where;
}
