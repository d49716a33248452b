import { cid as cidShape } from '#chaincode/model/identifiers.ts';
import { readMessage } from '#server/adverseEvents/service.ts';
import { endpoint } from '#server/endpoint.ts';

export const dynamic = 'force-dynamic';

/** Encrypted bytes of a message of a report, for who reported and the authority. */
export const GET = endpoint<{ cid: string }>(async ({ params, actor }) => {
  const cid = cidShape.safeParse(params.cid);
  if (!cid.success)
    return Response.json({ code: 'INVALID_INPUT', message: 'That is no address of a message.' }, { status: 400 });
  const bytes = await readMessage(actor, cid.data);
  return new Response(Buffer.from(bytes), {
    headers: {
      'content-type': 'application/octet-stream',
      'content-length': String(bytes.length),
      'cache-control': 'private, no-cache',
      'content-disposition': 'attachment',
    },
  });
});
