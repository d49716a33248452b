import type { ConsentTerms } from '#chaincode/model/consent.ts';
import { previewOf } from '#fhir/consent/preview.ts';
import { t } from '#messages/en.ts';

/** What a grant opens, or a denial closes, in words before it is signed. */
export function Preview({
  terms,
  names,
  now,
}: {
  terms: ConsentTerms;
  names: Readonly<Record<string, string>>;
  now: Date;
}) {
  const { sentence, parts, consequences } = previewOf(terms, { names, now });
  return (
    <section aria-label={t.consents.preview} aria-live="polite" className="rounded-md bg-sunken p-4 text-sm">
      <p className="text-base font-bold">{sentence}</p>
      <ul className="mt-2 list-disc space-y-0.5 pl-5">
        {parts.map((part) => (
          <li key={part}>{part}</li>
        ))}
      </ul>
      <ul className="mt-2 space-y-1 text-ink-2">
        {consequences.map((sentence) => (
          <li key={sentence}>{sentence}</li>
        ))}
      </ul>
    </section>
  );
}
