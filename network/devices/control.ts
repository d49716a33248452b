import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { z } from 'zod';
import { episodeKinds } from './episodes.ts';
import type { FleetDevice } from './fleet.ts';

/** A device that takes commands. */
export type Commanded = Pick<FleetDevice, 'box' | 'id' | 'patient' | 'deteriorate' | 'recover'>;

const minutes = z.number().min(0.1).max(600);
const command = z.discriminatedUnion('command', [
  /** `patient`: e-mail. It comes to its worst after `riseMinutes` and stays so for `holdMinutes`. */
  z.object({
    command: z.literal('deteriorate'),
    patient: z.string(),
    kind: z.enum(episodeKinds).default('sepsis'),
    riseMinutes: minutes.default(0.5),
    holdMinutes: minutes.default(15),
  }),
  z.object({ command: z.literal('recover'), patient: z.string() }),
]);
const longest = 4_096;

/**
 * Takes commands on the loopback, for whoever shows the demonstration: `POST /` with JSON such as
 * `{"command": "deteriorate", "patient": "ebba.nilsson@mail.example", "kind": "sepsis"}`; `GET /` answers who wears what.
 */
export async function startControl(
  devices: () => readonly Commanded[],
  port: number,
): Promise<{ server: Server; port: number }> {
  const server = createServer((request, response) => {
    const answer = (status: number, body: object) => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(`${JSON.stringify(body)}\n`);
    };
    if (request.method === 'GET') {
      const worn = devices().map(({ box, id, patient }) => ({ name: box.name, wearer: box.wearer.email, id, patient }));
      answer(200, { devices: worn });
      return;
    }
    let text = '';
    request.setEncoding('utf8');
    request.on('data', (part: string) => {
      text += part;
      if (text.length > longest) request.destroy();
    });
    request.once('end', () => {
      const given = command.safeParse(parsed(text));
      if (!given.success) return answer(400, { problem: z.prettifyError(given.error) });
      const worn = devices().filter(({ box }) => box.wearer.email === given.data.patient);
      if (worn.length === 0) return answer(404, { problem: `nobody is ${given.data.patient}` });
      for (const device of worn) {
        if (given.data.command === 'recover') device.recover();
        else {
          const { kind, riseMinutes, holdMinutes } = given.data;
          device.deteriorate(kind, riseMinutes * 60_000, holdMinutes * 60_000);
        }
      }
      answer(200, { devices: worn.map(({ box }) => box.name) });
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve());
  });
  const address: AddressInfo | string | null = server.address();
  return { server, port: typeof address === 'object' && address !== null ? address.port : port };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
