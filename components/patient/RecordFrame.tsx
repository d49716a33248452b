import { ArrowLeft, UsersRound } from 'lucide-react';
import type { ReactNode } from 'react';
import { Page } from '#components/shell/Page.tsx';
import { LinkButton } from '#components/ui/Button.tsx';
import { Notice } from '#components/ui/Notice.tsx';
import { t } from '#messages/en.ts';
import type { RepresentationView } from '#server/patients/schema.ts';
import type { RecordFacts } from '#server/records/schema.ts';
import { type RecordPageName, recordAddress, recordPageNames } from './recordAddress.ts';

const text = t.patient.acting;

/** A page about the own record or a ward's: whose it is stands above it, with the way to the others. */
export function RecordFrame({
  page,
  facts,
  represented,
  width,
  children,
}: {
  page: RecordPageName;
  facts: RecordFacts;
  /** Those for whom the reader acts or acted. */
  represented: readonly RepresentationView[];
  width?: 'full' | 'reading';
  children: ReactNode;
}) {
  const { pseudonym, name, reach } = facts;
  const titles = reach === 'representative' ? t.patient.titlesOther : t.patient.titles;
  const acting = represented.filter(isInForce);
  return (
    <Page title={titles[page]} {...(width && { width })}>
      <div className="space-y-5">
        {reach === 'representative' ? (
          <Notice
            tone="brand"
            icon={UsersRound}
            title={text.title(name)}
            actions={
              <>
                {recordPageNames
                  .filter((other) => other !== page)
                  .map((other) => (
                    <LinkButton key={other} size="sm" href={recordAddress(other, pseudonym)}>
                      {titles[other]}
                    </LinkButton>
                  ))}
                <LinkButton size="sm" icon={ArrowLeft} href={recordAddress(page)}>
                  {text.back}
                </LinkButton>
              </>
            }
          >
            <p>{text.body}</p>
          </Notice>
        ) : (
          acting.length > 0 && (
            <nav aria-label={text.others} className="flex flex-wrap items-center gap-2 text-sm text-ink-2">
              <UsersRound size={17} aria-hidden />
              <span>{text.others}</span>
              {acting.map(({ id, patient }) => (
                <LinkButton key={id} size="sm" href={recordAddress(page, patient.pseudonym)}>
                  {patient.name ?? patient.pseudonym}
                </LinkButton>
              ))}
            </nav>
          )
        )}
        {children}
      </div>
    </Page>
  );
}

/** As the page was rendered; the ledger decides at each step. */
function isInForce({ state, until }: RepresentationView): boolean {
  return state === 'active' && (until === undefined || Date.parse(until) > Date.now());
}
