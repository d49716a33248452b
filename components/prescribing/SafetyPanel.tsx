import { ShieldQuestion } from 'lucide-react';
import { Notice } from '#components/ui/Notice.tsx';
import { Panel, PanelHead } from '#components/ui/Panel.tsx';
import { t } from '#messages/en.ts';

const text = t.prescribing.safety;

/** Says plainly what is not checked, rather than showing a green tick. */
export function SafetyPanel() {
  return (
    <Panel>
      <PanelHead title={text.title} icon={ShieldQuestion} />
      <Notice tone="warn" title={text.notChecked}>
        <p>{text.body}</p>
      </Notice>
    </Panel>
  );
}
