/** Cuts a text where one of its words begins with one of the query's words. */
export function splitMatches(text: string, query: string): { at: number; text: string; match: boolean }[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const lower = text.toLowerCase();
  const marks: [number, number][] = [];
  for (const word of words) {
    for (let at = lower.indexOf(word); at >= 0; at = lower.indexOf(word, at + 1)) {
      const startsWord = at === 0 || /[^\p{L}\p{N}]/u.test(lower[at - 1] ?? '');
      if (startsWord) marks.push([at, at + word.length]);
    }
  }
  marks.sort((a, b) => a[0] - b[0]);
  const parts: { at: number; text: string; match: boolean }[] = [];
  let end = 0;
  for (const [from, to] of marks) {
    if (to <= end) continue;
    const start = Math.max(from, end);
    if (start > end) parts.push({ at: end, text: text.slice(end, start), match: false });
    parts.push({ at: start, text: text.slice(start, to), match: true });
    end = to;
  }
  if (end < text.length) parts.push({ at: end, text: text.slice(end), match: false });
  return parts;
}
