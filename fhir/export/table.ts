import { records } from '#messages/en/records.ts';
import type { ChartEntry } from '../chart/entry.ts';
import { entryValue, rangeWords, spanWords } from '../chart/words.ts';
import type { Line, Section } from './section.ts';

/** Tables of a section as XHTML, for narratives and for the page. Everything that comes from a record is escaped. */

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
/** Also characters that XML does not have at all. */
export const escaped = (text: string): string =>
  text
    .replace(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '\uFFFD')
    .replace(/[&<>"']/g, (character) => entities[character] ?? '');

const { columns } = records.page;
interface Column {
  title: string;
  cell: (entry: ChartEntry, timeZone: string) => string;
}
const all: readonly Column[] = [
  { title: columns.what, cell: ({ x }) => x },
  { title: columns.when, cell: (entry, timeZone) => spanWords(entry, timeZone) },
  { title: columns.value, cell: entryValue },
  {
    title: columns.range,
    cell: ({ m, p }) =>
      [m, ...(p ?? [])]
        .flatMap((each) => (each ? [rangeWords(each)] : []))
        .filter((range) => range !== '')
        .join(' / '),
  },
  {
    title: columns.status,
    cell: ({ s, v, m }) => [s, v, m?.f === 'N' ? undefined : m?.f].filter((part) => part !== undefined).join(', '),
  },
  {
    title: columns.more,
    cell: ({ n, hi }) => [hi ? 'high risk' : undefined, n].filter((part) => part !== undefined).join(', '),
  },
];

/** A table of the columns that have anything in them. */
export function tableOf({ lines }: Section, timeZone: string, more: (line: Line) => string = () => ''): string {
  const used = all.filter(({ cell }) => lines.some(({ entry }) => cell(entry, timeZone) !== ''));
  const head = used.map(({ title }) => `<th>${escaped(title)}</th>`).join('');
  const rows = lines.map((line) => {
    const cells = used.map(({ cell }) => `<td>${escaped(cell(line.entry, timeZone))}</td>`).join('');
    return `<tr>${cells}</tr>${more(line)}`;
  });
  return `<table><thead><tr>${head}</tr></thead><tbody>${rows.join('')}</tbody></table>`;
}
