import { contentOf, endsWithFnc1, readAi } from './applicationIdentifiers.ts';
import { Gs1Error } from './error.ts';

/** Values by application identifier, in the order in which they stand in a code. */
export type Elements = ReadonlyMap<string, string>;

/** What a scanner sends for FNC1 in the middle of a code: the group separator of ASCII. */
export const fnc1 = '\u001d';

/** Symbology identifiers of codes with GS1 data (ISO/IEC 15424): Code 128, DataMatrix, QR, DataBar, Dot Code. */
const symbologies = /^\](?:C1|d2|Q3|e0|J1)/;

/**
 * Reads a GS1 element string: as a scanner sends it, with or without the symbology identifier before it, or in brackets
 * as people read it, `(01)…(21)…`, where `\(` stands for a bracket that is part of a value.
 * @throws Gs1Error at the first wrong character
 */
export function parseElements(code: string): Elements {
  if (code.startsWith('(')) return parseBracketed(code);
  let at = symbologies.exec(code)?.[0].length ?? 0;
  // Some readers send the FNC1 that every such code begins with.
  if (code[at] === fnc1) at += 1;
  if (at === code.length) throw new Gs1Error('The code is empty.', at);
  const elements = new Map<string, string>();
  while (at < code.length) {
    const ai = readAi(code.slice(at), at);
    const start = at + ai.length;
    const { length } = contentOf(ai);
    const separator = code.indexOf(fnc1, start);
    const stop = separator < 0 ? code.length : separator;
    const end = typeof length === 'number' ? Math.min(start + length, stop) : stop;
    add(elements, ai, code.slice(start, end), at, start);
    // A separator is needless behind an element whose length is given, and is allowed.
    at = end === separator ? end + 1 : end;
  }
  return elements;
}

function parseBracketed(code: string): Elements {
  const elements = new Map<string, string>();
  let at = 0;
  while (at < code.length) {
    const ai = /^\((\d{2,4})\)/.exec(code.slice(at))?.[1];
    if (ai === undefined) throw new Gs1Error('An application identifier in brackets is due here.', at);
    if (readAi(ai, at + 1) !== ai)
      throw new Gs1Error(`(${ai}) is no application identifier that is known here.`, at + 1);
    const start = at + ai.length + 2;
    const [written = ''] = /^(?:[^(\\]|\\.)*/s.exec(code.slice(start)) ?? [];
    const bad = /\\(?!\()/.exec(written);
    if (bad !== null)
      throw new Gs1Error('A \\ stands before a bracket that is part of a value only.', start + bad.index);
    try {
      add(elements, ai, written.replaceAll('\\(', '('), at + 1, start);
    } catch (cause) {
      if (!(cause instanceof Gs1Error) || cause.position < start) throw cause;
      throw new Gs1Error(cause.message, start + writtenOffset(written, cause.position - start));
    }
    at = start + written.length;
  }
  return elements;
}

/** Where in the bracketed form the value's character `index` stands. */
function writtenOffset(written: string, index: number): number {
  let offset = 0;
  for (let left = index; left > 0 && offset < written.length; left--) offset += written[offset] === '\\' ? 2 : 1;
  return offset;
}

function add(elements: Map<string, string>, ai: string, value: string, at: number, start: number): void {
  if (elements.has(ai)) throw new Gs1Error(`(${ai}) stands twice.`, at);
  contentOf(ai).check(value, start);
  elements.set(ai, value);
}

/** @throws Gs1Error where a value does not fit its identifier */
function checkAll(elements: Elements): void {
  for (const [ai, value] of elements) contentOf(ai).check(value, 0);
}

/** As a scanner sends it, without a symbology identifier: FNC1 ends what has no length of its own, unless it is last. */
export function writeElements(elements: Elements, separator = fnc1): string {
  checkAll(elements);
  const last = [...elements.keys()].at(-1);
  return Array.from(elements, ([ai, value]) => `${ai}${value}${endsWithFnc1(ai) && ai !== last ? separator : ''}`).join(
    '',
  );
}

/** As people read it below a code: `(01)09506000134352(21)A1`. */
export function writeBracketed(elements: Elements): string {
  checkAll(elements);
  return Array.from(elements, ([ai, value]) => `(${ai})${value.replaceAll('(', '\\(')}`).join('');
}

/**
 * What `bwip-js` draws as `datamatrix` with `parsefnc: true`: `^` is in no GS1 text, so that nothing else can be taken for
 * FNC1. (Its `gs1datamatrix` takes brackets and has no way to write one that is part of a value.)
 */
export function writeForDrawing(elements: Elements): string {
  return `^FNC1${writeElements(elements, '^FNC1')}`;
}
