/** Cuts a sentence so that each of `phrases`, in its order, stands alone; a phrase that is not there is passed over. */
export function boldParts(sentence: string, phrases: string[]): { at: number; text: string; bold: boolean }[] {
  const parts: { at: number; text: string; bold: boolean }[] = [];
  let end = 0;
  for (const phrase of phrases) {
    const at = phrase === '' ? -1 : sentence.indexOf(phrase, end);
    if (at < 0) continue;
    if (at > end) parts.push({ at: end, text: sentence.slice(end, at), bold: false });
    parts.push({ at, text: phrase, bold: true });
    end = at + phrase.length;
  }
  if (end < sentence.length) parts.push({ at: end, text: sentence.slice(end), bold: false });
  return parts;
}
