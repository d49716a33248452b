import { records } from '#messages/en/records.ts';
import { attachmentsIn, fileOf } from '../attachment.ts';
import { timeWords } from '../chart/words.ts';
import type { Attachment } from '../r4/datatypes.ts';
import { exportTitle, type RecordExport, toBase64 } from './exportRecord.ts';
import type { Line } from './section.ts';
import { escaped, tableOf } from './table.ts';

const text = records.page;

/** No script, nothing from elsewhere; the policy holds even where a file is opened from a disk. */
const policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'";
const style = `
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { max-width: 64rem; margin: 0 auto; padding: 1.5rem; }
h1 { font-size: 1.6rem; margin: 0; } h2 { font-size: 1.15rem; margin: 2rem 0 .5rem; }
nav ul { display: flex; flex-wrap: wrap; gap: .25rem 1rem; padding: 0; list-style: none; }
table { border-collapse: collapse; width: 100%; } th, td { text-align: start; vertical-align: top; padding: .3rem .6rem .3rem 0; border-bottom: 1px solid #8886; }
th { font-weight: 600; } img { max-width: 100%; max-height: 40rem; } .note { border: 1px solid #8886; padding: .75rem 1rem; }
@media print { nav { display: none; } body { padding: 0; max-width: none; } h2 { break-after: avoid; } tr, img { break-inside: avoid; } }`;

/** The export as one page of HTML that needs nothing else: to read, to print, to hand on. */
export function recordPage({ sections, person, options }: RecordExport): string {
  const { at, timeZone, withheld, files } = options;
  const title = escaped(exportTitle(options, person));
  const born = person?.resource.resourceType === 'Patient' ? person.resource.birthDate : undefined;
  const parts = sections.map(({ kind, lines }) => {
    const body =
      lines.length === 0
        ? `<p>${escaped(text.nothing)}</p>`
        : tableOf({ kind, lines }, timeZone, (line) => filesOf(line, files));
    return `<section id="${kind.key}"><h2>${escaped(text.sections[kind.key])}</h2>${body}</section>`;
  });
  const links = sections.map(({ kind }) => `<li><a href="#${kind.key}">${escaped(text.sections[kind.key])}</a></li>`);
  const left = withheld.map((category) => records.categories[category]).join(', ');
  return [
    '<!doctype html><html lang="en"><head><meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${policy}"><meta name="referrer" content="no-referrer">`,
    `<meta name="viewport" content="width=device-width, initial-scale=1"><title>${title}</title><style>${style}</style></head>`,
    `<body><header><h1>${title}</h1>${born === undefined ? '' : `<p>${escaped(text.born(timeWords(born, timeZone)))}</p>`}`,
    `<p>${escaped(text.made(timeWords(at, timeZone)))}</p>`,
    left === ''
      ? ''
      : `<p class="note"><strong>${escaped(text.withheldTitle)}:</strong> ${escaped(`${left}. ${text.withheld}`)}</p>`,
    `</header><nav aria-label="${escaped(text.recordTitle)}"><ul>${links.join('')}</ul></nav><main>${parts.join('')}</main></body></html>`,
  ].join('\n');
}

function filesOf({ resource }: Line, files: ReadonlyMap<string, Uint8Array>): string {
  const shown = attachmentsIn(resource).flatMap((attachment) => fileElement(attachment, files) ?? []);
  return shown.length === 0 ? '' : `<tr><td colspan="6">${shown.join('<br>')}</td></tr>`;
}

/** Pictures are shown; everything else can only be saved, so that no browser interprets it in this page's place. */
const pictures: ReadonlySet<string> = new Set(['image/png', 'image/jpeg', 'image/gif', 'image/webp']);

function fileElement(attachment: Attachment, files: ReadonlyMap<string, Uint8Array>): string | undefined {
  const file = fileOf(attachment);
  const content = file === undefined ? undefined : files.get(file.root);
  const data = content === undefined ? attachment.data?.replace(/\s/g, '') : toBase64(content);
  const bytes = file?.size ?? (data === undefined ? attachment.size : Math.floor((data.length * 3) / 4));
  const name = escaped(attachment.title ?? file?.title ?? attachment.contentType ?? '');
  const named = `${name} (${sizeWords(bytes)})`;
  if (data === undefined) return file === undefined ? undefined : `${named}: ${escaped(text.fileElsewhere)}`;
  const type = attachment.contentType ?? '';
  if (pictures.has(type)) return `<img alt="${name}" src="data:${type};base64,${data}">`;
  const safe = type === 'application/pdf' ? type : 'application/octet-stream';
  return `<a download="${name}" href="data:${safe};base64,${data}">${escaped(text.open)}: ${named}</a>`;
}

function sizeWords(bytes: number | undefined): string {
  if (bytes === undefined) return '?';
  const units = ['byte', 'kilobyte', 'megabyte'] as const;
  const place = bytes < 1000 ? 0 : bytes < 1_000_000 ? 1 : 2;
  const unitDisplay = place === 0 ? 'long' : 'short';
  const format = {
    style: 'unit',
    unit: units[place],
    unitDisplay,
    maximumFractionDigits: place === 2 ? 1 : 0,
  } as const;
  return new Intl.NumberFormat('en-GB', format).format(bytes / 1000 ** place);
}
