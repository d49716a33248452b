import { z } from 'zod';
import { circleEpoch, circleView } from '#chaincode/model/circle.ts';
import type { Signed } from '#components/signing/createSigned.ts';
import type { Names } from '#components/signing/wordsOf.ts';
import type { CirclePort } from '#components/vault/circles.ts';
import type { OutgoingBlock } from '#components/vault/documentOperations.ts';
import { VaultError } from '#components/vault/errors.ts';
import { askPortal } from '#components/vault/portal.ts';
import { read } from '#components/vault/records.ts';
import { type CircleSubject, circleSubject } from '#server/circles/schema.ts';

async function subjectsOf(patient: string): Promise<CircleSubject[]> {
  const response = await askPortal(`/api/telemetry/circle?${new URLSearchParams({ patient })}`);
  const answer = z.array(circleSubject).safeParse(await response.json());
  if (answer.success) return answer.data;
  throw new VaultError('INTERNAL', 'The portal answered something else.', { cause: answer.error });
}

/** Sends a block of a circle: a commit or a sealed plan. */
export async function sendCircleBlock(patient: string, { bytes }: OutgoingBlock): Promise<void> {
  const body = new Blob([bytes]);
  await askPortal(`/api/telemetry/blocks?${new URLSearchParams({ patient })}`, { method: 'PUT', body });
}

const epochsAtOnce = 100;

/**
 * The ledger as the person's own key is answered, and the portal for blocks and certificates. What keeps a circle going is
 * signed without asking: a person who opens the page has asked for it.
 */
export const circlePort = (signed: Signed, names: Names): CirclePort => ({
  async read(patient) {
    const [{ circle, seats }, subjects] = await Promise.all([
      read({ kind: 'circles:read', patient }, circleView),
      subjectsOf(patient),
    ]);
    return { patient, circle: circle ?? null, seats, epochs: [], subjects };
  },
  readEpochs: (patient, generation, from) =>
    read({ kind: 'circles:readEpochs', patient, generation, from, pageSize: epochsAtOnce }, z.array(circleEpoch)),
  putBlock: sendCircleBlock,
  record: (intent) => signed(intent, { names, sheet: 'quiet' }),
});
