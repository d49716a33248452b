import { z } from 'zod';

/** Answer of `GET /api/status`: which chains answer, and how fast. */
export const chainStatus = z.object({
  chains: z.array(z.object({ name: z.string(), answering: z.boolean(), latencyMs: z.number().optional() })),
});
export type ChainStatusView = z.infer<typeof chainStatus>;

/** “care-0” as people say it. */
export function chainLabel(name: string): string {
  return name.replace('-', ' ');
}

const threadOrder = ['care-0', 'care-1', 'care-2', 'care-3', 'supply-0', 'supply-1', 'registry', 'claims'];
const threads = [
  'var(--color-thread-1)',
  'var(--color-thread-2)',
  'var(--color-thread-3)',
  'var(--color-thread-4)',
  'var(--color-thread-5)',
  'var(--color-thread-6)',
];

/** The thread colour of a chain, always the same for one name; a label stands beside it, since hues repeat. */
export function threadOf(name: string): string {
  const known = threadOrder.indexOf(name);
  const index = known >= 0 ? known : [...name].reduce((sum, char) => sum + char.charCodeAt(0), 0);
  return threads[index % threads.length] ?? 'var(--color-thread-1)';
}
