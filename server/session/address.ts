/**
 * Network address of a caller: the last entry of X-Forwarded-For, which the proxy nearest to the portal (or the
 * portal's own HTTP server) wrote. Earlier entries are the caller's word and are not used.
 */
export function callerAddress(headers: Headers | Record<string, unknown> | undefined): string {
  const value = headers instanceof Headers ? headers.get('x-forwarded-for') : headers?.['x-forwarded-for'];
  const last = typeof value === 'string' ? value.split(',').at(-1)?.trim() : undefined;
  return last === undefined || last === '' ? 'unknown' : last;
}
