import { EyeOff } from 'lucide-react';
import { SentenceWarning } from '#components/prescriptions/SignedSentence.tsx';
import { Facts } from '#components/ui/Facts.tsx';
import { formatDate, formatDateTime } from '#components/ui/format.ts';
import { Notice } from '#components/ui/Notice.tsx';
import { Panel } from '#components/ui/Panel.tsx';
import type { OpenedDisclosure } from '#crypto/commitment/disclosure.ts';
import { t } from '#messages/en.ts';
import { dosagesOf, fieldWords } from './fieldWords.ts';
import type { TokenOnChain, Verified } from './verifyDisclosure.ts';

const text = t.verify;
const at = (seconds: number) => new Date(seconds * 1000).toISOString();

/** What came of it: the verdict in words first, then what is shown, what stays closed, and what the chain says. */
export function VerdictPanel({ verified, now }: { verified: Verified; now: number }) {
  if (verified.outcome === 'absent')
    return (
      <Notice tone="danger" title={text.absent} live="alert">
        <p>{text.absentBody}</p>
      </Notice>
    );
  const { token } = verified;
  const over = overOf(token, now);
  const attested = token.version > 0;
  return (
    <div className="space-y-5">
      {verified.outcome === 'forged' || verified.outcome === 'unentitled' ? (
        <Notice tone="danger" title={text[verified.outcome]} live="alert">
          <p>{text[`${verified.outcome}Body`]}</p>
        </Notice>
      ) : (
        <Notice
          tone={over !== undefined ? 'warn' : verified.outcome === 'genuine' && attested ? 'ok' : 'info'}
          title={[verified.outcome === 'genuine' ? text.genuine : text.known, over].filter(Boolean).join('. ')}
          live="status"
        >
          <p>{verified.outcome === 'genuine' ? text.genuineBody : text.knownBody}</p>
        </Notice>
      )}
      {(verified.outcome === 'genuine' || verified.outcome === 'known') && !attested && (
        <Notice tone="warn" title={text.notAttested}>
          <p>{text.notAttestedBody}</p>
        </Notice>
      )}
      {verified.outcome === 'genuine' && (
        <Panel label={text.shown}>
          <h2 className="mb-3 font-bold">{text.shown}</h2>
          <Facts
            rows={verified.opened.shown.map(({ field, value }) => ({
              name: text.fields[field],
              value: fieldWords(field, value),
            }))}
          />
          {verified.opened.shown.some(({ field }) => field === 'prescriber') && (
            <p className="mt-4 text-sm text-ink-2">{text.prescriberSaid}</p>
          )}
          <Sentences shown={verified.opened.shown} />
          {verified.opened.hidden.length > 0 && (
            <div className="mt-4 flex gap-2.5 text-sm text-ink-2">
              <EyeOff size={18} aria-hidden className="mt-0.5 shrink-0" />
              <div>
                <p>
                  <span className="font-semibold">{text.hidden}:</span>{' '}
                  {verified.opened.hidden.map((field) => text.fields[field]).join(', ')}
                </p>
                <p className="mt-1 text-ink-3">{text.hiddenBody}</p>
              </div>
            </div>
          )}
        </Panel>
      )}
      <Panel label={text.checks}>
        <h2 className="mb-3 font-bold">{text.checks}</h2>
        <Facts rows={rowsOf(token)} />
      </Panel>
    </div>
  );
}

/**
 * Whether the words of the dose say what its structure says, which the commitment alone does not prove. A proof of today shows the
 * words alone: then it says who compares them.
 */
function Sentences({ shown }: { shown: OpenedDisclosure['shown'] }) {
  const value = shown.find(({ field }) => field === 'dosage')?.value;
  if (value === undefined || value === null) return null;
  const dosages = dosagesOf(value);
  return (
    <div className="mt-4 space-y-3 empty:hidden">
      {dosages === undefined ? (
        <p className="text-sm text-ink-2">{t.safety.sentence.unread}</p>
      ) : (
        dosages.map((each) => <SentenceWarning key={each.text} dosage={each} />)
      )}
    </div>
  );
}

function overOf({ state, expires }: TokenOnChain, now: number): string | undefined {
  if (state === 'dispensed' || state === 'cancelled') return text.ended[state];
  return expires * 1000 <= now ? text.expired : undefined;
}

function rowsOf(token: TokenOnChain) {
  const { licence, attestedBy, roleAtIssue, issuedInBlock } = token;
  const role =
    roleAtIssue === undefined || issuedInBlock === undefined
      ? text.roleRule
      : roleAtIssue
        ? text.roleYes(String(issuedInBlock))
        : text.roleNo;
  const attested =
    token.version === 0 || attestedBy?.length === 0
      ? text.attestedNone
      : attestedBy === undefined
        ? text.attestedUnknown
        : attestedBy.join(', ');
  const tokenId = token.tokenId.toString();
  return [
    {
      name: text.state,
      value: `${text.states[token.state]}${token.version > 0 ? `, ${text.version(token.version)}` : ''}`,
    },
    { name: text.attested, value: mono(attested) },
    { name: text.expires, value: formatDateTime(at(token.expires)) },
    { name: text.issuer, value: mono(token.issuer), copy: token.issuer },
    { name: text.role, value: role },
    { name: text.licence, value: text.licenceWhen(formatDate(at(licence.validFrom)), formatDate(at(licence.validTo))) },
    { name: text.licenceHash, value: mono(licence.hash), copy: licence.hash },
    { name: text.token, value: mono(tokenId), copy: tokenId },
  ];
}

const mono = (value: string) =>
  value.startsWith('0x') || /^\d+$/.test(value) ? (
    <span className="font-mono text-[0.8125rem] break-all">{value}</span>
  ) : (
    value
  );
