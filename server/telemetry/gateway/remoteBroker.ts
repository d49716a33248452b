import { X509Certificate } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { and, eq } from 'drizzle-orm';
import mqtt from 'mqtt';
import { nodeFrameVerifier } from '#crypto/telemetry/nodeSignature.ts';
import { asAppError } from '#server/errors.ts';
import { log } from '#server/log.ts';
import type { Database } from '../../gateways/db/database.ts';
import { certificates } from '../../gateways/db/schema/care.ts';
import type { Sender } from './check.ts';
import type { Directory } from './directory.ts';
import { type Doorkeeper, Unwelcome } from './doorkeeper.ts';
import type { Figures } from './figures.ts';
import type { Messenger } from './messenger.ts';

export interface RemoteBrokerOptions {
  url: string;
  /** The gateway's own certificate and key. */
  cert: Buffer;
  key: Buffer;
  /** The authority of the broker's certificate, where it is none that the system knows. */
  ca?: Buffer;
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
const retryMs = 1_000;

/**
 * The gateway as a client of another broker, which knows who is connected and who may publish where. What the broker has acknowledged
 * to a device is the broker's to keep until it is acknowledged here, once it is on disk: for a week, while the gateway is away. Each frame's signature is checked by the certificate of the key that
 * the registry has of the device.
 */
export async function connectBroker(options: RemoteBrokerOptions): Promise<Messenger> {
  const { url, cert, key, ca, gateway, db, directory, door, figures } = options;
  const senderOf = senders(db, directory);
  const ending = new AbortController();
  const client = await mqtt.connectAsync(url, {
    ...{ cert, key, protocolVersion: 5, clientId: gateway, clean: false, keepalive: 60 },
    ...(ca !== undefined && { ca }),
    properties: { receiveMaximum, sessionExpiryInterval: 7 * 86_400 },
    customHandleAcks: (topic, payload, _packet, done) => {
      const [, device, what] = topicShape.exec(topic) ?? [];
      const take = async () => {
        const sender = device === undefined ? undefined : await senderOf(device);
        if (sender === undefined) return figures.refuse(device ?? 'unknown', 'NOT_REGISTERED');
        if (what === 'status') door.status(sender, payload);
        else await door.frames(sender, payload, tell);
      };
      insist(take, ending.signal).then(
        () => done(0),
        () => undefined,
      );
    },
  });
  // Not waited for: the library reads no acknowledgement while it waits for one of its own.
  const tell = async (topic: string, payload: string) => {
    client.publish(topic, payload, { qos: 0 });
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
    close: async () => {
      ending.abort();
      await client.endAsync(true);
    },
  };
}

/** Repeats what fails for a while: the broker has acknowledged it to the device. Rejects where the process stops. */
async function insist(take: () => Promise<unknown>, signal: AbortSignal): Promise<void> {
  for (;;) {
    try {
      await take();
      return;
    } catch (error) {
      // A device that may be here no longer is counted, and that is all.
      if (error instanceof Unwelcome) return;
      if (signal.aborted) throw error;
      log().warn({ detail: asAppError(error).detail }, 'a packet of another broker waits');
      await delay(retryMs, undefined, { signal });
    }
  }
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
