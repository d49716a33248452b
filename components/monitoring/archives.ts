import { z } from 'zod';
import { circleEpoch, circleView } from '#chaincode/model/circle.ts';
import { storedArchive } from '#chaincode/model/telemetry.ts';
import type { CirclePort } from '#components/vault/circles.ts';
import type { VaultClient } from '#components/vault/client.ts';
import { openOwnRecord, read, readWritingKeys } from '#components/vault/records.ts';

/** Keys of a circle's epochs that lie with the results of the record, for whoever may read these. */

type Vault = Pick<VaultClient, 'call'>;
const pageSize = 100;

const readArchives = (patient: string, generation: number, from: number, access?: string) =>
  read(
    { kind: 'telemetry:readArchives', patient, generation, from, ...(access !== undefined && { access }) },
    z.array(storedArchive),
  );

/**
 * Puts the present key into the archive where nobody has yet. Does nothing for a record without keys: there is nothing to
 * archive it under.
 */
export async function archiveDue(
  vault: Vault,
  port: CirclePort,
  patient: string,
  { generation, epoch }: { generation: number; epoch: number },
): Promise<void> {
  const [known, { keys, certificates }] = await Promise.all([
    readArchives(patient, generation, epoch),
    readWritingKeys(patient),
  ]);
  if (known.some((archive) => archive.generation === generation && archive.epoch === epoch)) return;
  const results = keys.find(({ category }) => category === 'results');
  if (results === undefined) return;
  await port.record(await vault.call('archiveKey', { patient, results, certificates }));
}

/** Every epoch of a generation, page after page. */
async function readEpochs(patient: string, generation: number) {
  const epochs: z.infer<typeof circleEpoch>[] = [];
  for (;;) {
    const intent = { kind: 'circles:readEpochs', patient, generation, from: epochs.length, pageSize } as const;
    const page = await read(intent, z.array(circleEpoch));
    epochs.push(...page);
    if (page.length < pageSize) return epochs;
  }
}

/**
 * Takes the keys of former epochs out of the archive: for an owner, or by an access whose record was unlocked before. Answers of
 * how many epochs there is a key now.
 */
export async function openHistory(vault: Vault, patient: string, access?: string): Promise<number> {
  const { circle } = await read({ kind: 'circles:read', patient }, circleView);
  if (circle === undefined) return 0;
  if (access === undefined) await openOwnRecord(patient);
  let count = 0;
  for (let generation = circle.generation; generation >= 1; generation -= 1) {
    const [archives, epochs] = await Promise.all([
      readArchives(patient, generation, 0, access),
      readEpochs(patient, generation),
    ]);
    count += (await vault.call('historyKeys', { patient, archives, epochs })).opened;
  }
  return count;
}
