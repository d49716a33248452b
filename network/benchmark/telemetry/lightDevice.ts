import { createPrivateKey, type KeyObject } from 'node:crypto';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import { encode } from '@ipld/dag-cbor';
import mqttPacket, { type Packet } from 'mqtt-packet';
import { z } from 'zod';
import { type Bytes, fromBase64Url, randomBytes, toHex } from '#crypto/bytes.ts';
import { nodeFrameSigner } from '#crypto/telemetry/nodeSignature.ts';
import { sealFrame } from '#crypto/telemetry/seal.ts';
import { circlesTopic, framesTopic, refusedTopic } from '#server/telemetry/gateway/protocol.ts';
import type { SentStream } from './streams.ts';

/** What a device of the load has instead of a folder. Keys are of this benchmark alone. */
export const lightIdentity = z.object({
  device: z.string(),
  certificatePem: z.string(),
  privateKeyPem: z.string(),
  /** Where it seals; absent of one that only connects. */
  circle: z.object({ patient: z.string(), generation: z.int(), epoch: z.int(), key: z.string() }).optional(),
});
export type LightIdentity = z.infer<typeof lightIdentity>;

export interface GatewayAddress {
  host: string;
  port: number;
  ca: string;
}

const keepalive = 120;
const version = { protocolVersion: 5 };

/**
 * A device without disk: one TLS connection with its certificate, MQTT 5 by `mqtt-packet` alone, one packet on its way at a time.
 * It seals and signs as a real one does, and sends a frame that was not acknowledged again as it was before it seals another.
 */
export class LightDevice {
  private readonly identity: LightIdentity;
  private readonly key: KeyObject;
  private readonly stream = randomBytes(8);
  private readonly acknowledged = { frames: 0, readings: 0 };
  private waiting: { bytes: Bytes; readings: number } | undefined;
  private refusal = false;
  private gateway: GatewayAddress | undefined;
  private message = 0;
  private socket: TLSSocket | undefined;
  private awaited: { done: () => void; failed: (error: Error) => void } | undefined;
  refused = 0;

  constructor(identity: LightIdentity) {
    this.identity = identity;
    this.key = createPrivateKey(identity.privateKeyPem);
  }

  /** Bytes on the wire, TLS included. */
  get sentBytes(): number {
    return this.socket?.bytesWritten ?? 0;
  }

  /** What the gateway has of it. */
  get sent(): SentStream {
    return { device: this.identity.device, stream: toHex(this.stream), ...this.acknowledged };
  }

  get isConnected(): boolean {
    return this.socket !== undefined && !this.socket.destroyed;
  }

  /** Resolves when the gateway has let it in. */
  async connect(gateway: GatewayAddress): Promise<void> {
    this.gateway = gateway;
    try {
      await this.enter(gateway);
    } catch (error) {
      this.close();
      throw error;
    }
  }

  /** The same again, where it was cut off. */
  async reconnect(): Promise<void> {
    if (this.gateway !== undefined && !this.isConnected) await this.connect(this.gateway);
  }

  private async enter({ host, port, ca }: GatewayAddress): Promise<void> {
    const { certificatePem: cert, device } = this.identity;
    const key = this.identity.privateKeyPem;
    const socket = connectTls({ host, port, ca, cert, key, servername: 'localhost' });
    this.socket = socket;
    const parser = mqttPacket.parser(version);
    parser.on('packet', (packet: Packet) => this.heard(packet));
    parser.on('error', (error: Error) => socket.destroy(error));
    socket.on('data', (bytes: Buffer) => parser.parse(bytes));
    const lost = (error?: Error) => {
      if (this.socket === socket) this.lose(error ?? new Error(`${device} was disconnected`));
    };
    socket.on('error', lost);
    socket.once('close', () => lost());
    socket.setNoDelay(true);
    await new Promise<void>((resolve, reject) => {
      socket.once('secureConnect', resolve);
      socket.once('error', reject);
      socket.once('close', () => reject(new Error(`${device} was not let in`)));
    });
    await this.said(() =>
      this.write({ cmd: 'connect', protocolId: 'MQTT', protocolVersion: 5, clean: true, clientId: device, keepalive }),
    );
    await this.said(() => {
      const subscriptions = [circlesTopic(device), refusedTopic(device)].map((topic) => ({ topic, qos: 1 as const }));
      this.write({ cmd: 'subscribe', messageId: this.nextMessage(), subscriptions });
    });
  }

  /**
   * Seals readings into the next frame, unless one still waits, and resolves when the gateway has acknowledged it. Rejects where the
   * connection is lost before that and where the frame is refused; it then waits for the next call.
   */
  async send(readings: number, now: number, spanMs: number): Promise<void> {
    this.waiting ??= { bytes: await this.seal(readings, now, spanMs), readings };
    const { waiting } = this;
    const { device } = this.identity;
    this.refusal = false;
    await this.said(() =>
      this.write({
        ...{ cmd: 'publish', topic: framesTopic(device), qos: 1, dup: false, retain: false },
        ...{ messageId: this.nextMessage(), payload: Buffer.from(encode([waiting.bytes])) },
      }),
    );
    // Told before the acknowledgement.
    if (this.refusal) throw new Error(`${device}: a frame was refused`);
    this.acknowledged.frames += 1;
    this.acknowledged.readings += waiting.readings;
    this.waiting = undefined;
  }

  private async seal(readings: number, now: number, spanMs: number): Promise<Bytes> {
    const { circle, device } = this.identity;
    if (circle === undefined) throw new Error(`${device} is in no circle.`);
    const number = this.acknowledged.frames + 1;
    const from = now - spanMs;
    const step = Math.max(1, Math.floor(spanMs / readings));
    const items = Array.from({ length: readings }, (_, index) => [index * step, 1 + (index % 3), valueAt(index, now)]);
    const { key, ...place } = circle;
    const content = { ...place, device, stream: this.stream, number, kind: 'readings' as const };
    const sealed = await sealFrame(fromBase64Url(key), { ...content, from, to: now, items }, nodeFrameSigner(this.key));
    return sealed.bytes;
  }

  /** A sign of life. */
  ping(): void {
    if (this.isConnected) this.write({ cmd: 'pingreq' });
  }

  close(): void {
    this.socket?.destroy();
    this.socket = undefined;
    this.lose(new Error(`${this.identity.device} was closed`));
  }

  private lose(error: Error): void {
    this.awaited?.failed(error);
    this.awaited = undefined;
  }

  private heard(packet: Packet): void {
    const { cmd } = packet;
    if (cmd === 'publish') {
      if (packet.topic === refusedTopic(this.identity.device)) {
        this.refused += 1;
        this.refusal = true;
      }
      if (packet.qos === 1) this.write({ cmd: 'puback', ...(packet.messageId && { messageId: packet.messageId }) });
      return;
    }
    if (cmd !== 'connack' && cmd !== 'suback' && cmd !== 'puback') return;
    const code = 'reasonCode' in packet ? (packet.reasonCode ?? 0) : 0;
    const { awaited } = this;
    this.awaited = undefined;
    if (code < 0x80) awaited?.done();
    else awaited?.failed(new Error(`${this.identity.device}: ${cmd} ${code}`));
  }

  private said(ask: () => void): Promise<void> {
    return new Promise((done, failed) => {
      if (!this.isConnected) throw new Error(`${this.identity.device} is not connected`);
      this.awaited = { done, failed };
      ask();
    });
  }

  private write(packet: Packet): void {
    this.socket?.write(mqttPacket.generate(packet, version));
  }

  private nextMessage(): number {
    this.message = (this.message % 65_535) + 1;
    return this.message;
  }
}

/** Heart rate, breaths, saturation: whole numbers, as the catalogue spells them. */
function valueAt(index: number, now: number): number {
  const wave = Math.round(6 * Math.sin(now / 60_000 + index / 9));
  return [72 + wave, 15 + Math.round(wave / 4), 97 - Math.abs(Math.round(wave / 4))][index % 3] ?? 0;
}
