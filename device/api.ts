import { Agent, request } from 'node:https';
import { decode, encode } from '@ipld/dag-cbor';
import { z } from 'zod';
import { type Bytes, copyBytes } from '#crypto/bytes.ts';
import {
  blockAnswer,
  type CircleAnswer,
  circleAnswer,
  circlesNote,
  type DeviceStatus,
  type FramesAnswer,
  framesAnswer,
  type NumberedFrame,
} from '#server/telemetry/gateway/protocol.ts';
import type { DeviceKeys, DeviceSettings } from './enrolment.ts';
import { pemOf } from './pem.ts';
import { type CircleNote, GatewayLost } from './transport.ts';

const withinMs = 60_000;
const mostAnswerBytes = 8 * 1024 * 1024;

/** The gateway said no. */
export class GatewayRefused extends Error {
  override readonly name = 'GatewayRefused';
  readonly code: string;
  constructor(code: string, detail: string) {
    super(`${code} ${detail}`.trim());
    this.code = code;
  }
}

const numberedFrames = z.array(z.tuple([z.int().nonnegative(), z.instanceof(Uint8Array)]));

const refused = z.looseObject({ code: z.string().max(64), detail: z.string().optional() });

/** The gateway's HTTPS interface, asked with the device's certificate. Throws `GatewayLost`, `GatewayRefused`. */
export class GatewayApi {
  private readonly url: string;
  private readonly agent: Agent;

  constructor({ pkcs8 }: Pick<DeviceKeys, 'pkcs8'>, { certificatePem, gateway }: DeviceSettings) {
    this.url = gateway.https;
    const identity = { cert: certificatePem, key: pemOf(pkcs8), ca: gateway.ca };
    this.agent = new Agent({ ...identity, keepAlive: true, maxSockets: 4, timeout: withinMs });
  }

  async circles(): Promise<CircleNote[]> {
    return (await this.json('GET', '/v1/circles', circlesNote)).circles;
  }

  circle(patient: string): Promise<CircleAnswer> {
    return this.json('GET', `/v1/circle?patient=${encodeURIComponent(patient)}`, circleAnswer);
  }

  async block(cid: string): Promise<Bytes> {
    return copyBytes(await this.call('GET', `/v1/blocks/${encodeURIComponent(cid)}`));
  }

  putBlock(patient: string, block: Uint8Array): Promise<{ cid: string; contentHash: string }> {
    return this.json('PUT', `/v1/blocks?patient=${encodeURIComponent(patient)}`, blockAnswer, block);
  }

  frames(frames: readonly Uint8Array[]): Promise<FramesAnswer> {
    return this.json('POST', '/v1/frames', framesAnswer, encode(frames));
  }

  /** Readings and alerts that others of a circle have sent, after a place in the gateway's order; a seat holder asks for it. */
  async framesAfter(patient: string, after: number): Promise<NumberedFrame[]> {
    const query = `patient=${encodeURIComponent(patient)}&kind=readings,alert&after=${after}`;
    const bytes = await this.call('GET', `/v1/frames?${query}`);
    try {
      return numberedFrames.parse(decode(bytes));
    } catch (cause) {
      throw new GatewayLost('/v1/frames answered something else.', { cause });
    }
  }

  async status(status: DeviceStatus): Promise<void> {
    await this.call('POST', '/v1/status', status);
  }

  post<Shape extends z.ZodType>(path: string, body: object, shape: Shape): Promise<z.infer<Shape>> {
    return this.json('POST', path, shape, body);
  }

  close(): void {
    this.agent.destroy();
  }

  private async json<Shape extends z.ZodType>(
    method: string,
    path: string,
    shape: Shape,
    body?: object,
  ): Promise<z.infer<Shape>> {
    const bytes = await this.call(method, path, body);
    try {
      return shape.parse(JSON.parse(bytes.toString()));
    } catch (cause) {
      throw new GatewayLost(`${path} answered something else.`, { cause });
    }
  }

  private call(method: string, path: string, body?: object): Promise<Buffer> {
    const isBytes = body instanceof Uint8Array;
    const content = body === undefined ? undefined : isBytes ? body : Buffer.from(JSON.stringify(body));
    const type = isBytes ? 'application/octet-stream' : 'application/json';
    const headers = content === undefined ? {} : { 'content-type': type, 'content-length': content.length };
    return new Promise((resolve, reject) => {
      const lost = (cause: unknown) => reject(new GatewayLost(`${method} ${path}`, { cause }));
      const sent = request(new URL(path, this.url), { method, agent: this.agent, headers }, (response) => {
        const parts: Buffer[] = [];
        let size = 0;
        response.on('data', (part: Buffer) => {
          size += part.length;
          if (size > mostAnswerBytes) response.destroy(new Error('The answer is too long.'));
          else parts.push(part);
        });
        response.once('error', lost);
        response.once('end', () => {
          const whole = Buffer.concat(parts);
          const { statusCode = 0 } = response;
          if (statusCode >= 200 && statusCode < 300) resolve(whole);
          else reject(refusalOf(statusCode, whole, path));
        });
      });
      sent.setTimeout(withinMs, () => sent.destroy(new Error(`no answer within ${withinMs} ms`)));
      sent.once('error', lost);
      sent.end(content);
    });
  }
}

function refusalOf(status: number, body: Buffer, path: string): Error {
  try {
    const { code, detail = '' } = refused.parse(JSON.parse(body.toString()));
    return new GatewayRefused(code, detail);
  } catch (cause) {
    return new GatewayLost(`${path} answered ${status}.`, { cause });
  }
}
