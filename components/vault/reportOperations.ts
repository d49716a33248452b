import type { AdverseReport, MessageKind, ReportWrap } from '#chaincode/model/adverseReport.ts';
import { newReportKey, openMessage, openReportKey, sealMessage } from '#crypto/adverseReport.ts';
import { type Bytes, fromUtf8, toBase64Url, utf8 } from '#crypto/bytes.ts';
import { newIdentifier } from '#crypto/identifier.ts';
import { createReadingKey } from '#crypto/wrap.ts';
import { type AdverseEventContent, buildAdverseEvent, contentOf, parseAdverseEvent } from '#fhir/adverseEvent.ts';
import { encodeResource } from '#fhir/parse.ts';
import type { TransactionIntent } from '#server/transactions/schema.ts';
import { VaultError } from './errors.ts';
import { byInstitutionSeed, bySeed, type OpenState } from './openVault.ts';
import { type ClaimedInstitution, trustAuthority } from './trust.ts';

export type FileIntent = Extract<TransactionIntent, { kind: 'reports:file' }>;
export type MessageIntent = Extract<TransactionIntent, { kind: 'reports:ask' | 'reports:answer' | 'reports:assess' }>;

/** What a person reports; the rest the vault knows. */
export interface NewAdverseEvent extends Omit<AdverseEventContent, 'id' | 'recorder' | 'recordedAt'> {
  /** Number of the care channel, where no patient names one. */
  channel?: number;
}

/** A message as it is read; the first is the report. */
export interface OpenedMessage {
  kind: MessageKind;
  by: string;
  /** ISO 8601 */
  at: string;
  /** Of the report. */
  event?: AdverseEventContent;
  /** Of everything else. */
  words?: string;
}

const kinds = { 'reports:ask': 'question', 'reports:answer': 'answer', 'reports:assess': 'assessment' } as const;
/** A message in words. */
const longestWords = 4_000;

/** Writes and opens reports of adverse events. Their keys stay here. */
export function reportOperations(opened: () => OpenState) {
  const keys = new WeakMap<OpenState, Map<string, Bytes>>();
  const keyOf = async (state: OpenState, { id, reader, wrap }: ReportWrap): Promise<Bytes> => {
    const known = keys.get(state) ?? new Map<string, Bytes>();
    keys.set(state, known);
    const found = known.get(id) ?? (await unwrap(state, id, reader, wrap));
    known.set(id, found);
    return found;
  };

  return {
    /** A report, encrypted to the authority and to the person who writes it; to be signed. */
    async composeReport(input: {
      event: NewAdverseEvent;
      authority: ClaimedInstitution;
      recorder: string;
    }): Promise<FileIntent> {
      const state = opened();
      const { event, authority: claim, recorder } = input;
      const { channel = 0, ...content } = event;
      const authority = await trustAuthority(state, claim);
      const by = state.owner.subjectId;
      const number = /^pt-(\d{1,4})-/.exec(event.patient ?? '')?.[1] ?? `${channel}`;
      const id = newIdentifier(`ae-${number}`);
      const { publicKey } = await createReadingKey(state.readingSeed);
      const reporter = { id: by, readingKey: publicKey };
      const { dataKey, wraps } = await newReportKey(id, { authority, reporter });
      const recordedAt = new Date().toISOString();
      const resource = buildAdverseEvent({ ...content, id, recorder: { id: by, name: recorder }, recordedAt });
      const sealed = await sealMessage(dataKey, { id, place: 0, kind: 'report', by }, encodeResource(resource));
      const { cid, contentHash, bytes } = sealed;
      const { generation } = claim.reading;
      return {
        kind: 'reports:file',
        report: {
          ...{ id, to: authority.id, generation, message: { cid, contentHash } },
          ...(event.patient !== undefined && { patient: event.patient }),
        },
        wraps,
        envelope: toBase64Url(bytes),
      };
    },

    /** A question, an answer or an assessment under the report's key; to be signed. `place`: how many messages there are. */
    async composeReportMessage(input: {
      kind: MessageIntent['kind'];
      own: ReportWrap;
      place: number;
      words: string;
    }): Promise<MessageIntent> {
      const state = opened();
      const { kind, own, place, words } = input;
      if (words.length > longestWords) throw new VaultError('INVALID_INPUT', 'The message is too long.');
      const context = { id: own.id, place, kind: kinds[kind], by: state.owner.subjectId };
      const sealed = await sealMessage(await keyOf(state, own), context, utf8(JSON.stringify({ words })));
      const { cid, contentHash, bytes } = sealed;
      return { kind, id: own.id, message: { cid, contentHash }, envelope: toBase64Url(bytes) };
    },

    /** Opens messages of a report, oldest first; `bytes` in the ledger's order. Throws where one is not what the ledger says. */
    async openReport(input: {
      report: Pick<AdverseReport, 'id' | 'messages'>;
      own: ReportWrap;
      bytes: Uint8Array[];
    }): Promise<OpenedMessage[]> {
      const state = opened();
      const { report, own, bytes } = input;
      const dataKey = await keyOf(state, own);
      return Promise.all(
        report.messages.map(async ({ kind, by, at, cid, contentHash }, place): Promise<OpenedMessage> => {
          const context = { id: report.id, place, kind, by };
          const plain = await openMessage(dataKey, context, bytes[place] ?? new Uint8Array(), { cid, contentHash });
          if (kind !== 'report') return { kind, by, at, words: wordsIn(plain) };
          const event = contentOf(parseAdverseEvent(plain));
          if (event.id !== report.id || event.recorder.id !== by) {
            throw new VaultError('UNREADABLE', 'The report names another report or reporter than the ledger.');
          }
          return { kind, by, at, event };
        }),
      );
    },
  };
}

/** The report's key by the authority's seed, or by the person's own. */
async function unwrap(state: OpenState, id: string, reader: string, wrap: string): Promise<Bytes> {
  if (reader === state.owner.subjectId) return bySeed(state, (seed) => openReportKey(seed, id, reader, wrap));
  return byInstitutionSeed(state, (seed) => openReportKey(seed, id, reader, wrap));
}

function wordsIn(plain: Uint8Array): string {
  const said: unknown = JSON.parse(fromUtf8(plain));
  const words: unknown = typeof said === 'object' && said !== null ? Reflect.get(said, 'words') : undefined;
  if (typeof words !== 'string') throw new VaultError('UNREADABLE', 'The message is not in the expected format.');
  return words;
}
