import { encode } from '@ipld/dag-cbor';
import mqtt from 'mqtt';
import type { z } from 'zod';
import {
  circlesNote,
  circlesTopic,
  framesTopic,
  type Refusal,
  refusedNote,
  refusedTopic,
  statusTopic,
} from '#server/telemetry/gateway/protocol.ts';
import type { DeviceKeys, DeviceSettings } from './enrolment.ts';
import { pemOf } from './pem.ts';
import { type Connect, GatewayLost } from './transport.ts';

const connectWithinMs = 20_000;
/** Seconds after which silence is asked about; a connection that is dead without a word is noticed in one and a half times that. */
const keepalive = 30;

/**
 * Connects by MQTT 5 over TLS, with the device's certificate. The library's own reconnection and store of packets are off: what is
 * sent again, and in which order, the outbox decides.
 */
export function mqttConnect({ pkcs8 }: Pick<DeviceKeys, 'pkcs8'>, settings: DeviceSettings): Connect {
  const { device, certificatePem, gateway } = settings;
  const url = gateway.mqtt;
  if (url === undefined) throw new Error('The settings name no MQTT gateway.');
  const identity = { cert: certificatePem, key: pemOf(pkcs8), ca: gateway.ca };
  return async (noted) => {
    const client = await mqtt.connectAsync(
      url,
      {
        ...{ ...identity, protocolVersion: 5, clientId: device, clean: true, keepalive },
        ...{ reconnectPeriod: 0, connectTimeout: connectWithinMs, resubscribe: false },
      },
      false,
    );
    const refusals = new Map<string, { refused: Refusal[]; at?: number }>();
    const over = new Promise<void>((resolve) => client.once('close', () => resolve()));
    client.on('error', () => client.end(true));
    client.on('message', (topic, payload) => {
      if (topic === circlesTopic(device)) {
        const note = read(payload, circlesNote);
        if (note) noted(note.circles);
      } else if (topic === refusedTopic(device)) {
        const note = read(payload, refusedNote);
        for (const one of note?.refused ?? []) {
          // What could not be read may be of any stream.
          const streams = one.stream === undefined ? [...refusals.values()] : [refusals.get(one.stream)];
          for (const sent of streams) {
            sent?.refused.push(one);
            if (sent && note) sent.at = note.at;
          }
        }
      }
    });
    const lost = over.then((): never => {
      throw new GatewayLost('The connection to the gateway is over.');
    });
    lost.catch(() => undefined);
    const published = async (topic: string, payload: Uint8Array | string): Promise<void> => {
      await Promise.race([client.publishAsync(topic, Buffer.from(payload), { qos: 1 }), lost]);
    };
    await Promise.race([client.subscribeAsync([circlesTopic(device), refusedTopic(device)], { qos: 1 }), lost]);
    return {
      over,
      close: () => {
        client.end(true);
      },
      send: async (stream, frames) => {
        const own = { refused: [] };
        refusals.set(stream, own);
        await published(framesTopic(device), encode(frames));
        refusals.delete(stream);
        return own;
      },
      tell: (status) => published(statusTopic(device), JSON.stringify(status)),
    };
  };
}

function read<Shape extends z.ZodType>(payload: Uint8Array, shape: Shape): z.infer<Shape> | undefined {
  try {
    return shape.parse(JSON.parse(Buffer.from(payload).toString()));
  } catch {
    // Whatever it is, it is nothing that this device understands.
    return undefined;
  }
}
