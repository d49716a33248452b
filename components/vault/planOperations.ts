import type { Plan as PlanEntry, PlanPlace } from '#chaincode/model/telemetry.ts';
import { type Bytes, fromUtf8, utf8 } from '#crypto/bytes.ts';
import { requireContent } from '#crypto/envelope.ts';
import { CryptoError } from '#crypto/errors.ts';
import { signStatement } from '#crypto/statement.ts';
import { openPlan, sealPlan } from '#crypto/telemetry/plan.ts';
import { type PlanTerms, plan, planStatement, type SignedPlan, signedPlan } from '#monitoring/plan.ts';
import type { TransactionIntent } from '#server/transactions/schema.ts';
import type { BlockSource } from './blocks.ts';
import { enteredCircle } from './circleState.ts';
import type { OutgoingBlock } from './documentOperations.ts';
import type { OpenState } from './openVault.ts';
import { circleKeyOf } from './readingOperations.ts';
import { trustSigners } from './trust.ts';

/** A sealed plan on its way: the block goes first. */
export interface OutgoingPlan {
  intent: Extract<TransactionIntent, { kind: 'telemetry:setPlan' | 'telemetry:resealPlan' }>;
  block: OutgoingBlock;
}

/** Plans of what is watched: signed by a clinician, sealed for the circle as it is. */
export function planOperations(opened: () => OpenState, blocks: BlockSource) {
  const read = async (
    state: OpenState,
    { plan: entry, certificates }: { plan: PlanEntry; certificates: string[] },
  ): Promise<{ plan: SignedPlan; bytes: Bytes }> => {
    const { patient, generation, epoch, version } = entry;
    const [block = new Uint8Array()] = await blocks([entry.cid]);
    requireContent(block, entry);
    const key = circleKeyOf(state, patient, generation, epoch);
    const bytes = await openPlan(key, { patient, generation, epoch, version }, block);
    const parsed = signedPlan.safeParse(JSON.parse(fromUtf8(bytes)));
    if (!parsed.success) throw new CryptoError('ENVELOPE_MALFORMED', 'plan', { cause: parsed.error });
    const { signature, ...said } = parsed.data;
    if (said.patient !== patient || said.version !== version || said.by !== entry.by) {
      throw new CryptoError('ALTERED', 'a plan of somebody else');
    }
    const signers = await trustSigners(state, certificates);
    await signers.require(said.by, planStatement(said), signature, 'plan');
    return { plan: parsed.data, bytes };
  };

  const seal = async (
    state: OpenState,
    kind: OutgoingPlan['intent']['kind'],
    { patient, version }: Pick<PlanPlace, 'patient' | 'version'>,
    bytes: Uint8Array,
  ): Promise<OutgoingPlan> => {
    const { member } = enteredCircle(state, patient);
    const place = { patient, version, generation: member.generation, epoch: member.epoch };
    const sealed = await sealPlan(await member.sealingKey(), place, bytes);
    const { cid, contentHash } = sealed;
    return {
      intent: { kind, plan: { ...place, cid, contentHash } },
      block: { cid, codec: 'raw', bytes: sealed.bytes },
    };
  };

  return {
    /**
     * Signs a plan in the clinician's name and seals it under the circle's present key. Throws `CIRCLE_CREDENTIAL` while
     * somebody is in the circle who may not be.
     */
    async circleSealPlan(input: { patient: string; version: number; terms: PlanTerms }): Promise<OutgoingPlan> {
      const state = opened();
      const { patient, version, terms } = input;
      const said = plan.parse({
        ...{ v: 1, patient, version, terms },
        ...{ by: state.owner.subjectId, at: new Date().toISOString() },
      });
      const signature = await signStatement(state.signing.privateKey, planStatement(said));
      return seal(state, 'telemetry:setPlan', { patient, version }, utf8(JSON.stringify({ ...said, signature })));
    },

    /**
     * Opens the plan that the ledger names; its clinician must have signed it. Throws `CIRCLE_KEY` where it is sealed under a
     * key that this browser does not have.
     */
    async circleOpenPlan(input: { plan: PlanEntry; certificates: string[] }): Promise<SignedPlan> {
      return (await read(opened(), input)).plan;
    },

    /** The same plan under the present key, for those who came since. */
    async circleResealPlan(input: { plan: PlanEntry; certificates: string[] }): Promise<OutgoingPlan> {
      const state = opened();
      return seal(state, 'telemetry:resealPlan', input.plan, (await read(state, input)).bytes);
    },
  };
}
