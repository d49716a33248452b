import { t } from '#messages/en.ts';

const text = t.public.recover.losses;
const cases = ['phrase', 'browser', 'all'] as const;

/** What can be recovered and what cannot, by what the person still has; said before anything is tried. */
export function Losses() {
  return (
    <section aria-labelledby="losses" className="mb-6 rounded-lg bg-sunken p-4 text-sm">
      <h2 id="losses" className="mb-2 font-bold">
        {text.title}
      </h2>
      <dl className="space-y-2.5">
        {cases.map((known) => (
          <div key={known}>
            <dt className="font-semibold">{text[known].has}</dt>
            <dd className="text-ink-2">{text[known].means}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
