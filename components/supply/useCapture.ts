'use client';

import { useRouter } from 'next/navigation';
import { useCallback, useRef, useState } from 'react';
import type { SigningOptions } from '#components/signing/createSigned.ts';
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

/** A plan, as far as it is on the ledgers. */
interface Begun {
  /** What each part is called: the same on every channel, and another one where a channel has several. */
  captures: string[];
  plan: Plan[];
  recorded: Recorded[];
}

function begin(plan: Plan[]): Begun {
  const ids: string[] = [];
  const captures = plan.map(({ channel }, at) => {
    const nth = plan.slice(0, at).filter((before) => before.channel === channel).length;
    const id = ids[nth] ?? crypto.randomUUID();
    ids[nth] = id;
    return id;
  });
  return { captures, plan, recorded: [] };
}

interface CaptureOptions {
  /** Of what the page shows as a whole, the sheet shows the first part only. */
  sheet?: 'each' | 'first';
  /** Told after each part how many are recorded. */
  onRecorded?: (parts: number) => void;
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

  const recordOn = async (capture: string, { channel, events }: Plan, options: SigningOptions): Promise<Recorded> => {
    const asked = { channel, events: events.map(recordKeyOf) };
    const read = async () => expectData(await readOutcomes(asked));
    try {
      await signed({ kind: 'capture', capture, channel, events }, options);
    } catch (thrown) {
      // The answer may be lost and the events recorded; what the ledger has is what counts.
      const outcomes = await read().catch(() => []);
      if (outcomes.length < events.length) throw thrown;
      return { channel, outcomes };
    }
    return { channel, outcomes: await read() };
  };

  /** Records what `compose` makes, or what was begun before. True once all of it is on the ledgers, refused events included. */
  const capture = (
    compose: () => Plan[],
    names: Names,
    { sheet = 'each', onRecorded }: CaptureOptions = {},
  ): Promise<boolean> =>
    attempt(async () => {
      begun.current ??= begin(compose());
      const { captures, plan, recorded: done } = begun.current;
      try {
        for (const [at, part] of plan.entries()) {
          if (at < done.length) continue;
          const isShown = sheet === 'each' || at === 0;
          done.push(await recordOn(captures[at] ?? '', part, { names, sheet: isShown ? 'always' : 'quiet' }));
          onRecorded?.(done.length);
        }
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
