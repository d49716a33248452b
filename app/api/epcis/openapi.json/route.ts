import { env } from '#server/env.ts';
import { openApi } from '#server/epcis/api/openapi.ts';

export const dynamic = 'force-dynamic';

/** The description of the EPCIS interface; it says nothing that is secret. */
export const GET = () =>
  Response.json(openApi(env().MEDLOOM_URL), { headers: { 'cache-control': 'public, max-age=300' } });
