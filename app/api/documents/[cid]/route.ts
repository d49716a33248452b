import { cid as address } from '#chaincode/model/identifiers.ts';
import { endpoint } from '#server/endpoint.ts';
import { readDocument } from '#server/prescriptions/service.ts';

export const dynamic = 'force-dynamic';

/** Encrypted bytes of a document, for those who may see its prescription. */
export const GET = endpoint<{ cid: string }>(async ({ params, actor }) => {
  const cid = address.safeParse(params.cid);
  if (!cid.success)
    return Response.json({ code: 'INVALID_INPUT', message: 'That is no address of a document.' }, { status: 400 });
  const bytes = await readDocument(actor, cid.data);
  return new Response(Buffer.from(bytes), {
    headers: {
      'content-type': 'application/octet-stream',
      'content-length': String(bytes.length),
      // The address is the hash of the bytes, so that they never change; who may see them can.
      'cache-control': 'private, no-cache',
      etag: `"${cid.data}"`,
      'content-disposition': 'attachment',
    },
  });
});
