import type { Category } from '#chaincode/model/category.ts';
import type { CategoryView } from '#chaincode/model/healthRecord.ts';
import { utf8 } from '#crypto/bytes.ts';
import { composeIndex, sealSegment } from '#crypto/recordIndex.ts';
import { foldIndex, headOf, planFold } from '#fhir/chart/fold.ts';
import type { SegmentFact } from '#fhir/chart/head.ts';
import { type FirstScreen, firstScreen, type Shown } from '#fhir/chart/screen.ts';
import { asTheyStand } from '#fhir/chart/timeline.ts';
import type { TransactionIntent } from '#server/transactions/schema.ts';
import { type BlockSource, createForerunner } from './blocks.ts';
import type { OpenedDocument, OutgoingBlock } from './documentOperations.ts';
import { type ErrorMessage, errorMessage, VaultError } from './errors.ts';
import { blocksOf, type ReadIndex, readIndex, readSegments } from './indexes.ts';
import type { OpenState } from './openVault.ts';
import { newestKey } from './recordState.ts';
import { trustSigners } from './trust.ts';

/** A category of a chart that was read, or why it was not. */
export type ChartCategory = { category: Category } & (
  | {
      /** Documents that index and tail have together. */
      documents: number;
      segments: SegmentFact[];
      /** Documents of the tail that did not open. */
      unopened: Extract<OpenedDocument, { problem: unknown }>[];
      /** There are documents that neither index nor tail show; an index has to be written. */
      incomplete: boolean;
    }
  | { problem: ErrorMessage }
);

/** Views of one record whose categories were unlocked, with the certificates of everybody whom they name. */
export interface ChartSource {
  patient: string;
  views: CategoryView[];
  certificates: string[];
}

/** Reads charts from encrypted indexes, and writes these. */
export function chartOperations(opened: () => OpenState, blocks: BlockSource) {
  const forerunner = createForerunner(blocks);
  const read = async (state: OpenState, { patient, views, certificates }: ChartSource) => {
    const [signers, ahead] = await Promise.all([
      trustSigners(state, certificates),
      forerunner.meet(views.flatMap(blocksOf)),
    ]);
    return Promise.all(
      views.map(async (view): Promise<{ view: CategoryView } & ({ index: ReadIndex } | { problem: ErrorMessage })> => {
        try {
          return { view, index: await readIndex(state, patient, view, { signers, blocks: ahead }) };
        } catch (thrown) {
          return { view, problem: errorMessage(thrown) };
        }
      }),
    );
  };

  return {
    /** Fetches what the first screen takes while keys are opened. */
    async beginChart({ views }: Pick<ChartSource, 'views'>): Promise<void> {
      forerunner.send(views.flatMap(blocksOf));
    },

    /** The first screen of a chart, and what is behind it. A category that does not check is named, and never just missing. */
    async openChart(input: ChartSource): Promise<{ screen: FirstScreen; categories: ChartCategory[] }> {
      const categories: ChartCategory[] = [];
      const shown: Parameters<typeof firstScreen>[0][number][] = [];
      for (const each of await read(opened(), input)) {
        const { category, more } = each.view;
        if ('problem' in each) {
          categories.push({ category, problem: each.problem });
          continue;
        }
        const { head, change, unopened } = each.index;
        shown.push({ category, head, added: change.added, removed: change.removed });
        const documents = head.documents + change.documents.length;
        categories.push({ category, documents, segments: head.segments, unopened, incomplete: more });
      }
      return { screen: firstScreen(shown), categories };
    },

    /**
     * Every entry of a record's opened categories, each newest first. Throws what prevents a category from being read: whoever
     * lists or exports a record must not take a part for the whole.
     */
    async readTimeline(input: ChartSource): Promise<Shown[]> {
      const state = opened();
      const parts = await Promise.all(
        (await read(state, input)).map(async (each) => {
          if ('problem' in each) {
            const { code, message, detail } = each.problem;
            throw new VaultError(code, message, { detail });
          }
          const { category, head, change } = each.index;
          const entries = await readSegments(state, input.patient, category, head.segments, blocks);
          const gone = new Set([...head.gone, ...change.removed]);
          return asTheyStand([...entries, ...change.added], gone).map((entry) => ({ ...entry, category }));
        }),
      );
      return parts.flat();
    },

    /**
     * Folds the tail of a category into its index: the blocks to upload, and the intent that puts it in force. Null where
     * there is nothing to fold. Throws `STALE_KEY` without the newest key.
     */
    async foldIndex(
      input: Omit<ChartSource, 'views'> & { view: CategoryView },
    ): Promise<{ intent: Extract<TransactionIntent, { kind: 'records:putIndex' }>; blocks: OutgoingBlock[] } | null> {
      const state = opened();
      const { patient, view, certificates } = input;
      const signers = await trustSigners(state, certificates);
      const { category, head, version, change, covered } = await readIndex(state, patient, view, { signers, blocks });
      if (covered.length === 0) return null;
      const key = newestKey(state.records, patient, category);
      const plan = planFold(head, change);
      const folded = foldIndex(head, change, plan, await readSegments(state, patient, category, plan.load, blocks));
      const segments = await Promise.all(
        folded.segments.map((entries) => sealSegment(key, utf8(JSON.stringify(entries)))),
      );
      const next = headOf(
        folded,
        segments.map(({ cid }) => cid),
        key.epoch,
      );
      const composed = await composeIndex(state.signing.privateKey, key, {
        version: version + 1,
        by: state.owner.subjectId,
        content: utf8(JSON.stringify(next)),
        segments: next.segments.map(({ cid }) => cid),
      });
      const outgoing = [...segments, composed.sealed].map(({ cid, bytes }) => ({ cid, bytes, codec: 'raw' as const }));
      return {
        intent: { kind: 'records:putIndex', patient, record: { head: composed.head, covers: covered } },
        blocks: outgoing,
      };
    },
  };
}
