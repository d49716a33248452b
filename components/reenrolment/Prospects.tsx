import { t } from '#messages/en.ts';
import type { Role } from '#server/people/schema.ts';

const text = t.reenrolment;

/** What new keys bring back and what they do not, and how it goes on; read before anything is made. */
export function Prospects({ role }: { role: Role }) {
  const { back, gone } = role === 'patient' ? text.facts.patient : text.facts.staff;
  return (
    <div className="space-y-4">
      <Points title={text.back} points={back} />
      <Points title={text.gone} points={gone} />
      <Points title={text.course} points={text.steps} ordered />
    </div>
  );
}

function Points({ title, points, ordered = false }: { title: string; points: readonly string[]; ordered?: boolean }) {
  const List = ordered ? 'ol' : 'ul';
  return (
    <section>
      <h2 className="font-bold">{title}</h2>
      <List className={`mt-1 space-y-1 pl-5 text-ink-2 ${ordered ? 'list-decimal' : 'list-disc'}`}>
        {points.map((point) => (
          <li key={point}>{point}</li>
        ))}
      </List>
    </section>
  );
}
