'use client';

import { useCallback, useRef, useState } from 'react';
import { useMintStep } from '#components/flows/useMintStep.ts';
import { usePerson } from '#components/shell/ShellContext.tsx';
import { useRecording } from '#components/signing/useRecording.ts';
import type { Names } from '#components/signing/wordsOf.ts';
import { problemOf } from '#components/ui/errors.ts';
import { forgetPrescriptions } from '#components/vault/prescription.ts';
import type { IssueIntent } from '#components/vault/prescriptionOperations.ts';
import { prepare } from '#components/vault/transact.ts';
import { useSignToken } from '#components/wallet/WalletProvider.tsx';
import { careChannelOf } from '#server/prescriptions/schema.ts';
import type { TransactionIntent } from '#server/transactions/schema.ts';
import { composeParts, type Wanted } from './composeParts.ts';
import { productLabel } from './products.ts';
import { type IssueProgress, notBegun } from './progress.ts';

/** How old what was composed ahead may be; its time of writing stands in the prescription. */
const freshMs = 60_000;

function namesFor(intent: TransactionIntent, wanted: Wanted | null): Names {
  if (intent.kind !== 'issue' || wanted === null) return {};
  return { [intent.issue.id]: productLabel(wanted.product), [intent.issue.patient]: wanted.patient.name };
}

/** What was composed ahead and is not signed leaves the vault: each pause in the form would leave one more. */
function leave(ahead: Ahead | null): void {
  void ahead?.composed.then(
    (intents) => forgetPrescriptions(intents.map(({ issue }) => issue.id)),
    // Nothing was composed.
    () => undefined,
  );
}

interface Ahead {
  wanted: string;
  at: number;
  composed: Promise<IssueIntent[]>;
}

/** A part with what became of it. */
interface Part {
  intent: IssueIntent;
  sagaId?: string;
  minted?: true;
}

/**
 * Signs a prescription, or all parts of a series, in the person's three steps. What was composed is kept until it is recorded, so
 * that a second press carries on with the same parts and never makes a second one. Every part of a series lies prepared at the
 * portal before the first is signed: what a lost browser leaves open waits on the doctor's first screen.
 */
export function useIssue() {
  const person = usePerson();
  const mint = useMintStep(useSignToken());
  const [progress, setProgress] = useState<IssueProgress>(notBegun);
  const wantedNow = useRef<Wanted | null>(null);
  const recording = useRecording<{ intent: IssueIntent }>((intent) => namesFor(intent, wantedNow.current));
  const parts = useRef<Part[] | null>(null);
  const ahead = useRef<Ahead | null>(null);
  const { name, institutionName } = person;

  const runMint = useCallback(async () => {
    const all = parts.current ?? [];
    // The doctor may be at the next prescription by then.
    const show: typeof setProgress = (next) => parts.current === all && setProgress(next);
    const tell = (part: Partial<IssueProgress>) =>
      show((was) => ({ ...was, ...part, parts: { ...was.parts, minted: countOf(all, 'minted') } }));
    show((was) => ({ ...was, stage: 'signed', problem: undefined, steps: { ...was.steps, mint: 'running' } }));
    for (const part of all) {
      const { intent, sagaId } = part;
      if (part.minted || sagaId === undefined) continue;
      const outcome = await mint(sagaId, {
        prescriptionId: intent.issue.id,
        holder: intent.tokenHolder,
        commitment: intent.issue.commitment,
        expires: intent.issue.expires,
      });
      if ('problem' in outcome) {
        return show((was) => ({ ...was, problem: outcome.problem, steps: { ...was.steps, mint: 'waiting' } }));
      }
      part.minted = true;
      tell({ mintHash: outcome.transactionHash });
    }
    show((was) => ({ ...was, stage: 'done', steps: { ...was.steps, mint: 'done' } }));
  }, [mint]);

  const compose = useCallback(
    (wanted: Wanted) =>
      composeParts(wanted, { name, ...(institutionName && { institution: institutionName }) }, Date.now()),
    [institutionName, name],
  );

  /** Composes what stands in the form, so that nobody waits for it after the press. What is not signed goes nowhere. */
  const composeAhead = useCallback(
    (wanted: Wanted) => {
      leave(ahead.current);
      const composed = compose(wanted);
      // The press composes anew and tells what is wrong.
      composed.catch(() => undefined);
      ahead.current = { wanted: JSON.stringify(wanted), at: Date.now(), composed };
    },
    [compose],
  );

  const composeNow = useCallback(
    async (wanted: Wanted): Promise<Part[]> => {
      if (parts.current) return parts.current;
      const before = ahead.current;
      ahead.current = null;
      const fresh = before?.wanted === JSON.stringify(wanted) && Date.now() - before.at < freshMs;
      if (!fresh) leave(before);
      const intents = await (fresh ? before.composed.catch(() => compose(wanted)) : compose(wanted));
      parts.current = intents.map((intent) => ({ intent }));
      return parts.current;
    },
    [compose],
  );

  const issue = useCallback(
    async (wanted: Wanted) => {
      wantedNow.current = wanted;
      setProgress((was) => ({
        ...was,
        stage: 'running',
        problem: undefined,
        steps: { encrypt: was.steps.encrypt === 'done' ? 'done' : 'running', sign: 'pending', mint: 'pending' },
      }));
      try {
        const all = await composeNow(wanted);
        const [first] = all;
        if (!first) return;
        const { id, cid, contentHash, commitment } = first.intent.issue;
        setProgress((was) => ({
          ...was,
          ...{ prescriptionId: id, channel: careChannelOf(id), cid, contentHash, commitment },
          parts: { of: all.length, signed: countOf(all, 'sagaId') },
          steps: { ...was.steps, encrypt: 'done', sign: 'running' },
        }));
        if (all.length > 1)
          await Promise.all(all.map((part) => part.sagaId === undefined && prepare(part.intent).prepared));
        for (const part of all) {
          if (part.sagaId !== undefined) continue;
          const { sagaId, transactionId, blockNumber } = await recording.record(
            part.intent.issue.id,
            'issue',
            async () => part,
            (stage, flow) => stage !== 'preparing' && setProgress((was) => ({ ...was, sagaId: flow })),
          );
          part.sagaId = sagaId;
          setProgress((was) => ({
            ...was,
            ...{ sagaId, blockNumber, transactionId },
            parts: { of: all.length, signed: countOf(all, 'sagaId') },
          }));
        }
        setProgress((was) => ({ ...was, stage: 'signed', steps: { ...was.steps, sign: 'done' } }));
        await runMint();
      } catch (thrown) {
        const problem = problemOf(thrown);
        setProgress((was) => ({
          ...was,
          stage: 'stopped',
          problem,
          steps: {
            encrypt: was.steps.encrypt === 'done' ? 'done' : 'failed',
            sign: was.steps.encrypt === 'done' ? 'failed' : 'pending',
            mint: 'pending',
          },
        }));
      }
    },
    [composeNow, recording, runMint],
  );

  const mintAgain = useCallback(() => void runMint(), [runMint]);

  const reset = useCallback(() => {
    recording.forget();
    parts.current = null;
    leave(ahead.current);
    ahead.current = null;
    setProgress(notBegun);
  }, [recording]);

  return { progress, issue, composeAhead, mintAgain, reset };
}

const countOf = (parts: readonly Part[], member: 'sagaId' | 'minted') =>
  parts.filter((part) => part[member] !== undefined).length;
