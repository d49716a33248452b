import { TextField } from '#components/ui/Field.tsx';
import { t } from '#messages/en.ts';

const text = t.verify;

/** The address that is asked; null for the portal's node, also while the reader's own is not written to its end. */
export const nodeOf = (own: string | null): string | null => (own !== null && isNode(own) ? own : null);

const isNode = (address: string) => URL.canParse(address) && new URL(address).protocol === 'https:';

/** Which Ethereum node is asked: the portal's, or one that the reader trusts more. */
export function NodeChoice({ own, onChange }: { own: string | null; onChange: (own: string | null) => void }) {
  return (
    <fieldset className="space-y-2">
      <legend className="mb-1.5 text-sm font-semibold text-ink-2">{text.node}</legend>
      <div className="flex flex-wrap gap-x-5 gap-y-2 text-sm">
        <label className="inline-flex items-center gap-2">
          <input type="radio" name="node" checked={own === null} onChange={() => onChange(null)} />
          {text.nodePortal}
        </label>
        <label className="inline-flex items-center gap-2">
          <input type="radio" name="node" checked={own !== null} onChange={() => onChange('')} />
          {text.nodeOwn}
        </label>
      </div>
      {own !== null && (
        <TextField
          label={text.nodeAddress}
          value={own}
          onChange={(event) => onChange(event.target.value)}
          error={own !== '' && !isNode(own) ? text.nodeWrong : null}
          placeholder="https://"
          inputMode="url"
          autoComplete="off"
          required
        />
      )}
      <p className="text-sm text-ink-3">{text.nodeHint}</p>
    </fieldset>
  );
}
