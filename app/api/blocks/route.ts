import { endpoint, readBytes } from '#server/endpoint.ts';
import { AppError } from '#server/errors.ts';
import { readBlocks } from '#server/records/blocks.ts';
import { frameHead, getBlocksQuery, putBlockQuery } from '#server/records/schema.ts';
import { putBlock } from '#server/records/uploads.ts';

export const dynamic = 'force-dynamic';

const largestBlock = 256 * 1024;

/** Takes one encrypted block of an upload. */
export const PUT = endpoint(async ({ request, actor }) => {
  const query = putBlockQuery.safeParse(Object.fromEntries(new URL(request.url).searchParams));
  if (!query.success) throw new AppError('INVALID_INPUT', 'query');
  const bytes = await readBytes(request, largestBlock);
  return Response.json(await putBlock(actor, { ...query.data, bytes }), { headers: { 'cache-control': 'no-store' } });
});

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
