import { afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import type { StoredCategory } from '#chaincode/model/healthRecord.ts';
import { epochStatement } from '#chaincode/model/statements.ts';
import { randomBytes } from '#crypto/bytes.ts';
import { createCategoryKey } from '#crypto/categoryKey.ts';
import { newPseudonym } from '#crypto/identifier.ts';
import { importSigningKey } from '#crypto/signingKey.ts';
import { signStatement } from '#crypto/statement.ts';
import { createTestAuthority } from '#crypto/testAuthority.ts';
import { readFrames } from '#server/records/schema.ts';
import { createKeeper, type VaultKeeper } from './keeper.ts';
import { memoryStore } from './memoryStore.ts';
import { marker, newPerson, openKeeper, type TestPerson } from './testing.ts';

const patient = newPseudonym(0);
let keeper: VaultKeeper;
let person: TestPerson;
let key: StoredCategory;
const uploads = new Map<string, Map<string, Uint8Array>>();
let sent: string[];

vi.mock('./client.ts', () => ({
  vaultClient: () => ({ call: (name: keyof VaultKeeper, input: never) => keeper[name](input) }),
}));
vi.mock('./records.ts', () => ({
  readWritingKeys: async () => ({ keys: [key], certificates: [person.owner.certificatePem] }),
}));

/** The portal, as far as blocks go. */
async function portal(address: string, { body }: { body?: Blob } = {}): Promise<Response> {
  const { pathname, searchParams } = new URL(address, 'https://medloom.example');
  const read = uploads.get(pathname.split('/').at(-1) ?? '');
  if (pathname.startsWith('/api/uploads/')) {
    const id = pathname.split('/').at(-1);
    return read
      ? Response.json({ id, blocks: [...read.keys()] })
      : Response.json({ code: 'NOT_FOUND', message: 'There is none.' }, { status: 404 });
  }
  const cids = searchParams.getAll('block').map((block) => block.slice(block.indexOf(':') + 1));
  const frames = readFrames(new Uint8Array(await (body ?? new Blob()).arrayBuffer()));
  expect(frames).toHaveLength(cids.length);
  expect(searchParams.get('patient')).toBe(patient);
  const upload = searchParams.get('upload') ?? '';
  const there = uploads.get(upload) ?? new Map<string, Uint8Array>();
  uploads.set(upload, there);
  for (const [at, cid] of cids.entries()) {
    there.set(cid, frames[at] ?? new Uint8Array());
    sent.push(cid);
  }
  return Response.json({ cids });
}

beforeAll(async () => {
  const authority = await createTestAuthority('PatientMSP');
  person = await newPerson(patient, 'PatientMSP', { authority });
  keeper = await openKeeper(person);
  const { category, epoch, publicKey } = await createCategoryKey({ patient, category: 'documents', epoch: 1 });
  const { privateKey } = await importSigningKey(person.contents.signingKey);
  const signature = await signStatement(privateKey, epochStatement(patient, patient, { category, epoch, publicKey }));
  key = { category, epoch, publicKey, signature, by: patient, at: new Date().toISOString() };
});
beforeEach(() => {
  sent = [];
  uploads.clear();
  const kept = new Map<string, string>();
  vi.stubGlobal('fetch', portal);
  vi.stubGlobal('localStorage', {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
  });
});
afterEach(() => vi.unstubAllGlobals());

/** Three megabytes: three requests. */
const content = Array.from({ length: 50 }, () => randomBytes(60_000));
const file = () => new File(content, 'scan.pdf', { type: 'application/pdf', lastModified: 1 });

async function write(signal?: AbortSignal, turn?: () => Promise<void>) {
  const { writeDocument } = await import('./uploads.ts');
  const written = { patient, category: 'documents' as const, files: [file()], resources: () => [] };
  const document = await writeDocument(written, { ...(signal && { signal }), ...(turn && { turn }) });
  await document.arrived;
  return document;
}

/** Stops after so many blocks, as closing the page does. */
async function breakOff(blocks: number): Promise<void> {
  const stop = new AbortController();
  const turn = async () => {
    if (sent.length >= blocks) stop.abort();
  };
  await expect(write(stop.signal, turn)).rejects.toThrow(expect.objectContaining({ code: 'ABORTED' }));
}

it('goes on in a page that was loaded anew, and sends only what is missing', async () => {
  await breakOff(2);
  const [first, second] = sent;
  keeper = createKeeper({ store: memoryStore() });
  await keeper.open({ owner: person.owner, marker, unlocking: { kind: 'recovery', phrase: person.recoveryPhrase } });
  sent = [];
  const { intent, upload } = await write();
  expect(uploads.size).toBe(1);
  expect(sent).not.toContain(first);
  expect(sent).not.toContain(second);
  const there = [...(uploads.get(upload)?.keys() ?? [])];
  expect(there).toEqual(expect.arrayContaining([first, second, ...intent.document.attachments, intent.document.cid]));
});

it('begins anew where the portal has let it go, and for another content', async () => {
  await breakOff(1);
  uploads.clear();
  const { upload } = await write();
  expect([...uploads.keys()]).toEqual([upload]);
  const { findBroken } = await import('./brokenUploads.ts');
  expect(findBroken(patient, [file()])).toMatchObject({ upload });
  expect(findBroken(patient, [new File(content, 'scan.pdf', { lastModified: 2 })])).toBeUndefined();
});

it('sends blocks in few requests, two at a time, and a node after all that it links to', async () => {
  const codecs: string[] = [];
  const waiting: (() => void)[] = [];
  vi.stubGlobal('fetch', async (address: string, init?: { body?: Blob }) => {
    const blocks = new URL(address, 'https://medloom.example').searchParams.getAll('block');
    if (blocks.length === 0) return portal(address, init);
    // The first answers when the second has come.
    if (codecs.length < 2) {
      const both = new Promise<void>((resolve) => waiting.push(resolve));
      if (waiting.length === 2) for (const go of waiting) go();
      await both;
    }
    codecs.push(blocks.map((block) => block.split(':')[0]).join(' '));
    return portal(address, init);
  });
  await write();
  // Twelve pieces of the file, the node above them, the document.
  expect(codecs).toEqual(['raw raw raw raw raw', 'raw raw raw raw raw', 'raw raw dag-pb raw']);
});

it('tells what kept a block from arriving, and leaves none under way', async () => {
  let [underWay, left] = [0, 1];
  vi.stubGlobal('fetch', async (address: string, init?: { body?: Blob }) => {
    underWay += 1;
    await new Promise(setImmediate);
    underWay -= 1;
    if (address.startsWith('/api/blocks') && left-- === 0)
      return Response.json({ code: 'IPFS_UNAVAILABLE', message: 'Later.' }, { status: 503 });
    return portal(address, init);
  });
  await expect(write()).rejects.toMatchObject({ code: 'IPFS_UNAVAILABLE' });
  expect(underWay).toBe(0);
});
