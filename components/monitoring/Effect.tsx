import { t } from '#messages/en.ts';

/** What a signature changes, sentence by sentence, before it is made. */
export function Effect({ sentences }: { sentences: readonly string[] }) {
  return (
    <section
      aria-label={t.monitoringPages.seatDevice.preview}
      aria-live="polite"
      className="rounded-md bg-sunken p-4 text-sm"
    >
      <ul className="list-disc space-y-1 pl-5">
        {sentences.map((sentence) => (
          <li key={sentence}>{sentence}</li>
        ))}
      </ul>
    </section>
  );
}
