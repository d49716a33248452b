import { z } from 'zod';
import { cid, patientPseudonym } from '#chaincode/model/identifiers.ts';

/** Bytes of all blocks of one upload: an attachment of 200 MiB with its document. */
export const mostUploadBytes = 250 * 1024 * 1024;
/** Blocks that one reading names. */
export const mostBlocksAtOnce = 32;

export const uploadId = z.uuid();
export const abandonUpload = z.object({ id: uploadId });

/** Encrypted blocks that a browser is sending; it may go on from here, from any page of the person. */
export interface UploadView {
  id: string;
  patient: string;
  /** ISO 8601; each block that comes puts it off. Blocks that no document or index names by then go. */
  expiresAt: string;
  bytes: number;
  /** CIDs of the blocks that are there. */
  blocks: string[];
}

/** Blocks that one request brings; all of the largest size together stay below the largest body. */
export const mostBlocksSent = 8;
const sentBlock = z
  .string()
  .regex(/^(raw|dag-pb):/)
  .transform((text, context) => {
    const [codec, sent] = [text.startsWith('raw:') ? 'raw' : 'dag-pb', text.slice(text.indexOf(':') + 1)] as const;
    const parsed = cid.safeParse(sent);
    if (parsed.success) return { codec, cid: parsed.data };
    context.addIssue('is no CID');
    return z.NEVER;
  });

/**
 * Query of `PUT /api/blocks?upload=…&patient=…&block=raw:…&block=dag-pb:…`: blocks of an upload, whose id the sender makes, children before their node, each with its
 * codec and the CID that the sender computed. The body has them in this order, each after its length, as `frameHead` writes it.
 */
export const putBlocksQuery = z.object({
  upload: uploadId,
  patient: patientPseudonym,
  blocks: z.array(sentBlock).min(1).max(mostBlocksSent),
});

/**
 * Query of `GET /api/blocks?cid=…&cid=…`. Answered with the blocks in the order in which they were named, each after its
 * length in four bytes, the highest first.
 */
export const getBlocksQuery = z.array(cid).min(1).max(mostBlocksAtOnce);

/** The length of a block as it goes before it. */
export function frameHead(length: number): Uint8Array<ArrayBuffer> {
  const head = new Uint8Array(4);
  new DataView(head.buffer).setUint32(0, length);
  return head;
}

/** Takes blocks apart that were answered one behind the other. Throws a RangeError where one is cut off. */
export function readFrames(bytes: Uint8Array): Uint8Array[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const blocks: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; ) {
    const start = at + 4;
    const end = start + view.getUint32(at);
    if (end > bytes.length) throw new RangeError('a block is cut off');
    blocks.push(bytes.subarray(start, end));
    at = end;
  }
  return blocks;
}

/** The own record; or that of somebody else, by the portal's id of the person or by pseudonym. */
export const whichRecord = z.object({ personId: z.uuid().optional(), pseudonym: patientPseudonym.optional() });

/** Why somebody may have to do with a patient's record; what of it they may read, the ledger says. */
export type Reach = 'own' | 'representative' | 'treating' | 'reading' | 'dispensing';

/** What the portal knows of a record. Nothing of it is clinical. */
export interface RecordFacts {
  personId: string;
  pseudonym: string;
  /** Care channel. */
  channel: string;
  name: string;
  /** ISO date; empty where unknown. */
  birthDate: string;
  sex: 'male' | 'female' | 'other' | 'unknown';
  identifier: string;
  reach: Reach;
  /** Whether the record has keys. */
  opened: boolean;
  /** Whether the patient has keys; a ward may have none. */
  enrolled: boolean;
}

/** Ledger ids of those for whom keys are wrapped, or whose statements are checked. */
export const someSubjects = z.object({
  ids: z
    .array(z.string().regex(/^(?:prac-[a-z2-7]{26}|inst-[a-z0-9-]{8,40}|pt-[0-9]{1,4}-[a-z2-7]{26})$/))
    .min(1)
    .max(200),
});
