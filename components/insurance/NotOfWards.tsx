import { KeyRound, ReceiptText } from 'lucide-react';
import { Notice } from '#components/ui/Notice.tsx';
import { Panel, PanelHead } from '#components/ui/Panel.tsx';
import { t } from '#messages/en.ts';

const text = t.insurance.ward;

/**
 * What somebody who acts for another can do about that person's insurance: a policy's keys follow from the insured person's own vault, which
 * no representation hands over, so that it is said what to do instead.
 */
export function NotOfWards({ name, enrolled }: { name: string; enrolled: boolean }) {
  return (
    <Panel labelledBy="ward-insurance">
      <PanelHead id="ward-insurance" icon={ReceiptText} title={text.title(name)} />
      <div className="max-w-prose space-y-4">
        <Notice tone="info" icon={KeyRound} title={text.notYours}>
          <p>{text.why}</p>
        </Notice>
        <p>{enrolled ? text.own(name) : text.none(name)}</p>
        <h3 className="font-bold">{text.instead}</h3>
        <ul className="list-disc space-y-1.5 pl-5">
          {(enrolled ? text.waysOwn : text.ways).map((way) => (
            <li key={way}>{way}</li>
          ))}
        </ul>
      </div>
    </Panel>
  );
}
