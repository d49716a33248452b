import { type AttachedFile, attachmentElement, attachmentsIn } from '../attachment.ts';
import type { Attachment } from '../r4/datatypes.ts';
import type { Identified } from '../record.ts';

/** Base64 longer than this leaves its resource and becomes a file of the document. */
const longestInline = 8 * 1024;
/** As many as a document of the ledger lists. */
export const mostFiles = 20;

export interface ImportedFile {
  title?: string;
  contentType: string;
  content: Uint8Array<ArrayBuffer>;
}

/** Takes the files out of a resource. Each leaves an Attachment element with its place, which `nameFiles` completes. */
export function takeFiles(resource: Identified): { resource: Identified; files: ImportedFile[] } {
  const files: ImportedFile[] = [];
  const changed = mapAttachments(resource, (attachment) => {
    const { data, ...rest } = attachment;
    if (data === undefined || data.length <= longestInline) return attachment;
    const { title, contentType = 'application/octet-stream' } = attachment;
    files.push({ contentType, content: fromBase64(data), ...(title === undefined ? {} : { title }) });
    return { ...rest, url: `${pending}${files.length - 1}` };
  });
  return { resource: changed, files };
}
const pending = 'urn:medloom:file:';

/** The element of a file that is not stored yet, for `nameFiles` to complete: its place among the resource's files, from 0. */
export const pendingElement = (place: number, { title, contentType, content }: ImportedFile): Attachment => ({
  contentType,
  size: content.length,
  url: `${pending}${place}`,
  ...(title === undefined ? {} : { title }),
});

/** Puts what was stored of the files where `takeFiles` took them out. */
export function nameFiles(resource: Identified, stored: readonly AttachedFile[]): Identified {
  return mapAttachments(resource, (attachment) => {
    const place = attachment.url?.startsWith(pending) ? Number(attachment.url.slice(pending.length)) : undefined;
    const file = place === undefined ? undefined : stored[place];
    if (file === undefined) return attachment;
    const { title } = attachment;
    return attachmentElement({ ...(title === undefined ? {} : { title }), ...file });
  });
}

function mapAttachments(resource: Identified, change: (attachment: Attachment) => Attachment): Identified {
  if (attachmentsIn(resource).length === 0) return resource;
  if (resource.resourceType === 'DocumentReference') {
    const content = resource.content.map((each) => ({ ...each, attachment: change(each.attachment) }));
    return { ...resource, content };
  }
  if (resource.resourceType === 'DiagnosticReport') {
    return { ...resource, presentedForm: resource.presentedForm?.map(change) };
  }
  return resource.resourceType === 'Patient' ? { ...resource, photo: resource.photo?.map(change) } : resource;
}

function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  const binary = atob(text.replace(/\s/g, ''));
  const bytes = new Uint8Array(binary.length);
  for (let index = 0; index < binary.length; index += 1) bytes[index] = binary.charCodeAt(index);
  return bytes;
}
