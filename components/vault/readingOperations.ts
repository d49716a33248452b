import type { AlertLevel } from '#chaincode/model/alert.ts';
import type { CircleEpoch } from '#chaincode/model/circle.ts';
import type { StoredCategory } from '#chaincode/model/healthRecord.ts';
import { epochStatement } from '#chaincode/model/statements.ts';
import type { Batch, StoredArchive } from '#chaincode/model/telemetry.ts';
import { type Bytes, toHex } from '#crypto/bytes.ts';
import { CryptoError } from '#crypto/errors.ts';
import { unwrapCircleKey, wrapCircleKey } from '#crypto/telemetry/archive.ts';
import { readBatch } from '#crypto/telemetry/batch.ts';
import { decodeFrame, type Frame, frameHash } from '#crypto/telemetry/frame.ts';
import { type ProvedReading, proveReading, verifyReading } from '#crypto/telemetry/proof.ts';
import { openFrame, verifyFrame } from '#crypto/telemetry/seal.ts';
import { type FrameVerifier, keyVerifier } from '#crypto/telemetry/signature.ts';
import { type AlertContent, alertContent } from '#monitoring/alert.ts';
import { type Digest, digestOfWire } from '#monitoring/digest.ts';
import { ofWire, type Reading } from '#monitoring/reading.ts';
import type { TransactionIntent } from '#server/transactions/schema.ts';
import type { BlockSource } from './blocks.ts';
import { enteredCircle, epochKeyName } from './circleState.ts';
import { type ErrorMessage, errorMessage } from './errors.ts';
import type { OpenState } from './openVault.ts';
import { epochKey } from './recordState.ts';
import { type Signers, trustSigners } from './trust.ts';

/** A batch as the ledger tells of it. */
type LedgerBatch = Pick<Batch, 'id' | 'cid' | 'root' | 'frames' | 'patient' | 'generation' | 'epoch'>;

/** What a frame says in the clear, and where it stands. */
interface FrameFacts {
  /** Hex; as alerts and proofs name it. */
  hash: string;
  device: string;
  generation: number;
  epoch: number;
  /** Milliseconds since 1970. */
  from: number;
  to: number;
}

/** A frame that was opened; or why it was not: then nothing of it is shown. */
export type ShownFrame = FrameFacts &
  (
    | { kind: 'readings'; readings: Reading[] }
    | { kind: 'hour' | 'day'; digests: Digest[] }
    | { kind: 'alert'; id: string; level: AlertLevel; contents: AlertContent[] }
    | { kind: 'refused'; problem: ErrorMessage }
  );

/** Opens what devices sealed, for members by the circle's key and for readers of results by the archive. */
export function readingOperations(opened: () => OpenState, blocks: BlockSource) {
  const show = async (state: OpenState, patient: string, bytes: Uint8Array, signers: Signers): Promise<ShownFrame> => {
    let facts: FrameFacts = { hash: '', device: '', generation: 0, epoch: 0, from: 0, to: 0 };
    try {
      const frame = decodeFrame(bytes);
      facts = factsOf(frame);
      if (frame.p !== patient) throw new CryptoError('FRAME_FOREIGN', frame.p);
      await requireDevice(frame, signers);
      const { items } = await openFrame(circleKeyOf(state, patient, frame.g, frame.e), frame);
      return { ...facts, ...contentOf(frame, items) };
    } catch (thrown) {
      return { ...facts, kind: 'refused', problem: errorMessage(thrown) };
    }
  };

  return {
    /**
     * Opens frames of a patient, in their order: each must be signed by its device, whose certificate is among those given, and
     * open with the key of its epoch. One that does not check comes back with its problem.
     */
    async circleOpenFrames(input: {
      patient: string;
      frames: Uint8Array[];
      certificates: string[];
    }): Promise<ShownFrame[]> {
      const state = opened();
      const signers = await trustSigners(state, input.certificates);
      return Promise.all(input.frames.map((bytes) => show(state, input.patient, bytes, signers)));
    },

    /**
     * The present key under the public key of the category `results`, whose newest epoch must be its beginner's word: so that
     * whoever may read results later reads these readings too.
     */
    async archiveKey(input: {
      patient: string;
      results: StoredCategory;
      certificates: string[];
    }): Promise<Extract<TransactionIntent, { kind: 'telemetry:archive' }>> {
      const state = opened();
      const { patient, results } = input;
      const { member } = enteredCircle(state, patient);
      const signers = await trustSigners(state, input.certificates);
      const said = epochStatement(patient, results.by, results);
      await signers.require(results.by, said, results.signature, results.category);
      const place = { patient, generation: member.generation, epoch: member.epoch };
      const { category, epoch, publicKey } = results;
      const wrap = await wrapCircleKey({ patient, category, epoch, publicKey }, place, member.exportKey());
      return { kind: 'telemetry:archive', place, archive: { categoryEpoch: epoch, wrap } };
    },

    /**
     * Takes keys out of archives with the record's keys of the category `results`, which were unlocked before. Each must be the
     * one that the ledger committed to. Answers of how many epochs it has the key now; those it cannot open are left out.
     */
    async historyKeys(input: {
      patient: string;
      archives: StoredArchive[];
      epochs: CircleEpoch[];
    }): Promise<{ opened: number; refused: ErrorMessage[] }> {
      const state = opened();
      const { patient, archives, epochs } = input;
      const refused: ErrorMessage[] = [];
      let count = 0;
      for (const { generation, epoch, categoryEpoch, wrap } of archives) {
        const named = epochs.find((one) => one.generation === generation && one.epoch === epoch);
        try {
          if (named === undefined) throw new CryptoError('CIRCLE_KEY', `epoch ${epoch} is not on the ledger`);
          const results = epochKey(state.records, patient, 'results', categoryEpoch);
          const key = await unwrapCircleKey(results, named, wrap);
          state.circles.archived.set(epochKeyName(patient, generation, epoch), key);
          count += 1;
        } catch (thrown) {
          refused.push(errorMessage(thrown));
        }
      }
      return { opened: count, refused };
    },

    /**
     * Proves one reading of a frame, by its hash and place, against the ledger's entry of its batch, and checks the proof as
     * anybody would.
     */
    async proveFrameReading(input: {
      batch: LedgerBatch;
      frame: string;
      index: number;
      certificates: string[];
    }): Promise<{ proof: Bytes; reading: Reading; proved: ProvedReading['head'] }> {
      const state = opened();
      const { batch, index } = input;
      const [bytes = new Uint8Array()] = await blocks([batch.cid]);
      const at = readBatch(batch, bytes).leaves.findIndex((leaf) => toHex(leaf) === input.frame);
      const key = circleKeyOf(state, batch.patient, batch.generation, batch.epoch);
      const proof = await proveReading(key, { batch, bytes }, { frame: at, index });
      const signers = await trustSigners(state, input.certificates);
      const { item, head } = await verifyReading(proof, batch, (device) => verifierOf(signers, device));
      return { proof, reading: ofWire(item, head.f), proved: head };
    },
  };
}

/** The key of an epoch in which this browser was, or that an archive gave. Throws `CIRCLE_KEY`, `CIRCLE_PENDING`. */
export function circleKeyOf({ circles }: OpenState, patient: string, generation: number, epoch: number): Bytes {
  const member = circles.open.get(patient)?.member;
  const archived = circles.archived.get(epochKeyName(patient, generation, epoch));
  if (member?.generation !== generation) return archived ?? missing(epoch);
  try {
    return member.exportKey(epoch);
  } catch (error) {
    if (archived === undefined) throw error;
    return archived;
  }
}

const missing = (epoch: number): never => {
  throw new CryptoError('CIRCLE_KEY', `epoch ${epoch}`);
};

const factsOf = (frame: Frame): FrameFacts => ({
  hash: toHex(frameHash(frame)),
  ...{ device: frame.d, generation: frame.g, epoch: frame.e, from: frame.f, to: frame.t },
});

function contentOf({ k, f, a }: Frame, items: readonly unknown[]) {
  if (k === 'readings') return { kind: k, readings: items.map((item) => ofWire(item, f)) };
  if (k === 'alert') {
    const { id, level } = a ?? { id: '', level: 'notice' as const };
    return { kind: k, id, level, contents: items.map((item) => alertContent.parse(item)) };
  }
  return { kind: k, digests: items.map((item) => digestOfWire(item, f, k)) };
}

/** By whichever of the device's keys that certificates name. */
function verifierOf(signers: Signers, device: string): FrameVerifier {
  return async (message, signature) => {
    for (const key of signers.keysOf(device)) if (await keyVerifier(key)(message, signature)) return true;
    return false;
  };
}

const requireDevice = (frame: Frame, signers: Signers) => verifyFrame(frame, verifierOf(signers, frame.d));
