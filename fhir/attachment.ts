import type { Attachment } from './r4/datatypes.ts';
import type { RecordResource } from './r4/resource.ts';

/** Files of a document: encrypted chunk streams of their own, of which an Attachment element says what they are. */

/** A file as the element names it. */
export interface AttachedFile {
  /** Place among the document's attachments, from 0. */
  index: number;
  /** Of the file as it was chosen. */
  title?: string;
  /** MIME type */
  contentType: string;
  /** Bytes. */
  size: number;
  /** CID of the root of its sealed chunks. */
  root: string;
  /** Hex SHA-256 of the content. FHIR's own `hash` is SHA-1, so it stands in an extension. */
  hash: string;
}

const sealed = 'urn:medloom:sealed-attachment';

/** The Attachment element of a file. */
export const attachmentElement = ({ index, title, contentType, size, root, hash }: AttachedFile): Attachment => ({
  contentType,
  url: `ipfs://${root}`,
  size,
  ...(title === undefined ? {} : { title }),
  extension: [
    {
      url: sealed,
      extension: [
        { url: 'index', valueUnsignedInt: index },
        { url: 'sha256', valueString: hash },
      ],
    },
  ],
});

/** Attachment elements of a resource, in their order. */
export function attachmentsIn(resource: RecordResource): Attachment[] {
  switch (resource.resourceType) {
    case 'DocumentReference':
      return resource.content.map(({ attachment }) => attachment);
    case 'DiagnosticReport':
      return resource.presentedForm ?? [];
    case 'Patient':
      return resource.photo ?? [];
    default:
      return [];
  }
}

/** The file that an element names; undefined for one that holds its data itself or lies elsewhere. */
export function fileOf({ contentType, url, size, title, extension }: Attachment): AttachedFile | undefined {
  const facts = extension?.find((each) => each.url === sealed)?.extension;
  const root = url?.startsWith('ipfs://') ? url.slice('ipfs://'.length) : undefined;
  const [index, hash] = [memberOf(facts, 'index', 'valueUnsignedInt'), memberOf(facts, 'sha256', 'valueString')];
  if (root === undefined || size === undefined || contentType === undefined) return undefined;
  if (typeof index !== 'number' || typeof hash !== 'string' || !/^[0-9a-f]{64}$/.test(hash)) return undefined;
  return { index, contentType, size, root, hash, ...(title === undefined ? {} : { title }) };
}
function memberOf(list: unknown, url: string, value: string): unknown {
  const found: unknown = Array.isArray(list) ? list.find((each) => isObject(each) && each.url === url) : undefined;
  return isObject(found) ? found[value] : undefined;
}
const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

/** All files of a document's resources, in the order in which the ledger lists their addresses. */
export const filesOf = (resources: readonly RecordResource[]): AttachedFile[] =>
  resources
    .flatMap(attachmentsIn)
    .flatMap((attachment) => fileOf(attachment) ?? [])
    .sort((one, other) => one.index - other.index);
