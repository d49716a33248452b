import { isIPv6 } from 'node:net';
import { env } from '#server/env.ts';

/**
 * Network address of a caller, from X-Forwarded-For, at whose end the portal itself puts its peer (`peer.ts`). Before it
 * stand as many entries as there are proxies of ours (MEDLOOM_PROXIES), each written by one of them; what stands further
 * left is the caller's word and is not used. Of an IPv6 address the network of 64 bits counts, which is what one
 * subscriber has.
 */
export function callerAddress(
  headers: Headers | Record<string, unknown> | undefined,
  proxies: number = env().MEDLOOM_PROXIES,
): string {
  const value = headers instanceof Headers ? headers.get('x-forwarded-for') : headers?.['x-forwarded-for'];
  const entries = typeof value === 'string' ? value.split(',').map((entry) => entry.trim()) : [];
  const address = entries.at(Math.max(-1 - proxies, -entries.length));
  return address === undefined || address === '' ? 'unknown' : networkOf(address);
}

function networkOf(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined || !isIPv6(address)) return mapped ?? address;
  const [head = [], tail = []] = address.split('::').map((part) => part.split(':').filter((group) => group !== ''));
  const zeros = Array.from({ length: Math.max(0, 8 - head.length - tail.length) }, () => '0');
  const groups = [...head, ...zeros, ...tail].slice(0, 4);
  return `${groups.map((group) => Number.parseInt(group, 16).toString(16)).join(':')}::/64`;
}
