import { endpoint, readBytes } from '#server/endpoint.ts';
import { AppError } from '#server/errors.ts';
import { largestDocument } from '#server/gateways/ipfs/ipfs.ts';
import { readBlocks } from '#server/records/blocks.ts';
import { frameHead, getBlocksQuery, mostBlocksSent, putBlocksQuery, readFrames } from '#server/records/schema.ts';
import { putBlocks } from '#server/records/uploads.ts';

export const dynamic = 'force-dynamic';

const largestBody = mostBlocksSent * (largestDocument + 4);

/** Takes encrypted blocks of an upload. */
export const PUT = endpoint(async ({ request, actor }) => {
  const { searchParams } = new URL(request.url);
  const query = putBlocksQuery.safeParse({
    upload: searchParams.get('upload'),
    patient: searchParams.get('patient'),
    blocks: searchParams.getAll('block'),
  });
  if (!query.success) throw new AppError('INVALID_INPUT', 'query');
  const frames = framesOf(await readBytes(request, largestBody));
  const { blocks, ...of } = query.data;
  if (frames.length !== blocks.length) throw new AppError('INVALID_INPUT', `${frames.length} blocks came`);
  const sent = blocks.map((block, at) => ({ ...block, bytes: frames[at] ?? new Uint8Array() }));
  return Response.json(await putBlocks(actor, { ...of, blocks: sent }), { headers: { 'cache-control': 'no-store' } });
});

function framesOf(body: Uint8Array): Uint8Array[] {
  try {
    return readFrames(body);
  } catch (cause) {
    throw new AppError('INVALID_INPUT', 'frames', { cause });
  }
}

/** Encrypted blocks, one behind the other, each after its length, sent while they are read. */
export const GET = endpoint(async ({ request, actor }) => {
  const cids = getBlocksQuery.safeParse(new URL(request.url).searchParams.getAll('cid'));
  if (!cids.success) throw new AppError('INVALID_INPUT', 'cid');
  const blocks = (await readBlocks(actor, cids.data))[Symbol.asyncIterator]();
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const next = await blocks.next();
      if (next.done === true) return controller.close();
      controller.enqueue(frameHead(next.value.length));
      controller.enqueue(next.value);
    },
    async cancel() {
      await blocks.return?.();
    },
  });
  return new Response(body, {
    headers: { 'content-type': 'application/octet-stream', 'cache-control': 'private, no-store' },
  });
});
