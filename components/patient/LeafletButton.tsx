'use client';

import { BookOpenText, CircleAlert } from 'lucide-react';
import { useState } from 'react';
import { Button } from '#components/ui/Button.tsx';
import { Dialog } from '#components/ui/Dialog.tsx';
import { codeOf, systems } from '#fhir/coding.ts';
import type { MedicationRequest } from '#fhir/medicationRequest.ts';
import { leafletOf } from '#formulary/leaflets/leaflets.ts';
import { findProduct } from '#formulary/products.ts';
import { t } from '#messages/en.ts';

const text = t.patient.medicines.leaflet;

/** What the medicine is and how to take it, in plain words; nothing where nobody has written it. */
export function LeafletButton({ request, name }: { request: MedicationRequest; name: string }) {
  const [open, setOpen] = useState(false);
  const product = findProduct(codeOf(request.medicationCodeableConcept, systems.product) ?? '');
  const leaflet = product && leafletOf(product.atc);
  if (!leaflet) return null;
  const { does, taking, common, tell, urgent } = leaflet;
  return (
    <>
      <Button size="lg" icon={BookOpenText} onClick={() => setOpen(true)}>
        {text.open}
      </Button>
      <Dialog
        open={open}
        onOpenChange={setOpen}
        title={name}
        description={does}
        closeLabel={t.shell.close}
        place="drawer"
      >
        <div className="space-y-5">
          <Part title={text.taking} lines={taking} />
          <Part title={text.common} lines={common} />
          <Part title={text.tell} lines={tell} />
          <div className="rounded-md border-l-[3px] border-danger bg-danger-soft p-3.5">
            <h3 className="flex items-center gap-2 font-bold text-danger">
              <CircleAlert size={18} aria-hidden /> {text.urgent}
            </h3>
            {urgent.map((line) => (
              <p key={line} className="mt-1">
                {line}
              </p>
            ))}
          </div>
          <p className="text-sm text-ink-2">{text.notAll}</p>
        </div>
      </Dialog>
    </>
  );
}

function Part({ title, lines }: { title: string; lines: readonly string[] }) {
  return (
    <section>
      <h3 className="font-bold">{title}</h3>
      <ul className="mt-1 list-disc space-y-1 pl-5">
        {lines.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
    </section>
  );
}
