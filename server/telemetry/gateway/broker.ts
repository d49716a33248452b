import { createServer, type Server, type TLSSocket } from 'node:tls';
import { Aedes, type AuthenticateError, type Client } from 'aedes';
import { asAppError } from '#server/errors.ts';
import { log } from '#server/log.ts';
import { type Doorkeeper, Unwelcome } from './doorkeeper.ts';
import type { Figures } from './figures.ts';
import type { Presented } from './identity.ts';
import { presentedBy } from './identity.ts';
import { Flooding } from './intake.ts';
import type { Messenger } from './messenger.ts';
import { reasons } from './messenger.ts';
import { circlesTopic, framesTopic, mostPacketBytes, refusedTopic, statusTopic } from './protocol.ts';

export interface BrokerOptions {
  host: string;
  port: number;
  tls: { cert: Buffer; key: Buffer; ca: Buffer[] };
  door: Doorkeeper;
  figures: Figures;
}

/** Longest time between two signs of life, in seconds; who asks for more is told this. */
const longestKeepalive = 120;
const mostConnections = 20_000;
/** A packet has a topic and properties beside its payload. */
const packetRoom = 4 * 1024;
const drainMs = 20_000;
/** Packets of one device without an acknowledgement. */
export const mostUnacknowledged = 32;

const unauthorised: AuthenticateError = Object.assign(new Error('not authorised'), { returnCode: 5 });

/**
 * The embedded broker: MQTT 5 over TLS with certificates of devices. A device may publish frames and its status, and hear of its
 * circles and refusals, each on topics of its own; nothing goes from one device to another. A frame's acknowledgement waits until
 * the packet is taken, and nothing more is read of that connection meanwhile.
 */
export async function startBroker(options: BrokerOptions): Promise<Messenger & { port: number }> {
  const { door, figures, tls, host, port } = options;
  const senders = new WeakMap<Client, Presented>();
  const unacknowledged = new WeakMap<Client, number>();
  const clients = new Map<string, Client>();
  const senderOf = (client: Client | null) => (client === null ? undefined : senders.get(client));

  const aedes = await Aedes.createBroker({
    ...{ keepaliveLimit: longestKeepalive, connectTimeout: 10_000, drainTimeout: drainMs },
    ...{ maximumPacketSize: mostPacketBytes + packetRoom, maxClientsIdLength: 64, maxTopicLevels: 4 },
    // What a device misses it asks for: no session outlives its connection.
    ...{ sessionExpiryIntervalLimit: 1, pendingSessionsLimit: 1_000, receiveMaximum: mostUnacknowledged },
    preConnect: (_client, packet, done) => {
      const isSpoken = packet.protocolVersion === 5 && packet.will === undefined;
      done(isSpoken ? null : new Error('MQTT 5 without a will is spoken here'), isSpoken);
    },
    authenticate: (client, _user, _password, done) => {
      const { conn } = client;
      const presented = isTls(conn) ? presentedBy(conn) : undefined;
      if (presented === undefined || presented.id !== client.id) {
        figures.refuse(presented?.id ?? 'unknown', 'NOT_REGISTERED');
        return done(unauthorised, false);
      }
      door.admit(presented).then(
        (refused) => {
          if (refused !== undefined) return done(unauthorised, false);
          senders.set(client, presented);
          done(null, true);
        },
        (error) => {
          log().warn({ device: client.id, detail: asAppError(error).detail }, 'a device cannot be looked up');
          done(Object.assign(new Error('try again'), { returnCode: 3 }), false);
        },
      );
    },
    authorizeSubscribe: (client, subscription, done) => {
      const own = [circlesTopic(client.id), refusedTopic(client.id)].includes(subscription.topic);
      done(null, own ? subscription : null);
    },
    authorizePublish: (client, packet, done) => {
      const sender = senderOf(client);
      if (client === null || sender === undefined || packet.retain) return done(unauthorised);
      const payload = Buffer.from(packet.payload);
      // Never acknowledged: the device sends it again, here or to the gateway after this one.
      const refuse = (error: unknown) => {
        if (error instanceof Flooding) return dismissClient(client, reasons.tooFast, 'too fast');
        if (error instanceof Unwelcome) return dismissClient(client, reasons.notAuthorised, error.code);
        log().error({ device: sender.id, err: error }, 'a packet was not taken');
        client.close();
      };
      if (packet.topic === statusTopic(sender.id)) {
        try {
          door.status(sender, payload);
        } catch (error) {
          return refuse(error);
        }
        return done();
      }
      if (packet.topic !== framesTopic(sender.id) || packet.qos !== 1) return done(unauthorised);
      const before = unacknowledged.get(client) ?? 0;
      if (before >= mostUnacknowledged) {
        figures.refuse(sender.id, 'FLOODING');
        return dismissClient(client, reasons.tooMany, `more than ${mostUnacknowledged} packets`);
      }
      unacknowledged.set(client, before + 1);
      door.frames(sender, payload, tellClient(client)).then(() => {
        unacknowledged.set(client, (unacknowledged.get(client) ?? 1) - 1);
        done();
      }, refuse);
    },
  });
  aedes.on('clientReady', (client) => {
    clients.set(client.id, client);
    door.arrived(client.id);
  });
  aedes.on('clientDisconnect', (client) => {
    if (clients.get(client.id) === client) clients.delete(client.id);
  });
  const faulted = (client: Client, error: Error) => {
    const code = /too large/i.test(error.message) ? 'TOO_LARGE' : 'MALFORMED';
    // Connections end in many ways that are nobody's fault.
    if (code === 'TOO_LARGE' || /packet|parse|protocol|header|remaining|invalid/i.test(error.message))
      figures.refuse(senderOf(client)?.id ?? 'unknown', code);
  };
  aedes.on('clientError', faulted);
  aedes.on('connectionError', faulted);

  const server = createServer({ ...tls, requestCert: true, rejectUnauthorized: true, minVersion: 'TLSv1.2' });
  server.maxConnections = mostConnections;
  server.on('secureConnection', (socket) => aedes.handle(socket));
  // A certificate of another authority, none at all, or no TLS.
  server.on('tlsClientError', () => figures.refuse('unknown', 'BAD_CERTIFICATE'));
  await listen(server, port, host);

  return {
    port: portOf(server),
    get connected() {
      return clients.size;
    },
    publish: (topic, payload, { retain }) =>
      new Promise((resolve, reject) => {
        const packet = { cmd: 'publish', topic, payload, qos: 1, retain, dup: false } as const;
        aedes.publish(packet, (error) => (error ? reject(error) : resolve()));
      }),
    dismiss: (device, reason) => {
      const client = clients.get(device);
      if (client) dismissClient(client, reasons.notAuthorised, reason);
    },
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      await new Promise<void>((resolve) => aedes.close(() => resolve()));
      await closed;
    },
  };
}

const isTls = (conn: unknown): conn is TLSSocket => typeof conn === 'object' && conn !== null && 'authorized' in conn;

function dismissClient(client: Client, reasonCode: number, reasonString: string): void {
  client.disconnect({ reasonCode, properties: { reasonString } });
}

/** Brings something to one client, and resolves once it is on its way. */
const tellClient =
  (client: Client) =>
  (topic: string, payload: string): Promise<void> =>
    new Promise((resolve, reject) => {
      const packet = { cmd: 'publish', topic, payload, qos: 0, retain: false, dup: false } as const;
      client.publish(packet, (error) => (error ? reject(error) : resolve()));
    });

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => resolve());
  });
}

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}
