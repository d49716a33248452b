import { t } from '#messages/en.ts';

const text = t.public.landing;
type Thread = keyof typeof text.threads;
const threads: { key: Thread; stroke: string; dot: string }[] = [
  { key: 'registry', stroke: 'bg-thread-1', dot: 'border-thread-1' },
  { key: 'care', stroke: 'bg-thread-2', dot: 'border-thread-2' },
  { key: 'storage', stroke: 'bg-thread-3', dot: 'border-thread-3' },
  { key: 'token', stroke: 'bg-thread-4', dot: 'border-thread-4' },
];
const rows: { name: string; knots: Partial<Record<Thread, string>> }[] = [
  { name: text.rows.doctor.name, knots: text.rows.doctor },
  { name: text.rows.patient.name, knots: text.rows.patient },
  { name: text.rows.pharmacist.name, knots: text.rows.pharmacist },
  { name: text.rows.regulator.name, knots: text.rows.regulator },
];

/** The mark, grown into a table: threads are ledgers, crossings are what each person's step writes or checks there. */
export function Weave() {
  return (
    <figure className="rounded-xl border border-line bg-surface p-4 sm:p-7">
      <figcaption className="mb-4 sm:mb-6">
        <p className="text-lg font-bold">{text.weaveTitle}</p>
        <p className="text-sm text-ink-2">{text.weaveCaption}</p>
      </figcaption>
      <table className="w-full table-fixed border-collapse text-left">
        <thead>
          <tr>
            <td className="w-[27%]" />
            {threads.map(({ key, stroke }) => (
              <th
                key={key}
                scope="col"
                className="relative h-9 px-1 text-center align-top text-xs font-bold sm:text-sm"
              >
                {text.threads[key]}
                <span
                  aria-hidden
                  className={`absolute bottom-0 left-1/2 h-2 w-[3px] -translate-x-1/2 rounded-t-full ${stroke}`}
                />
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.name}>
              <th
                scope="row"
                className="pt-[17px] pr-2 align-top text-xs leading-tight font-bold sm:text-sm sm:leading-tight"
              >
                {row.name}
              </th>
              {threads.map(({ key, stroke, dot }) => {
                const knot = row.knots[key];
                return (
                  <td key={key} className="relative h-[86px] p-0">
                    <span aria-hidden className={`absolute inset-y-0 left-1/2 w-[3px] -translate-x-1/2 ${stroke}`} />
                    <span aria-hidden className="absolute inset-x-0 top-[26px] h-[3px] bg-ink" />
                    {knot ? (
                      <>
                        <span
                          aria-hidden
                          className={`absolute top-[18px] left-1/2 size-[19px] -translate-x-1/2 rounded-full border-[5px] bg-surface ${dot}`}
                        />
                        <span className="absolute inset-x-0.5 top-[43px] mx-auto w-fit max-w-full rounded-sm bg-surface px-1 text-center text-[11px] leading-tight text-ink-2 sm:text-xs">
                          {knot}
                        </span>
                      </>
                    ) : (
                      // Passes under: the thread lies on top.
                      <span
                        aria-hidden
                        className={`absolute top-[20px] left-1/2 h-[15px] w-[3px] -translate-x-1/2 outline-2 outline-surface ${stroke}`}
                      />
                    )}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </figure>
  );
}
