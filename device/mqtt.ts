import { encode } from '@ipld/dag-cbor';
import mqtt from 'mqtt';
import type { DeviceKeys, DeviceSettings } from './enrolment.ts';
import { pemOf } from './pem.ts';
import { type Connect, circleNote, GatewayLost, type Refusal, refusal, topicOf } from './transport.ts';

const connectWithinMs = 20_000;
/** Seconds after which silence is asked about; a connection that is dead without a word is noticed in one and a half times that. */
const keepalive = 30;

/**
 * Connects by MQTT 5 over TLS, with the device's certificate. The library's own reconnection and store of packets are off: what is
 * sent again, and in which order, the outbox decides.
 */
export function mqttConnect({ pkcs8 }: DeviceKeys, { device, certificatePem, gateway }: DeviceSettings): Connect {
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
    const refusals = new Map<string, Refusal[]>();
    const over = new Promise<void>((resolve) => client.once('close', () => resolve()));
    client.on('error', () => client.end(true));
    client.on('message', (topic, payload) => {
      if (topic === topicOf(device, 'circle')) {
        const note = circleNote.safeParse(parsed(payload));
        if (note.success) noted(note.data);
      } else if (topic === topicOf(device, 'refused')) {
        const one = refusal.safeParse(parsed(payload));
        if (one.success) refusals.get(one.data.stream)?.push(one.data);
      }
    });
    const lost = over.then((): never => {
      throw new GatewayLost('The connection to the gateway is over.');
    });
    lost.catch(() => undefined);
    const published = async (topic: string, payload: Uint8Array | string): Promise<void> => {
      await Promise.race([client.publishAsync(topic, Buffer.from(payload), { qos: 1 }), lost]);
    };
    await Promise.race([
      client.subscribeAsync([topicOf(device, 'circle'), topicOf(device, 'refused')], { qos: 1 }),
      lost,
    ]);
    return {
      over,
      close: () => {
        client.end(true);
      },
      send: async (stream, frames) => {
        const own: Refusal[] = [];
        refusals.set(stream, own);
        await published(topicOf(device, 'frames'), encode(frames));
        return own;
      },
      tell: (status) => published(topicOf(device, 'status'), JSON.stringify(status)),
    };
  };
}

function parsed(payload: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(payload).toString());
  } catch {
    return undefined;
  }
}
