'use client';

import { useSyncExternalStore } from 'react';
import { t } from '#messages/en.ts';

const text = t.prescriptions.patient;
const never = () => () => {};

/** A greeting by the reader's own clock. */
export function Greeting({ name }: { name: string }) {
  const hour = useSyncExternalStore(
    never,
    () => new Date().getHours(),
    () => null,
  );
  const words =
    hour === null
      ? text.hello(name)
      : hour < 12
        ? text.morning(name)
        : hour < 18
          ? text.afternoon(name)
          : text.evening(name);
  return <p className="text-2xl font-bold tracking-tight">{words}</p>;
}
