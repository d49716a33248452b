import { serve } from '#server/epcis/api/router.ts';

export const dynamic = 'force-dynamic';

/** The EPCIS interface for partners' systems; `server/epcis/api/operations.ts` has what it serves. */
const epcis = (request: Request) => serve(request);

export const GET = epcis;
export const POST = epcis;
export const PUT = epcis;
export const PATCH = epcis;
export const DELETE = epcis;
export const OPTIONS = epcis;
