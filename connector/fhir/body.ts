import type { IncomingMessage } from 'node:http';
import { refuse } from './refusal.ts';

/** Reads at most `limit` bytes: 413. What is announced as longer is not read at all. */
export async function readBytes(request: IncomingMessage, limit: number): Promise<Buffer> {
  const tooLong = () => refuse(413, 'too-long', `the body may have ${limit / 1024} KiB`);
  if (Number(request.headers['content-length'] ?? 0) > limit) throw tooLong();
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    if (!Buffer.isBuffer(chunk)) throw refuse(400, 'structure', 'the body is not bytes');
    size += chunk.length;
    if (size > limit) throw tooLong();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
