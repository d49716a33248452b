import { splitMatches } from './splitMatches.ts';

/** A text with the typed beginnings of its words marked: weight and underline, so that colour is not alone. */
export function Highlight({ text, query }: { text: string; query: string }) {
  const parts = splitMatches(text, query);
  return (
    <>
      {parts.map((part) =>
        part.match ? (
          <mark key={part.at} className="bg-transparent text-brand underline decoration-1 underline-offset-3">
            {part.text}
          </mark>
        ) : (
          <span key={part.at}>{part.text}</span>
        ),
      )}
    </>
  );
}
