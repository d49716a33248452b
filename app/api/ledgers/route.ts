import { endpoint } from '#server/endpoint.ts';
import { AppError } from '#server/errors.ts';
import { span } from '#server/ledgers/schema.ts';
import { ledgerFigures } from '#server/ledgers/service.ts';

export const dynamic = 'force-dynamic';

/** Health and figures over time of the chains that the person may watch; `span` is `hour` or `day`. */
export const GET = endpoint(async ({ request, actor }) => {
  const asked = span.safeParse(new URL(request.url).searchParams.get('span') ?? 'hour');
  if (!asked.success) throw new AppError('INVALID_INPUT', 'span is neither hour nor day');
  return Response.json(await ledgerFigures(actor, asked.data), { headers: { 'cache-control': 'no-store' } });
});
