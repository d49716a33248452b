'use client';

import { useRouter } from 'next/navigation';
import { useCallback, useRef, useState } from 'react';
import { useSigned } from '#components/signing/useSigned.ts';
import type { Names } from '#components/signing/wordsOf.ts';
import { problemOf } from '#components/ui/errors.ts';
import { useAttempt } from '#components/ui/useAttempt.ts';
import { expectData } from '#components/vault/errors.ts';
import { readOutcomes } from '#server/supply/actions.ts';
import type { Outcome } from '#server/supply/schema.ts';
import { type Plan, recordKeyOf } from './compose.ts';

/** What became of a plan on one channel. */
export interface Recorded {
  channel: string;
  outcomes: Outcome[];
}

/** A plan under one name, as far as it is on the ledgers. */
interface Begun {
  capture: string;
  plan: Plan[];
  recorded: Recorded[];
}

/**
 * Has events signed and recorded, channel by channel, and reads what the contract decided about each: a transaction may be
 * valid and an event of it refused. What was begun is kept until all of it is recorded, so that a second press carries on with
 * the very same events, which the ledger takes once.
 */
export function useCapture() {
  const signed = useSigned();
  const router = useRouter();
  const { busy, problem, setProblem, attempt } = useAttempt();
  const begun = useRef<Begun | null>(null);
  const [recorded, setRecorded] = useState<Recorded[] | null>(null);

  const recordOn = async (capture: string, { channel, events }: Plan, names: Names): Promise<Recorded> => {
    const asked = { channel, events: events.map(recordKeyOf) };
    const read = async () => expectData(await readOutcomes(asked));
    try {
      await signed({ kind: 'capture', capture, channel, events }, { names });
    } catch (thrown) {
      // The answer may be lost and the events recorded; what the ledger has is what counts.
      const outcomes = await read().catch(() => []);
      if (outcomes.length < events.length) throw thrown;
      return { channel, outcomes };
    }
    return { channel, outcomes: await read() };
  };

  /** Records what `compose` makes, or what was begun before. True once all of it is on the ledgers, refused events included. */
  const capture = (compose: () => Plan[], names: Names): Promise<boolean> =>
    attempt(async () => {
      begun.current ??= { capture: crypto.randomUUID(), plan: compose(), recorded: [] };
      const { capture: id, plan, recorded: done } = begun.current;
      try {
        for (const part of plan.slice(done.length)) done.push(await recordOn(id, part, names));
      } catch (thrown) {
        // What is on no ledger, and cannot come to one any more, may be composed anew.
        if (done.length === 0 && problemOf(thrown).code !== 'LEDGER_UNDECIDED') begun.current = null;
        throw thrown;
      }
      begun.current = null;
      setRecorded(done);
      router.refresh();
    });

  /** Forgets what was begun and what came of it. */
  const forget = useCallback(() => {
    begun.current = null;
    setRecorded(null);
    setProblem(null);
  }, [setProblem]);

  return { capture, recorded, forget, busy, problem, isBegun: () => begun.current !== null };
}

export const isAllAccepted = (recorded: readonly Recorded[]): boolean =>
  recorded.every(({ outcomes }) => outcomes.every(({ outcome }) => outcome === 'accepted'));
