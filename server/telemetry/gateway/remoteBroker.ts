import { X509Certificate } from 'node:crypto';
import { and, eq } from 'drizzle-orm';
import mqtt from 'mqtt';
import { nodeFrameVerifier } from '#crypto/telemetry/nodeSignature.ts';
import { asAppError } from '#server/errors.ts';
import { log } from '#server/log.ts';
import type { Database } from '../../gateways/db/database.ts';
import { certificates } from '../../gateways/db/schema/care.ts';
import type { Sender } from './check.ts';
import type { Directory } from './directory.ts';
import type { Doorkeeper } from './doorkeeper.ts';
import type { Figures } from './figures.ts';
import type { Messenger } from './messenger.ts';

export interface RemoteBrokerOptions {
  url: string;
  /** The gateway's own certificate and key, and the roots that it believes. */
  tls: { cert: Buffer; key: Buffer; ca: Buffer[] };
  /** The gateway's own device id, its client id. */
  gateway: string;
  db: Database;
  directory: Directory;
  door: Doorkeeper;
  figures: Figures;
}

/** Packets that the broker may have on their way to here without an acknowledgement. */
const receiveMaximum = 500;
const topicShape = /^v1\/(dev-[a-z2-7]{26})\/(frames|status)$/;
/** What MQTT 5 calls `Unspecified error`: the broker takes the packet for delivered. */
const refusedReason = 0x80;

/**
 * The gateway as a client of another broker, which knows who is connected and who may publish where. What comes is acknowledged to
 * the broker as the embedded one acknowledges it to a device; each frame's signature is checked by the certificate of the key that
 * the registry has of the device.
 */
export async function connectBroker(options: RemoteBrokerOptions): Promise<Messenger> {
  const { url, tls, gateway, db, directory, door, figures } = options;
  const senderOf = senders(db, directory);
  const client = await mqtt.connectAsync(url, {
    ...{ ...tls, protocolVersion: 5, clientId: gateway, clean: false, keepalive: 60, manualConnect: false },
    properties: { receiveMaximum, sessionExpiryInterval: 7 * 86_400 },
    customHandleAcks: (topic, payload, _packet, done) => {
      const [, device, what] = topicShape.exec(topic) ?? [];
      const take = async () => {
        const sender = device === undefined ? undefined : await senderOf(device);
        if (sender === undefined) return figures.refuse(device ?? 'unknown', 'NOT_REGISTERED');
        if (what === 'status') door.status(sender, payload);
        else await door.frames(sender, payload, tell);
      };
      take().then(
        () => done(0),
        (error) => {
          log().info({ device, detail: asAppError(error).detail }, 'a packet was not taken');
          done(refusedReason);
        },
      );
    },
  });
  const tell = async (topic: string, payload: string) => {
    await client.publishAsync(topic, payload, { qos: 1 });
  };
  client.on('error', (error) => log().warn({ err: error }, 'the MQTT broker'));
  await client.subscribeAsync(['v1/+/frames', 'v1/+/status'], { qos: 1 });
  return {
    connected: 0,
    publish: async (topic, payload, { retain }) => {
      await client.publishAsync(topic, payload, { qos: 1, retain });
    },
    // The broker's own rules keep a device away.
    dismiss: () => undefined,
    close: () => client.endAsync(),
  };
}

/** Devices with the key by which their frames are checked. */
function senders(db: Database, directory: Directory): (device: string) => Promise<Sender | undefined> {
  const known = new Map<string, Sender>();
  return async (device) => {
    const registered = await directory.find(device);
    if (registered === undefined) return undefined;
    const { signingKeyHash } = registered;
    const before = known.get(device);
    if (before?.signingKeyHash === signingKeyHash) return before;
    const [row] = await db
      .select({ pem: certificates.pem })
      .from(certificates)
      .where(and(eq(certificates.subjectId, device), eq(certificates.keyHash, signingKeyHash)));
    if (row === undefined) return undefined;
    const spki = new X509Certificate(row.pem).publicKey.export({ type: 'spki', format: 'der' });
    const sender = { id: device, signingKeyHash, verify: nodeFrameVerifier(spki) };
    known.set(device, sender);
    return sender;
  };
}
