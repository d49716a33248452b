import { TextField } from '#components/ui/Field.tsx';
import { t } from '#messages/en.ts';
import { isInOrder, type LicenceTerms } from './licenceTerms.ts';

const text = t.registry.licence;

/** Number, specialty and days of a licence. */
export function LicenceFields({ terms, onChange }: { terms: LicenceTerms; onChange: (terms: LicenceTerms) => void }) {
  const set = (part: keyof LicenceTerms) => (event: { target: { value: string } }) =>
    onChange({ ...terms, [part]: event.target.value });
  const wrong = terms.from !== '' && terms.until !== '' && !isInOrder(terms);
  return (
    <fieldset className="grid gap-3 sm:grid-cols-2">
      <legend className="mb-2 text-sm font-bold">{text.title}</legend>
      <TextField label={text.number} required maxLength={64} mono value={terms.number} onChange={set('number')} />
      <TextField
        label={text.specialty}
        hint={text.specialtyHint}
        maxLength={100}
        value={terms.specialty}
        onChange={set('specialty')}
      />
      <TextField label={text.from} type="date" required value={terms.from} onChange={set('from')} />
      <TextField
        label={text.until}
        type="date"
        required
        value={terms.until}
        error={wrong ? text.order : null}
        onChange={set('until')}
      />
    </fieldset>
  );
}
