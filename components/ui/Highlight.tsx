/** A text with parts marked, start inclusive and end exclusive: weight and underline, so that colour is not alone. */
export function Highlight({ text, ranges }: { text: string; ranges: readonly (readonly [number, number])[] }) {
  const parts: { at: number; text: string; marked: boolean }[] = [];
  let end = 0;
  for (const [from, to] of ranges) {
    if (from > end) parts.push({ at: end, text: text.slice(end, from), marked: false });
    parts.push({ at: from, text: text.slice(from, to), marked: true });
    end = to;
  }
  if (end < text.length) parts.push({ at: end, text: text.slice(end), marked: false });
  return parts.map((part) =>
    part.marked ? (
      <mark key={part.at} className="bg-transparent text-brand underline decoration-1 underline-offset-3">
        {part.text}
      </mark>
    ) : (
      <span key={part.at}>{part.text}</span>
    ),
  );
}
