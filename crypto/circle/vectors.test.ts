import { readFile } from 'node:fs/promises';
import type { ClientState, MlsPrivateMessage, MlsPublicMessage } from 'ts-mls';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type Bytes, fromHex, toHex } from '../bytes.ts';
import { loadMls } from './suite.ts';

/** The library and our way of loading it against what others have published: see `vectors/README.md`. */

const hex = z.string().transform(fromHex);
const passiveClient = z.object({
  name: z.string(),
  cipher_suite: z.literal(1),
  external_psks: z.array(z.object({ psk_id: hex, psk: hex })),
  ...{ key_package: hex, signature_priv: hex, encryption_priv: hex, init_priv: hex, welcome: hex },
  ratchet_tree: hex.nullable(),
  initial_epoch_authenticator: hex,
  epochs: z.array(z.object({ proposals: z.array(hex), commit: hex, epoch_authenticator: hex })),
});
const exporter = z.object({
  exporter_secret: hex,
  exporter: z.object({ label: z.string(), context: hex, length: z.int(), secret: z.string() }),
});

const read = async (name: string): Promise<unknown> =>
  JSON.parse(await readFile(new URL(`./vectors/${name}.json`, import.meta.url), 'utf8'));
const clients = z.array(passiveClient).parse(await read('passiveClient'));
const exporters = z.array(exporter).parse(await read('exporter'));
const { mls, cipherSuite } = await loadMls();

const decode = (bytes: Bytes) => mls.decodeMlsMessage(bytes, 0)?.[0];

async function join(client: z.infer<typeof passiveClient>) {
  const suite = await mls.getCiphersuiteImpl(
    mls.getCiphersuiteFromName('MLS_128_DHKEMX25519_AES128GCM_SHA256_Ed25519'),
  );
  const [welcome, keyPackage] = [decode(client.welcome), decode(client.key_package)];
  if (welcome?.wireformat !== 'mls_welcome' || keyPackage?.wireformat !== 'mls_key_package')
    throw new Error('messages');
  const psks = mls.makePskIndex(
    undefined,
    Object.fromEntries(client.external_psks.map(({ psk_id, psk }) => [mls.bytesToBase64(psk_id), psk])),
  );
  const { decodeRatchetTree } = await import('ts-mls/ratchetTree.js');
  const keys = {
    hpkePrivateKey: client.encryption_priv,
    initPrivateKey: client.init_priv,
    signaturePrivateKey: client.signature_priv,
  };
  const tree = client.ratchet_tree === null ? undefined : decodeRatchetTree(client.ratchet_tree, 0)?.[0];
  return { suite, psks, state: await mls.joinGroup(welcome.welcome, keyPackage.keyPackage, keys, psks, suite, tree) };
}

const isMessage = (
  message: ReturnType<typeof decode>,
): message is (MlsPublicMessage | MlsPrivateMessage) & { version: 'mls10' } =>
  message?.wireformat === 'mls_public_message' || message?.wireformat === 'mls_private_message';

describe('RFC 9420', () => {
  it.each(clients.map((client) => [client.name, client] as const))('passive client: %s', async (_name, client) => {
    const { suite, psks, state: joined } = await join(client);
    expect(joined.keySchedule.epochAuthenticator).toEqual(client.initial_epoch_authenticator);
    let state: ClientState = joined;
    for (const { proposals, commit, epoch_authenticator } of client.epochs) {
      for (const bytes of [...proposals, commit]) {
        const message = decode(bytes);
        if (!isMessage(message)) throw new Error('message');
        const index = mls.makePskIndex(state, {});
        const either = { findPsk: (id: Parameters<typeof index.findPsk>[0]) => psks.findPsk(id) ?? index.findPsk(id) };
        const done =
          message.wireformat === 'mls_public_message'
            ? await mls.processPublicMessage(state, message.publicMessage, either, suite)
            : await mls.processPrivateMessage(state, message.privateMessage, either, suite);
        state = done.newState;
      }
      expect(toHex(state.keySchedule.epochAuthenticator)).toBe(toHex(epoch_authenticator));
    }
  });

  it.each(exporters)(
    'exporter with the hash of circles: $exporter.label',
    async ({ exporter_secret, exporter: given }) => {
      const { label, context, length, secret } = given;
      expect(toHex(await mls.mlsExporter(exporter_secret, label, context, length, cipherSuite))).toBe(secret);
    },
  );
});
