import { endpoint } from '#server/endpoint.ts';
import { AppError } from '#server/errors.ts';
import { uploadId } from '#server/records/schema.ts';
import { readUpload } from '#server/records/uploads.ts';

export const dynamic = 'force-dynamic';

/** Which blocks of one's upload are here. */
export const GET = endpoint<{ id: string }>(async ({ params, actor }) => {
  const id = uploadId.safeParse(params.id);
  if (!id.success) throw new AppError('NOT_FOUND', 'no id of an upload');
  return Response.json(await readUpload(actor, id.data), { headers: { 'cache-control': 'no-store' } });
});
