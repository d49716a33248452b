import { afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import type { StoredCategory } from '#chaincode/model/healthRecord.ts';
import { epochStatement } from '#chaincode/model/statements.ts';
import { randomBytes } from '#crypto/bytes.ts';
import { createCategoryKey } from '#crypto/categoryKey.ts';
import { newPseudonym } from '#crypto/identifier.ts';
import { importSigningKey } from '#crypto/signingKey.ts';
import { signStatement } from '#crypto/statement.ts';
import { createTestAuthority } from '#crypto/testAuthority.ts';
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
vi.mock('#server/records/actions.ts', () => ({
  beginUpload: async () => {
    const id = crypto.randomUUID();
    uploads.set(id, new Map());
    return { ok: true, data: { id } };
  },
}));

/** The portal, as far as blocks go. */
async function portal(address: string, { body }: { body?: Uint8Array } = {}): Promise<Response> {
  const { pathname, searchParams } = new URL(address, 'https://medloom.example');
  const read = uploads.get(pathname.split('/').at(-1) ?? '');
  if (pathname.startsWith('/api/uploads/')) {
    const id = pathname.split('/').at(-1);
    return read ? Response.json({ id, blocks: [...read.keys()] }) : new Response(null, { status: 404 });
  }
  const cid = searchParams.get('cid') ?? '';
  uploads.get(searchParams.get('upload') ?? '')?.set(cid, body ?? new Uint8Array());
  sent.push(cid);
  return Response.json({ cid });
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

const content = Array.from({ length: 20 }, () => randomBytes(60_000));
const file = () => new File(content, 'scan.pdf', { type: 'application/pdf', lastModified: 1 });

async function write(signal?: AbortSignal, turn?: () => Promise<void>) {
  const { writeDocument } = await import('./uploads.ts');
  const written = { patient, category: 'documents' as const, files: [file()], resources: () => [] };
  return writeDocument(written, { ...(signal && { signal }), ...(turn && { turn }) });
}

/** Stops after so many blocks, as closing the page does. */
async function breakOff(blocks: number): Promise<void> {
  const stop = new AbortController();
  const turn = async () => {
    if (sent.length === blocks) stop.abort();
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
