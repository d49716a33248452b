import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import busboy from 'busboy';
import { badCall, IpfsFailure } from './failure.ts';

/** One file of a multipart body. `content` must be read to its end before the next part comes. */
export interface Part {
  /** What Kubo calls the field: `file`, or `file?mode=0644&mtime=…`. */
  field: string;
  path: string;
  type: string;
  content: Readable;
}

const mostFiles = 10_000;

/**
 * The files of a multipart body, as they arrive.
 * @throws IpfsFailure when the body is malformed, breaks off, or is larger than `largest` bytes
 */
export async function* readParts(request: IncomingMessage, argument: string, largest: number): AsyncGenerator<Part> {
  const tooLarge = new IpfsFailure(`the body is larger than this node takes (${largest} bytes)`, { status: 413 });
  if (!/^multipart\/form-data\b/i.test(request.headers['content-type'] ?? '')) {
    throw badCall(`file argument '${argument}' is required`);
  }
  if (Number(request.headers['content-length'] ?? 0) > largest + 1024 * 1024) throw tooLarge;
  const arrived: Part[] = [];
  let end: { error?: unknown } | undefined;
  let wake: () => void = () => undefined;
  const finish = (error?: unknown): void => {
    end ??= error === undefined ? {} : { error };
    wake();
  };
  const parser = openParser(request, largest);
  parser.on('file', (field, content, { filename, mimeType }) => {
    // A part that nobody reads yet would otherwise end the process when the body breaks off.
    content.on('error', () => undefined);
    content.on('limit', () => parser.destroy(tooLarge));
    arrived.push({ field, path: decodePath(filename ?? ''), type: mimeType, content });
    wake();
  });
  parser.on('filesLimit', () =>
    parser.destroy(new IpfsFailure(`more than ${mostFiles} files in one call`, { status: 413 })),
  );
  parser.on('error', (error: unknown) =>
    finish(error instanceof IpfsFailure ? error : new IpfsFailure('multipart: NextPart: EOF', { cause: error })),
  );
  parser.on('close', () => finish());
  let total = 0;
  request.on('data', (part: Buffer) => {
    total += part.length;
    if (total > largest + 1024 * 1024) parser.destroy(tooLarge);
  });
  request.on('aborted', () => parser.destroy(new IpfsFailure('the caller broke off the body')));
  request.pipe(parser);

  try {
    let count = 0;
    for (;;) {
      const part = arrived.shift();
      if (part) {
        count += 1;
        yield part;
      } else if (end?.error !== undefined) {
        throw end.error;
      } else if (end) {
        if (count === 0) throw badCall(`file argument '${argument}' is required`);
        return;
      } else {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    }
  } finally {
    request.unpipe(parser);
    parser.destroy();
    // Read on, so that a caller who is still sending gets to read the answer.
    request.resume();
  }
}

/** All bytes of one part. */
export async function gatherPart(part: Part): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  for await (const piece of readContent(part)) pieces.push(piece);
  return new Uint8Array(Buffer.concat(pieces));
}

export async function* readContent(part: Part): AsyncGenerator<Uint8Array> {
  for await (const piece of part.content) {
    if (!(piece instanceof Uint8Array)) throw new TypeError('A body part gave something other than bytes.');
    yield piece;
  }
}

function openParser(request: IncomingMessage, largest: number): busboy.Busboy {
  try {
    return busboy({
      headers: request.headers,
      preservePath: true,
      defParamCharset: 'utf8',
      // busboy speaks up when a file reaches the limit, not when it passes it.
      limits: { files: mostFiles, fileSize: largest + 1, fields: 100, fieldSize: 4096, headerPairs: 50 },
    });
  } catch (error) {
    throw badCall(error instanceof Error ? error.message : String(error));
  }
}

/** `kubo-rpc-client` and Kubo's own client send paths percent-encoded. */
function decodePath(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
