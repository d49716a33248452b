'use client';

import { useCallback, useState } from 'react';
import { useAttempt } from '#components/ui/useAttempt.ts';
import type { ReadBlock, Told, Verdict } from './verifyEvent.ts';

const readBlock: ReadBlock = async (channel, number) => {
  const response = await fetch(`/api/ledgers/${encodeURIComponent(channel)}/blocks/${number}`);
  if (response.status === 404) return undefined;
  if (!response.ok) throw new Error(`The portal answered ${response.status}.`);
  return new Uint8Array(await response.arrayBuffer());
};

export const keyOf = ({ channel, block, transactionId, hash, declaration }: Told): string =>
  [channel, block, transactionId, hash, declaration].join(' ');

/** Checks events against the chain in this browser; what reads blocks is loaded when it is first wanted. */
export function useVerification() {
  const { busy, problem, attempt } = useAttempt('OFFLINE');
  const [verdicts, setVerdicts] = useState<Readonly<Record<string, Verdict>>>({});
  const verify = useCallback(
    (events: readonly Told[]) =>
      attempt(async () => {
        const { verifyEvent } = await import('./verifyEvent.ts');
        const blocks = new Map<string, ReturnType<ReadBlock>>();
        // Neighbouring events stand in the same blocks.
        const readOnce: ReadBlock = (channel, number) => {
          const key = `${channel} ${number}`;
          const block = blocks.get(key) ?? readBlock(channel, number);
          blocks.set(key, block);
          return block;
        };
        for (const event of events) {
          const verdict = await verifyEvent(event, readOnce);
          setVerdicts((was) => ({ ...was, [keyOf(event)]: verdict }));
        }
      }),
    [attempt],
  );
  return { busy, problem, verify, verdicts };
}
