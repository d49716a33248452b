import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { z } from 'zod';

/** What a node does with a call: passes it on to the chain, refuses it by an error of its own, answers falsely, or is gone. */
export type NodeAnswer = 'pass' | 'gone' | { error: { code: number; message: string } } | { result: unknown };

export interface Node {
  url: string;
  /** The methods that it was asked, in turn. */
  asked: string[];
  stop(): Promise<void>;
}

const call = z.object({ id: z.number(), method: z.string(), params: z.array(z.unknown()).default([]) });

/** A node that stands before a chain's and does with each call what it is told, over HTTP as any node. */
export async function startNode(
  chainUrl: string,
  answer: (method: string, params: unknown[], before: number) => NodeAnswer,
): Promise<Node> {
  const asked: string[] = [];
  const server = createServer(async (request, response) => {
    const body = await text(request);
    const { id, method, params } = call.parse(JSON.parse(body));
    const done = answer(method, params, asked.length);
    asked.push(method);
    if (done === 'gone') return void response.destroy();
    response.setHeader('content-type', 'application/json');
    if (done !== 'pass') return void response.end(JSON.stringify({ jsonrpc: '2.0', id, ...done }));
    const passed = await fetch(chainUrl, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
    response.end(await passed.text());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
