import { z } from 'zod';
import { claimId } from '#chaincode/model/claim.ts';
import { cid } from '#chaincode/model/identifiers.ts';
import { authorisationId, policyId } from '#chaincode/model/policy.ts';
import { readContent } from '#server/claims/service.ts';
import { endpoint } from '#server/endpoint.ts';

export const dynamic = 'force-dynamic';

const named = z.object({ id: z.union([claimId, policyId, authorisationId]), cid });

/** Encrypted bytes that a claim, a policy or an authorisation names, for those who have to do with it. */
export const GET = endpoint<{ id: string; cid: string }>(async ({ params, actor }) => {
  const content = named.safeParse(params);
  if (!content.success)
    return Response.json({ code: 'INVALID_INPUT', message: 'That is no address of a content.' }, { status: 400 });
  const bytes = await readContent(actor, content.data);
  return new Response(Buffer.from(bytes), {
    headers: {
      'content-type': 'application/octet-stream',
      'content-length': String(bytes.length),
      'cache-control': 'private, no-cache',
      'content-disposition': 'attachment',
    },
  });
});
